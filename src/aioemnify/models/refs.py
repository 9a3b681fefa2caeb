# Generated from schema/refs.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""References: the models of requests and responses."""

import attrs

from aioemnify.serialization.model import Model


@attrs.frozen(kw_only=True)
class Country(Model):
    """A country, or a network that does not belong to a country."""

    id: int | None = None
    """Missing if the response has country_id instead."""

    name: str | None = None
    country_code: str | None = None
    """Dialling code, digits only; may be empty."""

    mcc: str | None = None
    """Mobile country code; leading zeros are significant; may be empty."""

    iso_code: str | None = None
    """ISO 3166-1 alpha-2."""

    latitude: float | None = None
    """Degrees north."""

    longitude: float | None = None
    """Degrees east."""

    country_id: int | None = None
    """The id; this name is used inside a connectivity location."""


@attrs.frozen(kw_only=True)
class EndpointRef(Model):
    """An endpoint by id and name."""

    id: int
    name: str | None = None


@attrs.frozen(kw_only=True)
class IdRef(Model):
    """A reference to an existing object by its id."""

    id: int | None
    """Null clears the reference, where the API lets it be cleared."""


@attrs.frozen(kw_only=True)
class OperatorRef(Model):
    """A network operator by id and name."""

    id: int
    name: str | None = None
    country: Country | None = attrs.field(default=None, metadata={"intern": True})
    mnc: str | None = None
    """Mobile network code, with leading zeros."""


@attrs.frozen(kw_only=True)
class OrganisationRef(Model):
    """An organisation by id and name."""

    id: int
    name: str | None = None
    country: Country | None = attrs.field(default=None, metadata={"intern": True})


@attrs.frozen(kw_only=True)
class ProductRef(Model):
    """A product by id and name."""

    id: int
    name: str | None = None


@attrs.frozen(kw_only=True)
class ServiceProfileRef(Model):
    """A service profile by id and name."""

    id: int
    name: str | None = None


@attrs.frozen(kw_only=True)
class TariffProfileRef(Model):
    """A tariff profile by id and name."""

    id: int
    name: str | None = None
    satellite_capable: bool | None = None
    """Whether the coverage includes satellite networks."""


@attrs.frozen(kw_only=True)
class UserRef(Model):
    """A user by id and name."""

    id: int | None = None
    name: str | None = None
    username: str | None = None
    """Usually the e-mail address."""


@attrs.frozen(kw_only=True)
class WorkspaceRef(Model):
    """A workspace by id and name."""

    id: int
    name: str | None = None
