"""The date range of a statistic."""

from __future__ import annotations

from aioemnify.simulator.api.call import Call
from aioemnify.simulator.platform.dates import DAY_SECONDS, month_start, read_date
from aioemnify.simulator.platform.errors import Findings
from aioemnify.simulator.usage.organisation_usage import FIRST_DAY


def read_days(call: Call, *, by_start: bool = False) -> tuple[int, int]:
    """Return the first and the last day of a range, in days since 1970; by default the current month.

    Args:
        call: its query has ``start_date`` and ``end_date``.
        by_start: a start alone means until the end of its month, and an end needs a start.

    Raises:
        Problem: 422, a date is invalid, or the range ends before it starts, or has no start and needs one.
    """
    wall = call.now
    start, end = read_range(call, month_start(wall), wall)
    begins, ends = bool(call.params.get("start_date")), bool(call.params.get("end_date"))
    if by_start and ends and not begins:
        findings = Findings("Statistics")
        findings.required("start_date")
        findings.check()
    if by_start and begins and not ends:
        end = month_start(start, 1) - 1
    return max(FIRST_DAY, int(start // DAY_SECONDS)), int(end // DAY_SECONDS)


def read_range(call: Call, start: float, end: float) -> tuple[float, float]:
    """Return the start and the end of a range; a single date moves the default of the other if needed.

    Args:
        call: its query has ``start_date`` and ``end_date``.
        start: the default start.
        end: the default end.

    Raises:
        Problem: 422, a date is invalid, or the range ends before it starts.
    """
    findings = Findings("Statistics")
    found: dict[str, float] = {}
    for name in ("start_date", "end_date"):
        text = call.params.get(name)
        moment = read_date(text) if text else None
        if moment is not None:
            found[name] = moment
        elif text:
            findings.malformed(name, "Date")
    if "end_date" in found and "start_date" not in found:
        found["start_date"] = min(start, found["end_date"])
    begin, stop = found.get("start_date", start), found.get("end_date", end)
    if not findings.details and begin > stop and "end_date" in found:
        findings.out_of_range("end_date")
    findings.check()
    return begin, stop
