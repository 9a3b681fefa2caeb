# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
from collections.abc import Iterator
from typing import Generic

from aioemnify.fleet.checkpoint import SweepReport
from aioemnify.fleet.sweep import T
from aioemnify.types import Page

class Sweep(Generic[T]):
    """A whole list, read backward so that nothing is missed while it changes.

    ``for sim in sweep`` reads the items, ``.pages()`` page by page, in no particular order, each
    item once. An iteration begins at the checkpoint if there is one, else at the end of the list. It needs
    no block: between two pages nothing is in flight.
    """

    size: int

    def __repr__(self) -> str: ...
    def __iter__(self) -> Iterator[T]: ...
    def pages(self) -> Iterator[Page[T]]:
        """Return an iterator over the pages, without the items that came before.

        A page counts as done when the next one is asked for: then the checkpoint is written. After a
        failure the same iterator continues where it was.

        Raises:
            SweepError: the checkpoint belongs to another list, filter, organisation, server or version, or
                cannot be used; or the list changes faster than its pages can be read.
            EmnifyError: a call failed."""

    @property
    def report(self) -> SweepReport:
        """Return what the newest iteration has read so far."""
