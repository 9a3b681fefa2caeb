# Generated from schema/resources/endpoints.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Endpoints: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.pagination import Pages
from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

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
    from aioemnify.pagination import Caller
    from aioemnify.resources.criteria import EndpointFilter, EndpointSort, EventFilter, EventSort
    from aioemnify.types import Created


class Endpoints:
    """Endpoints."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def assign_tag(
        self,
        endpoint_id: int | str,
        body: IdRef | int | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Put a tag on an endpoint.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: What to send: IdRef or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller may not do this.
            ConflictError: The endpoint has this tag already.
            ValidationError: No such tag.
        """
        result: Created = await self._caller._call(
            OPERATIONS["endpoints.assign_tag"], (endpoint_id,), body=body, options=options
        )
        return result

    async def blacklist_operator(
        self,
        endpoint_id: int | str,
        operator_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Keep an endpoint off the network of an operator.

        Sends no body.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            endpoint_id: Endpoint id.
            operator_id: Operator id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: It was blocked already (code 1405).
        """
        await self._caller._call(
            OPERATIONS["endpoints.blacklist_operator"], (endpoint_id, operator_id), options=options
        )

    async def cancel_sms(
        self,
        endpoint_id: int | str,
        sms_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Cancel a message that waits for delivery.

        Possible only while the message is BUFFERED.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            endpoint_id: Endpoint id.
            sms_id: Message id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(OPERATIONS["endpoints.cancel_sms"], (endpoint_id, sms_id), options=options)

    async def create(
        self,
        body: EndpointCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Endpoint | Created:
        """Create an endpoint, with or without a SIM.

        Must not overlap with another endpoint write of the organisation, single or bulk. A SIM given
        by id alone is assigned; whether it is also activated has varied, so read it back when it
        matters. Asking for an address needs ip_address_space as well; with neither, a free address is
        chosen. A taken address is answered with 409 (code 1405).

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.
        One at a time: runs alone among the endpoint writes of its organisation.

        Args:
            body: What to send: EndpointCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            NotFoundError: No free IP address is left (code 1601), or something referred to does not
                exist.
            ValidationError: Validation failed; the details are in errors.
        """
        result: Endpoint | Created = await self._caller._call(
            OPERATIONS["endpoints.create"], (), body=body, options=options
        )
        return result

    async def create_bulk(
        self,
        body: EndpointBulkCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Endpoint]:
        """Create up to 2000 endpoints that share their profiles.

        Must not overlap with another endpoint write of the organisation, single or bulk. The status
        of a returned endpoint may lack its id.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.
        One at a time: runs alone among the endpoint writes of its organisation.

        Args:
            body: What to send: EndpointBulkCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Something referred to does not exist, or addresses ran out.
            ValidationError: Validation failed; the details are in errors.
        """
        result: builtins.list[Endpoint] = await self._caller._call(
            OPERATIONS["endpoints.create_bulk"], (), body=body, options=options
        )
        return result

    async def create_traffic_limit_extension(
        self,
        endpoint_id: int | str,
        body: TrafficLimitExtensionCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> TrafficLimitExtension | Created:
        """Raise a traffic limit of one endpoint for the rest of the month.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: What to send: TrafficLimitExtensionCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Something named in the path does not exist.
        """
        result: TrafficLimitExtension | Created = await self._caller._call(
            OPERATIONS["endpoints.create_traffic_limit_extension"], (endpoint_id,), body=body, options=options
        )
        return result

    async def delete(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete an endpoint.

        Must not overlap with another endpoint write of the organisation. Detach the SIM first by an
        update with sim id null.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.
        One at a time: runs alone among the endpoint writes of its organisation.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            NotFoundError: Something named in the path does not exist.
            ConflictError: A SIM is still attached.
        """
        await self._caller._call(OPERATIONS["endpoints.delete"], (endpoint_id,), options=options)

    async def delete_bulk(
        self,
        body: Sequence[IdRef | int | Mapping[str, Any]],
        *,
        delete_sims: bool | None = None,
        options: CallOptions | None = None,
    ) -> None:
        """Delete several endpoints and release their SIMs.

        Must not overlap with another endpoint write of the organisation. Sends the ids as a JSON
        array in the body of the DELETE. Attached SIMs are detached and suspended, or deleted when
        delete_sims says so.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.
        One at a time: runs alone among the endpoint writes of its organisation.

        Args:
            body: What to send: each IdRef or a mapping of the same members.
            delete_sims: Delete the attached SIMs too; otherwise they are suspended.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: An endpoint does not exist.
        """
        await self._caller._call(
            OPERATIONS["endpoints.delete_bulk"],
            (),
            query={"delete_sims": delete_sims},
            body=body,
            options=options,
        )

    async def delete_data_quota(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove the data quota of an endpoint.

        With apply_data_quota on, the endpoint is blocked afterwards.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such endpoint, or it has no quota.
        """
        await self._caller._call(OPERATIONS["endpoints.delete_data_quota"], (endpoint_id,), options=options)

    async def delete_sms_quota(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove the SMS quota of an endpoint.

        With apply_sms_quota on, the endpoint is blocked afterwards.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such endpoint, or it has no quota.
        """
        await self._caller._call(OPERATIONS["endpoints.delete_sms_quota"], (endpoint_id,), options=options)

    async def delete_traffic_limit_extensions(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove every traffic limit extension of an endpoint.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Something named in the path does not exist.
        """
        await self._caller._call(
            OPERATIONS["endpoints.delete_traffic_limit_extensions"], (endpoint_id,), options=options
        )

    async def get(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> Endpoint:
        """Get one endpoint.

        Unlike in the list, ip_address_space comes with its CIDR and version.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Endpoint = await self._caller._call(
            OPERATIONS["endpoints.get"], (endpoint_id,), options=options
        )
        return result

    async def get_connectivity(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> EndpointConnectivity:
        """Get the last known network state of an endpoint.

        From the records of the core network, without asking the visited one. ATTACHED may outlive a
        power-off by a day or two. location and pdp_context are missing when the device is OFFLINE.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: EndpointConnectivity = await self._caller._call(
            OPERATIONS["endpoints.get_connectivity"], (endpoint_id,), options=options
        )
        return result

    async def get_connectivity_info(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> ConnectivityInfo:
        """Ask the visited network where the device is now.

        Causes network signalling. A request that ran is answered with 200 even when the network gave
        no answer: then subscriber_info is missing, or holds success false with an error.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The subscriber is unknown, or the network cannot be asked.
        """
        result: ConnectivityInfo = await self._caller._call(
            OPERATIONS["endpoints.get_connectivity_info"], (endpoint_id,), options=options
        )
        return result

    async def get_data_quota(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> Quota:
        """Get the data quota of an endpoint.

        What comes for an endpoint without a quota is not documented.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Quota = await self._caller._call(
            OPERATIONS["endpoints.get_data_quota"], (endpoint_id,), options=options
        )
        return result

    async def get_sms(
        self,
        endpoint_id: int | str,
        sms_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> Sms:
        """Get one message of an endpoint.

        Statuses 4 to 7 are final.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            sms_id: Message id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Sms = await self._caller._call(
            OPERATIONS["endpoints.get_sms"], (endpoint_id, sms_id), options=options
        )
        return result

    async def get_sms_quota(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> Quota:
        """Get the SMS quota of an endpoint.

        Described to have the shape of the data quota; the API publishes none of its own.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Quota = await self._caller._call(
            OPERATIONS["endpoints.get_sms_quota"], (endpoint_id,), options=options
        )
        return result

    async def get_stats(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> EndpointStats:
        """Get the usage of an endpoint: last month, this month, last hour.

        Volumes are in MB for data and in messages for SMS. A month without traffic is missing.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: EndpointStats = await self._caller._call(
            OPERATIONS["endpoints.get_stats"], (endpoint_id,), options=options
        )
        return result

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

        Each endpoint embeds its SIM with status. runtime_data is present only while the device is
        attached to a network; ip_address_space holds only its id here.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            filter: What to narrow the list to; an unknown field is refused before sending.
            q: The same as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, status, last_updated, created, name,
                tags, ip_address, imei.
            page: The page to begin with, from 1.
            per_page: Items per page: 1000 by default.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        return Pages(
            self._caller,
            OPERATIONS["endpoints.list"],
            (),
            filter=filter,
            q=q,
            sort=sort,
            page=page,
            size=per_page,
            options=options,
        )

    async def list_blacklisted_operators(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Operator]:
        """List the operators this endpoint may not use.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[Operator] = await self._caller._call(
            OPERATIONS["endpoints.list_blacklisted_operators"], (endpoint_id,), options=options
        )
        return result

    async def list_daily_stats(
        self,
        endpoint_id: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[DailyUsage]:
        """List the usage of an endpoint day by day.

        A start date alone covers six months; an end date alone only the month it lies in.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            start_date: First day (YYYY-MM-DD).
            end_date: Last day (YYYY-MM-DD).
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[DailyUsage] = await self._caller._call(
            OPERATIONS["endpoints.list_daily_stats"],
            (endpoint_id,),
            query={"start_date": start_date, "end_date": end_date},
            options=options,
        )
        return result

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

        An unknown id or an endpoint of someone else gives an empty list, not a 404. History reaches
        back 30 days.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            filter: What to narrow the list to; an unknown field is refused before sending.
            q: The same as raw text, instead of filter.
            sort: Fields to sort by, with - for descending: id, timestamp, source, severity, alert,
                organisation, user, endpoint, tags, ip_address, iccid, imsi, type.
            page: The page to begin with, from 1.
            per_page: Items per page: 100 by default.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Bad paging or sort values.
            ValidationError: A bad filter.
        """
        return Pages(
            self._caller,
            OPERATIONS["endpoints.list_events"],
            (endpoint_id,),
            filter=filter,
            q=q,
            sort=sort,
            page=page,
            size=per_page,
            options=options,
        )

    async def list_sms(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Sms]:
        """List the messages sent to and from an endpoint.

        Comes whole, without paging.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[Sms] = await self._caller._call(
            OPERATIONS["endpoints.list_sms"], (endpoint_id,), options=options
        )
        return result

    async def list_statuses(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[EndpointStatus]:
        """List the statuses an endpoint can have.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[EndpointStatus] = await self._caller._call(
            OPERATIONS["endpoints.list_statuses"], (), options=options
        )
        return result

    async def list_tags(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Tag]:
        """List the tags of an endpoint.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller may not do this.
        """
        result: builtins.list[Tag] = await self._caller._call(
            OPERATIONS["endpoints.list_tags"], (endpoint_id,), options=options
        )
        return result

    async def list_traffic_limit_extensions(
        self,
        endpoint_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[TrafficLimitExtension]:
        """List the traffic limit extensions in force for an endpoint.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            endpoint_id: Endpoint id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: No valid auth token.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Something named in the path does not exist.
        """
        result: builtins.list[TrafficLimitExtension] = await self._caller._call(
            OPERATIONS["endpoints.list_traffic_limit_extensions"], (endpoint_id,), options=options
        )
        return result

    async def reset_connectivity(
        self,
        endpoint_id: int | str,
        body: ConnectivityReset | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Reset the data session or the network registration of an endpoint.

        Naming pdp_context drops the data session, naming location detaches the device from the
        network; both may be named. Works in the background: 204 does not mean that the device was
        reached. A reset ends the Factory Test of the SIM.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            endpoint_id: Endpoint id.
            body: What to send: ConnectivityReset or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Something named in the path does not exist.
        """
        await self._caller._call(
            OPERATIONS["endpoints.reset_connectivity"], (endpoint_id,), body=body, options=options
        )

    async def send_sms(
        self,
        endpoint_id: int | str,
        body: SmsSend | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Send an SMS to an endpoint.

        One part of up to 160 characters a call; longer text is cut by the caller into parts joined by
        udh. Not available on NB-IoT. Follow the message by its id until the status is final.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: What to send: SmsSend or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Created = await self._caller._call(
            OPERATIONS["endpoints.send_sms"], (endpoint_id,), body=body, options=options
        )
        return result

    async def set_data_quota(
        self,
        endpoint_id: int | str,
        body: QuotaSet | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Set the data quota of an endpoint.

        Replaces the quota that was there: to top up, read it, add to its volume, and set it. Counts
        only when the service profile has apply_data_quota, and then an endpoint without a quota is
        blocked. action_on_exhaustion is needed here, and auto_refill is sent as 0 or 1.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: What to send: QuotaSet or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: Validation failed; the body may hold only a message.
        """
        result: Created = await self._caller._call(
            OPERATIONS["endpoints.set_data_quota"], (endpoint_id,), body=body, options=options
        )
        return result

    async def set_sms_quota(
        self,
        endpoint_id: int | str,
        body: QuotaSet | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Set the SMS quota of an endpoint.

        Replaces the quota that was there. Counts only when the service profile has apply_sms_quota.
        threshold_percentage is needed here, and auto_refill is a boolean.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            endpoint_id: Endpoint id.
            body: What to send: QuotaSet or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Created = await self._caller._call(
            OPERATIONS["endpoints.set_sms_quota"], (endpoint_id,), body=body, options=options
        )
        return result

    async def unassign_tag(
        self,
        endpoint_id: int | str,
        tag_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Take a tag off an endpoint.

        One text asks for the tag id in the body as well, but no body is declared and none is sent.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            endpoint_id: Endpoint id.
            tag_id: Tag id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Something named in the path does not exist.
            ValidationError: Validation failed.
        """
        await self._caller._call(OPERATIONS["endpoints.unassign_tag"], (endpoint_id, tag_id), options=options)

    async def unblacklist_operator(
        self,
        endpoint_id: int | str,
        operator_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Let an endpoint use an operator again.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            endpoint_id: Endpoint id.
            operator_id: Operator id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The operator was not blocked for this endpoint.
        """
        await self._caller._call(
            OPERATIONS["endpoints.unblacklist_operator"], (endpoint_id, operator_id), options=options
        )

    async def update(
        self,
        endpoint_id: int | str,
        body: EndpointUpdate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change an endpoint, or attach or detach its SIM.

        Must not overlap with another endpoint write of the organisation. Send only what changes; a
        sim whose id is null detaches the SIM.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.
        One at a time: runs alone among the endpoint writes of its organisation.

        Args:
            endpoint_id: Endpoint id.
            body: What to send: EndpointUpdate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body, or an id that is no number (code 1000).
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such endpoint (code 1401 was seen here).
            ValidationError: Validation failed; the details are in errors.
        """
        await self._caller._call(OPERATIONS["endpoints.update"], (endpoint_id,), body=body, options=options)

    async def update_bulk(
        self,
        body: Sequence[EndpointBulkUpdateItem | Mapping[str, Any]],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change up to 2000 endpoints in one call.

        Must not overlap with another endpoint write of the organisation. Each item names an endpoint
        and only what changes for it. Factory Test is SIM status 4 here too, although one text says 5.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.
        One at a time: runs alone among the endpoint writes of its organisation.

        Args:
            body: What to send: each EndpointBulkUpdateItem or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: An endpoint does not exist.
            ValidationError: Validation failed; the details are in errors.
        """
        await self._caller._call(OPERATIONS["endpoints.update_bulk"], (), body=body, options=options)
