"""What can be exported: lists, sweeps, iterators of pages, tables of a mirror, and items of any iterable."""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from typing import Any, Protocol, runtime_checkable

from aioemnify import models
from aioemnify._checks import check_known
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.fleet.iterables import each_of
from aioemnify.fleet.sweep import Sweep
from aioemnify.operation import Operation
from aioemnify.serialization.choices import members_of
from aioemnify.serialization.columns import Column, Row, columns_of, row_reader, secret_columns_of
from aioemnify.serialization.model import Model
from aioemnify.types import Page

_AT_ONCE = 500
"""Rows that are made at a time: a page of them is as large as the page itself."""


@runtime_checkable
class PagedSource(Protocol):
    """A source whose pages and whose models are known: a list, a sweep, a table of a mirror."""

    @property
    def _operation(self) -> Operation:
        """Return the operation that lists the models."""

    def pages(self) -> AsyncIterator[Sequence[Any]]:
        """Return an iterator over the pages."""


@runtime_checkable
class RowSource(Protocol):
    """A source that has rows already."""

    columns: Sequence[Column]

    def rows(self) -> AsyncGenerator[list[Row], None]:
        """Return an iterator over some rows at a time."""


class Table:
    """The rows of a source, with the columns that are wanted.

    Args:
        source: what to read.
        names: the columns, ``None`` for all of them.
        join: see ``row_reader``.

    Raises:
        ArgumentError: the source has no such column, as far as is known before it is read.
    """

    def __init__(self, source: Any, names: Sequence[str] | None, join: Callable[[Row], Row] = tuple) -> None:
        self._source = source
        self._join = join
        self._names = _checked(names)
        self._kind: type[Any] | None = None
        self._read: Callable[[Sequence[Any]], list[Row]] = list
        self.columns: Sequence[Column] = [Column(name, "json") for name in self._names or ()]
        if isinstance(source, Sweep) and source._checkpoint is not None:
            problem = "is a sweep with a checkpoint, which may begin in the middle of the list: leave it out"
            raise ArgumentError("source", problem)
        if isinstance(source, RowSource):
            self._choose(source.columns)
            return
        if not isinstance(source, (AsyncIterable, Iterable)) or isinstance(source, (str, bytes, Mapping)):
            raise ArgumentTypeError("source", f"takes a list, a sweep or items, not {type(source).__name__}")
        if isinstance(source, PagedSource):
            self._begin(item_class(source._operation))

    async def batches(self) -> AsyncGenerator[tuple[list[Row], int | None], None]:
        """Yield rows, and how many the source says that there are; ``columns`` are known with the first."""
        if isinstance(self._source, RowSource):
            async with aclosing(self._source.rows()) as some:
                async for rows in some:
                    yield self._read(rows), None
            return
        paged = isinstance(self._source, PagedSource)
        total = None
        async with aclosing(each_of(self._source.pages()) if paged else _in_batches(self._source)) as pages:
            async for page in pages:
                total = page.total_count if isinstance(page, Page) else total
                for at in range(0, len(page), _AT_ONCE):
                    yield self._rows(page[at : at + _AT_ONCE]), total

    def _rows(self, items: Sequence[Any]) -> list[Row]:
        if self._kind is None:
            self._begin(type(items[0]), items[0])
        if set(map(type, items)) != {self._kind}:
            other = next(type(one).__name__ for one in items if type(one) is not self._kind)
            wanted = "" if self._kind is None else self._kind.__name__
            raise ArgumentTypeError(
                "source", f"has items of {wanted}, and one of {other}: one class has one table"
            )
        return self._read(items)

    def _begin(self, kind: type[Any], first: Any = None) -> None:
        """Find the columns."""
        if issubclass(kind, Mapping):
            known = [Column(str(name), "json") for name in first or ()]
            secret: list[str] = []
        elif issubclass(kind, Model):
            known, secret = columns_of(kind), secret_columns_of(kind)
        else:
            raise ArgumentTypeError("source", f"has items that are models or mappings, not {kind.__name__}")
        self._kind = kind
        names = self._choose(known, secret)
        if issubclass(kind, Model):
            self._read = row_reader(kind, names, self._join)
        else:
            self._read = lambda items: [tuple(item.get(name) for name in names) for item in items]

    def _choose(self, known: Sequence[Column], secret: Collection[str] = ()) -> list[str]:
        """Keep the columns that are wanted, and return their names."""
        by_name = {column.name: column for column in known}
        names = list(by_name) if self._names is None else self._names
        for name in names:
            if name in secret:
                raise ArgumentError("columns", f"cannot have {name!r}: it is a secret, which no file gets")
            check_known("columns", name, by_name, "column")
        self.columns = [by_name[name] for name in names]
        places = [list(by_name).index(name) for name in names]
        self._read = lambda rows: [tuple(row[at] for at in places) for row in rows]
        return names


def _checked(names: Any) -> list[str] | None:
    if names is None:
        return None
    if isinstance(names, (str, bytes)) or not isinstance(names, Sequence):
        raise ArgumentTypeError("columns", f"takes names of columns, such as ['iccid'], not {names!r}")
    if not names:
        raise ArgumentError("columns", "names at least one column; leave it out for all of them")
    for at, name in enumerate(names):
        if not isinstance(name, str):
            raise ArgumentTypeError("columns", f"takes names of columns as text, not {name!r}")
        if name in names[:at]:
            raise ArgumentError("columns", f"names {name!r} twice")
    return list(names)


def item_class(operation: Operation) -> type[Any]:
    """Return the class of the items of a list."""
    assert operation.result is not None
    kind = models.resolve(operation.result.model)
    envelope = operation.listing.envelope if operation.listing is not None else None
    if envelope is None:
        return kind
    (items,) = (one.choice.item for one in members_of(kind) if one.wire == envelope.items)
    assert items is not None
    found: type[Any] = items.models[0]
    return found


async def _in_batches(items: Any) -> AsyncGenerator[Sequence[Any], None]:
    """Yield pages as they come, and single items in lists."""
    batch: list[Any] = []
    async with aclosing(each_of(items)) as each:
        async for item in each:
            if isinstance(item, Page):
                yield item
                continue
            batch.append(item)
            if len(batch) == _AT_ONCE:
                yield batch
                batch = []
    if batch:
        yield batch
