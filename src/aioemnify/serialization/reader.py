"""Read a model from plain values, and collect the problems of all members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET

from aioemnify.serialization.choices import Choice, Member, choice_of, is_model, members_of

Path: TypeAlias = tuple[str | int, ...]
"""The place of a value in a document: the members and indexes that lead to it."""


class Reader:
    """Converts plain values to models, and collects the problems of all of them."""

    def __init__(self, *, strict: bool) -> None:
        self.problems: list[tuple[Path, str]] = []
        self._strict = strict
        self._path: list[str | int] = []

    def model(self, model: Any, data: Mapping[str, Any]) -> Any:
        """Return the model of a mapping."""
        members, is_body = members_of(model), not model._ignores_unknown
        given: dict[str, Any] = {}
        for one in members:
            value = data.get(one.wire, UNSET)
            if value is not UNSET:
                choice = one.choice if one.selector is None else _selected(one, data)
                found = self.read(value, choice, one.wire)
                # A whole number is a number too, and a body is sent as it was written.
                given[one.name] = value if is_body and type(value) is int and found == value else found
            elif one.required:
                self._add(f"is required; it takes {one.choice.accepted}", one.wire)
                given[one.name] = None
        if is_body:
            self._refuse_unknown([one.wire for one in members], data)
        return model(**given)

    def read(self, value: Any, choice: Choice, *place: str | int) -> Any:
        """Return a value as one of the types of a choice, or as it is if it does not fit."""
        self._path += place
        try:
            return self._read(value, choice)
        except (msgspec.ValidationError, RecursionError):
            self._add(f"takes {choice.accepted}, not {type(value).__name__}")
            return value
        except UnicodeEncodeError:  # half of a pair of surrogates, which some JSON libraries read
            self._add("is text that is not Unicode")
            return value
        finally:
            del self._path[len(self._path) - len(place) :]

    def _read(self, value: Any, choice: Choice) -> Any:
        if choice.models and (isinstance(value, Mapping) or is_model(type(value))):
            return self._one_of(choice.models, value)
        if choice.item is not None and isinstance(value, (list, tuple)):
            return [self.read(item, choice.item, index) for index, item in enumerate(value)]
        if choice.other is None:
            raise msgspec.ValidationError
        try:
            found = msgspec.convert(value, choice.other, strict=False)
        except msgspec.ValidationError:
            if "a time" not in choice.accepted:
                raise
        else:
            _check_text(found)
            return found
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value  # of a subclass, such as that of pandas
        # As the client reads responses: a time without a zone is in UTC, and a date is midnight.
        text = f"{value}Z" if len(str(value)) > len("2026-03-31") else f"{value}T00:00:00Z"
        return msgspec.convert(text if isinstance(value, str) else value, choice.other)

    def _one_of(self, models: Sequence[type[Any]], value: Any) -> Any:
        if isinstance(value, tuple(models)):
            return value
        if is_model(type(value)):
            raise msgspec.ValidationError
        if len(models) == 1:
            return self.model(models[0], value)
        fitting: dict[str, Any] = {}
        for model in models:
            reader = Reader(strict=True)
            found = reader.model(model, value)
            if not reader.problems:
                fitting[model.__name__] = found
        if len(fitting) != 1:
            names = " or ".join(one.__name__ for one in models)
            self._add(f"matches both {' and '.join(fitting)}" if fitting else f"matches none of {names}")
            return value
        (found,) = fitting.values()
        return found

    def _refuse_unknown(self, known: Sequence[str], data: Mapping[str, Any]) -> None:
        for name in data:
            if name not in known:
                from aioemnify._checks import did_you_mean

                text = f"is not a member; it has {', '.join(known)}{did_you_mean(name, known)}"
                self.problems.append(((*self._path, str(name)), text))

    def _add(self, problem: str, *place: str) -> None:
        if self._strict:
            self.problems.append(((*self._path, *place), problem))


def _check_text(value: Any) -> None:
    """Raise UnicodeEncodeError if a text cannot be written as JSON."""
    if isinstance(value, str):
        if not value.isascii():
            value.encode()
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)


def _selected(member: Member, data: Mapping[str, Any]) -> Choice:
    """Return what a member accepts: a single model where a sibling selects it."""
    assert member.selector is not None
    key = data.get(member.selector.wire)
    name = member.selector.classes.get(key) if isinstance(key, str) else None
    return next((choice_of(one) for one in member.choice.models if one.__name__ == name), member.choice)


def shown(path: Path) -> str:
    """Return a path as text, such as ``sims[0].id``."""
    return "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path).lstrip(".")
