# Generated from schema/resources/api_secrets.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""API secrets: the models of requests and responses."""

import attrs

from aioemnify.serialization.model import BodyModel, Model
from aioemnify.types import UNSET, UnsetType


@attrs.frozen(kw_only=True)
class ApiSecret(Model):
    """A key that signs callbacks; the API never returns the key."""

    id: int
    organisation_id: int | None = None
    purpose: str | None = None
    """The purpose; free text."""


@attrs.define(kw_only=True)
class ApiSecretCreate(BodyModel):
    """A new key that signs callbacks."""

    organisation_id: int | UnsetType = UNSET
    """The organisation that will own the secret."""

    purpose: str | UnsetType = UNSET
    """The purpose; free text."""

    id: int | UnsetType = UNSET
    """Set by the server; omit it."""

    secret: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """The key. The API describes it in the text but omits it from the list of members."""
