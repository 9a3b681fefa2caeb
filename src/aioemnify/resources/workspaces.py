# Generated from schema/resources/workspaces.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Workspaces: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from aioemnify.models.workspaces import Workspace, WorkspaceDailyStats, WorkspaceUserUpdate
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class Workspaces:
    """Workspaces."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def assign_role(
        self,
        user_id: int | str,
        workspace_id: int | str,
        role_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Give a user a role in one workspace.

        Sends no body.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            role_id: Role id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such user, workspace or role.
        """
        await self._caller._call(
            OPERATIONS["workspaces.assign_role"], (user_id, workspace_id, role_id), options=options
        )

    async def list_daily_stats(
        self,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        workspace_ids: str | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[WorkspaceDailyStats]:
        """List the usage of several workspaces day by day.

        One entry for each workspace, with its days. The API documents a single object where one for
        each workspace is to be expected; either comes as a list here. Volumes are in MB for data and
        in messages for SMS.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            start_date: First day (YYYY-MM-DD).
            end_date: Last day (YYYY-MM-DD).
            workspace_ids: Workspace ids, separated by commas.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The dates or the workspace ids were not accepted.
        """
        result: builtins.list[WorkspaceDailyStats] = await self._caller._call(
            OPERATIONS["workspaces.list_daily_stats"],
            (),
            query={"start_date": start_date, "end_date": end_date, "workspace_ids": workspace_ids},
            options=options,
        )
        return result

    async def list_for_user(
        self,
        user_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Workspace]:
        """List the workspaces a user belongs to.

        With the status and the roles the user has in each. To work in another one, get a token for it
        with auth.switch_workspace.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not see the workspaces of this user.
        """
        result: builtins.list[Workspace] = await self._caller._call(
            OPERATIONS["workspaces.list_for_user"], (user_id,), options=options
        )
        return result

    async def remove_role(
        self,
        user_id: int | str,
        workspace_id: int | str,
        role_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Take a role in one workspace from a user.

        The last role of a user cannot be removed.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            role_id: Role id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such user, workspace or role.
        """
        await self._caller._call(
            OPERATIONS["workspaces.remove_role"], (user_id, workspace_id, role_id), options=options
        )

    async def set_default(
        self,
        user_id: int | str,
        workspace_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Choose the workspace a user lands in after login.

        Sends no body.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
        """
        await self._caller._call(
            OPERATIONS["workspaces.set_default"], (user_id, workspace_id), options=options
        )

    async def unassign_user(
        self,
        user_id: int | str,
        workspace_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove a user from a workspace.

        Concerns this workspace alone; users.delete_v2 ends the user altogether.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such user or workspace, or the user does not belong to it.
        """
        await self._caller._call(
            OPERATIONS["workspaces.unassign_user"], (user_id, workspace_id), options=options
        )

    async def update_user_status(
        self,
        user_id: int | str,
        workspace_id: int | str,
        body: WorkspaceUserUpdate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change the status of a user in one workspace.

        Active (1) to Suspended (2) and back, Activation Pending (0) to Suspended. Concerns this
        workspace alone.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            workspace_id: Workspace id, which is an organisation id.
            body: What to send: WorkspaceUserUpdate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
        """
        await self._caller._call(
            OPERATIONS["workspaces.update_user_status"], (user_id, workspace_id), body=body, options=options
        )
