# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins
from datetime import date

from aioemnify.models.organisations import (
    InclusiveVolumeAssign,
    InclusiveVolumeAssignment,
    Organisation,
    OrganisationMonthlyStats,
    OrganisationStatus,
)
from aioemnify.models.refs import IdRef
from aioemnify.models.tariff_profiles import InclusiveVolume
from aioemnify.models.usage import DailyUsage, HourlyUsage
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import IdRefDict, InclusiveVolumeAssignDict

class Organisations:
    """Organisations."""

    def assign_inclusive_volume(
        self,
        org_id_or_my: int | str,
        inclusive_volume_id: int | str,
        body: InclusiveVolumeAssign | InclusiveVolumeAssignDict,
        *,
        options: CallOptions | None = None,
    ) -> InclusiveVolumeAssignment:
        """Assign an inclusive volume to an organisation.

        The organisation pays the rate of the volume. Without dates, it starts in the current month;
        every member of the body is optional. A change of the organisation's tariff ends it.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            org_id_or_my: Organisation id, or "my" for the caller's own organisation.
            inclusive_volume_id: Inclusive volume id.
            body: The request body: InclusiveVolumeAssign or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request, or dates that are not the first and last day of a
                month.
            NotFoundError: No such organisation or inclusive volume."""

    def get_hourly_stats(
        self,
        org_id_or_my: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> HourlyUsage:
        """Get the recent usage of an organisation as series.

        Covers the last three hours by default. The API declares both parameters as dates but treats
        them as points in time. For SMS, rx counts messages from devices here, unlike in daily and
        monthly statistics.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            org_id_or_my: Organisation id, or "my" for the caller's own organisation.
            start_date: The start of the series.
            end_date: The end of the series.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get_monthly_stats(
        self, org_id_or_my: int | str, *, options: CallOptions | None = None
    ) -> OrganisationMonthlyStats:
        """Get the usage of an organisation: this month and the last one.

        Includes the number of SIMs, profiles and users. Volumes are in MB for data and in messages
        for SMS. active_chargeable_sims and hosting_fees are missing if they are zero.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            org_id_or_my: Organisation id, or "my" for the caller's own organisation.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The organisation id was not accepted."""

    def get_my(self, *, options: CallOptions | None = None) -> Organisation:
        """Get the organisation of the caller.

        The workspace of the token.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_active_inclusive_volumes(
        self, org_id_or_my: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[InclusiveVolume]:
        """List the current inclusive volumes of an organisation.

        Prepaid bundles, each for one ratezone.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            org_id_or_my: Organisation id, or "my" for the caller's own organisation.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such organisation."""

    def list_current_month_daily_stats(
        self, *, options: CallOptions | None = None
    ) -> builtins.list[DailyUsage]:
        """List the usage of the caller's organisation in this month day by day.

        The shape of the response is not documented; the text describes that of
        organisations.list_daily_stats, where an entry with the date TOTAL holds the sums.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_daily_stats(
        self,
        org_id_or_my: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[DailyUsage]:
        """List the usage of an organisation day by day.

        There is one entry for each day, and one with the date TOTAL for the sums: skip it when you
        add up. Volumes are in MB for data and in messages for SMS.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: retried if the response is lost.

        Args:
            org_id_or_my: Organisation id, or "my" for the caller's own organisation.
            start_date: First day (YYYY-MM-DD); alone it means until the end of its month.
            end_date: Last day (YYYY-MM-DD); needs start_date.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_statuses(self, *, options: CallOptions | None = None) -> builtins.list[OrganisationStatus]:
        """List the statuses an organisation can have.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def update_tariff(
        self, org_id: int | str, body: IdRef | IdRefDict | int, *, options: CallOptions | None = None
    ) -> None:
        """Change the tariff of an organisation.

        The body is the id of the new tariff. The change has wide effects: it resets the tariff
        profiles, activates every ratezone and ends the inclusive volumes.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            org_id: Organisation id.
            body: The request body: IdRef or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            NotFoundError: No such organisation.
            ValidationError: The tariff does not exist, or the organisation cannot have it."""
