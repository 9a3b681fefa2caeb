"""``python -m codegen.licences`` writes ``docs/licences.md``: the licence of each package that users install.

It reads the metadata of the installed packages, so it runs where the package is installed with all extras.
``--check`` compares the page instead. Exit status: 0, or 1 if an installed package is not on the page.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Sequence
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"

OSI = "License :: OSI Approved :: "
IDENTIFIERS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What SPDX calls the licences of older metadata."""

COPYLEFT = re.compile(r"GPL|MPL|EPL|EUPL|CDDL|OSL")

HEAD = """\
# Licences

aioemnify has the MIT licence. These are the licences of the packages that it and its extras install, and of
those that they need. `nox -s licences` writes this page from their metadata, on Linux and the oldest
supported Python.

"""


def main(arguments: Sequence[str]) -> int:
    """Write or check the page; return the exit status."""
    packages = needed()
    rows = table(packages)
    if "--check" not in arguments:
        PAGE.write_text(HEAD + summary(packages) + "\n".join(rows) + "\n", encoding="utf-8")
        return 0
    listed = {without_extras(line) for line in PAGE.read_text(encoding="utf-8").splitlines()}
    missing = [row for row in map(without_extras, rows) if row not in listed]
    for row in missing:
        print(f"docs/licences.md lacks {row}; run nox -s licences", file=sys.stderr)
    return 1 if missing else 0


def needed() -> dict[str, set[str]]:
    """Return the packages that ours can install, each with the extras that install it; "" without one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = {"": project["dependencies"], **project["optional-dependencies"]}
    del texts["all"]  # has what other extras have
    found: dict[str, set[str]] = {}
    waiting = [(Requirement(text), extra) for extra, several in texts.items() for text in several]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name == project["name"]:
            waiting += [(Requirement(text), extra) for other in requirement.extras for text in texts[other]]
            continue
        if extra in found.setdefault(name, set()):
            continue
        found[name].add(extra)
        for text in distribution(name).requires or ():
            further = Requirement(text)
            chosen = ("", *requirement.extras)
            if further.marker is None or any(further.marker.evaluate({"extra": one}) for one in chosen):
                waiting.append((further, extra))
    return found


def table(packages: dict[str, set[str]]) -> list[str]:
    """Return the lines of the table."""
    lines = ["| package | licence | installed by |", "|---|---|---|"]
    for name, extras in sorted(packages.items()):
        by = "every installation" if "" in extras else ", ".join(f"`{extra}`" for extra in sorted(extras))
        lines.append(f"| {name} | {licence(name)} | {by} |")
    return lines


def without_extras(row: str) -> str:
    """Return a line of the table without the last column, which other systems and Pythons can change."""
    return row.rpartition(" | ")[0]


def licence(name: str) -> str:
    """Return the licence of an installed package, by its SPDX identifier if possible."""
    metadata = distribution(name).metadata
    stated = metadata["License-Expression"] or metadata["License"] or ""
    classes = [text.removeprefix(OSI) for text in metadata.get_all("Classifier", []) if text.startswith(OSI)]
    if classes and ("\n" in stated or not stated):  # older metadata may have the whole text
        stated = " and ".join(IDENTIFIERS.get(one, one) for one in classes)
    stated = stated or title_of_the_licence(name)
    return IDENTIFIERS.get(stated, stated)


def title_of_the_licence(name: str) -> str:
    """Return the first line of the file that has the licence of an installed package."""
    for file in distribution(name).files or ():
        if file.name.startswith(("LICENSE", "LICENCE")):
            return file.read_text().strip().splitlines()[0]
    return "not stated"


def summary(packages: Iterable[str]) -> str:
    """Return the paragraph that names the copyleft licences."""
    found = [f"{name} ({licence(name)})" for name in sorted(packages) if COPYLEFT.search(licence(name))]
    return f"Copyleft: {', '.join(found) or 'none'}. The wheel contains none of these packages.\n\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
