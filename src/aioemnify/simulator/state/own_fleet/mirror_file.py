"""Read a user's own fleet from a mirror: the SQLite file that ``aioemnify.fleet.Mirror`` keeps.

The tables ``sim_json`` and ``endpoint_json`` have each object as JSON, as the API returned it. What two
objects say about the same thing may differ, since they were read at different times. Then the object
itself counts, not what another says of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from aioemnify.simulator.state.fleet import DELETED
from aioemnify.simulator.state.own_fleet.drafts import DELETED_ENDPOINT, Drafts
from aioemnify.simulator.state.own_fleet.values import WrongLine

APPLICATION = 0x656D6D72
"""Marks a file as a mirror. It is the number of the client's mirror, as tests check."""

FORMAT = 1
"""The newest format of a mirror that can be read."""

_SIGNATURE = b"SQLite format 3\0"
_COLLECTIONS = {"sim": "sims", "endpoint": "endpoints"}
_PROFILES = ("service_profile", "tariff_profile")


def is_database(path: Path) -> bool:
    """Return whether a file is a SQLite database.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(_SIGNATURE)) == _SIGNATURE


def read_mirror(path: Path, drafts: Drafts) -> str:
    """Add the SIMs and endpoints of a mirror to ``drafts``, and return what identifies the content.

    Raises:
        WrongLine: the file is not a complete mirror of this version, or an object cannot be read; the text
            names it.
    """
    digest = sha256()
    try:
        with closing(_opened(path)) as database:
            database.execute("BEGIN")  # one moment for all reads
            _check(database)
            for table, identity, values in _objects(database, digest.update):
                try:
                    drafts.add_line(values, identity)
                except WrongLine as error:
                    raise WrongLine(f"{table} {identity}: {error}") from None
    except sqlite3.Error as error:
        raise WrongLine(f"the database cannot be read: {error}") from None
    return digest.hexdigest()[:16]


def _opened(path: Path) -> sqlite3.Connection:
    address = path.absolute().as_uri()
    for mode in ("mode=ro", "immutable=1"):  # the second for a folder in which nothing can be written
        database = sqlite3.connect(f"{address}?{mode}", uri=True, isolation_level=None)
        try:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            database.close()
            if mode == "immutable=1":
                raise
        except BaseException:
            database.close()
            raise
        else:
            return database
    raise AssertionError("unreachable")


def _check(database: sqlite3.Connection) -> None:
    (application,) = database.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise WrongLine("it is a database, but not a mirror of a fleet")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > FORMAT:
        raise WrongLine(f"it is a mirror of a newer version (format {version}; this one reads {FORMAT})")
    counts = []
    for table, name in _COLLECTIONS.items():
        (count,) = database.execute(f"SELECT count(*) FROM {table}_json").fetchone()
        synced = database.execute("SELECT 1 FROM fact WHERE name = ?", (f"{name}.synced",)).fetchone()
        if count and not synced:
            raise WrongLine(f"its {name} were never read to their end; synchronise the mirror first")
        counts.append(count)
    if not any(counts):
        raise WrongLine("it has neither SIMs nor endpoints; synchronise the mirror first")


def _objects(database: sqlite3.Connection, note: Any) -> Iterator[tuple[str, int, dict[str, Any]]]:
    known = {
        table: {row[0] for row in database.execute(f"SELECT id FROM {table}_json")} for table in _COLLECTIONS
    }
    profiles: dict[tuple[str, int], str] = {}
    for table, inner in (("endpoint", "sim"), ("sim", "endpoint")):
        # Which SIM is in which endpoint is what the endpoints say, where there are any.
        linked = table == "endpoint" or not known["endpoint"]
        for identity, text in database.execute(f"SELECT id, json FROM {table}_json ORDER BY id DESC"):
            note(text.encode())
            values = _decoded(text)
            if values is None:
                raise WrongLine(f"{table} {identity} is not a JSON object; the mirror is damaged")
            values["id"] = identity
            if _is_deleted(values, table):
                continue
            held = values.pop(inner, None)
            if isinstance(held, Mapping) and linked and not _is_deleted(held, inner):
                own = held.get("id") in known[inner]
                values[inner] = {"id": held["id"]} if own else _same_profiles(dict(held), profiles)
            yield table, identity, _same_profiles(values, profiles)


def _decoded(text: str) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None
    return value if isinstance(value, dict) else None


def _is_deleted(values: Mapping[str, Any], table: str) -> bool:
    status = values.get("status")
    number = status.get("id") if isinstance(status, Mapping) else status
    return bool(number == (DELETED if table == "sim" else DELETED_ENDPOINT))


def _same_profiles(values: dict[str, Any], names: dict[tuple[str, int], str]) -> dict[str, Any]:
    """Give a profile one name, that of the newest endpoint: it may have been renamed between two reads."""
    for field in _PROFILES:
        profile = values.get(field)
        if isinstance(profile, Mapping) and profile.get("name"):
            name = names.setdefault((field, profile["id"]), profile["name"])
            values[field] = {"id": profile["id"], "name": name}
    return values
