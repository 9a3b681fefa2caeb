"""What a handler gets and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from attrs import field, frozen

from aioemnify.operation import Operation
from aioemnify.simulator.answers.listing import quoted
from aioemnify.simulator.platform.errors import bad_request, not_found
from aioemnify.simulator.platform.tokens import Principal, TokenIssuer
from aioemnify.simulator.state.records.users import User
from aioemnify.simulator.state.world import Organisation, World

FoundT = TypeVar("FoundT")
_ID = re.compile(r"-?[0-9]{1,30}")


@frozen(kw_only=True)
class Reply:
    """An answer. ``body`` is what becomes JSON; None sends no body."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(factory=dict)


NO_CONTENT = Reply(status=204)


@frozen(kw_only=True)
class Call:
    """One request that got through limits, authentication and validation.

    Attributes:
        world: the state.
        token_issuer: issues and reads tokens.
        operation: what is called.
        principal: who calls; None where no token is needed.
        args: path parameters as text.
        params: query parameters, the last of each name.
        body: the decoded JSON body, None without one.
        origin: scheme and authority the caller used, for absolute URLs.
        path: the concrete path.
        address: where the call came from.
    """

    world: World
    token_issuer: TokenIssuer
    operation: Operation
    principal: Principal | None
    args: Mapping[str, str]
    params: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)
    origin: str
    path: str
    address: str

    @property
    def now(self) -> float:
        """Return the calendar time of the call, in seconds since 1970."""
        return self.world.clock.wall()

    @property
    def organisation(self) -> Organisation:
        """Return the caller's tenant."""
        assert self.principal is not None
        return self.world.organisations[self.principal.organisation]

    @property
    def user(self) -> User | None:
        """Return the calling user, None for an application."""
        if self.principal is None or self.principal.user is None:
            return None
        return self.world.user(self.principal.user)

    @property
    def supporting(self) -> bool:
        """Say whether somebody else acts as the calling user, which reaches no further than the tenant."""
        return self.principal is not None and self.principal.role is not None

    def number(self, name: str, resource: str) -> int:
        """Return a path parameter as an id.

        Raises:
            Problem: it is no number; 404 or 400, as the settings say.
        """
        text = self.args[name]
        if _ID.fullmatch(text):
            return int(text)
        if self.world.settings.malformed_id_status == 400:
            raise bad_request(f'Cannot parse parameter id as Long: For input string: "{text}"')
        raise not_found(resource, text)

    def find(self, name: str, resource: str, known: Mapping[int, FoundT]) -> FoundT:
        """Return what a path parameter names.

        Raises:
            Problem: 404, there is nothing with this id.
        """
        identity = self.number(name, resource)
        if identity not in known:
            raise not_found(resource, identity)
        return known[identity]

    def created(self, path: str, body: Any = None, status: int = 201) -> Reply:
        """Return the answer to a creation: where the new object is, and the object if the API sends it."""
        path = quoted(path)
        location = path if self.world.settings.relative_location else f"{self.origin}{path}"
        return Reply(status=status, body=body, headers={"Location": location})

    def record(self, kind: int, description: str, **members: Any) -> None:
        """Write an event of the caller's tenant; calls of users carry the user."""
        user = self.user
        if user is not None:
            members["user"] = user.ref
        self.world.record(self.organisation, kind, description, **members)


Handler = Callable[[Call], Reply]
