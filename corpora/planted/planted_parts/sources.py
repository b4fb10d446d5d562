"""Which stretch of an earlier document is copied: whole clauses of its own text that no other plant has taken."""

from __future__ import annotations

from planted_parts.dice import Dice
from planted_parts.model import Document, Place

STOPS = "，。；\n"


def cut_stretch(dice: Dice, source: Document, shortest: int, longest: int) -> Place | None:
    """A stretch of ``shortest`` to ``longest`` characters of the source's own text from one clause end to another; taken now.

    It never crosses a heading; a run that has room for the length that was drawn goes first. None where the source has no such stretch left.
    """
    target = dice.between(shortest, longest)
    runs = dice.shuffled(_list_runs(source))
    for start, end in sorted(runs, key=lambda run: run[1] - run[0] < target):
        stops = [at + 1 for at in range(start, end) if source.text[at] in STOPS]
        begins = [start, *(stop for stop in stops if end - stop >= min(target, end - start))]
        first = dice.pick(begins)
        ends = [stop for stop in stops if shortest <= stop - first <= longest]
        if ends:
            last = min(ends, key=lambda stop: (abs(stop - first - target), stop))
            source.taken.append((first, last))
            return Place(source.doc_id, first, last)
    return None


def _list_runs(source: Document) -> list[tuple[int, int]]:
    """Stretches of own text, touching pieces joined, without what was taken."""
    runs: list[tuple[int, int]] = []
    for start, piece in source.pieces:
        if piece.kind:
            continue
        end = start + len(piece.text)
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    for first, last in source.taken:
        runs = [part for run in runs for part in _without(run, first, last)]
    return [run for run in runs if run[1] > run[0]]


def _without(run: tuple[int, int], first: int, last: int) -> list[tuple[int, int]]:
    start, end = run
    if last <= start or end <= first:
        return [run]
    return [(start, max(start, first)), (min(end, last), end)]
