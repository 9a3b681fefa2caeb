# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins
from typing import Literal

from aioemnify.models.service_profiles import (
    DataLimit,
    DataLimitCreate,
    ServiceProfile,
    ServiceProfileCreate,
    ServiceProfileUpdate,
)
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import DataLimitCreateDict, ServiceProfileCreateDict, ServiceProfileUpdateDict
from aioemnify.types import Created

class ServiceProfiles:
    """Service profiles."""

    def add_data_limit(
        self,
        profile_id: int | str,
        body: DataLimitCreate | DataLimitCreateDict,
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Limit the data an endpoint with this profile may use in a month.

        A service can have two: one for satellite traffic, one for the rest. To change one, delete it
        and add another.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            profile_id: Service profile id.
            body: The request body: DataLimitCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller is not allowed to do this.
            ConflictError: There is already a limit for this service and satellite flag."""

    def add_service(
        self, profile_id: int | str, service_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Allow a service in a profile.

        The request has no body.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            service_id: Service id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: The service is already allowed."""

    def add_sms_limit(
        self,
        profile_id: int | str,
        service_id: int | str,
        limit_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Add a predefined SMS limit to a service of a profile.

        The request has no body. services.list_traffic_limits returns the limits of a service.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            service_id: Service id.
            limit_id: Traffic limit id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: An object in the path does not exist.
            ValidationError: The limit does not match the service or the profile."""

    def create(
        self, body: ServiceProfileCreate | ServiceProfileCreateDict, *, options: CallOptions | None = None
    ) -> Created:
        """Create a service profile.

        A new profile allows no service: add services, then SMS limits per service, then a data limit,
        each with its own call.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: ServiceProfileCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def delete(self, profile_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a service profile that no endpoint uses.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: Endpoints still use the profile: used_count is above zero."""

    def delete_data_limit(
        self, profile_id: int | str, limit_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Remove one data limit of a profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            limit_id: Traffic limit id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this."""

    def delete_data_limits(self, profile_id: int | str, *, options: CallOptions | None = None) -> None:
        """Remove every data limit of a profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this."""

    def delete_quotas(
        self, profile_id: int | str, quota_type: Literal["data", "sms"], *, options: CallOptions | None = None
    ) -> None:
        """Remove the quotas of every endpoint with this profile.

        First turn off apply_data_quota or apply_sms_quota, or those endpoints are blocked.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            quota_type: The quota; inferred from the paths of related calls.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: An object in the path does not exist."""

    def get(self, profile_id: int | str, *, options: CallOptions | None = None) -> ServiceProfile:
        """Get one service profile with its services.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            profile_id: Service profile id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[ServiceProfile]:
        """List the service profiles.

        The list has the short form of each profile, and no paging, filter or sort.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_data_limits(
        self, profile_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[DataLimit]:
        """List the data limits of a profile.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            profile_id: Service profile id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this."""

    def remove_service(
        self, profile_id: int | str, service_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Remove a service from a profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            service_id: Service id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: The service has traffic limits: remove them first."""

    def remove_sms_limit(
        self,
        profile_id: int | str,
        service_id: int | str,
        limit_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove an SMS limit from a service of a profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            service_id: Service id.
            limit_id: Traffic limit id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The profile has no such limit."""

    def update(
        self,
        profile_id: int | str,
        body: ServiceProfileUpdate | ServiceProfileUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change a service profile.

        Send only what changes. A null id clears api_callback, api_secret or moc_callback. Success is
        documented as 201, although nothing is created.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            profile_id: Service profile id.
            body: The request body: ServiceProfileUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
