"""How long Redis has a job: what expires, what its removal leaves, and what other programs have there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import anyio
import pytest
import redis

from aioemnify.errors import ArgumentError
from aioemnify.fleet import Job, JournalError, RedisJournal
from tests.fleet.fleet_server import FleetServer, read
from tests.fleet.hosts.keys import base_of
from tests.stores.redis_server import RedisServer

pytestmark = [pytest.mark.anyio, pytest.mark.redis]

Make = Callable[..., RedisJournal]


@pytest.fixture
def client(redis_server: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_server.url) as client:
        yield client


def first_word(journal: RedisJournal) -> str:
    return journal.name.split()[0]


async def test_a_job_that_is_there_is_there_with_all_its_items(
    server: FleetServer, journal: Make, client: redis.Redis
) -> None:
    """What expires first is the hash of facts, and without it there is no job."""
    keep = 3600.0
    async with server.client() as emnify:
        async with Job(emnify, journal(keep=keep)) as job:
            await job.add("endpoints.get", sorted(server.names()))
            outcomes = job.run()
            await anext(outcomes)
            base = base_of(client, first_word(journal()))
            left = {key: client.pttl(key) for key in client.scan_iter(f"{base}*")}
            assert len(left) > 10 and min(left.values()) > keep * 1000
        async with Job(emnify, journal(keep=60.0)) as again:  # the first one settles it
            assert again.report().counts["waiting"] > 0
        facts = f"{{aioemnify:job:{first_word(journal())}}}:facts"
        assert keep * 500 < client.pttl(facts) <= keep * 1000
        assert min(client.pttl(key) for key in client.scan_iter(f"{base}*")) > keep * 1000


async def test_a_worker_keeps_a_long_job_longer_than_redis_does(
    server: FleetServer, journal: Make, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = journal(lease=1.0, keep=1000.0)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    job.open()
    job.settle_fact("server", "x")
    part = job.part("endpoints.get", None, b'{"query":{},"body":{}}')
    job.at_once(lambda: job.add([(part, 1, b"{}")]) and None)
    items = f"{base_of(client, first_word(job))}items:1"
    client.pexpire(items, 1000)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        if len(waits) == 4:
            raise EndError
        now += 100.0

    with pytest.raises(EndError):
        await job.keep_claims(sleep)
    assert waits == [0.25] * 4
    assert client.pttl(items) > 1000_000
    job.close()


class EndError(Exception):
    pass


async def test_what_a_broken_removal_leaves_is_not_in_the_next_job(
    server: FleetServer, journal: Make, client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = sorted(server.names())
    async with server.client() as emnify:
        async with Job(emnify, journal()) as job:
            await job.add("endpoints.get", ids)
            await read(job)
        with monkeypatch.context() as patch:

            def unlink(*_: object) -> None:
                raise redis.exceptions.ConnectionError("killed here")

            patch.setattr(redis.Redis, "unlink", unlink)
            with pytest.raises(JournalError, match="killed here"):
                await journal().remove()
        assert len(list(client.scan_iter(f"*job:{first_word(journal())}*"))) > 10
        async with Job(emnify, journal()) as job:
            assert await job.add("endpoints.get", ids) == len(ids)
            assert job.report().counts["waiting"] == len(ids)


async def test_a_job_that_was_removed_and_made_anew_is_another_one(
    server: FleetServer, journal: Make, client: redis.Redis
) -> None:
    async with server.client() as emnify, Job(emnify, journal()) as job:
        await job.add("endpoints.get", sorted(server.names()))
        client.delete(f"{{aioemnify:job:{first_word(journal())}}}:facts")
        with pytest.raises(JournalError, match="is gone"):
            job.report()
        async with Job(emnify, journal()) as other:
            assert other.report().counts["waiting"] == 0
            with pytest.raises(JournalError, match="is gone"):
                job.report()
            with pytest.raises(JournalError, match="is gone"):
                await read(job)


async def test_items_that_are_missing_are_not_passed_over(
    server: FleetServer, journal: Make, client: redis.Redis
) -> None:
    async with server.client() as emnify, Job(emnify, journal()) as job:
        await job.add("endpoints.get", sorted(server.names()))
        client.delete(f"{base_of(client, first_word(journal()))}items:1")
        with pytest.raises(JournalError, match="is gone"):
            job.report().to_jsonl("none.jsonl")
        with pytest.raises(JournalError, match="is gone"):
            await read(job)
    assert server.reads == []


@pytest.mark.parametrize("foreign", ["text", "hash"])
async def test_keys_of_another_program_are_left_alone(
    journal: Make, client: redis.Redis, foreign: str
) -> None:
    job = journal()
    facts = f"{{aioemnify:job:{first_word(job)}}}:facts"
    if foreign == "text":
        client.set(facts, "theirs")
    else:
        client.hset(facts, "name", "theirs")
    before = client.dump(facts)
    with pytest.raises(JournalError, match="is not a job: another program has keys of this name"):
        await job.run(job.open)
    with pytest.raises(JournalError, match="is not a job"):
        await job.remove()
    assert client.dump(facts) == before


async def test_a_claim_of_unknown_items_expires_with_the_job(journal: Make, client: redis.Redis) -> None:
    job = journal()
    job.open()
    part = job.part("endpoints.send_sms", None, b'{"query":{},"body":{}}')
    job.at_once(lambda: job.add([(part, 1, b"{}")]) and None)
    job.change_all(0, 4)
    assert len(job.unsettled(part, 4)) == 1
    keys = list(client.scan_iter(f"*job:{first_word(job)}*"))
    assert [key for key in keys if client.pttl(key) <= 0] == []
    assert any(b":claim:" in key for key in keys)
    job.close()


def test_the_time_to_keep_a_job_is_no_less_than_a_lease(journal: Make) -> None:
    with pytest.raises(ArgumentError, match="keep"):
        journal(lease=10.0, keep=9.0)


@pytest.mark.parametrize(
    "query", ["decode_responses=True", "protocol=3", "decode_responses=1&encoding=latin-1"]
)
async def test_what_an_address_asks_for_other_programs_changes_nothing(
    server: FleetServer, redis_server: RedisServer, query: str
) -> None:
    name = f"é-{query.replace('=', '-')}"
    journal = RedisJournal(f"{redis_server.url}?{query}", name)
    async with server.client() as emnify, Job(emnify, journal) as job:
        await job.add("endpoints.get", sorted(server.names())[:3])
        assert [one.state for one in await read(job)] == ["ok"] * 3
        assert job.report().counts["ok"] == 3
    await RedisJournal(redis_server.url, name).remove()
    with redis.Redis.from_url(redis_server.url) as client:
        assert list(client.scan_iter("*job:é*")) == []


def test_an_address_that_cannot_be_read_is_named_without_its_password() -> None:
    with pytest.raises(ArgumentError, match="^url takes an address such as redis://") as caught:
        RedisJournal("redis://:pass/word@host", "job")
    assert "word@" not in str(caught.value)


async def test_a_user_who_may_not_do_all_learns_what_is_missing(
    redis_server: RedisServer, client: redis.Redis
) -> None:
    client.execute_command("ACL", "SETUSER", "few", "on", ">secret", "~*", "+@all", "-info")
    job = RedisJournal(redis_server.url.replace("redis://", "redis://few:secret@"), "few")
    with pytest.raises(JournalError, match="refuses this user.*'info'") as caught:
        await job.run(job.open)
    assert "secret" not in str(caught.value)


async def test_an_outage_takes_the_patience_of_a_worker_once(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    server = RedisServer(tmp_path_factory.mktemp("away"), extra=("--appendonly", "yes"))
    server.start()
    journal = RedisJournal(server.url, "away", patience=1.0)
    try:
        await journal.run(journal.open)
        part = journal.part("endpoints.send_sms", None, b'{"query":{},"body":{}}')
        journal.at_once(lambda: journal.add([(part, 1, b"{}")]) and None)
        assert len(journal.claim(part, 1, 0, single=True, once=True, direct=False)) == 1
        server.kill()
        at_the_end: list[int] = []

        async def ask() -> None:
            with pytest.raises(JournalError, match="cannot be reached"):
                await journal.run(journal.parts)
            at_the_end.append(journal.redis_calls)

        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask)
        assert at_the_end == [at_the_end[0]] * 5, "all that is asked waits together"
        await journal.run(journal.release)
        await ask()
        assert at_the_end[5] == at_the_end[0] + 2, "what is asked later is tried once"
        journal.close()
        server.start()
        await journal.run(journal.open)
        assert len(await journal.run(journal.parts)) == 1
        journal.close()
    finally:
        server.kill()
    messages = [record.getMessage() for record in caplog.records]
    assert [message for message in messages if "trying again for up to 1 s" in message] == messages[:1]
    assert messages[1:] == [f"{journal.name} answers again"]
