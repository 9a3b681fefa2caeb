# Generated from schema/resources/operators.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Operators: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins

    from aioemnify.models.operators import Operator
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class Operators:
    """Operators."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Operator]:
        """List the network operators.

        A long list that comes whole, without paging, filter or sort: read it once and keep it. Its
        ids are the ones that blacklists of endpoints take.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[Operator] = await self._caller._call(
            OPERATIONS["operators.list"], (), options=options
        )
        return result
