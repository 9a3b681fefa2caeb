"""A day with a fleet: how an operator manages 5,000 SIMs with ``aioemnify``.

The server is the library's simulator. It runs in its own process on a TLS socket and enforces the
documented limits. Run the demo with ``nox -s demo``, or, with ``aioemnify[all]`` and ``rich``
installed, as ``python examples/fleet_day.py``.

Every step checks its results. The first unexpected result ends the run with exit status 1 and the
name of the step.
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
    """Run the steps of the demo one after the other."""
    fleet = await walk_the_fleet(emnify)
    await read_many_at_once(emnify, fleet[:AT_ONCE])
    await filter_and_sort(emnify, fleet)
    new_sims = await register_a_batch(emnify, bic)
    endpoint_id = await create_an_endpoint(emnify, new_sims[0])
    await rename_it(emnify, endpoint_id)
    await detach_the_sim(emnify, endpoint_id, new_sims[0])
    await send_an_invalid_endpoint(emnify)
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
    """Start more calls at once than the API accepts: they wait on the client, and none gets a 429."""
    with step(f"Read {len(sims)} SIMs at the same time"):
        estimate = emnify.throttle.estimate("sims.get", len(sims))
        began = perf_counter()
        read = await asyncio.gather(*(emnify.sims.get(sim.id) for sim in sims))
        seconds = perf_counter() - began

        expect([sim.iccid for sim in read], [sim.iccid for sim in sims], "ICCIDs")
        say(
            f"{len(read)} calls of a path with 100/s, burst 50: estimated "
            f"{estimate.seconds:.2f} s, actual {seconds:.2f} s"
        )


async def filter_and_sort(emnify: Emnify, fleet: list[Sim]) -> None:
    """Let the server filter and sort the SIMs."""
    with step("Filter and sort"):
        page = await emnify.sims.list(filter={"status": SimStatus.SUSPENDED}, sort="-id", per_page=5)

        expect({sim.status for sim in page}, {SimStatus.SUSPENDED}, "statuses on the page")
        expect([sim.id for sim in page], sorted((sim.id for sim in page), reverse=True), "order of ids")
        expect(page.total_count, by_status(fleet)["Suspended"], "suspended SIMs")
        say(f"filter [cyan]{page.filter}[/], sort [cyan]{page.sort}[/]: {page.total_count} SIMs in total")
        show(
            "The five newest of the suspended SIMs",
            ["id", "ICCID", "status", "IMSI"],
            [(sim.id, sim.iccid, sim.status.description, sim.imsi) for sim in page],
        )


async def register_a_batch(emnify: Emnify, bic: str) -> list[RegisteredSim]:
    """Add a batch of new SIMs to the fleet by the number printed on its package."""
    with step("Register a SIM batch"):
        batch = await emnify.sim_batches.validate(bic)
        registration = await emnify.sim_batches.register(bic, SimBatchRegister(sim_status=SimStatus.ISSUED))
        sims = known(registration.sim, "the registered SIMs")
        fleet = await emnify.sims.list(per_page=1)

        expect(len(sims), batch.quantity, "registered SIMs")
        expect(fleet.total_count, FLEET_SIZE + len(sims), "SIMs in the fleet")
        say(f"batch {bic}: {len(sims)} SIMs registered as Issued, the fleet now has {fleet.total_count:,}")
        return sims


async def create_an_endpoint(emnify: Emnify, sim: RegisteredSim) -> int:
    """Create an endpoint with a SIM: one call assigns and activates the SIM."""
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
    """Change one member. UNSET members of the body are not sent, so nothing else changes."""
    with step("PATCH the endpoint"):
        before = await emnify.endpoints.get(endpoint_id)
        await emnify.endpoints.update(endpoint_id, EndpointUpdate(name="pump-17 (north)"))
        after = await emnify.endpoints.get(endpoint_id)

        expect(after.name, "pump-17 (north)", "name")
        expect(after.sim, before.sim, "SIM, which was not in the PATCH,")
        say(f'sent only {{"name": …}}: [cyan]{before.name}[/] became [cyan]{after.name}[/] and kept its SIM')


async def detach_the_sim(emnify: Emnify, endpoint_id: int, sim: RegisteredSim) -> None:
    """Send null: ``None`` is a value, unlike UNSET."""
    with step("Detach the SIM"):
        await emnify.endpoints.update(endpoint_id, EndpointUpdate(sim=EndpointUpdateSim(id=None)))
        after = await emnify.endpoints.get(endpoint_id)

        expect(after.sim, None, "SIM of the endpoint")
        expect((await emnify.sims.get(sim.id)).endpoint, None, "endpoint of the SIM")
        say('sent {"sim": {"id": null}}: the endpoint has no SIM, and the SIM is free again')


async def send_an_invalid_endpoint(emnify: Emnify) -> None:
    """Send an invalid endpoint: the API lists all of its errors at once."""
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
            expect(len(error.details) > 1, True, "several errors in one answer")
            say(f"{error.status} {error.error_code} {error.error_token}: {error.message}")
            show(
                "Each of its errors",
                ["code", "token", "field", "message"],
                [
                    (detail.error_code, detail.error_token, detail.field, detail.message)
                    for detail in error.details
                ],
            )
        else:
            raise UnexpectedResult("the server accepted an invalid endpoint")


async def add_a_service(emnify: Emnify) -> None:
    """Create a service profile and allow mobile data in it: a PUT with two ids and no body."""
    with step("Add a service to a service profile"):
        created = await emnify.service_profiles.create(ServiceProfileCreate(name="pumps", allowed_4g=True))
        await emnify.service_profiles.add_service(created.id, Service.DATA.id)
        profile = await emnify.service_profiles.get(created.id)

        services = known(profile.service, "the profile's services")
        expect([service.id for service in services], [Service.DATA.id], "services of the profile")
        named = ", ".join(f"{service.id} {service.description}" for service in services)
        say(f"profile {profile.id} [cyan]{profile.name}[/] now has the service {named}")


async def read_the_events(emnify: Emnify) -> None:
    """Read the events that the platform recorded during the steps above."""
    with step("Read the events of these writes"):
        page = await emnify.events.list(sort="-id", per_page=10)

        types = {event.event_type for event in page}
        for kind in (EventType.SIM_REGISTRATION, EventType.SIM_ASSIGNED, EventType.SIM_ACTIVATION):
            expect(kind in types, True, f"an event {kind.description!r} among the newest")
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
    """Show how the client stayed within the limits without a 429."""
    with step("Show the rate limits"):
        throttle = emnify.throttle.snapshot()

        expect(throttle.refused, 0, "refused calls")
        say(
            f"{throttle.calls} calls; {throttle.waits} waited, "
            f"{throttle.waited_seconds / max(1, throttle.waits):.2f} s each on average; "
            f"[green]{throttle.refused} refused[/]"
        )
        show(
            "The limits of these calls",
            ["limit", "kind", "in use", "of"],
            [(row.name, row.kind, f"{row.used:.1f}", f"{row.allowed:,.0f}") for row in throttle.limits],
        )


class UnexpectedResult(Exception):
    """A result differs from what a step expects."""


class StepFailed(Exception):
    """A step failed; the message names the step, the cause has the reason."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print the heading of a step, and name the step in every error inside."""
    console.rule(f"[bold]{title}", align="left")
    try:
        yield
    except Exception as error:
        raise StepFailed(title) from error


def expect(actual: object, wanted: object, what: str) -> None:
    """Compare a result with the expected value."""
    if actual != wanted:
        raise UnexpectedResult(f"{what}: expected {wanted!r}, got {actual!r}")


def known(value: T | None, what: str) -> T:
    """Return a member that the API may omit, but must not omit here."""
    if value is None:
        raise UnexpectedResult(f"{what}: missing in the response")
    return value


def by_status(fleet: list[Sim]) -> Counter[str | None]:
    """Count SIMs by the name of their status."""
    return Counter(sim.status.description for sim in fleet)


def say(line: str) -> None:
    """Print one line."""
    console.print(f"  {line}")


def show(title: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Print a table with numbers on the right and a dash for missing values."""
    table = Table(title=title, title_justify="left", title_style="italic")
    for place, column in enumerate(columns):
        numeric = all(isinstance(row[place], int | float) for row in rows)
        table.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*("-" if cell is None else escape(str(cell)) for cell in row))
    console.print(table)


@frozen
class Server:
    """The address and the credentials of a simulator, from its first line of output."""

    url: str
    ca_file: str
    bic: str
    application_token: str = field(repr=False)


@asynccontextmanager
async def simulator(*, sims: int, seed: int) -> AsyncIterator[Server]:
    """Run a simulator in its own process while the block runs."""
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
                raise UnexpectedResult(
                    f"the simulator ended with status {await process.wait()} before it was ready"
                )
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
        if not isinstance(reason, EmnifyError | UnexpectedResult | OSError):
            print_exception(reason)
        console.print(f"[bold red]Failed: {failure}.[/] {type(reason).__name__}: {escape(str(reason))}")
        return 1
    except TimeoutError:
        console.print(f"[bold red]Failed: not finished after {WHOLE_RUN_SECONDS} s.[/]")
        return 1
    console.rule(f"[bold green]All steps succeeded in {perf_counter() - began:.1f} s", align="left")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
