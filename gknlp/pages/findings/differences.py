"""What differs between two texts, character by character: Myers' greedy algorithm, the same as in ``static/align.js``."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import cache

from gknlp.text.own_names import list_own_names

MOST_EDITS = 2000
"""Texts further apart than this many insertions and deletions are shown as wholly different: memory grows with its square."""
NUMBER = r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*"
Piece = dict[str, str]
Run = tuple[bool, int, int, int, int]
"""Whether equal, and the stretches of tokens on both sides."""


def mark_differences(a: str, b: str, *, names_a: str = "", names_b: str = "") -> tuple[list[Piece], list[Piece]]:
    """Both texts cut into pieces of kind equal, changed, only (on this side), masked or number (one that differs).

    ``names_a`` and ``names_b``: what each agency calls itself, as ``own_names`` gives it. Names count as equal to each
    other, like in the comparison itself, and stand as masked pieces.

    >>> mark_differences("共公开12条", "共公开9条")[0]
    [{'kind': 'equal', 'text': '共公开'}, {'kind': 'number', 'text': '12'}, {'kind': 'equal', 'text': '条'}]
    >>> [piece["kind"] for piece in mark_differences("我镇很忙", "我局很忙", names_a=own_names(None))[0]]
    ['changed', 'equal']
    >>> [piece["kind"] for piece in mark_differences("我镇很忙", "我局很忙", names_a=own_names(None), names_b=own_names(None))[0]]
    ['masked', 'equal']
    """
    left, right = _tokens(a, names_a), _tokens(b, names_b)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for equal, i1, i2, j1, j2 in align_tokens([key for key, _ in left], [key for key, _ in right]):
        kind = "equal" if equal else "changed" if i1 < i2 and j1 < j2 else "only"
        for side, tokens in zip(pieces, (left[i1:i2], right[j1:j2]), strict=True):
            for key, text in tokens:
                _add(side, _kind(kind, key, text), text)
    return pieces


def _kind(kind: str, key: str, text: str) -> str:
    if key == "":
        return "masked" if kind == "equal" else kind
    return "number" if kind != "equal" and re.fullmatch(NUMBER, text) else kind


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    if pieces and pieces[-1]["kind"] == kind and kind not in ("masked", "number"):
        pieces[-1]["text"] += text
    else:
        pieces.append({"kind": kind, "text": text})


def _tokens(text: str, names: str) -> list[tuple[str, str]]:
    """Own names (key ''), whole numbers, and single characters, each with the text it stands for."""
    pattern = re.compile(f"({names})|{NUMBER}|." if names else f"(\x00\x00)|{NUMBER}|.", re.DOTALL)
    return [("" if found.group(1) else found.group(), found.group()) for found in pattern.finditer(text)]


def align_tokens(a: Sequence[str], b: Sequence[str]) -> list[Run]:
    """Runs of equal and of differing tokens in turn, covering both sides; [] for two empty sides.

    A single equal character between two differences is taken into them: by itself it tells nothing.

    Source: Myers 1986, An O(ND) difference algorithm and its variations.

    >>> align_tokens("abcd", "axcd")
    [(True, 0, 1, 0, 1), (False, 1, 2, 1, 2), (True, 2, 4, 2, 4)]
    """
    head, tail = 0, 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    steps = [*("=" * head), *_steps(inner_a, inner_b), *("=" * tail)]
    return _smooth(list(_runs(steps)), a)


def _steps(a: Sequence[str], b: Sequence[str]) -> Sequence[str]:
    """The shortest script of = (both), - (a only) and + (b only)."""
    if not a or not b:
        return "-" * len(a) + "+" * len(b)
    most = min(MOST_EDITS, len(a) + len(b))
    furthest = array("i", bytes(4 * (2 * most + 3)))  # of each diagonal k, at most + 1 + k: how far in a
    trace: list[array[int]] = []
    for edits in range(most + 1):
        trace.append(furthest[most - edits : most + edits + 3])
        for k in range(-edits, edits + 1, 2):
            at = most + 1 + k
            down = k == -edits or (k != edits and furthest[at - 1] < furthest[at + 1])
            x = furthest[at + 1] if down else furthest[at - 1] + 1
            while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                x += 1
            furthest[at] = x
            if x >= len(a) and x - k >= len(b):
                return _walk_back(trace, len(a), len(b))
    return "-" * len(a) + "+" * len(b)


def _walk_back(trace: list[array[int]], x: int, y: int) -> list[str]:
    """The script read from the end; ``trace[d]`` holds the diagonals -d-1 to d+1 before the d-th edit."""
    steps: list[str] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest, k = trace[edits], x - y
        at = edits + 1 + k
        down = k == -edits or (k != edits and furthest[at - 1] < furthest[at + 1])
        x_before = (furthest[at + 1] if down else furthest[at - 1]) if edits else 0
        y_before = x_before - (k + 1 if down else k - 1) if edits else 0
        while x > x_before and y > y_before:
            steps.append("=")
            x, y = x - 1, y - 1
        if edits:
            steps.append("+" if down else "-")
            x, y = x_before, y_before
    steps.reverse()
    return steps


def _runs(steps: Sequence[str]) -> Iterator[Run]:
    i = j = at = 0
    while at < len(steps):
        equal, i1, j1 = steps[at] == "=", i, j
        while at < len(steps) and (steps[at] == "=") is equal:
            i += steps[at] != "+"
            j += steps[at] != "-"
            at += 1
        yield (equal, i1, i, j1, j)


def _smooth(runs: list[Run], a: Sequence[str]) -> list[Run]:
    kept: list[Run] = []
    for place, run in enumerate(runs):
        equal, i1, i2, _, _ = run
        alone = equal and i2 - i1 == 1 and len(a[i1]) == 1 and 0 < place < len(runs) - 1
        if kept and not kept[-1][0] and (alone or not equal):
            kept[-1] = (False, kept[-1][1], run[2], kept[-1][3], run[4])
        else:
            kept.append(run)
    return kept


@cache
def own_names(agency: str | None) -> str:
    """What an agency calls itself, as a regular expression."""
    return "|".join(map(re.escape, list_own_names(agency)))
