"""Objects by any of their identifiers: an id, an ICCID, an IMSI, a phone number, a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aioemnify.cli.exit_status import NOT_FOUND, CommandError

NOUNS = {"sims": "SIM", "endpoints": "endpoint"}
"""The groups whose objects can be found by an identifier."""

HELP = "its id, ICCID, IMSI, MSISDN, EID, IMEI, IP address or name; a prefix, as in name:7, says which it is"

LONGEST_ID = 10
"""Digits of an id. Longer numbers are other identifiers."""

FEW = 20
"""Objects that are looked for one by one. For more, the whole list is read, which is fewer calls."""

_KINDS = ("id", "iccid", "imsi", "msisdn", "eid", "imei", "ip", "name")
_FIELDS = {"ip": "ip_address"}


def split(text: str) -> tuple[str, str]:
    """Return the kind of an identifier and its value; the kind is empty if the value shows it.

    Raises:
        CommandError: there is no value.
    """
    kind, colon, value = text.partition(":")
    if colon and kind in _KINDS:
        if not value:
            raise CommandError(f"{text!r} has no value after the colon")
        return kind, value
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID:
        return "id", text
    if not text.strip():
        raise CommandError("an identifier is empty: name the object by " + HELP)
    return "", text


async def identity_of(emnify: Any, group: str, text: str) -> int:
    """Return the id of an object, without a call if it is one.

    Raises:
        NoResultError: there is no such object.
        MultipleResultsError: there are several.
    """
    kind, value = split(text)
    if kind == "id":
        return _number(text, value)
    found: int = (await _find(emnify, group, kind, value)).id
    return found


async def object_of(emnify: Any, group: str, text: str) -> Any:
    """Return an object, with a call in any case."""
    kind, value = split(text)
    resource = getattr(emnify, group)
    if kind == "id":
        return await resource.get(_number(text, value))
    found = await _find(emnify, group, kind, value)
    # An item of a list can have fewer members.
    return await resource.get(found.id)


async def objects_of(emnify: Any, group: str, texts: Sequence[str]) -> list[Any]:
    """Return many objects in their order, in as few calls as possible.

    Raises:
        CommandError: some do not exist; the message names them, and nothing was changed.
    """
    named = {text: split(text) for text in dict.fromkeys(texts)}
    resource = getattr(emnify, group)
    ids = {text: _number(text, value) for text, (kind, value) in named.items() if kind == "id"}
    found: dict[str, Any] = dict(
        zip(ids, await resource.get_many(list(ids.values())) if ids else [], strict=True)
    )
    others = {text: parts for text, parts in named.items() if text not in ids}
    if len(others) <= FEW:
        for text, (kind, value) in others.items():
            found[text] = await _find(emnify, group, kind, value)
    else:
        found |= await _in_list(resource, others)
    missing = [text for text in named if found.get(text) is None]
    if missing:
        shown = ", ".join(missing[:10]) + (f" and {len(missing) - 10:,} more" if len(missing) > 10 else "")
        raise CommandError(f"there is no {NOUNS[group]} {shown}; nothing was changed", NOT_FOUND)
    return [found[text] for text in named]


def _number(text: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise CommandError(f"{text!r}: an id is a number")
    return int(value)


async def _find(emnify: Any, group: str, kind: str, value: str) -> Any:
    find = getattr(emnify, group).find
    return await (find(**{_FIELDS.get(kind, kind): value}) if kind else find(value))


async def _in_list(resource: Any, wanted: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return objects by the texts that name them, from the whole list."""
    found: dict[str, list[Any]] = {text: [] for text in wanted}
    texts = {value: text for text, (_, value) in wanted.items()}
    async for item in resource.sweep():
        sim = getattr(item, "sim", None)
        for thing in (item, sim) if sim is not None else (item,):
            for name in ("iccid", "iccid_with_luhn", "imsi", "msisdn", "eid", "imei", "ip_address", "name"):
                text = texts.get(getattr(thing, name, None) or "")
                if text is not None and item not in found[text]:
                    found[text].append(item)
    for text, items in found.items():
        if len(items) > 1:
            ids = ", ".join(str(one.id) for one in items[:10])
            raise CommandError(f"{text!r} is the name of {len(items)} objects: {ids}; use the id")
    return {text: items[0] for text, items in found.items() if items}
