# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
import builtins
import os
from collections.abc import Iterable

from aioemnify.blocking._stubs.pagination import Pages
from aioemnify.fleet import Report
from aioemnify.models.tags import Tag, TagBulkDelete, TagBulkRequest, TagColor, TagCreate, TagUpdate
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import TagBulkDeleteDict, TagBulkRequestDict, TagCreateDict, TagUpdateDict
from aioemnify.types import Created

class Tags:
    """Tags."""

    def assign_bulk(
        self, body: TagBulkRequest | TagBulkRequestDict, *, options: CallOptions | None = None
    ) -> None:
        """Assign tags to several endpoints.

        Each item has an endpoint and the tags to assign. Whether a rejected item affects the others
        is not documented.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: TagBulkRequest or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller is not allowed to do this.
            ConflictError: An endpoint already has one of its tags.
            ValidationError: Validation failed."""

    def create(self, body: TagCreate | TagCreateDict, *, options: CallOptions | None = None) -> Tag | Created:
        """Create a tag.

        The request has the colour as color, the response as tag_color; if omitted, the server chooses
        one at random.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: TagCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller is not allowed to do this.
            ConflictError: The tag already exists.
            ValidationError: Validation failed."""

    def delete(self, tag_id: int | str, *, options: CallOptions | None = None) -> None:
        """Delete a tag.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tag_id: Tag id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such tag."""

    def delete_many(
        self, ids: Iterable[int | str], *, journal: str | os.PathLike[str] | None = None
    ) -> Report:
        """Delete a tag: many, as one job.

        Sends up to 2,000 in a call of tags.delete_bulk, finds the bad ones of a refused call, and
        does none twice. The report says what became of each; a failed one raises nothing.

        Limit: only those of the client address and the month.

        Args:
            ids: The ids.
            journal: The file to continue from after a crash; without it the job lives in memory.

        Raises:
            ArgumentError: An item has the wrong shape, and nothing was sent; or the journal is
                another job's.
            JournalError: The journal cannot be used.
            EmnifyError: The job cannot go on; with a journal, the same call continues it."""

    def delete_bulk(
        self, body: TagBulkDelete | TagBulkDeleteDict, *, options: CallOptions | None = None
    ) -> None:
        """Delete several tags.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: TagBulkDelete or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller is not allowed to do this.
            ValidationError: Validation failed."""

    def list(
        self,
        *,
        page: int | None = None,
        page_size: int | None = None,
        name: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Tag]:
        """List the tags of the organisation.

        The only list that the API sends as an object with totals instead of an array with headers.
        The default page size is not documented.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            page: The first page to return, from 1.
            page_size: Items per page.
            name: Only tags of this name; whether part of a name is enough is not documented.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller is not allowed to do this."""

    def list_colors(self, *, options: CallOptions | None = None) -> builtins.list[TagColor]:
        """List the colours of tags.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def unassign_bulk(
        self, body: TagBulkRequest | TagBulkRequestDict, *, options: CallOptions | None = None
    ) -> None:
        """Remove tags from several endpoints.

        Each item has an endpoint and the tags to remove. Whether a rejected item affects the others
        is not documented.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: TagBulkRequest or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller is not allowed to do this.
            ValidationError: Validation failed."""

    def update(
        self, tag_id: int | str, body: TagUpdate | TagUpdateDict, *, options: CallOptions | None = None
    ) -> None:
        """Change the name or the colour of a tag.

        Send only what changes.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            tag_id: Tag id.
            body: The request body: TagUpdate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: No such tag.
            ValidationError: Validation failed."""
