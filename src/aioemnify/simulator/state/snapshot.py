"""Convert the state of an installation to plain values and back.

This module depends on no kind of record. Every field of :class:`Organisation` and every attribute that
``World.KEPT`` names is converted by its annotation: numbers, texts, tuples, lists, dicts, sets, and attrs
classes of these. Other classes have ``dump()``, which returns plain values, and a class method
``restore(values)``. An object is stored in one place only; other objects refer to it by its id.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from attrs import field, frozen

from aioemnify.simulator.platform.clock import Clock, ClockDump
from aioemnify.simulator.platform.tokens import TokenIssuerDump
from aioemnify.simulator.state.fleet import Fleet, Identifiers
from aioemnify.simulator.state.installation import Blueprint, Installation
from aioemnify.simulator.state.overlay_store import OverlayStore
from aioemnify.simulator.state.world import Organisation, World, begin_organisation

VERSION = 1


@frozen(kw_only=True)
class FleetSpec:
    """The arguments that define a fleet; saved changes fit only the fleet that they were made to."""

    sims: int
    seed: int
    batch: int
    second_sims: int
    network: str
    mfa: bool
    fleet: str = ""


@frozen(kw_only=True)
class Snapshot:
    """All values that a restart needs."""

    version: int
    fleet_spec: FleetSpec
    clock: ClockDump
    token_issuer: TokenIssuerDump
    months: dict[int, tuple[int, int, int]]
    chance: tuple[Any, ...] = field(repr=False)
    world: dict[str, Any] = field(repr=False)
    organisations: list[dict[str, Any]] = field(repr=False)


def fleet_spec_of(blueprint: Blueprint) -> FleetSpec:
    """Return the arguments of a blueprint that define the fleet."""
    return FleetSpec(
        sims=blueprint.sims,
        seed=blueprint.seed,
        batch=blueprint.batch,
        second_sims=blueprint.second_sims,
        network=str(blueprint.network),
        mfa=blueprint.mfa,
        fleet="" if blueprint.fleet is None else blueprint.fleet.digest,
    )


def dump(state: Installation, blueprint: Blueprint, clock: Clock) -> Any:
    """Return an installation as JSON values. The caller holds the lock."""
    world = state.world
    return _plain(
        Snapshot(
            version=VERSION,
            fleet_spec=fleet_spec_of(blueprint),
            clock=clock.dump(),
            token_issuer=state.token_issuer.dump(),
            months=state.limits.dump(),
            chance=world.chance.getstate(),
            world={name: _plain(getattr(world, name)) for name in World.KEPT},
            organisations=[_plain_organisation(each) for each in world.organisations.values()],
        )
    )


def read(content: bytes) -> Snapshot:
    """Read a snapshot that was written as JSON.

    Raises:
        ValueError: it is not a snapshot, or one of another version.
    """
    try:
        snapshot = msgspec.json.decode(content, type=Snapshot)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"it is not a state file of the simulator: {error}") from None
    if snapshot.version != VERSION:
        raise ValueError(f"it has version {snapshot.version}, and this simulator reads version {VERSION}")
    return snapshot


def restore(snapshot: Snapshot, state: Installation, clock: Clock) -> None:
    """Restore a snapshot in an installation that was just built from the same blueprint.

    Raises:
        ValueError: the snapshot does not fit.
    """
    world = state.world
    try:
        kept = {name: _converted(snapshot.world[name], kind) for name, kind in World.KEPT.items()}
        organisations = [_organisation(values, world.numbers) for values in snapshot.organisations]
        version, internal, gauss = snapshot.chance
        world.chance.setstate((version, tuple(internal), gauss))
    except (msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"it does not fit this version of the simulator: {error}") from None
    for name, value in kept.items():
        setattr(world, name, value)
    world.organisations = {organisation.id: organisation for organisation in organisations}
    state.token_issuer.restore(snapshot.token_issuer)
    state.limits.restore(snapshot.months)
    clock.restore(snapshot.clock)


def _plain_organisation(organisation: Organisation) -> dict[str, Any]:
    return {name: _plain(getattr(organisation, name)) for name in get_type_hints(Organisation)}


def _organisation(values: dict[str, Any], numbers: Identifiers) -> Organisation:
    """Restore an organisation: its initial fleet, and the changes to it."""
    fleet = _converted(values["fleet"], Fleet)
    organisation = begin_organisation(values["id"], values["name"], fleet, numbers)
    for name, kind in get_type_hints(Organisation).items():
        # A field that is newer than the file keeps its initial value.
        if name not in values:
            continue
        if get_origin(kind) is OverlayStore:
            (member,) = get_args(kind)
            getattr(organisation, name).overlay(
                changed=_converted(values[name]["changed"], GenericAlias(dict, (int, member))),
                created=_converted(values[name]["created"], list[int]),
                gone=_converted(values[name]["gone"], set[int]),
            )
        else:
            setattr(organisation, name, _converted(values[name], kind))
    return organisation


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=_dumped)


def _converted(value: Any, kind: Any) -> Any:
    return msgspec.convert(value, type=kind, dec_hook=_restored, str_keys=True)


def _dumped(value: Any) -> Any:
    if hasattr(value, "dump"):
        return value.dump()
    raise NotImplementedError(f"{type(value).__name__} has no dump()")


def _restored(kind: type, value: Any) -> Any:
    return kind.restore(value)  # type: ignore[attr-defined]
