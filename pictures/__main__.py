"""``python -m pictures [badges | terminals | screenshots ...]`` makes these pictures, or all of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pictures import DOCS, ROOT
from pictures.badges import badges
from pictures.terminals import terminals


def write(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write texts into a folder of ``docs``, and remove the others of it; return the files."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def screenshots() -> Iterable[Path]:
    """Take the screenshots; only they need a browser."""
    from pictures.screenshots import take

    return take(DOCS / "simulator")


MAKERS: Mapping[str, Callable[[], Iterable[Path]]] = {
    "badges": lambda: write(DOCS / "badges", badges()),
    "terminals": lambda: write(DOCS / "terminals", terminals()),
    "screenshots": screenshots,
}


def main() -> int:
    """Make the pictures."""
    parser = argparse.ArgumentParser(prog="pictures", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(MAKERS)}; all by default")
    kinds = parser.parse_args().kinds or list(MAKERS)
    if unknown := sorted(set(kinds) - set(MAKERS)):
        parser.error(f"unknown kind {unknown[0]!r}; expected {', '.join(MAKERS)}")
    for kind in kinds:
        for path in MAKERS[kind]():
            print(f"wrote {path.relative_to(ROOT)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
