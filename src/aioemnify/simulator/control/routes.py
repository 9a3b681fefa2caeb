"""The control interface under ``/_sim/``: control a simulator over HTTP.

Limits, faults and the journal ignore its requests. ``docs/simulator.md`` documents every path, and
``/_sim/openapi.json`` does the same for tools.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

import anyio.to_thread
import msgspec
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, Router

from aioemnify.simulator.control import views
from aioemnify.simulator.control.access import refusal
from aioemnify.simulator.control.api_document import PATH, serve_api_document
from aioemnify.simulator.control.event_stream import EventStreams
from aioemnify.simulator.control.json_lines import delivery_lines, in_parts, last_of
from aioemnify.simulator.control.methods import ControlError, Method, Methods, unknown_path
from aioemnify.simulator.control.openapi import openapi_document
from aioemnify.simulator.control.page import page
from aioemnify.simulator.control.requests import (
    DeviceSms,
    NewAddressSpace,
    NewBatch,
    NewOrganisation,
    SpentCalls,
    Switch,
)
from aioemnify.simulator.core import SimulatorCore
from aioemnify.simulator.faults.rules import FaultRule, FaultSpec
from aioemnify.simulator.faults.scenario import ClockMove, Scenario
from aioemnify.simulator.platform.settings import Settings
from aioemnify.simulator.recording.delivery_record import DeliveryRecord, delivery_line
from aioemnify.simulator.recording.export import package_version, to_har, to_json_lines
from aioemnify.simulator.recording.request_log import RequestLog

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


PREFIX = "/_sim"
_SAFE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_T = TypeVar("_T")
_CREDENTIALS = (
    "url",
    "application_token",
    "second_application_token",
    "username",
    "password",
    "password_digest",
    "mfa_code",
    "bic",
    "foreign_bic",
)


class Front:
    """Route ``/_sim`` to the control interface, ``/openapi.json`` to the document, all else to the API.

    A browser that opens ``/`` is led to the page.
    """

    def __init__(self, api: ASGIApp, control: ASGIApp) -> None:
        self._api = api
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        app = self._api
        if scope["type"] == "http":
            if path == PREFIX or path.startswith(f"{PREFIX}/"):
                app = self._control
            elif path == PATH:
                app = serve_api_document
            elif path == "/" and _wants_page(scope):
                app = RedirectResponse(f"{PREFIX}/", 307, _SAFE)
        await app(scope, receive, send)


class Control:
    """The control interface of one simulator, as an ASGI application.

    Args:
        simulator: the simulator to control.
        remote: whether other machines are allowed.
        names: names of this machine, by which they may call it.
        certificate: returns the certificate authority to trust, None without TLS.
    """

    def __init__(
        self,
        simulator: SimulatorCore,
        *,
        remote: bool = False,
        names: Collection[str] = (),
        certificate: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        self._simulator = simulator
        self._remote = remote
        self._names = names
        self._certificate = certificate
        self._event_streams = EventStreams(simulator)
        self._table: dict[str, dict[str, Method]] = {
            "": {"GET": Method(self._to_page)},
            "/": {"GET": Method(self._page)},
            "/openapi.json": {"GET": Method(self._describe)},
            "/health": {"GET": Method(self._health)},
            "/ca.pem": {"GET": Method(self._ca)},
            "/state": {"GET": Method(self._state)},
            "/credentials": {"GET": Method(self._credentials)},
            "/clock": {"GET": Method(self._clock), "POST": Method(self._move_clock, ClockMove)},
            "/settings": {
                "GET": Method(self._settings),
                "POST": Method(self._configure, dict[str, Any], shown=Settings),
            },
            "/faults": {
                "GET": Method(self._faults),
                "POST": Method(self._add_fault, FaultSpec),
                "DELETE": Method(self._clear_faults),
            },
            "/faults/{number}": {
                "POST": Method(self._switch_fault, Switch),
                "DELETE": Method(self._remove_fault),
            },
            "/scenario": {
                "GET": Method(self._scenario),
                "POST": Method(self._play, Scenario),
                "DELETE": Method(self._stop_scenario),
            },
            "/journal": {"GET": Method(self._journal), "DELETE": Method(self._clear_journal)},
            "/deliveries": {"GET": Method(self._list_deliveries), "DELETE": Method(self._clear_deliveries)},
            "/deliveries/{number}": {"GET": Method(self._delivery), "POST": Method(self._redeliver)},
            "/sms": {"POST": Method(self._send_sms, DeviceSms)},
            "/events": {"GET": Method(self._events)},
            "/organisations": {"POST": Method(self._add_organisation, NewOrganisation)},
            "/batches": {"POST": Method(self._add_batch, NewBatch)},
            "/address-spaces": {"POST": Method(self._add_address_space, NewAddressSpace)},
            "/quota": {"POST": Method(self._spend_quota, SpentCalls)},
            "/tokens/expire": {"POST": Method(self._expire_tokens)},
            "/reset": {"POST": Method(self._reset)},
        }
        self._router = Router(
            [Route(f"{PREFIX}{path}", Methods(methods)) for path, methods in self._table.items()],
            redirect_slashes=False,
            default=unknown_path,
        )

    def open(self) -> None:
        """Allow event streams."""
        self._event_streams.open()

    def close(self) -> None:
        """End all event streams, so that the server does not wait for them."""
        self._event_streams.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            # Other machines need the certificate before they can trust anything. It holds no secret.
            is_open = scope["method"] == "GET" and scope["path"] == f"{PREFIX}/ca.pem"
            reason = None if is_open else refusal(scope, remote=self._remote, names=self._names)
            if reason is not None:
                raise ControlError(403, reason)
            await self._router(scope, receive, send)
        except ControlError as error:
            response = _json({"error": error.message, "at": error.at}, error.status, error.headers)
            await response(scope, receive, send)
        except ClientDisconnect:
            return

    async def _to_page(self, request: Request) -> Response:
        """Redirect to the page."""
        return RedirectResponse(f"{PREFIX}/", 308, _SAFE)

    async def _page(self, request: Request) -> Response:
        """Return the page."""
        found = page()
        return Response(found.body, headers=dict(found.headers))

    async def _health(self, request: Request) -> Response:
        """Return 200 and the version."""
        return _json({"status": "ok", "version": package_version()})

    async def _ca(self, request: Request) -> Response:
        """Return the certificate authority to trust; open to other machines too."""
        certificate = self._certificate()
        if certificate is None:
            raise ControlError(404, "there is no certificate: the simulator does not serve HTTPS")
        return Response(certificate, media_type="application/x-pem-file", headers=_SAFE)

    async def _state(self, request: Request) -> Response:
        """Return clock, counters, limits, settings, faults, scenario and organisations."""
        self._simulator.timeline.catch_up()
        return _json(views.state_view(self._simulator))

    async def _clock(self, request: Request) -> Response:
        """Return the state of the clock."""
        return _json(views.clock_view(self._simulator))

    async def _move_clock(self, request: Request, move: ClockMove) -> Response:
        """Freeze, run, scale or advance the clock."""
        _carry_out(lambda: move.carry_out(self._simulator.clock))
        self._simulator.timeline.catch_up()
        return _json(views.clock_view(self._simulator))

    async def _settings(self, request: Request) -> Response:
        """Return the settings in force."""
        return _json(views.settings_view(self._simulator))

    async def _configure(self, request: Request, changes: dict[str, Any]) -> Response:
        """Change settings; ``limits`` enables or disables all limits."""
        limits = changes.pop("limits", None)
        if limits is not None and not isinstance(limits, bool):
            raise ControlError(422, "limits must be true or false", at="$.limits")
        _carry_out(lambda: self._simulator.apply_settings(changes, limits))
        return _json(views.settings_view(self._simulator))

    async def _faults(self, request: Request) -> Response:
        """Return the fault rules and their counters."""
        self._simulator.timeline.catch_up()
        return _json(views.faults_view(self._simulator))

    async def _add_fault(self, request: Request, spec: FaultSpec) -> Response:
        """Add a fault rule."""
        rule = _carry_out(lambda: self._simulator.faults.install(spec))
        return _json(rule, 201, {"Location": f"{PREFIX}/faults/{rule.id}"})

    async def _clear_faults(self, request: Request) -> Response:
        """Remove all fault rules."""
        self._simulator.faults.clear()
        return _empty()

    async def _switch_fault(self, request: Request, switch: Switch) -> Response:
        """Enable or disable a fault rule."""
        rule = self._rule(request)
        rule.enabled = switch.enabled
        return _json(rule)

    async def _remove_fault(self, request: Request) -> Response:
        """Remove one fault rule."""
        self._simulator.faults.remove(self._rule(request))
        return _empty()

    def _rule(self, request: Request) -> FaultRule:
        number = request.path_params["number"]
        for rule in self._simulator.faults.rules:
            if str(rule.id) == number:
                return rule
        raise ControlError(404, f"unknown fault rule {number}")

    async def _scenario(self, request: Request) -> Response:
        """Return the progress of the scenario."""
        self._simulator.timeline.catch_up()
        return _json(self._simulator.timeline.progress())

    async def _play(self, request: Request, scenario: Scenario) -> Response:
        """Start a scenario and stop the running one."""
        self._simulator.play(scenario)
        return _json(self._simulator.timeline.progress(), 201)

    async def _stop_scenario(self, request: Request) -> Response:
        """Stop the scenario."""
        self._simulator.play(None)
        return _empty()

    async def _journal(self, request: Request) -> Response:
        """Return the journal; parameters are ``format`` (jsonl or har), ``operation`` and ``last``."""
        query = request.query_params
        unknown = set(query) - {"format", "operation", "last"}
        if unknown:
            raise ControlError(422, f"unknown parameter {min(unknown)!r}; accepted: format, operation, last")
        form = query.get("format", "jsonl")
        if form not in ("jsonl", "har"):
            raise ControlError(422, "format must be jsonl or har")
        records: RequestLog = _carry_out(lambda: self._simulator.requests.of(query.get("operation")))
        records = RequestLog(last_of(records, query.get("last")))
        if form == "har":
            return Response(to_har(records), media_type="application/json", headers=_SAFE)
        return StreamingResponse(
            in_parts(records, to_json_lines), media_type="application/jsonl", headers=_SAFE
        )

    async def _clear_journal(self, request: Request) -> Response:
        """Drop the requests recorded so far."""
        self._simulator.clear_requests()
        return _empty()

    async def _list_deliveries(self, request: Request) -> Response:
        """Return the deliveries to webhooks and callbacks; the parameter is ``last``."""
        query = request.query_params
        unknown = set(query) - {"last"}
        if unknown:
            raise ControlError(422, f"unknown parameter {min(unknown)!r}; accepted: last")
        records = last_of(self._simulator.deliveries, query.get("last"))
        return StreamingResponse(
            in_parts(records, delivery_lines), media_type="application/jsonl", headers=_SAFE
        )

    async def _delivery(self, request: Request) -> Response:
        """Return one delivery."""
        return _json(delivery_line(self._recorded(request)))

    async def _clear_deliveries(self, request: Request) -> Response:
        """Drop the deliveries recorded so far."""
        self._simulator.clear_deliveries()
        return _empty()

    async def _redeliver(self, request: Request) -> Response:
        """Send a delivery again, once and now, and return the new one."""
        number = self._recorded(request).number
        try:
            record = await anyio.to_thread.run_sync(self._simulator.redeliver, number)
        except ValueError as error:
            raise ControlError(404, str(error)) from None
        return _json(delivery_line(record), 201)

    def _recorded(self, request: Request) -> DeliveryRecord:
        number = request.path_params["number"]
        for record in self._simulator.deliveries:
            if str(record.number) == number:
                return record
        raise ControlError(404, f"there is no delivery {number} in the journal")

    async def _send_sms(self, request: Request, body: DeviceSms) -> Response:
        """Let a device send an SMS and return the id of the message."""
        owner = self._organisation(body.organisation)
        message = _carry_out(
            lambda: self._simulator.send_sms_from_device(
                body.endpoint,
                body.payload,
                dest_address=body.dest_address,
                dcs=body.dcs,
                organisation_id=owner,
            )
        )
        return _json({"id": message}, 201)

    async def _events(self, request: Request) -> Response:
        """Stream requests and state as server-sent events."""
        return StreamingResponse(self._event_streams.stream(), media_type="text/event-stream", headers=_SAFE)

    async def _describe(self, request: Request) -> Response:
        """Return this OpenAPI document."""
        return _json(openapi_document(PREFIX, self._table))

    async def _credentials(self, request: Request) -> Response:
        """Return the credentials of the simulated installation."""
        return _json({name: getattr(self._simulator, name) for name in _CREDENTIALS})

    async def _add_organisation(self, request: Request, body: NewOrganisation) -> Response:
        """Add an organisation and return its application token."""
        token = _carry_out(lambda: self._simulator.add_organisation(body.name, sims=body.sims))
        return _json({"application_token": token}, 201)

    async def _add_batch(self, request: Request, body: NewBatch) -> Response:
        """Add a batch of SIMs that can be registered and return its code."""
        return _json({"bic": self._simulator.add_batch(body.size)}, 201)

    async def _add_address_space(self, request: Request, body: NewAddressSpace) -> Response:
        """Add an address space to an organisation and return its id."""
        owner = self._organisation(body.organisation)
        space = self._simulator.add_address_space(body.parsed(), organisation_id=owner)
        return _json({"id": space}, 201)

    async def _spend_quota(self, request: Request, body: SpentCalls) -> Response:
        """Count calls against an organisation's monthly quota and return the calls counted."""
        owner = self._organisation(body.organisation)
        self._simulator.spend_quota(body.calls, organisation_id=owner)
        return _json({"used": self._simulator.quota_used(organisation_id=owner)})

    def _organisation(self, number: int | None) -> int | None:
        if number is not None and number not in self._simulator.installation.world.organisations:
            raise ControlError(422, f"unknown organisation {number}", at="$.organisation")
        return number

    async def _expire_tokens(self, request: Request) -> Response:
        """Expire every auth token issued so far: calls with them get 401."""
        self._simulator.expire_tokens()
        return _empty()

    async def _reset(self, request: Request) -> Response:
        """Reset everything to the initial state."""
        self._simulator.reset()
        return _empty()


def _wants_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def _carry_out(action: Callable[[], _T]) -> _T:
    try:
        return action()
    except (ValueError, OverflowError) as error:
        raise ControlError(422, str(error)) from None


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(value), status, {**_SAFE, **(headers or {})}, media_type="application/json"
    )


def _empty() -> Response:
    return Response(status_code=204, headers=_SAFE)
