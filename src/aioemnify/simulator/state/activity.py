"""What devices and SIMs of one organisation do over time, stored only for those that changed."""

from __future__ import annotations

from attrs import define, field

from aioemnify.simulator.state.records.euiccs import Chip, ChipOperation
from aioemnify.simulator.state.records.quotas import Quota
from aioemnify.simulator.state.records.sim_operations import SimOperation
from aioemnify.simulator.state.records.sms import Messages
from aioemnify.simulator.state.schedule import Schedule


@define(kw_only=True)
class DutySpan:
    """A time in which a SIM was on duty in an endpoint: it could carry data.

    Attributes:
        sim: id of the SIM.
        endpoint: id of the endpoint.
        profile: id of the endpoint's service profile at the time.
        start: seconds since 1970.
        end: seconds since 1970; None while the span lasts.
    """

    sim: int
    endpoint: int
    profile: int
    start: float
    end: float | None = None


@define(kw_only=True)
class DutySpans:
    """The duty spans of SIMs that changed.

    Attributes:
        spans: by SIM, in order of time.
        visitors: by endpoint, the SIMs that were assigned to it later.
    """

    spans: dict[int, list[DutySpan]] = field(factory=dict)
    visitors: dict[int, list[int]] = field(factory=dict)


@define(kw_only=True)
class Extension:
    """A data limit raised for one endpoint until the month ends."""

    id: int
    limit: int | None
    volume: int
    created: float
    expires: float


@define(kw_only=True)
class Reset:
    """When the data session and the attachment of a device were last reset."""

    session: float | None = None
    attachment: float | None = None


@define(kw_only=True)
class Activity:
    """Everything that changes as time passes.

    Attributes:
        schedule: future events.
        duty_spans: when SIMs could carry data.
        messages: SMS by id.
        data_quotas: data quotas by endpoint.
        sms_quotas: SMS quotas by endpoint.
        windows: by endpoint, the times in which a data quota allowed traffic.
        extensions: raised limits by endpoint.
        barred: operators that endpoints must not use, by endpoint.
        resets: last connectivity resets by endpoint.
        limit_checks: by endpoint, when it may reach its data limit.
        limits_reached: by endpoint, the start of the last month in which it reached a data limit, and the
            limit.
        tested: by SIM, when it entered the status Factory Test.
        chips: eUICCs that changed, by id.
        chip_operations: by UUID.
        sim_operations: by UUID.
        linked: how many profiles of each product are linked to eUICCs.
    """

    schedule: Schedule = field(factory=Schedule)
    duty_spans: DutySpans = field(factory=DutySpans)
    messages: Messages = field(factory=Messages)
    data_quotas: dict[int, Quota] = field(factory=dict)
    sms_quotas: dict[int, Quota] = field(factory=dict)
    windows: dict[int, list[tuple[float, float | None]]] = field(factory=dict)
    extensions: dict[int, list[Extension]] = field(factory=dict)
    barred: dict[int, list[int]] = field(factory=dict)
    resets: dict[int, Reset] = field(factory=dict)
    limit_checks: dict[int, float] = field(factory=dict)
    limits_reached: dict[int, tuple[float, int]] = field(factory=dict)
    tested: dict[int, float] = field(factory=dict)
    chips: dict[int, Chip] = field(factory=dict)
    chip_operations: dict[str, ChipOperation] = field(factory=dict)
    sim_operations: dict[str, SimOperation] = field(factory=dict)
    linked: dict[int, int] = field(factory=dict)
