"""What hooks are typed to be. Checked by type checkers, never run."""

from __future__ import annotations

from typing import assert_type

from aioemnify import CallOptions, Emnify, Hooks
from aioemnify.errors import EmnifyError
from aioemnify.hooks import CallInfo, JobInfo, JobProgress
from aioemnify.options import LimitKind, Priority
from aioemnify.telemetry import OpenTelemetry


class Own(Hooks):
    def call_started(self, call: CallInfo, /) -> float:
        assert_type(call.template, str | None)
        assert_type(call.priority, Priority)
        return 1.0

    def waited(self, call: float, limit: str, kind: LimitKind, seconds: float, /) -> None: ...

    def job_progress(self, job: JobInfo, progress: JobProgress, /) -> None:
        assert_type(progress.failed, int)


def clients() -> None:
    assert_type(Emnify("token", hooks=Own()), Emnify)
    assert_type(Emnify("token", hooks=OpenTelemetry(), request_id=None), Emnify)
    assert_type(Emnify("token", request_id=lambda: "id"), Emnify)
    Emnify("token", hooks="print")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    CallOptions(request_id=None)
    CallOptions(request_id="id")


def errors(error: EmnifyError) -> None:
    assert_type(error.request_id, str | None)
