"""Models as types of pydantic, which FastAPI uses. Only pydantic causes this module to be loaded."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError, core_schema

from aioemnify.serialization.choices import choice_of, members_of
from aioemnify.serialization.reader import Reader

_described: ContextVar[frozenset[type[Any]]] = ContextVar("_described", default=frozenset())
"""The models that are being described."""


def core_schema_of(model: Any, handler: Any) -> core_schema.CoreSchema:
    """Return what pydantic needs to read, write and describe a model.

    Args:
        model: The class.
        handler: The function of pydantic that describes other types.
    """
    ref = f"{model.__module__}.{model.__name__}:{id(model)}"
    outer = _described.get()
    if model in outer:  # a filter of a data stream holds filters
        return core_schema.definition_reference_schema(ref)
    token = _described.set(outer | {model})
    try:
        members = {
            one.wire: core_schema.typed_dict_field(handler.generate_schema(one.known), required=one.required)
            for one in members_of(model)
        }
    finally:
        _described.reset(token)

    def from_dict(value: Any, _: Any) -> Any:
        return _validated(model, value)

    return core_schema.no_info_wrap_validator_function(
        from_dict,
        core_schema.typed_dict_schema(  # for the JSON schema alone
            members, extra_behavior="ignore" if model._ignores_unknown else "forbid"
        ),
        ref=ref,
        metadata={"pydantic_js_updates": {"title": model.__name__, "description": model.__doc__}},
        serialization=core_schema.plain_serializer_function_ser_schema(model.to_dict),
    )


def _validated(model: Any, value: Any) -> Any:
    if isinstance(value, model):
        return value
    reader = Reader(strict=True)
    found = reader.read(value, choice_of(model))
    if reader.problems:
        # These errors have their own input: pydantic would show the whole body, with its secrets.
        problems = [
            InitErrorDetails(type=PydanticCustomError("value_error", text), loc=path, input="(not shown)")
            for path, text in reader.problems
        ]
        raise ValidationError.from_exception_data(model.__name__, problems)
    return found
