"""Answers of any kind: good ones from the documentation, changed at random, and plain nonsense."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from tests.contract.documented import CALLS, EXAMPLES, Call
from tests.contract.sampling import Sampler, Spelling

Headers = list[tuple[bytes, bytes]]


@dataclass
class DrawnAnswer:
    """An answer as it comes over the wire, its body in one or more pieces."""

    status: int
    headers: Headers
    pieces: list[bytes]

    def __str__(self) -> str:
        body = b"".join(self.pieces)
        shown = body if len(body) < 600 else body[:300] + b" ... " + body[-100:]
        return f"{self.status} {self.headers[:12]} {len(body):,} bytes in {len(self.pieces)}: {shown!r}"


SPELLINGS: tuple[Spelling, ...] = ("plain", "wire", "null")

_TEXTS: dict[str, list[str]] = {}


def good_bodies(call: Call) -> list[str]:
    """Return bodies that the documentation promises for a call."""
    if call.id not in _TEXTS:
        payload = call.result
        found = [Sampler(spelling=spelling).payload(payload) for spelling in SPELLINGS] if payload else [None]
        _TEXTS[call.id] = [json.dumps(body) if body is not None else "" for body in found]
    return _TEXTS[call.id]


EXAMPLE_TEXTS = [json.dumps(example["body"]) for example in EXAMPLES.values()]
ERROR_TEXTS = [json.dumps(Sampler(spelling=spelling).object("ApiError")) for spelling in SPELLINGS]

ODD_VALUES = (
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "-1e-400",
    "NaN",
    "-Infinity",
    "1" * 400,
    "9" * 5000,
    "0." + "3" * 400,
    "18446744073709551616",
    '""',
    '"\\ud800"',
    '"\\u0000\\u001f"',
    '"2026-99-99T99:99:99Z"',
    '"9999-12-31T23:59:59.999999+23:59"',
    '"' + "x" * 70_000 + '"',
    "[]",
    "{}",
    "[" * 2000 + "]" * 2000,
    '{"a":' * 2000 + "1" + "}" * 2000,
    "[[[[]]]]",
    '{"id":{"id":{"id":null}}}',
    "[" + ",".join(["1"] * 3000) + "]",
    "{" + ",".join(f'"k{number}":{number}' for number in range(2000)) + "}",
    "'single'",
    "\\",
    "\x00",
    '"a\tb"',
)


def changed(chance: Random, text: str, times: int) -> str:
    """Replace, remove, repeat or rename so many members anywhere in a JSON text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for _ in range(times):
        _change(chance, value)
    text = json.dumps(value)
    while ODD in text:
        text = text.replace(ODD, chance.choice(ODD_VALUES), 1)
    return text


ODD = '"@odd@"'


def _change(chance: Random, value: Any) -> None:
    places: list[tuple[Any, Any]] = []
    _collect(value, places)
    if not places:
        return
    holder, key = chance.choice(places)
    match chance.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder["unheard_of"] = holder.pop(key)
        case 2:
            holder[key] = [holder[key]] * 2
        case _:
            holder[key] = json.loads(ODD)


def _collect(value: Any, places: list[tuple[Any, Any]]) -> None:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        places.append((value, key))
        _collect(item, places)


def _flip(chance: Random, body: bytes) -> bytes:
    changed = bytearray(body or b"{}")
    for _ in range(chance.choice((1, 1, 3, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


BODY_CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flip,
    _cut,
    lambda _, body: codecs.BOM_UTF8 + body,
    lambda _, body: body.decode("utf-8", "replace").encode("utf-16"),
    lambda _, body: body.decode("utf-8", "replace").encode("utf-32"),
    lambda _, body: body + b'{"second":1}',
    lambda _, body: b" \r\n\t" * 20_000 + body,
    lambda _, body: body.replace(b'":', b'": "\xe4\xff", "x":', 1),
    lambda _, body: body.replace(b'"', b"\x01", 1),
    lambda _, body: b"[" + body + b"]",
    lambda _, body: b'{"data":' + body + b"}",
    lambda _, body: b")]}',\n" + body,
    lambda _, body: b"<html><body>" + body + b"</body></html>",
    lambda _, body: body[:1] + b'"id":1,"id":2,' + body[1:],
    lambda chance, _: chance.randbytes(chance.choice((1, 50, 5000))),
    lambda _, body: b"",
)


_gzip = partial(gzip.compress, mtime=0)


def _bomb(megabytes: int) -> bytes:
    """Return a gzip stream of zeros without the time to compress them; its checksum is wrong."""
    compress = zlib.compressobj(9, wbits=-15)
    block = compress.compress(bytes(1_000_000)) + compress.flush(zlib.Z_FULL_FLUSH)
    return _gzip(b"")[:10] + block * megabytes + compress.flush() + bytes(8)


BOMB = _bomb(300)

ENCODINGS: tuple[tuple[bytes, Callable[[Random, bytes], bytes]], ...] = (
    (b"gzip", lambda _, body: _gzip(body)),
    (b"GZIP", lambda _, body: _gzip(body)),
    (b"x-gzip", lambda _, body: _gzip(body)),
    (b"gzip", lambda _, body: body),
    (b"gzip", lambda _, body: _gzip(body)[:-5]),
    (b"gzip", lambda _, body: _gzip(body) + b"left over"),
    (b"gzip", lambda _, body: _gzip(body[:9]) + _gzip(body[9:])),
    (b"gzip", lambda _, body: BOMB),
    (b"gzip, gzip", lambda _, body: _gzip(BOMB)),
    (b"gzip", lambda chance, body: _flip(chance, _gzip(body))),
    (b"deflate", lambda _, body: zlib.compress(body)),
    (b"deflate", lambda _, body: zlib.compress(body)[2:-4]),
    (b"br", lambda _, body: body),
    (b"zstd, br, gzip", lambda _, body: body),
    (b"identity", lambda _, body: body),
    (b"", lambda _, body: body),
    (b"\xff nonsense; q=\x01", lambda _, body: body),
)

ODD_TEXTS = (
    b"",
    b"0",
    b"-1",
    b"1, 2",
    b"9" * 30,
    b"1e3",
    b"NaN",
    b"\xff\xfe",
    b"\x00",
    b"x" * 9000,
    b";,=\"'",
)
HEADER_NAMES = (
    b"X-Total-Count",
    b"X-Total-Pages",
    b"X-Current-Page",
    b"X-Count-Per-Page",
    b"X-Filter",
    b"X-Sort",
    b"Link",
    b"Location",
    b"Retry-After",
    b"Date",
    b"Content-Length",
    b"Transfer-Encoding",
    b"Set-Cookie",
    b"WWW-Authenticate",
    b"X-Unheard-Of",
)
ODD_HEADERS: Headers = [
    (b"Link", b'<https://x/?page=2>; rel="next last", <\xff>; Rel=next'),
    (b"Link", b"rel=next"),
    (b"Location", b"/api/v1/endpoint/"),
    (b"Location", b"https://[::1/api/v1/endpoint/7?x=1#y"),
    (b"Location", b"http://user:pass@\xc3\xa9/" + b"9" * 5000),
    (b"Retry-After", b"Fri, 31 Dec 9999 23:59:59 GMT"),
    (b"Retry-After", b"Thu, 99 Foo 2026 25:61:61 +9999"),
    (b"Retry-After", b"1.5"),
    (b"Date", b"Thu, 01 Jan 1970 00:00:00 GMT"),
    (b"Content-Type", b"application/json; charset=utf-16"),
    (b"Content-Type", b"application/json; charset=latin-1"),
    (b"Content-Type", b"text/html; charset=nonsense"),
    (b"Content-Type", b"multipart/form-data; boundary=\x00"),
]
SECRET = "a-secret-that-no-error-may-show"
ECHO = json.dumps({"error_code": 1, "message": f"bad token {SECRET}", "errors": [{"message": SECRET}]})


def _headers(chance: Random, call: Call) -> Headers:
    headers: Headers = [(b"Content-Type", b"application/json")]
    if call.paged:
        headers += [(b"X-Total-Count", b"2"), (b"X-Total-Pages", b"1"), (b"X-Current-Page", b"1")]
    if call.located:
        headers.append((b"Location", b"/api/v1/thing/4711"))
    while chance.random() < 0.4:
        headers.append(chance.choice(ODD_HEADERS))
    while chance.random() < 0.3:
        headers.append((chance.choice(HEADER_NAMES), chance.choice(ODD_TEXTS)))
    if chance.random() < 0.1:
        del headers[0]
    if chance.random() < 0.01:
        headers += [(b"X-Many", b"%d" % number) for number in range(2000)]
    return headers


def _text(chance: Random, call: Call, status: int) -> str:
    kind = chance.random()
    if status >= 400:
        return chance.choice((*ERROR_TEXTS, ECHO, "", "<html>nginx</html>", f"Bearer {SECRET}"))
    if kind < 0.75:
        return chance.choice(good_bodies(call))
    return chance.choice(EXAMPLE_TEXTS) if kind < 0.9 else chance.choice(ODD_VALUES)


STATUSES = (100, 101, 103, 199, 201, 202, 203, 204, 205, 206, 207, 300, 302, 304, 307, 399)
ERRORS = (400, 401, 402, 403, 404, 405, 409, 410, 415, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 599)


def draw_answer(chance: Random, call: Call) -> DrawnAnswer:
    """Return an answer to a call: near the right one, or far from it."""
    kind = chance.random()
    status = call.success
    if kind > 0.7:
        status = chance.choice(ERRORS if kind > 0.8 else (*STATUSES, 0, 999, chance.randrange(1000)))
    text = _text(chance, call, status)
    text = changed(chance, text, chance.choice((0, 1, 1, 2, 4)))
    body = text.encode("utf-8", "replace")
    while chance.random() < 0.3:
        body = chance.choice(BODY_CHANGES)(chance, body)
    headers = _headers(chance, call)
    if chance.random() < 0.2:
        name, encode = chance.choice(ENCODINGS)
        body = encode(chance, body)
        headers.append((b"Content-Encoding", name))
    size = chance.choice((1 << 20, 1 << 20, 4096, max(1, len(body) // 5)))
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return DrawnAnswer(status, headers, pieces)


AUTHENTICATE = CALLS["auth.authenticate"]


def draw_token_answer(chance: Random) -> DrawnAnswer:
    """Return an answer to an authentication: a token with odd claims, or anything else."""
    if chance.random() < 0.5:
        return draw_answer(chance, AUTHENTICATE)
    claims = changed(chance, '{"iat":1700000000,"exp":1700014400,"esc.org":7}', chance.choice((0, 1, 2)))
    parts = (b'{"alg":"HS256"}', claims.encode(), b"signature")
    token = ".".join(codecs.encode(part, "base64").decode().replace("\n", "").rstrip("=") for part in parts)
    text = json.dumps({"auth_token": chance.choice((token, token.replace(".", "", 1), "", "\n", "é", 7))})
    return DrawnAnswer(200, [(b"Content-Type", b"application/json")], [text.encode()])
