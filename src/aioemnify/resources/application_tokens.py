# Generated from schema/resources/application_tokens.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Application tokens: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.application_tokens import (
        ApplicationToken,
        ApplicationTokenCreate,
        ApplicationTokenCreated,
        ApplicationTokenUpdate,
    )
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class ApplicationTokens:
    """Application tokens."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        body: ApplicationTokenCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> ApplicationTokenCreated:
        """Create an application token.

        The answer is the only place where the token can be read.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: ApplicationTokenCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

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

        The tokens themselves are never shown again.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[ApplicationToken] = await self._caller._call(
            OPERATIONS["application_tokens.list"], (), options=options
        )
        return result

    async def update(
        self,
        app_token_id: int | str,
        body: ApplicationTokenUpdate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Describe an application token anew, or revoke it.

        Revoking does not end the auth tokens that were made with it; they last until they expire.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            app_token_id: Id of the application token, not the token.
            body: What to send: ApplicationTokenUpdate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["application_tokens.update"], (app_token_id,), body=body, options=options
        )
