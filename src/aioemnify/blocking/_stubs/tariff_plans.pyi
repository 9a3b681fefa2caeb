# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.tariff_plans import TariffPlanAssignment
from aioemnify.options import CallOptions

class TariffPlans:
    """Tariff plans."""

    def get_active(self, *, options: CallOptions | None = None) -> TariffPlanAssignment:
        """Get the tariff plan of the caller's organisation.

        The organisation is the one of the token.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The organisation has no active plan."""

    def get_active_for_organisation(
        self, org_id_or_my: int | str, *, options: CallOptions | None = None
    ) -> TariffPlanAssignment:
        """Get the current tariff plan of an organisation.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            org_id_or_my: Organisation id, or "my" for the organisation of the token.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such organisation, or it has no active plan."""

    def list_for_organisation(
        self, org_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[TariffPlanAssignment]:
        """List the tariff plans of an organisation, past and present.

        The current one has active true.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            org_id: Organisation id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
