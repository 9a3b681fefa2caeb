"""``api``: any call, by path or by the id of an operation."""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import parse_qsl

import click

from aioemnify.cli.exit_status import CommandError
from aioemnify.cli.settings import Command, Settings, dry_run_option, pass_settings, with_options

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _complete(_ctx: click.Context, _param: click.Parameter, start: str) -> list[str]:
    from aioemnify.cli.description import operations

    return [name for name in (*METHODS, *operations()) if name.startswith(start)]


@click.command(
    cls=Command,
    epilog="emnify api /api/v1/sim/42\nemnify api sims.get 42\n"
    "emnify api GET /api/v1/sim -p q=status:1 --paginate\n"
    "emnify api PATCH /api/v1/endpoint/7 -f name=pump-17",
)
@click.argument("call", metavar="METHOD|OPERATION|PATH", shell_complete=_complete)
@click.argument("path", metavar="[PATH|VALUE]...", nargs=-1)
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A query parameter.")
@click.option(
    "-F", "typed", multiple=True, metavar="NAME=VALUE", help="A member of the body: a number, true, JSON …"
)
@click.option("-f", "texts", multiple=True, metavar="NAME=TEXT", help="A member of the body that is text.")
@click.option("--body", metavar="JSON|@FILE|-", help="The whole body.")
@click.option("--paginate", is_flag=True, help="Read all pages of a list, as one array.")
@click.option("-i", "--include", is_flag=True, help="Write the status and the headers first.")
@with_options(dry_run_option())
@pass_settings
def api(
    settings: Settings,
    call: str,
    path: tuple[str, ...],
    params: tuple[str, ...],
    typed: tuple[str, ...],
    texts: tuple[str, ...],
    body: str | None,
    paginate: bool,
    include: bool,
) -> None:
    """Make any call, and write the response as it came.

    It is named by its method and path, or by the id of its operation. A path alone is read with GET.
    """
    from aioemnify.cli.arguments.fields import read_body
    from aioemnify.cli.session import run, write_request

    method, target, schema, page = _resolve(call, path)
    target, _, query = target.partition("?")
    asked: dict[str, list[str]] = {}
    for name, value in [*parse_qsl(query, keep_blank_values=True), *map(_param, params)]:
        asked.setdefault(name, []).append(value)
    content = read_body(schema, body, typed, texts)
    if settings.dry_run:
        from urllib.parse import urlencode

        write_request(method, f"{target}?{urlencode(asked, doseq=True)}" if asked else target, _text(content))
        return
    if paginate and method != "GET":
        raise click.UsageError("--paginate is for GET")

    async def work(emnify: Any) -> None:
        if paginate:
            await _pages(emnify, target, asked, page)
            return
        value = await _response(emnify, method, target, asked, content, include=include)
        if value is not None:
            print(json.dumps(value, ensure_ascii=False, indent=2 if settings.on_terminal else None))

    run(settings, work)


def _param(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals:
        raise click.UsageError(f"--param takes name=value, not {given!r}")
    return name, value


def _text(content: Any) -> str | None:
    return None if content is None else json.dumps(content)


def _resolve(call: str, rest: tuple[str, ...]) -> tuple[str, str, Any, str]:
    """Return the method, the path, the schema of the body, and the name of the page parameter."""
    from urllib.parse import quote

    from aioemnify._checks import did_you_mean
    from aioemnify.cli.description import operations

    if call.startswith("/") and not rest:
        call, rest = "GET", (call,)
    if call.upper() in METHODS:
        if len(rest) != 1:
            raise click.UsageError(f"{call.upper()} takes one path, such as /api/v1/sim/42")
        method, target = call.upper(), rest[0]
        found = next(
            (one for one in operations().values() if one.method == method and _fits(one.path, target)), None
        )
    else:
        found = operations().get(call.replace("-", "_"))
        if found is None:
            known = [*METHODS, *operations()]
            raise CommandError(f"{call!r} is not a method or an operation{did_you_mean(call, known)}")
        names = [one["name"] for one in found.parameters("path")]
        if len(names) != len(rest):
            raise click.UsageError(
                f"{found.id} takes {', '.join(names) or 'no value'}, and {len(rest)} were given"
            )
        method, target = found.method, found.path
        for name, value in zip(names, rest, strict=True):
            target = target.replace(f"{{{name}}}", quote(value, safe=""))
    paging = (found.paging if found else None) or {}
    return method, target, found.body if found else None, paging.get("page", "page")


def _fits(template: str, target: str) -> bool:
    parts, given = template.split("/"), target.partition("?")[0].split("/")
    return len(parts) == len(given) and all(
        one.startswith("{") or one == two for one, two in zip(parts, given, strict=True)
    )


async def _response(emnify: Any, method: str, target: str, asked: Any, content: Any, *, include: bool) -> Any:
    if not include:
        return await emnify.request(method, target, params=asked, json=content)
    response = await emnify.with_response.request(method, target, params=asked, json=content)
    print(f"HTTP {response.status}")
    for name, value in response.headers.items():
        print(f"{name}: {value}")
    print()
    return response.value


async def _pages(emnify: Any, target: str, asked: dict[str, Any], page: str) -> None:
    """Write all pages as one array, which is valid also where the list breaks off."""
    number, count = 1, 0
    seen: Any = None
    try:
        while True:
            items = await emnify.request("GET", target, params={**asked, page: number})
            if isinstance(items, dict):
                items = next((one for one in items.values() if isinstance(one, list)), None)
            if not isinstance(items, list):
                raise CommandError(f"{target} is not a list: --paginate is for lists")
            # A page past the end is the last page once more.
            if not items or items == seen:
                return
            for item in items:
                sys.stdout.write(f"{',' if count else '['}\n{json.dumps(item, ensure_ascii=False)}")
                count += 1
            seen, number = items, number + 1
    finally:
        sys.stdout.write("\n]\n" if count else "[]\n")
