# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
import builtins
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from aioemnify.blocking._stubs.pagination import Pages
from aioemnify.blocking._stubs.sweep import Sweep
from aioemnify.fleet import Report
from aioemnify.models.events import Event
from aioemnify.models.lookup_constants import SimStatus
from aioemnify.models.refs import IdRef
from aioemnify.models.sims import (
    Sim,
    SimMigration,
    SimMigrationResult,
    SimStats,
    SimUpdate,
    UnlinkedProductStats,
)
from aioemnify.models.usage import DailyUsage
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import IdRefDict, SimMigrationDict, SimUpdateDict
from aioemnify.resources.filters import EventFilter, EventSort, SimFilter, SimSort
from aioemnify.resources.lookup_names import SimStatusName

class Sims:
    """SIMs."""

    def delete(self, sim_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a SIM for good.

        The API refuses this while the SIM is in an endpoint: detach it first.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            sim_id: SIM id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The SIM is attached to an endpoint, or the caller has resold it."""

    def delete_many(
        self, ids: Iterable[int | str], *, journal: str | os.PathLike[str] | None = None
    ) -> Report:
        """Delete a SIM for good: many, as one job.

        Sends up to 2,000 in a call of sims.delete_bulk, finds the bad ones of a refused call, and
        does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.

        Args:
            ids: The ids.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def delete_bulk(
        self, body: Sequence[IdRef | IdRefDict | int], *, options: CallOptions | None = None
    ) -> None:
        """Delete several SIMs.

        Sends the ids as a JSON array in the body of the DELETE. Detach every SIM from its endpoint
        first; deletion is final.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            body: The request body: each item IdRef or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: A SIM does not belong to the caller, or no longer does.
            NotFoundError: A SIM does not exist."""

    def get(self, sim_id: int | str, *, options: CallOptions | None = None) -> Sim:
        """Get one SIM.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            sim_id: SIM id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get_many(self, ids: Iterable[int]) -> builtins.list[Sim | None]:
        """Get many objects by id, in the order of the ids, with None for each that does not exist.

        Reads pages of the list or single objects, whichever takes less time by the estimate. Calls
        have the priority bulk.

        Limit of a page: 10 calls/s, burst 5, per organisation.
        Limit of an object: 100 calls/s, burst 50, per organisation.

        Args:
            ids: The ids, in any order.

        Raises:
            ArgumentError: An id is not a whole number above 0.
            PermissionDeniedError: None of the objects may be read."""

    def get_stats(self, sim_id: int | str, *, options: CallOptions | None = None) -> SimStats:
        """Get the usage of a SIM: last month, this month, last hour.

        Volumes are in MB for data and in messages for SMS. The server may wrap the object in an
        array.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            sim_id: SIM id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(
        self,
        *,
        filter: SimFilter | None = None,
        q: str | None = None,
        sort: SimSort | Sequence[SimSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Sim]:
        """List the SIMs of the organisation.

        A page holds 2000 SIMs by default and at most 2500.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, issuer_org, reseller_org,
                customer_org, iccid, eid, status, production_date, endpoint, model.
            page: The first page to return, from 1.
            per_page: Items per page: 2000 by default, at most 2500.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def sweep(
        self,
        *,
        filter: SimFilter | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        strict: bool = False,
        options: CallOptions | None = None,
    ) -> Sweep[Sim]:
        """List the SIMs of the organisation, all of them, and miss nothing while the list changes.

        The sweep reads backward, each item once, in no particular order. Its report says when it is
        complete. Without options, calls have the priority bulk.

        Limit: 10 calls/s, burst 5, per organisation.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            per_page: Items per page; the most that the server gives by default, 2500.
            checkpoint: A file to continue from after a crash. It is removed when the sweep is
                finished.
            strict: Read one page at a time, instead of several at once.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            SweepError: While it is read: the checkpoint is that of another sweep or cannot be used,
                or the list changes too fast."""

    def find(
        self,
        text: str | None = None,
        *,
        iccid: str | None = None,
        eid: str | None = None,
        imsi: str | None = None,
        imei: str | None = None,
        msisdn: str | None = None,
        ip_address: str | None = None,
        name: str | None = None,
        options: CallOptions | None = None,
    ) -> Sim:
        """Find the only object that a text identifies, or raise an error.

        19 or 20 digits are an ICCID, 32 an EID, 16 an IMEISV, 7 to 14 an MSISDN, and up to 15 after a
        +; 15 digits are an IMSI, else an IMEI if the check digit is right, else an MSISDN. Spaces
        between digits do not count. A dotted address is that of the endpoint, and any other text is
        its name. A keyword forces one kind. For an id use get.

        Calls: 1 for ICCID, EID, IMSI, MSISDN; 2 for IMEI, IP address, name. Exceptions: an IMEI of 15
        digits takes 2, and 1 more each time the number of endpoints doubles beyond 1,000; each kind
        that 15 digits are not takes 1; a filter that matches more than a page takes 1 for each page,
        because values are compared again here.

        Limit of sims.list: 10 calls/s, burst 5, per organisation.
        Limit of endpoints.list: 10 calls/s, burst 5, per organisation.

        Args:
            text: An identifier of any kind.
            iccid: 19 digits, or 20 with the check digit.
            eid: 32 digits of an eUICC.
            imsi: 15 digits.
            imei: 15 digits, or the 16 digits of an IMEISV.
            msisdn: Up to 15 digits, with or without +.
            ip_address: The IPv4 address of the endpoint.
            name: The name of the endpoint, exactly.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ArgumentError: There is not exactly one identifier, or it has the wrong form, or it is an
                id.
            FilterValueError: A name that the API cannot filter by, such as one with a comma.
            NoResultError: Nothing has the identifier.
            MultipleResultsError: Several have it; results lists them."""

    def list_daily_stats(
        self,
        sim_id: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[DailyUsage]:
        """List the usage of a SIM day by day.

        Covers the current month by default. The API's text names both date parameters without
        declaring them.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            sim_id: SIM id.
            start_date: First day (YYYY-MM-DD).
            end_date: Last day (YYYY-MM-DD).
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_events(
        self,
        sim_id: int | str,
        *,
        filter: EventFilter | None = None,
        q: str | None = None,
        sort: EventSort | Sequence[EventSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Event]:
        """List the events of one SIM.

        An unknown id or another organisation's SIM gives an empty list, not a 404. The history covers
        30 days.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            sim_id: SIM id.
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, timestamp, source, severity, alert,
                organisation, user, endpoint, tags, ip_address, iccid, imsi, type.
            page: The first page to return, from 1.
            per_page: Items per page: 100 by default.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Invalid paging or sort values.
            ValidationError: An invalid filter."""

    def sweep_events(
        self,
        sim_id: int | str,
        *,
        filter: EventFilter | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        strict: bool = False,
        options: CallOptions | None = None,
    ) -> Sweep[Event]:
        """List the events of one SIM, all of them, and miss nothing while the list changes.

        The sweep reads backward, each item once, in no particular order. Its report says when it is
        complete. Without options, calls have the priority bulk.

        Limit: only those of the client address and the month.

        Args:
            sim_id: SIM id.
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            per_page: Items per page; the most that the server gives by default.
            checkpoint: A file to continue from after a crash. It is removed when the sweep is
                finished.
            strict: Read one page at a time, instead of several at once.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            SweepError: While it is read: the checkpoint is that of another sweep or cannot be used,
                or the list changes too fast."""

    def list_statuses(self, *, options: CallOptions | None = None) -> builtins.list[SimStatus]:
        """List the statuses a SIM can have.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_unlinked_product_stats(
        self, *, options: CallOptions | None = None
    ) -> builtins.list[UnlinkedProductStats]:
        """Count the SIMs without an endpoint per product.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this."""

    def migrate_workspace(
        self, body: SimMigration | SimMigrationDict, *, options: CallOptions | None = None
    ) -> SimMigrationResult:
        """Move SIMs to another workspace, or do a dry run.

        A dry run unless dry_run is false. Select at most 500 SIMs in exactly one way: by id, by
        ICCID, or by ICCID range. Needs a token from user credentials and admin rights in both
        workspaces.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: SimMigration or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: The selection of SIMs is missing, ambiguous or too large.
            NotFoundError: A SIM or the target workspace does not exist.
            ConflictError: Nothing was moved: each entry has a reason (1502 to 1505) and the SIMs
                concerned."""

    def migrate_workspace_many(
        self,
        sims: Iterable[IdRef | IdRefDict | int | Mapping[str, Any]],
        *,
        target_workspace: IdRef | int,
        allowed_sim_statuses: Sequence[SimStatus | int] | None = None,
        dry_run: bool | None = None,
        auto_detach_devices: bool | None = None,
        journal: str | os.PathLike[str] | None = None,
    ) -> Report:
        """Move SIMs to another workspace, or do a dry run: many, as one job.

        Sends up to 500 in a call of sims.migrate_workspace, finds the bad ones of a refused call, and
        does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.

        Args:
            sims: Sims.
            target_workspace: Target workspace.
            allowed_sim_statuses: Reject SIMs in any other status.
            dry_run: If true, nothing moves.
            auto_detach_devices: Detach SIMs from their endpoints instead of rejecting them.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def update(
        self, sim_id: int | str, body: SimUpdate | SimUpdateDict, *, options: CallOptions | None = None
    ) -> None:
        """Change the status or the owners of a SIM.

        Send only what changes. A customer may only set the status, a reseller also reseller_org and
        customer_org, the issuer everything. Allowed status changes: Issued to Activated or Factory
        Test, Factory Test to Activated, Activated to Suspended and back. No SIM returns to Issued;
        deletion has its own call.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            sim_id: SIM id.
            body: The request body: SimUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body. For a status change that is not allowed, the API
                answers with this or with 409."""

    def set_status_many(
        self,
        ids: Iterable[int],
        status: SimStatus | int | SimStatusName,
        *,
        journal: str | os.PathLike[str] | None = None,
    ) -> Report:
        """Set the status of many objects as one job.

        Reads them first (get_many). Those that have the status already are left out. Those with an
        endpoint are changed through it, up to 2,000 in a call, and their rows in the report have its
        id; do not move them to another endpoint meanwhile. All others take a call each.

        Limit: only those of the client address and the month.

        Args:
            ids: The ids.
            status: The new status.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""
