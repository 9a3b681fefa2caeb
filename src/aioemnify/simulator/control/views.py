"""The state of a simulator as the control interface shows it, without secrets."""

from __future__ import annotations

from typing import Any

import msgspec
from attrs import asdict

from aioemnify.simulator.core import SimulatorCore
from aioemnify.simulator.platform.limits import Level
from aioemnify.simulator.recording.export import package_version
from aioemnify.simulator.state.world import Organisation, World

MOST_LEVELS = 500
MOST_TENANTS = 200
_MOST_MEMBERS = 50


def clock_view(simulator: SimulatorCore) -> dict[str, Any]:
    """Return the state of the clock."""
    clock = simulator.clock
    return {
        "now": clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "monotonic": round(clock.monotonic(), 6),
        "frozen": clock.frozen,
        "scale": clock.factor,
    }


def faults_view(simulator: SimulatorCore) -> list[Any]:
    """Return every fault rule with its counters."""
    rules = msgspec.to_builtins(simulator.faults.rules)
    assert isinstance(rules, list)
    return rules


def settings_view(simulator: SimulatorCore) -> dict[str, Any]:
    """Return the settings in force, and whether limits are enforced."""
    return {"limits": simulator.installation.limits.enforced, **asdict(simulator.settings)}


def limits_view(simulator: SimulatorCore) -> list[dict[str, Any]]:
    """Return the levels of all limits, the most used first."""
    clock = simulator.clock
    with simulator.lock:
        levels = simulator.installation.limits.levels(clock.monotonic(), clock.wall())
    levels.sort(key=lambda level: (level.left / level.capacity, level.limit))
    return [_level(level) for level in levels[:MOST_LEVELS]]


def _level(level: Level) -> dict[str, Any]:
    return {**asdict(level), "left": round(level.left, 3)}


def limit_table_view(simulator: SimulatorCore) -> list[dict[str, Any]]:
    """Return the limits in force with their numbers; none if limits are off."""
    with simulator.lock:
        return [asdict(limit) for limit in simulator.installation.limits.in_force()]


def counters_view(simulator: SimulatorCore) -> dict[str, Any]:
    """Return the counters since the last reset."""
    state = simulator.installation
    return {
        "requests": state.journal.arrived,
        "statuses": dict(sorted(state.journal.statuses.items())),
        "refused": dict(simulator.refused),
        "lane_overlaps": state.lane_overlaps,
    }


def tenants_view(simulator: SimulatorCore) -> list[dict[str, Any]]:
    """Return the organisations and their data."""
    with simulator.lock:
        world = simulator.installation.world
        return [_tenant(world, each) for each in list(world.organisations.values())[:MOST_TENANTS]]


def _tenant(world: World, organisation: Organisation) -> dict[str, Any]:
    tokens = [token for token in world.tokens.values() if token.organisation == organisation.id]
    users = [user for user in world.users.values() if organisation.id in user.organisations]
    return {
        "id": organisation.id,
        "name": organisation.name,
        "sims": organisation.sims.size,
        "endpoints": organisation.endpoints.size,
        "service_profiles": _named(organisation.service_profiles.values()),
        "tariff_profiles": _named(organisation.tariff_profiles.values()),
        "address_spaces": [
            {"id": space.id, "network": str(space.network), "used": space.used, "size": space.size}
            for space in list(organisation.spaces.values())[:_MOST_MEMBERS]
        ],
        "application_tokens": [
            {"id": token.id, "description": token.description, "active": token.status == 0}
            for token in tokens[:_MOST_MEMBERS]
        ],
        "users": [{"id": user.id, "username": user.username} for user in users[:_MOST_MEMBERS]],
    }


def _named(profiles: Any) -> list[dict[str, Any]]:
    return [
        {"id": profile.id, "name": profile.name, "used": profile.used}
        for profile in list(profiles)[:_MOST_MEMBERS]
    ]


def state_view(simulator: SimulatorCore) -> dict[str, Any]:
    """Return everything."""
    return {
        "version": package_version(),
        "url": simulator.url,
        "clock": clock_view(simulator),
        "counters": counters_view(simulator),
        "limits": limits_view(simulator),
        "settings": settings_view(simulator),
        "faults": faults_view(simulator),
        "scenario": simulator.timeline.progress(),
        "tenants": tenants_view(simulator),
    }
