# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
import builtins
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aioemnify.blocking._stubs.pagination import Pages
from aioemnify.fleet import Report
from aioemnify.models.refs import ProductRef
from aioemnify.models.sim_operations import (
    SimOperation,
    SimOperationAction,
    SimOperationCreate,
    SimOperationStatus,
    SimOperationTarget,
)
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import SimOperationCreateDict, SimOperationTargetDict
from aioemnify.resources.filters import SimOperationFilter, SimOperationSort
from aioemnify.types import Created

class SimOperations:
    """SIM operations."""

    def create(
        self, body: SimOperationCreate | SimOperationCreateDict, *, options: CallOptions | None = None
    ) -> SimOperation | Created:
        """Start one action on several SIMs or eUICCs.

        The operation runs in the background: 201 means that it has started. Poll it by its id with
        get until finalization_date is set, then compare failed_count with total_count, because some
        targets may fail while others succeed.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: SimOperationCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body, or members that do not match the action.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: A target or the product does not exist."""

    def create_many(
        self,
        target: Iterable[SimOperationTarget | SimOperationTargetDict | Mapping[str, Any]],
        *,
        action: SimOperationAction | int,
        product: ProductRef | None = None,
        journal: str | os.PathLike[str] | None = None,
    ) -> Report:
        """Start one action on several SIMs or eUICCs: many, as one job.

        Sends up to 2,000 in a call of sim_operations.create, finds the bad ones of a refused call,
        and does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.

        Args:
            target: The SIMs or eUICCs, each by SIM id or by EID.
            action: Action.
            product: For actions that need a product; only its id is needed.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def get(self, operation_id: str, *, options: CallOptions | None = None) -> SimOperation:
        """Get one SIM operation.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            operation_id: Operation id, a UUID.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such operation."""

    def wait_for_operation(
        self,
        operation_id: str,
        *,
        every: float = 5.0,
        timeout: float = 3600.0,
        options: CallOptions | None = None,
    ) -> SimOperation:
        """Wait until an operation has succeeded for all of its targets.

        finalization_date ends the wait. If one target failed, or the status says failed, expired or
        cancelled, it ends with WaitFailedError, whose last is the operation with its counters and
        errors.

        Calls that fail for a reason that may pass (no connection, 5xx, 429, a deadline) are repeated.

        Limit of a call: only those of the client address and the month.

        Args:
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
        filter: SimOperationFilter | None = None,
        q: str | None = None,
        sort: SimOperationSort | Sequence[SimOperationSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[SimOperation]:
        """List the SIM operations of the organisation.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, action, status, creation_date,
                finalization_date.
            page: The first page to return, from 1.
            per_page: Items per page: 100 by default.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Invalid paging, sort or filter values.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: The organisation does not have this collection."""

    def list_actions(self, *, options: CallOptions | None = None) -> builtins.list[SimOperationAction]:
        """List the actions of SIM operations.

        Read the ids here before you create an operation; the API does not document them.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this."""

    def list_statuses(self, *, options: CallOptions | None = None) -> builtins.list[SimOperationStatus]:
        """List the statuses a SIM operation can have.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this."""
