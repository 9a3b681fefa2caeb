# Generated from schema/resources/tags.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Tags: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.pagination import Pages
from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.tags import Tag, TagBulkDelete, TagBulkRequest, TagColor, TagCreate, TagUpdate
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class Tags:
    """Tags."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def assign_bulk(
        self,
        body: TagBulkRequest | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Put tags on several endpoints.

        Each item names an endpoint and the tags to put on it. Whether a refused item keeps the others
        from taking effect is not documented.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: TagBulkRequest or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller may not do this.
            ConflictError: An endpoint has one of its tags already.
            ValidationError: Validation failed.
        """
        await self._caller._call(OPERATIONS["tags.assign_bulk"], (), body=body, options=options)

    async def create(
        self,
        body: TagCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Tag | Created:
        """Create a tag.

        The colour is sent as color and comes back as tag_color; left out, it is chosen at random.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: TagCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller may not do this.
            ConflictError: There is such a tag already.
            ValidationError: Validation failed.
        """
        result: Tag | Created = await self._caller._call(
            OPERATIONS["tags.create"], (), body=body, options=options
        )
        return result

    async def delete(
        self,
        tag_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a tag.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tag_id: Tag id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such tag.
        """
        await self._caller._call(OPERATIONS["tags.delete"], (tag_id,), options=options)

    async def delete_bulk(
        self,
        body: TagBulkDelete | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete several tags.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: TagBulkDelete or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller may not do this.
            ValidationError: Validation failed.
        """
        await self._caller._call(OPERATIONS["tags.delete_bulk"], (), body=body, options=options)

    def list(
        self,
        *,
        page: int | None = None,
        page_size: int | None = None,
        name: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Tag]:
        """List the tags of the organisation.

        The one list that comes in an object with its totals instead of as an array with headers. The
        size of a page that is not asked for is not documented.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            page: The page to begin with, from 1.
            page_size: Items per page.
            name: Only tags of this name; whether part of a name is enough is not documented.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed request.
            PermissionDeniedError: The caller may not do this.
        """
        return Pages(
            self._caller,
            OPERATIONS["tags.list"],
            (),
            page=page,
            size=page_size,
            query={"name": name},
            options=options,
        )

    async def list_colors(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[TagColor]:
        """List the colours a tag can have.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[TagColor] = await self._caller._call(
            OPERATIONS["tags.list_colors"], (), options=options
        )
        return result

    async def unassign_bulk(
        self,
        body: TagBulkRequest | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Take tags off several endpoints.

        Each item names an endpoint and the tags to take off it. Whether a refused item keeps the
        others from taking effect is not documented.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: TagBulkRequest or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller may not do this.
            ValidationError: Validation failed.
        """
        await self._caller._call(OPERATIONS["tags.unassign_bulk"], (), body=body, options=options)

    async def update(
        self,
        tag_id: int | str,
        body: TagUpdate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Change the name or the colour of a tag.

        Send only what changes.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            tag_id: Tag id.
            body: What to send: TagUpdate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: No such tag.
            ValidationError: Validation failed.
        """
        await self._caller._call(OPERATIONS["tags.update"], (tag_id,), body=body, options=options)
