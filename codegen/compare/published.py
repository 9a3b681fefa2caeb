"""Read a published OpenAPI description: version 2.0 (Swagger) or 3.0 to 3.2, as JSON or YAML.

Such a file is written by others, so nothing in it is believed: whatever has the wrong form is one error
that names its place. References to other files are never followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from codegen.load import Document, Place, SchemaError, read_document
from codegen.operations import METHODS

MOST_BYTES = 32 * 1024 * 1024
SAID_ELSEWHERE = ("accept", "authorization", "content-type")
"""Headers that OpenAPI describes in other ways than as a parameter."""


@frozen
class Part:
    """A value of the file, with its place."""

    place: Place
    value: Any


@frozen
class PublishedParameter:
    """A parameter in the path, the query or a header. ``schema`` describes its values."""

    name: str
    where: str
    required: bool
    schema: Part


@frozen
class Answer:
    """A response. ``schema`` describes its JSON, if it has any."""

    schema: Part | None
    headers: tuple[str, ...]


@frozen
class PublishedOperation:
    """One operation. ``auth`` and ``body_required`` are ``None`` if the file does not say."""

    method: str
    path: str
    parameters: tuple[PublishedParameter, ...]
    body: Part | None
    body_required: bool | None
    answers: Mapping[str, Answer]
    auth: bool | None
    deprecated: bool


def route_of(method: str, path: str) -> tuple[str, str]:
    """Return what identifies a call: two paths that differ only in the names of their parameters are one."""
    return method.upper(), re.sub(r"\{[^{}]*\}", "{}", path).rstrip("/")


class Published:
    """A published description.

    Args:
        file: The file, as JSON if it begins with a brace, else as YAML.

    Raises:
        SchemaError: The file cannot be read, or is not an OpenAPI description.
        OSError: There is no such file.
    """

    def __init__(self, file: Path) -> None:
        self._document = _read(file)
        data = self._document.data
        version = data.get("swagger", data.get("openapi"))
        if not re.match(r"(2\.0|3\.[012](\.\d+)?)$", str(version)):
            said = (
                f"is OpenAPI {printable(str(version))}"
                if version
                else "has neither openapi nor swagger at its top"
            )
            raise self.fault((), f"{said}; accepted are the versions 2.0 and 3.0 to 3.2")
        self._swagger = "swagger" in data
        self.operations = self._operations()

    def fault(self, place: Place, message: str) -> SchemaError:
        """Return the error for a place."""
        steps = tuple(printable(str(step)) for step in place)
        return SchemaError(self._document.shown, self._document.line(place), steps, message)

    def mapping(self, part: Part) -> dict[str, Any]:
        """Return the value of a part, which must be a mapping."""
        if not isinstance(part.value, dict):
            raise self.fault(part.place, "must be a mapping")
        return part.value

    def items(self, part: Part) -> Iterator[Part]:
        """Yield the items of a part, which must be a list."""
        if not isinstance(part.value, list):
            raise self.fault(part.place, "must be a list")
        for index, value in enumerate(part.value):
            yield Part((*part.place, index), value)

    def inside(self, part: Part, key: str) -> Part | None:
        """Return the part below a key, or ``None`` if there is none; an empty one counts as none."""
        value = self.mapping(part).get(key)
        return None if value is None else Part((*part.place, key), value)

    def followed(self, part: Part) -> Part:
        """Return what a part refers to, or the part itself."""
        seen: list[str] = []
        while isinstance(part.value, dict) and "$ref" in part.value:
            reference = part.value["$ref"]
            spot = (*part.place, "$ref")
            if not isinstance(reference, str):
                raise self.fault(spot, "must be text")
            if not reference.startswith("#/"):
                message = "leads out of the file; bundle all into one file"
                raise self.fault(spot, f"{printable(reference)} {message}")
            if reference in seen:
                raise self.fault(spot, f"{printable(reference)} refers to itself")
            seen.append(reference)
            part = self._target(spot, reference)
        return part

    def _target(self, spot: Place, reference: str) -> Part:
        value: Any = self._document.data
        place: Place = ()
        for step in reference[2:].split("/"):
            name = step.replace("%7B", "{").replace("%7D", "}").replace("~1", "/").replace("~0", "~")
            if not isinstance(value, dict) or name not in value:
                raise self.fault(spot, f"{printable(reference)} does not exist")
            value, place = value[name], (*place, name)
        return Part(place, value)

    def _operations(self) -> dict[tuple[str, str], PublishedOperation]:
        paths = self.inside(Part((), self._document.data), "paths")
        if paths is None:
            raise self.fault((), "has no paths")
        prefix = self._prefix()
        found: dict[tuple[str, str], PublishedOperation] = {}
        for path in self.mapping(paths):
            if path.startswith("x-"):
                continue
            item = self.followed(Part(("paths", path), paths.value[path]))
            for method in METHODS:
                if operation := self.inside(item, method):
                    route = route_of(method, prefix + path)
                    if route in found:
                        raise self.fault(operation.place, f"{found[route].path} is the same path")
                    found[route] = self._operation(method.upper(), prefix + path, item, operation)
        return found

    def _prefix(self) -> str:
        """Return the path of the server, which is in front of all paths."""
        url = self._document.data.get("basePath") if self._swagger else None
        servers = self._document.data.get("servers")
        if isinstance(servers, list) and servers and isinstance(servers[0], dict):
            url = servers[0].get("url")
        return re.sub(r"^[a-z]+://[^/]*", "", url).rstrip("/") if isinstance(url, str) else ""

    def _operation(self, method: str, path: str, item: Part, part: Part) -> PublishedOperation:
        parameters: dict[tuple[str, str], PublishedParameter] = {}
        body: Part | None = None
        body_required: bool | None = None
        for owner in (item, part):
            listed = self.inside(owner, "parameters")
            for entry in self.items(listed) if listed else ():
                entry = self.followed(entry)
                where, name = self._text(entry, "in"), self._text(entry, "name")
                required = self.mapping(entry).get("required") is True
                if where == "body":
                    body, body_required = self.inside(entry, "schema"), entry.value.get("required")
                elif not (where == "header" and name.lower() in SAID_ELSEWHERE):
                    schema = self.inside(entry, "schema") or (entry if self._swagger else self._media(entry))
                    parameters[where, name] = PublishedParameter(
                        name, where, required, schema or Part(entry.place, {})
                    )
        if request := self.inside(part, "requestBody"):
            request = self.followed(request)
            body, body_required = self._media(request), self.mapping(request).get("required")
        answers = self.inside(part, "responses")
        return PublishedOperation(
            method=method,
            path=path,
            parameters=tuple(parameters.values()),
            body=body,
            body_required=body_required,
            answers={
                str(status): self._answer(self.followed(Part((*answers.place, status), value)))
                for status, value in self.mapping(answers).items()
                if not status.startswith("x-")
            }
            if answers
            else {},
            auth=self._auth(part),
            deprecated=self.mapping(part).get("deprecated") is True,
        )

    def _text(self, part: Part, key: str) -> str:
        value = self.mapping(part).get(key)
        if not isinstance(value, str):
            raise self.fault((*part.place, key), "must be text")
        return value

    def _answer(self, part: Part) -> Answer:
        headers = self.inside(part, "headers")
        names = tuple(self.mapping(headers)) if headers else ()
        schema = self.inside(part, "schema") if self._swagger else self._media(part)
        return Answer(schema, names)

    def _media(self, part: Part) -> Part | None:
        """Return the schema of the JSON of a body, a response or a parameter."""
        content = self.inside(part, "content")
        if content is None:
            return None
        for kind in sorted(self.mapping(content), key="application/json".__ne__):
            if "json" in kind or kind == "*/*":
                media = self.inside(content, kind)
                return self.inside(media, "schema") if media else None
        return None

    def _auth(self, part: Part) -> bool | None:
        for owner in (part, Part((), self._document.data)):
            if listed := self.inside(owner, "security"):
                ways = list(self.items(listed))
                return bool(ways) and all(self.mapping(way) for way in ways)
        return None


def printable(text: str) -> str:
    """Write a text of the file inside a sentence: on one line, short, and without control characters."""
    written = text if text.isprintable() else json.dumps(text)[1:-1]
    return written if len(written) <= 120 else f"{written[:117]}..."


def _read(file: Path) -> Document:
    name = str(file)
    if file.stat().st_size > MOST_BYTES:
        raise SchemaError(name, None, (), f"has more than {MOST_BYTES:,} bytes")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaError(name, None, (), f"is not UTF-8 text ({error.reason})") from None
    if not text.lstrip().startswith("{"):
        return read_document(file, name, name)
    try:
        data = json.loads(text, object_pairs_hook=lambda pairs: _unique(name, pairs))
    except json.JSONDecodeError as error:
        raise SchemaError(name, error.lineno, (), f"not JSON: {error.msg}") from None
    except RecursionError:
        raise SchemaError(name, None, (), "is nested too deeply") from None
    return Document(name, name, data, {})


def _unique(name: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for index, (key, _) in enumerate(pairs) if key in dict(pairs[:index]))
        raise SchemaError(name, None, (), f"the key {printable(twice)} is written twice in one object")
    return made
