"""Responses of the operations without state: made from the documented model, echoing the request."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import jsonschema_rs

from aioemnify.models import resolve
from aioemnify.operation import Operation, Param
from aioemnify.simulator.answers.fake_objects import FakeObjects, constants, kinds, members
from aioemnify.simulator.answers.listing import cut
from aioemnify.simulator.api.call import Call, Reply
from aioemnify.simulator.api.pages import page_reply, query_of
from aioemnify.simulator.checks.body import subject
from aioemnify.simulator.checks.body_schema import body_schema
from aioemnify.simulator.platform.errors import bad_request, not_found
from aioemnify.tables.operations import OPERATIONS

_LARGEST_ID = 2**63
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def answer_by_schema(call: Call) -> Reply:
    """Return the documented status, headers and shape.

    Choice: the response follows from the seed, the organisation, the path, the query and the body alone;
        the same request gets the same response, and nothing is stored.
    Choice: every id exists. The object of an id is the same in all responses, and belongs to the caller's
        organisation.
    Choice: a list without pages has two to five objects, a paged one 20 to 79; a lookup has its published
        values.
    Choice: ``q`` and ``sort`` of a paged list are checked and named in its headers, but they do not filter
        or sort the list.
    Choice: path parameters, query parameters and members of the body are echoed if the response has a
        member of that name; a member sent as ``null`` is left out.
    Choice: the ``Location`` of a new object is the path of the item calls of its collection; its id follows
        from the body.
    Choice: a call that only the limits name returns an empty list.
    """
    operation = call.operation
    if operation.id not in OPERATIONS:
        return Reply(body=[])
    _check(call)
    samples = _samples(call)
    status = operation.success[0]
    identity = _identity(call, samples)
    headers: Mapping[str, str] = {}
    if operation.creates:
        location = f"{_item_path(operation).rpartition('/')[0]}/{identity}"
        for name, value in call.args.items():
            location = location.replace("{" + name + "}", value)
        headers = call.created(location).headers
    if operation.result is None:
        return Reply(status=status, headers=headers)
    model: type[Any] = resolve(operation.result.model)
    if operation.listing is not None:
        return _page(call, samples, model)
    if operation.result.many:
        return Reply(status=status, body=_whole_list(call, samples, model), headers=headers)
    return Reply(status=status, body=_echo(call, samples, model, identity, call.body), headers=headers)


def _samples(call: Call) -> FakeObjects:
    if call.principal is None:
        return FakeObjects(f"{call.world.seed}/")
    tenant = call.organisation
    return FakeObjects(f"{call.world.seed}/{tenant.id}", {"OrganisationRef": tenant.ref})


def _check(call: Call) -> None:
    resource = subject(call.operation)
    for param in call.operation.path_params:
        text = call.args[param.name]
        # Some ids are numbers in the object and texts in the path.
        whole = param.kind == "integer" or (param is call.operation.path_params[-1] and _has_number(call))
        if whole and abs(call.number(param.name, resource)) >= _LARGEST_ID:
            raise not_found(resource, text)
        if param.choices and text not in param.choices:
            raise not_found(resource, text)
    for param in call.operation.query:
        text = call.params.get(param.name, "")
        if text and not _readable(param, text):
            kind = param.kind.capitalize()
            raise bad_request(f'Cannot parse parameter {param.name} as {kind}: For input string: "{text}"')


def _has_number(call: Call) -> bool:
    result = call.operation.result
    if result is None or result.many or not call.operation.path.endswith("}"):
        return False
    return int in kinds(members(resolve(result.model)).get("id", str))


def _readable(param: Param, text: str) -> bool:
    try:
        if param.kind == "integer":
            return abs(int(text)) < _LARGEST_ID
        if param.kind == "date":
            date.fromisoformat(text[:10])
    except ValueError:
        return False
    if param.choices:
        return text in param.choices
    return param.kind != "boolean" or text.lower() in ("true", "false")


def _identity(call: Call, samples: FakeObjects) -> int | str:
    """Return the id of the object of a call: the id in the path, or a new one."""
    operation = call.operation
    if operation.path.endswith("}") and not operation.creates:
        param = operation.path_params[-1]
        return int(call.args[param.name]) if param.kind == "integer" else call.args[param.name]
    return samples.number(f"{call.path}?{sorted(call.params.items())}#{call.body!r}") % 900_000 + 100_000


def _item_path(operation: Operation) -> str:
    """Return the path of a created object: that of an operation below the call or beside it."""
    for base in (operation.path, operation.path.rpartition("/")[0]):
        for other in OPERATIONS.values():
            head, _, tail = other.path.rpartition("/")
            if head == base and tail.startswith("{"):
                return other.path
    return f"{operation.path}/"


def _whole_list(call: Call, samples: FakeObjects, model: type[Any]) -> list[dict[str, Any]]:
    if isinstance(call.body, list):
        return [
            _echo(call, samples, model, samples.number(f"{call.path}/{place}/{sent!r}") % 900_000, sent)
            for place, sent in enumerate(call.body)
        ]
    known = samples.lookup(model)
    if known:
        return known
    count = 2 + samples.number(f"{call.path}/count") % 4
    return [_echo(call, samples, model, identity, None) for identity in samples.identities(call.path, count)]


def _page(call: Call, samples: FakeObjects, model: type[Any]) -> Reply:
    listing = call.operation.listing
    assert listing is not None
    query = query_of(call)
    total = 20 + samples.number(f"{call.path}/count") % 60
    found = samples.identities(call.path, total)
    envelope = listing.envelope
    if envelope is None:
        return page_reply(
            call,
            query,
            found,
            lambda some: [_echo(call, samples, model, identity, None) for identity in some],
        )
    page = cut(query, total)
    numbers = {
        envelope.total: total,
        envelope.pages: page.pages,
        envelope.page: page.page,
        envelope.size: page.size,
    }
    model = next(iter(kinds(members(model)[envelope.items]))).__args__[0]
    body = {
        envelope.items: [
            _echo(call, samples, model, identity, None) for identity in found[page.start : page.stop]
        ]
    }
    return Reply(body=body | {name: number for name, number in numbers.items() if name is not None})


def _echo(
    call: Call, samples: FakeObjects, model: type[Any], identity: int | str, sent: Any
) -> dict[str, Any]:
    """Return an object, with members of the request echoed."""
    body = samples.object(model, identity)
    if not attrs.has(model):
        return body
    said = {**_said(call), **(sent if isinstance(sent, dict) else {})}
    for name, value in said.items():
        if name not in members(model) or name == "id":
            continue
        if value is None:
            body.pop(name, None)
            continue
        whole = _completed(samples, members(model)[name], value)
        if _validator(model, name).is_valid(whole):
            body[name] = whole
    return body


def _said(call: Call) -> dict[str, Any]:
    """Return query and path parameters by the name of the member: ``sim_id`` or ``sim``."""
    said: dict[str, Any] = {}
    for params, values in ((call.operation.query, call.params), (call.operation.path_params, call.args)):
        for param in params:
            text = values.get(param.name, "")
            if text:
                name = _CAPITAL.sub("_", param.name).lower()
                value = said[name] = int(text) if param.kind == "integer" else text
                if name.endswith("_id"):
                    said[name.removesuffix("_id")] = {"id": value}
    return said


def _completed(samples: FakeObjects, annotation: Any, sent: Any) -> Any:
    """Return the members that were sent, with references completed."""
    if isinstance(sent, list):
        inner = [part for kind in kinds(annotation) for part in getattr(kind, "__args__", ())]
        return [_completed(samples, inner[0], item) if inner else item for item in sent if item is not None]
    model = next((kind for kind in kinds(annotation) if attrs.has(kind)), None)
    if model is None:
        return sent
    if not isinstance(sent, dict):
        # A query such as status=5 names the lookup by its id.
        return samples.object(model, sent) if sent in constants(model) else sent
    identity = sent.get("id")
    known = samples.object(model, identity) if isinstance(identity, int | str) else {}
    inner_said = {name: value for name, value in sent.items() if value is not None}
    types = members(model)
    return known | {
        name: _completed(samples, types[name], value) if name in types else value
        for name, value in inner_said.items()
    }


@functools.cache
def _validator(model: Any, name: str) -> Any:
    schema = body_schema(model, many=False)
    member = schema["$defs"][model.__name__]["properties"][name]
    return jsonschema_rs.Draft202012Validator({**member, "$defs": schema["$defs"]})
