"""Attention and problems (主题占比、问题选择): shares of themes among a report's units."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

from gknlp.text.normalise import fold_text

_SHINGLE = 13  # code points: longer than the longest common term of disclosure law, shorter than any clause


def measure_theme_share(themes: Sequence[str | None], theme: str) -> float | None:
    """Theme share (主题占比): units whose primary theme it is / units, structural ones left out beforehand.

    Unit: share, 0-1. None for no units; a unit without theme (None) counts below the line.
    Source: attention studies such as Li Hanke and He Yang 2021; the formula is ours.

    >>> measure_theme_share(["O02", "O08", "O02", None], "O02")
    0.5
    """
    return sum(found == theme for found in themes) / len(themes) if themes else None


def measure_theme_entropy(themes: Sequence[str | None]) -> float | None:
    """Theme entropy (主题熵): -sum p ln p over the primary themes of the units that have one.

    Unit: nats; 0 where all units are of one theme, ln k for k equal ones. None where no unit has a theme.
    Source: Shannon 1948, as attention studies use it; verified by its definition.

    >>> round(measure_theme_entropy(["O02", "O08", "O02", "O08"]), 4)
    0.6931
    """
    counts = Counter(theme for theme in themes if theme is not None)
    total = sum(counts.values())
    if not total:
        return None
    return sum(-count / total * math.log(count / total) for _, count in sorted(counts.items()))


def measure_light_problem_share(
    problems: Sequence[str], *, light: Collection[str], no_problem: Collection[str] = ("P00",)
) -> float | None:
    """Light problem share (避重就轻): light problems / all named problems.

    Parameters
    ----------
    problems : every theme of every problem unit, repeated as often as it is given.
    light : codes of problems that are cheap to admit.
    no_problem : codes that name none; left out.

    Unit: share, 0-1. None where no problem is named: who names none has not chosen light ones.
    Source: after Li Xue and Fang Li 2026, 秘书 44(2):35-49 (abstract read); this index is ours and needs their codebook.

    >>> measure_light_problem_share(["P01", "P05", "P02", "P00"], light=["P01", "P02"])
    0.6666666666666666
    """
    named = [code for code in problems if code not in no_problem]
    return sum(code in light for code in named) / len(named) if named else None


def measure_problem_persistence(
    problems: Collection[str], previous: Collection[str] | None, *, no_problem: Collection[str] = ("P00",)
) -> float | None:
    """Problem persistence (问题延续): |P_t and P_t-1| / |P_t|, over sets of themes.

    Unit: share, 0-1. None where the year names no problem, or where the year before has no report (None). A report
    of the year before without problems gives 0.
    Source: ours.

    >>> measure_problem_persistence({"P01", "P05"}, {"P05", "P08"}), measure_problem_persistence({"P01"}, None)
    (0.5, None)
    """
    named = set(problems) - set(no_problem)
    if not named or previous is None:
        return None
    return len(named & set(previous)) / len(named)


def measure_problem_stickiness(units: Sequence[str], previous: Sequence[str] | None) -> float | None:
    """Stickiness of the problem part (问题照抄): characters of problem units that share a run of 13 folded characters with
    the problem part of the year before / characters of problem units.

    Unit: share of code points, 0-1. None without problem units or without a report of the year before (None).
    Source: after Dyer, Lang and Stice-Lawrence 2017 (8-grams of words; abstract read); characters are ours.

    >>> measure_problem_stickiness(["公开内容的深度广度还有待拓展。", "人手紧。"], ["一是公开内容的深度广度还有待拓展；"])
    0.7894736842105263
    """
    if not units or previous is None:
        return None
    known = {run for unit in previous for run in _runs(unit)}
    total = sum(len(unit) for unit in units)
    return sum(len(unit) for unit in units if known & set(_runs(unit))) / total if total else None


def _runs(text: str) -> list[str]:
    folded = fold_text(text).text
    return [folded[at : at + _SHINGLE] for at in range(len(folded) - _SHINGLE + 1)]
