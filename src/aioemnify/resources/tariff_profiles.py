# Generated from schema/resources/tariff_profiles.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Tariff profiles: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.tariff_profiles import (
        OperatorBlocklist,
        RatTypeBlock,
        TariffProfile,
        TariffProfileCoverage,
        TariffProfileCreate,
        TariffProfileUpdate,
    )
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class TariffProfiles:
    """Tariff profiles."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def assign_inclusive_volume(
        self,
        tariff_profile_id: int | str,
        inclusive_volume_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Give a tariff profile an inclusive volume.

        Sends no body.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            inclusive_volume_id: Inclusive volume id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            NotFoundError: Something named in the path does not exist.
            ConflictError: The profile has an inclusive volume already, or this one does not fit its
                tariff.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.assign_inclusive_volume"],
            (tariff_profile_id, inclusive_volume_id),
            options=options,
        )

    async def block_operator(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Block an operator in a tariff profile.

        Sends no body.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.block_operator"], (tariff_profile_id, operator_id), options=options
        )

    async def block_rat_types(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        body: RatTypeBlock | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Block some radio types of an operator in a tariff profile.

        Creates no object of its own, so there is no Location.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            body: What to send: RatTypeBlock or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.block_rat_types"],
            (tariff_profile_id, operator_id),
            body=body,
            options=options,
        )

    async def create(
        self,
        body: TariffProfileCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Create a tariff profile.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: TariffProfileCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Created = await self._caller._call(
            OPERATIONS["tariff_profiles.create"], (), body=body, options=options
        )
        return result

    async def delete(
        self,
        tariff_profile_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a tariff profile.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(OPERATIONS["tariff_profiles.delete"], (tariff_profile_id,), options=options)

    async def deselect_ratezone(
        self,
        tariff_profile_id: int | str,
        ratezone_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Remove a ratezone from the coverage of a tariff profile.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            ratezone_id: Ratezone id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.deselect_ratezone"], (tariff_profile_id, ratezone_id), options=options
        )

    async def get(
        self,
        tariff_profile_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> TariffProfile:
        """Get one tariff profile.

        Its ratezones are promised here, but no shape is published for them.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            tariff_profile_id: Tariff profile id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: TariffProfile = await self._caller._call(
            OPERATIONS["tariff_profiles.get"], (tariff_profile_id,), options=options
        )
        return result

    async def get_operator_blocklist(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> OperatorBlocklist:
        """Get what a tariff profile blocks of one operator.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: OperatorBlocklist = await self._caller._call(
            OPERATIONS["tariff_profiles.get_operator_blocklist"],
            (tariff_profile_id, operator_id),
            options=options,
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[TariffProfile]:
        """List the tariff profiles.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[TariffProfile] = await self._caller._call(
            OPERATIONS["tariff_profiles.list"], (), options=options
        )
        return result

    async def list_coverage(
        self,
        tariff_profile_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[TariffProfileCoverage]:
        """List the countries a tariff profile covers.

        Limit: 100 calls/s, burst 50, per organisation.
        Retry: a lost answer is asked for again.

        Args:
            tariff_profile_id: Tariff profile id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[TariffProfileCoverage] = await self._caller._call(
            OPERATIONS["tariff_profiles.list_coverage"], (tariff_profile_id,), options=options
        )
        return result

    async def list_operator_blocklist(
        self,
        tariff_profile_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[OperatorBlocklist]:
        """List the operators a tariff profile blocks, wholly or in part.

        The server may send one object in place of an array.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            tariff_profile_id: Tariff profile id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[OperatorBlocklist] = await self._caller._call(
            OPERATIONS["tariff_profiles.list_operator_blocklist"], (tariff_profile_id,), options=options
        )
        return result

    async def select_ratezone(
        self,
        tariff_profile_id: int | str,
        ratezone_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Add a ratezone to the coverage of a tariff profile.

        Sends no body.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            ratezone_id: Ratezone id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.select_ratezone"], (tariff_profile_id, ratezone_id), options=options
        )

    async def unassign_inclusive_volume(
        self,
        tariff_profile_id: int | str,
        inclusive_volume_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Take the inclusive volume off a tariff profile.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            inclusive_volume_id: Inclusive volume id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            NotFoundError: Something named in the path does not exist.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.unassign_inclusive_volume"],
            (tariff_profile_id, inclusive_volume_id),
            options=options,
        )

    async def unblock_operator(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Allow an operator in a tariff profile again.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.unblock_operator"], (tariff_profile_id, operator_id), options=options
        )

    async def unblock_rat_type(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        rate_type_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Allow a radio type of an operator in a tariff profile again.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            operator_id: Operator id.
            rate_type_id: Id of the radio type; the API itself misspells the name.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.unblock_rat_type"],
            (tariff_profile_id, operator_id, rate_type_id),
            options=options,
        )

    async def update(
        self,
        tariff_profile_id: int | str,
        body: TariffProfileUpdate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change a tariff profile.

        Send only what changes.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tariff_profile_id: Tariff profile id.
            body: What to send: TariffProfileUpdate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(
            OPERATIONS["tariff_profiles.update"], (tariff_profile_id,), body=body, options=options
        )
