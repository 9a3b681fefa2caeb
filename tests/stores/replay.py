"""Whether slots keep the limits they were reserved under: counted again, from the slots alone."""

from __future__ import annotations

from collections.abc import Iterable


def over_bucket(slots: Iterable[float], rate: float, burst: float, *, slack: float = 1e-3) -> list[float]:
    """Return the slots that a bucket of ``burst``, refilled ``rate`` a second, would refuse."""
    tokens, last, refused = burst, None, []
    for at in sorted(slots):
        if last is not None:
            tokens = min(burst, tokens + rate * (at - last))
        last = at
        if tokens < 1 - slack:
            refused.append(at)
        else:
            tokens -= 1
    return refused


def over_window(slots: Iterable[float], count: int, seconds: float) -> list[float]:
    """Return the slots with ``count`` others in the window that ends with them."""
    ordered = sorted(slots)
    return [
        at for index, at in enumerate(ordered) if index >= count and ordered[index - count] > at - seconds
    ]
