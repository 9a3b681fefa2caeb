# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
from collections.abc import Iterator
from typing import Self

from aioemnify.prefetch import T
from aioemnify.types import Page

class PrefetchedPages(Iterator[Page[T]]):
    """Iterate over pages while the next ones are being fetched.

    Use it as ``with emnify.sims.list().prefetch(4) as pages``, then ``for page in pages``
    or ``for sim in pages.items()``. Leaving the block, from any task, cancels the pages in flight
    and nothing else. The first page is fetched alone, because it says how many there are.

    A failure is raised when its page is next. After it the iteration continues with the page that failed.
    """

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def items(self) -> Iterator[T]:
        """Return an iterator over the items of the remaining pages."""

    def __next__(self) -> Page[T]: ...
