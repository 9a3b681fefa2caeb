# Generated from schema/resources/users.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Users: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.pagination import Pages
from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping, Sequence
    from typing import Any

    from aioemnify.models.events import Event
    from aioemnify.models.users import (
        ActivationResend,
        InvitationAccept,
        PasswordChange,
        Role,
        SupportToken,
        SupportTokenCreate,
        User,
        UserActivation,
        UserCreate,
        UserInvite,
        UserStatus,
        UserUpdate,
    )
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.resources.criteria import EventFilter, EventSort, UserFilter, UserSort
    from aioemnify.types import Created


class Users:
    """Users."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def accept_invitation(
        self,
        body: InvitationAccept | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Accept an invitation to a workspace.

        Takes the place of users.activate for invitations, and sends an auth token as other calls do.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: InvitationAccept or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The key is unknown, used or expired, or meant for someone else.
        """
        await self._caller._call(OPERATIONS["users.accept_invitation"], (), body=body, options=options)

    async def activate(
        self,
        body: UserActivation | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Activate a new user and set the password.

        Sends no auth token: the key of the activation mail is what is checked. Invitations have a
        call of their own, users.accept_invitation.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: UserActivation or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: The key is unknown, used or expired, or the password was not accepted.
        """
        await self._caller._call(OPERATIONS["users.activate"], (), body=body, options=options)

    async def assign_role(
        self,
        user_id: int | str,
        role_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Give a user a role.

        Sends no body. workspaces.assign_role does it in one workspace.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            role_id: Role id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user or role.
            ConflictError: The user has the role already.
        """
        await self._caller._call(OPERATIONS["users.assign_role"], (user_id, role_id), options=options)

    async def change_password(
        self,
        body: PasswordChange | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change the password of the caller.

        The caller is the user who logged in: an application token has no password.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: PasswordChange or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The old password is wrong, or the new one was not accepted; the details
                are in errors.
        """
        await self._caller._call(OPERATIONS["users.change_password"], (), body=body, options=options)

    async def create(
        self,
        body: UserCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Create a user.

        The user begins in status Activation Pending and becomes Active with users.activate, whose key
        comes by mail. To add someone to a workspace, users.invite is the newer way.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: UserCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The organisation or a role does not exist.
            ValidationError: Validation failed; the details are in errors.
        """
        result: Created = await self._caller._call(OPERATIONS["users.create"], (), body=body, options=options)
        return result

    async def create_support_token(
        self,
        user_id: int | str,
        body: SupportTokenCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> SupportToken | Created:
        """Create a token for supporting a user.

        With it, support works in the user's place, in the role asked for. Support access shows up as
        events of type 13.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            body: What to send: SupportTokenCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such user.
        """
        result: SupportToken | Created = await self._caller._call(
            OPERATIONS["users.create_support_token"], (user_id,), body=body, options=options
        )
        return result

    async def delete(
        self,
        user_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a user, the old way.

        Deprecated: The API deprecates it; use users.delete_v2.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user.
        """
        await self._caller._call(OPERATIONS["users.delete"], (user_id,), options=options)

    async def delete_v2(
        self,
        user_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a user.

        Named as what replaces users.delete; the API specifies nothing more of it.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(OPERATIONS["users.delete_v2"], (user_id,), options=options)

    async def get(
        self,
        user_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> User:
        """Get one user.

        Takes an id, a username (the e-mail address), or my for the caller.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user.
        """
        result: User = await self._caller._call(OPERATIONS["users.get"], (user_id,), options=options)
        return result

    async def get_role_permissions(
        self,
        user_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> dict[str, Any]:
        """Get what the roles of a user allow.

        The API publishes no shape for the answer. Takes my for the caller.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: dict[str, Any] = await self._caller._call(
            OPERATIONS["users.get_role_permissions"], (user_id,), options=options
        )
        return result

    async def invite(
        self,
        body: UserInvite | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> User | Created:
        """Invite someone to a workspace.

        Answers with the user. The server sends no mail; tell the person yourself.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: UserInvite or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller may not invite anyone there.
            ConflictError: The user is in the workspace already, or is invited.
        """
        result: User | Created = await self._caller._call(
            OPERATIONS["users.invite"], (), body=body, options=options
        )
        return result

    def list(
        self,
        *,
        filter: UserFilter | None = None,
        q: str | None = None,
        sort: UserSort | Sequence[UserSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[User]:
        """List the users of the organisation.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            filter: What to narrow the list to; an unknown field is refused before sending.
            q: The same as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, status, name, username, organisation,
                created.
            page: The page to begin with, from 1.
            per_page: Items per page.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        return Pages(
            self._caller,
            OPERATIONS["users.list"],
            (),
            filter=filter,
            q=q,
            sort=sort,
            page=page,
            size=per_page,
            options=options,
        )

    def list_events(
        self,
        user_id: int | str,
        *,
        filter: EventFilter | None = None,
        q: str | None = None,
        sort: EventSort | Sequence[EventSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Event]:
        """List the events of one user.

        An unknown id or a user of someone else gives an empty list, not a 404. Calls made with an
        application token belong to no user. History reaches back 30 days. Takes my for the caller.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            filter: What to narrow the list to; an unknown field is refused before sending.
            q: The same as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, timestamp, source, severity, alert,
                organisation, user, endpoint, tags, ip_address, iccid, imsi, type.
            page: The page to begin with, from 1.
            per_page: Items per page: 100 by default.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Bad paging or sort values.
            PermissionDeniedError: The caller may not see these events.
            ValidationError: A bad filter.
        """
        return Pages(
            self._caller,
            OPERATIONS["users.list_events"],
            (user_id,),
            filter=filter,
            q=q,
            sort=sort,
            page=page,
            size=per_page,
            options=options,
        )

    async def list_roles(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Role]:
        """List the roles a user can have.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[Role] = await self._caller._call(
            OPERATIONS["users.list_roles"], (), options=options
        )
        return result

    async def list_statuses(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[UserStatus]:
        """List the statuses a user can have.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[UserStatus] = await self._caller._call(
            OPERATIONS["users.list_statuses"], (), options=options
        )
        return result

    async def remove_role(
        self,
        user_id: int | str,
        role_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Take a role from a user.

        The last role of a user stays. workspaces.remove_role does it in one workspace.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            role_id: Role id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user or role, or the user does not have it.
            ConflictError: It is the last role of the user.
        """
        await self._caller._call(OPERATIONS["users.remove_role"], (user_id, role_id), options=options)

    async def resend_activation(
        self,
        body: ActivationResend | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Send the activation mail again.

        Sends no auth token; in its place it needs the answer of a reCAPTCHA that a person has solved,
        so that no program can use it alone. How often a user can be sent the mail is limited.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: ActivationResend or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(OPERATIONS["users.resend_activation"], (), body=body, options=options)

    async def update(
        self,
        user_id: int | str,
        body: UserUpdate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change the name, username or status of a user.

        Send only what changes. Status goes from Active (1) to Suspended (2) and back, and from
        Activation Pending (0) to Suspended. A new username makes the user go through activation
        again.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            body: What to send: UserUpdate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: Validation failed; the details are in errors.
        """
        await self._caller._call(OPERATIONS["users.update"], (user_id,), body=body, options=options)
