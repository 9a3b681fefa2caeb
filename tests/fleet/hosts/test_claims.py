"""Who has an item: claims and their leases, what is taken over, and what the former holder may still say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
import redis

from aioemnify import Emnify
from aioemnify.fleet import Job, JournalError, RedisJournal
from aioemnify.fleet.journals.items import OK, SENT, TAKEN, UNKNOWN, WAITING, Finish, Item, Part
from tests.fleet.fleet_server import FleetServer
from tests.fleet.hosts.keys import base_of
from tests.stores.redis_server import RedisServer

pytestmark = pytest.mark.redis

Make = Callable[..., RedisJournal]
LEASE = 1.0


@contextmanager
def opened(*journals: RedisJournal) -> Iterator[tuple[RedisJournal, ...]]:
    for one in journals:
        one.open()
    try:
        yield journals
    finally:
        for one in journals:
            one.close()


def filled(journal: RedisJournal, count: int, operation: str = "endpoints.send_sms") -> Part:
    part = journal.part(operation, None, b'{"query":{},"body":{}}')

    def add() -> None:
        for begin in range(0, count, 1000):
            numbers = range(begin, min(begin + 1000, count))
            assert journal.add([(part, number, b"{}") for number in numbers]) is None

    journal.at_once(add)
    return part


def claim(journal: RedisJournal, part: Part, *, direct: bool = False) -> list[Item]:
    return journal.claim(part, 3, 0, single=False, once=not direct, direct=direct)


def wait_for(journal: RedisJournal, part: Part, *, direct: bool = False) -> tuple[list[Item], float]:
    """Claim until there is something, and return how long that took."""
    began = time.monotonic()
    while not (items := claim(journal, part, direct=direct)):
        assert time.monotonic() < began + 10 * LEASE
        time.sleep(journal.claim_again)
    return items, time.monotonic() - began


def test_an_item_is_one_worker_s_alone(journal: Make) -> None:
    with opened(journal(), journal()) as (one, other):
        part = filled(one, 5)
        mine, others = claim(one, part), claim(other, part)
        assert [item.key for item in mine] == [0, 1, 2] and [item.key for item in others] == [3, 4]
        assert claim(one, part) == []
        one.release(mine)
        assert [item.key for item in claim(other, part)] == [0, 1, 2]


def test_a_dead_worker_is_taken_over_within_two_leases(journal: Make) -> None:
    with opened(journal(), journal()) as (dead, other):
        part = filled(dead, 3)
        items = claim(dead, part)
        dead.send(part, items[:1], sync=True)
        orphans, seconds = wait_for(other, part)
        assert seconds < 2 * LEASE
        assert [(item.key, item.state, item.uncertain) for item in orphans] == [(0, SENT, True)]
        rest = claim(other, part)
        assert [(item.key, item.state, item.uncertain) for item in rest] == [
            (1, WAITING, False),
            (2, WAITING, False),
        ]


def test_a_worker_that_stood_still_sends_nothing_that_others_have(journal: Make) -> None:
    with opened(journal(), journal()) as (stopped, other):
        part = filled(stopped, 3)
        items = claim(stopped, part)
        taken, _ = wait_for(other, part)
        stopped.send(part, items, sync=True)
        assert [item.state for item in items] == [TAKEN] * 3
        other.send(part, taken, sync=True)
        assert [item.state for item in taken] == [SENT] * 3


def test_a_worker_that_claims_its_own_items_again_sends_each_once(journal: Make) -> None:
    with opened(journal(), journal()) as (stopped, other):
        part = filled(stopped, 3)
        before = claim(stopped, part)
        began = time.monotonic()
        while not (taken := other.claim(part, 1, 0, single=False, once=True, direct=False)):
            assert time.monotonic() < began + 10 * LEASE
            time.sleep(other.claim_again)
        assert [item.number for item in taken] == [before[0].number]
        again = claim(stopped, part)  # what the other one has given back, and not taken
        assert [item.number for item in again] == [item.number for item in before[1:]]
        stopped.send(part, [*before, *again], sync=True)
        assert [item.state for item in before] == [TAKEN] * 3
        assert [item.state for item in again] == [SENT] * 2


def test_a_late_outcome_counts_while_nobody_has_sent_the_item_again(journal: Make) -> None:
    with opened(journal(), journal()) as (stopped, other):
        part = filled(stopped, 3)
        items = claim(stopped, part)
        stopped.send(part, items, sync=True)
        orphans, _ = wait_for(other, part)
        # The second one cannot be looked up, and the third is about to be sent again.
        other.finish(part, [Finish(orphans[1], UNKNOWN)], once=True)
        other.put_back(part, orphans[2:])
        late = [Finish(item, OK) for item in items]
        assert stopped.finish(part, late, once=True) == late
        assert not any(one.doubled for one in late)
        other.send(part, orphans[2:], sync=True)
        assert orphans[2].state == TAKEN
        one_more = Finish(orphans[0], OK)
        assert other.finish(part, [one_more], once=True) == [one_more] and not one_more.doubled
        other.parts()
        assert other.count(OK, part) == 3 and other.doubled() == 0


def test_an_item_that_was_sent_by_two_is_reported_as_doubled(journal: Make) -> None:
    with opened(journal(), journal()) as (stopped, other):
        part = filled(stopped, 3)
        items = claim(stopped, part)
        stopped.send(part, items, sync=True)
        orphans, _ = wait_for(other, part)
        other.put_back(part, orphans)  # a look has found nothing, or the user wants them repeated
        other.send(part, orphans, sync=True)
        other.finish(part, [Finish(orphans[0], OK)], once=True)
        late = [Finish(item, OK) for item in items]
        stopped.finish(part, late, once=True)
        assert [one.doubled for one in late] == [True] * 3
        other.finish(part, [Finish(item, OK) for item in orphans[1:]], once=True)
        rows = list(other.rows())
        assert [(row[3], row[4]) for row in rows] == [(OK, True)] * 3
        assert other.doubled() == 3


@pytest.mark.parametrize("seconds", [3600, -3600, 0.9 * LEASE])
def test_a_step_of_redis_s_clock_stalls_nothing_above_a_lease(
    journal: Make, redis_server: RedisServer, seconds: float
) -> None:
    with opened(journal(), journal()) as (dead, other), redis.Redis.from_url(redis_server.url) as client:
        part = filled(dead, 3)
        claim(dead, part, direct=True)
        # The clock was put back or forward since: what the job remembers lies elsewhere.
        name = dead.name.split()[0]
        base = base_of(client, name)
        for fence, until in client.zrange(base + "leases", 0, -1, withscores=True):
            client.zadd(base + "leases", {fence: until - seconds * 1e6})
        client.hincrby(f"{{aioemnify:job:{name}}}:facts", "seen", int(-seconds * 1e6))
        assert claim(other, part, direct=True) == []  # a living worker keeps its claims
        items, took = wait_for(other, part, direct=True)
        assert len(items) == 3 and took < 2 * LEASE


@pytest.mark.parametrize("claims", [True, False])
def test_who_is_gone_is_in_nobody_s_way_where_redis_s_clock_was_put_back(
    journal: Make, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, claims: bool
) -> None:
    dead = journal(lease=60.0)
    dead.open()
    part = filled(dead, 20)
    hour = int(3600e6)
    with redis.Redis.from_url(redis_server.url) as client:
        base = base_of(client, dead.name.split()[0])
        client.hincrby(f"{{aioemnify:job:{dead.name.split()[0]}}}:facts", "seen", hour)
        (worker,) = client.zrange(f"{base}workers", 0, -1)
        client.zincrby(f"{base}workers", hour, worker)
    if claims:
        with opened(journal()) as (other,):
            mine = other.claim(part, 20, 0, single=True, once=True, direct=False)
            assert len(mine) == 10, "the fair part of one worker alone"
    monkeypatch.setattr("aioemnify.fleet.hosts.stored_job.__version__", "9.9.9")
    with opened(journal()), pytest.raises(JournalError, match=r"has other workers \(1\): stop them first"):
        anyio.run(journal().remove)
    anyio.run(journal().remove)


def test_the_states_take_a_byte_each(journal: Make, redis_server: RedisServer) -> None:
    count = 20_000
    with opened(journal(name="bytes")) as (one,), redis.Redis.from_url(redis_server.url) as client:
        filled(one, count)
        state = f"{base_of(client, 'bytes')}state"
        taken = client.memory_usage(state)
        assert client.strlen(state) == count
        assert taken is not None and taken / count <= 1.1


def test_a_redis_that_evicts_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    evicting = RedisServer(tmp_path_factory.mktemp("evicting"), extra=("--maxmemory-policy", "allkeys-lru"))
    evicting.start()
    try:
        with pytest.raises(JournalError, match="maxmemory-policy allkeys-lru"):
            RedisJournal(evicting.url, "job").open()
    finally:
        evicting.kill()


def test_a_redis_that_forgets_gets_no_call_that_must_not_be_made_twice(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    forgetful = RedisServer(tmp_path_factory.mktemp("forgetful"))
    forgetful.start()
    try:
        with opened(RedisJournal(forgetful.url, "job")) as (one,):
            assert "appendonly no" in caplog.text
            part = filled(one, 1)
            items = claim(one, part)
            with pytest.raises(
                JournalError, match="set appendonly yes, or RedisJournal.accept_data_loss=True"
            ):
                one.send(part, items, sync=True)
        with opened(RedisJournal(forgetful.url, "other", accept_data_loss=True)) as (one,):
            part = filled(one, 1)
            one.send(part, claim(one, part), sync=True)
            with redis.Redis.from_url(forgetful.url) as client:
                client.flushall()
            with pytest.raises(JournalError, match="is gone: it was removed, or Redis has lost its data"):
                claim(one, part)
    finally:
        forgetful.kill()


def test_a_redis_that_still_loads_is_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    server = RedisServer(tmp_path, extra=("--appendonly", "yes"))
    server.start()
    try:
        with opened(RedisJournal(server.url, "job")) as (one,), redis.Redis.from_url(server.url) as client:
            filled(one, 1)
            client.mset({f"other-{number}": "x" for number in range(1000)})
            client.bgrewriteaof()
            while client.info("persistence")["aof_rewrite_in_progress"]:
                time.sleep(0.01)
        server.kill()
        server.start("--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024")
        with redis.Redis.from_url(server.url) as client:
            assert client.info("persistence")["loading"] and not client.info("persistence")["aof_enabled"]
        journal = RedisJournal(server.url, "job")
        anyio.run(journal.run, journal.open)
        (part,) = journal.parts()
        journal.send(part, claim(journal, part), sync=True)
        journal.close()
        assert "appendonly no" not in caplog.text
    finally:
        server.kill()


@pytest.mark.parametrize("idle", [True, False])
def test_a_redis_that_has_lost_what_it_answered_ends_the_workers(
    journal: Make, redis_server: RedisServer, idle: bool
) -> None:
    with opened(journal(), journal()) as (worker, other), redis.Redis.from_url(redis_server.url) as client:
        part = filled(worker, 3)
        base = f"{{aioemnify:job:{worker.name.split()[0]}}}:"
        before = {key: client.dump(key) for key in client.scan_iter(f"{base}*")}
        worker.send(part, claim(worker, part), sync=True)
        if not idle:
            assert claim(other, part) == []
        for key in client.scan_iter(f"{base}*"):
            client.delete(key)
        for key, value in before.items():
            client.restore(key, 0, value)
        with pytest.raises(
            JournalError, match=r"has gone back: Redis has lost changes .* appendfsync always"
        ):
            claim(worker, part)
        if not idle:
            with pytest.raises(JournalError, match="has gone back"):
                claim(other, part)
    with opened(journal()) as (fresh,):
        assert len(claim(fresh, part)) == 3


def test_workers_of_another_version_are_refused(journal: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(journal()):
        monkeypatch.setattr("aioemnify.fleet.hosts.stored_job.__version__", "9.9.9")
        with pytest.raises(JournalError, match=r"worked on by aioemnify .* and this is aioemnify 9\.9\.9"):
            journal().open()
    # Nobody works on it any more, so the newer version goes on with it.
    with opened(journal()):
        monkeypatch.undo()
        with pytest.raises(JournalError, match=r"worked on by aioemnify 9\.9\.9"):
            journal().open()


def test_workers_with_other_tables_are_refused(journal: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, other = journal(), journal()
    worker.open("documented")
    monkeypatch.setattr("aioemnify.fleet.hosts.stored_job.tables_digest", lambda: "0ther")
    with pytest.raises(JournalError, match=r"the tables \w{8}, .* with 0ther, limits documented: stop those"):
        other.open("documented")
    worker.close()
    other.open("documented")  # nobody works on it any more
    other.close()


@pytest.mark.anyio
async def test_workers_with_other_limits_are_refused(server: FleetServer, journal: Make) -> None:
    async with server.client() as emnify, server.client(limits="2026") as other, Job(emnify, journal()):
        with pytest.raises(JournalError, match=r"limits documented, and this is .* limits 2026: stop those"):
            async with Job(other, journal()):
                raise AssertionError
        journal_of_a_reader = journal()
        journal_of_a_reader.open()  # makes no calls, so it has none
        journal_of_a_reader.close()


@pytest.mark.anyio
async def test_workers_of_another_organisation_or_server_are_refused(
    server: FleetServer, journal: Make
) -> None:
    with opened(journal()) as (first,):
        assert first.settle_fact("organisation", 77) == 77 and first.settle_fact("organisation", 78) == 77
    async with server.client() as emnify, Job(emnify, journal()) as job:
        await job.add("endpoints.get", sorted(server.names())[:3])
        with pytest.raises(
            JournalError, match="in organisation 77, and this client works in .*: use the cred"
        ):
            async for _ in job.run():
                pass
    assert server.reads == []
    async with Emnify("token", base_url="https://another.example") as emnify:
        with pytest.raises(JournalError, match="a job on .*, and this client calls https://another.example"):
            async with Job(emnify, journal()):
                raise AssertionError
