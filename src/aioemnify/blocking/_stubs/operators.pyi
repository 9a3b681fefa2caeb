# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.operators import Operator
from aioemnify.options import CallOptions

class Operators:
    """Operators."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[Operator]:
        """List the network operators.

        A long list without paging, filter or sort: read it once and keep it. endpoints.block_operator
        takes these ids.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
