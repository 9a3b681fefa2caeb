"""A server that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import anyio
import httpx
import jwt

from aioemnify import Emnify, LoopClock

EPOCH = 1_700_000_000.0
KEY = "a-key-that-is-long-enough-for-hs256"
Answer = httpx.Response | Exception | Callable[[httpx.Request], Awaitable[httpx.Response]]


class ScriptedApi:
    """Authenticates everybody; hands out ``answers`` in turn, then repeats the last one."""

    def __init__(self, answers: Iterable[Answer] = (), *, lifetime: float = 14400.0) -> None:
        self.answers = list(answers)
        self.logins: list[dict[str, Any]] = []
        self.login_answers: list[Answer] = []
        self.requests: list[httpx.Request] = []
        self.lifetime = lifetime
        self.login_delay = 0.1
        self.clock = LoopClock(EPOCH)

    def client(self, token: str | None = "an-application-token", **options: Any) -> Emnify:
        """Return a client in virtual time, without jitter, that talks to this server."""
        options.setdefault("clock", self.clock)
        options.setdefault("chance", lambda: 1.0)
        return Emnify(token, transport=httpx.MockTransport(self.handle), **options)

    def token(self) -> str:
        now = int(self.clock.wall())
        claims = {"iat": now, "exp": now + self.lifetime, "esc.org": 7, "jti": str(len(self.logins))}
        return jwt.encode(claims, KEY)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/authenticate":
            return await self._log_in(request)
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await _give(answer, request)

    async def _log_in(self, request: httpx.Request) -> httpx.Response:
        self.logins.append(httpx.Response(200, content=request.content).json())
        await anyio.sleep(self.login_delay)
        if self.login_answers:
            return await _give(self.login_answers.pop(0), request)
        return httpx.Response(200, json={"auth_token": self.token()})


async def _give(answer: Answer, request: httpx.Request) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    if isinstance(answer, httpx.Response):
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
    return await answer(request)


SIM = {"id": 1, "iccid": "8988303000000000901", "status": {"id": 1, "description": "Activated"}}


def sim() -> httpx.Response:
    """Return an answer that holds one SIM."""
    return httpx.Response(200, json=SIM)
