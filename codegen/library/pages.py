"""Write the pages of the hand-written library: one for each part, an index, and the list of all names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import griffe
from attrs import frozen

from codegen.library.arguments import WIDTH, described, known_arguments, wrapped, written_default
from codegen.library.docstrings import blocks, inline
from codegen.library.names import PACKAGE, Name, Source, public_names
from codegen.markdown import code, escape, linked, table
from codegen.render import environment

PAGES = {
    "client": ("The client", ("client", "transport.auth", "_version")),
    "options": ("Options and limits", ("options", "transport.throttle", "operation", "tables")),
    "lists": ("Lists, events and waits", ("pagination", "page_iterators", "polling")),
    "values": ("Values and responses", ("types", "serialization")),
    "errors": ("Errors", ("errors",)),
    "stores": ("Stores", ("stores",)),
    "fleet": ("Jobs and sweeps", ("fleet",)),
    "blocking": ("The blocking client", ("blocking",)),
    "pool": ("Many tenants", ("pool",)),
    "receivers": ("Receivers", ("receivers",)),
    "telemetry": ("Telemetry and hooks", ("telemetry", "hooks")),
    "clock": ("Clocks", ("clock",)),
    "simulator": ("The simulator", ("simulator",)),
}
"""The pages with their titles and modules. A module that is not here gets a page with its own name."""

INTRODUCTIONS = {
    "client": "Each group of the API is an attribute of the client, such as `emnify.sims`: "
    "[all groups](../index.md).",
    "lists": "What lists return, and what waits for events and states. "
    "[Lists and filters](../../lists.md) is the guide.",
}
"""For pages whose first module is private; all others begin with the docstring of the module."""

Described = griffe.DocstringParameter | griffe.DocstringAttribute

FIXTURES = "pytest_plugin"


@frozen
class Entry:
    """The section about one name, or a member of it; every field is Markdown."""

    heading: str
    signature: str
    text: str
    members: Sequence[Entry] = ()


@frozen
class Page:
    """A page: its title, an introduction and its sections."""

    title: str
    text: str
    entries: Sequence[Entry]


def library_pages(
    folder: Path,
    generated: Mapping[str, str],
    models: Mapping[str, str],
    operations: Mapping[str, str],
) -> dict[str, str]:
    """Return the pages by file name.

    Args:
        folder: The folder of the package.
        generated: Generated source of the package, by path below the folder.
        models: The link to each generated model, relative to these pages.
        operations: The link to each operation, such as ``emnify.sims.get``.
    """
    source = Source(folder, generated)
    names = public_names(source)
    placed: dict[str, list[Name]] = {page: [] for page in PAGES}
    for one in sorted(names, key=lambda one: one.name.startswith("_")):
        placed.setdefault(page_of(one.home), []).append(one)
    links = dict(models)
    own: dict[str, dict[str, str]] = {}
    for page, listed in placed.items():
        own[page] = {one.name: f"{page}.md#{slug(one.name)}" for one in listed}
        links = own[page] | links  # of two names, that of the first page
    made: dict[str, Page] = {}
    for page, listed in placed.items():
        writer = _Writer(source, links | own[page])
        title, rooms = PAGES.get(page, (page.replace("_", " ").capitalize(), (page,)))
        made[page] = Page(
            title,
            INTRODUCTIONS.get(page) or writer.introduction(rooms[0]),
            [writer.entry(one) for one in listed],
        )
    made[FIXTURES] = _Writer(source, links | own["simulator"]).fixtures()
    templates = environment()
    templates.filters["escape_markdown"] = escape
    template = templates.get_template("library_page.jinja")
    pages = {f"{name}.md": template.render(page=page) for name, page in made.items()}
    pages["index.md"] = _index(made, placed)
    library = {one.path: f"{page}.md#{slug(one.name)}" for page, listed in placed.items() for one in listed}
    fixtures = {one.heading: f"{FIXTURES}.md#{slug(one.heading)}" for one in made[FIXTURES].entries}
    everything = {f"{PACKAGE}.models.{name}": link for name, link in models.items()}
    pages["names.md"] = _names(library | fixtures | everything | dict(operations))
    return pages


def _names(links: Mapping[str, str]) -> str:
    letters: dict[str, list[str]] = {}
    for path, link in sorted(links.items(), key=lambda one: (_last(one[0]).casefold(), one[0])):
        letters.setdefault(_last(path).strip("_")[0].upper(), []).append(f"[{code(path)}]({link})")
    return environment().get_template("library_names.jinja").render(letters=dict(sorted(letters.items())))


def _last(path: str) -> str:
    """Return the part of a name by which it is sorted: operations by their group."""
    return path.removeprefix("emnify.") if path.startswith("emnify.") else path.rpartition(".")[2]


def slug(heading: str) -> str:
    """Return the anchor of a heading, as the site makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def page_of(home: str) -> str:
    """Return the page on which the names of a module are."""
    inside = home.removeprefix(f"{PACKAGE}.")
    for page, (_, rooms) in PAGES.items():
        if any(inside == room or inside.startswith(f"{room}.") for room in rooms):
            return page
    return inside.partition(".")[0]


def _index(pages: Mapping[str, Page], placed: Mapping[str, Sequence[Name]]) -> str:
    rows = [
        (
            f"[{page.title}]({name}.md)",
            ", ".join(f"[{code(one.heading)}]({name}.md#{slug(one.heading)})" for one in page.entries),
        )
        for name, page in pages.items()
    ]
    count = sum(len(listed) for listed in placed.values())
    return (
        environment()
        .get_template("library_index.jinja")
        .render(count=count, rows=table(("Part", "Names"), rows))
    )


class _Writer:
    def __init__(self, source: Source, links: Mapping[str, str]) -> None:
        self._source = source
        self._links = links

    def introduction(self, module: str) -> str:
        """Return the docstring of a module that is public itself."""
        read = self._source.module(f"{PACKAGE}.{module}")
        return self._text(read)

    def entry(self, one: Name) -> Entry:
        """Return the section of a name."""
        found = one.found
        members: list[Entry] = []
        if isinstance(found, griffe.Class):
            signature = self._class_signature(one.name, found, one.home)
            members = [self._member(one, member, name) for name, member in self._methods(found, one.home)]
        elif isinstance(found, griffe.Function):
            signature = self._signature(one.name, found, one.home)
        else:
            value = str(found.value) if found.value is not None else ""
            about = f": {found.annotation}" if getattr(found, "annotation", None) else ""
            signature = f"{one.name}{about}{f' = {value}' if value and len(value) <= WIDTH else ''}"
        parts = [f"{code(f'from {one.module} import {one.name}')}"]
        if isinstance(found, griffe.Class):
            bases = [str(base) for base in found.bases if self._shown(str(base))]
            if bases:
                parts.append(f"Bases: {', '.join(linked(base, self._links) for base in bases)}")
        parts += [self._text(found), self._attributes(found, one.home)]
        return Entry(one.name, signature, "\n\n".join(part for part in parts if part), members)

    def fixtures(self) -> Page:
        """Return the page of the pytest plugin."""
        module = self._source.module(f"{PACKAGE}.{FIXTURES}")
        entries = [
            Entry(name, f"{name} -> {member.returns}", self._text(member))
            for name, member in module.functions.items()
            if not name.startswith("_") and any("fixture" in str(one.value) for one in member.decorators)
        ]
        return Page("The pytest plugin", self._text(module), entries)

    def _member(self, one: Name, member: griffe.Function | griffe.Attribute, name: str) -> Entry:
        heading = f"{one.name}.{name}"
        if isinstance(member, griffe.Attribute):
            shown = f"{name}: {member.annotation}" if member.annotation else name
        else:
            shown = self._signature(name, member, one.home)
        return Entry(heading, shown, self._text(member))

    def _signature(self, name: str, function: griffe.Function, home: str, *, is_class: bool = False) -> str:
        given: list[str] = []
        starred = False
        for one in function.parameters:
            if one.name in {"self", "cls"} and one is function.parameters[0]:
                continue
            stars = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}
            if one.kind is griffe.ParameterKind.var_positional:
                starred = True
            if one.kind is griffe.ParameterKind.keyword_only and not starred:
                starred = True
                given.append("*")
            annotation = f": {one.annotation}" if one.annotation is not None else ""
            default = ""
            if one.default is not None and one.kind not in stars:
                value = self._value(one.default, home)
                default = f" = {value}" if annotation else f"={value}"
            given.append(f"{stars.get(one.kind, '')}{one.name}{annotation}{default}")
        if is_class:
            return wrapped(f"class {name}", given, "")
        word = "await " if "async" in function.labels and "Iterator" not in str(function.returns) else ""
        return wrapped(f"{word}{name}", given, f" -> {function.returns}" if function.returns else "")

    def _value(self, default: object, home: str) -> str:
        """Write a default; the name of a constant of the module is replaced by its value."""
        text = str(default)
        named = self._source.module(home).members.get(text)
        if isinstance(named, griffe.Attribute) and isinstance(named.value, (str, griffe.Expr)):
            value = str(named.value)
            return value if re.fullmatch(r"[\d_.* ]+", value) else text
        return text

    def _shown(self, base: str) -> bool:
        name = base.partition("[")[0]
        return name in self._links or name in vars(__import__("builtins")) or name in {"Protocol", "Sequence"}

    def _classes(self, found: griffe.Class, home: str) -> Iterator[griffe.Class]:
        """Yield a class and those of its bases that have no section of their own."""
        yield found
        for base in found.bases:
            name = str(base).partition("[")[0]
            if name in self._links or name == "ResourceAttributes":
                continue
            try:
                where, above = self._source.defined(home, name)
            except (KeyError, LookupError):
                continue  # a class of another package
            if isinstance(above, griffe.Class):
                yield from self._classes(above, where)

    def _methods(
        self, found: griffe.Class, home: str
    ) -> Iterator[tuple[str, griffe.Function | griffe.Attribute]]:
        seen: set[str] = set()
        for one in self._classes(found, home):
            for name, member in one.members.items():
                if name.startswith("_") or name in seen:
                    continue
                if isinstance(member, griffe.Function) or (
                    isinstance(member, griffe.Attribute) and "property" in member.labels
                ):
                    seen.add(name)
                    yield name, member

    def _fields(self, found: griffe.Class, home: str) -> dict[str, griffe.Attribute]:
        """Return the public attributes that a class declares or sets in ``__init__``."""
        return {
            name: member
            for one in reversed(list(self._classes(found, home)))
            for name, member in one.members.items()
            if isinstance(member, griffe.Attribute)
            and not name.startswith("_")
            and "property" not in member.labels
        }

    def _class_signature(self, name: str, found: griffe.Class, home: str) -> str:
        init = found.members.get("__init__")
        if isinstance(init, griffe.Function):
            # Without described arguments, only the library makes its objects.
            return self._signature(name, init, home, is_class=True) if described(found) else f"class {name}"
        decorators = [str(one.value) for one in found.decorators]
        struct = any(str(base) in {"msgspec.Struct", "FaultSpec"} for base in found.bases)
        if struct or any(one.startswith(("frozen", "define")) for one in decorators):
            keyword = any("kw_only=True" in one for one in decorators) or struct
            given = [
                f"{one}: {field.annotation}{written_default(field.value)}"
                for one, field in self._fields(found, home).items()
                if "ClassVar" not in str(field.annotation) and "init=False" not in str(field.value)
            ]
            return wrapped(f"class {name}", ["*", *given] if keyword and given else given, "")
        return f"class {name}"

    def _attributes(self, found: griffe.Object, home: str) -> str:
        """Return the table of attributes that are no arguments with a description."""
        if not isinstance(found, griffe.Class):
            return ""
        named = described(found)
        init = found.members.get("__init__")
        types = (
            {one.name: one.annotation for one in init.parameters} if isinstance(init, griffe.Function) else {}
        )
        rows = []
        for name, field in self._fields(found, home).items():
            if name in named:
                continue
            annotation = field.annotation or types.get(name)
            about = blocks(field.docstring.value) if field.docstring else ""
            rows.append(
                (
                    code(name),
                    linked(str(annotation), self._links) if annotation else "",
                    " ".join(about.split()),
                )
            )
        return f"**Attributes**\n\n{table(('Name', 'Type', 'Description'), rows)}" if rows else ""

    def _text(self, found: griffe.Object) -> str:
        """Return a docstring as Markdown."""
        if found.docstring is None:
            return ""
        return "\n\n".join(self._sections(found, found.docstring))

    def _sections(self, found: griffe.Object, docstring: griffe.Docstring) -> Iterator[str]:
        for section in docstring.parse("google", warnings=False):
            match section:
                case griffe.DocstringSectionText():
                    yield blocks(section.value)
                case griffe.DocstringSectionParameters():
                    yield f"**Arguments**\n\n{self._parameters(found, section.value)}"
                case griffe.DocstringSectionAttributes():
                    yield f"**Attributes**\n\n{self._parameters(found, section.value)}"
                case griffe.DocstringSectionRaises():
                    rows = [
                        (linked(str(one.annotation), self._links), inline(one.description))
                        for one in section.value
                    ]
                    yield f"**Raises**\n\n{table(('Error', 'When'), rows)}"
                case griffe.DocstringSectionReturns() | griffe.DocstringSectionYields():
                    word = "Yields" if isinstance(section, griffe.DocstringSectionYields) else "Returns"
                    yield f"**{word}:** {' '.join(inline(one.description) for one in section.value)}"
                case griffe.DocstringSectionAdmonition():
                    yield f"**{section.title}**\n\n{blocks(section.value.description)}"
                case _:
                    raise ValueError(f"{found.path}: a section {section.kind.value!r} has no form yet")

    def _parameters(self, found: griffe.Object, given: Iterable[Described]) -> str:
        known = known_arguments(found)
        home = found.module.path
        rows = []
        for one in given:
            annotation, default = known.get(one.name.lstrip("*"), (None, None))
            rows.append(
                (
                    code(one.name),
                    linked(str(annotation), self._links) if annotation else "",
                    code(self._value(default, home).replace("'", '"')) if default is not None else "",
                    inline(one.description),
                )
            )
        return table(("Name", "Type", "Default", "Description"), rows)
