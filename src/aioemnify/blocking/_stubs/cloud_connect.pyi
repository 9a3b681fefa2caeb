# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.cloud_connect import (
    CloudConnectAttachment,
    CloudConnectPrice,
    CloudConnectRegion,
    CloudConnectTgwCreate,
    CloudConnectType,
    CloudConnectVpnCreate,
)
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import CloudConnectTgwCreateDict, CloudConnectVpnCreateDict
from aioemnify.types import Created

class CloudConnect:
    """Cloud Connect."""

    def create_tgw(
        self, body: CloudConnectTgwCreate | CloudConnectTgwCreateDict, *, options: CallOptions | None = None
    ) -> Created:
        """Attach the transit gateway of an AWS account.

        Accept the share in that AWS account within 7 days; after that, use retry. Attachments cost
        money: see list_prices.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: CloudConnectTgwCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body, or a region that this type does not support.
            PermissionDeniedError: The caller may not create attachments."""

    def create_vpn(
        self, body: CloudConnectVpnCreate | CloudConnectVpnCreateDict, *, options: CallOptions | None = None
    ) -> Created:
        """Set up an IPSec VPN to the network of a customer.

        The connection is ready after three to five minutes: read its status. Attachments cost money:
        see list_prices.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: CloudConnectVpnCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body: a wrong address range or key, or a missing AS number.
            PermissionDeniedError: The caller may not create attachments."""

    def delete(self, cloudconnect_attachment_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a Cloud Connect attachment.

        Takes the link down. The API refuses this in status 7 or 8, and for the Classic types (7 and
        8).

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            cloudconnect_attachment_id: Attachment id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: Its status is Deactivated or Rolling Back, or it is of a Classic type.
            PermissionDeniedError: The caller may not delete attachments."""

    def get(
        self, cloudconnect_attachment_id: int | str, *, options: CallOptions | None = None
    ) -> CloudConnectAttachment:
        """Get one Cloud Connect attachment.

        The server may wrap the object in an array.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            cloudconnect_attachment_id: Attachment id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(
        self,
        *,
        status: int | None = None,
        type: int | None = None,
        organisation: int | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[CloudConnectAttachment]:
        """List the Cloud Connect attachments.

        Omits deactivated attachments unless status asks for them.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            status: Only attachments with this status id (see CloudConnectStatus).
            type: Only attachments with this type id (see CloudConnectType).
            organisation: Only attachments of this organisation id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to see the attachments of this
                organisation."""

    def list_available_regions(
        self, breakout_type_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[CloudConnectRegion]:
        """List the regions where a type of attachment is available.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            breakout_type_id: Id of the type (see CloudConnectType).
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_prices(self, *, options: CallOptions | None = None) -> builtins.list[CloudConnectPrice]:
        """List the prices of Cloud Connect attachments for the organisation.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_types(self, *, options: CallOptions | None = None) -> builtins.list[CloudConnectType]:
        """List the types of Cloud Connect attachments.

        The list has more types than can be created; only 1, 2 and 3 can.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def retry(self, cloudconnect_attachment_id: int | str, *, options: CallOptions | None = None) -> None:
        """Offer a transit gateway attachment again.

        The request has no body. Only for type 1 in status 2, after the 7 days to accept it in AWS
        have passed.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            cloudconnect_attachment_id: Attachment id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such attachment."""
