"""Whatever the network and the callers do, the server refuses nothing and nothing is stuck."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.network import arrivals
from tests.property.storm import Storm, ride_out, storms
from tests.property.tally import BACKENDS, examples, tell


@pytest.mark.parametrize("name", BACKENDS)
@examples(250)
@given(storm=storms)
def test_no_delay_order_cancellation_or_deadline_makes_the_server_refuse(name: str, storm: Storm) -> None:
    refused, calls = ride_out(storm, name)
    tell("1 in-flight rule", name, calls=len(arrivals(calls)), refusals=len(refused))
    assert refused == []
    if not storm.misfortune and not storm.closes and storm.month is None:
        assert all(call.outcome == "answered" for call in calls)


@pytest.mark.parametrize("name", BACKENDS)
@examples(150)
@given(storm=storms, jitter=st.sampled_from([0.001, 0.05, 0.198, 0.7, 3.0]))
def test_no_delay_below_the_fixed_margin_makes_the_server_refuse(
    name: str, storm: Storm, jitter: float
) -> None:
    refused, calls = ride_out(replace(storm, jitter=jitter), name)
    tell("2 fixed margin", name, calls=len(arrivals(calls)), refusals=len(refused))
    assert refused == []
