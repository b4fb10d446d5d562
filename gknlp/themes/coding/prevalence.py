"""How common each theme is, corrected for the errors of the classifier with the random stratum.

The difference estimator: the classifier's share over the whole corpus plus the mean error (coded - classified) in the
random stratum, weighted by sampling weight x copies. But for the small error of a ratio it is unbiased whatever the
classifier does, and narrower than the coded share alone where the classifier is any good (where it is not,
`Estimate.coded` is the better figure). Rogan and Gladen's correction (1978), the alternative, divides by sensitivity +
specificity - 1 and needs both from another sample; for rare themes that denominator is mostly noise.

The error is a difference of paired proportions, so its interval is Bonett and Price's adjusted Wald interval, which
stands even where the sample has no error; the number of units is Kish's effective one, and the finite population
correction applies.

Source: Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, ch. 6; Angelopoulos et al. (2023),
Prediction-powered inference, Science 382 (the same estimator); Bonett, Price (2012), Adjusted Wald Confidence Interval
for a Difference of Binomial Proportions Based on Paired Data, JEBS 37; Kish (1965), Survey Sampling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.themes.codebook import Codebook
from gknlp.themes.coding.frame import Frame, FrameUnit
from gknlp.themes.coding.rows import admissible_codes

Labels = Mapping[str, frozenset[str]]
"""The themes of units by id."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A corrected share of 0..1 with its interval, cut to 0..1.

    ``classified`` is the classifier's share over the corpus, ``coded`` the weighted share of the coded units alone, from
    ``n_coded`` units of the random stratum, worth ``n_effective`` equal ones. ``recall`` and ``precision`` of the
    classifier are weighted, too; None where nothing is coded, or classified, so.
    """

    share: float
    low: float
    high: float
    classified: float
    coded: float
    n_coded: int
    n_effective: float
    recall: float | None
    precision: float | None


@dataclass(frozen=True, slots=True)
class Prevalence:
    """How many of a family's units, printed copies counted each, have a theme; structural ones are in the denominator."""

    family: str
    theme: str
    estimate: Estimate


def estimate_prevalences(
    frame: Frame,
    *,
    classified: Labels,
    coded: Labels,
    weights: Mapping[str, float],
    codebook: Codebook,
    confidence: float = 0.95,
) -> tuple[Prevalence, ...]:
    """Corrected prevalences of every theme in the sections of every family, in codebook order.

    Parameters
    ----------
    classified : the classifier's themes of every unit of the frame; a unit that is not there has none.
    coded : final themes of units of the random stratum; those of other strata must not be among them.
    weights : sampling weights of these units (1 / inclusion probability).

    Raises
    ------
    UsageError : a coded unit is not in the frame or has no weight: the sample is of another corpus or stratum.
    NotEnoughTextError : fewer than two units are coded.
    """
    known = {unit.id for unit in frame.units}
    strangers = [key for key in sorted(coded) if key not in known or key not in weights]
    if strangers:
        raise UsageError(
            f"{len(strangers)} coded units are not in this corpus or have no sampling weight, such as {strangers[0]}: "
            "estimate with the corpus that the sample was drawn from, and with its random stratum"
        )
    if len(coded) < 2:
        raise NotEnoughTextError(f"prevalences need coded units of the random stratum, found {len(coded)}")
    found: list[Prevalence] = []
    for family in dict.fromkeys(unit.family for unit in sorted(frame.units, key=lambda unit: unit.family)):
        units = [unit for unit in frame.units if unit.family == family]
        own = [unit for unit in units if unit.id in coded]
        if len(own) < 2:
            continue
        themes = admissible_codes(codebook, units[0].section, units[0].part)
        tables = classified, coded, weights
        found += [Prevalence(family, theme, _estimate(theme, units, own, tables, confidence)) for theme in themes]
    return tuple(found)


def _estimate(
    theme: str,
    units: Sequence[FrameUnit],
    own: Sequence[FrameUnit],
    tables: tuple[Labels, Labels, Mapping[str, float]],
    confidence: float,
) -> Estimate:
    classified, coded, weights = tables
    nothing: frozenset[str] = frozenset()
    total = sum(unit.copies for unit in units)
    share = sum(unit.copies for unit in units if theme in classified.get(unit.id, nothing)) / total
    pairs = [(theme in coded[unit.id], theme in classified.get(unit.id, nothing)) for unit in own]
    sizes = [weights[unit.id] * unit.copies for unit in own]
    return estimate_share(share, pairs, sizes, n_frame=len(units), confidence=confidence)


def estimate_share(
    classified: float,
    pairs: Sequence[tuple[bool, bool]],
    sizes: Sequence[float],
    *,
    n_frame: int,
    confidence: float = 0.95,
) -> Estimate:
    """The corrected share of one theme.

    Parameters
    ----------
    classified : the classifier's share over the whole frame.
    pairs : for each coded unit, whether it is coded so and whether it is classified so; one at least.
    sizes : sampling weight x copies of each.
    n_frame : distinct units of the frame.

    >>> estimate_share(0.5, [(True, True)] * 8 + [(True, False)] * 2, [1.0] * 10, n_frame=10_000).share
    0.7
    """
    total = sum(sizes)
    missed = sum(size for (is_coded, is_classified), size in zip(pairs, sizes, strict=True) if is_coded > is_classified)
    wrong = sum(size for (is_coded, is_classified), size in zip(pairs, sizes, strict=True) if is_coded < is_classified)
    both = sum(size for (is_coded, is_classified), size in zip(pairs, sizes, strict=True) if is_coded and is_classified)
    n = total * total / sum(size * size for size in sizes)
    low, high = paired_interval(n * missed / total, n * wrong / total, n, confidence=confidence)
    share = classified + (missed - wrong) / total
    left = max(0.0, 1 - len(pairs) / n_frame)
    middle, half = (low + high) / 2, (high - low) / 2 * left**0.5
    if left == 0:
        middle = (missed - wrong) / total
    return Estimate(
        share=_clip(share),
        low=_clip(min(classified + middle - half, share)),
        high=_clip(max(classified + middle + half, share)),
        classified=classified,
        coded=(both + missed) / total,
        n_coded=len(pairs),
        n_effective=n,
        recall=_share(both, both + missed),
        precision=_share(both, both + wrong),
    )


def paired_interval(more: float, fewer: float, n: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Bonett and Price's interval of a difference of paired proportions: ``more`` and ``fewer`` discordant of ``n``.

    >>> [round(limit, 4) for limit in paired_interval(26, 4, 48)]
    [0.2548, 0.6252]
    """
    one, other = (more + 1) / (n + 2), (fewer + 1) / (n + 2)
    half = NormalDist().inv_cdf((1 + confidence) / 2) * ((one + other - (one - other) ** 2) / (n + 2)) ** 0.5
    return one - other - half, one - other + half


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
