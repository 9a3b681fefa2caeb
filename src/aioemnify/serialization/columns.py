"""The columns of tables of models, and many models as rows at once.

The columns are those of ``to_row()``, without secrets. A function that is written for a class and a choice
of columns reads a row in a tenth of the time: it names each member, and reads the parts that many items
share, such as a status or an organisation, once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from operator import itemgetter
from types import NoneType
from typing import Any, Literal, TypeAlias

import attrs
from attrs import frozen

from aioemnify.serialization.choices import kinds_of
from aioemnify.serialization.fields import bare
from aioemnify.serialization.model import BodyModel
from aioemnify.serialization.rows import RowMember, cell_of, label_of, row_members

Kind: TypeAlias = Literal["text", "integer", "number", "boolean", "time", "date", "json"]
"""What a column holds, where the server keeps to the schema."""

Row: TypeAlias = tuple[Any, ...]

MOST_SHARED = 1000
"""Shared parts whose cells are kept. One more, and all are forgotten."""

_KINDS: dict[frozenset[Any], Kind] = {
    frozenset({str}): "text",
    frozenset({int}): "integer",
    frozenset({bool}): "boolean",
    frozenset({date}): "date",
}
_NUMBERS = {int, float, Decimal}


@frozen
class Column:
    """A column of a table. ``path`` is where the value is in the JSON of the model."""

    name: str
    kind: Kind
    path: tuple[str, ...] = ()
    lookup: type[Any] | None = None
    label: str | None = None


def columns_of(model: type[Any]) -> list[Column]:
    """Return the columns of a model, in the order of ``to_row()``, without those that hold secrets."""
    return list(_columns(model, ()))


def secret_columns_of(model: type[Any]) -> list[str]:
    """Return the names of the columns that hold secrets, which no file gets."""
    return [".".join(one.path) for one in _columns(model, (), secrets=True)]


def _columns(model: type[Any], path: tuple[str, ...], *, secrets: bool = False) -> Iterator[Column]:
    hidden = _secret_members(model)
    for member in row_members(model):
        there = (*path, member.wire)
        if member.inner is not None and member.label is None:
            yield from _columns(member.inner, there, secrets=secrets)
        elif (member.name in hidden) is secrets:
            name, lookup = ".".join(there), member.inner
            yield Column(name, "text" if lookup else kind_of(member.known), there, lookup, member.label)


def _secret_members(model: Any) -> set[str]:
    return {field.name for field in attrs.fields(model) if field.repr is False}


def kind_of(known: Any) -> Kind:
    """Return what a column of a type holds."""
    kinds = frozenset(bare(one) for one in kinds_of(known)) - {NoneType}
    if kinds in _KINDS:
        return _KINDS[kinds]
    if kinds and kinds <= _NUMBERS:
        return "number"
    # By name: a test may have put another class in its place.
    return "time" if {getattr(one, "__name__", "") for one in kinds} == {datetime.__name__} else "json"


def row_reader(
    model: type[Any], names: Sequence[str], join: Callable[[Row], Row] = tuple
) -> Callable[[Sequence[Any]], list[Row]]:
    """Return a function that reads models of one class as rows with these columns.

    Times stay times, and what is not as the schema says stays as it is.

    Args:
        model: the class.
        names: the columns in order.
        join: makes something else of the cells of a shared part, such as one cell. It is not called where
            the columns have another order than those of the model.
    """
    if list(names) != [one.name for one in columns_of(model) if one.name in set(names)]:
        join = tuple
    source = _RowExpressions(names)
    cells = source.cells(model, "model", "", join)
    found, known = source.found, source.known
    # Source text, as attrs writes an __init__. The names in it are those of generated models.
    exec(
        f"def read(models):\n    return [({''.join(f'{one}, ' for one in cells)}) for model in models]", known
    )
    read: Callable[[Sequence[Any]], list[Row]] = known["read"]
    if list(names) == found:
        return read
    pick = itemgetter(*map(found.index, names))
    return lambda models: list(map(pick, read(models)))


class _RowExpressions:
    """The source text that reads a row.

    Attributes:
        known: what the names in it stand for.
        found: the names of the columns, in the order in which it reads them.
    """

    def __init__(self, wanted: Collection[str]) -> None:
        self.known: dict[str, Any] = {"cell_of": cell_of, "label_of": label_of}
        self.found: list[str] = []
        self._wanted = frozenset(wanted)
        self._numbers = count()

    def cells(
        self, model: type[Any], variable: str, prefix: str, join: Callable[[Row], Row] = tuple
    ) -> list[str]:
        """Return the expressions of the cells of one model."""
        hidden, shared = _secret_members(model), _shared_members(model)
        expressions: list[str] = []
        for member in row_members(model):
            name, value = prefix + member.wire, f"{variable}.{member.name}"
            if member.name in hidden:
                continue
            if member.inner is not None:
                expressions += self._part(member, member.inner, name, value, member.name in shared, join)
            elif name in self._wanted:
                self.found.append(name)
                expressions.append(value if _is_plain(model, member) else f"cell_of({value})")
        return expressions

    def _part(
        self,
        member: RowMember,
        inner: type[Any],
        name: str,
        value: str,
        shared: bool,
        join: Callable[[Row], Row],
    ) -> list[str]:
        """Return the expression of the cells of an inner model; none if none of them is wanted."""
        before, number = len(self.found), next(self._numbers)
        part = f"part{number}"
        if member.label is None:
            cells = self.cells(inner, part, f"{name}.", tuple if shared else join)
        elif name in self._wanted:
            self.found.append(name)
            cells = [f"label_of({part}, {member.label!r})"]
        else:
            cells = []
        if not cells:
            return []
        self.known[f"class{number}"] = inner
        self.known[f"nothing{number}"] = (None,) * (len(self.found) - before)
        row = f"({', '.join(cells)},)"
        if not shared:
            return [f"*({row} if isinstance(({part} := {value}), class{number}) else nothing{number})"]
        source = f"lambda {part}: {row} if isinstance({part}, class{number}) else nothing{number}"
        kept = _Shared(eval(source, self.known), join)
        self.known |= {f"kept{number}": kept.rows.get, f"read{number}": kept.read}
        return [f"*(kept{number}(id({part} := {value})) or read{number}({part}))"]


def _shared_members(model: Any) -> set[str]:
    return {field.name for field in attrs.fields(model) if "intern" in field.metadata}


def _is_plain(model: type[Any], member: RowMember) -> bool:
    kinds = {bare(one) for one in kinds_of(member.known)}
    return not issubclass(model, BodyModel) and kind_of(member.known) != "json" and Decimal not in kinds


class _Shared:
    """The cells of objects that many models share, by the identity of the object."""

    def __init__(self, cells: Callable[[Any], Row], join: Callable[[Row], Row]) -> None:
        self.rows: dict[int, Row] = {}
        self._cells = cells
        self._join = join
        self._objects: list[Any] = []  # while they are kept, no other object gets their identity

    def read(self, part: Any) -> Row:
        if len(self.rows) >= MOST_SHARED:
            self.rows.clear()
            self._objects.clear()
        self._objects.append(part)
        row = self.rows[id(part)] = self._join(self._cells(part))
        return row
