# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
import builtins
import os
from collections.abc import Iterable, Sequence

from aioemnify.blocking._stubs.pagination import Pages
from aioemnify.blocking._stubs.sweep import Sweep
from aioemnify.models.euiccs import (
    EidRef,
    Euicc,
    EuiccOperation,
    EuiccOperationAction,
    EuiccOperationRequest,
    EuiccOperationStatus,
    EuiccProfileStatus,
    EuiccStatus,
    EuiccUnlinkedValidation,
)
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import EuiccOperationRequestDict, EuiccUnlinkedValidationDict
from aioemnify.resources.filters import EuiccFilter, EuiccOperationFilter, EuiccOperationSort, EuiccSort

class Euiccs:
    """eUICCs."""

    def cancel_operation(
        self, euicc_id: int | str, operation_id: str, *, options: CallOptions | None = None
    ) -> None:
        """Cancel an operation of an eUICC.

        The API reserves this call for future use; do not rely on it to stop a scheduled operation.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            euicc_id: eUICC id, not the EID.
            operation_id: Operation id, a UUID.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such operation or eUICC."""

    def get(self, euicc_id: int | str, *, options: CallOptions | None = None) -> Euicc:
        """Get one eUICC with its profiles.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            euicc_id: eUICC id, not the EID.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such eUICC."""

    def get_many(self, ids: Iterable[int]) -> builtins.list[Euicc | None]:
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

    def get_operation(
        self, euicc_id: int | str, operation_id: str, *, options: CallOptions | None = None
    ) -> EuiccOperation:
        """Get one operation of an eUICC.

        The operation is complete when finalization_date is set; error then holds the reason if it
        failed.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            euicc_id: eUICC id, not the EID.
            operation_id: Operation id, a UUID.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such operation or eUICC, or the eUICC is not an IoT one."""

    def wait_for_operation(
        self,
        euicc_id: int | str,
        operation_id: str,
        *,
        every: float = 5.0,
        timeout: float = 3600.0,
        options: CallOptions | None = None,
    ) -> EuiccOperation:
        """Wait until an operation of an eUICC has succeeded.

        finalization_date ends the wait. An error, a status such as failed, expired or cancelled, or
        no end ten minutes after expiry_date ends it with WaitFailedError. The ids of the statuses are
        not documented, so their descriptions decide.

        Calls that fail for a reason that may pass (no connection, 5xx, 429, a deadline) are repeated.

        Limit of a call: only those of the client address and the month.

        Args:
            euicc_id: eUICC id, not the EID.
            operation_id: Operation id, a UUID.
            every: Seconds to the second call; each pause is half as long again, up to ten times this.
            timeout: Seconds until the last call.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            WaitTimeoutError: The time ran out; last is the last value.
            WaitFailedError: It can no longer happen; last is the value that shows it."""

    def list(
        self,
        *,
        filter: EuiccFilter | None = None,
        q: str | None = None,
        sort: EuiccSort | Sequence[EuiccSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Euicc]:
        """List the eUICCs of the organisation.

        Each includes its profiles, so pages are larger than the count suggests.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, eid, modified, supported_profile_type,
                status, eim.
            page: The first page to return, from 1.
            per_page: Items per page: 100 by default, at most 1000.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Invalid paging, sort or filter values.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: The organisation does not have this collection."""

    def sweep(
        self,
        *,
        filter: EuiccFilter | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        strict: bool = False,
        options: CallOptions | None = None,
    ) -> Sweep[Euicc]:
        """List the eUICCs of the organisation, all of them, and miss nothing while the list changes.

        The sweep reads backward, each item once, in no particular order. Its report says when it is
        complete. Without options, calls have the priority bulk.

        Limit: only those of the client address and the month.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            per_page: Items per page; the most that the server gives by default, 1000.
            checkpoint: A file to continue from after a crash. It is removed when the sweep is
                finished.
            strict: Read one page at a time, instead of several at once.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            SweepError: While it is read: the checkpoint is that of another sweep or cannot be used,
                or the list changes too fast."""

    def list_operation_actions(
        self, *, options: CallOptions | None = None
    ) -> builtins.list[EuiccOperationAction]:
        """List the actions that can be scheduled on an eUICC.

        Read the ids here before you schedule an operation; the API documents only the names.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this."""

    def list_operation_statuses(
        self, *, options: CallOptions | None = None
    ) -> builtins.list[EuiccOperationStatus]:
        """List the statuses an eUICC operation can have.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this."""

    def list_operations(
        self,
        euicc_id: int | str,
        *,
        filter: EuiccOperationFilter | None = None,
        q: str | None = None,
        sort: EuiccOperationSort | Sequence[EuiccOperationSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[EuiccOperation]:
        """List the operations of one eUICC, both open and completed.

        Only IoT eUICCs have operations. A page holds at most 1000.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            euicc_id: eUICC id, not the EID.
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, action, status, iccid_with_luhn,
                creation_date, expiry_date, finalization_date.
            page: The first page to return, from 1.
            per_page: Items per page: 100 by default, at most 1000.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Invalid paging, sort or filter values.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such eUICC, or it is not an IoT one."""

    def list_profile_statuses(
        self, *, options: CallOptions | None = None
    ) -> builtins.list[EuiccProfileStatus]:
        """List the statuses a profile on an eUICC can have.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this."""

    def list_statuses(self, *, options: CallOptions | None = None) -> builtins.list[EuiccStatus]:
        """List the statuses an eUICC can have.

        The API reserves this call for future use; do not rely on it.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this."""

    def schedule_operations(
        self,
        euicc_id: int | str,
        body: Sequence[EuiccOperationRequest | EuiccOperationRequestDict],
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[EuiccOperation]:
        """Schedule operations on one eUICC.

        The request and the response are arrays, even for one operation. The response shows what was
        scheduled, not what was done: the chip fetches the operations when it next polls. Poll each by
        its id with get_operation; an operation that is not done within its validity_period expires.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            euicc_id: eUICC id, not the EID.
            body: The request body: each item EuiccOperationRequest or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body, or members that do not match the action.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such eUICC, or it is not an IoT one."""

    def validate_unlinked(
        self,
        body: EuiccUnlinkedValidation | EuiccUnlinkedValidationDict,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[EidRef]:
        """Find out which of these eUICCs already have a profile.

        This call changes nothing. The response lists the EIDs that are not free; an empty list means
        that all of them are free.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            body: The request body: EuiccUnlinkedValidation or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: One of the EIDs is unknown."""
