"""What all clients of a process build once, on first use or by ``Emnify.preload``."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from importlib import import_module

from anyio.lowlevel import current_token

from aioemnify import models
from aioemnify._checks import check_choice
from aioemnify.tables.operations import OPERATIONS
from aioemnify.transport.wire.compiled import Compiled

COMPILED = Compiled(models.resolve)
"""The decoders and checks of bodies."""

LATE = (
    "aioemnify.fleet",
    "aioemnify.prefetch",
    "aioemnify.transport.wire.lenient",
    "email.utils",
    "hashlib",
    "html",
    "json",
)
"""Modules that calls import when they first need them."""


def check_groups(groups: Collection[str]) -> None:
    """Refuse the name of a group that the API does not have."""
    known = sorted({operation.partition(".")[0] for operation in OPERATIONS})
    for group in groups:
        check_choice("groups", group, known)


def load_groups(groups: Collection[str]) -> None:
    """Load groups, none stands for all, and build what each of their operations needs."""
    for operation in OPERATIONS.values():
        group = operation.id.partition(".")[0]
        if not groups or group in groups:
            import_module(f"aioemnify.resources.{group}")
            COMPILED.prepare(operation)


def load_modules() -> None:
    """Load the modules that calls of every group import late."""
    for name in LATE:
        import_module(name)
    with suppress(RuntimeError):  # no event loop runs, so nobody knows which
        current_token()  # loads what anyio needs for it
