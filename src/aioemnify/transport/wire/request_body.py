"""Writing what the user says: checked first, to the last member, and all problems named at once.

A body may be the generated model or a plain mapping. Within it, a lookup or a reference may
be given as the object, the constant, or the bare id. Members left ``UNSET`` are not
written; ``None`` is written as ``null``, but for records that the server says too, such as a
filter of a data stream: there it means "not said" and is left out. Where one of several models
may stand, a mapping has to fit exactly one of them, unless a sibling says which one it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
import cattrs
from attrs import frozen
from cattrs.gen import make_dict_structure_fn, override
from msgspec import UNSET, UnsetType

from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.transport.wire.fields import ModelField, alternatives, model_fields
from aioemnify.transport.wire.lenient import read_moment

MOST_PROBLEMS = 10
"""Unfit items of one list that an error describes; the others are counted."""


@frozen
class _Selected:
    """A member whose class a sibling decides."""

    value: Any
    model: type[Any]
    reason: str


class _Unfit(TypeError):
    """A value of the wrong type; ``discreet`` says so without the value."""

    def __init__(self, problem: str, value: object) -> None:
        super().__init__(f"{problem}, not {value!r}")
        self.discreet = f"{problem}, not {type(value).__name__}"


class BodyWriter:
    """Turns models and mappings into JSON-ready values."""

    def __init__(self) -> None:
        self._strict = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
        for kind, name in _NAMES.items():
            self._strict.register_structure_hook(kind, _exact(kind, name))
        self._strict.register_structure_hook(date, _date)
        self._strict.register_structure_hook(datetime, _moment)
        self._strict.register_structure_hook_func(_is_union, self._union)
        self._strict.register_structure_hook_func(_is_list, self._list)
        self._strict.register_structure_hook_factory(attrs.has, self._model_hook)

    def write(self, model: type[Any], value: Any, *, many: bool) -> Any:
        """Return ``value`` as JSON-ready dicts and lists.

        Raises:
            ArgumentError: naming every member that is missing, unknown or of the wrong type.
        """
        if not many:
            return self._one(model, value, "body")
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
            raise ArgumentTypeError("body", f"takes a list of {model.__name__}, not {type(value).__name__}")
        if not value:
            raise ArgumentError("body", f"is an empty list; it takes at least one {model.__name__}")
        written: list[Any] = []
        problems: list[str] = []
        for place, item in enumerate(value):
            try:
                written.append(self._one(model, item, f"body[{place}]"))
            except ArgumentTypeError as error:
                problems.append(str(error))
        if problems:
            told = problems[:MOST_PROBLEMS]
            if len(problems) > len(told):
                told.append(f"and {len(problems) - len(told)} more items")
            raise ArgumentTypeError("body", f"has {len(problems)} unfit items: " + "; ".join(told))
        return written

    def _one(self, model: type[Any], value: Any, path: str) -> Any:
        if _is_id(value) and _takes_id(model):
            return {"id": value}
        if not isinstance(value, (Mapping, model)):
            raise ArgumentTypeError(path, f"takes {model.__name__} or a mapping, not {type(value).__name__}")
        try:
            checked = self._strict.structure(value, model)
        except cattrs.errors.BaseValidationError as error:
            problems = [
                _readable(text)
                for text in cattrs.transform_error(error, path=path, format_exception=_explain)
            ]
            raise ArgumentTypeError(path, f"does not fit {model.__name__}: " + "; ".join(problems)) from None
        return _wire(checked)

    def _model_hook(self, model: type[Any]) -> Any:
        renames = {item.name: item.wire for item in model_fields(model) if item.wire != item.name}
        selected = [item for item in model_fields(model) if item.selector is not None]
        read = make_dict_structure_fn(
            model,
            self._strict,
            _cattrs_forbid_extra_keys=True,
            _cattrs_detailed_validation=True,
            **{name: override(rename=wire) for name, wire in renames.items()},  # type: ignore[arg-type]
        )

        def structure(value: Any, kind: type[Any]) -> Any:
            if not isinstance(value, (Mapping, model)):
                raise TypeError(f"takes {model.__name__}, not {type(value).__name__}")
            said = _said(value)
            said |= {item.wire: _selection(item, said) for item in selected if item.wire in said}
            try:
                return read(said, kind)
            except cattrs.errors.ClassValidationError as error:
                _name_by_wire(error, renames)
                raise

        return structure

    def _union(self, value: Any, annotation: Any) -> Any:
        kinds, nullable, unset = alternatives(annotation)
        if value is None:
            if nullable:
                return None
            raise TypeError("may not be None; leave it out to keep it unsaid")
        if isinstance(value, UnsetType) and unset:
            return UNSET
        models = [kind for kind in kinds if attrs.has(kind)]
        if isinstance(value, _Selected):
            return self._selected(value)
        if len(models) > 1:
            return self._one_of(models, value)
        model = models[0] if models else None
        if model is not None and int in kinds:
            if _is_id(value):
                return value
            if not isinstance(value, (Mapping, model)):
                raise TypeError(f"takes {model.__name__} or its id, not {type(value).__name__}")
            return self._strict.structure(value, model)
        for kind in kinds:
            try:
                return self._strict.structure(value, kind)
            except (TypeError, ValueError):
                if kind is kinds[-1]:
                    raise
        raise TypeError("fits no alternative")

    def _selected(self, selection: _Selected) -> Any:
        value, model = selection.value, selection.model
        if not isinstance(value, (Mapping, model)):
            problem = (
                f"takes {model.__name__}, which goes with {selection.reason}, not {type(value).__name__}"
            )
            raise TypeError(problem)
        return self._strict.structure(value, model)

    def _one_of(self, models: Sequence[type[Any]], value: Any) -> Any:
        model = next((model for model in models if isinstance(value, model)), None)
        if model is not None:
            return self._strict.structure(value, model)
        names = " or ".join(model.__name__ for model in models)
        if not isinstance(value, Mapping):
            raise TypeError(f"takes {names} or a mapping, not {type(value).__name__}")
        fitting: dict[str, Any] = {}
        misfits: list[str] = []
        for model in models:
            try:
                fitting[model.__name__] = self._strict.structure(value, model)
            except cattrs.errors.BaseValidationError as error:
                # What is text and secret in one of them may be a number in another: no value is shown.
                told = cattrs.transform_error(error, path=model.__name__, format_exception=_discreetly)
                misfits += map(_readable, told)
        if not fitting:
            raise TypeError(f"fits none of {names}: {'; '.join(misfits)}")
        if len(fitting) > 1:
            raise TypeError(f"fits {' and '.join(fitting)} alike; give one of these classes, not a mapping")
        (found,) = fitting.values()
        return found

    def _list(self, value: Any, annotation: Any) -> list[Any]:
        # Text is a sequence too: without this check one ICCID would become a list of its digits.
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"takes a list, not {type(value).__name__}")
        (item,) = get_args(annotation)
        read: list[Any] = []
        misfits: list[Exception] = []
        for place, entry in enumerate(value):
            try:
                read.append(self._strict.structure(entry, item))
            except Exception as error:
                note = cattrs.errors.IterableValidationNote(f"item {place}", place, item)
                error.__notes__ = [*getattr(error, "__notes__", []), note]
                misfits.append(error)
        if misfits:
            raise cattrs.errors.IterableValidationError("a list has unfit items", misfits, annotation)
        return read


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, UnionType)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _takes_id(model: type[Any]) -> bool:
    return [item.wire for item in model_fields(model) if item.required] == ["id"]


_NAMES: dict[type[Any], str] = {int: "a whole number", str: "text", bool: "True or False", float: "a number"}


def _exact(kind: type[Any], name: str) -> Any:
    accepted = (int, float, Decimal) if kind is float else (kind,)

    def check(value: Any, _kind: Any) -> Any:
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            # What belongs into a text member may be a secret, so the value itself is not told.
            if kind is str:
                raise TypeError(f"takes {name}, not {type(value).__name__}")
            raise _Unfit(f"takes {name}", value)
        if isinstance(value, (float, Decimal)) and not isfinite(value):
            raise ValueError(f"takes {name}, not {value!r}: JSON has no such number")
        return value

    return check


def _date(value: Any, _kind: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Unfit("takes a date such as 2026-03-31", value) from None


def _moment(value: Any, _kind: Any) -> datetime:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("takes a time with a zone, such as datetime.now(UTC)")
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        try:
            return read_moment(value)
        except ValueError:
            raise _Unfit("takes a time such as 2026-03-31T12:00:00Z", value) from None
    raise _Unfit("takes a datetime", value)


def _said(value: Any) -> dict[str, Any]:
    """Return a model's or a mapping's members by wire name, leaving out what was left alone."""
    if isinstance(value, Mapping):
        return {key: item for key, item in value.items() if item is not UNSET}
    return {
        item.wire: getattr(value, item.name)
        for item in model_fields(type(value))
        if not _left_alone(item, getattr(value, item.name))
    }


def _selection(item: ModelField, said: Mapping[str, Any]) -> Any:
    """Mark a member's value with the class it has to be of, where its sibling is known to say one."""
    value, selector = said[item.wire], item.selector
    word = said.get(selector.wire) if selector is not None else None
    if value is None or selector is None or not isinstance(word, str) or word not in selector.classes:
        return value
    name = selector.classes[word]
    model = next(kind for kind in alternatives(item.type)[0] if getattr(kind, "__name__", "") == name)
    return _Selected(value, model, f"{selector.wire} {word!r}")


def _left_alone(item: ModelField, value: Any) -> bool:
    # A body's default is UNSET, so its None was said; a lookup's default is None, so its None was not.
    return value is UNSET or (value is None and not item.required and item.default is None)


def _wire(value: Any, annotation: Any = None) -> Any:
    if attrs.has(type(value)):
        return {
            item.wire: _wire(getattr(value, item.name), item.type)
            for item in model_fields(type(value))
            if not _left_alone(item, getattr(value, item.name))
        }
    if isinstance(value, list):
        inner = _list_item(annotation)
        return [_wire(item, inner) for item in value]
    if _is_id(value) and any(attrs.has(kind) for kind in alternatives(annotation)[0]):
        return {"id": value}
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value


def _list_item(annotation: Any) -> Any:
    for kind in alternatives(annotation)[0]:
        if get_origin(kind) is list:
            return get_args(kind)[0]
    return None


def _name_by_wire(error: cattrs.errors.ClassValidationError, renames: Mapping[str, str]) -> None:
    """Let a problem be told by the name its member has in the API, not by its Python name."""
    for problem in error.exceptions:
        for note in getattr(problem, "__notes__", ()):
            if isinstance(note, cattrs.errors.AttributeValidationNote):
                note.name = renames.get(note.name, note.name)


def _explain(error: BaseException, _kind: type | None) -> str:
    if isinstance(error, cattrs.errors.ForbiddenExtraKeysError):
        known = ", ".join(item.wire for item in model_fields(error.cl))
        return f"has no member {', '.join(sorted(map(repr, error.extra_fields)))}; it has {known}"
    if isinstance(error, KeyError):
        return "is required"
    return str(error)


def _discreetly(error: BaseException, kind: type | None) -> str:
    return error.discreet if isinstance(error, _Unfit) else _explain(error, kind)


def _readable(text: str) -> str:
    """Put the place before the problem: cattrs words it ``problem @ place``."""
    problem, _, place = text.rpartition(" @ ")
    return f"{place} {problem}" if place else text
