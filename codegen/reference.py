"""Write the reference: a Markdown page per group, one per file of shared models, and an index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from codegen.api import Api
from codegen.examples import shown
from codegen.filters import Filter
from codegen.limits import Limits, Row
from codegen.load import Document
from codegen.markdown import code, escape, linked, prose, table
from codegen.members import Member, Model, bounds
from codegen.operations import Operation
from codegen.render import environment
from codegen.resources import ERRORS, RETRIES, Argument, Method, limit_of, method_of, title_of

WIDEST = 80
"""The longest signature on one line, in characters: a browser shows it without scrolling."""

MARK = "<!-- Generated from "
"""The first characters of a page that codegen may replace or remove."""


@frozen
class Section:
    """The section of a page about one operation; every field is Markdown."""

    heading: str
    summary: str
    signature: str
    request: str
    description: str
    deprecated: str
    facts: Sequence[str]
    parameters: str
    filter: str
    body: str
    result: str
    errors: str
    example: str


@frozen
class FleetSection:
    """The section of a page about a method for whole fleets; every field is Markdown."""

    heading: str
    signature: str
    description: Sequence[str]
    parameters: str


@frozen
class Entry:
    """The section of a page about one model; every field is Markdown."""

    heading: str
    kind: str
    description: str
    members: str
    values: str


def slug(heading: str) -> str:
    """Return the anchor of a heading in rendered Markdown."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def reference_pages(
    api: Api, examples: Mapping[str, str], more: Mapping[str, Sequence[Method]]
) -> dict[str, str]:
    """Return the pages by file name.

    Args:
        api: The schema.
        examples: The example module of each operation, by the id of the operation.
        more: The methods that make several calls, by the id of the operation that they follow.
    """
    pages: dict[str, str] = {}
    template = environment().get_template("reference_page.jinja")
    for document in api.schema.parts():
        own = [operation for operation in api.operations if operation.document is document]
        models = [model for model in api.models.values() if model.ref.document is document]
        if not own and not models:
            continue
        to = _targets(api.models, document.module)
        text = template.render(
            header=_header(document.shown),
            title=escape(title_of(document)),
            group=document.module if own else None,
            index=table(
                ("Call", "What it does"),
                [(f"[{code(one.method_name)}](#{slug(_heading(one))})", escape(one.summary)) for one in own],
            ),
            fleet=[_fleet_section(document.module, made, to) for one in own for made in more[one.id]],
            sections=[_section(api, one, examples[one.id], to) for one in own],
            entries=[_entry(model, to) for model in sorted(models, key=lambda model: model.name)],
        )
        pages[f"{document.module}.md"] = text
    pages["index.md"] = _index(api)
    return pages


def _header(source: str) -> str:
    return (
        f"{MARK}{source} by codegen. Do not edit. -->\n"
        "<!-- To change it, edit the schema and run: nox -s codegen -->"
    )


def _targets(models: Mapping[str, Model], page: str) -> dict[str, str]:
    """Return the link to each model, relative to a page."""
    return {
        name: f"{'' if model.module == page else f'{model.module}.md'}#{slug(name)}"
        for name, model in models.items()
    }


def _heading(operation: Operation) -> str:
    """Return the heading of an operation: ``dns.create`` alone would share its anchor with ``DnsCreate``."""
    return f"emnify.{operation.id}"


def _section(api: Api, operation: Operation, example: str, to: Mapping[str, str]) -> Section:
    method = method_of(api, operation)
    returns = _returns(operation, method.returns)
    arguments = [one for one in (*method.positional, *method.keywords) if one.name != "options"]
    return Section(
        heading=_heading(operation),
        summary=prose(operation.summary),
        signature=_signature(operation.id, method, returns),
        request=code(f"{operation.method} {operation.path}"),
        description=prose(operation.description),
        deprecated=escape(operation.deprecated or ""),
        facts=list(_facts(operation, api.limits)),
        parameters=table(
            ("Parameter", "Type", "Default", "Description"), [_argument(one, to) for one in arguments]
        )
        if arguments
        else "",
        filter=_filter(operation.paging.filter, to) if operation.paging and operation.paging.filter else "",
        body=_body(api, operation, to),
        result=_result(operation, returns, to),
        errors=table(("Status", "Raises", "When"), list(_errors(operation))) if operation.errors else "",
        example=shown(example),
    )


def _fleet_section(group: str, method: Method, to: Mapping[str, str]) -> FleetSection:
    call = _signature(f"{group}.{method.name}", method, method.returns)
    arguments = [one for one in (*method.positional, *method.keywords) if one.name != "options"]
    lines = list(method.docstring)
    return FleetSection(
        heading=f"emnify.{group}.{method.name}",
        signature=call,
        description=[escape(line) for line in lines[: lines.index("Args:")] if line],
        parameters=table(
            ("Parameter", "Type", "Default", "Description"), [_argument(one, to) for one in arguments]
        ),
    )


def _signature(name: str, method: Method, returns: str) -> str:
    given = [argument.name for argument in method.positional]
    named = [one.name + (f"={one.default}" if one.default else "") for one in method.keywords]
    arguments = [*given, *(["*"] if named else []), *named]
    start = f"emnify.{name}" if method.paged else f"await emnify.{name}"
    end = f" -> {returns.removeprefix('builtins.')}"
    line = f"{start}({', '.join(arguments)}){end}"
    if len(line) <= WIDEST:
        return line
    return "\n".join([f"{start}(", *(f"    {one}," for one in arguments), f"){end}"])


def _returns(operation: Operation, text: str) -> str:
    """Return the type as callers see it, without the aliases that a resource class uses."""
    answered = operation.answered
    if answered:
        text = text.replace(f"{answered.name}Model", answered.name)
    return text.removeprefix("builtins.")


def _facts(operation: Operation, limits: Limits) -> Iterator[str]:
    yield f"Limit: {escape(limit_of(operation, limits))}"
    yield f"Retry: {escape(RETRIES[operation.retry])}"
    if operation.lane:
        yield f"Serialised: one {escape(operation.lane)} write at a time per organisation."
    if not operation.auth:
        yield "Sent without a token."
    if operation.paging and operation.paging.sort:
        fields = ", ".join(code(field) for field in operation.paging.sort)
        default = operation.paging.default_sort
        yield f"Sorts by {fields}{f'; by {code(default)} by default' if default else ''}."


def _argument(argument: Argument, to: Mapping[str, str]) -> tuple[str, str, str, str]:
    default = code(argument.default) if argument.default else "required"
    return code(argument.name), linked(argument.annotation, to), default, escape(argument.description)


def _filter(chosen: Filter, to: Mapping[str, str]) -> str:
    rows = [
        (code(field), linked(chosen.annotation(field), to), escape(chosen.note(field)))
        for field in chosen.fields
    ]
    about = f"{code('filter')} is a {code(chosen.name)}: {escape(chosen.description)}"
    return f"{about}\n\n{table(('Field', 'Takes', 'Note'), rows)}"


def _body(api: Api, operation: Operation, to: Mapping[str, str]) -> str:
    if operation.body is None:
        return ""
    each = "A list, each " if operation.body.many else ""
    if operation.body.model == "dict":
        return f"{each}{code('dict')}, with members that the API does not document."
    model = api.models[operation.body.name]
    return f"{each}{linked(model.name, to)}, or a mapping of the same members.\n\n{_members(model, to)}"


def _result(operation: Operation, returns: str, to: Mapping[str, str]) -> str:
    status = " or ".join(str(status) for status in operation.success)
    if returns == "None":
        return f"Nothing ({status})."
    about = f"{linked(returns, to)} ({status})."
    if operation.paging:
        about += " Await it to get one page, or iterate over all items."
    return about


def _errors(operation: Operation) -> Iterator[tuple[str, str, str]]:
    for status, words in operation.errors.items():
        name = ERRORS.get(status, "ServerError" if status >= 500 else "APIError")
        yield str(status), code(name), escape(words)


def _entry(model: Model, to: Mapping[str, str]) -> Entry:
    kind = "A request body." if model.body else "A lookup, compared by its id." if model.lookup else ""
    rows = [
        (code(f"{model.name}.{name}"), "" if identity is None else str(identity), escape(label))
        for name, (identity, label) in model.values.items()
    ]
    return Entry(
        heading=model.name,
        kind=kind,
        description=prose(model.description),
        members=_members(model, to),
        values=table(("Known value", "Id", "Description"), rows) if rows else "",
    )


def _members(model: Model, to: Mapping[str, str]) -> str:
    if not model.members:
        return "It has no members."
    rows = [
        (
            code(member.name),
            linked(member.text, to),
            "yes" if member.required else "",
            " ".join(_about(member)),
        )
        for member in model.members.values()
    ]
    return table(("Member", "Type", "Required", "Description"), rows)


def _about(member: Member) -> Iterator[str]:
    if member.description:
        yield escape(member.description)
    if limits := bounds(member.further):
        yield escape(limits)
    if member.choices:
        yield f"Known values: {', '.join(code(choice) for choice in member.choices)}."
    if member.secret:
        yield "Secret: not shown in a repr."
    if member.name != member.wire:
        yield f"Called {code(member.wire)} in JSON."
    if member.deprecated:
        yield "Deprecated."


def _index(api: Api) -> str:
    groups = [document for document in api.schema.parts() if _own(api, document)]
    shared = [document for document in api.schema.parts() if document.schemas and document not in groups]
    limits = api.limits
    return (
        environment()
        .get_template("reference_index.jinja")
        .render(
            header=_header("schema/"),
            operations=len(api.operations),
            groups=table(
                ("Group", "", "Operations"),
                [
                    (
                        f"[{code(f'emnify.{one.module}')}]({one.module}.md)",
                        escape(title_of(one)),
                        str(_own(api, one)),
                    )
                    for one in groups
                ],
            ),
            shared=table(
                ("Page", "Models"),
                [(f"[{escape(title_of(one))}]({one.module}.md)", str(len(one.schemas))) for one in shared],
            )
            if shared
            else "",
            rows=_rates(limits.rows),
            newer={edition: _rates(changed) for edition, changed in limits.newer.items()},
            windows=table(
                ("Request", "Calls", "In seconds"),
                [
                    (code(f"{one.method} {one.path}"), f"{one.count:,}", f"{one.seconds:g}")
                    for one in limits.windows
                ],
            ),
            month=f"{limits.month_count:,}",
            codes=table(
                ("Code", "Token", "Statuses", "What to do"),
                [
                    (
                        str(one.code),
                        code(one.token) if one.token else "",
                        ", ".join(map(str, one.statuses)),
                        escape(one.advice),
                    )
                    for one in api.codes
                ],
            ),
        )
    )


def _rates(rows: Sequence[Row]) -> str:
    return table(
        ("Request", "Calls/s", "Burst"),
        [(code(f"{row.method} {row.path}"), f"{row.rate:g}", str(row.burst)) for row in rows],
    )


def _own(api: Api, document: Document) -> int:
    return sum(operation.document is document for operation in api.operations)
