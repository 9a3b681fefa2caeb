"""Both event loops, in virtual time, and an ASGI server that is a function call."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receivers.kept import Kept
from tests.virtual_time import backend


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return backend(request.param)


@pytest.fixture
def kept() -> Kept:
    return Kept()
