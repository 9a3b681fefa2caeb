# Generated from schema/resources/ by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""The groups of the API as attributes of the client, each loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from aioemnify.pagination import Caller
    from aioemnify.resources.application_tokens import ApplicationTokens
    from aioemnify.resources.auth import Auth
    from aioemnify.resources.endpoints import Endpoints
    from aioemnify.resources.events import Events
    from aioemnify.resources.lookups import Lookups
    from aioemnify.resources.service_profiles import ServiceProfiles
    from aioemnify.resources.sim_batches import SimBatches
    from aioemnify.resources.sims import Sims
    from aioemnify.resources.tariff_profiles import TariffProfiles


class ResourceAttributes:
    """What a caller of operations inherits to offer every group by name."""

    __slots__ = ()

    @property
    def application_tokens(self) -> ApplicationTokens:
        """Application tokens."""
        from aioemnify.resources.application_tokens import ApplicationTokens

        return ApplicationTokens(cast("Caller", self))

    @property
    def auth(self) -> Auth:
        """Authentication."""
        from aioemnify.resources.auth import Auth

        return Auth(cast("Caller", self))

    @property
    def endpoints(self) -> Endpoints:
        """Endpoints."""
        from aioemnify.resources.endpoints import Endpoints

        return Endpoints(cast("Caller", self))

    @property
    def events(self) -> Events:
        """Events."""
        from aioemnify.resources.events import Events

        return Events(cast("Caller", self))

    @property
    def lookups(self) -> Lookups:
        """Lookups."""
        from aioemnify.resources.lookups import Lookups

        return Lookups(cast("Caller", self))

    @property
    def service_profiles(self) -> ServiceProfiles:
        """Service profiles."""
        from aioemnify.resources.service_profiles import ServiceProfiles

        return ServiceProfiles(cast("Caller", self))

    @property
    def sim_batches(self) -> SimBatches:
        """SIM batches."""
        from aioemnify.resources.sim_batches import SimBatches

        return SimBatches(cast("Caller", self))

    @property
    def sims(self) -> Sims:
        """SIMs."""
        from aioemnify.resources.sims import Sims

        return Sims(cast("Caller", self))

    @property
    def tariff_profiles(self) -> TariffProfiles:
        """Tariff profiles."""
        from aioemnify.resources.tariff_profiles import TariffProfiles

        return TariffProfiles(cast("Caller", self))
