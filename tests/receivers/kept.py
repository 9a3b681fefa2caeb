"""An application whose handlers keep what they get."""

from __future__ import annotations

from typing import Any

from aioemnify import receivers
from tests.receivers.pushed import SECRET, STREAM


class Kept:
    """Handlers of every kind that keep what they get, and when."""

    def __init__(self) -> None:
        self.records: list[Any] = []
        self.errors: list[tuple[Exception, list[Any]]] = []

    async def keep(self, record: Any) -> None:
        self.records.append(record)

    def failed(self, error: Exception, records: Any) -> None:
        self.errors.append((error, list(records)))

    @property
    def ids(self) -> list[Any]:
        return [record.id for record in self.records]

    def app(self, **options: Any) -> receivers.Receiver:
        names = ("on_event", "on_usage", "on_sms", "on_sms_report")
        defaults = {name: self.keep for name in names if f"{name}s" not in options}
        secrets = {"stream_headers": STREAM, "callback_secret": SECRET, "on_error": self.failed}
        return receivers.app(**(defaults | secrets | options))
