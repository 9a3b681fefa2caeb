"""Check a request body completely, and convert it to JSON-ready values. An error names all problems.

A body is the generated model or a mapping. In it, a lookup or a reference is an object, a constant or an
id; a lookup can also be the name of a known value. A member that is ``UNSET`` is left out. ``None`` becomes
``null``, except in models that responses have too, such as a filter of a data stream: there it means
"absent" and is left out. If a member can be one of several models, a mapping must match exactly one of
them, unless a sibling selects the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any, get_args

import attrs
import cattrs
from attrs import frozen
from cattrs.gen import make_dict_structure_fn, override
from msgspec import UNSET, UnsetType

from aioemnify._checks import GIVE_THE_ID, did_you_mean
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.serialization.fields import ModelField, alternatives, bare, is_list, is_union, model_fields
from aioemnify.serialization.model import LookupModel
from aioemnify.transport.wire.lenient import parse_timestamp
from aioemnify.types import Date, Timestamp

MAX_PROBLEMS = 10
"""Invalid items of a list that an error describes; the others are counted."""


@frozen
class _Selected:
    """A member whose class a sibling selects."""

    value: Any
    model: type[Any]
    reason: str


class _InvalidValue(TypeError):
    """A value of the wrong type. ``without_value`` is the message without the value, which may be secret."""

    def __init__(self, problem: str, value: object, hint: str = "") -> None:
        super().__init__(f"{problem}, not {value!r}{hint}")
        self.without_value = f"{problem}, not {type(value).__name__}"


class BodyWriter:
    """Converts models and mappings to JSON-ready values."""

    def __init__(self) -> None:
        self._prepared: set[Any] = set()
        self._converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
        for kind, name in _NAMES.items():
            self._converter.register_structure_hook(kind, _exact(kind, name))
        self._converter.register_structure_hook(bare(Date), _date)
        self._converter.register_structure_hook(bare(Timestamp), _timestamp)
        self._converter.register_structure_hook_func(is_union, self._union)
        self._converter.register_structure_hook_func(is_list, self._list)
        self._converter.register_structure_hook_factory(attrs.has, self._model_hook)

    def write(self, model: type[Any], value: Any, *, many: bool) -> Any:
        """Return ``value`` as JSON-ready dicts and lists.

        Raises:
            ArgumentError: members are missing, unknown or of the wrong type; the message names all of them.
        """
        if not many:
            return self._one(model, value, "body")
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
            raise ArgumentTypeError("body", f"takes a list of {model.__name__}, not {type(value).__name__}")
        if not value:
            raise ArgumentError("body", f"is an empty list; it takes at least one {model.__name__}")
        written: list[Any] = []
        problems: list[str] = []
        for index, item in enumerate(value):
            try:
                written.append(self._one(model, item, f"body[{index}]"))
            except ArgumentTypeError as error:
                problems.append(str(error))
        if problems:
            shown = problems[:MAX_PROBLEMS]
            if len(problems) > len(shown):
                shown.append(f"and {len(problems) - len(shown)} more items")
            raise ArgumentTypeError("body", f"has {len(problems)} invalid items: " + "; ".join(shown))
        return written

    def prepare(self, kind: Any) -> None:
        """Build what ``write`` needs for a model, and for the models in it."""
        if kind in self._prepared:
            return
        self._prepared.add(kind)
        self._converter.get_structure_hook(kind)
        if attrs.has(kind):
            parts: Iterable[Any] = [item.type for item in model_fields(kind)]
        elif is_union(kind):
            parts, _, _ = alternatives(kind)
        elif is_list(kind):
            (item,) = get_args(kind) or (Any,)
            parts = [item, Sequence[item]]  # type: ignore[valid-type]
        else:
            parts = ()
        for part in parts:
            self.prepare(part)

    def _one(self, model: type[Any], value: Any, path: str) -> Any:
        if _is_id(value) and _takes_id(model):
            return {"id": value}
        if isinstance(value, str) and _takes_name(model):
            try:
                return {"id": _named(model, value)}
            except _InvalidValue as error:
                raise ArgumentTypeError(path, str(error)) from None
        if not isinstance(value, (Mapping, model)):
            raise ArgumentTypeError(path, f"takes {model.__name__} or a mapping, not {type(value).__name__}")
        try:
            checked = self._converter.structure(value, model)
        except cattrs.errors.BaseValidationError as error:
            problems = map(_path_first, cattrs.transform_error(error, path=path, format_exception=_explain))
            raise ArgumentTypeError(
                path, f"does not match {model.__name__}: " + "; ".join(problems)
            ) from None
        return _wire(checked)

    def _model_hook(self, model: type[Any]) -> Any:
        renames = {item.name: item.wire for item in model_fields(model) if item.wire != item.name}
        selected = [item for item in model_fields(model) if item.selector is not None]
        read = make_dict_structure_fn(
            model,
            self._converter,
            **{name: override(rename=wire) for name, wire in renames.items()},  # type: ignore[arg-type]
        )

        def structure(value: Any, kind: type[Any]) -> Any:
            _check_object(value, model, model.__name__)
            given = _given(value)
            given |= {item.wire: _selection(item, given) for item in selected if item.wire in given}
            try:
                return read(given, kind)
            except cattrs.errors.ClassValidationError as error:
                _name_by_wire(error, renames)
                raise

        return structure

    def _union(self, value: Any, annotation: Any) -> Any:
        kinds, nullable, unset = alternatives(annotation)
        if value is None:
            if nullable:
                return None
            raise TypeError("cannot be None; leave it out instead")
        if isinstance(value, UnsetType) and unset:
            return UNSET
        if isinstance(value, _Selected):
            return self._selected(value)
        models = [kind for kind in kinds if attrs.has(kind)]
        if len(models) > 1:
            return self._one_of(models, value)
        if models and int in kinds:
            return self._object_or_id(models[0], value)
        *others, last = kinds
        for kind in others:
            with suppress(TypeError):
                return self._converter.structure(value, kind)
        return self._converter.structure(value, last)

    def _object_or_id(self, model: type[Any], value: Any) -> Any:
        if _is_id(value):
            return value
        if isinstance(value, str):
            if _takes_name(model):
                return _named(model, value)
            raise TypeError(f"takes {model.__name__} or its id, not str; {GIVE_THE_ID}")
        _check_object(value, model, f"{model.__name__} or its id")
        return self._converter.structure(value, model)

    def _selected(self, selection: _Selected) -> Any:
        value, model = selection.value, selection.model
        _check_object(value, model, f"{model.__name__}, which goes with {selection.reason}")
        return self._converter.structure(value, model)

    def _one_of(self, models: Sequence[type[Any]], value: Any) -> Any:
        model = next((model for model in models if isinstance(value, model)), None)
        if model is not None:
            return self._converter.structure(value, model)
        names = " or ".join(model.__name__ for model in models)
        if not isinstance(value, Mapping):
            raise TypeError(f"takes {names} or a mapping, not {type(value).__name__}")
        matching: dict[str, Any] = {}
        problems: list[str] = []
        for model in models:
            try:
                matching[model.__name__] = self._converter.structure(value, model)
            except cattrs.errors.BaseValidationError as error:
                # No value is shown: a number in one model may be a secret text in another.
                texts = cattrs.transform_error(
                    error, path=model.__name__, format_exception=_explain_without_value
                )
                problems += map(_path_first, texts)
        if not matching:
            raise TypeError(f"matches none of {names}: {'; '.join(problems)}")
        if len(matching) > 1:
            raise TypeError(f"matches both {' and '.join(matching)}; pass one of these, not a mapping")
        (found,) = matching.values()
        return found

    def _list(self, value: Any, annotation: Any) -> list[Any]:
        # A text is a sequence too: without this check an ICCID would become a list of its digits.
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"takes a list, not {type(value).__name__}")
        (item,) = get_args(annotation) or (Any,)
        sequence: Any = Sequence[item]  # type: ignore[valid-type]
        # cattrs tries all items of a sequence and raises their errors together.
        return list(self._converter.structure(value, sequence))


def _check_object(value: Any, model: type[Any], accepted: str) -> None:
    if not isinstance(value, (Mapping, model)):
        raise TypeError(f"takes {accepted}, not {type(value).__name__}")


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _takes_id(model: type[Any]) -> bool:
    return [item.wire for item in model_fields(model) if item.required] == ["id"]


def _takes_name(model: type[Any]) -> bool:
    return issubclass(model, LookupModel) and _takes_id(model)


def _named(lookup: type[Any], name: str) -> int:
    from aioemnify.serialization.lookup_names import UnknownNameError, identity_named

    try:
        return identity_named(lookup, name)
    except UnknownNameError as error:
        raise _InvalidValue(str(error), name, error.hint) from None


_NAMES: dict[type[Any], str] = {int: "a whole number", str: "text", bool: "True or False", float: "a number"}


def _exact(kind: type[Any], name: str) -> Any:
    accepted = (int, float, Decimal) if kind is float else (kind,)

    def check(value: Any, _kind: Any) -> Any:
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            # The value of a text member may be a secret, so it is not shown.
            if kind is str:
                raise TypeError(f"takes {name}, not {type(value).__name__}")
            raise _InvalidValue(f"takes {name}", value)
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
        raise _InvalidValue("takes a date such as 2026-03-31", value) from None


def _timestamp(value: Any, _kind: Any) -> datetime:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("takes a time with a time zone, such as datetime.now(UTC)")
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        try:
            return parse_timestamp(value)
        except ValueError:
            raise _InvalidValue("takes a time such as 2026-03-31T12:00:00Z", value) from None
    raise _InvalidValue("takes a datetime", value)


def _given(value: Any) -> dict[str, Any]:
    """Return the members that are set, by their names in JSON."""
    if isinstance(value, Mapping):
        return {key: item for key, item in value.items() if item is not UNSET}
    return {item.wire: member for item, member in _set_members(value)}


def _set_members(value: Any) -> Iterator[tuple[ModelField, Any]]:
    for item in model_fields(type(value)):
        member = getattr(value, item.name)
        # The default of a body's member is UNSET, so None was passed. That of a lookup's is None, so it was
        # not.
        absent = member is None and item.default is None
        if member is not UNSET and not absent:
            yield item, member


def _selection(item: ModelField, given: Mapping[str, Any]) -> Any:
    """Return a member's value, together with its class if the sibling selects one."""
    selector = item.selector
    assert selector is not None
    value, key = given[item.wire], given.get(selector.wire)
    if value is None or not isinstance(key, str) or key not in selector.classes:
        return value
    name = selector.classes[key]
    model = next(kind for kind in alternatives(item.type)[0] if kind.__name__ == name)
    return _Selected(value, model, f"{selector.wire} {key!r}")


def _wire(value: Any, annotation: Any = None) -> Any:
    if attrs.has(type(value)):
        return {item.wire: _wire(member, item.type) for item, member in _set_members(value)}
    if isinstance(value, list):
        inner = _list_item(annotation)
        return [_wire(item, inner) for item in value]
    if _is_id(value) and any(attrs.has(kind) for kind in alternatives(annotation)[0]):
        return {"id": value}
    # As text: msgspec writes no subclass, such as those of pandas and freezegun.
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _list_item(annotation: Any) -> Any:
    for kind in alternatives(annotation)[0]:
        if is_list(kind):
            return get_args(kind)[0]
    return None


def _name_by_wire(error: cattrs.errors.ClassValidationError, renames: Mapping[str, str]) -> None:
    """Let an error name members as the API does, not by their Python names."""
    for problem in error.exceptions:
        for note in getattr(problem, "__notes__", ()):
            if isinstance(note, cattrs.errors.AttributeValidationNote):
                note.name = renames.get(note.name, note.name)


def _explain(error: BaseException, _kind: type | None) -> str:
    if isinstance(error, cattrs.errors.ForbiddenExtraKeysError):
        known = [item.wire for item in model_fields(error.cl)]
        unknown = sorted(error.extra_fields, key=repr)
        hint = did_you_mean(unknown, known)
        return f"has no member {', '.join(map(repr, unknown))}; it has {', '.join(known)}{hint}"
    if isinstance(error, KeyError):
        return "is required"
    return str(error)


def _explain_without_value(error: BaseException, kind: type | None) -> str:
    return error.without_value if isinstance(error, _InvalidValue) else _explain(error, kind)


def _path_first(text: str) -> str:
    """Return ``path problem`` for cattrs' ``problem @ path``."""
    problem, _, path = text.rpartition(" @ ")
    return f"{path} {problem}"
