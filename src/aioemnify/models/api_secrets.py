# Generated from schema/resources/api_secrets.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""API secrets: the records that are sent and answered."""

import attrs

from aioemnify.types import UNSET, UnsetType


@attrs.frozen(kw_only=True)
class ApiSecret:
    """A key that signs callbacks; the key itself is never shown."""

    id: int
    organisation_id: int | None = None
    purpose: str | None = None
    """What it is for; free text."""


@attrs.define(kw_only=True)
class ApiSecretCreate:
    """A new key that signs callbacks."""

    organisation_id: int | UnsetType = UNSET
    """Whose secret it becomes."""

    purpose: str | UnsetType = UNSET
    """What it is for; free text."""

    id: int | UnsetType = UNSET
    """Given by the server; leave it out."""

    secret: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """The key. The API describes it in words but leaves it out of its list of members."""
