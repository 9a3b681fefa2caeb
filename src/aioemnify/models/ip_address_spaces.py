# Generated from schema/resources/ip_address_spaces.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""IP address spaces: the models of requests and responses."""

import attrs

from aioemnify.serialization.model import BodyModel, Model


@attrs.frozen(kw_only=True)
class IpAddressSpace(Model):
    """A private address range of the organisation."""

    id: int
    ip_address_space: str | None = None
    """The range in CIDR notation, such as 10.189.0.176/28."""

    ip_address_version: int | None = None
    """4 or 6."""

    used_count: int | None = None
    """Number of used addresses."""

    available_count: int | None = None
    """Number of free addresses."""


@attrs.define(kw_only=True)
class IpAddressSpaceCreate(BodyModel):
    """An address range to allocate."""

    ip_address_space: str
    """The range in CIDR notation, such as 10.189.0.176/28."""

    ip_address_version: int
    """One of 4, 6."""
