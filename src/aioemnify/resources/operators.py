# Generated from schema/resources/operators.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Operators: the operations of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.tables.operations import OPERATIONS

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

        A long list without paging, filter or sort: read it once and keep it. endpoints.block_operator
        takes these ids.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[Operator] = await self._caller._call(
            OPERATIONS["operators.list"], (), options=options
        )
        return result
