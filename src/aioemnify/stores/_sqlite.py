"""The tables of the store in a file: reservations, tokens, and the time they are kept in."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import Any

from aioemnify._secret import Secret
from aioemnify.clock import Clock
from aioemnify.stores.protocols import HEARTBEAT, StoredToken

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

EXPIRING = {
    "token": ("until", 0.0),
    "lease": ("until", 0.0),
    "bucket": ("tat", 0.0),
    # After a refusal a bucket has no burst, also for a while after the pause.
    "pause": ("until", 3600.0),
    "use": ("at", 31 * 86400.0),
}
"""How long after which moment a row says nothing that its absence does not say."""


def boot_name() -> str:
    """Return what tells one start of the machine from another, where the system says."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


class SqliteTables:
    """What is in the file, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._run = connection.execute
        self._clock = clock

    def begin(self, boot: str) -> None:
        """Start the file's time, and after a restart of the machine continue from where it stopped.

        Processes of one machine read the same monotonic clock, so the file's time is that clock
        plus an offset. A restart of the machine starts that clock again.
        """
        self._run("INSERT OR IGNORE INTO name VALUES ('generation', ?)", (secrets.token_hex(8),))
        mono, wall = self._clock.monotonic(), self._clock.wall()
        last_boot = self._value("SELECT value FROM name WHERE name = 'boot'")
        if last_boot is None:
            self._set_note("offset", wall - mono)
        elif last_boot != boot or mono < self._note("mono"):
            # The wall clock may have been put back meanwhile; time in here never goes back.
            passed = max(0.0, wall - self._note("wall"))
            self._set_note("offset", self._note("mono") + self._note("offset") + passed - mono)
        self._run("INSERT OR REPLACE INTO name VALUES ('boot', ?)", (boot,))
        self._keep_time(mono, wall)

    def _keep_time(self, mono: float, wall: float) -> None:
        self._set_note("mono", mono)
        self._set_note("wall", wall)

    def now(self) -> float:
        """Return the file's time."""
        return self._clock.monotonic() + self._note("offset")

    def generation(self) -> str:
        """Return the name of what is known here."""
        return str(self._value("SELECT value FROM name WHERE name = 'generation'"))

    def reset(self) -> None:
        """Forget every moment, and start another generation. The counts of months stay."""
        for table in ("bucket", "use", "pause", "sharer"):
            self._run(f"DELETE FROM {table}")
        self._run("INSERT OR REPLACE INTO name VALUES ('generation', ?)", (secrets.token_hex(8),))

    def touch(self, client: str, now: float) -> int:
        """Note that a client is alive, and return how many are."""
        seen = self._value("SELECT seen FROM sharer WHERE name = ?", client)
        if seen is None or not 0 <= now - seen < 1.0:
            self._run("INSERT OR REPLACE INTO sharer VALUES (?, ?)", (client, now))
            self._run("DELETE FROM sharer WHERE seen < ?", (now - HEARTBEAT,))
            self._keep_time(self._clock.monotonic(), self._clock.wall())
        return int(self._value("SELECT count(*) FROM sharer"))

    def leave(self, client: str) -> None:
        """Forget a sharer that closes."""
        self._run("DELETE FROM sharer WHERE name = ?", (client,))

    def tat(self, key: str) -> float:
        """Return when a bucket is empty again; 0 when nothing is known."""
        return float(self._value("SELECT tat FROM bucket WHERE key = ?", key) or 0.0)

    def set_tat(self, key: str, tat: float) -> None:
        self._run("INSERT OR REPLACE INTO bucket VALUES (?, ?)", (key, tat))

    def nth_latest(self, key: str, nth: int) -> float | None:
        """Return the moment of the ``nth`` use of a window, counted from the latest."""
        nth_at = "SELECT at FROM use WHERE key = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
        at: float | None = self._value(nth_at, key, nth - 1)
        return at

    def uses(self, key: str, since: float) -> int:
        """Return the uses of a window after ``since``."""
        return int(self._value("SELECT count(*) FROM use WHERE key = ? AND at > ?", key, since))

    def add_use(self, key: str, at: float, forget: float) -> str:
        """Log a use of a window, drop those before ``forget``, and return the use's id."""
        self._run("DELETE FROM use WHERE key = ? AND at < ?", (key, forget))
        added = self._run("INSERT INTO use (key, at) VALUES (?, ?)", (key, at))
        return str(added.lastrowid)

    def drop_use(self, key: str, use_id: str) -> None:
        self._run("DELETE FROM use WHERE id = ? AND key = ?", (int(use_id), key))

    def month_used(self, key: str, month: str) -> int:
        return int(self._value("SELECT used FROM month WHERE key = ? AND month = ?", key, month) or 0)

    def set_month_used(self, key: str, month: str, used: int) -> None:
        self._run("INSERT OR REPLACE INTO month VALUES (?, ?, ?)", (key, month, used))

    def paused_until(self, key: str) -> float:
        """Return when a limit's pause ends; 0 when it never had one."""
        return float(self._value("SELECT until FROM pause WHERE key = ?", key) or 0.0)

    def set_pause(self, key: str, until: float) -> None:
        self._run("INSERT OR REPLACE INTO pause VALUES (?, ?)", (key, until))

    def _note(self, name: str) -> float:
        return float(self._value("SELECT value FROM note WHERE name = ?", name))

    def _set_note(self, name: str, value: float) -> None:
        self._run("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def token(self, key: str) -> StoredToken | None:
        """Return a token that has not expired."""
        row = self._run("SELECT text, until, wall FROM token WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        # A machine that slept has a wall clock that knows, and a monotonic one that may not.
        remaining = min(float(row[1]) - self.now(), float(row[2]) - self._clock.wall())
        return StoredToken(Secret(row[0]), remaining) if remaining > 0 else None

    def set_token(self, key: str, token: StoredToken) -> None:
        """Keep a token, and delete what has expired: those of tenants that are gone would stay for ever."""
        now = self.now()
        for table, (moment, seconds) in EXPIRING.items():
            self._run(f"DELETE FROM {table} WHERE {moment} <= ?", (now - seconds,))
        until, wall = now + token.remaining, self._clock.wall() + token.remaining
        self._run(
            "INSERT OR REPLACE INTO token VALUES (?, ?, ?, ?)", (key, token.secret.reveal(), until, wall)
        )

    def lease(self, key: str, holder: str, seconds: float) -> bool:
        """Give a lease to ``holder``, or prolong its own, unless somebody else has it."""
        now = self.now()
        row = self._run("SELECT until, holder FROM lease WHERE key = ?", (key,)).fetchone()
        if row is not None and now < float(row[0]) and row[1] != holder:
            return False
        self._run("INSERT OR REPLACE INTO lease VALUES (?, ?, ?)", (key, holder, now + seconds))
        return True

    def release(self, key: str, holder: str) -> None:
        self._run("DELETE FROM lease WHERE key = ? AND holder = ?", (key, holder))

    def _value(self, query: str, *values: object) -> Any:
        row = self._run(query, values).fetchone()
        return None if row is None else row[0]
