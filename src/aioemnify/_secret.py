"""A text that logs, tracebacks and errors must not show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn


class Secret:
    """A text that only ``reveal()`` shows.

    ``repr``, ``str`` and ``format`` hide it and pickling fails, so that no log, traceback or cache
    contains it by accident. Two secrets are equal if their texts are.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text, for requests only."""
        return self._text

    def is_header_safe(self) -> bool:
        """Return whether a request header can hold the text."""
        text = self._text
        return bool(text) and text.isascii() and text.isprintable() and text == text.strip()

    def fingerprint(self) -> str:
        """Return a digest, which identifies the secret without showing it."""
        import hashlib  # 3 ms that importing the client does not need

        return hashlib.sha256(self._text.encode()).hexdigest()

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled; pass the credential in another way")


def revealed(value: Any) -> Any:
    """Return a body with its secrets in plain text, to be encoded at once."""
    if isinstance(value, Mapping):
        return {name: revealed(item) for name, item in value.items()}
    return value.reveal() if isinstance(value, Secret) else value


def secrets_in(value: Any) -> Iterator[Secret]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from secrets_in(item)
    elif isinstance(value, Secret):
        yield value


# Also a token that is cut off, or that follows an escape such as %20.
_TOKEN_LIKE = re.compile(r"(?i:\bbearer\s+[\w.~+/=-]+)|(?<![A-Za-z])eyJ[\w.-]{8,}")

_LONGEST_TOKEN = 4000


class Concealer:
    """Replaces secrets, and what looks like a token, in texts that will be shown.

    Args:
        secrets: those that are known. They are also found as JSON, HTML and URLs spell them.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        import html  # only errors need these
        import json
        from urllib.parse import quote

        self._spellings = {
            spelling
            for text in {secret.reveal() for secret in secrets}
            for spelling in (text, json.dumps(text)[1:-1], html.escape(text), quote(text, safe=""))
            if spelling
        }

    def conceal(self, text: str, most: int) -> str:
        """Return a text without secrets, cut to ``most`` characters."""
        for spelling in self._spellings:
            text = text.replace(spelling, "(hidden)")
        # Cut only now: half a secret would not be found.
        text = _TOKEN_LIKE.sub("(hidden)", text[: most + _LONGEST_TOKEN])
        return text if len(text) <= most else text[: most - 1] + "…"
