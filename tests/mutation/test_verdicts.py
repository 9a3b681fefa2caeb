"""Judging a sample of mutants: what counts as noticed, and which survivors need a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mutation.verdicts import (
    SURVIVORS,
    Explanation,
    Mutant,
    changed_lines,
    explained,
    is_other_case,
    judge,
    report,
    status_of,
)

DIFF = """\
--- src/aioemnify/clock.py
+++ src/aioemnify/clock.py
@@ -1,3 +1,3 @@
 def double(x):
-        return x + x
+        return x - x
"""
MUTANT = Mutant("src/aioemnify/clock.py", 7, "double", DIFF, "survived")
ENTRY = '''
[[survivor]]
function = "double"
diff = """
- return x + x
+ return x - x
"""
reason = "x is always 0"
equivalent = true
'''


def test_an_explanation_holds_wherever_the_function_moves() -> None:
    known = explained(ENTRY)
    assert known == {("double", "- return x + x\n+ return x - x"): Explanation("x is always 0", True)}
    moved = replace(MUTANT, path="src/aioemnify/other.py", line=99, diff=DIFF.replace("        ", "    "))
    verdict = judge([moved], known)
    assert verdict.survived == [(moved, Explanation("x is always 0", True))]
    assert verdict.passed and verdict.rate == 1.0


def test_a_survivor_without_a_reason_fails_and_is_shown_as_an_entry_to_fill_in() -> None:
    killed = [replace(MUTANT, status="killed")] * 99
    verdict = judge([*killed, MUTANT], {})
    assert verdict.rate == 0.99 and not verdict.passed
    shown = "\n".join(report(verdict))
    assert "src/aioemnify/clock.py:7 double: survived" in shown and "99.0%" in shown
    entry = shown[shown.index("[[survivor]]") : shown.index("equivalent = false")]
    filled = entry.replace('reason = ""', 'reason = "because"') + "equivalent = false"
    assert explained(filled) == {MUTANT.key: Explanation("because", False)}


@pytest.mark.parametrize(("noticed", "passed"), [(8, False), (9, True)])
def test_nine_of_ten_that_change_behaviour_have_to_be_noticed(noticed: int, passed: bool) -> None:
    known = {MUTANT.key: Explanation("too rare", False), ("same", ""): Explanation("no difference", True)}
    same = replace(MUTANT, function="same", diff="")
    others = [replace(MUTANT, function=f"f{number}", status="killed") for number in range(noticed - 1)]
    late = replace(MUTANT, function="late", status="timed out")
    verdict = judge([MUTANT, same, late, *others], known)
    assert verdict.passed is passed
    assert verdict.rate == noticed / (noticed + 1)


def test_a_mutant_that_no_test_calls_is_a_survivor_that_is_named_so() -> None:
    verdict = judge([replace(MUTANT, status="not reached")], {})
    assert not verdict.passed and verdict.rate == 0.0
    assert "double: no test calls it; write a test" in "\n".join(report(verdict))


def test_an_explanation_of_a_mutant_that_is_killed_has_to_go() -> None:
    verdict = judge([replace(MUTANT, status="killed")], explained(ENTRY))
    assert verdict.rate == 1.0 and not verdict.passed
    assert f"killed; take it out of {SURVIVORS.name}" in "\n".join(report(verdict))


def test_a_reason_is_never_empty() -> None:
    with pytest.raises(ValueError, match="double: the reason is empty"):
        explained(ENTRY.replace("x is always 0", " "))


@pytest.mark.parametrize("exit_code", [None, 4, 34, 255])
def test_a_run_that_went_wrong_says_nothing_about_a_mutant(exit_code: int | None) -> None:
    with pytest.raises(ValueError, match=str(exit_code)):
        status_of(exit_code)
    assert [status_of(code) for code in (1, -24, 0, 33)] == ["killed", "timed out", "survived", "not reached"]


def test_every_known_survivor_can_be_read() -> None:
    for (function, lines), why in explained(SURVIVORS.read_text(encoding="utf-8")).items():
        assert function and why.reason
        assert {line[:2] for line in lines.splitlines()} == {"- ", "+ "}, function


def test_only_the_changed_lines_of_a_diff_count() -> None:
    assert changed_lines(DIFF) == "- return x + x\n+ return x - x"


def test_a_text_in_capitals_is_no_mutant_worth_a_run() -> None:
    assert is_other_case("-    execute('SELECT 1')\n+    execute('select 1')\n")
    assert not is_other_case("-    execute('SELECT 1')\n+    execute('XXSELECT 1XX')\n")
    assert not is_other_case("-    gone()\n") and not is_other_case(DIFF)
