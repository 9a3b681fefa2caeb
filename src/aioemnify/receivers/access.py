"""Decide what a request may contain, by what it proves about its sender.

An SMS callback is signed with a secret. A data stream is not signed, but its destination can be set to send
fixed headers. One application receives both, so a request may contain the kinds whose proof it has.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping

from attrs import field, frozen

from aioemnify._secret import Secret
from aioemnify.errors import (
    ArgumentError,
    ArgumentTypeError,
    InvalidSignatureError,
    MissingSignatureError,
    PushError,
)
from aioemnify.options import HEADER_NAME
from aioemnify.receivers.records import Kind
from aioemnify.receivers.signatures import (
    Headers,
    Secrets,
    checked_secrets,
    header_values,
    verified_claims,
)

FROM_STREAMS: frozenset[Kind] = frozenset({"event", "usage"})
FROM_CALLBACKS: frozenset[Kind] = frozenset({"sms", "sms_report"})


class StreamHeaders:
    """The headers that a data stream is set to send, by which it is known.

    Args:
        headers: name to value; several values while one replaces another. A request must have all names.

    Raises:
        ArgumentError: there is no header, or a name or a value is none that a header can have.
    """

    def __init__(self, headers: Mapping[str, Secrets]) -> None:
        if not isinstance(headers, Mapping):
            raise ArgumentTypeError("stream_headers", f"takes a mapping, not {type(headers).__name__}")
        if not headers:
            raise ArgumentError("stream_headers", "is empty; leave it out, or name a header and its value")
        self._accepted: dict[str, list[Secret]] = {}
        given: Iterable[tuple[object, Secrets]] = headers.items()
        for name, value in given:
            argument = f"stream_headers[{name!r}]"
            if not isinstance(name, str) or HEADER_NAME.fullmatch(name) is None:
                raise ArgumentError(argument, "is not the name of a header")
            for secret in checked_secrets(argument, value):
                text = secret.reveal().strip()
                # A server strips the blanks around a value: of blanks alone nothing is left to prove.
                if not text or not text.isprintable():
                    raise ArgumentError(argument, "has a value that no header can have")
                self._accepted.setdefault(name.lower(), []).append(Secret(text))

    def check(self, headers: Headers) -> None:
        """Check the headers of a request; the time taken does not depend on their values.

        Raises:
            MissingSignatureError: one is missing.
            InvalidSignatureError: one has another value, or occurs twice.
        """
        found = header_values(headers)
        missing = [name for name in self._accepted if name not in found]
        if missing:
            raise MissingSignatureError(f"the request has no header {missing[0]}, which the stream sends")
        wrong = [
            name
            for name, accepted in self._accepted.items()
            # Not any(), which stops at the first that matches.
            if not sum(hmac.compare_digest(found[name][0], one.reveal().encode()) for one in accepted)
            or len(found[name]) > 1
        ]
        if wrong:
            raise InvalidSignatureError(f"the header {wrong[0]} does not have the value of the stream")


@frozen
class Access:
    """What a request may contain.

    Args:
        stream: what proves a data stream; ``None`` if nothing has to.
        secrets: what proves an API callback; ``None`` if nothing has to.
        handled: the kinds that have a handler.
        now: returns seconds since 1970.
    """

    stream: StreamHeaders | None = field(repr=False)
    secrets: tuple[Secret, ...] | None = field(repr=False)
    handled: frozenset[Kind]
    now: Callable[[], float] = field(repr=False)

    @property
    def unsigned(self) -> frozenset[Kind]:
        """The handled kinds that anybody may send."""
        signed = self._signed
        return self.handled - signed - ({"unknown"} if signed else set())

    @property
    def _signed(self) -> frozenset[Kind]:
        streams = FROM_STREAMS if self.stream is not None else frozenset()
        return streams | (FROM_CALLBACKS if self.secrets is not None else frozenset())

    def refusals(self, headers: Headers) -> Mapping[Kind, PushError]:
        """Return why a request may not contain records of some kinds.

        Raises:
            MissingSignatureError: it may contain nothing that is handled, and has no proof of its sender.
            InvalidSignatureError: it may contain nothing that is handled, and its proof is wrong.
        """
        found: dict[Kind, PushError] = {}
        if self.secrets is not None:
            try:
                verified_claims(headers, self.secrets, now=self.now(), leeway=0.0)
            except PushError as error:
                found |= dict.fromkeys(FROM_CALLBACKS, error)
        if self.stream is not None:
            try:
                self.stream.check(headers)
            except PushError as error:
                found |= dict.fromkeys(FROM_STREAMS, error)
        asked = (self.handled - {"unknown"}) or self._signed
        if asked and asked <= found.keys():
            reasons = [found[kind] for kind in sorted(asked)]
            text = "; ".join(dict.fromkeys(map(str, reasons)))
            wrong = any(isinstance(one, InvalidSignatureError) for one in reasons)
            raise InvalidSignatureError(text) if wrong else MissingSignatureError(text)
        return found
