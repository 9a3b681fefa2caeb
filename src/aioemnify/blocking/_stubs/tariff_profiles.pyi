# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.tariff_profiles import (
    OperatorBlocklist,
    RatTypeBlock,
    TariffProfile,
    TariffProfileCoverage,
    TariffProfileCreate,
    TariffProfileUpdate,
)
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import RatTypeBlockDict, TariffProfileCreateDict, TariffProfileUpdateDict
from aioemnify.types import Created

class TariffProfiles:
    """Tariff profiles."""

    def assign_inclusive_volume(
        self,
        tariff_profile_id: int | str,
        inclusive_volume_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Assign an inclusive volume to a tariff profile.

        The request has no body.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            inclusive_volume_id: Inclusive volume id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            NotFoundError: An object in the path does not exist.
            ConflictError: The profile already has an inclusive volume, or this one does not match its
                tariff."""

    def block_operator(
        self, tariff_profile_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Block an operator in a tariff profile.

        The request has no body.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def block_rat_types(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        body: RatTypeBlock | RatTypeBlockDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Block some radio types of an operator in a tariff profile.

        The call creates no object, so the response has no Location.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            body: The request body: RatTypeBlock or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def create(
        self, body: TariffProfileCreate | TariffProfileCreateDict, *, options: CallOptions | None = None
    ) -> Created:
        """Create a tariff profile.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: TariffProfileCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def delete(self, tariff_profile_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a tariff profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def deselect_ratezone(
        self, tariff_profile_id: int | str, ratezone_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Remove a ratezone from the coverage of a tariff profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            ratezone_id: Ratezone id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get(self, tariff_profile_id: int | str, *, options: CallOptions | None = None) -> TariffProfile:
        """Get one tariff profile.

        The documentation mentions its ratezones, but not their shape.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            tariff_profile_id: Tariff profile id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get_operator_blocklist(
        self, tariff_profile_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> OperatorBlocklist:
        """Get the blocklist entry of one operator in a tariff profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[TariffProfile]:
        """List the tariff profiles.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_coverage(
        self, tariff_profile_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[TariffProfileCoverage]:
        """List the countries a tariff profile covers.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: retried if the response is lost.

        Args:
            tariff_profile_id: Tariff profile id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_operator_blocklist(
        self, tariff_profile_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[OperatorBlocklist]:
        """List the operators that a tariff profile blocks, wholly or in part.

        The server may send one object instead of an array.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            tariff_profile_id: Tariff profile id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def select_ratezone(
        self, tariff_profile_id: int | str, ratezone_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Add a ratezone to the coverage of a tariff profile.

        The request has no body.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            ratezone_id: Ratezone id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def unassign_inclusive_volume(
        self,
        tariff_profile_id: int | str,
        inclusive_volume_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove the inclusive volume from a tariff profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            inclusive_volume_id: Inclusive volume id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            NotFoundError: An object in the path does not exist."""

    def unblock_operator(
        self, tariff_profile_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Unblock an operator in a tariff profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def unblock_rat_type(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        rate_type_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Unblock a radio type of an operator in a tariff profile.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            rate_type_id: Id of the radio type; the API itself misspells the name.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def update(
        self,
        tariff_profile_id: int | str,
        body: TariffProfileUpdate | TariffProfileUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change a tariff profile.

        Send only what changes.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tariff_profile_id: Tariff profile id.
            body: The request body: TariffProfileUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
