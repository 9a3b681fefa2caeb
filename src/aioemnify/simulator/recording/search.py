"""Search the journal by words, by fields, and by how requests ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, get_args

from attrs import frozen

from aioemnify.simulator.recording.journal import Outcome, RequestRecord

LONGEST_SEARCH = 200
MOST_WORDS = 12
_TERM = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"|(\S+))')

_Hits = Callable[[Sequence[RequestRecord], str], Iterable[int]]
"""Returns the positions of the records that have a word."""


@frozen
class _Term:
    """A word, whether it must be there or must not, and where it is looked up."""

    word: str
    wanted: bool
    sources: tuple[_Hits, ...]

    def keep(self, part: Sequence[RequestRecord]) -> Sequence[RequestRecord]:
        """Return the records that fit this term."""
        hits: set[int] = set()
        for source in self.sources:
            hits.update(source(part, self.word))
            if len(hits) == len(part):
                break
        if not hits:
            return [] if self.wanted else part
        return [record for position, record in enumerate(part) if (position in hits) is self.wanted]


class RecordFilter:
    """A search: words that a record must have, in any order.

    A word is looked up in method, path, query, operation, status, limit, fault, organisation, address and
    both bodies. ``field:word`` looks in one place only, ``is:refused`` asks how the request ended, ``-word``
    excludes, quotes keep spaces together. Upper and lower case are equal.

    Args:
        search: the text of the search; empty matches every record.

    Raises:
        ValueError: it is too long, has too many words, or names an outcome that does not exist.
    """

    def __init__(self, search: str) -> None:
        if len(search) > LONGEST_SEARCH:
            raise ValueError(f"a search has at most {LONGEST_SEARCH} characters")
        words = {
            (minus, name.lower(), (quoted or word).lower()): None
            for minus, name, quoted, word in _TERM.findall(search)
            if quoted or word
        }
        if len(words) > MOST_WORDS:
            raise ValueError(f"a search has at most {MOST_WORDS} words; quotes keep spaces together")
        self._terms = [_term(*each) for each in words]

    def keep(self, records: Sequence[RequestRecord]) -> Sequence[RequestRecord]:
        """Return the matching records in their order."""
        for term in self._terms:
            records = term.keep(records)
        return records


def _term(minus: str, name: str, word: str) -> _Term:
    if name == "is":
        return _Term(_checked_outcome(word), not minus, (_by_outcome,))
    sources = _SOURCES.get(name)
    if sources is None:
        # Not a field: any other word, or a part of a query such as q=status:1.
        word = f"{name}:{word}" if name else word
        sources = tuple(source for name in _PLAIN for source in _SOURCES[name])
    return _Term(word, not minus, sources)


def _by_value(member: str, test: Callable[[Any, str], bool]) -> _Hits:
    """Look at a member with few different values, and test each value once."""
    get = attrgetter(member)

    def hits(part: Sequence[RequestRecord], word: str) -> Iterable[int]:
        good = {value for value in set(map(get, part)) if value is not None and test(value, word)}
        return [place for place, value in enumerate(map(get, part)) if value in good] if good else ()

    return hits


def _by_text(member: str) -> _Hits:
    """Look at a member that differs in most records: in all at once, then in each."""
    get = attrgetter(member)

    def hits(part: Sequence[RequestRecord], word: str) -> Iterable[int]:
        if word not in "\n".join(map(get, part)).lower():
            return ()
        return [place for place, text in enumerate(map(get, part)) if word in text.lower()]

    return hits


def _by_body(member: str) -> _Hits:
    get = attrgetter(member)

    def hits(part: Sequence[RequestRecord], word: str) -> Iterable[int]:
        encoded = word.encode(errors="surrogatepass")
        if encoded not in b"\n".join(filter(None, map(get, part))).lower():
            return ()
        return [place for place, body in enumerate(map(get, part)) if body and encoded in body.lower()]

    return hits


def _by_headers(part: Sequence[RequestRecord], word: str) -> Iterable[int]:
    # Many requests of one client share their headers.
    different = {id(record.headers): record.headers for record in part}
    good = {key for key, headers in different.items() if _has(headers, word)}
    return [place for place, record in enumerate(part) if id(record.headers) in good]


def _has(headers: Mapping[str, str], word: str) -> bool:
    return any(word in f"{name}: {value}".lower() for name, value in headers.items())


def _by_outcome(part: Sequence[RequestRecord], word: str) -> Iterable[int]:
    test = _OUTCOME_TESTS[word]
    return [place for place, record in enumerate(part) if test(record)]


def _is(outcome: str, record: RequestRecord) -> bool:
    return record.outcome == outcome


_OUTCOME_TESTS: Mapping[str, Callable[[RequestRecord], bool]] = {
    **{outcome.replace("_", "-"): partial(_is, outcome) for outcome in get_args(Outcome)},
    "failed": lambda record: record.outcome not in ("ok", "waiting"),
    "fault": lambda record: bool(record.fault),
}


def _checked_outcome(word: str) -> str:
    if word not in _OUTCOME_TESTS:
        raise ValueError(f"is:{word} is not an outcome; accepted: {', '.join(_OUTCOME_TESTS)}")
    return word


def _contains(value: str, word: str) -> bool:
    return word in value.lower()


def _equals(value: object, word: str) -> bool:
    return str(value).lower() == word


def _status(value: int, word: str) -> bool:
    return str(value).startswith(word.rstrip("x") or word)


def _fault(names: tuple[str, ...], word: str) -> bool:
    return word.replace("-", "") in " ".join(names).lower()


_SOURCES: Mapping[str, tuple[_Hits, ...]] = {
    "method": (_by_value("method", _equals),),
    "status": (_by_value("status", _status),),
    "operation": (_by_value("operation", _contains),),
    "limit": (_by_value("limit", _contains), _by_value("refused_by", _contains)),
    "fault": (_by_value("fault", _fault),),
    "organisation": (_by_value("organisation", _equals),),
    "address": (_by_value("address", _contains),),
    "path": (_by_text("path"),),
    "query": (_by_text("query"),),
    "body": (_by_body("request_body"), _by_body("response_body")),
    "request": (_by_value("request_id", _contains),),
    "header": (_by_headers, _by_value("request_id", _contains)),
}
_PLAIN = tuple(name for name in _SOURCES if name != "header")
