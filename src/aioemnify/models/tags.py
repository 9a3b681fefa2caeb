# Generated from schema/resources/tags.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Tags: the models of requests and responses."""

import attrs

from aioemnify.models.refs import IdRef
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, UnsetType


@attrs.define(kw_only=True)
class TagBulkDelete(BodyModel):
    """The tags to delete."""

    tags: list[IdRef | int] | UnsetType = UNSET


@attrs.define(kw_only=True)
class TagBulkItem(BodyModel):
    """One endpoint and the tags to assign or remove."""

    endpoint: IdRef | int | UnsetType = UNSET
    tags: list[IdRef | int] | UnsetType = UNSET


@attrs.define(kw_only=True)
class TagBulkRequest(BodyModel):
    """Endpoints and the tags to assign or remove."""

    items: list[TagBulkItem] | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class TagColor(LookupModel):
    """A colour of tags. The ids are not documented: read the lookup."""

    id: int
    hex_color: str | None = attrs.field(default=None, eq=False)
    """The colour in hexadecimal, as in HTML."""

    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Tag(Model):
    """A label for endpoints."""

    id: int
    name: str | None = None
    tag_color: TagColor | None = attrs.field(default=None, metadata={"intern": True})
    """Called color in requests."""

    resource_count: int | None = None
    """The number of endpoints with this tag."""


@attrs.define(kw_only=True)
class TagCreate(BodyModel):
    """A new tag."""

    name: str
    color: IdRef | int | UnsetType = UNSET
    """If omitted, the server chooses a colour at random."""


@attrs.frozen(kw_only=True)
class TagPage(Model):
    """One page of tags and the totals."""

    total: int | None = None
    """Number of tags in the whole collection."""

    page: int | None = None
    """The returned page."""

    page_size: int | None = None
    """The page size in effect."""

    last_page: int | None = None
    """Number of pages in the whole collection."""

    data: list[Tag] | None = None
    """The tags of this page."""


@attrs.define(kw_only=True)
class TagUpdate(BodyModel):
    """The changes to a tag. Send only what changes."""

    name: str | UnsetType = UNSET
    color: IdRef | int | UnsetType = UNSET
