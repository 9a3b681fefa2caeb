# Generated from schema/resources/application_tokens.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Application tokens: the operations of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.tables.operations import OPERATIONS

if TYPE_CHECKING:
    import builtins

    from aioemnify.models.application_tokens import (
        ApplicationToken,
        ApplicationTokenCreate,
        ApplicationTokenCreated,
        ApplicationTokenUpdate,
    )
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.resources.bodies import ApplicationTokenCreateDict, ApplicationTokenUpdateDict


class ApplicationTokens:
    """Application tokens."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        body: ApplicationTokenCreate | ApplicationTokenCreateDict,
        *,
        options: CallOptions | None = None,
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
            ValidationError: Validation failed; the details are in errors.
        """
        result: ApplicationTokenCreated = await self._caller._call(
            OPERATIONS["application_tokens.create"], (), body=body, options=options
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[ApplicationToken]:
        """List the application tokens of the workspace.

        The API never returns the tokens again.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[ApplicationToken] = await self._caller._call(
            OPERATIONS["application_tokens.list"], (), options=options
        )
        return result

    async def update(
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
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["application_tokens.update"], (app_token_id,), body=body, options=options
        )
