# Generated from schema/resources/api_callbacks.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""API callbacks: the records that are sent and answered."""

import attrs

from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class ApiCallback:
    """An address the platform posts to."""

    id: int
    url: str | None = None
    purpose: str | None = None
    """What it is for; free text."""

    organisation_id: int | None = None
    created: Timestamp | None = None
    """May come without a zone; then it is UTC."""


@attrs.define(kw_only=True)
class ApiCallbackCreate:
    """A new callback address. These members are known from samples; the API publishes no list of its
    own.
    """

    url: str
    """Where to post; it accepts by answering with a 2xx status."""

    purpose: str | UnsetType = UNSET
    """What it is for; free text."""

    organisation_id: int | UnsetType = UNSET
    """Whose callback it becomes."""
