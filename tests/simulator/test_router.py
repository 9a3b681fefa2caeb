"""From paths to what stands behind them."""

from __future__ import annotations

import pytest
from starlette.routing import Match, Route

from aioemnify.simulator.http.router import Router
from aioemnify.simulator.platform.unpublished_operations import UNPUBLISHED
from aioemnify.tables.operations import OPERATIONS

TREE = Router(
    {
        pattern: pattern
        for pattern in (
            "/sim",
            "/sim/status",
            "/sim/{sim_id}",
            "/sim/{sim_id}/event",
            "/sim/stats/{day}/daily",
            "/sim/{sim_id}/{rest}",
            "/{kind}/status",
        )
    }
)


@pytest.mark.parametrize(
    ("path", "pattern", "args"),
    [
        ("/sim", "/sim", {}),
        ("/sim/status", "/sim/status", {}),
        ("/sim/7", "/sim/{sim_id}", {"sim_id": "7"}),
        ("/sim/7/event", "/sim/{sim_id}/event", {"sim_id": "7"}),
        ("/sim/7/else", "/sim/{sim_id}/{rest}", {"sim_id": "7", "rest": "else"}),
        ("/sim/7/event/more/", "/sim/{sim_id}/{rest}", {"sim_id": "7", "rest": "event/more/"}),
        ("/sim/stats/1/daily", "/sim/stats/{day}/daily", {"day": "1"}),
        # What begins like a literal path and is none after all.
        ("/sim/stats", "/sim/{sim_id}", {"sim_id": "stats"}),
        ("/sim/stats/1", "/sim/{sim_id}/{rest}", {"sim_id": "stats", "rest": "1"}),
        ("/user/status", "/{kind}/status", {"kind": "user"}),
        ("/sim/a b%\n", "/sim/{sim_id}", {"sim_id": "a b%\n"}),
    ],
)
def test_the_most_literal_pattern_wins(path, pattern, args):
    assert TREE.find(path) == (pattern, args)


@pytest.mark.parametrize(
    "path", ["", "/", "sim", "//sim", "/sim/", "/user", "/user/7", "/Sim", "*", "/{kind}"]
)
def test_what_no_pattern_fits(path):
    assert TREE.find(path) is None


def test_a_path_may_be_of_any_length():
    assert TREE.find("/sim/7" * 50_000)[0] == "/sim/{sim_id}/{rest}"
    assert TREE.find("/user" * 50_000) is None


def test_two_patterns_that_fit_the_same_paths_are_a_mistake():
    with pytest.raises(ValueError, match=r"/sim/\{id\} and /sim/\{sim_id\} fit the same paths"):
        Router({"/sim/{sim_id}": 1, "/sim/{id}": 2})


def test_every_path_of_the_api_leads_to_its_own_operations():
    """An ordinary router that is given this one pattern reads the same parameters from it."""
    patterns = {operation.path for operation in (*OPERATIONS.values(), *UNPUBLISHED.values())}
    tree = Router({pattern: pattern for pattern in patterns})
    for pattern in patterns:
        path = pattern.replace("{", "x").replace("}", "y")
        found, args = tree.find(path)
        assert found == pattern
        route = Route(pattern.replace("{rest}", "{rest:path}"), print)
        match, scope = route.matches({"type": "http", "method": "GET", "path": path})
        assert (match, scope["path_params"]) == (Match.FULL, args)
