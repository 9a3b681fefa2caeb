# Generated from schema/resources/service_profiles.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Service profiles: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any, Literal

    from aioemnify.models.service_profiles import (
        DataLimit,
        DataLimitCreate,
        ServiceProfile,
        ServiceProfileCreate,
        ServiceProfileUpdate,
    )
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class ServiceProfiles:
    """Service profiles."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def add_data_limit(
        self,
        profile_id: int | str,
        body: DataLimitCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Limit the data an endpoint with this profile may use in a month.

        A service can have two: one for satellite traffic, one for the rest. To change one, delete it
        and add another.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            profile_id: Service profile id.
            body: What to send: DataLimitCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller may not do this.
            ConflictError: There is a limit for this service and satellite flag already.
        """
        result: Created = await self._caller._call(
            OPERATIONS["service_profiles.add_data_limit"], (profile_id,), body=body, options=options
        )
        return result

    async def add_service(
        self,
        profile_id: int | str,
        service_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Allow a service in a profile.

        Sends no body.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            service_id: Service id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: It was allowed already.
        """
        await self._caller._call(
            OPERATIONS["service_profiles.add_service"], (profile_id, service_id), options=options
        )

    async def add_sms_limit(
        self,
        profile_id: int | str,
        service_id: int | str,
        limit_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Put a predefined SMS limit on a service of a profile.

        Sends no body. Which limits exist is told per service.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            service_id: Service id.
            limit_id: Traffic limit id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: Something named in the path does not exist.
            ValidationError: The limit does not fit the service or the profile.
        """
        await self._caller._call(
            OPERATIONS["service_profiles.add_sms_limit"], (profile_id, service_id, limit_id), options=options
        )

    async def create(
        self,
        body: ServiceProfileCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Create a service profile.

        Allows no service yet: add services, then SMS limits per service, then a data limit, each by
        its own call.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: ServiceProfileCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Created = await self._caller._call(
            OPERATIONS["service_profiles.create"], (), body=body, options=options
        )
        return result

    async def delete(
        self,
        profile_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a service profile that no endpoint uses.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: Endpoints still use it: used_count is above zero.
        """
        await self._caller._call(OPERATIONS["service_profiles.delete"], (profile_id,), options=options)

    async def delete_data_limit(
        self,
        profile_id: int | str,
        limit_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove one data limit of a profile.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            limit_id: Traffic limit id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
        """
        await self._caller._call(
            OPERATIONS["service_profiles.delete_data_limit"], (profile_id, limit_id), options=options
        )

    async def delete_data_limits(
        self,
        profile_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove every data limit of a profile.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
        """
        await self._caller._call(
            OPERATIONS["service_profiles.delete_data_limits"], (profile_id,), options=options
        )

    async def delete_quotas(
        self,
        profile_id: int | str,
        quota_type: Literal["data", "sms"],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove the quotas of every endpoint with this profile.

        Switch apply_data_quota or apply_sms_quota off before, or those endpoints are blocked.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            quota_type: Which quota; read off the paths of its siblings.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: Something named in the path does not exist.
        """
        await self._caller._call(
            OPERATIONS["service_profiles.delete_quotas"], (profile_id, quota_type), options=options
        )

    async def get(
        self,
        profile_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> ServiceProfile:
        """Get one service profile with its services.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            profile_id: Service profile id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: ServiceProfile = await self._caller._call(
            OPERATIONS["service_profiles.get"], (profile_id,), options=options
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[ServiceProfile]:
        """List the service profiles.

        The short form of each, all at once: this list has no paging, filter or sort.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[ServiceProfile] = await self._caller._call(
            OPERATIONS["service_profiles.list"], (), options=options
        )
        return result

    async def list_data_limits(
        self,
        profile_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DataLimit]:
        """List the data limits of a profile.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            profile_id: Service profile id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
        """
        result: builtins.list[DataLimit] = await self._caller._call(
            OPERATIONS["service_profiles.list_data_limits"], (profile_id,), options=options
        )
        return result

    async def remove_service(
        self,
        profile_id: int | str,
        service_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove a service from a profile.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            service_id: Service id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: Traffic limits hang on the service: remove them first.
        """
        await self._caller._call(
            OPERATIONS["service_profiles.remove_service"], (profile_id, service_id), options=options
        )

    async def remove_sms_limit(
        self,
        profile_id: int | str,
        service_id: int | str,
        limit_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Take an SMS limit off a service of a profile.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            service_id: Service id.
            limit_id: Traffic limit id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The profile has no such limit.
        """
        await self._caller._call(
            OPERATIONS["service_profiles.remove_sms_limit"],
            (profile_id, service_id, limit_id),
            options=options,
        )

    async def update(
        self,
        profile_id: int | str,
        body: ServiceProfileUpdate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change a service profile.

        Send only what changes. A null id clears api_callback, api_secret or moc_callback. Success is
        documented as 201, although nothing is created.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            profile_id: Service profile id.
            body: What to send: ServiceProfileUpdate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["service_profiles.update"], (profile_id,), body=body, options=options
        )
