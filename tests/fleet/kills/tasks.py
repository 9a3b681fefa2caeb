"""The kinds of jobs, and what each of them must have done, by the state of the simulator alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from aioemnify.simulator import Simulator
from aioemnify.simulator.state.records.tags import Tag

SHARED = {"service_profile": 400001, "tariff_profile": 400003, "status": 0}
BAD_IMEI = "short"


@frozen
class Verdict:
    """What the simulator's state says of one job: items without effect, and items with more than one."""

    lost: int
    twice: int
    stray: int = 0


Judge = Callable[[Simulator, Mapping[str, str]], Verdict]


@frozen
class Kind:
    """A job for one run: its items, and the function that judges it.

    The judge also gets the final states of the items, by key: an effect that is missing is lost unless
    the job says that it does not know, or that the server has refused it.
    """

    operation: str
    items: list[Any]
    options: dict[str, Any]
    judge: Judge


def endpoint_names(simulator: Simulator) -> dict[int, str]:
    """Return the names of all endpoints of the organisation, by id."""
    with simulator.lock:
        first = next(iter(simulator.installation.world.organisations.values()))
        return {one.id: one.name for one in first.endpoints.states(first.endpoints.select())}


def creations(chance: random.Random, simulator: Simulator) -> Kind:
    """Create endpoints in bulk, some of them with a member that the server refuses."""
    count, before = chance.randint(1, 60), set(endpoint_names(simulator))
    bad = {number for number in range(count) if chance.random() < chance.choice([0, 0.03, 0.3])}
    rows = [{"name": f"new-{n}"} | ({"imei": BAD_IMEI} if n in bad else {}) for n in range(count)]

    def judge(simulator: Simulator, _states: Mapping[str, str]) -> Verdict:
        made = Counter(name for number, name in endpoint_names(simulator).items() if number not in before)
        good = {f"new-{number}" for number in range(count)} - {f"new-{number}" for number in bad}
        return Verdict(
            lost=len(good - set(made)),
            twice=sum(1 for times in made.values() if times > 1),
            stray=len(set(made) - good),
        )

    return Kind("endpoints.create", rows, {"shared": SHARED}, judge)


def changes(chance: random.Random, simulator: Simulator) -> Kind:
    """Rename endpoints in bulk; some do not exist, and some get a member that the server refuses."""
    known = sorted(endpoint_names(simulator))
    ids = chance.sample(known, chance.randint(1, len(known)))
    bad = {one for one in ids if chance.random() < chance.choice([0, 0.03, 0.3])}
    rows: list[Any] = [
        (one, {"name": f"is-{one}"} | ({"imei": BAD_IMEI} if one in bad else {})) for one in ids
    ]
    rows += [(900_000 + number, {"name": "nobody"}) for number in range(chance.choice([0, 0, 2]))]

    def judge(simulator: Simulator, _states: Mapping[str, str]) -> Verdict:
        now = endpoint_names(simulator)
        lost = sum(1 for one in ids if one not in bad and now[one] != f"is-{one}")
        return Verdict(lost, 0, stray=sum(1 for one in bad if now[one] == f"is-{one}"))

    return Kind("endpoints.update", rows, {}, judge)


def deletions(chance: random.Random, simulator: Simulator) -> Kind:
    """Delete endpoints in bulk; some do not exist."""
    known = sorted(endpoint_names(simulator))
    ids = chance.sample(known, chance.randint(1, len(known)))
    strangers = [900_000 + number for number in range(chance.choice([0, 0, 2]))]

    def judge(simulator: Simulator, states: Mapping[str, str]) -> Verdict:
        now = set(endpoint_names(simulator))
        lost = len(now & set(ids)) + sum(1 for one in ids if states[str(one)] != "ok")
        return Verdict(lost, 0, stray=len(set(known) - set(ids) - now))

    rows: list[Any] = [*ids, *strangers]
    chance.shuffle(rows)
    return Kind("endpoints.delete", rows, {}, judge)


def status_changes(chance: random.Random, simulator: Simulator) -> Kind:
    """Suspend activated SIMs one by one."""
    with simulator.lock:
        sims = next(iter(simulator.installation.world.organisations.values())).sims
        active = [one.id for one in sims.states(sims.select()) if one.status == 1]
    ids = chance.sample(active, min(len(active), chance.randint(1, 15)))

    def judge(simulator: Simulator, _states: Mapping[str, str]) -> Verdict:
        sims = next(iter(simulator.installation.world.organisations.values())).sims
        found = [sims.find(one) for one in ids]
        return Verdict(sum(1 for one in found if one is None or one.status != 2), 0)

    return Kind("sims.update", [*ids, 777_777], {"shared": {"status": 2}}, judge)


def messages(chance: random.Random, simulator: Simulator) -> Kind:
    """Send SMS one by one: a call that must not be repeated, and whose effect cannot be looked up."""
    ids = chance.sample(sorted(endpoint_names(simulator)), 15)
    rows = [(one, {"payload": f"to {one}", "source_address": "12345"}) for one in ids]

    def judge(simulator: Simulator, states: Mapping[str, str]) -> Verdict:
        with simulator.lock:
            first = next(iter(simulator.installation.world.organisations.values()))
            sent = Counter(one.endpoint for one in first.activity.messages.by_id.values())
        missing = [one for one in ids if not sent[one] and states[str(one)] not in ("unknown", "failed")]
        return Verdict(len(missing), sum(1 for one in ids if sent[one] > 1))

    return Kind("endpoints.send_sms", rows, {}, judge)


def tags(chance: random.Random, simulator: Simulator) -> Kind:
    """Tag endpoints in bulk: some do not exist, some have the tag already; a second try is refused."""
    known = sorted(endpoint_names(simulator))
    with simulator.lock:
        book = next(iter(simulator.installation.world.organisations.values())).tags
        for number in (1, 2):
            book.tags[number] = Tag(id=number, name=f"t{number}", color=1)
        pairs = [(one, tag) for one in known for tag in (1, 2) if chance.random() < 0.4]
        for one, tag in chance.sample(pairs, min(2, len(pairs))):
            book.put_on(one, tag)
    strangers = [(900_000 + number, 1) for number in range(chance.choice([0, 0, 2]))]

    def judge(simulator: Simulator, states: Mapping[str, str]) -> Verdict:
        lost = sum(not book.carries(*pair) or states[str(list(pair))] != "ok" for pair in pairs)
        return Verdict(lost, 0, stray=sum(states[str(list(pair))] == "ok" for pair in strangers))

    rows = [*pairs, *strangers]
    chance.shuffle(rows)
    return Kind("endpoints.assign_tag", rows, {}, judge)


KINDS = (creations, creations, changes, deletions, status_changes, messages, tags)
"""Creations twice: they are what can be done twice."""
