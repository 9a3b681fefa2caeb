"""The search in the journal, and the requests of each second."""

from __future__ import annotations

import pytest

from aioemnify.simulator.recording.journal import RequestRecord
from aioemnify.simulator.recording.search import LONGEST_SEARCH, MOST_WORDS, RecordFilter
from aioemnify.simulator.recording.traffic import KEPT_SECONDS, Traffic

BASE = {
    "method": "GET",
    "path": "/api/v1/sim/17",
    "query": "q=status:1&name=Pump House",
    "operation": "sims.get",
    "organisation": 1001,
    "address": "127.0.0.1",
    "headers": {"user-agent": "Fleet/2.0"},
    "limit": "get_sim_id",
    "arrived": 0.0,
    "wall": 0.0,
    "latency": 0.1,
    "status": 200,
    "fault": ("CloseBefore",),
    "request_body": b'{"name": "Pump-17"}',
    "response_body": '{"city": "M\u00fcnchen"}'.encode(),
}


def made(**members):
    return RequestRecord(**{**BASE, **members})


def found(search, *records):
    return [place for place, each in enumerate(records) if each in RecordFilter(search).keep(records)]


@pytest.mark.parametrize(
    "search",
    [
        "",
        "  ",
        "SIM/17",
        "sims.get get_sim_id 200",
        "get",
        "1001",
        "127.0.0.1",
        "close-before",
        "closebefore",
        "pump-17",
        "münchen",
        "q=status:1",
        '"pump house"',
        'query:"pump house"',
        "method:get status:2xx status:20 status:200",
        "operation:sims limit:sim_id fault:close organisation:1001 address:127",
        "path:/17 query:name body:pump body:city header:fleet/2 HEADER:user-agent",
        "is:ok is:fault",
        "-status:4 -is:failed -nothing",
        "-nothing:1",
    ],
)
def test_what_matches(search):
    assert found(search, made()) == [0]


@pytest.mark.parametrize(
    "search",
    [
        "sim/18",
        "sims.get nothing",
        "method:post",
        "status:3",
        "organisation:100",
        "path:status",
        "query:sim",
        "body:fleet",
        "fleet/2.0",
        "is:failed",
        "is:refused",
        "-get",
        "-pump-17",
        "-is:fault",
        '"house pump"',
        "\udcff",
    ],
)
def test_what_does_not_match(search):
    assert found(search, made()) == []


def test_how_requests_ended():
    records = [
        made(status=None, latency=None),
        made(status=None),
        made(status=429, refused_by="ip_general"),
        made(status=302),
        made(status=429),
        made(status=500),
    ]
    outcomes = ["waiting", "cut", "refused", "ok", "client_error", "server_error"]
    assert [each.outcome for each in records] == outcomes
    for place, outcome in enumerate(outcomes):
        assert found(f"is:{outcome.replace('_', '-')}", *records) == [place]
    assert found("is:failed", *records) == [1, 2, 4, 5]
    assert found("limit:ip_general", *records) == [2]


def test_a_dropped_body_and_no_operation_match_nothing():
    record = made(
        request_body=None, response_body=None, operation=None, limit=None, organisation=None, fault=()
    )
    assert found("none", record) == found("limit:g", record) == found("body:p", record) == []


def test_a_wrong_search_says_what_is_accepted():
    with pytest.raises(ValueError, match="is:slow is not an outcome; accepted: waiting, cut, refused, ok, "):
        RecordFilter("is:slow")
    with pytest.raises(ValueError, match=f"at most {LONGEST_SEARCH} characters"):
        RecordFilter("x" * (LONGEST_SEARCH + 1))


def test_a_search_has_an_end():
    """Each word reads the whole journal, on the thread that serves requests; the same word reads it once."""
    reads = []

    class Watched(RequestRecord):
        @property
        def path(self):
            reads.append(self)
            return "/api/v1/sim/17"

        @path.setter
        def path(self, value):
            pass

    record = Watched(**BASE)
    assert RecordFilter("sim/").keep([record]) == [record]
    once = len(reads)
    assert RecordFilter("sim/ SIM/ " * 20).keep([record]) == [record]
    assert len(reads) == 2 * once
    words = [str(number) for number in range(MOST_WORDS)]
    RecordFilter(" ".join(words))
    with pytest.raises(ValueError, match=f"a search has at most {MOST_WORDS} words"):
        RecordFilter(" ".join([*words, "-x"]))


def test_the_requests_of_each_second():
    now = [100.2]
    traffic = Traffic(lambda: now[0])
    traffic.count(made())
    traffic.count(made(fault=()))
    traffic.count(made(status=429, refused_by="ip_general", limit=None, fault=()))
    now[0] = 101.9
    traffic.count(made(limit=None, status=None))
    assert traffic.since(0) == {
        "now": 101.9,
        "seconds": [
            {
                "second": 100,
                "faults": 1,
                "counts": [
                    {"limit": "get_sim_id", "outcome": "ok", "count": 2},
                    {"limit": "ip_general", "outcome": "refused", "count": 1},
                ],
            },
            {"second": 101, "faults": 1, "counts": [{"limit": None, "outcome": "cut", "count": 1}]},
        ],
    }
    assert [each["second"] for each in traffic.since(101)["seconds"]] == [101]
    now[0] += KEPT_SECONDS
    assert [each["second"] for each in traffic.since(0)["seconds"]] == [101]
    now[0] += 1
    assert traffic.since(0)["seconds"] == []
