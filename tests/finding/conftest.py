"""Both event loops in virtual time."""

from __future__ import annotations

import pytest

from tests.virtual_time import backend


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)
