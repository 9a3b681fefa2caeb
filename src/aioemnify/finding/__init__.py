"""Find one object by what people call it, instead of by its id.

The list of SIMs can be filtered by ICCID, EID, IMSI and MSISDN, the list of endpoints by ICCID, EID, IMEISV,
IP address and name. Anything else goes through the other list, whose items name the object: one call more.
How the API compares a value with a filter is not documented, so each item is compared again here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify._lazy_names import lazy_names

if TYPE_CHECKING:
    from aioemnify.finding.search import find as find

if not TYPE_CHECKING:  # type checkers find misspelt names without it
    __getattr__ = lazy_names(__name__, {"find": "search"})
