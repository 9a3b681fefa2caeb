"""The tables of the store in a file: a ledger's numbers, tokens, and the time they are kept in."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from aioemnify.clock import Clock
from aioemnify.stores._reservations import HEARTBEAT

TABLES = (
    "CREATE TABLE IF NOT EXISTS bucket (key TEXT PRIMARY KEY, tat REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS use"
    " (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS use_at ON use (key, at)",
    # A wall clock that jumps to another month and back finds the count it left.
    "CREATE TABLE IF NOT EXISTS month"
    " (key TEXT, month TEXT, used INTEGER NOT NULL, PRIMARY KEY (key, month)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS pause (key TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS name (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS sharer (name TEXT PRIMARY KEY, seen REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS token"
    " (key TEXT PRIMARY KEY, text TEXT NOT NULL, until REAL NOT NULL, wall REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS lease"
    " (key TEXT PRIMARY KEY, holder TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID",
)


def boot_name() -> str:
    """Return what tells one start of the machine from another, where the system says."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


class SqliteTables:
    """What is in the file, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def begin(self, generation: str, boot: str) -> None:
        """Set the file's time going, and after a restart of the machine on from where it stopped.

        Processes of one machine read the same monotonic clock, so the file's time is that clock
        plus a number; a restart begins it anew.
        """
        self._connection.execute("INSERT OR IGNORE INTO name VALUES ('generation', ?)", (generation,))
        mono, wall = self._clock.monotonic(), self._clock.wall()
        kept = dict(self._connection.execute("SELECT name, value FROM name WHERE name IN ('boot')"))
        before = self.note("mono")
        if not kept:
            self.set_note("offset", wall - mono)
        elif kept["boot"] != boot or mono < before:
            # The wall clock may have been put back meanwhile; time in here never goes back.
            passed = max(0.0, wall - self.note("wall"))
            self.set_note("offset", before + self.note("offset") + passed - mono)
        self._connection.execute("INSERT OR REPLACE INTO name VALUES ('boot', ?)", (boot,))
        self._keep_time(mono, wall)

    def _keep_time(self, mono: float, wall: float) -> None:
        self.set_note("mono", mono)
        self.set_note("wall", wall)

    def now(self) -> float:
        """Return the file's time."""
        return self._clock.monotonic() + self.note("offset")

    def generation(self) -> str:
        """Return the name this file was given when it was made."""
        return str(self._value("SELECT value FROM name WHERE name = ?", "generation"))

    def touch(self, name: str, now: float) -> tuple[int, int]:
        """Note that a sharer is alive; return how many there are, and its place among them."""
        run = self._connection.execute
        seen = self._value("SELECT seen FROM sharer WHERE name = ?", name)
        if seen is None or not 0 <= now - float(str(seen)) < 1.0:
            run("INSERT OR REPLACE INTO sharer VALUES (?, ?)", (name, now))
            run("DELETE FROM sharer WHERE seen < ?", (now - HEARTBEAT,))
            self._keep_time(self._clock.monotonic(), self._clock.wall())
        row = run("SELECT count(*), coalesce(sum(name < ?), 0) FROM sharer", (name,)).fetchone()
        return int(row[0]), int(row[1])

    def leave(self, name: str) -> None:
        """Note that a sharer has gone."""
        self._connection.execute("DELETE FROM sharer WHERE name = ?", (name,))

    def tat(self, key: str) -> float:
        """Return when a bucket is empty again."""
        return self._number("SELECT tat FROM bucket WHERE key = ?", key)

    def set_tat(self, key: str, tat: float, now: float) -> None:
        """Keep that moment."""
        self._connection.execute("INSERT OR REPLACE INTO bucket VALUES (?, ?)", (key, tat))

    def nth_latest(self, key: str, nth: int) -> float | None:
        """Return the moment of the ``nth`` latest use."""
        row = self._connection.execute(
            "SELECT at FROM use WHERE key = ? ORDER BY at DESC LIMIT 1 OFFSET ?", (key, nth - 1)
        ).fetchone()
        return None if row is None else float(row[0])

    def uses(self, key: str, since: float) -> int:
        """Return the uses after ``since``."""
        row = self._connection.execute(
            "SELECT count(*) FROM use WHERE key = ? AND at > ?", (key, since)
        ).fetchone()
        return int(row[0])

    def add_use(self, key: str, at: float, forget: float) -> str:
        """Note a use and drop old ones."""
        self._connection.execute("DELETE FROM use WHERE key = ? AND at < ?", (key, forget))
        added = self._connection.execute("INSERT INTO use (key, at) VALUES (?, ?)", (key, at))
        return str(added.lastrowid)

    def drop_use(self, key: str, name: str) -> None:
        """Forget one use."""
        self._connection.execute("DELETE FROM use WHERE id = ? AND key = ?", (int(name), key))

    def month_used(self, key: str, month: str) -> int:
        """Return the uses in a month."""
        row = self._connection.execute(
            "SELECT used FROM month WHERE key = ? AND month = ?", (key, month)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def set_month_used(self, key: str, month: str, used: int) -> None:
        """Keep the uses of a month."""
        self._connection.execute("INSERT OR REPLACE INTO month VALUES (?, ?, ?)", (key, month, used))

    def paused_until(self, key: str) -> float:
        """Return when a pause ends."""
        return self._number("SELECT until FROM pause WHERE key = ?", key)

    def set_pause(self, key: str, until: float) -> None:
        """Keep when a pause ends."""
        self._connection.execute("INSERT OR REPLACE INTO pause VALUES (?, ?)", (key, until))

    def note(self, name: str) -> float:
        """Return one of the ledger's own numbers."""
        return self._number("SELECT value FROM note WHERE name = ?", name)

    def set_note(self, name: str, value: float) -> None:
        """Keep one of the ledger's own numbers."""
        self._connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def token(self, key: str) -> tuple[str, float] | None:
        """Return a token's text and the seconds it still lives."""
        row = self._connection.execute("SELECT text, until, wall FROM token WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        # A machine that slept has a wall clock that knows, and a monotonic one that may not.
        remaining = min(float(row[1]) - self.now(), float(row[2]) - self._clock.wall())
        return (str(row[0]), remaining) if remaining > 0 else None

    def set_token(self, key: str, text: str, remaining: float) -> None:
        """Keep a token, and forget those that are over."""
        now, wall = self.now(), self._clock.wall()
        self._connection.execute("DELETE FROM token WHERE until <= ?", (now,))
        self._connection.execute(
            "INSERT OR REPLACE INTO token VALUES (?, ?, ?, ?)", (key, text, now + remaining, wall + remaining)
        )

    def lease(self, key: str, holder: str, seconds: float) -> bool:
        """Give a lease to ``holder``, or prolong its own, unless somebody else has it."""
        now = self.now()
        row = self._connection.execute("SELECT until, holder FROM lease WHERE key = ?", (key,)).fetchone()
        if row is not None and now < float(row[0]) and row[1] != holder:
            return False
        self._connection.execute(
            "INSERT OR REPLACE INTO lease VALUES (?, ?, ?)", (key, holder, now + seconds)
        )
        return True

    def release(self, key: str, holder: str) -> None:
        """End a lease that ``holder`` has."""
        self._connection.execute("DELETE FROM lease WHERE key = ? AND holder = ?", (key, holder))

    def _value(self, query: str, key: str) -> object:
        row = self._connection.execute(query, (key,)).fetchone()
        return None if row is None else row[0]

    def _number(self, query: str, key: str) -> float:
        row = self._connection.execute(query, (key,)).fetchone()
        return 0.0 if row is None else float(row[0])
