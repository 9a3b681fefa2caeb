"""eUICCs: the chips in every tenth SIM, their profiles, and operations on them."""

from __future__ import annotations

from typing import Any

from attrs import define, field

AVAILABLE, ENABLED, DISABLED = 1, 2, 3
SCHEDULED, IN_PROGRESS, SUCCEEDED, FAILED, EXPIRED, CANCELED = range(1, 7)
AUDIT, DOWNLOAD, ENABLE, DISABLE, SET_FALLBACK, UNSET_FALLBACK, DELETE = range(1, 8)

STATUSES = {1: "Active"}
PROFILE_STATUSES = {AVAILABLE: "Available", ENABLED: "Enabled", DISABLED: "Disabled"}  # 2 and 3 chosen
PROFILE_TYPES = {5: "IoT eUICC Profile", 6: "Consumer eUICC Profile"}  # 6 chosen
ACTIONS = {  # ids chosen
    AUDIT: "audit",
    DOWNLOAD: "download_profile",
    ENABLE: "enable_profile",
    DISABLE: "disable_profile",
    SET_FALLBACK: "set_fallback",
    UNSET_FALLBACK: "unset_fallback",
    DELETE: "delete_profile",
}
OPERATION_STATUSES = {  # ids and most texts chosen
    SCHEDULED: "Scheduled",
    IN_PROGRESS: "In Progress",
    SUCCEEDED: "Succeeded",
    FAILED: "Failed",
    EXPIRED: "Expired",
    CANCELED: "Canceled",
}
EIM: dict[str, Any] = {"id": 1, "description": "Simulated eIM"}

_FIRST_ID = 7_000_000_000


@define(kw_only=True)
class ChipProfile:
    """A profile on a chip."""

    iccid_with_luhn: str
    status: int
    preloaded: bool
    fallback: bool = False


@define(kw_only=True)
class Chip:
    """A chip that changed.

    Attributes:
        sim: id of its SIM.
        audited: when it was last audited.
        changed: when its profiles last changed.
    """

    id: int
    sim: int
    profiles: list[ChipProfile] = field(factory=list)
    audited: float
    changed: float

    def profile(self, iccid_with_luhn: str | None) -> ChipProfile | None:
        """Return a profile by its ICCID."""
        return next((each for each in self.profiles if each.iccid_with_luhn == iccid_with_luhn), None)


@define(kw_only=True)
class ChipOperation:
    """An operation on a chip. Times are seconds since 1970."""

    id: str
    chip: int
    action: int
    user: int | None
    created: float
    expires: float
    updated: float
    status: int = SCHEDULED
    finalized: float | None = None
    iccid_with_luhn: str | None = None
    activation_code: str | None = field(default=None, repr=False)
    enable: bool = False
    error: str | None = None

    @property
    def open(self) -> bool:
        """Return whether it is not finished."""
        return self.status in (SCHEDULED, IN_PROGRESS)

    def finish(self, status: int, moment: float, error: str | None = None) -> None:
        """Set a final status."""
        self.status, self.updated, self.finalized, self.error = status, moment, moment, error


def chip_id(sim: int) -> int:
    """Return the id of the eUICC in a SIM."""
    return _FIRST_ID + sim


def sim_of_chip(chip: int) -> int:
    """Return the id of the SIM of an eUICC; the SIM may not exist."""
    return chip - _FIRST_ID


def profile_type(sim: int) -> int:
    """Return the type of profiles that the chip in a SIM accepts: 5 for IoT, 6 for consumers."""
    return 6 if sim % 40 == 37 else 5


def act(chip: Chip, operation: ChipOperation, moment: float, new_iccid: str) -> str | None:
    """Carry out an operation; return the error if it cannot be done.

    Args:
        chip: changed in place.
        operation: the operation.
        moment: the time of the operation.
        new_iccid: the ICCID of a downloaded profile if the operation names none.
    """
    profile = chip.profile(operation.iccid_with_luhn)
    match operation.action:
        case 1:  # audit
            chip.audited = moment
            return None
        case 2:  # download
            if profile is not None:
                return "The profile is on the eUICC already"
            profile = ChipProfile(
                iccid_with_luhn=operation.iccid_with_luhn or new_iccid, status=DISABLED, preloaded=False
            )
            operation.iccid_with_luhn = profile.iccid_with_luhn
            chip.profiles.append(profile)
            if operation.enable:
                _enable(chip, profile)
        case _ if profile is None:
            return "The eUICC has no such profile"
        case 3:
            _enable(chip, profile)
        case 4:
            if profile.status != ENABLED:
                return "The profile is not enabled"
            profile.status = DISABLED
        case 5:
            for each in chip.profiles:
                each.fallback = each is profile
        case 6:
            if not profile.fallback:
                return "The profile is not the fallback profile"
            profile.fallback = False
        case _:  # delete
            if profile.status == ENABLED or profile.fallback:
                return "A profile that is enabled or the fallback cannot be deleted"
            chip.profiles.remove(profile)
    chip.changed = moment
    return None


def _enable(chip: Chip, profile: ChipProfile) -> None:
    for each in chip.profiles:
        if each.status == ENABLED:
            each.status = DISABLED
    profile.status = ENABLED
