"""The figures of a case as a table: contestants below each other, what was measured of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from benchmarks.cases import Figure
from benchmarks.page.numbers import aim, measured, number, verdict

COSTS = ("s", "ms", "us", "B", "KB", "MB", "us each")
"""Units in which less is better, and a ratio to another contestant says something."""

OWN = ("aioemnify", "prefetch(", "one by one")
"""How the names of this library's contestants begin."""


def is_ours(contestant: str) -> bool:
    """Say whether a contestant is this library."""
    return contestant.startswith(OWN)


def parts(figure: Figure) -> tuple[str, str]:
    """Split "contestant: quantity"; a figure of nobody has no contestant."""
    contestant, colon, quantity = figure.what.partition(": ")
    return (contestant, quantity) if colon else ("", contestant)


@frozen
class Table:
    """What the page shows of a case: figures that contestants share, and the others."""

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
        """Return a row for each contestant; this library's are bold."""
        return [
            [f"**{name}**" if is_ours(name) else name, *(self._cell(name, what) for what in self.quantities)]
            for name in self.contestants
        ]

    def others(self) -> list[list[str]]:
        """Return a row for each figure that stands alone."""
        return [
            [figure.what, measured(figure), aim(figure), verdict(figure), figure.note] for figure in self.rest
        ]

    def notes(self) -> list[str]:
        """Return what there is to say of the figures in the rows; what is true of all is said once."""
        said = {figure.what: figure.note for figure in self.cells.values() if figure.note}
        if len(set(said.values())) <= 1:
            return list(said.values())[:1]
        found = []
        for quantity in self.quantities:
            of = {what: note for what, note in said.items() if what.partition(": ")[2] == quantity}
            if len(of) > 1 and len(set(of.values())) == 1:
                found.append(f"{quantity}: {next(iter(of.values()))}")
            else:
                found += [f"{what}: {note}" for what, note in of.items()]
        return found

    def in_ratio(self) -> bool:
        """Say whether any figure is set beside that of the reference."""
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
        if any(who == contestant and " by " in what for who, what in self.cells):
            return ""  # it was measured round by round, which is surer than to divide two medians
        return f" ({number(figure.value / by.value)} ×)"

    def _cell(self, contestant: str, quantity: str) -> str:
        figure = self.cells.get((contestant, quantity))
        if figure is None:
            return ""
        text = measured(figure) + self._ratio(contestant, quantity)
        if figure.goal is not None:
            text += f"; goal {aim(figure)}: {verdict(figure)}"
        return text


def tabulate(title: str, figures: Sequence[Figure], reference: str = "") -> Table:
    """Arrange the figures of a case; costs are set beside those of the contestant ``reference``."""
    names: dict[str, set[str]] = {}
    for figure in figures:
        contestant, quantity = parts(figure)
        if contestant:
            names.setdefault(quantity, set()).add(contestant)
    shared = [quantity for quantity, of in names.items() if len(of) > 1]
    cells = {parts(figure): figure for figure in figures if parts(figure)[0] and parts(figure)[1] in shared}
    return Table(
        title=title,
        contestants=list(dict.fromkeys(contestant for contestant, _ in cells)),
        quantities=shared,
        cells=cells,
        reference=reference,
        rest=[figure for figure in figures if parts(figure) not in cells],
    )
