"""Decode responses into models and encode models into request bodies.

msgspec decodes a response directly into attrs classes. If it refuses, the response does not match the
API's own schema, and the lenient reader decodes it again without losing data. A request body is checked
completely before it is sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from aioemnify._secret import Concealer, Secret
from aioemnify.errors import ArgumentError, ArgumentTypeError, DecodeError
from aioemnify.operation import Body, Result
from aioemnify.serialization.fields import is_list, model_fields
from aioemnify.transport.wire.compiled import Compiled, Decoder, Resolve

_logger = logging.getLogger("aioemnify.codec")

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Errors of decoding JSON: it is not JSON, it is not UTF-8, or it is nested too deeply."""

# No count or id has more digits. Python refuses to read very long numbers.
DIGITS = re.compile(r"[0-9]{1,18}")

EXCERPT = 200
"""Characters of an undecodable body that an error may show."""


MAX_EXCERPT_BYTES = 20_000
"""Bytes of a body that are searched for secrets before it is cut to ``EXCERPT``."""


class Codec:
    """Decodes results and encodes bodies.

    Args:
        models: the decoders and the writer of bodies; or a function that finds the classes that operations
            name, for some of its own.
        strict: refuse a response that does not match its schema, instead of keeping the values as they are.
        intern: share equal parts of the items of a list, see ``interning``.
    """

    def __init__(self, models: Compiled | Resolve, *, strict: bool = False, intern: bool = True) -> None:
        self.strict = strict
        self._compiled = models if isinstance(models, Compiled) else Compiled(models, intern=intern)
        self._logged: set[str] = set()

    def decode(self, result: Result | None, content: bytes, operation: str) -> Any:
        """Return the result of a success: a model, a list of them, a mapping, or ``None``.

        Raises:
            DecodeError: the body is not JSON or is of another shape; if the codec is strict, also if a
                member is missing or has another type.
        """
        if result is None:
            return None
        if not content.strip():
            # Not an empty list: that would silently lose a page.
            raise self._undecodable(content, operation, "it is empty")
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
            self.report(operation, [f"{len(value)} objects instead of one"], "; the first is used")
        return value[0] if value else None

    def _read(self, result: Result, content: bytes, operation: str) -> Any:
        as_list = content.lstrip()[:1] == b"[" if result.either else result.many
        annotation, decoder = self._compiled.decoders[result.model, as_list]
        if decoder is not None:
            try:
                return self._parse(decoder, content, operation)
            except msgspec.ValidationError as error:
                _logger.debug("%s: decoded by the lenient reader: %s", operation, error)
        from aioemnify.transport.wire.lenient import LenientReader, WrittenNumber

        raw = self._parse_any(msgspec.json.Decoder(float_hook=WrittenNumber), content, operation)
        wanted = list if is_list(annotation) else dict
        if not isinstance(raw, wanted):
            raise self._undecodable(content, operation, f"expected a JSON {wanted.__name__}")
        if isinstance(raw, dict) and (missing := _missing_identity(raw, annotation)):
            raise self._undecodable(content, operation, f"{annotation.__name__}.{missing} is missing")
        reader = LenientReader()
        value = reader.read(raw, annotation)
        self.report(operation, sorted(reader.mismatches), "; kept as it is")
        return value

    def report(self, operation: str, mismatches: list[str], consequence: str) -> None:
        """Refuse a response that does not match its schema, or log each mismatch once."""
        if self.strict and mismatches:
            text = f"{operation}: the response does not match its schema: {'; '.join(mismatches)}"
            raise DecodeError(text, operation=operation)
        for mismatch in mismatches:
            self.warn_once(f"{operation}: {mismatch}{consequence}")

    def warn_once(self, text: str, detail: str = "") -> None:
        """Log a warning unless the same text was logged before: each page of a list has the same mismatch."""
        # A raw call of an unknown path is an operation of its own, and there is no end of them.
        if text not in self._logged and len(self._logged) < MOST_WARNINGS:
            self._logged.add(text)
            _logger.warning("%s%s", text, detail)

    @staticmethod
    def _undecodable(content: bytes, operation: str, problem: str) -> DecodeError:
        return DecodeError(
            f"{operation}: the response cannot be decoded: {problem}",
            operation=operation,
            # Incomplete JSON may contain a token, so only what is not JSON at all is shown.
            excerpt="" if content.lstrip()[:1] in (b"{", b"[", b'"') else excerpt_of(content),
        )

    def decode_json(self, content: bytes, operation: str) -> Any:
        """Return the value of any JSON, or ``None`` for an empty body."""
        return self._parse_any(ANY_JSON, content, operation) if content.strip() else None

    def _parse_any(self, decoder: Decoder, content: bytes, operation: str) -> Any:
        """Decode JSON of any shape. Python has no whole number of thousands of digits."""
        try:
            return self._parse(decoder, content, operation)
        except msgspec.ValidationError as error:
            problem = str(error)
        raise self._undecodable(content, operation, problem)

    def _parse(self, decoder: Decoder, content: bytes, operation: str) -> Any:
        """Decode JSON; if only its texts are broken, repair them and log that once.

        Raises:
            msgspec.ValidationError: a value does not fit the decoder's type.
            DecodeError: it is not JSON.
        """
        try:
            return decoder.decode(content)
        except msgspec.ValidationError:
            raise
        except UNREADABLE as error:
            problem = _problem(error)
        # Here no exception is handled any more: its context would keep the whole body.
        value = decode_repaired(decoder, content)
        if value is UNSET:
            raise self._undecodable(content, operation, problem)
        self.report(operation, ["the texts are not valid JSON"], "; what cannot be read is replaced")
        return value

    def encode(self, body: Body, value: Any) -> bytes:
        """Check a body against its model and encode it.

        Raises:
            ArgumentError: members are missing, unknown or of the wrong type; the message names all of them.
        """
        wire = self._compiled.bodies.write(self._compiled.resolve(body.model), value, many=body.many)
        return self._encoded(_BODY.encode, wire, "body")

    def encode_json(self, value: Any, argument: str) -> bytes:
        """Encode any JSON value.

        Raises:
            ArgumentError: JSON does not have the value, such as NaN, or a text is not valid Unicode.
        """
        return self._encoded(_strict_json, value, argument)

    @staticmethod
    def _encoded(write: Callable[[Any], bytes], value: Any, argument: str) -> bytes:
        try:
            return write(value)
        except UnicodeEncodeError:
            # The original message would show the text, which may be a secret.
            raise ArgumentError(
                argument, "contains half a surrogate pair, which is not valid Unicode"
            ) from None
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise ArgumentTypeError(argument, f"contains a value that JSON does not have: {error}") from None


MOST_WARNINGS = 1000
"""Warnings of one client about responses. There are not so many kinds of mistake."""

ANY_JSON = msgspec.json.Decoder(float_hook=float)
"""Decodes any JSON. ``float`` makes a number that is too large infinite; msgspec would refuse it."""

# Decimals are written as numbers, with all their digits.
_BODY = msgspec.json.Encoder(decimal_format="number")


def decode_repaired(decoder: Decoder, content: bytes) -> Any:
    """Return the value of JSON whose texts are repaired first; ``UNSET`` if it is not JSON even then.

    Raises:
        msgspec.ValidationError: a value does not fit the decoder's type.
    """
    from aioemnify.transport.wire.repair import repaired

    try:
        return decoder.decode(repaired(content))
    except msgspec.ValidationError:
        raise
    except UNREADABLE:
        return UNSET


def _missing_identity(raw: Mapping[str, Any], model: type[Any]) -> str | None:
    """Return a required member without which an object is not one of that model: its id, if it has one."""
    required = [field.wire for field in model_fields(model) if field.required]
    names = ["id"] if "id" in required else required
    return next((name for name in names if raw.get(name) is None), None)


def _strict_json(value: Any) -> bytes:
    import json

    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def _problem(error: Exception) -> str:
    # The text of a UnicodeDecodeError contains the bytes. Newer versions of msgspec raise their own error.
    text = str(error)
    return "it is not UTF-8" if "utf-8" in text.lower() else text


def whole_number(value: Any) -> int | None:
    """Return a number that the API may have written as a float or a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) and abs(value) < 2**53:
        return int(value)
    return int(value) if isinstance(value, str) and DIGITS.fullmatch(value.strip()) else None


def excerpt_of(content: bytes, secrets: Iterable[Secret] = ()) -> str:
    """Return the beginning of a body as printable text, without secrets."""
    text = content.strip()[:MAX_EXCERPT_BYTES].decode("utf-8", "replace")
    shown = Concealer(secrets).conceal(text, EXCERPT)
    return "".join(char if char.isprintable() else " " for char in shown)
