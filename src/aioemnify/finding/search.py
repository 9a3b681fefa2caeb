"""The search: which lists are asked for an identifier, and which of their items have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from aioemnify.errors import MultipleResultsError, NoResultError, NotFoundError
from aioemnify.finding.identifiers import Identifier, Kind, identifiers
from aioemnify.finding.sorted_list import with_imei
from aioemnify.finding.whole_list import matching
from aioemnify.operation import Operation
from aioemnify.pagination import SHOWN, Caller, listing_of


async def find(
    caller: Caller,
    listing: Operation,
    getter: Operation,
    through: tuple[Operation, str],
    text: object,
    given: Mapping[Kind, object],
    options: object,
) -> Any:
    """Return the one object that has an identifier.

    Args:
        caller: makes the calls.
        listing: the list of the objects.
        getter: reads one object.
        through: another list, for identifiers that the first one cannot be filtered by, and the member of
            its items that names the object.
        text: an identifier of any kind.
        given: identifiers by kind, ``None`` where there is none.
        options: the options of each call.

    Raises:
        ArgumentError: there is not exactly one identifier, or it cannot be of its kind.
        NoResultError: no object has it.
        MultipleResultsError: several have it.
    """
    search = _Search(caller, listing, getter, through, options)
    tried = identifiers(text, given)
    for identifier in tried:
        found = await search.find(identifier)
        if found is not None:
            return found
    told = " and none with the ".join(map(str, tried)) + "".join(one.advice for one in tried)
    raise NoResultError(f"{search.name} found no item with the {told}")


@frozen
class _Search:
    """One search for one object."""

    _caller: Caller
    _listing: Operation
    _getter: Operation
    _through: tuple[Operation, str]
    _options: object

    @property
    def name(self) -> str:
        """Return the name of the method, for messages."""
        return f"{self._listing.id.partition('.')[0]}.find"

    async def find(self, identifier: Identifier) -> Any:
        """Return the only object with an identifier, ``None`` if there is none.

        Raises:
            MultipleResultsError: there are several.
        """
        listed, is_complete = await self._select(self._listing, identifier)
        found = self._only(identifier, listed)
        if found is not None or is_complete:
            return found
        listing, member = self._through
        others, _ = await self._select(listing, identifier)
        named = [getattr(other, member, None) for other in others]
        found = self._only(identifier, [one for one in named if one is not None])
        if found is None:
            return None
        try:
            return await self._caller._call(self._getter, (found.id,), options=self._options)
        except NotFoundError:  # deleted meanwhile
            return None

    def _only(self, identifier: Identifier, found: Sequence[Any]) -> Any:
        # One comes twice if the list changes between two of its pages.
        found = list({one.id: one for one in found}.values())
        if len(found) > 1:
            shown = found[:SHOWN]
            ids = ", ".join(str(one.id) for one in shown) + (", ..." if len(found) > SHOWN else "")
            problem = f"{self.name} found {len(found)} items with the {identifier}"
            raise MultipleResultsError(f"{problem}: use get({ids})", results=shown, total=len(found))
        return found[0] if found else None

    async def _select(self, listing: Operation, identifier: Identifier) -> tuple[list[Any], bool]:
        """Return the items of a list that have an identifier, and whether no other item can have it."""
        if identifier.field not in listing_of(listing).filter_fields:
            return [], False
        if identifier.partial:
            return await with_imei(self._caller, listing, identifier, self._options), True
        wanted = {identifier.field: identifier.text}
        return await matching(self._caller, listing, identifier, self._options, filter=wanted)
