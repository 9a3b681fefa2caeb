"""The API as it is documented, as data: what the tests of this folder expect.

The three JSON files beside this module hold it; nothing here looks at the library. The
documentation names its groups in the singular, the library in the plural: ``GROUPS`` maps them.
``METHODS`` maps the few methods that the library renames.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attrs import frozen

FOLDER = Path(__file__).parent

GROUPS = {
    "api_callback": "api_callbacks",
    "api_secret": "api_secrets",
    "application_token": "application_tokens",
    "auth": "auth",
    "automation": "automations",
    "cloud_connect": "cloud_connect",
    "custom_event": "custom_events",
    "data_stream": "data_streams",
    "dns": "dns",
    "endpoint": "endpoints",
    "euicc": "euiccs",
    "event": "events",
    "ip_address_space": "ip_address_spaces",
    "lookup": "lookups",
    "mfa": "mfa",
    "operator": "operators",
    "organisation": "organisations",
    "service": "services",
    "service_profile": "service_profiles",
    "sim": "sims",
    "sim_batch": "sim_batches",
    "sim_operation": "sim_operations",
    "system_event": "system_events",
    "tag": "tags",
    "tariff_plan": "tariff_plans",
    "tariff_profile": "tariff_profiles",
    "user": "users",
    "workspace": "workspaces",
}
"""The documentation's name of a group, and the library's."""

METHODS = {
    "endpoint.blacklist_operator": "block_operator",
    "endpoint.list_blacklisted_operators": "list_operator_blocklist",
    "endpoint.unblacklist_operator": "unblock_operator",
    "user.delete": "delete_v1",
    "user.delete_v2": "delete",
}
"""The operations whose method has another name in the library, and that name.

The documented blocklist of an endpoint has other names than that of a tariff profile; the library uses
one name for both. The plain ``delete`` of a user is the current call, not the deprecated one.
"""


@frozen
class Shape:
    """A documented type taken apart: ``array<ref Sim>`` is an array of the model Sim.

    ``kind`` is the outermost word; ``name`` the model of a ``ref``; ``inner`` the types inside.
    """

    kind: str
    name: str = ""
    inner: tuple[Shape, ...] = ()

    def __str__(self) -> str:
        if self.kind == "ref":
            return f"ref {self.name}"
        inner = ", ".join(map(str, self.inner))
        if self.kind == "tuple":
            return f"tuple[{inner}]"
        return f"{self.kind}<{inner}>" if self.inner else self.kind


def shape(text: str) -> Shape:
    """Take a documented type apart."""
    if text.startswith("ref "):
        return Shape("ref", text.removeprefix("ref "))
    kind, mark, rest = text.partition("<" if "<" in text.partition("[")[0] else "[")
    if not mark:
        return Shape(kind)
    parts, depth = [""], 0
    for letter in rest[:-1]:
        depth += (letter in "<[") - (letter in ">]")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return Shape(kind, inner=tuple(shape(part.strip()) for part in parts))


@frozen
class Field:
    """A documented member of a model."""

    name: str
    shape: Shape
    required: bool
    required_in_request: bool
    nullable: bool
    wire: tuple[str, ...]
    data: dict[str, Any]

    @property
    def python_name(self) -> str:
        """The attribute: the wire name, except where that is no Python name."""
        return str(self.data.get("python_name", self.name))


@frozen
class Model:
    """A documented model."""

    name: str
    kind: str
    usage: str
    fields: dict[str, Field]
    values: tuple[dict[str, Any], ...]
    discriminator: dict[str, Any]

    @property
    def is_lookup(self) -> bool:
        """Say whether the model is one of a list of known values."""
        return self.kind == "lookup"

    @property
    def is_body(self) -> bool:
        """Say whether only users write it.

        The alternatives of a union are chosen by who writes; what comes is read by one wide class.
        """
        return self.usage == "request" or self.kind == "union_member"

    @property
    def is_bare_id(self) -> bool:
        """Say whether its number stands for it in a request: a reference by id, or a known value."""
        return self.name == "IdRef" or (self.is_lookup and "id" in self.fields)


@frozen
class Payload:
    """What a body carries: a model by name, alone or in an array."""

    model: str
    many: bool

    @property
    def shape(self) -> Shape:
        """The same as a type."""
        one = Shape("ref", self.model) if self.model in MODELS else shape(self.model)
        return Shape("array", inner=(one,)) if self.many else one

    @property
    def is_bare_id(self) -> bool:
        """Say whether a number stands for the model in a request."""
        return self.model in MODELS and MODELS[self.model].is_bare_id


@frozen
class Call:
    """A documented operation. ``id`` is the library's, ``documented`` the documentation's."""

    id: str
    documented: str
    data: dict[str, Any]

    @property
    def group(self) -> str:
        """The attribute of the client."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The method of the group."""
        return self.id.partition(".")[2]

    @property
    def method(self) -> str:
        """The HTTP method."""
        return str(self.data["http"])

    @property
    def path(self) -> str:
        """The path with its parameters in braces."""
        return str(self.data["path"])

    @property
    def path_params(self) -> list[dict[str, Any]]:
        """The parameters of the path."""
        return list(self.data.get("path_params", ()))

    @property
    def query_params(self) -> list[dict[str, Any]]:
        """The query parameters, those of paging among them."""
        return list(self.data.get("query_params", ()))

    @property
    def body(self) -> Payload | None:
        """What is sent."""
        body = self.data.get("body")
        return Payload(body["model"], bool(body["array"])) if body else None

    @property
    def body_is_optional(self) -> bool:
        """Say whether the body may be left out."""
        return bool(self.data.get("body", {}).get("optional"))

    @property
    def responses(self) -> dict[int, dict[str, Any]]:
        """The documented answers by status."""
        return {int(status): answer for status, answer in self.data["responses"].items()}

    @property
    def success(self) -> int:
        """The documented status of a success."""
        (status,) = [status for status in self.responses if status < 300]
        return status

    @property
    def failures(self) -> tuple[int, ...]:
        """The documented statuses of failures."""
        return tuple(sorted(status for status in self.responses if status >= 400))

    @property
    def result(self) -> Payload | None:
        """What a success carries, as it is documented to come over the wire."""
        answer = self.responses[self.success]
        return Payload(answer["body"], bool(answer["array"])) if answer["body"] else None

    @property
    def either(self) -> bool:
        """Say whether a success may be one object or an array, whatever is documented."""
        return bool(self.responses[self.success].get("accept_either"))

    @property
    def located(self) -> bool:
        """Say whether a success names the new object in its Location."""
        return "Location" in self.responses[self.success].get("headers", ())

    @property
    def paged(self) -> dict[str, Any] | None:
        """How the list is paged."""
        paged: dict[str, Any] | None = self.data.get("paged")
        return paged

    @property
    def page_params(self) -> tuple[str, str] | None:
        """The names of page and page size."""
        if self.paged is None:
            return None
        page, size = self.paged["style"].split("/")
        return page, size

    @property
    def enveloped(self) -> bool:
        """Say whether a page is an object that holds its items."""
        return bool(self.paged and self.paged["envelope"])

    @property
    def returned(self) -> Payload | None:
        """What the method returns: the items of an envelope, and one or many as its name says it."""
        if self.result is None:
            return None
        if self.paged and self.enveloped:
            items = MODELS[self.result.model].fields[self.paged["items_field"]].shape
            return Payload(items.inner[0].name, True)
        return Payload(self.result.model, self.name.startswith("list") if self.either else self.result.many)

    @property
    def has_filter(self) -> bool:
        """Say whether the list takes a filter."""
        return bool(self.paged) and any(param["name"] == "q" for param in self.query_params)

    @property
    def has_sort(self) -> bool:
        """Say whether the list can be sorted."""
        return bool(self.paged) and any(param["name"] == "sort" for param in self.query_params)

    @property
    def plain_query(self) -> list[dict[str, Any]]:
        """The query parameters that are not of paging."""
        paging = {*(self.page_params or ()), "q", "sort"} if self.paged else set()
        return [param for param in self.query_params if param["name"] not in paging]

    @property
    def authenticated(self) -> bool:
        """Say whether the call carries a token."""
        return bool(self.data["auth"] == "bearer")

    @property
    def lane(self) -> str | None:
        """The serial lane."""
        lane: str | None = self.data.get("serial_lane")
        return lane


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
    return found


def id_of(documented: str) -> str:
    """Return the library's id of a documented operation."""
    group, _, method = documented.partition(".")
    return f"{GROUPS[group]}.{METHODS.get(documented, method)}"


def _field(data: dict[str, Any]) -> Field:
    return Field(
        name=data["name"],
        shape=shape(data["type"]),
        required=data["required"],
        required_in_request=data.get("required_in_request", data["required"]),
        nullable=data.get("nullable", False),
        wire=tuple(data.get("wire", ())),
        data=data,
    )


def _model(name: str, data: dict[str, Any]) -> Model:
    fields = [_field(field) for field in data["fields"]]
    return Model(
        name=name,
        kind=data["kind"],
        usage=data["usage"],
        fields={field.name: field for field in fields},
        values=tuple(data.get("values", ())),
        discriminator=data.get("discriminator", {}),
    )


CALLS = {
    id_of(documented): Call(id_of(documented), documented, data)
    for documented, data in _read("operations.json").items()
}
MODELS = {name: _model(name, data) for name, data in _read("models.json").items()}
LIMITS = _read("limits.json")
EXAMPLES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("examples/*.json"))
}
