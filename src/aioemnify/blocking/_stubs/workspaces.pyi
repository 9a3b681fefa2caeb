# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins
from datetime import date

from aioemnify.models.workspaces import Workspace, WorkspaceDailyStats, WorkspaceUserUpdate
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import WorkspaceUserUpdateDict

class Workspaces:
    """Workspaces."""

    def assign_role(
        self,
        user_id: int | str,
        workspace_id: int | str,
        role_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Assign a role to a user in one workspace.

        The request has no body.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            role_id: Role id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such user, workspace or role."""

    def list_daily_stats(
        self,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        workspace_ids: str | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[WorkspaceDailyStats]:
        """List the usage of several workspaces day by day.

        One entry for each workspace, with its days. The API documents a single object although one
        for each workspace is to be expected; the call returns a list in both cases. Volumes are in MB
        for data and in messages for SMS.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            start_date: First day (YYYY-MM-DD).
            end_date: Last day (YYYY-MM-DD).
            workspace_ids: Workspace ids, separated by commas.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The dates or the workspace ids were not accepted."""

    def list_for_user(
        self, user_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[Workspace]:
        """List the workspaces of a user.

        Includes the status and the roles of the user in each workspace. To work in another workspace,
        get a token with auth.switch_workspace.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to see the workspaces of this user."""

    def remove_role(
        self,
        user_id: int | str,
        workspace_id: int | str,
        role_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove a role from a user in one workspace.

        The last role of a user cannot be removed.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            role_id: Role id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such user, workspace or role."""

    def set_default(
        self, user_id: int | str, workspace_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Set the default workspace of a user after login.

        The request has no body.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this."""

    def unassign_user(
        self, user_id: int | str, workspace_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Remove a user from a workspace.

        Affects only this workspace; users.delete deletes the user entirely.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such user or workspace, or the user does not belong to it."""

    def update_user_status(
        self,
        user_id: int | str,
        workspace_id: int | str,
        body: WorkspaceUserUpdate | WorkspaceUserUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change the status of a user in one workspace.

        Allowed changes: Active (1) to Suspended (2) and back, Activation Pending (0) to Suspended.
        Affects only this workspace.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            body: The request body: WorkspaceUserUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this."""
