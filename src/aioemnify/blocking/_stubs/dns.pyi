# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.dns import Dns as DnsModel
from aioemnify.models.dns import DnsCreate
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import DnsCreateDict
from aioemnify.types import Created

class Dns:
    """DNS."""

    def create(self, body: DnsCreate | DnsCreateDict, *, options: CallOptions | None = None) -> Created:
        """Add a pair of name servers.

        Devices use it only after a service profile refers to it as dns.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: DnsCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def delete(self, dns_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a pair of name servers.

        The API refuses this while a service profile uses it; the status code is not documented.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            dns_id: Id of the pair.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[DnsModel]:
        """List the pairs of name servers.

        This list has no paging, filter or sort.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
