"""A budget within one process."""

from __future__ import annotations


class MemoryStore:
    """A budget of its own, for the clients of this process that are given it.

    Clients of one server share one budget by themselves. Give some of them a ``MemoryStore`` when they
    send from another address, or as another customer of the API, than the rest. It holds nothing: it
    marks who shares. The budget lives in the clients' process for as long as the marker does, and keeps
    the exact rule that needs no margin: a call counts from when it is sent, and ages from its answer.
    """

    def __repr__(self) -> str:
        return "MemoryStore()"
