"""Compare the models of two schemas, member by member."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from codegen.diff.changes import Change, further, names, plural, reworded, shown
from codegen.members import Member, Model
from codegen.operations import Operation


@frozen
class Use:
    """Whether a model is part of requests, of responses, or of both."""

    sent: bool
    answered: bool


def uses(models: Mapping[str, Model], operations: Iterable[Operation]) -> dict[str, Use]:
    """Return the use of each model, also inside other models."""
    listed = list(operations)
    sent = _held(models, [one.body.name for one in listed if one.body])
    answered = _held(models, [one.result.name for one in listed if one.result])
    idle = models.keys() - sent - answered
    return {name: Use(name in sent | idle, name in answered | idle) for name in models}


def _held(models: Mapping[str, Model], roots: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in models and name not in found:
            found.add(name)
            for member in models[name].members.values():
                waiting += re.findall(r"\w+", member.text)
    return found


def model_changes(
    old: Mapping[str, Model], new: Mapping[str, Model], use: Mapping[str, Use]
) -> Iterator[Change]:
    """Yield the changes to the models. ``use`` has the use of each new model."""
    added = [model for name, model in new.items() if name not in old]
    for module, own in _by_module(added).items():
        yield Change("Added", f"{_models(own)} in `aioemnify.models.{module}`: {names(own)}.")
    removed = [model for name, model in old.items() if name not in new]
    for module, own in _by_module(removed).items():
        yield Change(
            "Removed", f"{_models(own)} of `aioemnify.models.{module}`: {names(own)}.", breaking=True
        )
    moved: dict[tuple[str, str], list[str]] = {}
    for name in sorted(old.keys() & new.keys()):
        if old[name].module != new[name].module:
            moved.setdefault((old[name].module, new[name].module), []).append(name)
    for (before, after), own in sorted(moved.items()):
        text = (
            f"{_models(own)} in `aioemnify.models.{after}`, moved from `{before}`: {names(own)}. "
            f"`aioemnify.models` still has {'them' if len(own) > 1 else 'it'}."
        )
        yield Change("Changed", text)
    for name in sorted(old.keys() & new.keys()):
        yield from _model(old[name], new[name], use[name])


def _by_module(models: Iterable[Model]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for model in models:
        found.setdefault(model.module, []).append(model.name)
    return {module: sorted(own) for module, own in sorted(found.items())}


def _models(own: Sequence[str]) -> str:
    return plural(len(own), "model").capitalize() if len(own) > 1 else "Model"


def _model(old: Model, new: Model, use: Use) -> Iterator[Change]:
    subject = f"`{new.name}`"
    if old.body != new.body:
        said = (
            "is now a request body: omitted members are `UNSET`"
            if new.body
            else "is now frozen: omitted members are `None`"
        )
        yield Change("Changed", f"{subject} {said}.", breaking=True)
    if old.lookup != new.lookup:
        said = "is now a lookup, compared by its id" if new.lookup else "is no longer a lookup"
        yield Change("Changed", f"{subject} {said}.", breaking=not new.lookup)
    for wire, member in new.members.items():
        if wire not in old.members:
            needed = member.required and use.sent
            said = "required" if member.required else "optional"
            text = f"`{new.name}.{member.name}`: `{member.text}`, {said}{_secret(member)}."
            yield Change("Added", text, breaking=needed)
    for wire, member in old.members.items():
        if wire not in new.members:
            yield Change("Removed", f"`{old.name}.{member.name}`.", breaking=True)
        else:
            yield from _member(old, new, member, new.members[wire], use)
    yield from _values(old, new)
    yield from reworded(old.description, new.description)
    yield from further(subject, old, new, ("ref", "body", "lookup", "description", "members", "values"))


def _secret(member: Member) -> str:
    return ", a secret" if member.secret else ""


def _member(owner_before: Model, owner: Model, old: Member, new: Member, use: Use) -> Iterator[Change]:
    subject = f"`{owner.name}.{new.name}`"
    if old.name != new.name:
        yield Change("Changed", f"{subject} was called `{old.name}`.", breaking=True)
    if set(old.types) != set(new.types):
        breaking = _narrower(old.types, new.types, use)
        before, after = " | ".join(old.types), " | ".join(new.types)
        yield Change("Changed", f"{subject} is `{after}`, was `{before}`.", breaking=breaking)
    may_be_none = owner.may_be_none(new) and not owner_before.may_be_none(old)
    if old.nullable != new.nullable:
        if new.nullable:
            yield Change("Changed", f"{subject} may be null.", breaking=use.answered and may_be_none)
        else:
            yield Change("Changed", f"{subject} is never null.", breaking=use.sent)
    if not old.required and new.required:
        yield Change("Changed", f"{subject} is required.", breaking=use.sent)
    if old.required and not new.required:
        text = f"{subject} is no longer required."
        yield Change("Changed", text, breaking=use.answered and may_be_none)
    if old.secret != new.secret:
        said = "is a secret: not shown in a repr" if new.secret else "is no longer a secret: shown in a repr"
        yield Change("Changed", f"{subject} {said}.")
    if new.deprecated and not old.deprecated:
        yield Change("Deprecated", f"{subject}.")
    if old.deprecated and not new.deprecated:
        yield Change("Changed", f"{subject} is no longer deprecated.")
    if old.choices != new.choices:
        lost = set(old.choices) - set(new.choices) if new.choices else set()
        text = f"{subject}: known values are {shown(new.choices)}, were {shown(old.choices)}."
        yield Change("Changed", text, breaking=use.sent and (bool(lost) or not old.choices))
    for key in sorted({*old.further, *new.further}):
        before_value, after_value = old.further.get(key), new.further.get(key)
        if before_value != after_value:
            text = f"{subject}: {key} is {shown(after_value)}, was {shown(before_value)}."
            yield Change("Changed", text)
    yield from reworded(old.description, new.description)
    compared = ("wire", "name", "types", "nullable", "required", "secret", "deprecated", "choices")
    yield from further(subject, old, new, (*compared, "description", "further"))


def _narrower(old: Sequence[str], new: Sequence[str], use: Use) -> bool:
    """Return whether a change of type is breaking: a request may widen, a response may narrow."""
    takes_less = not set(old) <= set(new)
    gives_more = not set(new) <= set(old)
    return (use.sent and takes_less) or (use.answered and gives_more)


def _values(old: Model, new: Model) -> Iterator[Change]:
    """Compare the known values of a lookup. A value with the same id and a new constant is renamed."""
    gone = {name: value for name, value in old.values.items() if name not in new.values}
    come = {name: value for name, value in new.values.items() if name not in old.values}
    renamed = {
        name: other
        for name, (identity, _) in gone.items()
        for other, (same, _) in come.items()
        if identity is not None and identity == same
    }
    for name, other in renamed.items():
        text = f"`{new.name}.{other}` ({new.values[other][0]}) was called `{name}`."
        yield Change("Changed", text, breaking=True)
    for name, value in come.items():
        if name not in renamed.values():
            yield Change("Added", f"`{new.name}.{name}`{_identity(value)}.")
    for name, value in gone.items():
        if name not in renamed:
            yield Change("Removed", f"`{old.name}.{name}`{_identity(value)}.", breaking=True)
    for name in [name for name in new.values if name in old.values]:
        before, after = old.values[name], new.values[name]
        if before[0] != after[0]:
            text = f"`{new.name}.{name}` is {after[0]}, was {before[0]}."
            yield Change("Changed", text, breaking=True)
        yield from reworded(before[1], after[1])


def _identity(value: tuple[int | None, str]) -> str:
    return "" if value[0] is None else f" ({value[0]})"
