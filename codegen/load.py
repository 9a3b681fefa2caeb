"""Read the schema folder, and keep the line of every value.

With the line of each value, a fault found later in the run can be reported as one line: the file,
the line, the place inside the file and what is wrong there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

import yaml
from attrs import frozen

Place: TypeAlias = tuple[str | int, ...]
"""The place of a value inside a file: the keys and indexes that lead to it."""

TABLES = ("filters.yaml", "limits.yaml", "errors.yaml")
"""The files that hold tables; every other file holds paths and models."""


MOST_VALUES = 500_000
"""The most values in a file, counted where they are used: those of an alias count each time."""

RESERVED = frozenset({"aclose", "filters", "index", "request", "resources", "throttle", "workspace"})
"""Names that the client, its resources or their reference pages already use."""


class SchemaError(Exception):
    """A fault in the schema, reported as one line."""

    def __init__(self, file: str, line: int | None, place: Place, message: str) -> None:
        where = f"{file}: line {line}: " if line else f"{file}: "
        pointer = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)
        super().__init__(f"{where}{pointer}: {message}" if pointer else f"{where}{message}")


@frozen
class Document:
    """One schema file: its data, and the line of every place in it.

    ``key`` is the path inside the schema folder, ``shown`` the path in messages.
    """

    key: str
    shown: str
    data: dict[str, Any]
    lines: Mapping[Place, int]

    @property
    def module(self) -> str:
        """The name of the Python module that is generated from this file."""
        return PurePosixPath(self.key).stem

    @property
    def schemas(self) -> dict[str, Any]:
        """The models of this file, by name."""
        components = self.data.get("components") or {}
        schemas = components.get("schemas") if isinstance(components, dict) else None
        return schemas if isinstance(schemas, dict) else {}

    def line(self, place: Place) -> int | None:
        """Return the line of the nearest place that has one, or ``None`` if the lines are not known."""
        ends = range(len(place), -1, -1)
        return next((self.lines[place[:end]] for end in ends if place[:end] in self.lines), None)

    def fault(self, place: Place, message: str) -> SchemaError:
        """Return the error for ``place``, with its line."""
        return SchemaError(self.shown, self.line(place), place, message)


@frozen
class ModelRef:
    """A model of the schema, by file and name."""

    document: Document
    name: str

    @property
    def schema(self) -> dict[str, Any]:
        """The model in the schema."""
        schema = self.document.schemas[self.name]
        if not isinstance(schema, dict):
            raise self.document.fault(("components", "schemas", self.name), "a model must be a mapping")
        return schema

    @property
    def text(self) -> str:
        """The name of the model in the operation table."""
        return f"{self.document.module}:{self.name}"


@frozen
class Schema:
    """The whole schema folder, by file."""

    documents: Mapping[str, Document]

    def parts(self) -> Iterator[Document]:
        """Yield the files that hold paths and models, sorted by module name."""
        yield from sorted(
            (document for key, document in self.documents.items() if key not in TABLES),
            key=lambda document: document.module,
        )

    def groups(self) -> Iterator[Document]:
        """Yield the files of the resource groups."""
        yield from (document for document in self.parts() if document.key.startswith("resources/"))

    def table(self, name: str) -> Document:
        """Return one of the table files."""
        if name not in self.documents:
            raise SchemaError(name, None, (), "this file is missing from the schema folder")
        return self.documents[name]

    def resolve(self, document: Document, place: Place, reference: object) -> tuple[Document, Place, Any]:
        """Follow a ``$ref`` and return the file, the place and the value that it names."""
        if not isinstance(reference, str) or "#/" not in reference:
            raise document.fault(place, f"$ref {reference!r} is not of the form file.yaml#/components/...")
        file, _, pointer = reference.partition("#/")
        key = _joined(document.key, file) if file else document.key
        target = self.documents.get(key)
        if target is None:
            raise document.fault(place, f"unknown $ref {reference!r}: the file {key} does not exist")
        steps: Place = tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/"))
        value: Any = target.data
        for step in steps:
            if not isinstance(value, dict) or step not in value:
                raise document.fault(place, f"unknown $ref {reference!r}: {target.key} has no {pointer}")
            value = value[step]
        return target, steps, value

    def model(self, document: Document, place: Place, reference: object) -> ModelRef:
        """Follow a ``$ref`` that must name a model."""
        target, steps, _ = self.resolve(document, place, reference)
        if len(steps) != 3 or steps[:2] != ("components", "schemas"):
            raise document.fault(place, f"$ref {reference!r} does not name a model in components/schemas")
        return ModelRef(target, str(steps[2]))

    def named(self, name: str) -> ModelRef | None:
        """Return the model with that name from any file."""
        return next((ModelRef(part, name) for part in self.parts() if name in part.schemas), None)


def load(folder: Path, shown: str) -> Schema:
    """Read every YAML file of the folder.

    Args:
        folder: The schema folder.
        shown: The name of that folder in messages.
    """
    files = sorted(folder.glob("*.yaml")) + sorted(folder.glob("resources/*.yaml"))
    if not files:
        raise SchemaError(shown, None, (), "there are no YAML files in this folder")
    documents: dict[str, Document] = {}
    modules: dict[str, str] = {}
    for file in files:
        key = file.relative_to(folder).as_posix()
        document = read_document(file, key, f"{shown}/{key}")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", document.module):
            raise document.fault((), f"the file name {document.module!r} cannot be a module name")
        if key.startswith("resources/") and (iskeyword(document.module) or document.module in RESERVED):
            raise document.fault((), f"the client cannot have a group called {document.module!r}")
        if document.module in modules:
            raise document.fault(
                (), f"{modules[document.module]} has the same name; both would become one module"
            )
        documents[key], modules[document.module] = document, key
    return Schema(documents)


def read_document(file: Path, key: str, shown: str) -> Document:
    """Read one YAML file.

    Args:
        file: The file.
        key: The path inside the schema folder.
        shown: The name of the file in messages.

    Raises:
        SchemaError: It is not YAML, or not a mapping.
    """
    try:
        text = file.read_text(encoding="utf-8")
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            lines: dict[Place, int] = {}
            data = _value(loader, root, (), lines, shown) if root is not None else None
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        raise SchemaError(shown, None, (), f"is not UTF-8 text ({error.reason})") from None
    except RecursionError:
        raise SchemaError(shown, None, (), "an alias is inside the value that it repeats") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = "; ".join(part for part in (error.problem, error.context) if part)
        raise SchemaError(shown, mark.line + 1 if mark else None, (), f"not YAML: {words}") from None
    except yaml.YAMLError as error:
        raise SchemaError(shown, None, (), f"not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict):
        raise SchemaError(shown, 1, (), "the file must hold a mapping")
    return Document(key, shown, data, lines)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Loader of YAML with the 1.2 core types: ``no`` and ``2024-01-01`` are text, only ``true`` is true."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _value(loader: Any, node: yaml.Node, place: Place, lines: dict[Place, int], shown: str) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if len(lines) > MOST_VALUES:  # an alias of aliases grows without end
        raise SchemaError(shown, node.start_mark.line + 1, (), f"holds more than {MOST_VALUES:,} values")
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise SchemaError(shown, key_node.start_mark.line + 1, place, "a key must be plain text")
            name = str(key_node.value)
            inner = (*place, name)
            if name in mapping:
                raise SchemaError(shown, key_node.start_mark.line + 1, inner, "this key is written twice")
            lines[inner] = key_node.start_mark.line + 1
            mapping[name] = _value(loader, value_node, inner, lines, shown)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*place, index), lines, shown) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:int":
        return int(node.value)
    return loader.construct_object(node, deep=True)


def _joined(key: str, file: str) -> str:
    parts: list[str] = list(PurePosixPath(key).parent.parts)
    for step in PurePosixPath(file).parts:
        if step == "..":
            if not parts:
                return file
            parts.pop()
        else:
            parts.append(step)
    return "/".join(parts)
