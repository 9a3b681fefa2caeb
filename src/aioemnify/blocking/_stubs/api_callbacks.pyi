# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.api_callbacks import ApiCallback, ApiCallbackCreate
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import ApiCallbackCreateDict
from aioemnify.types import Created

class ApiCallbacks:
    """API callbacks."""

    def create(
        self, body: ApiCallbackCreate | ApiCallbackCreateDict, *, options: CallOptions | None = None
    ) -> Created:
        """Register an address for callbacks.

        The platform posts to it only after a service profile refers to it: as api_callback for SMS
        from devices, as moc_callback for voice calls. If the service profile also has an api_secret,
        the requests are signed.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: ApiCallbackCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def delete(self, api_callback_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a callback address.

        First remove it from the service profiles by an update with api_callback or moc_callback id
        null.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            api_callback_id: Callback id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such callback."""

    def get(self, api_callback_id: int | str, *, options: CallOptions | None = None) -> ApiCallback:
        """Get one callback address.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            api_callback_id: Callback id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such callback."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[ApiCallback]:
        """List the callback addresses.

        This list has no paging, filter or sort.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
