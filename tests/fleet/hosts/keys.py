"""The keys of a job in Redis."""

from __future__ import annotations

from typing import Any


def base_of(client: Any, name: str) -> str:
    """Return how the keys of a job begin, except that of its facts."""
    base = f"{{aioemnify:job:{name}}}:"
    return f"{base}{client.hget(f'{base}facts', 'id').decode()}:"
