"""Sweeps: nothing missed, nothing twice, resumed after a kill, and no page read for nothing."""

from __future__ import annotations

import json
import random
import stat
from pathlib import Path
from typing import Any

import anyio
import pytest

from aioemnify.errors import ArgumentError, ServerError
from aioemnify.fleet import Sweep, SweepError, SweepReport
from aioemnify.fleet.sweep import IN_FLIGHT, window_over
from aioemnify.operation import Listing, Operation
from tests.fleet.fleet_server import FleetServer
from tests.fleet.methods import METHODS
from tests.fleet.sweeps import LIST, Fleet, Thing, walked


def sweep(fleet: Fleet, **options: Any) -> Sweep[Thing]:
    return Sweep(fleet, LIST, **options)


async def ids(sweep: Sweep[Thing]) -> list[int]:
    return [thing.id async for thing in sweep]


@pytest.mark.anyio
@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 200, 201, 3500])
async def test_a_list_that_does_not_change_comes_once(size: int) -> None:
    fleet = Fleet(size, seed=1)
    one = sweep(fleet)
    assert sorted(await ids(one)) == sorted(fleet.there)
    report = one.report
    assert (report.total_at_start, report.total_at_end, report.reread) == (size, size, 0)
    assert report.items == size
    assert report.complete


@pytest.mark.parametrize(
    ("total", "most", "pages"),
    [(3500, 1000, 4), (100_000, 2500, 41), (1_000_000, 2500, 411), (1_000_000, 1000, 1045)],
)
def test_overlapping_pages_cost_a_few_calls_more(total: int, most: int, pages: int) -> None:
    left, count = total - most, 1
    while left > 0:
        window = window_over(left, 4, most)
        assert window.size <= most
        assert window.number * window.size >= left + 4
        left, count = window.below, count + 1
    assert count <= pages


@pytest.mark.anyio
@pytest.mark.parametrize("strict", [False, True], ids=["in flight", "strict"])
@pytest.mark.parametrize(("deleted", "created"), [(1, 0), (20, 0), (0, 20), (20, 20), (3, 1)])
async def test_nothing_that_stays_is_missed(deleted: int, created: int, strict: bool) -> None:
    """The list changes before each page that the server reads, and it reads them in any order."""
    for seed in range(5):
        fleet = Fleet(1500, seed=seed, deleted=deleted, created=created, shuffled=True)
        one = sweep(fleet, strict=strict)
        found = await ids(one)
        assert one.report.complete
        assert not fleet.stayed - set(found)
        assert len(found) == len(set(found)) == one.report.items


@pytest.mark.anyio
async def test_objects_that_enter_a_filter_with_old_ids_push_nothing_out() -> None:
    """A SIM that another workspace had keeps its id: it moves unread items up, behind the walk."""
    for seed in range(5):
        fleet = Fleet(1500, seed=seed, deleted=3, entered=25, shuffled=True)
        assert not fleet.stayed - set(await ids(sweep(fleet)))


@pytest.mark.anyio
async def test_a_plain_walk_misses_items_in_the_same_list() -> None:
    fleet = Fleet(3500, seed=1, deleted=20, created=20)
    assert fleet.stayed - set(await walked(fleet))


@pytest.mark.anyio
async def test_what_is_created_meanwhile_comes_too() -> None:
    fleet = Fleet(350, seed=1)
    found: list[int] = []
    async for thing in sweep(fleet):
        if not found:
            made = [fleet.create() for _ in range(250)]
        found.append(thing.id)
    assert set(made) <= set(found)
    assert len(found) == 600


@pytest.mark.anyio
async def test_a_list_that_changes_too_fast_is_given_up() -> None:
    fleet = Fleet(3500, seed=1, entered=3000)
    one = sweep(fleet)
    with pytest.raises(SweepError, match="changes faster"):
        await ids(one)
    assert not one.report.complete


@pytest.mark.anyio
async def test_pages_are_in_flight_together_and_a_strict_sweep_has_one() -> None:
    fleet = Fleet(3500, seed=1, seconds=1.0)
    began = anyio.current_time()
    await ids(sweep(fleet))
    assert fleet.most == IN_FLIGHT
    assert anyio.current_time() - began <= 2 + len(fleet.asked) / IN_FLIGHT + 1
    fleet = Fleet(3500, seed=1, seconds=1.0)
    await ids(sweep(fleet, strict=True))
    assert fleet.most == 1


@pytest.mark.anyio
async def test_leaving_early_leaves_nothing_in_flight() -> None:
    fleet = Fleet(3500, seed=1, seconds=1.0)
    async for page in sweep(fleet).pages():
        assert len(page) <= 100
        if len(fleet.asked) > 1:
            break
    assert fleet.under_way == 0
    with anyio.move_on_after(1.5) as scope:
        await ids(sweep(fleet))
    assert scope.cancelled_caught
    assert fleet.under_way == 0


@pytest.mark.anyio
async def test_after_a_failure_or_a_cancellation_the_same_iterator_goes_on() -> None:
    fleet = Fleet(1500, seed=1, seconds=1.0)
    pages = sweep(fleet).pages()
    found: list[int] = []
    failures = 0
    for turn in range(100):
        fleet.fails = 0.3
        try:
            with anyio.move_on_after(0.5 if turn % 5 == 2 else 10):
                found += [thing.id for thing in await anext(pages)]
        except ServerError:
            failures += 1
        except StopAsyncIteration:
            break
    assert failures
    assert sorted(found) == sorted(fleet.there)


@pytest.mark.anyio
async def test_two_tasks_cannot_read_one_iterator() -> None:
    pages = sweep(Fleet(1500, seed=1, seconds=1.0)).pages()
    async with anyio.create_task_group() as group:
        group.start_soon(anext, pages)
        await anyio.sleep(0.5)
        with pytest.raises(RuntimeError, match="another task"):
            await anext(pages)


@pytest.mark.anyio
async def test_a_killed_sweep_continues_with_the_pages_that_were_in_flight(tmp_path: Path) -> None:
    file = tmp_path / "things.sweep"
    for seed in range(8):
        chance = random.Random(seed)
        fleet = Fleet(2500, seed=seed, deleted=3, created=3, shuffled=True)
        done: list[int] = []
        killed = 0
        while True:
            one = sweep(fleet, checkpoint=file)
            before, again = len(fleet.asked), len(done)
            async for page in one.pages():
                # What is kept of a page is kept before the next one is asked for.
                again = len(done)
                done += [thing.id for thing in page]
                if chance.random() < 0.2:
                    killed += 1
                    done = done[: again if chance.random() < 0.5 else None]
                    break
            else:
                break
            assert len(fleet.asked) >= before
        assert killed
        assert not fleet.stayed - set(done)
        # Only the page in use at a kill can come twice.
        assert len(done) - len(set(done)) <= 100 * killed
        assert one.report.complete
        assert not file.exists()


@pytest.mark.anyio
async def test_a_resumed_sweep_reads_no_finished_page_again(tmp_path: Path) -> None:
    file = tmp_path / "things.sweep"
    fleet = Fleet(3500, seed=1)
    plain = Fleet(3500, seed=1)
    await ids(sweep(plain))
    for stop in (4, 9, 1000):
        count = 0
        async for _ in (one := sweep(fleet, checkpoint=file)).pages():
            count += 1
            if count == stop:
                break
    assert one.report.complete
    assert one.report.items == 3500
    assert len(fleet.asked) <= len(plain.asked) + 2 * IN_FLIGHT


@pytest.mark.anyio
async def test_the_current_folder_may_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    pages = sweep(Fleet(3500, seed=1), checkpoint="things.sweep").pages()
    await anext(pages)
    monkeypatch.chdir(tmp_path / "elsewhere")
    async for _ in pages:
        assert not list(Path.cwd().iterdir())
    assert not (tmp_path / "things.sweep").exists(), "the sweep is finished"


@pytest.mark.anyio
async def test_the_checkpoint_is_private_and_complete_at_every_moment(tmp_path: Path) -> None:
    file = tmp_path / "things.sweep"
    (tmp_path / ".things.sweep.new").write_bytes(b"of a process that was killed")
    seen = 0
    async for _ in sweep(Fleet(3500, seed=1), checkpoint=file).pages():
        if file.exists():
            seen += 1
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert json.loads(file.read_bytes())["list"] == "things.list"
        assert len(contents(tmp_path)) == 1
    assert seen > 10
    assert not contents(tmp_path)


def contents(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def begun(fleet: Fleet, file: Path, **options: Any) -> None:
    """Leave a checkpoint behind."""
    pages = sweep(fleet, checkpoint=file, **options).pages()
    await anext(pages)
    await anext(pages)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            {"operation": Operation("boxes.list", "GET", "/b", listing=LIST.listing)},
            "its list is 'things.list'",
        ),
        ({"path_args": (7,)}, r"its path is \[\], not \['7'\]"),
        ({"filter": {"colour": "red"}}, "its filter is None, not 'colour:red'"),
        ({"server": "https://other.example"}, "its server is"),
        ({"organisation": "8"}, "its organisation is '7', not '8'"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_the_checkpoint_of_another_sweep_is_refused(
    other: dict[str, Any], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "things.sweep"
    await begun(Fleet(500, seed=1), file)
    kept = file.read_bytes()
    fleet, other = Fleet(500, seed=1), dict(other)
    fleet._base_url = other.pop("server", fleet._base_url)
    fleet._pipeline.organisation = other.pop("organisation", fleet._pipeline.organisation)
    operation = other.pop("operation", LIST)
    with pytest.raises(SweepError, match=message) as caught:
        await ids(Sweep(fleet, operation, checkpoint=file, **other))
    assert "delete it to begin again" in str(caught.value)
    assert file.read_bytes() == kept


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not the checkpoint of a sweep"),
        (b"\xff\xfe", "is not the checkpoint of a sweep"),
        (b"[1, 2]", "is not the checkpoint of a sweep"),
        (b'{"name": "pump"}', "is not the checkpoint of a sweep"),
        (
            b'{"sweep": 1, "organisation": null, "position": {"left": "x"}}',
            "is not the checkpoint of a sweep",
        ),
        (b'{"sweep": 99}', "has the format 99 of another version"),
    ],
)
async def test_another_file_is_refused_and_kept(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "things.sweep"
    file.write_bytes(content)
    with pytest.raises(SweepError, match=message):
        await ids(sweep(Fleet(500, seed=1), checkpoint=file))
    assert file.read_bytes() == content


@pytest.mark.anyio
async def test_a_checkpoint_that_cannot_be_written_is_an_error_before_anything_is_read(
    tmp_path: Path,
) -> None:
    fleet = Fleet(500, seed=1)
    with pytest.raises(SweepError, match="its folder does not exist"):
        await ids(sweep(fleet, checkpoint=tmp_path / "nowhere" / "things.sweep"))
    with pytest.raises(SweepError, match="cannot be read"):
        await ids(sweep(fleet, checkpoint=tmp_path))
    assert not fleet.asked


@pytest.mark.anyio
async def test_a_disk_that_is_full_stops_the_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "things.sweep"
    await begun(Fleet(500, seed=1), file)
    kept = file.read_bytes()
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SweepError, match="cannot be written: No space left"):
        await ids(sweep(Fleet(500, seed=1), checkpoint=file))
    assert file.read_bytes() == kept


@pytest.mark.anyio
async def test_lists_that_cannot_be_swept_are_named() -> None:
    fleet = Fleet(500, seed=1)
    with pytest.raises(ArgumentError, match="cannot be sorted by id"):
        Sweep(fleet, Operation("boxes.list", "GET", "/b", listing=Listing()))
    with pytest.raises(ArgumentError, match="per_page"):
        sweep(fleet, per_page=1)
    with pytest.raises(SweepError, match="pass a larger per_page"):
        await ids(sweep(fleet, per_page=2))
    fleet.told = False
    with pytest.raises(SweepError, match="does not number its page"):
        await ids(sweep(fleet))
    fleet.told, fleet.sorts = True, False
    with pytest.raises(SweepError, match="does not sort it by id"):
        await ids(sweep(fleet))


@pytest.mark.anyio
async def test_a_sweep_over_the_client(server: FleetServer, tmp_path: Path) -> None:
    async with server.client() as emnify:
        expected = {sim.id async for sim in emnify.sims.list()}
        server.reads.clear()
        one = emnify.sims.sweep(per_page=20, checkpoint=tmp_path / "sims.sweep")
        assert {sim.id async for sim in one} == expected
        assert len(server.reads) <= 6
        assert one.report == SweepReport(
            pages=one.report.pages,
            items=60,
            repeats=one.report.repeats,
            total_at_start=60,
            total_at_end=60,
            complete=True,
        )
        filtered = emnify.sims.sweep(filter={"status": 1}, per_page=20)
        assert {sim.status.id async for sim in filtered} <= {1}
        kept = tmp_path / "endpoints.sweep"
        pages = emnify.endpoints.sweep(per_page=10, checkpoint=kept).pages()
        for _ in range(2):
            await anext(pages)
        with pytest.raises(SweepError, match="its list is 'endpoints.list', not 'sims.list'"):
            await anext(emnify.sims.sweep(checkpoint=kept).pages())


@pytest.mark.anyio
@pytest.mark.parametrize("group", sorted(group for group, names in METHODS.items() if "sweep" in names))
async def test_every_list_that_has_a_sweep(group: str) -> None:
    async with FleetServer().client() as emnify:
        resource: Any = getattr(emnify, group)
        expected = {one.id async for one in resource.list()}
        found = [one.id async for one in resource.sweep()]
        assert set(found) >= expected
        assert len(found) == len(set(found))
        if group in ("endpoints", "sims", "users"):
            owner = (await resource.list()).items[0].id
            events = {event.id async for event in resource.list_events(owner)}
            assert {event.id async for event in resource.sweep_events(owner)} >= events
