"""How patient the client is: pure decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify import RetryPolicy
from aioemnify.operation import RetryClass
from aioemnify.transport.retry import RetryBudget, may_repeat
from aioemnify.transport.retry_after import http_date, retry_after


@pytest.mark.parametrize(
    ("retry_class", "was_sent", "again"),
    [
        ("safe", False, True),
        ("safe", True, True),
        ("idempotent", False, True),
        ("idempotent", True, True),
        ("once", False, True),
        ("once", True, False),
    ],
)
def test_the_table(retry_class: RetryClass, was_sent: bool, again: bool) -> None:
    assert may_repeat(retry_class, was_sent=was_sent) is again


def test_the_delay_doubles_up_to_the_longest() -> None:
    policy = RetryPolicy(first_delay=0.5, longest_delay=3)
    assert [policy.backoff(n, lambda: 1.0) for n in (1, 2, 3, 4, 50)] == [0.5, 1.0, 2.0, 3.0, 3.0]


@given(st.integers(1, 500), st.floats(0, 1))
def test_the_delay_is_anywhere_below_the_full_one(failures: int, chance: float) -> None:
    policy = RetryPolicy()
    assert 0 <= policy.backoff(failures, lambda: chance) <= policy.backoff(failures, lambda: 1.0) <= 20


@pytest.mark.parametrize(
    "wrong", [{"attempts": 0}, {"limit_attempts": 0}, {"first_delay": 0}, {"longest_delay": -1}]
)
def test_a_policy_that_cannot_work_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RetryPolicy(**wrong)


def test_a_budget_is_spent_and_earned() -> None:
    budget = RetryBudget(capacity=2.0, earned=0.25)
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    for _ in range(3):
        budget.earn()
    assert not budget.spend()
    budget.earn()
    assert budget.spend()
    assert not budget.spend()


def test_twenty_retries_are_allowed_and_five_successes_earn_another() -> None:
    budget = RetryBudget()
    assert [budget.spend() for _ in range(21)] == [True] * 20 + [False]
    for earned in [False] * 4 + [True]:
        budget.earn()
        assert budget.spend() is earned


def test_a_budget_is_never_more_than_full() -> None:
    budget = RetryBudget(capacity=1.0, earned=0.5)
    for _ in range(10):
        budget.earn()
    assert [budget.spend() for _ in range(2)] == [True, False]


# --- Retry-After

WALL = datetime(2026, 3, 31, 12, 0, 0, tzinfo=UTC).timestamp()


@pytest.mark.usefixtures("far_from_utc")
@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "1500", 1.5),
        (429, "0", 0.0),
        (429, " 250 ", 0.25),
        (503, "120", 120.0),
        (502, "0", 0.0),
        (503, "Tue, 31 Mar 2026 12:00:30 GMT", 30.0),
        (429, "Tue, 31 Mar 2026 12:00:30 GMT", 30.0),
        (429, "Tue, 31 Mar 2026 14:00:30 +0200", 30.0),
        (503, "Tue, 31 Mar 2026 12:00:30 -0000", 30.0),
        (503, "Tue, 31 Mar 2026 12:00:30", 30.0),
        (503, "Tue, 31 Mar 2026 11:00:00 GMT", 0.0),
        (503, "Fri, 01 May 2026 12:00:00 GMT", 31 * 86400.0),
        # Seconds since the epoch, of a moment within a month; any other number is a number.
        (429, f"{WALL + 30:.0f}", 30.0),
        (503, f"{WALL + 30:.0f}", 30.0),
        (429, f"{WALL:.0f}", 0.0),
        (429, f"{WALL - 1:.0f}", (WALL - 1) / 1000),
        (503, "2678400", 31 * 86400.0),
        (429, "2678400000", 31 * 86400.0),
    ],
)
def test_retry_after(status: int, value: str, seconds: float) -> None:
    assert retry_after(status, value, WALL) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "soon",
        "-5",
        "1.5",
        "1e3",
        "²",
        "\u0661",
        "9" * 5000,
        "Mon,",
        ",",
        "Tue, 99 Mar 2026 12:00:30 GMT",
        "0x10",
        # Longer than a month, or of another age.
        "9" * 18,
        "2678400001",
        "Fri, 01 May 2026 12:00:01 GMT",
        "Tue, 31 Mar 1936 12:00:30 GMT",
        "Tue, 31 Mar 9999 23:59:59 GMT",
        "Tue, 31 Mar 1601 00:00:00 +2359",
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_rubbish_is_no_wait(status: int, value: str) -> None:
    assert retry_after(status, value, WALL) is None


def test_no_header_is_no_wait() -> None:
    assert retry_after(429, "", WALL) is None


@given(
    st.sampled_from([429, 503]), st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ [\d:]+ .*")
)
def test_no_header_raises(status: int, value: str) -> None:
    wait = retry_after(status, value, WALL)
    assert wait is None or 0 <= wait <= 31 * 86400


@given(
    st.integers(0, 10**18) | st.integers(int(WALL) - 10**7, int(WALL) + 10**7), st.sampled_from([429, 503])
)
def test_no_number_is_a_wait_of_more_than_a_month(number: int, status: int) -> None:
    wait = retry_after(status, str(number), WALL)
    assert wait is None or 0 <= wait <= 31 * 86400


@given(st.text() | st.datetimes().map(format_datetime))
def test_a_date_is_one_of_this_age(value: str) -> None:
    seconds = http_date(value)
    assert seconds is None or 0 <= seconds < 2**32
