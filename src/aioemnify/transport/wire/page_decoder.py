"""Decoding of lists, made quicker by what their first pages tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from aioemnify.transport.wire.habits import Observer
from aioemnify.transport.wire.standins import StandIns

ENOUGH = 500
"""Items read before it is worth to look at them."""

SAMPLE = 64
"""Items that are looked at."""


class PageDecoder:
    """Decodes lists of one type, and learns from the first of them.

    What is read is the same before and after; but where an object names a member twice, against
    all custom, the first of the two may go unchecked. Where later pages turn out to be of another
    make, or do not fit their type, it learns anew.

    Args:
        annotation: the type of the whole list.
    """

    def __init__(self, annotation: Any) -> None:
        self._annotation = annotation
        self._plain: Callable[[bytes], Any] = msgspec.json.Decoder(annotation, strict=False).decode
        self._quick: Callable[[bytes], Any] | None = None
        self._stand_ins: StandIns | None = None
        self._unlearned = 0  # items read without having learned from them

    def decode(self, content: bytes) -> Any:
        """Return the list.

        Raises:
            msgspec.ValidationError: an item is not what its type says.
            msgspec.DecodeError: the content is no JSON.
        """
        if self._quick is not None:
            try:
                return self._decode_quickly(self._quick, content)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                # It breaks the schema, or is no JSON: said in the words, and of the place, that are true
                # of the models. What breaks it once does so on every page, and is not to be read thrice.
                self._quick = self._stand_ins = None
                return self._plain(content)
        items = self._plain(content)
        self._unlearned += len(items)
        if self._unlearned >= ENOUGH and len(items) >= SAMPLE:
            self._unlearned = 0
            self._learn(content, items)
        return items

    def _decode_quickly(self, quick: Callable[[bytes], Any], content: bytes) -> Any:
        assert self._stand_ins is not None
        missed = self._stand_ins.missed
        items = quick(content)
        if 2 * (self._stand_ins.missed - missed) > max(len(items), SAMPLE) * self._stand_ins.shared:
            # What was the same again and again is so no longer, and looking it up is in vain.
            self._quick = self._stand_ins = None
        return items

    def _learn(self, content: bytes, items: list[Any]) -> None:
        observer = Observer()
        try:
            texts = msgspec.json.decode(content, type=list[msgspec.Raw])[:SAMPLE]
            for text, item in zip(texts, items, strict=False):
                observer.look(msgspec.json.decode(text), item)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            # A member that no model has holds what JSON has no value for; models are read as before.
            return
        if habits := observer.habits():
            self._stand_ins = StandIns(habits)
            standing = self._stand_ins.of(self._annotation)
            self._quick = msgspec.json.Decoder(standing, strict=False).decode
