"""Route paths segment by segment, so that the size of the table does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from attrs import define, field

REST = "{rest}"
"""As the last segment of a pattern it matches the whole rest of the path, slashes included."""

TargetT = TypeVar("TargetT")


@define
class _Node(Generic[TargetT]):
    literal: dict[str, _Node[TargetT]] = field(factory=dict)
    named: _Node[TargetT] | None = None
    rest: _Leaf[TargetT] | None = None
    leaf: _Leaf[TargetT] | None = None


@define
class _Leaf(Generic[TargetT]):
    pattern: str
    names: tuple[str, ...]
    target: TargetT


class Router(Generic[TargetT]):
    """Path patterns such as ``/sim/{sim_id}/event`` and their targets.

    Of several matching patterns the most specific one wins, compared from the left. A parameter matches one
    segment that is not empty.
    """

    def __init__(self, patterns: Mapping[str, TargetT]) -> None:
        self._root: _Node[TargetT] = _Node()
        for pattern, target in patterns.items():
            self._add(pattern, target)

    def _add(self, pattern: str, target: TargetT) -> None:
        node, names = self._root, []
        *segments, last = pattern.split("/")
        for segment in segments if last == REST else (*segments, last):
            if not segment.startswith("{"):
                node = node.literal.setdefault(segment, _Node())
                continue
            names.append(segment.strip("{}"))
            node.named = node.named or _Node()
            node = node.named
        if last == REST:
            known, node.rest = node.rest, _Leaf(pattern, (*names, REST.strip("{}")), target)
        else:
            known, node.leaf = node.leaf, _Leaf(pattern, tuple(names), target)
        if known is not None:
            raise ValueError(f"{pattern} and {known.pattern} fit the same paths")

    def find(self, path: str) -> tuple[TargetT, dict[str, str]] | None:
        """Return the target of a path and its parameters by name, None if no pattern matches."""
        found = _descend(self._root, path.split("/"), 0, ())
        if found is None:
            return None
        leaf, values = found
        return leaf.target, dict(zip(leaf.names, values, strict=True))


def _descend(
    node: _Node[TargetT], segments: Sequence[str], depth: int, values: tuple[str, ...]
) -> tuple[_Leaf[TargetT], tuple[str, ...]] | None:
    """Descend the tree; its depth bounds the recursion for every path."""
    if depth == len(segments):
        return None if node.leaf is None else (node.leaf, values)
    segment = segments[depth]
    found = None
    if segment in node.literal:
        found = _descend(node.literal[segment], segments, depth + 1, values)
    if found is None and segment and node.named is not None:
        found = _descend(node.named, segments, depth + 1, (*values, segment))
    if found is None and node.rest is not None:
        found = node.rest, (*values, "/".join(segments[depth:]))
    return found
