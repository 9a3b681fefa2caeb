# Generated from schema/resources/operators.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Operators: the models of requests and responses."""

import attrs

from aioemnify.models.refs import Country
from aioemnify.serialization.model import Model


@attrs.frozen(kw_only=True)
class NetworkCode(Model):
    """A network code of an operator."""

    id: int | None = None
    mnc: str | None = None
    """Mobile network code, with leading zeros."""

    operator_id: int | None = None


@attrs.frozen(kw_only=True)
class TapCode(Model):
    """A billing code of an operator."""

    id: int | None = None
    tapcode: str | None = None
    """Five letters or digits, such as AFGAW."""

    operator_id: int | None = None


@attrs.frozen(kw_only=True)
class Operator(Model):
    """A network operator."""

    id: int
    name: str | None = None
    country: Country | None = attrs.field(default=None, metadata={"intern": True})
    tapcode: list[TapCode] | None = None
    """The billing codes."""

    mnc: list[NetworkCode] | None = None
    """The mobile network codes."""

    country_name: str | None = None
    name_and_country: str | None = None
    """Country, slash and name, for display."""

    inbound_roamers_allowed: bool | None = None
