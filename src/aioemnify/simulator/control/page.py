"""The page at ``/_sim/``: one static file, and a policy that allows only its own script and style."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from attrs import frozen


@frozen
class Page:
    """The file's bytes and the headers it is sent with."""

    body: bytes
    headers: Mapping[str, str]


@lru_cache(maxsize=1)
def page() -> Page:
    """Return the page; its policy allows only the script and the style in the file."""
    text = files("aioemnify.simulator.control").joinpath("page.html").read_text(encoding="utf-8")
    scripts, styles = (_hashes(text, element) for element in ("script", "style"))
    policy = [
        "default-src 'none'",
        f"script-src {scripts}",
        f"style-src {styles}",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    return Page(
        text.encode(),
        {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": "; ".join(policy),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        },
    )


def _hashes(text: str, element: str) -> str:
    parts = re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in parts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
