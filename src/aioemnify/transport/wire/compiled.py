"""What is built once for each model before the first call that needs it: decoders, and checks of bodies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from aioemnify.operation import Operation, Result
from aioemnify.serialization.fields import renamed

if TYPE_CHECKING:
    from aioemnify.transport.wire.request_body import BodyWriter

Resolve = Callable[[str], type[Any]]
"""Finds a class by its text, such as ``sims:Sim``."""


class Decoder(Protocol):
    """Decodes JSON of one type."""

    def decode(self, content: bytes, /) -> Any:
        """Return the value."""


class Decoders(dict[tuple[str, bool], tuple[Any, Decoder | None]]):
    """Results by their model, and whether they are lists: the type, and its decoder.

    The decoder is ``None`` if only the lenient reader can read the type. One that is missing is built.
    """

    def __init__(self, resolve: Resolve, *, intern: bool) -> None:
        super().__init__()
        self._resolve = resolve
        self._intern = intern

    def __missing__(self, key: tuple[str, bool]) -> tuple[Any, Decoder | None]:
        model, as_list = key
        kind = self._resolve(model)
        annotation: Any = list[kind] if as_list else kind  # type: ignore[valid-type]
        decoder = None if renamed(annotation) else _decoder(annotation, self._intern and as_list)
        self[key] = (annotation, decoder)
        return self[key]


class Compiled:
    """Decoders and the writer of bodies. Each is built on first use, or by ``prepare``.

    Codecs can share them, also those of several event loops: nothing here belongs to one.

    Args:
        resolve: finds the classes that operations name.
        intern: share equal parts of the items of a list, see ``interning``.
    """

    def __init__(self, resolve: Resolve, *, intern: bool = True) -> None:
        self.resolve = resolve
        self.decoders: Decoders = Decoders(resolve, intern=intern)

    @cached_property
    def bodies(self) -> BodyWriter:
        """Return the writer of request bodies."""
        from aioemnify.transport.wire.request_body import BodyWriter

        return BodyWriter()

    def prepare(self, operation: Operation) -> None:
        """Build all that a call of an operation needs."""
        if operation.body is not None:
            self.bodies.prepare(self.resolve(operation.body.model))
        for as_list in _shapes(operation.result):
            assert operation.result is not None
            _, decoder = self.decoders[operation.result.model, as_list]
            prepare = getattr(decoder, "prepare", None)  # msgspec's own has none
            if prepare is not None:
                prepare()


def _shapes(result: Result | None) -> tuple[bool, ...]:
    """Return whether a result can come as a list, as one object, or both."""
    if result is None or result.model == "dict":
        return ()
    return (False, True) if result.either else (result.many,)


def _decoder(annotation: Any, intern: bool) -> Decoder:
    if not intern:
        return msgspec.json.Decoder(annotation, strict=False)
    from aioemnify.transport.wire.interning import InterningDecoder

    return InterningDecoder(annotation)
