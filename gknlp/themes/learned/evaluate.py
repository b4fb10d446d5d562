"""Codings beside what coders said: scores a theme and a family, calibration, coverage; whatever gave the codings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.themes.classifier import Coding
from gknlp.themes.codebook import Codebook
from gknlp.themes.learned.bootstrap import draw_counts, percentile_interval
from gknlp.themes.learned.examples import Example
from gknlp.themes.learned.reliability import (
    CurvePoint,
    calibration_error_by_mass,
    coverage_curve,
    expected_calibration_error,
)

Floats = NDArray[np.float64]
Masks = NDArray[np.bool_]
N_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with the middle 95 % of what redrawn agencies give; None where it cannot be told."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """One theme: units that coders gave it, units that were given it here, precision, recall and F1 with its interval."""

    theme: str
    family: str
    n_gold: int
    n_given: int
    precision: float | None
    recall: float | None
    f1: Score


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a classifier is worth on some labelled units.

    ``macro_f1`` and ``micro_f1`` count label sets (an abstention misses all); ``primary_macro_f1`` and ``accuracy`` the
    first label only. Macro means go over the themes that the units have. ``ece`` and ``ece_by_mass`` are of the
    likeliest label, right where coders gave it at all; None where scores are no probabilities.
    """

    n_units: int
    n_agencies: int
    macro_f1: Score
    micro_f1: Score
    primary_macro_f1: Score
    accuracy: Score
    families: tuple[tuple[str, Score], ...]
    coverage: float
    ece: float | None
    ece_by_mass: float | None
    curve: tuple[CurvePoint, ...]
    themes: tuple[ThemeScore, ...]

    def table(self) -> pa.Table:
        """One row a theme, for .csv and .parquet."""
        rows = [
            {
                "theme": item.theme,
                "family": item.family,
                "n_gold": item.n_gold,
                "n_given": item.n_given,
                "precision": item.precision,
                "recall": item.recall,
                "f1": item.f1.value,
                "f1_low": item.f1.low,
                "f1_high": item.f1.high,
            }
            for item in self.themes
        ]
        return pa.Table.from_pylist(rows, schema=_THEME_TABLE)


_THEME_TABLE = pa.schema(
    [
        ("theme", pa.string()),
        ("family", pa.string()),
        ("n_gold", pa.int32()),
        ("n_given", pa.int32()),
        ("precision", pa.float64()),
        ("recall", pa.float64()),
        ("f1", pa.float64()),
        ("f1_low", pa.float64()),
        ("f1_high", pa.float64()),
    ]
)


def evaluate_codings(
    examples: Sequence[Example],
    codings: Sequence[Coding],
    *,
    codebook: Codebook,
    n_draws: int = 1000,
    probabilities: bool = True,
) -> Evaluation:
    """What the codings of these examples are worth; intervals from agencies drawn again ``n_draws`` times.

    ``probabilities``: whether scores are meant as such; otherwise no calibration is reported. UsageError for no
    examples, or another number of codings.
    """
    if not examples or len(examples) != len(codings):
        raise UsageError(f"{len(codings)} codings for {len(examples)} labelled units: give one each, and at least one")
    columns = {code: column for column, code in enumerate(codebook.codes)}
    gold = _mark([example.labels for example in examples], columns)
    given = _mark([coding.labels for coding in codings], columns)
    first_gold = _mark([example.labels[:1] for example in examples], columns)
    first_given = _mark([coding.labels[:1] for coding in codings], columns)
    agencies, owner = np.unique([example.agency or example.id for example in examples], return_inverse=True)
    draws = draw_counts(len(agencies), n_draws=n_draws, seed=0)
    sets, firsts = _tally(given, gold, owner, len(agencies)), _tally(first_given, first_gold, owner, len(agencies))

    def score(tally: Floats, measure: Callable[[Floats], Floats]) -> Score:
        return _score(tally, draws, measure)

    confidence, right = _likeliest(codings, gold, columns)
    families = tuple(family.code for family in codebook.families)
    of = np.array([families.index(theme.family) for theme in codebook.themes])
    known, first_known = (np.asarray(marks.any(axis=0)) for marks in (gold, first_gold))
    return Evaluation(
        n_units=len(examples),
        n_agencies=len(agencies),
        macro_f1=score(sets, _macro(known)),
        micro_f1=score(sets, _micro),
        primary_macro_f1=score(firsts, _macro(first_known)),
        accuracy=score(firsts, _hit_share),
        families=tuple(
            (family, score(sets, _macro(known & (of == number))))
            for number, family in enumerate(families)
            if (known & (of == number)).any()
        ),
        coverage=_rounded(float(given.any(axis=1).mean())) or 0.0,
        ece=_rounded(expected_calibration_error(confidence, right)) if probabilities else None,
        ece_by_mass=_rounded(calibration_error_by_mass(confidence, right)) if probabilities else None,
        curve=coverage_curve(confidence, right) if probabilities else (),
        themes=tuple(_theme_scores(sets, draws, codebook)),
    )


def _mark(labels: Sequence[Sequence[str]], columns: dict[str, int]) -> Masks:
    marks = np.zeros((len(labels), len(columns)), dtype=bool)
    for row, codes in enumerate(labels):
        for code in codes:
            marks[row, columns[code]] = True
    return marks


def _tally(given: Masks, gold: Masks, owner: NDArray[Any], n_agencies: int) -> Floats:
    """3 x agencies x themes: hits, labels given, labels of the coders."""
    counts = np.zeros((3, n_agencies, gold.shape[1]))
    for layer, marks in enumerate((given & gold, given, gold)):
        np.add.at(counts[layer], owner, marks)
    return counts


def _f1(counts: Floats) -> Floats:
    """F1 from hits, given, gold along the first axis; NaN where a theme is neither given nor had."""
    total = counts[1] + counts[2]
    found: Floats = np.where(total > 0, 2 * counts[0] / np.where(total > 0, total, 1), np.nan)
    return found


def _macro(themes: Masks) -> Callable[[Floats], Floats]:
    def measure(counts: Floats) -> Floats:
        values = _f1(counts)[..., themes]
        seen = ~np.isnan(values)
        n_seen = seen.sum(axis=-1)
        mean: Floats = np.where(seen, values, 0.0).sum(axis=-1) / np.maximum(n_seen, 1)
        return np.where(n_seen > 0, mean, np.nan)

    return measure


def _micro(counts: Floats) -> Floats:
    return _f1(counts.sum(axis=-1))


def _hit_share(counts: Floats) -> Floats:
    hits, _, gold = counts.sum(axis=-1)
    found: Floats = np.where(gold > 0, hits / np.where(gold > 0, gold, 1), np.nan)
    return found


def _score(tally: Floats, draws: Floats, measure: Callable[[Floats], Floats]) -> Score:
    value = float(measure(tally.sum(axis=1)))
    low, high = percentile_interval(measure(np.stack([draws @ layer for layer in tally])))
    return Score(_rounded(value), _rounded(low), _rounded(high))


def _theme_scores(tally: Floats, draws: Floats, codebook: Codebook) -> list[ThemeScore]:
    redrawn = _f1(np.stack([draws @ layer for layer in tally]))
    totals = tally.sum(axis=1)
    scores = []
    for column, theme in enumerate(codebook.themes):
        hits, given, gold = totals[:, column].tolist()
        f1 = Score(_rounded(float(_f1(totals)[column])), *map(_rounded, percentile_interval(redrawn[:, column])))
        precision, recall = (_rounded(hits / n) if n else None for n in (given, gold))
        scores.append(ThemeScore(theme.code, theme.family, int(gold), int(given), precision, recall, f1))
    return scores


def _likeliest(codings: Sequence[Coding], gold: Masks, columns: dict[str, int]) -> tuple[Floats, Masks]:
    """For each unit the probability of its likeliest theme, 0 for none, and whether coders gave that theme."""
    confidence, right = np.zeros(len(codings)), np.zeros(len(codings), dtype=bool)
    for row, coding in enumerate(codings):
        if coding.scores:
            code, confidence[row] = coding.scores[0]
            right[row] = gold[row, columns[code]]
    return confidence, right


def _rounded(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else round(value, N_DECIMALS)
