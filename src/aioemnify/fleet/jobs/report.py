"""The report of a job: counts, errors, and every item as a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from attrs import field, frozen

from aioemnify._checks import check_choice
from aioemnify._file_replacement import FileReplacement
from aioemnify.errors import ArgumentError
from aioemnify.fleet.exports.text_files import CsvWriter
from aioemnify.fleet.jobs.records import ItemError, Outcome, State, counted
from aioemnify.fleet.jobs.routes import route_of
from aioemnify.fleet.journals.items import STATES
from aioemnify.fleet.journals.protocol import JobJournal
from aioemnify.serialization.columns import Column

_COLUMNS = ("number", "operation", "key", "state", "doubled", "tries", "status", "code", "token", "message")


@frozen(kw_only=True)
class Report:
    """What a job has done so far, also in the runs before this one.

    ``counts`` has the number of items by state, ``errors`` by kind of error (``"404 1201 NotFound"``),
    ``calls`` the calls sent, ``waits`` the seconds for which calls of this run waited, by limit.
    ``interrupted`` says that the run ended before all items were sent.
    """

    counts: Mapping[State, int]
    errors: Mapping[str, int]
    calls: int
    waits: Mapping[str, float]
    doubled: int
    interrupted: bool
    _journal: JobJournal = field(repr=False)

    def __str__(self) -> str:
        total = sum(self.counts.values())
        states = ", ".join(f"{count:,} {state}" for state, count in self.counts.items() if count)
        numbers = f"{counted(total, 'item')}: {states or 'none'}; {counted(self.calls, 'call')}"
        lines = [f"job {self._journal.name}: {numbers}"]
        lines += [f"  {count:,} x {label}" for label, count in self.errors.items()]
        lines += [f"  waited {seconds:,.1f} s for {limit}" for limit, seconds in self.waits.items()]
        if self.doubled:
            lines.append(f"  {self.doubled:,} were applied more than once: look at the rows marked doubled")
        if self.counts["unknown"]:
            lines.append("  unknown: the response was lost, and nothing shows whether they were applied")
        if self.interrupted:
            lines.append(f"  interrupted: run it again with {self._journal.name} to continue")
        return "\n".join(lines)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a CSV file with a row for each item, as ``export`` writes tables: formulas get an apostrophe.

        Args:
            path: the file; it is replaced when all is written.

        Raises:
            ArgumentError: it is the file of the journal.
            JournalError: the journal does not exist any more, or cannot be read.
        """
        columns = [Column(name, "text") for name in _COLUMNS]
        with self._replacing(path) as temporary, closing(CsvWriter(temporary, columns)) as writer:
            for row in self._rows():
                writer.write([tuple(map(row.get, _COLUMNS))])
            writer.finish()

    def to_jsonl(self, path: str | os.PathLike[str]) -> None:
        """Write a file with a line of JSON for each item; results of reads are in it too.

        Args:
            path: the file; it is replaced when all is written.

        Raises:
            ArgumentError: it is the file of the journal.
            JournalError: the journal does not exist any more, or cannot be read.
        """
        with self._replacing(path) as temporary, temporary.open("wb") as file:
            for row in self._rows():
                kept = {name: value for name, value in row.items() if value is not None}
                file.write(msgspec.json.encode(kept) + b"\n")

    def outcomes(self, *states: State) -> list[Outcome]:
        """Return what became of each item, also in the runs before this one, in the order of ``add``.

        Results are plain values; ``run`` has the models.

        Args:
            *states: only items in these states, such as ``"failed", "unknown"``; without any, all items.

        Raises:
            ArgumentError: there is no such state.
            JournalError: the journal does not exist any more, or cannot be read.
        """
        for state in states:
            check_choice("states", state, STATES)
        return [_outcome(row) for row in self._rows([STATES.index(state) for state in states])]

    def _rows(self, states: Sequence[int] = ()) -> Iterator[dict[str, Any]]:
        with self._journal.reading():
            for one in self._journal.rows(states):
                number, operation, key, state, doubled, tries, error, result, _, _ = one
                row: dict[str, Any] = {"number": number, "operation": operation}
                values = route_of(operation).values(key)
                row["key"] = list(values) if len(values) > 1 else key
                row |= {"state": STATES[state], "doubled": bool(doubled), "tries": tries}
                if error is not None:
                    found = ItemError.from_json(error)
                    row |= {"status": found.status, "code": found.code}
                    row |= {"token": found.token, "message": found.message}
                if result is not None:
                    row["result"] = msgspec.Raw(result)
                yield row

    def _replacing(self, path: str | os.PathLike[str]) -> FileReplacement:
        final, journal = Path(path), self._journal.path
        if journal is not None and final.resolve() == journal.resolve():
            raise ArgumentError(
                "path", f"{final} is the journal, which a report would replace: name another file"
            )
        return FileReplacement(final)


def _outcome(row: Mapping[str, Any]) -> Outcome:
    key = row["key"]
    error = {name: row[name] for name in ("status", "code", "token", "message") if name in row}
    return Outcome(
        number=row["number"],
        operation=row["operation"],
        key=tuple(key) if isinstance(key, list) else key,
        state=row["state"],
        error=ItemError(**error) if error else None,
        result=msgspec.json.decode(row["result"]) if "result" in row else None,
        doubled=row["doubled"],
    )
