"""How the items of an operation become calls: one by one, or many in one call of a bulk route."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from attrs import frozen

from aioemnify._checks import check_type, did_you_mean
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.fleet.journals.items import Item, Part
from aioemnify.operation import Operation, Param
from aioemnify.tables.bulk import BULK
from aioemnify.tables.operations import OPERATIONS
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.request import Request, build_path, build_query

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes of a request body; larger ones are refused with 413."""

_ROOM = 4096
"""Bytes of a body that are kept free for its shared members."""


@frozen
class Route:
    """How an operation is called for many items.

    ``call`` is the operation that is sent, the bulk route where there is one. The other members are those
    of ``x-bulk`` in the schema.
    """

    operation: Operation
    call: Operation
    size: int = 1
    member: str | None = None
    item: Mapping[str, Any] | None = None
    shared: tuple[str, ...] = ()
    identity: str | None = None
    look: str | None = None
    shown_by: str | None = None

    @property
    def bulk(self) -> bool:
        """Return whether one call takes many items."""
        return self.size > 1

    @property
    def once(self) -> bool:
        """Return whether an item must not be sent again while its outcome is unknown.

        Where a read shows whether it is so already, twice does no harm: the server refuses the second one,
        and only then each item has to be read.
        """
        return self.operation.retry == "once" and self.shown_by is None

    @property
    def deletes(self) -> bool:
        """Return whether the operation deletes the object that its path names."""
        return self.operation.method == "DELETE" and len(self.operation.path_params) == 1

    @property
    def repeatable(self) -> bool:
        """Return whether a call that was perhaps made may be made again without a further thought."""
        return not self.once and not self.deletes

    @property
    def several(self) -> bool:
        """Return whether the key of an item has several values: those of the path, and one of the body."""
        return len(self.operation.path_params) + (self.identity is not None) > 1

    def values(self, key: int | str) -> tuple[int | str, ...]:
        """Return the values of an item's key."""
        return tuple(msgspec.json.decode(str(key))) if self.several else (key,)

    def chunks(self, sizes: Iterable[int]) -> Iterator[int]:
        """Yield how many items go into each call, by number and by the bytes of each."""
        count, room = 0, LARGEST_BODY - _ROOM
        for size in sizes:
            room -= size + 1
            if count and (count == self.size or room < 0):
                yield count
                count, room = 0, LARGEST_BODY - _ROOM - size - 1
            count += 1
        if count:
            yield count

    def fits(self, largest: int) -> bool:
        """Return whether a call takes its full number of items of that many bytes."""
        return self.size * (largest + 1) <= LARGEST_BODY - _ROOM

    def request(self, part: Part, items: Sequence[Item]) -> Request:
        """Return the request for these items: one of a single call, any number of a bulk route."""
        shared = msgspec.json.decode(part.shared)
        query = build_query(self.call, shared["query"])
        if not self.bulk:
            (item,) = items
            path = build_path(self.call, self.values(item.key)[: len(self.call.path_params)])
            return Request(self.call, path, query, item.body or None)
        content = b"[" + b",".join([item.body for item in items]) + b"]"
        if self.member is not None:
            members = shared["body"] | {self.member: msgspec.Raw(content)}
            content = msgspec.json.encode(members)
        return Request(self.call, self.call.path, query, content)


def route_of(operation: Operation | str) -> Route:
    """Return how an operation is called for many items.

    Raises:
        ArgumentError: there is no such operation, or it takes nothing that differs between items.
    """
    name = operation.id if isinstance(operation, Operation) else operation
    known = OPERATIONS.get(str(name))
    if known is None:
        hint = did_you_mean(name, OPERATIONS)
        raise ArgumentError(
            "operation", f"takes the id of an operation, such as 'endpoints.update', not {name!r}{hint}"
        )
    if not known.auth or not (known.path_params or known.body):
        raise ArgumentError("operation", f"{known.id} takes no items; call it by its own method")
    facts = BULK.get(known.id)
    if facts is None:
        return Route(known, known)
    return Route(known, OPERATIONS[facts["route"]], **{k: v for k, v in facts.items() if k != "route"})


class ItemReader:
    """Reads the items of one ``add``: checks them, and writes each as it will be sent.

    Args:
        route: the operation and its bulk route.
        codec: checks bodies against their models.
        key: the member that identifies a created object; default: the one of the schema.
        shared: members or query parameters that all items have.

    Raises:
        ArgumentError: ``key`` or ``shared`` cannot work.
    """

    def __init__(self, route: Route, codec: Codec, key: str | None, shared: Mapping[str, Any] | None) -> None:
        self.route = route
        self._codec = codec
        self._query, self._body = _shared_members(route, shared)
        operation = route.operation
        self.key: str | None = key or route.identity
        self._same = self._shared({})
        self._names = [param.name for param in operation.path_params]
        self._template = _compiled(route.item, [*self._names, "body"])
        self._appended = b"%(body)b" not in self._template
        self._integers = all(param.kind == "integer" for param in operation.path_params)
        # The bulk route is the operation itself: an item is one entry of its list.
        self._itself = route.bulk and route.call is operation
        if operation.path_params and key is not None:
            raise ArgumentError("key", f"is not for {operation.id}: its items are identified by their path")
        if not (operation.path_params or self.key or self._itself):
            raise ArgumentError(
                "key", f"is required: name the member that identifies an object of {operation.id}"
            )

    def read(self, number: int, given: Any) -> tuple[bytes, int | str, bytes]:
        """Return the shared members, the key and the content of one item.

        Args:
            number: its position among the items of this ``add``, from 0.
            given: the item.

        Raises:
            ArgumentError: the item has the wrong shape; the message has its number.
        """
        try:
            return self._read(given)
        except ArgumentError as error:
            kind = type(error)
            raise kind(f"items[{number}]", f"cannot be sent: {error}") from None

    def _read(self, given: Any) -> tuple[bytes, int | str, bytes]:
        route, operation = self.route, self.route.operation
        if self._itself:
            return self._entry(given)
        values, body = self._split(given)
        content = b""
        if operation.body is not None:
            content = self._codec.encode(operation.body, self._with_shared(body))
        if not operation.path_params:
            return self._created(content)
        if not (self._integers and _are_ids(values)):
            build_path(operation, values)  # checks all that a path may hold
            values = tuple(map(_plain, operation.path_params, values))
        key = values[0]
        if route.several:
            beside = [msgspec.json.decode(content)[route.identity]] if route.identity is not None else []
            key = _text([*values, *beside])
        if route.item is not None:
            content = self._item(values, content)
        return self._same, key, content

    def _split(self, given: Any) -> tuple[tuple[Any, ...], Any]:
        """Return the path values and the body of an item."""
        operation = self.route.operation
        names = self._names
        if not names:
            return (), given
        parts = tuple(given) if isinstance(given, (tuple, list)) else (given,)
        if operation.body is None and len(parts) == len(names):
            return parts, None
        if operation.body is not None and len(parts) == len(names) + 1:
            return parts[:-1], parts[-1]
        if operation.body is not None and self._body and len(parts) == len(names):
            return parts, {}
        takes = [*names, *(["body"] if operation.body is not None else [])]
        shown = f"({', '.join(takes)})" if len(takes) > 1 else takes[0]
        size = f" of {len(parts)}" if isinstance(given, (tuple, list)) else ""
        raise ArgumentTypeError(
            "item", f"must be {shown} for {operation.id}, not {type(given).__name__}{size}"
        )

    def _with_shared(self, body: Any) -> Any:
        if not self._body:
            return body
        return self._body | dict(check_type("body", body, Mapping, "a mapping where shared= is given"))

    def _entry(self, given: Any) -> tuple[bytes, int | str, bytes]:
        assert self.route.operation.body is not None
        assert self.route.member is not None
        body = self._body | {self.route.member: [given]}
        members = msgspec.json.decode(self._codec.encode(self.route.operation.body, body))
        (entry,) = members.pop(self.route.member)
        plain = isinstance(entry, dict) and list(entry) == ["id"]
        return self._shared(members), entry["id"] if plain else _text(entry), msgspec.json.encode(entry)

    def _created(self, content: bytes) -> tuple[bytes, int | str, bytes]:
        members = msgspec.json.decode(content)
        key = members.get(self.key) if isinstance(members, dict) else None
        if isinstance(key, bool) or not isinstance(key, (int, str)) or key == "":
            raise ArgumentError("body", f"lacks {self.key}, which identifies the object in this job")
        if isinstance(key, str) and key != key.strip():
            raise ArgumentError(self.key or "", f"{key!r} has blanks around it, which the server may remove")
        if not self.route.bulk:
            return self._shared({}), key, content
        shared = {name: members.pop(name) for name in self.route.shared if name in members}
        return self._shared(shared), key, msgspec.json.encode(members)

    def _item(self, values: Sequence[int | str], content: bytes) -> bytes:
        filled = {b"body": content}
        for name, value in zip(self._names, values, strict=True):
            filled[name.encode()] = msgspec.json.encode(value)
        item = self._template % filled
        if not self._appended or len(content) <= len(b"{}"):
            return item
        return item[:-1] + b"," + content[1:]

    def _shared(self, members: Mapping[str, Any]) -> bytes:
        return msgspec.json.encode({"query": self._query, "body": members}, order="deterministic")


def _shared_members(route: Route, shared: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the query parameters and the members of the bodies that all items have."""
    given = dict(check_type("shared", shared or {}, Mapping, "a mapping"))
    queries = {param.name for param in route.call.query}
    query = {name: given.pop(name) for name in list(given) if name in queries}
    build_query(route.call, query)
    if given and route.operation.body is None:
        known = ", ".join(sorted(queries)) or "none"
        raise ArgumentError("shared", f"of {route.operation.id} takes {known}, not {', '.join(given)}")
    return query, given


def _compiled(template: Mapping[str, Any] | None, names: Sequence[str]) -> bytes:
    """Return the JSON of a template as a format string, in which the names stand for values."""
    text = msgspec.json.encode(template).replace(b"%", b"%%")
    for name in names:
        # A name before a colon is a member of the template.
        text = re.sub(b'"%b"(?!:)' % name.encode(), b"%%(%b)b" % name.encode(), text)
    return text


def _are_ids(values: Sequence[Any]) -> bool:
    for value in values:  # noqa: SIM110 - runs for each item, and a generator takes three times as long
        if type(value) is not int or not 0 <= value < 2**63:
            return False
    return True


def _plain(param: Param, value: int | str) -> int | str:
    return int(value) if param.kind == "integer" else str(value)


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
