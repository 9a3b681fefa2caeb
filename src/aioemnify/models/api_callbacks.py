# Generated from schema/resources/api_callbacks.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""API callbacks: the models of requests and responses."""

import attrs

from aioemnify.serialization.model import BodyModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class ApiCallback(Model):
    """An address that the platform posts to."""

    id: int
    url: str | None = None
    purpose: str | None = None
    """The purpose; free text."""

    organisation_id: int | None = None
    created: Timestamp | None = None
    """May lack a time zone; it is then UTC."""


@attrs.define(kw_only=True)
class ApiCallbackCreate(BodyModel):
    """A new callback address. The members are known from samples; the API does not document them."""

    url: str
    """The URL to post to; it must answer with a 2xx status."""

    purpose: str | UnsetType = UNSET
    """The purpose; free text."""

    organisation_id: int | UnsetType = UNSET
    """The organisation that will own the callback."""
