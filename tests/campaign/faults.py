"""The kinds of fault that the server of the campaign knows: what it sends in place of a plain answer.

A fault is a function from the right answer to the steps that the server takes. Nothing here looks at the
library.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Step(Enum):
    """What the server does beside sending bytes."""

    CLOSE = auto()
    """Close the connection in the usual way."""
    RESET = auto()
    """Close it with an RST, which throws away what is on the way."""
    STALL = auto()
    """Send nothing until the client closes the connection."""
    PAUSE = auto()
    """Wait a moment, so that the client receives the bytes so far by themselves."""
    REVOKE = auto()
    """Refuse the tokens given so far from now on."""
    REFUSE = auto()
    """Accept no connection for a moment."""


@dataclass(frozen=True)
class Answer:
    """An answer of the API."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] | None = None

    def head(self, *more: str, length: int | None = None, first: str | None = None) -> bytes:
        """Return status line and headers. ``more`` are further header lines."""
        lines = [first or f"HTTP/1.1 {self.status} {'OK' if self.status < 300 else 'Error'}"]
        lines += [f"{name}: {value}" for name, value in (self.headers or {}).items()]
        lines += more
        if length is None and not any(line.lower().startswith("transfer-encoding") for line in more):
            length = len(self.body)
        if length is not None and length >= 0 and self.status != 204:
            lines.append(f"Content-Length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def whole(self, *more: str) -> bytes:
        """Return the answer as it should be."""
        return self.head(*more) + self.body


Steps = Iterator[bytes | Step]


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    ``applied`` says whether the server carries out the request. ``lies`` marks answers from which no
    client can tell that they are wrong, so that what a call returns after one proves nothing.
    """

    steps: Callable[[Answer], Steps]
    applied: bool = True
    lies: bool = False


HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
JSON_TYPE = {"Content-Type": "application/json"}
HTML_TYPE = {"Content-Type": "text/html; charset=utf-8"}
FORGED = Answer(200, b'{"id":666,"iccid":"8988303000000000666","name":"forged"}', JSON_TYPE).whole()


def parts(*steps: bytes | Step) -> Callable[[Answer], Steps]:
    """Return a fault that does not depend on the right answer."""

    def take(answer: Answer) -> Steps:
        yield from steps

    return take


def instead(status: int, body: bytes = HTML, **headers: str) -> Fault:
    """Return a fault that answers in place of the API; the request is not carried out."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = JSON_TYPE if body[:1] in (b"{", b"[") else HTML_TYPE
    return Fault(parts(Answer(status, body, kind | named).whole()), applied=False)


def cut_headers(end: Step) -> Callable[[Answer], Steps]:
    def take(answer: Answer) -> Steps:
        head = answer.head()
        yield head[: len(head) // 2]
        yield end

    return take


def cut_body(end: Step) -> Callable[[Answer], Steps]:
    """Stop in the middle of the body; an empty one is announced as longer."""

    def take(answer: Answer) -> Steps:
        yield answer.head(length=max(len(answer.body), 9)) + answer.body[: len(answer.body) // 2]
        yield Step.PAUSE
        yield end

    return take


def slowly(answer: Answer) -> Steps:
    whole = answer.whole()
    size = max(1, len(whole) // 8)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
        yield Step.PAUSE


def announced(size: Callable[[int], int], *end: Step) -> Callable[[Answer], Steps]:
    """Return a fault that announces another size than the body has."""

    def take(answer: Answer) -> Steps:
        wrong = size(len(answer.body))
        yield answer.head(length=max(0, wrong)) + answer.body
        yield from end

    return take


def with_lines(*lines: str) -> Callable[[Answer], Steps]:
    """Return a fault that adds header lines to the right answer."""

    def take(answer: Answer) -> Steps:
        yield answer.whole(*lines)

    return take


def followed_by(extra: bytes, *more: bytes | Step) -> Callable[[Answer], Steps]:
    """Return a fault that sends something after the right answer, ``extra`` in the same moment."""

    def take(answer: Answer) -> Steps:
        yield answer.whole() + extra
        yield from more

    return take


def preceded_by(*more: bytes) -> Callable[[Answer], Steps]:
    """Return a fault that sends something before the right answer."""

    def take(answer: Answer) -> Steps:
        yield from more
        yield answer.whole()

    return take


def twice(answer: Answer) -> Steps:
    yield answer.whole() * 2


def recoded(encode: Callable[[bytes], bytes], *lines: str) -> Callable[[Answer], Steps]:
    """Return a fault that sends another body with the headers of the right answer."""

    def take(answer: Answer) -> Steps:
        yield Answer(answer.status, encode(answer.body), answer.headers).whole(*lines)

    return take


def chunks(body: bytes, *, last: bytes = b"0\r\n\r\n") -> bytes:
    half = len(body) // 2
    sent = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:half], body[half:]) if piece)
    return sent + last


def chunked(*lines: str, last: bytes, end: Step | None = None) -> Callable[[Answer], Steps]:
    def take(answer: Answer) -> Steps:
        if answer.status == 204:  # such an answer has no body, chunked or not
            yield answer.whole()
            return
        yield answer.head("Transfer-Encoding: chunked", *lines) + chunks(answer.body, last=last)
        if end is not None:
            yield end

    return take


def until_close(answer: Answer) -> Steps:
    yield answer.head("Connection: close", length=-1, first=f"HTTP/1.0 {answer.status} OK") + answer.body
    yield Step.CLOSE


def with_first_line(line: str, *end: Step) -> Callable[[Answer], Steps]:
    def take(answer: Answer) -> Steps:
        yield answer.head(first=line) + answer.body
        yield from end

    return take


def bomb(_: bytes) -> bytes:
    return BOMB


BOMB = gzip.compress(bytes(8_000_000), 9)
INFO = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
ERROR_BODY = b'{"error_code":1000001,"error_token":"InternalError","message":"it failed"}'

FAULTS: dict[str, Fault] = {
    "closed unread": Fault(parts(Step.CLOSE), applied=False),
    "reset unread": Fault(parts(Step.RESET), applied=False),
    "closed when applied": Fault(parts(Step.CLOSE)),
    "reset when applied": Fault(parts(Step.RESET)),
    "silent": Fault(parts(Step.STALL), applied=False),
    "silent when applied": Fault(parts(Step.STALL)),
    "closed in the headers": Fault(cut_headers(Step.CLOSE)),
    "reset in the headers": Fault(cut_headers(Step.RESET)),
    "stalled in the headers": Fault(cut_headers(Step.STALL)),
    "closed in the body": Fault(cut_body(Step.CLOSE)),
    "reset in the body": Fault(cut_body(Step.RESET)),
    "stalled in the body": Fault(cut_body(Step.STALL)),
    "slow": Fault(slowly),
    "429": instead(429, b"{}"),
    "429 for a moment": instead(429, b"{}", Retry_After="4"),
    "429 for ages": instead(429, b"{}", Retry_After="99999999999999999"),
    "429 until a date": instead(429, b"{}", Retry_After="Fri, 31 Dec 2100 23:59:59 GMT"),
    "429 with a garbage wait": instead(429, HTML, Retry_After="-1, soon"),
    "401": Fault(parts(Step.REVOKE, Answer(401, ERROR_BODY, JSON_TYPE).whole()), applied=False),
    "403": instead(403, ERROR_BODY),
    "404": instead(404, b""),
    "418": instead(418),
    "500": instead(500),
    "500 when applied": Fault(parts(Answer(500, HTML, HTML_TYPE).whole())),
    "502": instead(502),
    "503": instead(503),
    "503 for a moment": instead(503, ERROR_BODY, Retry_After="0"),
    "503 for ages": instead(503, HTML, Retry_After="86400"),
    "504 when applied": Fault(parts(Answer(504, HTML, HTML_TYPE).whole())),
    "599": instead(599, b"\xff\xfe\x00"),
    "redirect": instead(302, b"", Location="http://127.0.0.1:9/elsewhere"),
    "304": instead(304, b""),
    "length too short": Fault(announced(lambda size: size // 2)),
    "length too long": Fault(announced(lambda size: size + 9, Step.CLOSE)),
    "length too long, stalled": Fault(announced(lambda size: size + 9, Step.STALL)),
    "two lengths": Fault(with_lines("Content-Length: 3")),
    "length not a number": Fault(with_lines("Content-Length: many")),
    "garbage": Fault(parts(b"\x16\x03\x01\x02\x00\x01 what?\r\n\r\n", Step.CLOSE)),
    "garbage status": Fault(with_first_line("HTTP/1.1 OK 200", Step.CLOSE)),
    "status of four digits": Fault(with_first_line("HTTP/1.1 2000 OK", Step.CLOSE)),
    "HTTP/0.9": Fault(parts(b'{"id":1}', Step.CLOSE)),
    "HTTP/1.0": Fault(until_close),
    "announced close": Fault(with_lines("Connection: close")),
    "bytes left over": Fault(followed_by(FORGED)),
    "bytes left over later": Fault(followed_by(b"", Step.PAUSE, FORGED)),
    "garbage left over": Fault(followed_by(b"\r\n\r\n\0garbage")),
    "answered twice": Fault(twice),
    "closed while idle": Fault(followed_by(b"", Step.PAUSE, Step.CLOSE)),
    "closed after the answer": Fault(followed_by(b"", Step.CLOSE)),
    "reset while idle": Fault(followed_by(b"", Step.PAUSE, Step.RESET)),
    "chunked": Fault(chunked(last=b"0\r\nX-Late: yes\r\n\r\n")),
    "chunked with a length": Fault(chunked("Content-Length: 2", last=b"0\r\n\r\n", end=Step.CLOSE)),
    "chunk size broken": Fault(chunked(last=b"xyz\r\n", end=Step.CLOSE)),
    "chunks cut": Fault(chunked(last=b"", end=Step.CLOSE)),
    "gzip": Fault(recoded(gzip.compress, "Content-Encoding: gzip")),
    "gzip broken": Fault(recoded(lambda body: b"\x1f\x8b\x08\0" + body, "Content-Encoding: gzip")),
    "gzip cut": Fault(recoded(lambda body: gzip.compress(body)[:-9], "Content-Encoding: gzip")),
    "gzip bomb": Fault(recoded(bomb, "Content-Encoding: gzip")),
    "gzip twice": Fault(
        recoded(lambda body: gzip.compress(gzip.compress(body)), "Content-Encoding: gzip, gzip")
    ),
    "unknown encoding": Fault(recoded(lambda body: b"?" + body, "Content-Encoding: zstd, br")),
    "JSON cut": Fault(recoded(lambda body: body[: len(body) // 2])),
    "another shape": Fault(recoded(lambda _: b'[[],{"unheard":{"of":1}},7]'), lies=True),
    "null": Fault(recoded(lambda _: b"null"), lies=True),
    "empty": Fault(recoded(lambda _: b""), lies=True),
    "an error in a 200": Fault(parts(Answer(200, ERROR_BODY, JSON_TYPE).whole()), applied=False),
    "HTML in a 200": Fault(parts(Answer(200, HTML, HTML_TYPE).whole()), applied=False),
    "204 with a body": Fault(
        parts(b"HTTP/1.1 204 No Content\r\nContent-Length: %d\r\n\r\n%s" % (len(FORGED), FORGED)), lies=True
    ),
    "100 Continue": Fault(preceded_by(CONTINUE)),
    "103 Early Hints": Fault(preceded_by(INFO)),
    "200 Early Hints": Fault(preceded_by(INFO * 200)),
    "huge header": Fault(with_lines("X-Huge: " + "x" * 300_000)),
    "1000 headers": Fault(with_lines(*(f"X-Many-{number}: {number}" for number in range(1000)))),
    "odd headers": Fault(with_lines("X-Odd: \xff\xfe", "x-odd: b", "Set-Cookie: a=b", ": nameless")),
}
"""Faults of one request."""

CROSSING = "bytes left over later"
"""A fault whose bytes may meet the next request on its way. No client can tell them from the answer to it,
or that answer from the one to the request after it: a 429 that is another's makes it send a create again."""

CONNECTION_FAULTS: dict[str, tuple[Step, ...]] = {
    "refused": (Step.REFUSE, Step.RESET),
    "closed at once": (Step.CLOSE,),
    "reset at once": (Step.RESET,),
    "silent at once": (Step.STALL,),
}
"""Faults of a connection, before its first request is read."""

WITHOUT_WAIT = frozenset({"429", "429 with a garbage wait"})
"""Faults after which the client waits as long as it finds right: up to 5 s for an authentication."""
