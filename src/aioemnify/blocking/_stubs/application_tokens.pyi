# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.application_tokens import (
    ApplicationToken,
    ApplicationTokenCreate,
    ApplicationTokenCreated,
    ApplicationTokenUpdate,
)
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import ApplicationTokenCreateDict, ApplicationTokenUpdateDict

class ApplicationTokens:
    """Application tokens."""

    def create(
        self, body: ApplicationTokenCreate | ApplicationTokenCreateDict, *, options: CallOptions | None = None
    ) -> ApplicationTokenCreated:
        """Create an application token.

        Only this response contains the token.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: ApplicationTokenCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: Validation failed; the details are in errors."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[ApplicationToken]:
        """List the application tokens of the workspace.

        The API never returns the tokens again.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def update(
        self,
        app_token_id: int | str,
        body: ApplicationTokenUpdate | ApplicationTokenUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change the description of an application token, or revoke it.

        Auth tokens that were created with it stay valid until they expire.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            app_token_id: Id of the application token, not the token itself.
            body: The request body: ApplicationTokenUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
