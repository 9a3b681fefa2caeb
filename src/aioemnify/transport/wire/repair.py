"""Repair JSON whose only fault is in its texts, so that one odd name does not cost a page.

A name may be in Latin-1, hold a tab that is not escaped, or end in half a surrogate pair: a server that
cuts names by UTF-16 units sends that, and RFC 8259 (8.2) allows it. What cannot be read becomes U+FFFD.
"""

from __future__ import annotations

import json
import re

MAX_BYTES = 16 << 20
MAX_ODD = 10_000
"""Bodies that are longer, or have more odd texts, are not the work of one name, and take too long."""

_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
_ESCAPE = rf'(?:{_PAIR}|(?!{_HALF})\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}))'
_CLEAN_TEXT = rf'"[^"\\\x00-\x1f]*+(?:{_ESCAPE}[^"\\\x00-\x1f]*+)*+"'

# Everything is matched once, from the left, so that the time grows with the length only.
_JSON = re.compile(
    rf'(?:[^"]*+{_CLEAN_TEXT})++|(?P<before>[^"]*+)(?P<odd>"[^"\\]*+(?:\\.[^"\\]*+)*+")|.+', re.DOTALL
)
_PART = re.compile(rf"{_ESCAPE}|(?P<half>{_HALF})|(?P<backslash>\\)|(?P<control>[\x00-\x1f])")


def repaired(content: bytes) -> bytes:
    """Return JSON with all its texts in valid Unicode and properly escaped. Numbers stay as they are."""
    if len(content) > MAX_BYTES:
        return content
    text = content.decode(json.detect_encoding(content), "replace")  # skips a byte order mark
    return _JSON.sub(_clean, text, count=MAX_ODD).encode("utf-8", "replace")


def _clean(found: re.Match[str]) -> str:
    odd: str | None = found["odd"]
    return found[0] if odd is None else found["before"] + _PART.sub(_valid, odd, count=MAX_ODD)


def _valid(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "half":
            return r"\ufffd"
        case "backslash":
            return r"\\"
        case "control":
            return rf"\u{ord(part[0]):04x}"
    return part[0]
