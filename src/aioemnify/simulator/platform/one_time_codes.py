"""One-time codes of a second factor (TOTP, RFC 6238): six digits from a secret and the clock."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
from urllib.parse import quote

STEP_SECONDS = 30


def new_secret(chance: random.Random) -> str:
    """Return a secret of 160 bits in Base32."""
    return base64.b32encode(chance.randbytes(20)).decode()


def one_time_code(secret: str, wall: float) -> str:
    """Return the six-digit code at a moment."""
    counter = max(0, int(wall // STEP_SECONDS)).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def is_right(code: str, secret: str, wall: float) -> bool:
    """Return whether a code is that of now, or of the 30 seconds before or after."""
    codes = (one_time_code(secret, wall + step) for step in (0, -STEP_SECONDS, STEP_SECONDS))
    return any(hmac.compare_digest(code.encode(), each.encode()) for each in codes)


def setup_address(secret: str, username: str) -> str:
    """Return the ``otpauth`` URI that an authenticator app reads from a QR code."""
    return f"otpauth://totp/emnify:{quote(username)}?secret={secret}&issuer=emnify"
