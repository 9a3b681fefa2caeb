"""What a blocking client offers beside the calls, which tests/contract makes over both clients."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import aioemnify
from aioemnify import Page, errors, models
from aioemnify.blocking import Emnify, Job, Pages, Sweep
from tests.blocking.conftest import Server


def test_a_list_gives_items_pages_and_one_page(emnify: Emnify, server: Server) -> None:
    sims = emnify.sims.list(per_page=2)
    assert isinstance(sims, Pages)
    assert not server.requests
    assert [sim.id for sim in sims] == [10, 11, 20, 21, 30, 31]
    assert [[sim.id for sim in page] for page in sims.pages()] == [[10, 11], [20, 21], [30, 31]]
    assert (sims.report.pages, sims.report.items) == (3, 6)
    assert isinstance(sims.page(), Page)
    assert emnify.sims.list(page=2).page()[0].id == 20
    first = sims.first()
    assert first is not None and first.id == 10
    assert [sim.id for sim in sims.collect(limit=3)] == [10, 11, 20]
    with pytest.raises(errors.MultipleResultsError):
        sims.one()
    with sims.prefetch(2) as pages:
        assert [len(page) for page in pages] == [2, 2, 2]
    with sims.prefetch(2) as pages:
        assert [sim.id for sim in pages.items()] == [10, 11, 20, 21, 30, 31]


def test_an_iterator_continues_with_the_page_that_failed(emnify: Emnify, server: Server) -> None:
    items = iter(emnify.sims.list(options={"retry": False}))
    assert [next(items).id, next(items).id] == [10, 11]
    server.answer = lambda _: httpx.Response(500)
    with pytest.raises(errors.ServerError) as caught:
        next(items)
    assert caught.value.page == 2
    server.answer = Server().answer
    assert [sim.id for sim in items] == [20, 21, 30, 31]


def test_what_cannot_be_iterated_or_entered_says_so(emnify: Emnify) -> None:
    with pytest.raises(TypeError, match="Sims"):
        iter(emnify.sims)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="Pages"):
        next(emnify.sims.list())  # type: ignore[call-overload]
    with pytest.raises(AttributeError, match="simms"):
        _ = emnify.simms  # type: ignore[attr-defined]


def test_errors_are_those_of_the_asyncio_client(emnify: Emnify, server: Server) -> None:
    server.answer = lambda _: httpx.Response(404, json={"error_code": 1, "message": "gone"})
    with pytest.raises(errors.NotFoundError, match="gone"):
        emnify.sims.get(1)
    with pytest.raises(errors.ArgumentError, match="did you mean 'status'"):
        emnify.sims.list(filter={"statsu": 1})  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        emnify.sims.get()  # type: ignore[call-arg]


def test_a_method_shows_what_the_asyncio_one_shows(emnify: Emnify) -> None:
    theirs = aioemnify.resources.sims.Sims.get  # type: ignore[attr-defined]
    assert emnify.sims.get.__doc__ == theirs.__doc__
    assert list(inspect.signature(emnify.sims.get).parameters) == ["sim_id", "options"]
    assert {"get", "list", "sweep", "set_status_many", "update"} <= set(dir(emnify.sims))
    assert {"sims", "throttle", "workspace", "request", "close"} <= set(dir(emnify))
    assert "aclose" not in dir(emnify)


def test_no_secret_is_shown(emnify: Emnify) -> None:
    with Emnify("a-secret-token") as other:
        assert repr(other) == "<blocking <Emnify client of https://cdn.emnify.net>>"
    assert "signature" not in repr(emnify)


def test_many_ids_and_sweeps(fleet: Emnify, tmp_path: Path) -> None:
    sweep = fleet.sims.sweep(per_page=50)
    assert isinstance(sweep, Sweep)
    ids = sorted(sim.id for sim in sweep)
    assert len(ids) == 120 and sweep.report.complete
    found = fleet.sims.get_many(reversed(ids))
    assert [sim.id if sim else None for sim in found] == ids[::-1]
    # Items from the same client: they are read before the call begins.
    report = fleet.endpoints.update_many((one.id, {"tags": "seen"}) for one in fleet.endpoints.list())
    assert set(report.errors) == set()
    assert report.counts["ok"] == fleet.endpoints.list(per_page=1).page().total_count
    report.to_csv(tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_text(encoding="utf-8").count(",ok,") == report.counts["ok"]
    assert fleet.throttle.snapshot().calls > 0
    assert fleet.throttle.estimate("sims.get", 10).seconds >= 0


def test_a_list_is_an_argument(fleet: Emnify) -> None:
    report = fleet.endpoints.create_many(
        ({"name": f"copy of {one.id}"} for one in fleet.endpoints.list()),
        shared={
            "status": models.EndpointStatus.ENABLED,
            "service_profile": fleet.service_profiles.list()[0].id,
            "tariff_profile": fleet.tariff_profiles.list()[0].id,
        },
    )
    assert report.counts["ok"] > 0 and not report.errors


def test_a_job(fleet: Emnify, tmp_path: Path) -> None:
    journal = tmp_path / "read.job"

    def ids() -> Iterator[int]:
        for sim in fleet.sims.list(per_page=100):
            yield sim.id

    with Job(fleet, journal) as job:
        assert job.add("sims.get", ids()) == 120
        assert job.plan().single_calls == 120
        outcomes = iter(job.run())
        assert next(outcomes).state == "ok"
        assert job.progress().total == 120
    with pytest.raises(errors.ClientStateError):
        job.plan()
    with Job(fleet, journal) as job:
        states = [outcome.state for outcome in job.run()]
        report = job.report()
    assert set(states) == {"ok"}
    assert report.counts["ok"] == 120


def test_a_job_that_is_open_is_not_opened_again(fleet: Emnify) -> None:
    with Job(fleet, None) as job:
        with pytest.raises(errors.ClientStateError, match="open already"):
            job.__enter__()
        job.add("sims.get", [1, 2])
        assert len(list(job.run())) == 2


def test_what_is_private_stays_there(emnify: Emnify) -> None:
    with pytest.raises(AttributeError, match="no attribute '_pipeline'"):
        _ = emnify._pipeline  # type: ignore[attr-defined]


def test_an_error_in_the_block_of_a_job_leaves_it(fleet: Emnify, tmp_path: Path) -> None:
    def work() -> None:
        with Job(fleet, tmp_path / "a.job") as job:
            job.add("sims.get", [1, 2])
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        work()
    with Job(fleet, tmp_path / "a.job") as job:  # nobody else has it
        assert job.plan().items == 2


def test_a_journal_that_cannot_be_used_raises_when_it_is_opened(fleet: Emnify, tmp_path: Path) -> None:
    (tmp_path / "no.job").write_text("something else entirely\n" * 50)
    with pytest.raises(aioemnify.fleet.JournalError), Job(fleet, tmp_path / "no.job"):  # type: ignore[attr-defined]
        pass


def test_a_workspace_ends_only_its_own_calls(simulator: object, fleet: Emnify) -> None:
    with fleet.workspace(2) as there:
        assert isinstance(there, Emnify)
    with pytest.raises(errors.ClientStateError, match="closed"):
        there.sims.get(1)
    assert fleet.request("GET", "/api/v1/sim", params={"per_page": 1})


def test_a_closed_client_says_so_and_closes_again(server: Server) -> None:
    emnify = server.client()
    assert emnify.sims.list().page()
    emnify.close()
    emnify.close()
    with pytest.raises(errors.ClientStateError, match="closed"):
        emnify.sims.get(1)
