# Generated from schema/resources/dns.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""DNS: the models of requests and responses."""

import attrs

from aioemnify.serialization.model import BodyModel, Model


@attrs.frozen(kw_only=True)
class Dns(Model):
    """A pair of name servers."""

    id: int
    primary: str | None = None
    """IP address."""

    secondary: str | None = None
    """IP address."""

    ip_address_version: int | None = None
    """One of 4, 6."""


@attrs.define(kw_only=True)
class DnsCreate(BodyModel):
    """A new pair of name servers."""

    primary: str
    """IP address."""

    secondary: str
    """IP address."""

    ip_address_version: int
    """The server ignores 6 for now.

    Known values: 4, 6. The server may send others.
    """
