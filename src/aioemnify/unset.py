"""``UNSET``: what a request member holds until the caller says something.

``UNSET`` is not ``None``. A member left ``UNSET`` is not sent at all; a member set to
``None`` is sent as JSON ``null``, which this API reads as "clear it" (detaching a SIM is
``{"sim": {"id": null}}``). msgspec omits its own ``UNSET`` natively, so ours is that one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

Timestamp = Annotated[datetime, Meta(tz=True)]
"""A moment with its zone. Text without a zone is not refused: the lenient reader takes it as UTC."""

__all__ = ["UNSET", "Timestamp", "UnsetType"]
