# Generated from schema/resources/lookups.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Lookups: the models of requests and responses."""

import attrs

from aioemnify.serialization.model import LookupModel


@attrs.frozen(kw_only=True)
class ServiceLevel(LookupModel):
    """A level of service."""

    id: int
    name: str | None = attrs.field(default=None, eq=False)
