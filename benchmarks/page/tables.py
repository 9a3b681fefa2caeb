"""The figures of a case as a table: a row for each contestant, a column for each quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from benchmarks.cases import Figure
from benchmarks.number_format import goal, measured, number, verdict

COSTS = ("s", "ms", "us", "B", "MB")
"""Units in which less is better, and a ratio to another contestant makes sense."""

OURS = ("aioemnify", "prefetch(", "no prefetch")
"""How the names of our contestants begin."""


def is_ours(contestant: str) -> bool:
    """Return whether a contestant is aioemnify."""
    return contestant.startswith(OURS)


def split(figure: Figure) -> tuple[str, str]:
    """Return the contestant and the quantity of a figure; the contestant may be ``""``."""
    contestant, colon, quantity = figure.what.partition(": ")
    return (contestant, quantity) if colon else ("", contestant)


@frozen
class Table:
    """The figures of a case: quantities that several contestants have, and the rest."""

    title: str
    contestants: Sequence[str]
    quantities: Sequence[str]
    cells: Mapping[tuple[str, str], Figure]
    reference: str
    rest: Sequence[Figure]

    def heads(self) -> list[str]:
        """Return the names of the columns."""
        return ["", *self.quantities]

    def rows(self) -> list[list[str]]:
        """Return a row for each contestant; ours are bold."""
        return [
            [f"**{name}**" if is_ours(name) else name, *(self._cell(name, what) for what in self.quantities)]
            for name in self.contestants
        ]

    def rest_rows(self) -> list[list[str]]:
        """Return a row for each figure of the rest."""
        return [
            [figure.what, measured(figure), goal(figure), verdict(figure), figure.note]
            for figure in self.rest
        ]

    def notes(self) -> list[str]:
        """Return the notes of the figures in the rows; a note that many share is returned once."""
        notes = {figure.what: figure.note for figure in self.cells.values() if figure.note}
        if len(set(notes.values())) <= 1:
            return list(notes.values())[:1]
        found = []
        for quantity in self.quantities:
            of = {what: note for what, note in notes.items() if what.partition(": ")[2] == quantity}
            if len(of) > 1 and len(set(of.values())) == 1:
                found.append(f"{quantity}: {next(iter(of.values()))}")
            else:
                found += [f"{what}: {note}" for what, note in of.items()]
        return found

    def has_ratios(self) -> bool:
        """Return whether any figure is shown relative to the reference."""
        return any(self._ratio(who, quantity) for who, quantity in self.cells)

    def _ratio(self, contestant: str, quantity: str) -> str:
        figure, by = self.cells[contestant, quantity], self.cells.get((self.reference, quantity))
        if (
            contestant == self.reference
            or by is None
            or not by.value
            or by.unit != figure.unit
            or figure.unit not in COSTS
        ):
            return ""
        if any(who == contestant and "relative to" in what for who, what in self.cells):
            return ""  # measured round by round, which is more precise than a ratio of two medians
        return f" ({number(figure.value / by.value)} ×)"

    def _cell(self, contestant: str, quantity: str) -> str:
        figure = self.cells.get((contestant, quantity))
        if figure is None:
            return ""
        text = measured(figure) + self._ratio(contestant, quantity)
        if figure.goal is not None:
            text += f"; goal {goal(figure)}: {verdict(figure)}"
        return text


def tabulate(title: str, figures: Sequence[Figure], reference: str = "") -> Table:
    """Return the figures of a case as a table; costs are shown relative to those of ``reference`` too."""
    names: dict[str, set[str]] = {}
    for figure in figures:
        contestant, quantity = split(figure)
        if contestant:
            names.setdefault(quantity, set()).add(contestant)
    shared = [quantity for quantity, of in names.items() if len(of) > 1]
    cells = {split(figure): figure for figure in figures if split(figure)[0] and split(figure)[1] in shared}
    return Table(
        title=title,
        contestants=list(dict.fromkeys(contestant for contestant, _ in cells)),
        quantities=shared,
        cells=cells,
        reference=reference,
        rest=[figure for figure in figures if split(figure) not in cells],
    )
