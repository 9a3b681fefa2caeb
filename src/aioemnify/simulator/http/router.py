"""From a path to what stands behind it, segment by segment: a long table costs no more than a short one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from attrs import define, field

REST = "{rest}"
"""As the last segment of a pattern, it takes whatever follows: segments, and slashes between them."""

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
    """Patterns such as ``/sim/{sim_id}/event`` and what they lead to.

    Of several patterns that fit, the one wins that is literal where the others are not, judged from
    the left. A parameter takes one segment that is not empty.
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
        """Return what a path leads to and its parameters by name, None when no pattern fits."""
        found = _descend(self._root, path.split("/"), 0, ())
        if found is None:
            return None
        leaf, values = found
        return leaf.target, dict(zip(leaf.names, values, strict=True))


def _descend(
    node: _Node[TargetT], segments: Sequence[str], depth: int, values: tuple[str, ...]
) -> tuple[_Leaf[TargetT], tuple[str, ...]] | None:
    """Walk down as far as the table goes, which bounds the depth whatever the path."""
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
