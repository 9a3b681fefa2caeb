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
from aioemnify.models.endpoints import (
    ConnectivityInfo,
    ConnectivityReset,
    Endpoint,
    EndpointBulkCreate,
    EndpointBulkUpdateItem,
    EndpointConnectivity,
    EndpointCreate,
    EndpointStats,
    EndpointStatus,
    EndpointUpdate,
    Quota,
    QuotaSet,
    Sms,
    SmsSend,
    TrafficLimitExtension,
    TrafficLimitExtensionCreate,
)
from aioemnify.models.events import Event
from aioemnify.models.operators import Operator
from aioemnify.models.refs import IdRef
from aioemnify.models.tags import Tag
from aioemnify.models.usage import DailyUsage
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import (
    ConnectivityResetDict,
    EndpointBulkCreateDict,
    EndpointBulkUpdateItemDict,
    EndpointCreateDict,
    EndpointUpdateDict,
    IdRefDict,
    QuotaSetDict,
    SmsSendDict,
    TrafficLimitExtensionCreateDict,
)
from aioemnify.resources.filters import EndpointFilter, EndpointSort, EventFilter, EventSort
from aioemnify.types import Created

class Endpoints:
    """Endpoints."""

    def assign_tag(
        self, endpoint_id: int | str, body: IdRef | IdRefDict | int, *, options: CallOptions | None = None
    ) -> Created:
        """Assign a tag to an endpoint.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: The request body: IdRef or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller is not allowed to do this.
            ConflictError: The endpoint already has this tag.
            ValidationError: No such tag."""

    def assign_tag_many(
        self,
        rows: Iterable[tuple[int | str, IdRef | IdRefDict | int | Mapping[str, Any]]],
        *,
        journal: str | os.PathLike[str] | None = None,
    ) -> Report:
        """Assign a tag to an endpoint: many, as one job.

        Sends up to 2,000 in a call of tags.assign_bulk, finds the bad ones of a refused call, and
        does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.

        Args:
            rows: Tuples of endpoint_id and body.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def block_operator(
        self, endpoint_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Block an operator for an endpoint.

        The request has no body.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            endpoint_id: Endpoint id.
            operator_id: Operator id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: The operator is already blocked (code 1405)."""

    def cancel_sms(
        self, endpoint_id: int | str, sms_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Cancel a message that is waiting for delivery.

        Only possible while the message is BUFFERED.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            endpoint_id: Endpoint id.
            sms_id: Message id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def create(
        self, body: EndpointCreate | EndpointCreateDict, *, options: CallOptions | None = None
    ) -> Endpoint | Created:
        """Create an endpoint, with or without a SIM.

        This call must not overlap with another endpoint write of the organisation, single or bulk. A
        SIM given only by id is assigned; whether it is also activated has varied, so read it to be
        sure. An ip_address also needs ip_address_space; without both, the server chooses a free
        address. For an address in use, the API answers 409 (code 1405).

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.
        Serialised: one endpoint write at a time per organisation.

        Args:
            body: The request body: EndpointCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            NotFoundError: No free IP address is left (code 1601), or a referenced object does not
                exist.
            ValidationError: Validation failed; the details are in errors."""

    def create_many(
        self,
        rows: Iterable[EndpointCreate | EndpointCreateDict | Mapping[str, Any]],
        *,
        shared: Mapping[str, Any] | None = None,
        journal: str | os.PathLike[str] | None = None,
    ) -> Report:
        """Create an endpoint, with or without a SIM: many, as one job.

        Sends up to 2,000 in a call of endpoints.create_bulk, finds the bad ones of a refused call,
        and does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.
        Serialised: one endpoint write at a time per organisation.

        Args:
            rows: The bodies.
            shared: Members that all rows have; each row is a mapping then.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def create_bulk(
        self, body: EndpointBulkCreate | EndpointBulkCreateDict, *, options: CallOptions | None = None
    ) -> builtins.list[Endpoint]:
        """Create up to 2000 endpoints that share their profiles.

        This call must not overlap with another endpoint write of the organisation, single or bulk.
        The status of a returned endpoint may lack its id.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.
        Serialised: one endpoint write at a time per organisation.

        Args:
            body: The request body: EndpointBulkCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: A referenced object does not exist, or no addresses are left.
            ValidationError: Validation failed; the details are in errors."""

    def create_traffic_limit_extension(
        self,
        endpoint_id: int | str,
        body: TrafficLimitExtensionCreate | TrafficLimitExtensionCreateDict,
        *,
        options: CallOptions | None = None,
    ) -> TrafficLimitExtension | Created:
        """Raise a traffic limit of one endpoint for the rest of the month.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: The request body: TrafficLimitExtensionCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: An object in the path does not exist."""

    def delete(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete an endpoint.

        This call must not overlap with another endpoint write of the organisation. First detach the
        SIM by an update with sim id null.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.
        Serialised: one endpoint write at a time per organisation.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            NotFoundError: An object in the path does not exist.
            ConflictError: A SIM is still attached."""

    def delete_many(
        self,
        ids: Iterable[int | str],
        *,
        delete_sims: bool | None = None,
        journal: str | os.PathLike[str] | None = None,
    ) -> Report:
        """Delete an endpoint: many, as one job.

        Sends up to 2,000 in a call of endpoints.delete_bulk, finds the bad ones of a refused call,
        and does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.
        Serialised: one endpoint write at a time per organisation.

        Args:
            ids: The ids.
            delete_sims: Also delete the attached SIMs; otherwise they are suspended.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def delete_bulk(
        self,
        body: Sequence[IdRef | IdRefDict | int],
        *,
        delete_sims: bool | None = None,
        options: CallOptions | None = None,
    ) -> None:
        """Delete several endpoints and release their SIMs.

        This call must not overlap with another endpoint write of the organisation. It sends the ids
        as a JSON array in the body of the DELETE. Attached SIMs are detached and suspended, or
        deleted with delete_sims.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.
        Serialised: one endpoint write at a time per organisation.

        Args:
            body: The request body: each item IdRef or a mapping of the same members.
            delete_sims: Also delete the attached SIMs; otherwise they are suspended.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: An endpoint does not exist."""

    def delete_data_quota(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> None:
        """Remove the data quota of an endpoint.

        With apply_data_quota, the endpoint is then blocked.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such endpoint, or it has no quota."""

    def delete_sms_quota(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> None:
        """Remove the SMS quota of an endpoint.

        With apply_sms_quota, the endpoint is then blocked.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such endpoint, or it has no quota."""

    def delete_traffic_limit_extensions(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Remove every traffic limit extension of an endpoint.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: An object in the path does not exist."""

    def get(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> Endpoint:
        """Get one endpoint.

        Unlike in the list, ip_address_space includes its CIDR and version.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get_many(self, ids: Iterable[int]) -> builtins.list[Endpoint | None]:
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

    def get_connectivity(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> EndpointConnectivity:
        """Get the last known network state of an endpoint.

        Use this for monitoring: it reads the records of the core network and causes no signalling.
        Its answer can lag: a device that was powered off may stay ATTACHED for a day or two. location
        and pdp_context are missing when the device is OFFLINE. To ask the visited network live, use
        endpoints.get_connectivity_info.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get_connectivity_info(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> ConnectivityInfo:
        """Ask the visited network where the device is now.

        Use this to locate one device: it asks the network live and causes signalling each time. The
        API answers 200 even when the network gave no answer; subscriber_info is then missing, or has
        success false with an error. For the last known state, without signalling, use
        endpoints.get_connectivity.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The subscriber is unknown, or the network cannot be queried."""

    def get_data_quota(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> Quota:
        """Get the data quota of an endpoint.

        The response for an endpoint without a quota is not documented.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def wait_for_data_quota_reset(
        self,
        endpoint_id: int | str,
        *,
        every: float = 60.0,
        timeout: float = 90000.0,
        options: CallOptions | None = None,
    ) -> Quota:
        """Wait until the data quota of an endpoint allows traffic again.

        The platform restores a quota with auto_refill every day at 00:00 UTC. A quota that allows
        traffic ends the wait at once. One that has expired, or is used up and has no auto_refill,
        ends it with WaitFailedError.

        Calls that fail for a reason that may pass (no connection, 5xx, 429, a deadline) are repeated.

        Limit of a call: only those of the client address and the month.

        Args:
            endpoint_id: Endpoint id.
            every: Seconds to the second call; each pause is half as long again, up to ten times this.
            timeout: Seconds until the last call.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            WaitTimeoutError: The time ran out; last is the last value.
            WaitFailedError: It can no longer happen; last is the value that shows it."""

    def get_sms(
        self, endpoint_id: int | str, sms_id: int | str, *, options: CallOptions | None = None
    ) -> Sms:
        """Get one message of an endpoint.

        Statuses 4 to 7 are final.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            sms_id: Message id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def wait_for_sms(
        self,
        endpoint_id: int | str,
        sms_id: int | str,
        *,
        every: float = 2.0,
        timeout: float = 300.0,
        options: CallOptions | None = None,
    ) -> Sms:
        """Wait until a message is delivered.

        FAILED, EXPIRED and CANCELED end the wait with WaitFailedError.

        Calls that fail for a reason that may pass (no connection, 5xx, 429, a deadline) are repeated.

        Limit of a call: only those of the client address and the month.

        Args:
            endpoint_id: Endpoint id.
            sms_id: Message id.
            every: Seconds to the second call; each pause is half as long again, up to ten times this.
            timeout: Seconds until the last call.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            WaitTimeoutError: The time ran out; last is the last value.
            WaitFailedError: It can no longer happen; last is the value that shows it."""

    def get_sms_quota(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> Quota:
        """Get the SMS quota of an endpoint.

        According to the documentation, it has the shape of the data quota; no separate shape is
        documented.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def wait_for_sms_quota_reset(
        self,
        endpoint_id: int | str,
        *,
        every: float = 60.0,
        timeout: float = 90000.0,
        options: CallOptions | None = None,
    ) -> Quota:
        """Wait until the SMS quota of an endpoint allows traffic again.

        The platform restores a quota with auto_refill every day at 00:00 UTC. A quota that allows
        traffic ends the wait at once. One that has expired, or is used up and has no auto_refill,
        ends it with WaitFailedError.

        Calls that fail for a reason that may pass (no connection, 5xx, 429, a deadline) are repeated.

        Limit of a call: only those of the client address and the month.

        Args:
            endpoint_id: Endpoint id.
            every: Seconds to the second call; each pause is half as long again, up to ten times this.
            timeout: Seconds until the last call.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            WaitTimeoutError: The time ran out; last is the last value.
            WaitFailedError: It can no longer happen; last is the value that shows it."""

    def get_stats(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> EndpointStats:
        """Get the usage of an endpoint: last month, this month, last hour.

        Volumes are in MB for data and in messages for SMS. A month without traffic is missing.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(
        self,
        *,
        filter: EndpointFilter | None = None,
        q: str | None = None,
        sort: EndpointSort | Sequence[EndpointSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Endpoint]:
        """List the endpoints of the organisation.

        Each endpoint includes its SIM with status. runtime_data is present only while the device is
        attached to a network; ip_address_space has only its id here.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            q: The filter as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, status, last_updated, created, name,
                tags, ip_address, imei, eid, service_profile, tariff_profile.
            page: The first page to return, from 1.
            per_page: Items per page: 1000 by default, at most 1000.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def sweep(
        self,
        *,
        filter: EndpointFilter | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        strict: bool = False,
        options: CallOptions | None = None,
    ) -> Sweep[Endpoint]:
        """List the endpoints of the organisation, all of them, and miss nothing while the list changes.

        The sweep reads backward, each item once, in no particular order. Its report says when it is
        complete. Without options, calls have the priority bulk.

        Limit: 10 calls/s, burst 5, per organisation.

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
    ) -> Endpoint:
        """Find the only object that a text identifies, or raise an error.

        19 or 20 digits are an ICCID, 32 an EID, 16 an IMEISV, 7 to 14 an MSISDN, and up to 15 after a
        +; 15 digits are an IMSI, else an IMEI if the check digit is right, else an MSISDN. Spaces
        between digits do not count. A dotted address is that of the endpoint, and any other text is
        its name. A keyword forces one kind. For an id use get.

        Calls: 1 for ICCID, EID, IMEI, IP address, name; 2 for IMSI, MSISDN. Exceptions: an IMEI of 15
        digits takes 1, and 1 more each time the number of endpoints doubles beyond 1,000; each kind
        that 15 digits are not takes 1; a filter that matches more than a page takes 1 for each page,
        because values are compared again here.

        Limit of endpoints.list: 10 calls/s, burst 5, per organisation.
        Limit of sims.list: 10 calls/s, burst 5, per organisation.

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
        endpoint_id: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[DailyUsage]:
        """List the usage of an endpoint day by day.

        With only a start date, the list covers six months; with only an end date, the month of that
        date.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            start_date: First day (YYYY-MM-DD).
            end_date: Last day (YYYY-MM-DD).
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_events(
        self,
        endpoint_id: int | str,
        *,
        filter: EventFilter | None = None,
        q: str | None = None,
        sort: EventSort | Sequence[EventSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Event]:
        """List the events of one endpoint.

        An unknown id or another organisation's endpoint gives an empty list, not a 404. The history
        covers 30 days.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
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
        endpoint_id: int | str,
        *,
        filter: EventFilter | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        strict: bool = False,
        options: CallOptions | None = None,
    ) -> Sweep[Event]:
        """List the events of one endpoint, all of them, and miss nothing while the list changes.

        The sweep reads backward, each item once, in no particular order. Its report says when it is
        complete. Without options, calls have the priority bulk.

        Limit: only those of the client address and the month.

        Args:
            endpoint_id: Endpoint id.
            filter: Fields to filter by; an unknown field raises an error before the call is sent.
            per_page: Items per page; the most that the server gives by default.
            checkpoint: A file to continue from after a crash. It is removed when the sweep is
                finished.
            strict: Read one page at a time, instead of several at once.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            SweepError: While it is read: the checkpoint is that of another sweep or cannot be used,
                or the list changes too fast."""

    def list_operator_blocklist(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[Operator]:
        """List the operators that an endpoint may not use.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_sms(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> builtins.list[Sms]:
        """List the messages sent to and from an endpoint.

        The list is not paged.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_statuses(self, *, options: CallOptions | None = None) -> builtins.list[EndpointStatus]:
        """List the statuses an endpoint can have.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_tags(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> builtins.list[Tag]:
        """List the tags of an endpoint.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller is not allowed to do this."""

    def list_traffic_limit_extensions(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[TrafficLimitExtension]:
        """List the active traffic limit extensions of an endpoint.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            endpoint_id: Endpoint id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: An object in the path does not exist."""

    def reset_connectivity(
        self,
        endpoint_id: int | str,
        body: ConnectivityReset | ConnectivityResetDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Reset the data session or the network registration of an endpoint.

        pdp_context drops the data session, location detaches the device from the network; you can set
        both. The reset runs in the background: 204 does not mean that the device was reached. A reset
        ends the Factory Test of the SIM.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            endpoint_id: Endpoint id.
            body: The request body: ConnectivityReset or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: An object in the path does not exist."""

    def send_sms(
        self, endpoint_id: int | str, body: SmsSend | SmsSendDict, *, options: CallOptions | None = None
    ) -> Created:
        """Send an SMS to an endpoint.

        Each call sends one part of up to 160 characters; split longer text into parts and link them
        by udh. Not available on NB-IoT. Poll the message by its id until the status is final.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: The request body: SmsSend or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def set_data_quota(
        self, endpoint_id: int | str, body: QuotaSet | QuotaSetDict, *, options: CallOptions | None = None
    ) -> Created:
        """Set the data quota of an endpoint.

        Replaces an existing quota: to top it up, read it, add to its volume, and set it. The quota
        applies only if the service profile has apply_data_quota; an endpoint without a quota is then
        blocked. action_on_exhaustion is required here, and auto_refill is 0 or 1.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: The request body: QuotaSet or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: Validation failed; the body may hold only a message."""

    def set_sms_quota(
        self, endpoint_id: int | str, body: QuotaSet | QuotaSetDict, *, options: CallOptions | None = None
    ) -> Created:
        """Set the SMS quota of an endpoint.

        Replaces an existing quota. The quota applies only if the service profile has apply_sms_quota.
        threshold_percentage is required here, and auto_refill is a boolean.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: The request body: QuotaSet or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def unassign_tag(
        self, endpoint_id: int | str, tag_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Remove a tag from an endpoint.

        One text also asks for the tag id in the body, but no body is declared and the client sends
        none.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            endpoint_id: Endpoint id.
            tag_id: Tag id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: An object in the path does not exist.
            ValidationError: Validation failed."""

    def unassign_tag_many(
        self, rows: Iterable[tuple[int | str, int | str]], *, journal: str | os.PathLike[str] | None = None
    ) -> Report:
        """Remove a tag from an endpoint: many, as one job.

        Sends up to 2,000 in a call of tags.unassign_bulk, finds the bad ones of a refused call, and
        does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.

        Args:
            rows: Tuples of endpoint_id and tag_id.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def unblock_operator(
        self, endpoint_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Unblock an operator for an endpoint.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            endpoint_id: Endpoint id.
            operator_id: Operator id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The operator was not blocked for this endpoint."""

    def update(
        self,
        endpoint_id: int | str,
        body: EndpointUpdate | EndpointUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change an endpoint, or attach or detach its SIM.

        This call must not overlap with another endpoint write of the organisation. Send only what
        changes; a sim with a null id detaches the SIM.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.
        Serialised: one endpoint write at a time per organisation.

        Args:
            endpoint_id: Endpoint id.
            body: The request body: EndpointUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body, or an id that is not a number (code 1000).
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such endpoint (code 1401 was seen here).
            ValidationError: Validation failed; the details are in errors."""

    def update_many(
        self,
        rows: Iterable[tuple[int | str, EndpointUpdate | EndpointUpdateDict | Mapping[str, Any]]],
        *,
        journal: str | os.PathLike[str] | None = None,
    ) -> Report:
        """Change an endpoint, or attach or detach its SIM: many, as one job.

        Sends up to 2,000 in a call of endpoints.update_bulk, finds the bad ones of a refused call,
        and does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.
        Serialised: one endpoint write at a time per organisation.

        Args:
            rows: Tuples of endpoint_id and body.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def update_bulk(
        self,
        body: Sequence[EndpointBulkUpdateItem | EndpointBulkUpdateItemDict],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change up to 2000 endpoints in one call.

        This call must not overlap with another endpoint write of the organisation. Each item holds an
        endpoint id and only what changes for that endpoint. Factory Test is SIM status 4 here too,
        although one text says 5.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.
        Serialised: one endpoint write at a time per organisation.

        Args:
            body: The request body: each item EndpointBulkUpdateItem or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: An endpoint does not exist.
            ValidationError: Validation failed; the details are in errors."""
