"""Tag calls: the tags of an organisation, and assigning them to many endpoints at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aioemnify.simulator.answers.listing import cut
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.pages import query_of
from aioemnify.simulator.platform.errors import Detail, Findings, duplicated
from aioemnify.simulator.platform.lookups import TAG_COLORS
from aioemnify.simulator.state.records.tags import Tag


def _find(call: Call) -> Tag:
    return call.find("tag_id", "Tag", call.organisation.tags.tags)


def list_colors(call: Call) -> Reply:
    """Return the colours.

    Choice: there are eight, with ids from 1.
    """
    return Reply(body=[dict(color) for color in TAG_COLORS.values()])


def list_tags(call: Call) -> Reply:
    """Return one page of the tags in an envelope.

    Choice: ``name`` matches tags whose name contains it, case-insensitive.

    Raises:
        Problem: 400, the page or its size is not a positive number.
    """
    query = query_of(call, strict=True)
    part = call.params.get("name", "").casefold()
    found = [tag for tag in call.organisation.tags.tags.values() if part in tag.name.casefold()]
    page = cut(query, len(found))
    return Reply(
        body={
            "total": page.total,
            "page": page.page,
            "page_size": page.size,
            "last_page": page.pages,
            "data": [tag.body() for tag in found[page.start : page.stop]],
        }
    )


def create_tag(call: Call) -> Reply:
    """Create a tag; without a colour it gets a random one.

    Raises:
        Problem: 409 the name exists, 422 it is empty or the colour is unknown.
    """
    findings = Findings("Tag")
    name = call.body["name"]
    if not name:
        findings.required("name")
    color = _color(call, findings)
    findings.check()
    if call.organisation.tags.named(name) is not None:
        raise duplicated(f"Tag with name {name} exists already")
    tag = Tag(
        id=call.world.allot("tag"), name=name, color=color or call.world.chance.choice(list(TAG_COLORS))
    )
    call.organisation.tags.tags[tag.id] = tag
    return call.created(f"/api/v2/tags/{tag.id}", tag.body())


def _color(call: Call, findings: Findings) -> int | None:
    if call.body.get("color") is None:
        return None
    return findings.reference("TagColor", call.body["color"], TAG_COLORS)


def update_tag(call: Call) -> Reply:
    """Change name and colour.

    Raises:
        Problem: 422 the name is empty or exists, or the colour is unknown.
    """
    tag, findings = _find(call), Findings("Tag")
    name = call.body.get("name", tag.name)
    if not name:
        findings.required("name")
    if call.organisation.tags.named(name) not in (None, tag):
        findings.details.append(Detail(1405, f"Tag with name {name} exists already"))
    color = _color(call, findings)
    findings.check()
    tag.name, tag.color = name, color or tag.color
    return NO_CONTENT


def delete_tag(call: Call) -> Reply:
    """Delete a tag, and remove it from endpoints."""
    call.organisation.tags.delete([_find(call).id])
    return NO_CONTENT


def delete_bulk(call: Call) -> Reply:
    """Delete tags: all or none.

    Raises:
        Problem: 422 with every unknown tag.
    """
    findings, known = Findings("Tag"), call.organisation.tags.tags
    wanted = [findings.reference("Tag", tag, known) for tag in call.body.get("tags", ())]
    findings.check()
    call.organisation.tags.delete(tag for tag in wanted if tag is not None)
    return Reply()


def _pairs(call: Call) -> list[tuple[int, int]]:
    findings = Findings("Tag")
    pairs = list(_read_pairs(call, findings))
    findings.check()
    return list(dict.fromkeys(pairs))


def _read_pairs(call: Call, findings: Findings) -> Iterator[tuple[int, int]]:
    for item in call.body.get("items", ()):
        endpoint = (item.get("endpoint") or {}).get("id")
        if endpoint is None or call.organisation.endpoints.find(endpoint) is None:
            findings.dangling("Endpoint", endpoint)
        for reference in item.get("tags", ()):
            tag = findings.reference("Tag", reference, call.organisation.tags.tags)
            if tag is not None and endpoint is not None:
                yield endpoint, tag


def assign_bulk(call: Call) -> Reply:
    """Assign tags to endpoints: all or none.

    Choice: these tags are independent of the comma-separated text ``tags`` of an endpoint.

    Raises:
        Problem: 422 with every unknown object, 409 if an endpoint has one of the tags already.
    """
    pairs, book = _pairs(call), call.organisation.tags
    for endpoint, tag in pairs:
        if book.carries(endpoint, tag):
            raise duplicated(f"Tag with id {tag} is already assigned to endpoint {endpoint}")
    for endpoint, tag in pairs:
        book.put_on(endpoint, tag)
    return Reply()


def unassign_bulk(call: Call) -> Reply:
    """Remove tags from endpoints.

    Choice: a tag that an endpoint does not have is ignored.

    Raises:
        Problem: 422 with every unknown object.
    """
    for endpoint, tag in _pairs(call):
        call.organisation.tags.take_off(endpoint, tag)
    return Reply()


HANDLERS: Mapping[str, Handler] = {
    "tags.list_colors": list_colors,
    "tags.list": list_tags,
    "tags.create": create_tag,
    "tags.update": update_tag,
    "tags.delete": delete_tag,
    "tags.delete_bulk": delete_bulk,
    "tags.assign_bulk": assign_bulk,
    "tags.unassign_bulk": unassign_bulk,
}
"""Handlers of the tag calls, by operation."""
