"""Repair JSON whose only fault is in its texts, so that one odd name does not cost a page.

A name may be in Latin-1, hold a tab that is not escaped, or end in half a surrogate pair: a server that
cuts names by UTF-16 units sends that, and RFC 8259 (8.2) allows it. What cannot be read becomes U+FFFD.
"""

from __future__ import annotations

import json
import re

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_PARTS = re.compile(
    r"""
      \\u[dD][89abAB][0-9a-fA-F]{2} \\u[dD][c-fC-F][0-9a-fA-F]{2}     # a surrogate pair
    | (?P<half> \\u[dD][89a-fA-F][0-9a-fA-F]{2} )
    | \\(?: ["\\/bfnrt] | u[0-9a-fA-F]{4} )                            # any other escape
    | (?P<backslash> \\ )
    | (?P<control> [\x00-\x1f] )
    """,
    re.VERBOSE,
)


def repaired(content: bytes) -> bytes:
    """Return JSON with all its texts in valid Unicode and properly escaped. Numbers stay as they are."""
    text = content.decode(json.detect_encoding(content), "replace")  # skips a byte order mark
    return _TEXT.sub(lambda found: _PARTS.sub(_valid, found[0]), text).encode("utf-8", "replace")


def _valid(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "half":
            return r"\ufffd"
        case "backslash":
            return r"\\"
        case "control":
            return rf"\u{ord(part[0]):04x}"
    return part[0]
