"""Bytes to models and models to bytes.

An answer is decoded straight into attrs classes by msgspec. Where that refuses, the answer
breaks the API's own schema, and the lenient reader takes over: nothing that came is lost.
A body is the other way round: it is ours, so it is checked to the last member before it is
sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from aioemnify._secret import hidden
from aioemnify.errors import ArgumentError, ArgumentTypeError, DecodeError
from aioemnify.operation import Body, Result
from aioemnify.transport.wire.fields import renamed

_logger = logging.getLogger("aioemnify.codec")

Resolve = Callable[[str], type[Any]]
"""Finds a class by its text, such as ``sims:Sim``."""

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading bytes as JSON can end in: no JSON, no UTF-8, or deeper than anything sensible."""

EXCERPT = 200
"""Characters of an unreadable body that an error may show."""


class Decoder(Protocol):
    """What reads bytes as one type."""

    def decode(self, content: bytes, /) -> Any:
        """Return what the bytes say."""
        ...


class Codec:
    """Decodes results and encodes bodies; decoders are built once, on first use.

    Args:
        resolve: finds the classes that operations name.
        strict: refuse an answer that breaks its schema, instead of keeping what does not fit as it came.
        intern: share equal parts of the items of a list, see ``interning``.
    """

    def __init__(self, resolve: Resolve, *, strict: bool = False, intern: bool = True) -> None:
        self.strict = strict
        self._intern = intern
        self._resolve = resolve
        self._decoders: dict[tuple[str, bool], tuple[Any, Decoder | None]] = {}
        self._told: set[str] = set()
        self._bodies: Any = None

    def decode(self, result: Result | None, content: bytes, operation: str) -> Any:
        """Return what a success carries: a model, a list of them, a mapping, or ``None``.

        Raises:
            DecodeError: the body is not JSON, or of another shape altogether; where the codec is
                strict also a member that is missing or of another type.
        """
        if result is None:
            return None
        if not content.strip():
            # An empty body is not an empty list: taking it for one would lose a page in silence.
            raise self._unreadable(content, operation, "it is empty")
        if result.model == "dict":
            return self.decode_json(content, operation)
        value = self._read(result, content, operation)
        if not result.either:
            return value
        if result.many:
            return value if isinstance(value, list) else [value]
        if not isinstance(value, list):
            return value
        if len(value) > 1:
            several = f"{len(value)} objects came where one was asked for; the first is taken"
            self._surprised(operation, [several])
        return value[0] if value else None

    def _read(self, result: Result, content: bytes, operation: str) -> Any:
        annotation, decoder = self._decoder(result, content)
        if decoder is not None:
            try:
                return decoder.decode(content)
            except msgspec.ValidationError as error:
                _logger.debug("%s: read member by member: %s", operation, error)
            except UNREADABLE as error:
                raise self._unreadable(content, operation, _words(error)) from None
        from aioemnify.transport.wire.lenient import LenientReader, WrittenNumber

        raw = self._raw(content, operation, msgspec.json.Decoder(float_hook=WrittenNumber))
        wanted = list if annotation is not None and _is_list(annotation) else dict
        if not isinstance(raw, wanted):
            raise self._unreadable(content, operation, f"expected a JSON {wanted.__name__}")
        reader = LenientReader()
        value = reader.read(raw, annotation)
        self._surprised(operation, [f"{surprise}; kept as it came" for surprise in sorted(reader.surprises)])
        return value

    def _surprised(self, operation: str, surprises: list[str]) -> None:
        if self.strict and surprises:
            told = "; ".join(surprise.removesuffix("; kept as it came") for surprise in surprises)
            raise DecodeError(f"{operation}: the answer breaks its schema: {told}", operation=operation)
        for surprise in surprises:
            self._tell(f"{operation} {surprise}", f"{operation}: {surprise}")

    def _decoder(self, result: Result, content: bytes) -> tuple[Any, Decoder | None]:
        as_list = content.lstrip()[:1] == b"[" if result.either else result.many
        key = (result.model, as_list)
        if key not in self._decoders:
            model = self._resolve(result.model)
            annotation: Any = list[model] if as_list else model  # type: ignore[valid-type]
            decoder = None if renamed(annotation) else _decoder(annotation, self._intern and as_list)
            self._decoders[key] = (annotation, decoder)
        return self._decoders[key]

    def _tell(self, once: str, text: str) -> None:
        # A fleet walk meets the same quirk on every page; one line tells it.
        if once not in self._told:
            self._told.add(once)
            _logger.warning("%s", text)

    @staticmethod
    def _unreadable(content: bytes, operation: str, problem: str) -> DecodeError:
        return DecodeError(
            f"{operation}: the answer cannot be read: {problem}",
            operation=operation,
            # JSON that breaks off may hold a token; only what is no JSON at all is shown.
            excerpt="" if content.lstrip()[:1] in (b"{", b"[", b'"') else excerpt_of(content),
        )

    def decode_json(self, content: bytes, operation: str) -> Any:
        """Return any JSON, or ``None`` for an empty body."""
        return self._raw(content, operation, _JSON) if content.strip() else None

    def _raw(self, content: bytes, operation: str, decoder: Decoder) -> Any:
        try:
            return decoder.decode(content)
        except UNREADABLE as error:
            raise self._unreadable(content, operation, _words(error)) from None

    def encode(self, body: Body, value: Any) -> bytes:
        """Check a body against its model and write it.

        Raises:
            ArgumentError: a missing or unknown member, or one of the wrong type; all of them are named.
        """
        if self._bodies is None:
            from aioemnify.transport.wire.request_body import BodyWriter

            self._bodies = BodyWriter()
        wire = self._bodies.write(self._resolve(body.model), value, many=body.many)
        return self._encoded(_BODY.encode, wire, "body")

    def encode_json(self, value: Any, argument: str) -> bytes:
        """Write any JSON value, and nothing that JSON only seems to have, such as NaN.

        Raises:
            ArgumentError: a value JSON does not have, or text that is no Unicode.
        """
        return self._encoded(_strict_json, value, argument)

    @staticmethod
    def _encoded(write: Callable[[Any], bytes], value: Any, argument: str) -> bytes:
        try:
            return write(value)
        except UnicodeEncodeError:
            # Its own words would show the text, which may be a secret.
            raise ArgumentError(
                argument, "holds text with half a surrogate pair, which is no Unicode"
            ) from None
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise ArgumentTypeError(argument, f"holds what JSON cannot say: {error}") from None


_JSON = msgspec.json.Decoder(float_hook=float)
"""Reads any JSON. ``float`` takes a number that is too large as infinite, where msgspec refuses it."""

# Money and volumes stay the numbers they are, to the last digit.
_BODY = msgspec.json.Encoder(decimal_format="number")


def _strict_json(value: Any) -> bytes:
    import json

    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def _decoder(annotation: Any, intern: bool) -> Decoder:
    if not intern:
        return msgspec.json.Decoder(annotation, strict=False)
    from aioemnify.transport.wire.interning import InterningDecoder

    return InterningDecoder(annotation)


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is list


def _words(error: Exception) -> str:
    # The words of a UnicodeDecodeError hold the bytes themselves; newer msgspec raises an error of its own.
    broken = isinstance(error, UnicodeDecodeError) or "Invalid UTF-8" in str(error)
    return "it is not UTF-8" if broken else str(error)


def excerpt_of(content: bytes) -> str:
    """Return the beginning of a body as printable text."""
    text = content[: EXCERPT * 4].decode("utf-8", "replace").strip()
    shown = hidden(
        "".join(reservation_id if reservation_id.isprintable() else " " for reservation_id in text)
    )
    return shown if len(shown) <= EXCERPT else shown[: EXCERPT - 1] + "…"
