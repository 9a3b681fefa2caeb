# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

from aioemnify.blocking._stubs.api_callbacks import ApiCallbacks
from aioemnify.blocking._stubs.api_secrets import ApiSecrets
from aioemnify.blocking._stubs.application_tokens import ApplicationTokens
from aioemnify.blocking._stubs.auth import Auth
from aioemnify.blocking._stubs.automations import Automations
from aioemnify.blocking._stubs.cloud_connect import CloudConnect
from aioemnify.blocking._stubs.custom_events import CustomEvents
from aioemnify.blocking._stubs.data_streams import DataStreams
from aioemnify.blocking._stubs.dns import Dns
from aioemnify.blocking._stubs.endpoints import Endpoints
from aioemnify.blocking._stubs.euiccs import Euiccs
from aioemnify.blocking._stubs.events import Events
from aioemnify.blocking._stubs.ip_address_spaces import IpAddressSpaces
from aioemnify.blocking._stubs.lookups import Lookups
from aioemnify.blocking._stubs.mfa import Mfa
from aioemnify.blocking._stubs.operators import Operators
from aioemnify.blocking._stubs.organisations import Organisations
from aioemnify.blocking._stubs.service_profiles import ServiceProfiles
from aioemnify.blocking._stubs.services import Services
from aioemnify.blocking._stubs.sim_batches import SimBatches
from aioemnify.blocking._stubs.sim_operations import SimOperations
from aioemnify.blocking._stubs.sims import Sims
from aioemnify.blocking._stubs.system_events import SystemEvents
from aioemnify.blocking._stubs.tags import Tags
from aioemnify.blocking._stubs.tariff_plans import TariffPlans
from aioemnify.blocking._stubs.tariff_profiles import TariffProfiles
from aioemnify.blocking._stubs.users import Users
from aioemnify.blocking._stubs.workspaces import Workspaces

class ResourceAttributes:
    """The groups of the API as properties; the client inherits them."""

    @property
    def api_callbacks(self) -> ApiCallbacks:
        """API callbacks."""

    @property
    def api_secrets(self) -> ApiSecrets:
        """API secrets."""

    @property
    def application_tokens(self) -> ApplicationTokens:
        """Application tokens."""

    @property
    def auth(self) -> Auth:
        """Authentication."""

    @property
    def automations(self) -> Automations:
        """Automations."""

    @property
    def cloud_connect(self) -> CloudConnect:
        """Cloud Connect."""

    @property
    def custom_events(self) -> CustomEvents:
        """Custom events."""

    @property
    def data_streams(self) -> DataStreams:
        """Data streams."""

    @property
    def dns(self) -> Dns:
        """DNS."""

    @property
    def endpoints(self) -> Endpoints:
        """Endpoints."""

    @property
    def euiccs(self) -> Euiccs:
        """eUICCs."""

    @property
    def events(self) -> Events:
        """Events."""

    @property
    def ip_address_spaces(self) -> IpAddressSpaces:
        """IP address spaces."""

    @property
    def lookups(self) -> Lookups:
        """Lookups."""

    @property
    def mfa(self) -> Mfa:
        """Multi-factor authentication."""

    @property
    def operators(self) -> Operators:
        """Operators."""

    @property
    def organisations(self) -> Organisations:
        """Organisations."""

    @property
    def service_profiles(self) -> ServiceProfiles:
        """Service profiles."""

    @property
    def services(self) -> Services:
        """Services."""

    @property
    def sim_batches(self) -> SimBatches:
        """SIM batches."""

    @property
    def sim_operations(self) -> SimOperations:
        """SIM operations."""

    @property
    def sims(self) -> Sims:
        """SIMs."""

    @property
    def system_events(self) -> SystemEvents:
        """System events."""

    @property
    def tags(self) -> Tags:
        """Tags."""

    @property
    def tariff_plans(self) -> TariffPlans:
        """Tariff plans."""

    @property
    def tariff_profiles(self) -> TariffProfiles:
        """Tariff profiles."""

    @property
    def users(self) -> Users:
        """Users."""

    @property
    def workspaces(self) -> Workspaces:
        """Workspaces."""
