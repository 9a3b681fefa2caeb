# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

from aioemnify.models.sim_batches import SimBatch, SimBatchRegister, SimBatchRegistration
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import SimBatchRegisterDict

class SimBatches:
    """SIM batches."""

    def register(
        self, bic: str, body: SimBatchRegister | SimBatchRegisterDict, *, options: CallOptions | None = None
    ) -> SimBatchRegistration:
        """Register a SIM batch and set the status of its SIMs.

        The organisation gets every SIM of the batch at once. A second registration of the same code
        fails with 422, so a retry after a lost response proves nothing: look up the SIMs instead.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            bic: Batch code of 16 digits: BIC1, printed on a card, or BIC2, printed on the package of
                the batch.
            body: The request body: SimBatchRegister or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The status is not accepted. Or the code is unknown, or the batch is
                already registered or cannot be: then the body is empty, with type text/html."""

    def validate(self, bic: str, *, options: CallOptions | None = None) -> SimBatch:
        """Check whether a SIM batch can be registered.

        This call changes nothing.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            bic: Batch code of 16 digits: BIC1, printed on a card, or BIC2, printed on the package of
                the batch.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: The batch is already registered.
            NotFoundError: No batch has this code.
            ValidationError: The batch holds SIMs of another organisation."""
