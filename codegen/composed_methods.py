"""Write the methods that find an object, follow events, or wait until an object is as wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from codegen.api import Api
from codegen.operations import Operation
from codegen.render import paragraphs
from codegen.resources import OPTIONS, Argument, Method, arguments_section, class_name, limit_of, method_of

KINDS = {
    "iccid": ("ICCID", "19 digits, or 20 with the check digit."),
    "eid": ("EID", "32 digits of an eUICC."),
    "imsi": ("IMSI", "15 digits."),
    "imei": ("IMEI", "15 digits, or the 16 digits of an IMEISV."),
    "msisdn": ("MSISDN", "Up to 15 digits, with or without +."),
    "ip_address": ("IP address", "The IPv4 address of the endpoint."),
    "name": ("name", "The name of the endpoint, exactly."),
}
TEXT = Argument("text", "str | None", "None", "An identifier of any kind.")
SINCE = Argument(
    "since",
    "datetime | str | None",
    "None",
    "A time with a zone, or a position; None begins now, by the client's clock.",
)
LATENESS = Argument("lateness", "float", "300.0", "Seconds that an event may take into the list, at most.")
EVERY = "Seconds to the second call; each pause is half as long again, up to ten times this."


def composed_methods(api: Api) -> dict[str, list[Method]]:
    """Return these methods by the id of the operation that each follows."""
    return {operation.id: list(_methods(api, operation)) for operation in api.operations}


def _methods(api: Api, operation: Operation) -> Iterator[Method]:
    facts = api.composed.get(operation.id)
    if facts is None:
        return
    if facts.find is not None:
        assert facts.through is not None
        yield _find(api, operation, facts.through, str(facts.find["member"]))
    if facts.follow:
        yield _follow(api, operation)
    if facts.wait is not None:
        yield _wait(api, operation, facts.wait)


def _find(api: Api, operation: Operation, through: Operation, member: str) -> Method:
    assert operation.answered is not None
    assert operation.paging is not None
    assert operation.paging.filter is not None
    group = operation.document.module
    own = [kind for kind in KINDS if kind in operation.paging.filter.fields]
    given = [Argument(kind, "str | None", "None", about) for kind, (_, about) in KINDS.items()]
    kinds = "{" + ", ".join(f'"{kind}": {kind}' for kind in KINDS) + "}"
    direct, others = (
        ", ".join(KINDS[kind][0] for kind in some) for some in (own, [one for one in KINDS if one not in own])
    )
    more = 0 if "imei" in own else 1
    keywords = [*given, OPTIONS]
    return Method(
        name="find",
        paged=False,
        positional=[TEXT],
        keywords=keywords,
        returns=class_name(operation, operation.answered),
        call=f'find(self._caller, OPERATIONS["{operation.id}"], OPERATIONS["{group}.get"], '
        f'(OPERATIONS["{through.id}"], "{member}"), text, {kinds}, options)',
        docstring=[
            "Find the only object that a text identifies, or raise an error.",
            "",
            "19 or 20 digits are an ICCID, 32 an EID, 16 an IMEISV, 7 to 14 an MSISDN, and up to 15 after a "
            "+; 15 digits are an IMSI, else an IMEI if the check digit is right, else an MSISDN. Spaces "
            "between digits do not count. A dotted address is that of the endpoint, and any other text is "
            "its name. A keyword forces one kind. For an id use get.",
            "",
            f"Calls: 1 for {direct}; 2 for {others}. Exceptions: an IMEI of 15 digits takes {1 + more}, and "
            "1 more each time the number of endpoints doubles beyond 1,000; each kind that 15 digits are "
            "not takes 1; a filter that matches more than a page takes 1 for each page, because values are "
            "compared again here.",
            "",
            f"Limit of {operation.id}: {limit_of(operation, api.limits)}",
            f"Limit of {through.id}: {limit_of(through, api.limits)}",
            "",
            *arguments_section([TEXT], keywords),
            "",
            "Raises:",
            "    ArgumentError: There is not exactly one identifier, or it has the wrong form, or it is an "
            "id.",
            "    FilterValueError: A name that the API cannot filter by, such as one with a comma.",
            "    NoResultError: Nothing has the identifier.",
            "    MultipleResultsError: Several have it; results lists them.",
        ],
        load="find",
        room="finding",
    )


def _follow(api: Api, operation: Operation) -> Method:
    types = Argument("types", "Sequence[EventType | int] | None", "None", "The event types; None for all.")
    every = Argument("every", "float", "5.0", "Seconds between two reads when nothing is left to read.")
    keywords = [SINCE, types, LATENESS, every, OPTIONS]
    given = ", ".join(f"{one.name}={one.name}" for one in keywords)
    return Method(
        name="follow",
        paged=True,
        positional=[],
        keywords=keywords,
        returns="EventFollower",
        call=f'EventFollower(self._caller, OPERATIONS["{operation.id}"], {given})',
        docstring=[
            "Follow the events as they come, without a gap and without a repeat.",
            "",
            "async for never ends by itself. Store position after an event is processed, and pass it as "
            "since to continue there. Calls that fail for a reason that may pass (no connection, 5xx, 429, "
            "a deadline) are repeated after a pause that doubles up to a minute, and logged.",
            "",
            "Events come sorted by time within a read, not over all reads. The API documents neither how "
            "late an event can be in the list nor an order of the ids. Assumed: it is there lateness "
            "seconds after its timestamp, by the server's clock, at the latest; ids are unique; the clocks "
            "differ by less than ten minutes; events stay for 30 days. Memory: the ids of the events of "
            "the last lateness seconds, and one page.",
            "",
            "Calls: 1 a read, as long as the events of lateness fit into one page (1,000).",
            "",
            f"Limit: {limit_of(operation, api.limits)}",
            "",
            *arguments_section([], keywords),
            "",
            "Raises:",
            "    ArgumentError: since is more than 30 days ago, or the position of other types.",
            "    EmnifyError: While it is read: a call failed for a reason that does not pass.",
        ],
        load="EventFollower",
        room="polling",
        uses=["EventType"],
    )


def _wait(api: Api, operation: Operation, facts: Mapping[str, Any]) -> Method:
    plain = method_of(api, operation)
    keywords = [
        Argument("every", "float", f"{float(facts['every'])}", EVERY),
        Argument("timeout", "float", f"{float(facts['timeout'])}", "Seconds until the last call."),
        OPTIONS,
    ]
    names = "".join(f"{one.name}, " for one in plain.positional)
    given = ", ".join(f"{one.name}={one.name}" for one in keywords)
    return Method(
        name=str(facts["name"]),
        paged=False,
        positional=plain.positional,
        keywords=keywords,
        returns=plain.returns,
        call=f'wait_for(self._caller, OPERATIONS["{operation.id}"], ({names}), {given})',
        docstring=[
            re.sub(r"\s+", " ", str(facts["summary"])).strip(),
            "",
            *(line for part in paragraphs(str(facts["description"])) for line in (part, "")),
            "Calls that fail for a reason that may pass (no connection, 5xx, 429, a deadline) are repeated.",
            "",
            f"Limit of a call: {limit_of(operation, api.limits)}",
            "",
            *arguments_section(plain.positional, keywords),
            "",
            "Raises:",
            "    WaitTimeoutError: The time ran out; last is the last value.",
            "    WaitFailedError: It can no longer happen; last is the value that shows it.",
        ],
        load="wait_for",
        room="polling",
    )
