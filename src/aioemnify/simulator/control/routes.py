"""The control interface under ``/_sim/``: control a simulator over HTTP.

Limits, faults and the journal ignore its requests. ``docs/simulator.md`` documents every path, and
``/_sim/openapi.json`` does the same for tools.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, Router

from aioemnify.simulator.control import views
from aioemnify.simulator.control.access import refusal
from aioemnify.simulator.control.api_document import PATH, serve_api_document
from aioemnify.simulator.control.delivery_methods import DeliveryMethods
from aioemnify.simulator.control.event_stream import EventStreams
from aioemnify.simulator.control.journal_methods import JournalMethods
from aioemnify.simulator.control.methods import ControlError, Method, Methods
from aioemnify.simulator.control.openapi import openapi_document
from aioemnify.simulator.control.requests import (
    DeviceSms,
    NewAddressSpace,
    NewBatch,
    NewOrganisation,
    SpentCalls,
    Switch,
)
from aioemnify.simulator.control.responses import (
    SAFE_HEADERS,
    carry_out,
    count_of,
    empty_response,
    json_response,
    query_of,
)
from aioemnify.simulator.control.static_files import INDEX, static_files
from aioemnify.simulator.core import SimulatorCore
from aioemnify.simulator.faults.rules import FaultRule, FaultSpec
from aioemnify.simulator.faults.scenario import ClockMove, Scenario
from aioemnify.simulator.http.responses import encode
from aioemnify.simulator.platform.decoding import did_you_mean
from aioemnify.simulator.platform.settings import Settings
from aioemnify.simulator.recording.export import package_version
from aioemnify.simulator.recording.redaction import redact_body
from aioemnify.simulator.recording.search import RecordFilter

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


PREFIX = "/_sim"

_CREDENTIALS = (
    "url",
    "ca_file",
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
                app = RedirectResponse(f"{PREFIX}/", 307, SAFE_HEADERS)
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
        journal, deliveries = JournalMethods(simulator), DeliveryMethods(simulator)
        self._table: dict[str, dict[str, Method]] = {
            "": {"GET": Method(self._to_page)},
            "/": {"GET": Method(self._page)},
            "/static/{name}": {"GET": Method(self._static_file)},
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
            "/journal": {"GET": Method(journal.export), "DELETE": Method(journal.clear)},
            "/requests": {"GET": Method(journal.search)},
            "/requests/{number}": {"GET": Method(journal.request)},
            "/deliveries": {"GET": Method(deliveries.export), "DELETE": Method(deliveries.clear)},
            "/deliveries/{number}": {"GET": Method(deliveries.delivery), "POST": Method(deliveries.send)},
            "/sms": {"POST": Method(self._send_sms, DeviceSms)},
            "/events": {"GET": Method(self._events)},
            "/limits": {"GET": Method(self._limits)},
            "/organisations": {"POST": Method(self._add_organisation, NewOrganisation)},
            "/organisations/{organisation}/{path}": {"GET": Method(self._read)},
            "/batches": {"POST": Method(self._add_batch, NewBatch)},
            "/address-spaces": {"POST": Method(self._add_address_space, NewAddressSpace)},
            "/quota": {"POST": Method(self._spend_quota, SpentCalls)},
            "/tokens/expire": {"POST": Method(self._expire_tokens)},
            "/reset": {"POST": Method(self._reset)},
        }
        self._router = Router(
            [
                Route(f"{PREFIX}{path}".replace("{path}", "{path:path}"), Methods(methods))
                for path, methods in self._table.items()
            ],
            redirect_slashes=False,
            default=self._unknown_path,
        )

    async def _unknown_path(self, scope: Scope, receive: Receive, send: Send) -> None:
        hint = did_you_mean(scope["path"], [f"{PREFIX}{path}" for path in self._table])
        raise ControlError(404, f"the control interface has no path {scope['path']}{hint}")

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
            response = json_response({"error": error.message, "at": error.at}, error.status, error.headers)
            await response(scope, receive, send)
        except ClientDisconnect:
            return

    async def _to_page(self, request: Request) -> Response:
        """Redirect to the page."""
        return RedirectResponse(f"{PREFIX}/", 308, SAFE_HEADERS)

    async def _page(self, request: Request) -> Response:
        """Return the page."""
        return self._file(INDEX)

    async def _static_file(self, request: Request) -> Response:
        """Return a style sheet or a script of the page."""
        return self._file(request.path_params["name"])

    def _file(self, name: str) -> Response:
        found = static_files().get(name)
        if found is None:
            raise ControlError(404, f"the page has no file {name}")
        return Response(found.body, headers=dict(found.headers))

    async def _health(self, request: Request) -> Response:
        """Return 200 and the version."""
        return json_response({"status": "ok", "version": package_version()})

    async def _ca(self, request: Request) -> Response:
        """Return the certificate authority to trust; open to other machines too."""
        certificate = self._certificate()
        if certificate is None:
            raise ControlError(404, "there is no certificate: the simulator does not serve HTTPS")
        return Response(certificate, media_type="application/x-pem-file", headers=SAFE_HEADERS)

    async def _state(self, request: Request) -> Response:
        """Return clock, counters, limits, settings, faults, scenario and organisations."""
        self._simulator.timeline.catch_up()
        return json_response(views.state_view(self._simulator))

    async def _clock(self, request: Request) -> Response:
        """Return the state of the clock."""
        return json_response(views.clock_view(self._simulator))

    async def _move_clock(self, request: Request, move: ClockMove) -> Response:
        """Freeze, run, scale or advance the clock."""
        carry_out(lambda: move.carry_out(self._simulator.clock))
        self._simulator.timeline.catch_up()
        return json_response(views.clock_view(self._simulator))

    async def _settings(self, request: Request) -> Response:
        """Return the settings in force."""
        return json_response(views.settings_view(self._simulator))

    async def _configure(self, request: Request, changes: dict[str, Any]) -> Response:
        """Change settings; ``limits`` enables or disables all limits."""
        limits = changes.pop("limits", None)
        if limits is not None and not isinstance(limits, bool):
            raise ControlError(422, "limits must be true or false", at="$.limits")
        carry_out(lambda: self._simulator.apply_settings(changes, limits))
        return json_response(views.settings_view(self._simulator))

    async def _faults(self, request: Request) -> Response:
        """Return the fault rules and their counters."""
        self._simulator.timeline.catch_up()
        return json_response(views.faults_view(self._simulator))

    async def _add_fault(self, request: Request, spec: FaultSpec) -> Response:
        """Add a fault rule."""
        rule = carry_out(lambda: self._simulator.faults.install(spec))
        return json_response(rule, 201, {"Location": f"{PREFIX}/faults/{rule.id}"})

    async def _clear_faults(self, request: Request) -> Response:
        """Remove all fault rules."""
        self._simulator.faults.clear()
        return empty_response()

    async def _switch_fault(self, request: Request, switch: Switch) -> Response:
        """Enable or disable a fault rule."""
        rule = self._rule(request)
        rule.enabled = switch.enabled
        return json_response(rule)

    async def _remove_fault(self, request: Request) -> Response:
        """Remove one fault rule."""
        self._simulator.faults.remove(self._rule(request))
        return empty_response()

    def _rule(self, request: Request) -> FaultRule:
        number = request.path_params["number"]
        for rule in self._simulator.faults.rules:
            if str(rule.id) == number:
                return rule
        raise ControlError(404, f"unknown fault rule {number}")

    async def _scenario(self, request: Request) -> Response:
        """Return the progress of the scenario."""
        self._simulator.timeline.catch_up()
        return json_response(self._simulator.timeline.progress())

    async def _play(self, request: Request, scenario: Scenario) -> Response:
        """Start a scenario and stop the running one."""
        self._simulator.play(scenario)
        return json_response(self._simulator.timeline.progress(), 201)

    async def _stop_scenario(self, request: Request) -> Response:
        """Stop the scenario."""
        self._simulator.play(None)
        return empty_response()

    async def _send_sms(self, request: Request, body: DeviceSms) -> Response:
        """Let a device send an SMS and return the id of the message."""
        owner = self._organisation(body.organisation)
        message = carry_out(
            lambda: self._simulator.send_sms_from_device(
                body.endpoint,
                body.payload,
                dest_address=body.dest_address,
                dcs=body.dcs,
                organisation_id=owner,
            )
        )
        return json_response({"id": message}, 201)

    async def _events(self, request: Request) -> Response:
        """Stream requests and state as server-sent events; ``search`` and ``after`` select the requests."""
        query = query_of(request, "search", "after")
        wanted = carry_out(lambda: RecordFilter(query.get("search", "")))
        return StreamingResponse(
            self._event_streams.stream(wanted, count_of(query, "after")),
            media_type="text/event-stream",
            headers=SAFE_HEADERS,
        )

    async def _limits(self, request: Request) -> Response:
        """Return the limits in force with their numbers; none if limits are off."""
        return json_response(views.limit_table_view(self._simulator))

    async def _read(self, request: Request) -> Response:
        """Return what the API replies to a GET of an organisation; no limit counts it, secrets are masked."""
        number = request.path_params["organisation"]
        owner = int(number) if number.isascii() and number.isdigit() and len(number) < 20 else -1
        if owner not in self._simulator.installation.world.organisations:
            raise ControlError(404, f"unknown organisation {number}")
        reply = self._simulator.read(
            f"/{request.path_params['path']}", request.url.query, organisation_id=owner
        )
        return Response(
            redact_body(encode(reply.body)),
            reply.status,
            {**SAFE_HEADERS, **reply.headers},
            media_type="application/json",
        )

    async def _describe(self, request: Request) -> Response:
        """Return this OpenAPI document."""
        return json_response(openapi_document(PREFIX, self._table))

    async def _credentials(self, request: Request) -> Response:
        """Return the credentials of the simulated installation."""
        return json_response({name: getattr(self._simulator, name) for name in _CREDENTIALS})

    async def _add_organisation(self, request: Request, body: NewOrganisation) -> Response:
        """Add an organisation and return its application token."""
        token = carry_out(lambda: self._simulator.add_organisation(body.name, sims=body.sims))
        return json_response({"application_token": token}, 201)

    async def _add_batch(self, request: Request, body: NewBatch) -> Response:
        """Add a batch of SIMs that can be registered and return its code."""
        return json_response({"bic": self._simulator.add_batch(body.size)}, 201)

    async def _add_address_space(self, request: Request, body: NewAddressSpace) -> Response:
        """Add an address space to an organisation and return its id."""
        owner = self._organisation(body.organisation)
        space = self._simulator.add_address_space(body.parsed(), organisation_id=owner)
        return json_response({"id": space}, 201)

    async def _spend_quota(self, request: Request, body: SpentCalls) -> Response:
        """Count calls against an organisation's monthly quota and return the calls counted."""
        owner = self._organisation(body.organisation)
        self._simulator.spend_quota(body.calls, organisation_id=owner)
        return json_response({"used": self._simulator.quota_used(organisation_id=owner)})

    def _organisation(self, number: int | None) -> int | None:
        if number is not None and number not in self._simulator.installation.world.organisations:
            raise ControlError(422, f"unknown organisation {number}", at="$.organisation")
        return number

    async def _expire_tokens(self, request: Request) -> Response:
        """Expire every auth token issued so far: calls with them get 401."""
        self._simulator.expire_tokens()
        return empty_response()

    async def _reset(self, request: Request) -> Response:
        """Reset everything to the initial state."""
        self._simulator.reset()
        return empty_response()


def _wants_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
