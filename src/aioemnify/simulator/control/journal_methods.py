"""The methods of the control interface that read the journal: export, search, one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from aioemnify.simulator.control.json_lines import last_of
from aioemnify.simulator.control.methods import ControlError
from aioemnify.simulator.control.request_views import MOST_LINES, request_view, search_view
from aioemnify.simulator.control.responses import (
    SAFE_HEADERS,
    carry_out,
    count_of,
    empty_response,
    json_response,
    lines_response,
    number_in,
    query_of,
)
from aioemnify.simulator.core import SimulatorCore
from aioemnify.simulator.recording.export import to_har, to_json_lines
from aioemnify.simulator.recording.request_log import RequestLog
from aioemnify.simulator.recording.search import RecordFilter

if TYPE_CHECKING:
    from starlette.requests import Request


class JournalMethods:
    """The methods of one simulator's journal."""

    def __init__(self, simulator: SimulatorCore) -> None:
        self._simulator = simulator

    async def export(self, request: Request) -> Response:
        """Return the journal; parameters are ``format`` (jsonl or har), ``operation`` and ``last``."""
        query = query_of(request, "format", "operation", "last")
        form = query.get("format", "jsonl")
        if form not in ("jsonl", "har"):
            raise ControlError(422, "format must be jsonl or har")
        records: RequestLog = carry_out(lambda: self._simulator.requests.of(query.get("operation")))
        chosen = last_of(records, count_of(query, "last"))
        if form == "har":
            return Response(to_har(chosen), media_type="application/json", headers=SAFE_HEADERS)
        return lines_response(chosen, to_json_lines)

    async def clear(self, request: Request) -> Response:
        """Drop the requests recorded so far."""
        self._simulator.clear_requests()
        return empty_response()

    async def search(self, request: Request) -> Response:
        """Search the journal, newest first; parameters are ``search``, ``before`` and ``last``."""
        query = query_of(request, "search", "before", "last")
        wanted = carry_out(lambda: RecordFilter(query.get("search", "")))
        last = count_of(query, "last")
        if last is None:
            last = MOST_LINES
        elif last > MOST_LINES:
            raise ControlError(422, f"last must be at most {MOST_LINES}")
        journal = self._simulator.installation.journal
        return json_response(await search_view(journal, wanted, before=count_of(query, "before"), last=last))

    async def request(self, request: Request) -> Response:
        """Return one recorded request in full, with credentials masked."""
        found = request_view(self._simulator, number_in(request))
        if found is None:
            raise ControlError(404, f"the journal has no request {request.path_params['number']}")
        return json_response(found)
