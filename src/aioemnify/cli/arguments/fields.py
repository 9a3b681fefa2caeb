"""What a command line says of a request: its body, and the conditions of a list."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aioemnify.cli.description import items_of, lookup_of, resolved, secret_names
from aioemnify.cli.exit_status import FILE, CommandError

_WORDS = {"true": True, "false": False, "null": None}


def read_file(name: str) -> str:
    """Return the text of a file, or of stdin for ``-``."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CommandError(f"{name}: is not UTF-8 text", FILE) from None


def read_body(
    schema: Mapping[str, Any] | None, whole: str | None, typed: Sequence[str], texts: Sequence[str]
) -> Any:
    """Return the body that the options describe; ``None`` if there is none.

    Args:
        schema: the schema of the body, which says what is secret; ``None`` if it is not known.
        whole: the value of ``--body``: JSON, ``@file`` or ``-``.
        typed: the values of ``-F``.
        texts: the values of ``-f``.

    Raises:
        CommandError: they cannot be read, or a secret stands on the command line.
    """
    secret = secret_names(schema)
    body: Any = None
    if whole is not None:
        body = _whole(whole, secret)
    fields = [*((given, True) for given in typed), *((given, False) for given in texts)]
    if not fields:
        return body
    if body is not None and not isinstance(body, dict):
        raise CommandError("--body has a list, to which -F and -f cannot add members")
    body = body or {}
    for given, convert in fields:
        name, equals, text = given.partition("=")
        if not equals or not name:
            raise CommandError(
                f"-{'F' if convert else 'f'} takes name=value, not {given.partition('=')[0]!r}"
            )
        _put(body, name, _value(name, text, convert, secret), None if schema is None else items_of(schema))
    return [body] if schema is not None and resolved(schema).get("type") == "array" else body


def _whole(given: str, secret: set[str]) -> Any:
    from_file = given == "-" or given.startswith("@")
    text = read_file(given.removeprefix("@")) if from_file else given
    try:
        body = json.loads(text)
    except ValueError as error:
        where = {"-": "stdin"}.get(given, given.removeprefix("@")) if from_file else "--body"
        raise CommandError(f"{where} is not JSON: {error}") from None
    if not from_file:
        _refuse_secret(_names(body) & secret, "--body @file, or --body - for stdin")
    return body


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_names, value.values()))
    return set().union(*map(_names, value)) if isinstance(value, list) else set()


def _refuse_secret(names: set[str], instead: str) -> None:
    if names:
        raise CommandError(
            f"{', '.join(sorted(names))} is secret, and others can read arguments in the list of processes "
            f"and in the shell's history: use {instead}"
        )


def _value(name: str, text: str, convert: bool, secret: set[str]) -> Any:
    if text.startswith("@"):
        content = read_file(text[1:])
        return content.removesuffix("\n").removesuffix("\r")
    last = name.rpartition(".")[2].removesuffix("[]")
    _refuse_secret({last} & secret, f"-f {name}=@file, or -f {name}=@- for stdin")
    if not convert:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] in ("[", "{", '"'):
        try:
            return json.loads(text)
        except ValueError as error:
            raise CommandError(f"-F {name} is not JSON: {error}; -f takes text as it is") from None
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        # An ICCID or a number with leading zeros is a name that looks like a number.
        return number if str(number) == text else text
    return text


def _put(body: dict[str, Any], name: str, value: Any, schema: Mapping[str, Any] | None) -> None:
    *outer, last = name.split(".")
    place = body
    for part in outer:
        place = place.setdefault(part, {})
        if not isinstance(place, dict):
            raise CommandError(f"{name}: {part} has a value already")
        schema = resolved((schema or {}).get("properties", {}).get(part, {}))
    if last.endswith("[]"):
        place.setdefault(last.removesuffix("[]"), []).append(value)
        return
    if last in place:
        raise CommandError(f"{name} is given twice")
    place[last] = _reference((schema or {}).get("properties", {}).get(last, {}), name, value)


def _reference(schema: Mapping[str, Any], name: str, value: Any) -> Any:
    """Return ``{"id": …}`` where a member is a reference and the value its id or label."""
    if isinstance(value, dict) or value is None or "id" not in resolved(schema).get("properties", {}):
        return value
    return {"id": lookup_id(name, value, lookup_of(schema))}


def lookup_id(name: str, value: Any, known: Mapping[str, int]) -> Any:
    """Return the id of a lookup's label; ids stay."""
    if not known or not isinstance(value, str) or value.lstrip("-").isdigit():
        return value
    found = known.get(value.lower().replace("_", " ").replace("-", " "))
    if found is None:
        from aioemnify._checks import did_you_mean

        raise CommandError(
            f"{name} takes {', '.join(known)} or an id, not {value!r}{did_you_mean(value, known)}"
        )
    return found


def read_filter(paging: Mapping[str, Any], given: Sequence[str]) -> dict[str, Any] | None:
    """Return the conditions of ``-q field:value``, where a lookup may be its label.

    Raises:
        CommandError: a condition has no field or no value, or a field has more values than it takes.
    """
    from aioemnify.cli.description import document

    found: dict[str, Any] = {}
    filters = paging.get("filter") or {}
    kinds = filters.get("fields", {})
    several = filters.get("multi", ())
    schemas = document()["components"]["schemas"]
    for condition in (part.strip() for text in given for part in text.split(",")):
        name, colon, text = condition.partition(":")
        if not colon or not name or not text:
            raise CommandError(f"-q takes field:value, such as status:activated, not {condition!r}")
        if name in kinds and name not in several and (name in found or "|" in text):
            rest = f"; those that take several are {', '.join(several)}" if several else ""
            raise CommandError(f"-q takes one value of {name} in this list{rest}")
        if name in found:
            raise CommandError(f"-q has two conditions for {name}; alternatives are {name}:a|b")
        known = lookup_of(schemas.get(kinds.get(name), {}))
        values = [_condition(name, one, kinds.get(name), known) for one in text.split("|")]
        found[name] = values if len(values) > 1 else values[0]
    return found or None


def _condition(name: str, text: str, kind: str | None, known: Mapping[str, int]) -> Any:
    if text == "null":
        return None
    if kind == "boolean" and text in _WORDS:
        return _WORDS[text]
    return lookup_id(name, text, known)
