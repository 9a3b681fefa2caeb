# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
import builtins
import os
from collections.abc import Iterable, Sequence
from typing import Any

from aioemnify.blocking._stubs.pagination import Pages
from aioemnify.blocking._stubs.sweep import Sweep
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
from aioemnify.resources.bodies import (
    ActivationResendDict,
    InvitationAcceptDict,
    PasswordChangeDict,
    SupportTokenCreateDict,
    UserActivationDict,
    UserCreateDict,
    UserInviteDict,
    UserUpdateDict,
)
from aioemnify.resources.filters import EventFilter, EventSort, UserFilter, UserSort
from aioemnify.types import Created

class Users:
    """Users."""

    def accept_invitation(
        self, body: InvitationAccept | InvitationAcceptDict, *, options: CallOptions | None = None
    ) -> None:
        """Accept an invitation to a workspace.

        Use this instead of users.activate for invitations; it sends an auth token like other calls.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: InvitationAccept or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The key is unknown, used or expired, or meant for someone else."""

    def activate(
        self, body: UserActivation | UserActivationDict, *, options: CallOptions | None = None
    ) -> None:
        """Activate a new user and set the password.

        The call sends no auth token: the API checks the key from the activation mail. For
        invitations, use users.accept_invitation.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: UserActivation or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: The key is unknown, used or expired, or the password was not accepted."""

    def assign_role(
        self, user_id: int | str, role_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Assign a role to a user.

        The request has no body. For one workspace only, use workspaces.assign_role.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            role_id: Role id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user or role.
            ConflictError: The user already has the role."""

    def change_password(
        self, body: PasswordChange | PasswordChangeDict, *, options: CallOptions | None = None
    ) -> None:
        """Change the password of the caller.

        The caller must be a user who logged in: an application token has no password.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: PasswordChange or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The old password is wrong, or the new one was not accepted; the details
                are in errors."""

    def create(self, body: UserCreate | UserCreateDict, *, options: CallOptions | None = None) -> Created:
        """Create a user.

        The user starts in status Activation Pending and becomes Active with users.activate and the
        key from the activation mail. To add someone to a workspace, prefer users.invite.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: UserCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The organisation or a role does not exist.
            ValidationError: Validation failed; the details are in errors."""

    def create_support_token(
        self,
        user_id: int | str,
        body: SupportTokenCreate | SupportTokenCreateDict,
        *,
        options: CallOptions | None = None,
    ) -> SupportToken | Created:
        """Create a token to support a user.

        With this token, support acts on behalf of the user, in the requested role. Support access is
        recorded as events of type 13.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            body: The request body: SupportTokenCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such user."""

    def delete(self, user_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a user.

        The API names this call as the replacement of users.delete_v1 and documents nothing more about
        it.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def delete_v1(self, user_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a user with the deprecated v1 call.

        Deprecated: The API deprecates it; use users.delete.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user."""

    def get(self, user_id: int | str, *, options: CallOptions | None = None) -> User:
        """Get one user.

        Pass an id, a username (the e-mail address), or "my" for the caller.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user."""

    def get_many(self, ids: Iterable[int]) -> builtins.list[User | None]:
        """Get many objects by id, in the order of the ids, with None for each that does not exist.

        Reads pages of the list or single objects, whichever takes less time by the estimate. Calls
        have the priority bulk.

        Limit of a page: only those of the client address and the month.
        Limit of an object: only those of the client address and the month.

        Args:
            ids: The ids, in any order.

        Raises:
            ArgumentError: An id is not a whole number above 0.
            PermissionDeniedError: None of the objects may be read."""

    def get_role_permissions(
        self, user_id: int | str, *, options: CallOptions | None = None
    ) -> dict[str, Any]:
        """Get the permissions of a user's roles.

        The shape of the response is not documented. Pass "my" for the caller.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def invite(
        self, body: UserInvite | UserInviteDict, *, options: CallOptions | None = None
    ) -> User | Created:
        """Invite someone to a workspace.

        Returns the user. The server sends no mail; notify the person yourself.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: UserInvite or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller is not allowed to invite users there.
            ConflictError: The user is already in the workspace, or is invited."""

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

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, status, name, username, organisation,
                created.
            page: The first page to return, from 1.
            per_page: Items per page.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def sweep(
        self,
        *,
        filter: UserFilter | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        strict: bool = False,
        options: CallOptions | None = None,
    ) -> Sweep[User]:
        """List the users of the organisation, all of them, and miss nothing while the list changes.

        The sweep reads backward, each item once, in no particular order. Its report says when it is
        complete. Without options, calls have the priority bulk.

        Limit: only those of the client address and the month.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            per_page: Items per page; the most that the server gives by default.
            checkpoint: A file to continue from after a crash. It is removed when the sweep is
                finished.
            strict: Read one page at a time, instead of several at once.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            SweepError: While it is read: the checkpoint is that of another sweep or cannot be used,
                or the list changes too fast."""

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

        An unknown id or another organisation's user gives an empty list, not a 404. Calls made with
        an application token do not belong to a user. The history covers 30 days. Pass "my" for the
        caller.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, timestamp, source, severity, alert,
                organisation, user, endpoint, tags, ip_address, iccid, imsi, type.
            page: The first page to return, from 1.
            per_page: Items per page: 100 by default.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Invalid paging or sort values.
            PermissionDeniedError: The caller is not allowed to see these events.
            ValidationError: An invalid filter."""

    def sweep_events(
        self,
        user_id: int | str,
        *,
        filter: EventFilter | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        strict: bool = False,
        options: CallOptions | None = None,
    ) -> Sweep[Event]:
        """List the events of one user, all of them, and miss nothing while the list changes.

        The sweep reads backward, each item once, in no particular order. Its report says when it is
        complete. Without options, calls have the priority bulk.

        Limit: only those of the client address and the month.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            per_page: Items per page; the most that the server gives by default.
            checkpoint: A file to continue from after a crash. It is removed when the sweep is
                finished.
            strict: Read one page at a time, instead of several at once.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            SweepError: While it is read: the checkpoint is that of another sweep or cannot be used,
                or the list changes too fast."""

    def list_roles(self, *, options: CallOptions | None = None) -> builtins.list[Role]:
        """List the roles a user can have.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_statuses(self, *, options: CallOptions | None = None) -> builtins.list[UserStatus]:
        """List the statuses a user can have.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def remove_role(
        self, user_id: int | str, role_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Remove a role from a user.

        The last role of a user cannot be removed. For one workspace only, use workspaces.remove_role.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            role_id: Role id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user or role, or the user does not have it.
            ConflictError: It is the last role of the user."""

    def resend_activation(
        self, body: ActivationResend | ActivationResendDict, *, options: CallOptions | None = None
    ) -> None:
        """Send the activation mail again.

        The call sends no auth token. It needs the response of a reCAPTCHA that a person has solved,
        so a program alone cannot use it. The API limits how often it sends the mail to a user.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: ActivationResend or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def update(
        self, user_id: int | str, body: UserUpdate | UserUpdateDict, *, options: CallOptions | None = None
    ) -> None:
        """Change the name, username or status of a user.

        Send only what changes. Allowed status changes: Active (1) to Suspended (2) and back, and
        Activation Pending (0) to Suspended. With a new username, the user must be activated again.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            body: The request body: UserUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: Validation failed; the details are in errors."""
