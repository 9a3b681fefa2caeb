# Generated from schema/resources/sim_batches.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""SIM batches: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.sim_batches import SimBatch, SimBatchRegister, SimBatchRegistration
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class SimBatches:
    """SIM batches."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def register(
        self,
        bic: str,
        body: SimBatchRegister | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> SimBatchRegistration:
        """Register a SIM batch and give its SIMs a first status.

        Takes over every SIM of the batch at once. A second registration of the same code fails with
        422, so a repeat after a lost answer proves nothing: look the SIMs up instead.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            bic: Batch code of 16 digits: BIC1, printed on a card, or BIC2, printed on the package of
                the batch.
            body: What to send: SimBatchRegister or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: Registered already, or not registrable. The body came empty, typed
                text/html.
        """
        result: SimBatchRegistration = await self._caller._call(
            OPERATIONS["sim_batches.register"], (bic,), body=body, options=options
        )
        return result

    async def validate(
        self,
        bic: str,
        *,
        options: CallOptions | None = None,
    ) -> SimBatch:
        """Check whether a SIM batch can be registered.

        Changes nothing.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            bic: Batch code of 16 digits: BIC1, printed on a card, or BIC2, printed on the package of
                the batch.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: The batch is registered already.
            NotFoundError: No batch has this code.
            ValidationError: The batch holds SIMs of another organisation.
        """
        result: SimBatch = await self._caller._call(
            OPERATIONS["sim_batches.validate"], (bic,), options=options
        )
        return result
