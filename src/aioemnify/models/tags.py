# Generated from schema/resources/tags.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Tags: the records that are sent and answered."""

import attrs

from aioemnify.models.refs import IdRef
from aioemnify.types import UNSET, UnsetType


@attrs.define(kw_only=True)
class TagBulkDelete:
    """The tags to delete."""

    tags: list[IdRef | int] | UnsetType = UNSET


@attrs.define(kw_only=True)
class TagBulkItem:
    """One endpoint and its tags to put on or take off."""

    endpoint: IdRef | int | UnsetType = UNSET
    tags: list[IdRef | int] | UnsetType = UNSET


@attrs.define(kw_only=True)
class TagBulkRequest:
    """Endpoints and the tags to put on them or take off them."""

    items: list[TagBulkItem] | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class TagColor:
    """A colour a tag can have. Ids are not published: read the lookup."""

    id: int
    hex_color: str | None = attrs.field(default=None, eq=False)
    """As in HTML, in hexadecimal digits."""

    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Tag:
    """A label for endpoints."""

    id: int
    name: str | None = None
    tag_color: TagColor | None = attrs.field(default=None, metadata={"intern": True})
    """Called color when it is sent."""

    resource_count: int | None = None
    """How many endpoints carry it."""


@attrs.define(kw_only=True)
class TagCreate:
    """A new tag."""

    name: str
    color: IdRef | int | UnsetType = UNSET
    """Left out, a colour is chosen at random."""


@attrs.frozen(kw_only=True)
class TagPage:
    """One page of tags and the totals."""

    total: int | None = None
    """Tags in the whole collection."""

    page: int | None = None
    """The page that came."""

    page_size: int | None = None
    """The page size in force."""

    last_page: int | None = None
    """Pages in the whole collection."""

    data: list[Tag] | None = None
    """The tags of this page."""


@attrs.define(kw_only=True)
class TagUpdate:
    """What changes about a tag. Send only that."""

    name: str | UnsetType = UNSET
    color: IdRef | int | UnsetType = UNSET
