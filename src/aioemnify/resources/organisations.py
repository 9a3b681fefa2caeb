# Generated from schema/resources/organisations.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Organisations: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

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
    from aioemnify.pagination import Caller


class Organisations:
    """Organisations."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def assign_inclusive_volume(
        self,
        org_id_or_my: int | str,
        inclusive_volume_id: int | str,
        body: InclusiveVolumeAssign | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> InclusiveVolumeAssignment:
        """Give an organisation an inclusive volume.

        The volume costs its rate. Without dates it runs from the current month on; every member of
        the body may be left out. Changing the tariff of the organisation ends it.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            org_id_or_my: Organisation id, or my for the caller's own.
            inclusive_volume_id: Inclusive volume id.
            body: What to send: InclusiveVolumeAssign or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request, or dates that are not the bounds of months.
            NotFoundError: No such organisation or inclusive volume.
        """
        result: InclusiveVolumeAssignment = await self._caller._call(
            OPERATIONS["organisations.assign_inclusive_volume"],
            (org_id_or_my, inclusive_volume_id),
            body=body,
            options=options,
        )
        return result

    async def get_hourly_stats(
        self,
        org_id_or_my: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> HourlyUsage:
        """Get the recent usage of an organisation as series.

        The last three hours, unless dates are given. The API types both as dates and treats them as
        points in time. For SMS, rx counts messages from devices here, other than in daily and monthly
        statistics.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            org_id_or_my: Organisation id, or my for the caller's own.
            start_date: Where the series begin.
            end_date: Where the series end.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: HourlyUsage = await self._caller._call(
            OPERATIONS["organisations.get_hourly_stats"],
            (org_id_or_my,),
            query={"start_date": start_date, "end_date": end_date},
            options=options,
        )
        return result

    async def get_monthly_stats(
        self,
        org_id_or_my: int | str,
        *,
        options: CallOptions | None = None,
    ) -> OrganisationMonthlyStats:
        """Get the usage of an organisation: this month and the last one.

        With counts of its SIMs, profiles and users. Volumes are in MB for data and in messages for
        SMS. active_chargeable_sims and hosting_fees are missing when they are zero.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            org_id_or_my: Organisation id, or my for the caller's own.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ValidationError: The organisation id was not accepted.
        """
        result: OrganisationMonthlyStats = await self._caller._call(
            OPERATIONS["organisations.get_monthly_stats"], (org_id_or_my,), options=options
        )
        return result

    async def get_my(
        self,
        *,
        options: CallOptions | None = None,
    ) -> Organisation:
        """Get the organisation of the caller.

        The workspace the token was made for.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Organisation = await self._caller._call(
            OPERATIONS["organisations.get_my"], (), options=options
        )
        return result

    async def list_active_inclusive_volumes(
        self,
        org_id_or_my: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[InclusiveVolume]:
        """List the inclusive volumes an organisation has at present.

        Prepaid bundles, each for one ratezone.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            org_id_or_my: Organisation id, or my for the caller's own.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such organisation.
        """
        result: builtins.list[InclusiveVolume] = await self._caller._call(
            OPERATIONS["organisations.list_active_inclusive_volumes"], (org_id_or_my,), options=options
        )
        return result

    async def list_current_month_daily_stats(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DailyUsage]:
        """List the usage of the caller's organisation in this month day by day.

        The API publishes no shape for the answer; its text describes that of
        organisations.list_daily_stats, where an entry with the date TOTAL holds the sums.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[DailyUsage] = await self._caller._call(
            OPERATIONS["organisations.list_current_month_daily_stats"], (), options=options
        )
        return result

    async def list_daily_stats(
        self,
        org_id_or_my: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[DailyUsage]:
        """List the usage of an organisation day by day.

        Besides one entry for each day there is one whose date is the word TOTAL, with the sums: leave
        it out when you add up. Volumes are in MB for data and in messages for SMS.

        Limit: 10 calls/s, burst 5, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            org_id_or_my: Organisation id, or my for the caller's own.
            start_date: First day (YYYY-MM-DD).
            end_date: Last day (YYYY-MM-DD).
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[DailyUsage] = await self._caller._call(
            OPERATIONS["organisations.list_daily_stats"],
            (org_id_or_my,),
            query={"start_date": start_date, "end_date": end_date},
            options=options,
        )
        return result

    async def list_statuses(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[OrganisationStatus]:
        """List the statuses an organisation can have.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[OrganisationStatus] = await self._caller._call(
            OPERATIONS["organisations.list_statuses"], (), options=options
        )
        return result

    async def update_tariff(
        self,
        org_id: int | str,
        body: IdRef | int | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change the tariff of an organisation.

        The body is the id of the new tariff. Reaches far: it resets the tariff profiles, makes every
        ratezone active and ends the inclusive volumes.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            org_id: Organisation id.
            body: What to send: IdRef or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            NotFoundError: No such organisation.
            ValidationError: The tariff does not exist, or the organisation cannot have it.
        """
        await self._caller._call(
            OPERATIONS["organisations.update_tariff"], (org_id,), body=body, options=options
        )
