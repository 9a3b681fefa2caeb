"""One type for everything that must not be seen."""

from __future__ import annotations

import hashlib
from typing import NoReturn


class Secret:
    """A text that shows itself only when asked with ``reveal()``.

    ``repr``, ``str`` and ``format`` hide it, and it refuses to be pickled, so that no log,
    traceback or cache can carry it by accident. Two secrets are equal when their texts are.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself; hand it to nothing but the wire."""
        return self._text

    def fingerprint(self) -> str:
        """Return a digest that tells secrets apart without showing them."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled; hand over the credential in another way")
