"""One type for everything that must not be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn


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

    def is_header_safe(self) -> bool:
        """Say whether the text can stand in a request header."""
        return bool(self._text) and self._text.isascii() and self._text.isprintable()

    def fingerprint(self) -> str:
        """Return a digest that tells secrets apart without showing them."""
        import hashlib  # 3 ms, which making a client pays and importing it need not

        return hashlib.sha256(self._text.encode()).hexdigest()

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled; hand over the credential in another way")


def revealed(value: Any) -> Any:
    """Return a body with its secrets in clear, to be written at once."""
    if isinstance(value, Mapping):
        return {name: revealed(item) for name, item in value.items()}
    return value.reveal() if isinstance(value, Secret) else value


def secrets_in(value: Any) -> Iterator[Secret]:
    """Yield every secret of a body."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from secrets_in(item)
    elif isinstance(value, Secret):
        yield value


_TOKEN_LIKE = re.compile(r"(?i)\bbearer\s+[\w.~+/=-]+|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*")


def hidden(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Take secrets, and whatever looks like a token, out of a text that is about to be shown."""
    for secret in secrets:
        text = text.replace(secret.reveal(), "(hidden)")
    return _TOKEN_LIKE.sub("(hidden)", text)
