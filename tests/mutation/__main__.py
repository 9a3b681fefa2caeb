"""Changes the client in small ways, one at a time, and fails when the tests do not notice.

mutmut makes the changes, finds out which tests reach each of them, and runs those; ``[tool.mutmut]`` in
``pyproject.toml`` says where. Here a sample is drawn and judged. Run it with
``nox -s mutants -- --sample 200 --seed 1``; the mutants stay in ``mutants/`` for ``mutmut show`` and
``mutmut browse``.
"""

from __future__ import annotations

import argparse
import ast
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path

from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

from tests.mutation.verdicts import (
    SURVIVORS,
    Mutant,
    changed_lines,
    explained,
    is_other_case,
    judge,
    report,
    status_of,
)

FOLDER = Path("mutants")  # mutmut's own choice
LOG = FOLDER / "run.log"


def main() -> int:
    """Draw a sample, run it and judge it."""
    options = arguments()
    began = time.perf_counter()
    known = explained(SURVIVORS.read_text(encoding="utf-8"))
    shutil.rmtree(FOLDER, ignore_errors=True)  # mutmut does not see that a test has changed
    FOLDER.mkdir()
    with LOG.open("w", encoding="utf-8") as log:
        with redirect_stdout(log):
            copy_src_dir()
            copy_also_copy_files()
            create_mutants(options.workers)
        every = outcomes()
        if gone := {changed for changed, _ in known} - {function(name) for name in every}:
            say(f"{SURVIVORS.name} explains functions that are gone: {', '.join(sorted(gone))}")
            return 1
        sample = draw({name: path for name, (path, _) in every.items()}, options)
        say(f"{len(sample)} of {len(every):,} mutants, seed {options.seed}; details in {LOG}")
        command = [Path(sys.executable).with_name("mutmut"), "run", "--max-children", str(options.workers)]
        done = subprocess.run([*command, *sample], stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        say("\n".join(LOG.read_text(encoding="utf-8").replace("\r", "\n").splitlines()[-40:]))
        return done.returncode
    tried = outcomes()
    mutants = (replace(mutant, status=status_of(tried[name][1])) for name, mutant in sample.items())
    verdict = judge(mutants, known)
    outcome = "passed" if verdict.passed else "FAILED"
    say(*report(verdict), f"{outcome} in {time.perf_counter() - began:.0f} s")
    return int(not verdict.passed)


def draw(paths: Mapping[str, Path], options: argparse.Namespace) -> dict[str, Mutant]:
    """Return the mutants of a sample by name, always the same for the same seed."""
    names = [name for name in sorted(paths) if fnmatch(f"{paths[name]}:{function(name)}", options.only)]
    random.Random(options.seed).shuffle(names)
    drawn = ((name, untried(name, paths[name])) for name in names)
    return dict(islice((pair for pair in drawn if not is_other_case(pair[1].diff)), options.sample))


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="nox -s mutants --", description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="how many mutants to try")
    parser.add_argument("--seed", type=int, default=0, help="which of them: the same seed, the same sample")
    parser.add_argument("--workers", type=int, default=2, help="how many to try at a time")
    parser.add_argument(
        "--only", default="*", help="a glob over path:function, as in '*/auth/*' or '*:Authenticator.*'"
    )
    return parser.parse_args()


def say(*lines: str) -> None:
    """Print at once."""
    print(*lines, sep="\n", flush=True)


def outcomes() -> dict[str, tuple[Path, int | None]]:
    """Return each mutant's file and the exit code of its tests, if they have run."""
    found = {}
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        found.update({name: (path, code) for name, code in data.exit_code_by_key.items()})
    return found


def function(name: str) -> str:
    """Return the qualified name of the function that a mutant changes."""
    method, owner = orig_function_and_class_names_from_key(name)
    return f"{owner}.{method}" if owner else method


def untried(name: str, path: Path) -> Mutant:
    """Return what a mutant changes, and where: the file may be another when its tests have run."""
    diff = get_diff_for_mutant(name, path=path)
    return Mutant(str(path), line(path, function(name), diff), function(name), diff, "not reached")


def line(path: Path, changed: str, diff: str) -> int:
    """Return the number of the first line that a diff of one function removes."""
    source = path.read_text(encoding="utf-8")
    begin, end = extents(ast.parse(source))[changed]
    removed = changed_lines(diff).partition("\n")[0].removeprefix("- ")
    lines = source.splitlines()
    return next((number for number in range(begin, end + 1) if lines[number - 1].strip() == removed), begin)


def extents(tree: ast.AST, prefix: str = "") -> dict[str, tuple[int, int]]:
    """Return the first and last line of each function, by qualified name."""
    found = {}
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            found.update(extents(node, f"{node.name}."))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[prefix + node.name] = node.lineno, node.end_lineno or node.lineno
    return found


if __name__ == "__main__":
    sys.exit(main())
