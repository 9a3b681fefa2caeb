"""Write one example call per operation: valid Python with the right types, and what is read from its result.

The values of a path are variables, named as in the path. A body shows the members that are required, and
those for which the schema has an example.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from codegen import naming
from codegen.api import Api
from codegen.check import stands_for_id
from codegen.members import Member, Model, split_type
from codegen.operations import Operation, Parameter
from codegen.render import literal
from codegen.resources import method_of

HEAD = re.compile(r"^async def example\(.*?\) -> None:\n", re.MULTILINE | re.DOTALL)
"""The lines above the call, which make an example a whole module while it is checked and formatted."""

LIKELY = ("ACTIVATED", "ENABLED", "ACTIVE", "ENDPOINT_BLOCKED")
"""The constants to filter by, where a lookup has one of them; else its first."""

READ = ("id", "iccid", "name", "username", "status", "type", "timestamp", "event_type", "volume")
"""The members of a result that an example reads first."""

SHOWN = 3
"""How many members of a result an example reads."""

DAYS = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
"""Optional parameters that an example shows."""

PLAIN = {
    "int": "1",
    "float": "1.5",
    "bool": "True",
    "Any": '"value"',
    "None": "None",
    "Decimal": 'Decimal("1.5")',
    "Timestamp": "datetime(2036, 1, 31, 12, 0, tzinfo=UTC)",
    "date": "date(2026, 1, 31)",
}
TEXTS = {
    "iccid": "8988303000000000001",
    "iccid_with_luhn": "89883030000000000015",
    "eid": "89033023000000000000000000000001",
    "email": "user@example.com",
    "url": "https://example.com/",
    "ip": "10.0.0.1",
    "ip_address": "10.0.0.1",
    "ip_address_space": "10.112.7.0/24",
    "primary": "192.0.2.1",
    "secondary": "192.0.2.2",
    "username": "user@example.com",
}
MODULES = {
    "Decimal": "decimal",
    "datetime": "datetime",
    "UTC": "datetime",
    "date": "datetime",
    "Emnify": "aioemnify",
}


def sample_text(name: str) -> str:
    """Return a made-up text for a member or a parameter of that name."""
    for ending, value in TEXTS.items():
        if name == ending or name.endswith(f"_{ending}"):
            return value
    return " ".join(re.findall(r"[A-Za-z0-9]+", name))


def example(api: Api, operation: Operation) -> str:
    """Return a module with one function that makes the call."""
    group, _, method = operation.id.partition(".")
    given = {
        naming.attribute(one.name): "int" if one.mixed or one.kind == "integer" else "str"
        for one in operation.path_params
        if not one.choices
    }
    arguments = [
        _argument(one) if one.choices else naming.attribute(one.name) for one in operation.path_params
    ]
    if operation.body:
        body = api.models.get(operation.body.name) if operation.body.model != "dict" else None
        one = '{"key": "value"}' if body is None else "1" if stands_for_id(body.ref) else _model(api, body)
        arguments.append(f"[{one}]" if operation.body.many else one)
    arguments += _criteria(api, operation)
    arguments += [
        f"{naming.attribute(parameter.name)}={_argument(parameter)}"
        for parameter in operation.query
        if parameter.required
    ]
    arguments += [f"{one.name}={literal(DAYS[one.name])}" for one in operation.query if one.name in DAYS]
    call = f"emnify.{group}.{method}({', '.join(arguments)})"
    parameters = ", ".join(f"{one}: {kind}" for one, kind in {"emnify": "Emnify", **given}.items())
    statement = textwrap.indent(_read(api, operation, call), "    ")
    code = f"async def example({parameters}) -> None:\n{statement}\n"
    return _imports(api.models, code) + code


def _read(api: Api, operation: Operation, call: str) -> str:
    """Return the statement that makes a call, and prints some of what comes back."""
    returns = method_of(api, operation).returns
    answered = operation.answered
    if returns == "None":
        return f"await {call}"
    if returns == "Created":
        return f"created = await {call}\nprint(created.id)"
    if answered is None or answered.name not in api.models:
        return f"result = await {call}\nprint(result)"
    model = api.models[answered.name]
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.name).lower()
    members = [one for one in model.members.values() if not one.secret and not one.deprecated]
    members.sort(key=lambda one: READ.index(one.name) if one.name in READ else len(READ))
    if "Created" in returns.split(" | "):  # the API answers with the object, or with its address alone
        name, members = "created", [one for one in members if one.name == "id"]
    shown = ", ".join(_shown(api, model, one, name) for one in members[:SHOWN])
    if not shown:  # all of it is secret
        return f"{name} = await {call}"
    if operation.paging:
        return f"async for {name} in {call}:\n    print({shown})"
    if "list[" in returns:
        return f"for {name} in await {call}:\n    print({shown})"
    return f"{name} = await {call}\nprint({shown})"


def _shown(api: Api, owner: Model, member: Member, name: str) -> str:
    """Return a member of a result as a reader prints it: of a lookup the label, if there is always one."""
    known = api.models.get(member.types[0]) if len(member.types) == 1 else None
    labelled = known and known.lookup and "description" in known.members and not owner.may_be_none(member)
    return f"{name}.{member.name}{'.description' if labelled else ''}"


def shown(module: str) -> str:
    """Return the part of an example that the reader needs: its imports, and the call without the function."""
    head, body = HEAD.split(module, maxsplit=1)
    imports = [line for line in head.strip().splitlines() if line != "from aioemnify import Emnify"]
    while imports and not imports[-1]:
        imports.pop()
    return "\n".join([*imports, *([""] if imports else []), textwrap.dedent(body).rstrip()])


def _imports(models: Mapping[str, Model], code: str) -> str:
    bare = re.sub(r'"[^"]*"', "", code)
    found: dict[str, set[str]] = {}
    for name in re.findall(r"(?<![.\w])[A-Za-z]\w*", bare):
        module = "aioemnify.models" if name in models else MODULES.get(name)
        if module:
            found.setdefault(module, set()).add(name)
    lines = [f"from {module} import {', '.join(sorted(names))}\n" for module, names in sorted(found.items())]
    return "".join(lines) + "\n\n"


def _argument(parameter: Parameter) -> str:
    if parameter.choices:
        return literal(parameter.choices[0]) if parameter.kind == "string" else parameter.choices[0]
    if parameter.kind == "string":
        return "1" if parameter.mixed else literal(sample_text(parameter.name))
    return literal("2026-01-31") if parameter.kind == "date" else PLAIN[_python(parameter.kind)]


def _python(kind: str) -> str:
    return {"integer": "int", "boolean": "bool"}[kind]


def _criteria(api: Api, operation: Operation) -> list[str]:
    """Return a filter and a sort order for a list that accepts them."""
    paging, arguments = operation.paging, []
    if paging and paging.filter:
        chosen = paging.filter
        fields = [one for one in chosen.fields if one not in (*chosen.paired, *chosen.deprecated)]
        # A lookup is more instructive than a number.
        fields.sort(key=lambda field: field not in chosen.lookups)
        if fields:
            value = _filtered(api, fields[0], chosen.fields[fields[0]])
            arguments.append(f"filter={{{literal(fields[0])}: {value}}}")
    if paging and paging.sort:
        arguments.append(f"sort={literal('-' + (paging.default_sort or paging.sort[0]).lstrip('+-'))}")
    return arguments


def _filtered(api: Api, field: str, kind: str) -> str:
    if kind.startswith("lookup:"):
        model = api.models[kind.removeprefix("lookup:")]
        likely = [one for one in (*LIKELY, *model.values) if one in model.values]
        return f"{model.name}.{likely[0]}" if likely else "1"
    if kind == "string":
        return literal(sample_text(field))
    return {"timestamp": PLAIN["Timestamp"], "date": PLAIN["date"]}.get(kind) or PLAIN[_python(kind)]


def _model(api: Api, model: Model) -> str:
    if model.values:
        return f"{model.name}.{next(iter(model.values))}"
    shown = [one for one in model.members.values() if one.required or one.example is not None]
    # An empty body would show nothing.
    shown = shown or [member for member in model.members.values() if not member.deprecated][:1]
    return f"{model.name}({', '.join(f'{one.name}={_value(api, model, one)}' for one in shown)})"


def _value(api: Api, owner: Model, member: Member) -> str:
    if member.choices:
        choice = _choice(member)
        return literal(choice) if "str" in member.types else choice
    selector = member.further.get("x-selected-by")
    if selector:
        sibling = owner.members[selector["member"]]
        value = _choice(sibling) if sibling.choices else next(iter(selector["mapping"]))
        return _model(api, api.models[selector["mapping"][value]])
    if member.example is not None and (said := _said(api, member.types, member.example)):
        return said
    return _typed(api, member.types, member.wire)


def _choice(member: Member) -> str:
    """Return the choice that the schema has as its example, else the first one."""
    return member.example if member.example in member.choices else member.choices[0]


def _said(api: Api, types: tuple[str, ...], example: Any) -> str | None:
    """Return the example of the schema as source text; ``None`` if it says no more than the type."""
    if isinstance(example, dict):
        lookups = [api.models[kind] for kind in types if kind in api.models]
        names = [
            f"{model.name}.{constant}"
            for model in lookups
            for constant, (identity, _) in model.values.items()
            if identity == example.get("id")
        ]
        return names[0] if names else None
    if isinstance(example, list) and not all(isinstance(one, str) for one in example):
        return None
    return repr(example) if not isinstance(example, str) else literal(example)


def _typed(api: Api, types: tuple[str, ...], name: str) -> str:
    known = [api.models[kind] for kind in types if kind in api.models and api.models[kind].values]
    if known:
        return _model(api, known[0])
    kind = "int" if "int" in types else types[0]
    if kind == "str":
        return literal(sample_text(name))
    outer, _, inner = kind.removesuffix("]").partition("[")
    if outer == "list":
        return f"[{_typed(api, split_type(inner, ' | '), name)}]"
    if outer == "tuple":
        parts = [split_type(part, " | ") for part in split_type(inner, ", ")]
        return f"({', '.join(_typed(api, part, name) for part in parts)})"
    if outer == "dict":
        return f'{{"key": {_typed(api, split_type(inner.partition(", ")[2], " | "), name)}}}'
    return _model(api, api.models[kind]) if kind in api.models else PLAIN[kind]
