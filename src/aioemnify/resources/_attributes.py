# Generated from schema/resources/ by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""The groups of the API as attributes of the client, each imported when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from aioemnify.pagination import Caller
    from aioemnify.resources.api_callbacks import ApiCallbacks
    from aioemnify.resources.api_secrets import ApiSecrets
    from aioemnify.resources.application_tokens import ApplicationTokens
    from aioemnify.resources.auth import Auth
    from aioemnify.resources.automations import Automations
    from aioemnify.resources.cloud_connect import CloudConnect
    from aioemnify.resources.custom_events import CustomEvents
    from aioemnify.resources.data_streams import DataStreams
    from aioemnify.resources.dns import Dns
    from aioemnify.resources.endpoints import Endpoints
    from aioemnify.resources.euiccs import Euiccs
    from aioemnify.resources.events import Events
    from aioemnify.resources.ip_address_spaces import IpAddressSpaces
    from aioemnify.resources.lookups import Lookups
    from aioemnify.resources.mfa import Mfa
    from aioemnify.resources.operators import Operators
    from aioemnify.resources.organisations import Organisations
    from aioemnify.resources.service_profiles import ServiceProfiles
    from aioemnify.resources.services import Services
    from aioemnify.resources.sim_batches import SimBatches
    from aioemnify.resources.sim_operations import SimOperations
    from aioemnify.resources.sims import Sims
    from aioemnify.resources.system_events import SystemEvents
    from aioemnify.resources.tags import Tags
    from aioemnify.resources.tariff_plans import TariffPlans
    from aioemnify.resources.tariff_profiles import TariffProfiles
    from aioemnify.resources.users import Users
    from aioemnify.resources.workspaces import Workspaces


class ResourceAttributes:
    """The groups of the API as properties; the client inherits them."""

    __slots__ = ()

    @property
    def api_callbacks(self) -> ApiCallbacks:
        """API callbacks."""
        from aioemnify.resources.api_callbacks import ApiCallbacks

        return ApiCallbacks(cast("Caller", self))

    @property
    def api_secrets(self) -> ApiSecrets:
        """API secrets."""
        from aioemnify.resources.api_secrets import ApiSecrets

        return ApiSecrets(cast("Caller", self))

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
    def automations(self) -> Automations:
        """Automations."""
        from aioemnify.resources.automations import Automations

        return Automations(cast("Caller", self))

    @property
    def cloud_connect(self) -> CloudConnect:
        """Cloud Connect."""
        from aioemnify.resources.cloud_connect import CloudConnect

        return CloudConnect(cast("Caller", self))

    @property
    def custom_events(self) -> CustomEvents:
        """Custom events."""
        from aioemnify.resources.custom_events import CustomEvents

        return CustomEvents(cast("Caller", self))

    @property
    def data_streams(self) -> DataStreams:
        """Data streams."""
        from aioemnify.resources.data_streams import DataStreams

        return DataStreams(cast("Caller", self))

    @property
    def dns(self) -> Dns:
        """DNS."""
        from aioemnify.resources.dns import Dns

        return Dns(cast("Caller", self))

    @property
    def endpoints(self) -> Endpoints:
        """Endpoints."""
        from aioemnify.resources.endpoints import Endpoints

        return Endpoints(cast("Caller", self))

    @property
    def euiccs(self) -> Euiccs:
        """eUICCs."""
        from aioemnify.resources.euiccs import Euiccs

        return Euiccs(cast("Caller", self))

    @property
    def events(self) -> Events:
        """Events."""
        from aioemnify.resources.events import Events

        return Events(cast("Caller", self))

    @property
    def ip_address_spaces(self) -> IpAddressSpaces:
        """IP address spaces."""
        from aioemnify.resources.ip_address_spaces import IpAddressSpaces

        return IpAddressSpaces(cast("Caller", self))

    @property
    def lookups(self) -> Lookups:
        """Lookups."""
        from aioemnify.resources.lookups import Lookups

        return Lookups(cast("Caller", self))

    @property
    def mfa(self) -> Mfa:
        """Multi-factor authentication."""
        from aioemnify.resources.mfa import Mfa

        return Mfa(cast("Caller", self))

    @property
    def operators(self) -> Operators:
        """Operators."""
        from aioemnify.resources.operators import Operators

        return Operators(cast("Caller", self))

    @property
    def organisations(self) -> Organisations:
        """Organisations."""
        from aioemnify.resources.organisations import Organisations

        return Organisations(cast("Caller", self))

    @property
    def service_profiles(self) -> ServiceProfiles:
        """Service profiles."""
        from aioemnify.resources.service_profiles import ServiceProfiles

        return ServiceProfiles(cast("Caller", self))

    @property
    def services(self) -> Services:
        """Services."""
        from aioemnify.resources.services import Services

        return Services(cast("Caller", self))

    @property
    def sim_batches(self) -> SimBatches:
        """SIM batches."""
        from aioemnify.resources.sim_batches import SimBatches

        return SimBatches(cast("Caller", self))

    @property
    def sim_operations(self) -> SimOperations:
        """SIM operations."""
        from aioemnify.resources.sim_operations import SimOperations

        return SimOperations(cast("Caller", self))

    @property
    def sims(self) -> Sims:
        """SIMs."""
        from aioemnify.resources.sims import Sims

        return Sims(cast("Caller", self))

    @property
    def system_events(self) -> SystemEvents:
        """System events."""
        from aioemnify.resources.system_events import SystemEvents

        return SystemEvents(cast("Caller", self))

    @property
    def tags(self) -> Tags:
        """Tags."""
        from aioemnify.resources.tags import Tags

        return Tags(cast("Caller", self))

    @property
    def tariff_plans(self) -> TariffPlans:
        """Tariff plans."""
        from aioemnify.resources.tariff_plans import TariffPlans

        return TariffPlans(cast("Caller", self))

    @property
    def tariff_profiles(self) -> TariffProfiles:
        """Tariff profiles."""
        from aioemnify.resources.tariff_profiles import TariffProfiles

        return TariffProfiles(cast("Caller", self))

    @property
    def users(self) -> Users:
        """Users."""
        from aioemnify.resources.users import Users

        return Users(cast("Caller", self))

    @property
    def workspaces(self) -> Workspaces:
        """Workspaces."""
        from aioemnify.resources.workspaces import Workspaces

        return Workspaces(cast("Caller", self))
