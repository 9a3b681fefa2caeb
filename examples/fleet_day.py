"""A day with a fleet: what an operator of 5,000 SIMs does through ``aioemnify``.

The server is the simulator that comes with the library: a process of its own, on a TLS socket,
with the documented limits in force. Run it with ``nox -s demo``, or, with ``aioemnify[all]`` and
``rich`` installed, as ``python examples/fleet_day.py``.

Every step checks what came back. The first surprise ends the run with exit status 1 and the name
of the step.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from time import perf_counter
from traceback import print_exception
from typing import TypeVar

from attrs import field, frozen
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aioemnify import Emnify
from aioemnify.errors import EmnifyError, ValidationError
from aioemnify.models import (
    EndpointCreate,
    EndpointCreateSim,
    EndpointStatus,
    EndpointUpdate,
    EndpointUpdateSim,
    EventType,
    RegisteredSim,
    Service,
    ServiceProfileCreate,
    Sim,
    SimBatchRegister,
    SimStatus,
)

FLEET_SIZE = 5_000
PAGE_SIZE = 500
AT_ONCE = 150
SEED = 7
STARTUP_SECONDS = 30
WHOLE_RUN_SECONDS = 120

T = TypeVar("T")
console = Console(highlight=False)


async def fleet_day(emnify: Emnify, bic: str) -> None:
    """Do all that this demo shows, one step after the other."""
    fleet = await walk_the_fleet(emnify)
    await read_many_at_once(emnify, fleet[:AT_ONCE])
    await filter_and_sort(emnify, fleet)
    new_sims = await register_a_batch(emnify, bic)
    endpoint_id = await create_an_endpoint(emnify, new_sims[0])
    await rename_it(emnify, endpoint_id)
    await detach_the_sim(emnify, endpoint_id, new_sims[0])
    await be_refused(emnify)
    await add_a_service(emnify)
    await read_the_events(emnify)
    show_the_throttle(emnify)


async def walk_the_fleet(emnify: Emnify) -> list[Sim]:
    """Read every SIM, page by page."""
    with step("Walk the whole fleet"):
        fleet: list[Sim] = []
        pages = 0
        began = perf_counter()
        async for page in emnify.sims.list(per_page=PAGE_SIZE).pages():
            pages += 1
            fleet.extend(page)
        seconds = perf_counter() - began

        expect(pages, FLEET_SIZE // PAGE_SIZE, "pages")
        expect(len(fleet), FLEET_SIZE, "SIMs received")
        expect(len({sim.id for sim in fleet}), FLEET_SIZE, "distinct SIM ids")
        say(f"{FLEET_SIZE:,} SIMs in {pages} pages of {PAGE_SIZE}, every id once, in {seconds:.2f} s")
        show("SIMs by status", ["status", "SIMs"], by_status(fleet).most_common())
        return fleet


async def read_many_at_once(emnify: Emnify, sims: list[Sim]) -> None:
    """Start more calls together than the API takes: they wait their turn here, none is refused there."""
    with step(f"Read {len(sims)} SIMs at the same time"):
        forecast = emnify.throttle.estimate("sims.get", len(sims))
        began = perf_counter()
        read = await asyncio.gather(*(emnify.sims.get(sim.id) for sim in sims))
        seconds = perf_counter() - began

        expect([sim.iccid for sim in read], [sim.iccid for sim in sims], "ICCIDs")
        say(
            f"{len(read)} calls of a path that takes 100/s and bursts of 50: foreseen "
            f"{forecast.seconds:.2f} s, taken {seconds:.2f} s"
        )


async def filter_and_sort(emnify: Emnify, fleet: list[Sim]) -> None:
    """Ask for some SIMs only, in an order: the server does the work."""
    with step("Filter and sort"):
        page = await emnify.sims.list(filter={"status": SimStatus.SUSPENDED}, sort="-id", per_page=5)

        expect({sim.status for sim in page}, {SimStatus.SUSPENDED}, "statuses on the page")
        expect([sim.id for sim in page], sorted((sim.id for sim in page), reverse=True), "order of ids")
        expect(page.total_count, by_status(fleet)["Suspended"], "suspended SIMs")
        say(f"filter [cyan]{page.filter}[/], sort [cyan]{page.sort}[/]: {page.total_count} SIMs in all")
        show(
            "The five newest of the suspended SIMs",
            ["id", "ICCID", "status", "IMSI"],
            [(sim.id, sim.iccid, sim.status.description, sim.imsi) for sim in page],
        )


async def register_a_batch(emnify: Emnify, bic: str) -> list[RegisteredSim]:
    """Take a batch of new SIMs into the fleet by the number printed on its package."""
    with step("Register a SIM batch"):
        batch = await emnify.sim_batches.validate(bic)
        registration = await emnify.sim_batches.register(bic, SimBatchRegister(sim_status=SimStatus.ISSUED))
        sims = known(registration.sim, "the registered SIMs")
        fleet = await emnify.sims.list(per_page=1)

        expect(len(sims), batch.quantity, "registered SIMs")
        expect(fleet.total_count, FLEET_SIZE + len(sims), "SIMs in the fleet")
        say(f"batch {bic}: {len(sims)} SIMs registered as Issued, {fleet.total_count:,} in the fleet now")
        return sims


async def create_an_endpoint(emnify: Emnify, sim: RegisteredSim) -> int:
    """Make a device of a SIM: the SIM is assigned and activated by the same call."""
    with step("Create an endpoint with one of the new SIMs"):
        service_profile = (await emnify.service_profiles.list())[0]
        tariff_profile = (await emnify.tariff_profiles.list())[0]
        created = await emnify.endpoints.create(
            EndpointCreate(
                name="pump-17",
                status=EndpointStatus.ENABLED,
                service_profile=service_profile.id,
                tariff_profile=tariff_profile.id,
                sim=EndpointCreateSim(id=sim.id, status=SimStatus.ACTIVATED),
            )
        )
        endpoint = await emnify.endpoints.get(created.id)

        expect(known(endpoint.sim, "the endpoint's SIM").id, sim.id, "SIM of the endpoint")
        expect((await emnify.sims.get(sim.id)).status, SimStatus.ACTIVATED, "status of its SIM")
        show(
            "The new endpoint",
            ["member", "value"],
            [
                ("id", endpoint.id),
                ("name", endpoint.name),
                ("status", endpoint.status.description),
                ("service_profile", endpoint.service_profile.name),
                ("tariff_profile", endpoint.tariff_profile.name),
                ("sim.iccid", sim.iccid),
                ("sim.status", SimStatus.ACTIVATED.description),
            ],
        )
        return endpoint.id


async def rename_it(emnify: Emnify, endpoint_id: int) -> None:
    """Change one member. What the body leaves UNSET is not sent, so nothing else changes."""
    with step("PATCH the endpoint"):
        before = await emnify.endpoints.get(endpoint_id)
        await emnify.endpoints.update(endpoint_id, EndpointUpdate(name="pump-17 (north)"))
        after = await emnify.endpoints.get(endpoint_id)

        expect(after.name, "pump-17 (north)", "name")
        expect(after.sim, before.sim, "SIM, which the PATCH did not mention,")
        say(f'sent {{"name": …}} alone: [cyan]{before.name}[/] became [cyan]{after.name}[/] and kept its SIM')


async def detach_the_sim(emnify: Emnify, endpoint_id: int, sim: RegisteredSim) -> None:
    """Send a null on purpose: ``None`` is a value, and not the same as UNSET."""
    with step("Detach the SIM"):
        await emnify.endpoints.update(endpoint_id, EndpointUpdate(sim=EndpointUpdateSim(id=None)))
        after = await emnify.endpoints.get(endpoint_id)

        expect(after.sim, None, "SIM of the endpoint")
        expect((await emnify.sims.get(sim.id)).endpoint, None, "endpoint of the SIM")
        say('sent {"sim": {"id": null}}: the endpoint has no SIM, and the SIM is free again')


async def be_refused(emnify: Emnify) -> None:
    """Ask for something impossible: the API lists everything that is wrong with it at once."""
    with step("Provoke a 422"):
        impossible = EndpointCreate(
            name="pump-18",
            status=EndpointStatus.ENABLED,
            service_profile=999_999_999,
            tariff_profile=999_999_999,
            imei="123",
            ip_address="somewhere",
        )
        try:
            await emnify.endpoints.create(impossible)
        except ValidationError as error:
            expect(len(error.errors) > 1, True, "several errors in one answer")
            say(f"{error.status} {error.error_code} {error.error_token}: {error.message}")
            show(
                "Each of its errors",
                ["code", "token", "field", "message"],
                [
                    (detail.error_code, detail.error_token, detail.field, detail.message)
                    for detail in error.errors
                ],
            )
        else:
            raise Surprise("the server accepted an endpoint that cannot be")


async def add_a_service(emnify: Emnify) -> None:
    """Build a service profile and allow mobile data in it: a PUT of two ids, without a body."""
    with step("Add a service to a service profile"):
        created = await emnify.service_profiles.create(ServiceProfileCreate(name="pumps", allowed_4g=True))
        await emnify.service_profiles.add_service(created.id, Service.DATA.id)
        profile = await emnify.service_profiles.get(created.id)

        services = known(profile.service, "the profile's services")
        expect([service.id for service in services], [Service.DATA.id], "services of the profile")
        named = ", ".join(f"{service.id} {service.description}" for service in services)
        say(f"profile {profile.id} [cyan]{profile.name}[/] now has the service {named}")


async def read_the_events(emnify: Emnify) -> None:
    """Read back what the platform noted while the steps above were made."""
    with step("The events these writes produced"):
        page = await emnify.events.list(sort="-id", per_page=10)

        noted = {event.event_type for event in page}
        for kind in (EventType.SIM_REGISTRATION, EventType.SIM_ASSIGNED, EventType.SIM_ACTIVATION):
            expect(kind in noted, True, f"an event {kind.description!r} among the newest")
        show(
            "The newest events",
            ["time", "event", "severity", "description"],
            [
                (
                    f"{event.timestamp:%H:%M:%S}" if event.timestamp else None,
                    event.event_type.description if event.event_type else None,
                    event.event_severity.description if event.event_severity else None,
                    event.description,
                )
                for event in page
            ],
        )


def show_the_throttle(emnify: Emnify) -> None:
    """Tell what the client did to stay within the limits, so that the server never had to refuse."""
    with step("What the throttle did"):
        throttle = emnify.throttle.snapshot()

        expect(throttle.refused, 0, "refused calls")
        say(
            f"{throttle.calls} calls; {throttle.waits} waited, "
            f"{throttle.waited_seconds / max(1, throttle.waits):.2f} s each on average; "
            f"[green]{throttle.refused} refused[/]"
        )
        show(
            "The limits these calls met",
            ["limit", "kind", "in use", "of"],
            [(row.name, row.kind, f"{row.used:.1f}", f"{row.allowed:,.0f}") for row in throttle.limits],
        )


class Surprise(Exception):
    """What came back is not what a step was sure of."""


class StepFailed(Exception):
    """A step went wrong; the message names it, the cause says why."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Head the output of a step, and name the step in whatever goes wrong inside."""
    console.rule(f"[bold]{title}", align="left")
    try:
        yield
    except Exception as error:
        raise StepFailed(title) from error


def expect(actual: object, wanted: object, what: str) -> None:
    """Compare what came back with what must be."""
    if actual != wanted:
        raise Surprise(f"{what}: expected {wanted!r}, got {actual!r}")


def known(value: T | None, what: str) -> T:
    """Return a member that the API may leave out, and here did not."""
    if value is None:
        raise Surprise(f"{what}: the answer does not say")
    return value


def by_status(fleet: list[Sim]) -> Counter[str | None]:
    """Count SIMs by what their status is called."""
    return Counter(sim.status.description for sim in fleet)


def say(line: str) -> None:
    """Print one line of the story."""
    console.print(f"  {line}")


def show(title: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Print a table; numbers to the right, what is not known as a dash."""
    table = Table(title=title, title_justify="left", title_style="italic")
    for place, column in enumerate(columns):
        numeric = all(isinstance(row[place], int | float) for row in rows)
        table.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*("-" if cell is None else escape(str(cell)) for cell in row))
    console.print(table)


@frozen
class Server:
    """Where a simulator listens and what opens it, as its first line of output says."""

    url: str
    ca_file: str
    bic: str
    application_token: str = field(repr=False)


@asynccontextmanager
async def simulator(*, sims: int, seed: int) -> AsyncIterator[Server]:
    """Run a simulator in a process of its own for as long as the block lasts."""
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "aioemnify.simulator", "--sims", str(sims), "--seed", str(seed)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        with step("Start the simulator"):
            stdout = known(process.stdout, "the simulator's output")
            line = await asyncio.wait_for(stdout.readline(), STARTUP_SECONDS)
            if not line:
                raise Surprise(f"the simulator ended with status {await process.wait()}, never ready")
            server = Server(**json.loads(line))
            say(f"{server.url}, {sims:,} SIMs, ready after {perf_counter() - began:.2f} s")
        yield server
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def main() -> int:
    """Run the demo and return the exit status."""
    began = perf_counter()
    try:
        async with (
            asyncio.timeout(WHOLE_RUN_SECONDS),
            simulator(sims=FLEET_SIZE, seed=SEED) as server,
            Emnify(
                application_token=server.application_token,
                base_url=server.url,
                ca_file=server.ca_file,
            ) as emnify,
        ):
            await fleet_day(emnify, server.bic)
    except StepFailed as failure:
        reason = failure.__cause__
        if not isinstance(reason, EmnifyError | Surprise | OSError):
            print_exception(reason)
        console.print(f"[bold red]Failed: {failure}.[/] {type(reason).__name__}: {escape(str(reason))}")
        return 1
    except TimeoutError:
        console.print(f"[bold red]Failed: not done after {WHOLE_RUN_SECONDS} s.[/]")
        return 1
    console.rule(f"[bold green]Every step went as it should, in {perf_counter() - began:.1f} s", align="left")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
