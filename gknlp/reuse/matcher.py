"""Patterns as programs for machine code: many places of folded text tried without leaving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.features.compiled import compiled

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Codes = NDArray[np.uint32]

_CHAR, _ANY, _SPLIT, _JUMP, _MATCH = range(5)
_OPTIONAL = {"?": (0, 1)}
_N_FIRST = 0x10000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Programs:
    """n patterns, one after the other: pattern p begins at ``starts[p]``.

    ``steps``: (steps, 3): what to do, and its one or two arguments. ``first[p]``: the row in ``sets`` of the characters
    (below 0x10000) with which a match that is not empty can begin.
    """

    steps: Int32s
    starts: Int32s
    sets: NDArray[np.bool_]


def build_programs(patterns: Sequence[str]) -> Programs:
    """Programs of patterns that mean what they mean to ``re``: literals, ``.``, ``[abc]``, ``(?:a|b)``, ``?``, ``{m,n}``, ``{m,n}?``.

    Raises
    ------
    UsageError : anything else stands in a pattern.

    >>> len(build_programs(["(?:本|该)报告"]).steps)
    7
    """
    steps: list[list[int]] = []
    starts = []
    sets = np.zeros((len(patterns), _N_FIRST), dtype=np.bool_)
    for number, pattern in enumerate(patterns):
        starts.append(len(steps))
        tree, end = _parse_choice(pattern, 0)
        if end != len(pattern):
            raise UsageError(f"pattern {pattern!r}: cannot read {pattern[end:]!r}")
        _emit(tree, steps)
        steps.append([_MATCH, 0, 0])
        for char in _list_firsts(tree)[0]:
            sets[number, ord(char) if char else slice(None)] = True
    return Programs(
        steps=np.array(steps, dtype=np.int32).reshape(-1, 3), starts=np.array(starts, dtype=np.int32), sets=sets
    )


# A tree is ("char", c), ("any",), ("row", trees), ("choice", trees) or ("repeat", tree, least, most, is_greedy).
_Tree = tuple[object, ...]


def _parse_choice(pattern: str, at: int) -> tuple[_Tree, int]:
    rows: list[_Tree] = []
    while True:
        row, at = _parse_row(pattern, at)
        rows.append(row)
        if pattern[at : at + 1] != "|":
            return (rows[0] if len(rows) == 1 else ("choice", tuple(rows))), at
        at += 1


def _parse_row(pattern: str, at: int) -> tuple[_Tree, int]:
    items: list[_Tree] = []
    while at < len(pattern) and pattern[at] not in "|)":
        item, at = _parse_item(pattern, at)
        least, most, at = _parse_count(pattern, at)
        greedy = True
        if (least, most) != (1, 1) and pattern[at : at + 1] == "?":
            greedy, at = False, at + 1
        items.append(item if (least, most) == (1, 1) else ("repeat", item, least, most, greedy))
    return ("row", tuple(items)), at


def _parse_item(pattern: str, at: int) -> tuple[_Tree, int]:
    if pattern.startswith("(?:", at):
        tree, end = _parse_choice(pattern, at + 3)
        if pattern[end : end + 1] != ")":
            raise UsageError(f"pattern {pattern!r}: a group is not closed")
        return tree, end + 1
    if pattern[at] == "[":
        end = pattern.index("]", at)
        members = pattern[at + 1 : end]
        if "-" in members or "^" in members or "\\" in members:
            raise UsageError(f"pattern {pattern!r}: a set may only list its characters, found {members!r}")
        return ("choice", tuple(("char", char) for char in members)), end + 1
    if pattern[at] == ".":
        return ("any",), at + 1
    if pattern[at] == "\\" and pattern[at + 1 : at + 2] and not pattern[at + 1].isalnum():
        return ("char", pattern[at + 1]), at + 2
    if pattern[at] in "\\()*+?{}^$":
        raise UsageError(f"pattern {pattern!r}: cannot read {pattern[at:]!r}")
    return ("char", pattern[at]), at + 1


def _parse_count(pattern: str, at: int) -> tuple[int, int, int]:
    sign = pattern[at : at + 1]
    if sign in _OPTIONAL:
        return *_OPTIONAL[sign], at + 1
    if sign != "{":
        return 1, 1, at
    end = pattern.index("}", at)
    least, _, most = pattern[at + 1 : end].partition(",")
    return int(least), int(most or least), end + 1


def _emit(tree: _Tree, steps: list[list[int]]) -> None:
    match tree:
        case ("char", str(char)):
            steps.append([_CHAR, ord(char), 0])
        case ("any",):
            steps.append([_ANY, 0, 0])
        case ("row", tuple(items)):
            for item in items:
                _emit(item, steps)
        case ("choice", tuple(rows)):
            jumps = []
            for row in rows[:-1]:
                split = [_SPLIT, len(steps) + 1, 0]
                steps.append(split)
                _emit(row, steps)
                jumps.append([_JUMP, 0, 0])
                steps.append(jumps[-1])
                split[2] = len(steps)
            _emit(rows[-1], steps)
            for jump in jumps:
                jump[1] = len(steps)
        case ("repeat", body, int(least), int(most), greedy):
            for _ in range(least):
                _emit(body, steps)  # type: ignore[arg-type]  # a tree of trees; see _Tree
            splits = []
            for _ in range(most - least):
                splits.append([_SPLIT, 0, 0])
                steps.append(splits[-1])
                splits[-1][1 if greedy else 2] = len(steps)
                _emit(body, steps)  # type: ignore[arg-type]  # a tree of trees; see _Tree
            for split in splits:
                split[2 if greedy else 1] = len(steps)


def _list_firsts(tree: _Tree) -> tuple[set[str], bool]:
    """The characters that can come first ('' for any at all), and whether nothing can be enough."""
    match tree:
        case ("char", str(char)):
            return {char}, False
        case ("any",):
            return {""}, False
        case ("row", tuple(items)):
            found: set[str] = set()
            for item in items:
                own, skips = _list_firsts(item)
                found |= own
                if not skips:
                    return found, False
            return found, True
        case ("choice", tuple(rows)):
            both = [_list_firsts(row) for row in rows]
            return set().union(*(own for own, _ in both)), any(skips for _, skips in both)
        case ("repeat", body, int(least), int(most), _):
            own, skips = _list_firsts(body) if most else (set(), True)  # type: ignore[arg-type]  # see _Tree
            return own, skips or least == 0
    raise AssertionError(tree)


def match_at(codes: Codes, program: Programs, which: int, start: int, end: int) -> int:
    """Where the first match (as ``re`` orders them) of one pattern at ``start`` ends, looking no further than ``end``; -1 for none."""
    return int(run_program(codes, program.steps, program.starts[which], start, end, False, new_stack(program)))


def new_stack(programs: Programs) -> Int64s:
    """Room for ``run_program`` to keep the ways that wait: no program goes back, so there are no more than it has steps."""
    return np.empty((len(programs.steps) + 1, 2), np.int64)


@compiled
def run_program(codes, steps, first, start, end, whole, stack):  # type: ignore[no-untyped-def]  # numba infers the types
    """Where the first match from ``start`` ends, -1 for none; ``whole``: only one that ends at ``end`` counts."""
    waiting = 0
    step, at = np.int64(first), np.int64(start)
    while True:
        kind = steps[step, 0]
        fits = True
        if kind == 0:
            fits = at < end and codes[at] == steps[step, 1]
            step += 1
            at += 1
        elif kind == 1:
            fits = at < end
            step += 1
            at += 1
        elif kind == 2:
            stack[waiting, 0], stack[waiting, 1] = steps[step, 2], at
            waiting += 1
            step = np.int64(steps[step, 1])
        elif kind == 3:
            step = np.int64(steps[step, 1])
        else:
            if not whole or at == end:
                return at
            fits = False
        if not fits:
            if waiting == 0:
                return np.int64(-1)
            waiting -= 1
            step, at = stack[waiting, 0], stack[waiting, 1]
