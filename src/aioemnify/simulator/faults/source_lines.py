"""The line of a value in a TOML or JSON file: the parsers keep no positions, so the text is searched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aioemnify.simulator.platform.decoding import Path

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{},:=\n]"
    r"|[^\s\[\]{},:=\"'#]+",
    re.DOTALL,
)
_HEADER = re.compile(r"^[ \t]*(\[\[?)([^\[\]\n]+)\]\]?", re.MULTILINE)


def line_of(text: str, path: Path, *, toml: bool) -> int:
    """Return the line of a value in a file that can be parsed, or of what is nearest above it; from 1.

    Args:
        text: the file.
        path: the members and list indexes that lead to the value.
        toml: whether the file is TOML and not JSON.
    """
    start, rest = _table_of(text, path) if toml else (0, path)
    end = len(text)
    if start:
        following = _HEADER.search(text, text.index("\n", start) if "\n" in text[start:] else end)
        end = following.start() if following else end
    return text.count("\n", 0, _position(text[:end], start, rest)) + 1


def _table_of(text: str, path: Path) -> tuple[int, Path]:
    """Return where the TOML table of a path starts, and the rest of the path inside it."""
    best, rest = 0, path
    counts: dict[str, int] = {}
    for header in _HEADER.finditer(text):
        name = header[2].strip()
        if header[1] == "[[":
            counts[name] = counts.get(name, -1) + 1
            for inner in [other for other in counts if other.startswith(f"{name}.")]:
                del counts[inner]
        prefix: list[str | int] = []
        for depth, part in enumerate(name.split("."), start=1):
            prefix.append(part.strip())
            parent = ".".join(name.split(".")[:depth])
            if parent in counts:
                prefix.append(counts[parent])
        if path[: len(prefix)] == tuple(prefix):
            best, rest = header.end(), path[len(prefix) :]
    return best, rest


def _position(text: str, start: int, path: Path) -> int:
    """Return where a value is: each part of the path is looked for one level deeper."""
    position = start
    for part in path:
        found = next(
            (at for key, at in _members(text, position) if key == part),
            None,
        )
        if found is None:
            break
        position = found
    return position


def _members(text: str, start: int) -> Iterator[tuple[str | int, int]]:
    """Yield the members and items one level inside the value at a position, with where each value starts."""
    depth, index, last = 0, 0, ""
    container = _TOKEN.match(text, start)
    inside = container is not None and container[0] in "[{"
    is_list = container is not None and container[0] == "["
    awaits = is_list
    for token in _TOKEN.finditer(text, container.end() if inside and container else start):
        what = token[0]
        if what.startswith("#") or what == "\n":
            continue
        if awaits and depth == 0 and what not in "],":
            yield index, token.start()
            awaits = False
        if what in ("[", "{"):
            depth += 1
        elif what in ("]", "}"):
            depth -= 1
            if depth < 0:
                return
        elif depth == 0 and what == "," and is_list:
            index, awaits = index + 1, True
        elif depth == 0 and what in (":", "="):
            following = _TOKEN.search(text, token.end())
            yield last, token.end() if following is None else following.start()
        elif depth == 0:
            last = what.strip("\"'")
