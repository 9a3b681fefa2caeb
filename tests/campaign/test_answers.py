"""The campaign of answers finds what a client must not do with one; a soak finds what grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest

from aioemnify.errors import ArgumentError, ConnectError, DecodeError
from tests.campaign.answer_work import BATCH, AnswerWork, draw, problems_of, show_answer
from tests.campaign.answers import SECRET, changed, draw_answer, good_bodies
from tests.campaign.invariants import Violation
from tests.campaign.soak import LEAST, WAVE, Sample, growth, judge
from tests.campaign.workers import Report, run
from tests.contract.documented import CALLS


class Unpicklable(DecodeError):
    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("no")


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (KeyError("x"), "undocumented error: KeyError"),
        (ArgumentError("body", "is wrong"), "undocumented error: ArgumentError"),
        (RecursionError(), "undocumented error: RecursionError"),
        (Unpicklable("x"), "Unpicklable cannot be pickled"),
    ],
)
def test_an_outcome_that_must_not_be_is_found(outcome: object, kind: str) -> None:
    assert [found for found, _ in problems_of(outcome, sent=True)] == [kind]


def test_a_secret_is_found_in_whatever_an_error_keeps() -> None:
    error = DecodeError("x")
    error.__context__ = ValueError(f"unexpected {SECRET}")
    assert [found for found, _ in problems_of(error, sent=True)] == ["secret shown by ValueError"]
    assert list(problems_of(error, sent=False)) == []


@pytest.mark.parametrize("outcome", [None, 7, ConnectError("x"), DecodeError("x", excerpt="y")])
def test_a_value_and_a_documented_error_are_right(outcome: object) -> None:
    assert list(problems_of(outcome, sent=True)) == []


def test_all_operations_are_called_with_answers_that_follow_from_their_seeds() -> None:
    drawn = [draw(seed) for seed in range(2 * len(CALLS))]
    assert {one.call.id for one in drawn} == CALLS.keys()
    assert [str(one.answer) for one in drawn] == [str(draw(seed).answer) for seed in range(len(drawn))]


def test_good_answers_are_among_them() -> None:
    call = CALLS["sims.list"]
    answers = [draw_answer(Random(seed), call) for seed in range(300)]
    assert any(b"".join(answer.pieces).decode("latin-1") in good_bodies(call) for answer in answers)


def test_a_change_changes_a_text() -> None:
    text = good_bodies(CALLS["sims.list"])[0]
    assert len({changed(Random(seed), text, 1) for seed in range(50)}) > 40
    assert changed(Random(1), text, 0) == text
    assert changed(Random(1), "no JSON", 3) == "no JSON"


def test_one_answer_can_be_shown() -> None:
    shown = list(show_answer(3))
    assert shown[0].startswith(draw(3).call.id)


def test_a_batch_of_answers_is_read() -> None:
    work = AnswerWork()
    try:
        assert work.do(0).counts == Counter({"answers": BATCH})
    finally:
        work.close()


# --- processes


class Doubtful:
    """Work that breaks a rule at 3, and dies at 5."""

    def do(self, number: int) -> Report:
        if number == 5:
            raise SystemExit(1)
        broken = [Violation("three", "it is 3")] if number == 3 else []
        return Report(number, Counter({"done": 1}), broken)

    def close(self) -> None:
        pass


def test_every_piece_of_work_is_done_whatever_becomes_of_its_process() -> None:
    reports = {report.number: report for report in run(Doubtful, range(10), 2)}
    assert sorted(reports) == list(range(10))
    kinds = {number: [found.kind for found in report.violations] for number, report in reports.items()}
    assert {number: found for number, found in kinds.items() if found} == {
        3: ["three"],
        5: ["never ended"],
    }


# --- growth


def samples(blocks: Iterator[int]) -> list[Sample]:
    return [Sample(count, 50_000.0, 12, 0) for count in blocks]


def test_steady_growth_is_found() -> None:
    grown = samples(300_000 + 400 * wave for wave in range(3 * LEAST))
    assert growth(grown)["memory blocks"] == pytest.approx(400 * 1000 / WAVE)
    assert [found.kind for found in judge("trio", grown)] == ["memory blocks grow"]


@pytest.mark.parametrize("more", [lambda wave: wave % 7 * 900, lambda wave: min(wave, 9) * 5000])
def test_noise_and_caches_that_fill_are_not_growth(more: Callable[[int], int]) -> None:
    assert list(judge("trio", samples(300_000 + more(wave) for wave in range(3 * LEAST)))) == []
