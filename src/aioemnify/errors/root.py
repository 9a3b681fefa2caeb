"""The error that all others are."""

from __future__ import annotations

from typing import Any


class EmnifyError(Exception):
    """The root of the tree: ``except EmnifyError`` catches every error of this library.

    ``page`` is the page that an iteration over a list was fetching: ``list(page=error.page)`` continues
    there. ``items_read`` is how many items the iteration had read before. ``request_id`` is the
    ``X-Request-Id`` of the call, where it has one.
    """

    page: int | None = None
    items_read: int | None = None
    request_id: str | None = None

    def __str__(self) -> str:
        text = super().__str__()
        if self.page is None:
            return text
        read = "" if self.items_read is None else f", after {self.items_read:,} items"
        return f"page {self.page}{read}: {text}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword arguments do not unpickle by themselves; the state holds all of them.
        return _restore, (type(self), self.args), self.__dict__.copy()


def _restore(kind: type[EmnifyError], args: tuple[Any, ...]) -> EmnifyError:
    error = kind.__new__(kind)
    error.args = args
    return error
