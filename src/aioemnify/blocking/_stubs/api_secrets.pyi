# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.api_secrets import ApiSecret, ApiSecretCreate
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import ApiSecretCreateDict
from aioemnify.types import Created

class ApiSecrets:
    """API secrets."""

    def create(
        self, body: ApiSecretCreate | ApiSecretCreateDict, *, options: CallOptions | None = None
    ) -> Created:
        """Store a key that signs callbacks.

        The key is used only after a service profile refers to it as api_secret. Requests to the
        callback address of that profile then carry a JWT signed with the key as bearer token, which
        the receiver must verify. Keep the key: no call returns it.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: ApiSecretCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def delete(self, api_secret_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a callback secret.

        First remove it from the service profiles by an update with api_secret id null.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            api_secret_id: Secret id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such secret."""

    def get(self, api_secret_id: int | str, *, options: CallOptions | None = None) -> ApiSecret:
        """Get one callback secret, without its key.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            api_secret_id: Secret id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such secret."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[ApiSecret]:
        """List the callback secrets.

        The API never returns the keys. This list has no paging, filter or sort.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
