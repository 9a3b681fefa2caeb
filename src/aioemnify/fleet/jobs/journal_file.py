"""The file of a journal: its tables, where it may lie, and what its errors mean."""

from __future__ import annotations

import sqlite3

from aioemnify.errors import EmnifyError
from aioemnify.fleet.jobs.items import SENT, WAITING

FORMAT = 1
APPLICATION = 0x656D6A6F  # marks the file as ours

TABLES = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
CREATE TABLE fact (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE part (
    id INTEGER PRIMARY KEY, operation TEXT NOT NULL, first INTEGER NOT NULL, key TEXT, shared BLOB NOT NULL,
    mark INTEGER, largest INTEGER NOT NULL DEFAULT 0, UNIQUE (operation, shared)
);
CREATE TABLE total (
    part INTEGER, state INTEGER, count INTEGER NOT NULL, PRIMARY KEY (part, state)
) WITHOUT ROWID;
CREATE TABLE item (
    number INTEGER PRIMARY KEY, first INTEGER NOT NULL, part INTEGER NOT NULL, key NOT NULL,
    body BLOB NOT NULL,
    state INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, doubled INTEGER NOT NULL DEFAULT 0,
    error TEXT, result BLOB
);
CREATE UNIQUE INDEX item_key ON item (first, key);
CREATE INDEX item_waiting ON item (part, number) WHERE state = {WAITING};
CREATE INDEX item_sent ON item (part, number) WHERE state = {SENT};
"""


class JournalError(EmnifyError):
    """The journal of a job cannot be used: another process has it, it is not one, or its disk refuses it.

    Everything committed so far is still in the file.
    """


def explained(error: sqlite3.Error) -> str:
    """Say what is wrong with the file, and what to do."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return "is in use: another process or another Job runs this job; wait for it, or end it"
    if "readonly" in text or "read-only" in text:
        return "cannot be written: give this user write permission for the file and its folder"
    if "full" in text:
        return "cannot be written: the disk is full. Free some space and run the job again; nothing is lost"
    if "not a database" in text:
        return "is not the journal of a job; use another file"
    return f"cannot be used: {text}"
