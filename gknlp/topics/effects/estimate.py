"""Tables of reports and topic shares in, tables of effects, terms and predictions out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from gknlp.tables import table_of
from gknlp.topics.effects.clustered import ClusteredDesign, estimate_contrasts, prepare_design
from gknlp.topics.effects.config import EffectsConfig
from gknlp.topics.effects.design import INTERCEPT, Design, Term, build_design, column_of, predict_contrasts
from gknlp.topics.effects.posterior import ShareSet, draw_shares, share_variances, take_shares
from gknlp.topics.effects.read import read_facts, read_shares

Floats = NDArray[np.float64]
_DECIMALS = 9
"""More than a share can mean; the last bits of a sum stay out of the bytes."""
_FEW_DF = 4
"""Below that many degrees of freedom the approximation is not to be trusted (Pustejovsky & Tipton 2018)."""
_NO_VARIANCE = 1e-12
_ONE_CLUSTER = "one agency alone determines this: no interval"
_FLAT = "the share does not vary: no interval"
_FEW = "fewer than 4 degrees of freedom: too few agencies speak to this, do not rely on p"


def estimate_effects(tables: Mapping[str, pa.Table], *, config: EffectsConfig) -> dict[str, pa.Table]:
    """Effects of facts about reports on the shares of topics, errors clustered, uncertain shares carried through.

    For each topic a linear model of its share in a report (each report counts once), fitted by least squares. Coefficients
    are differences of shares: 0.02 of ``year`` is two percentage points a year, of ``level[county]`` against the reference.

    Variance = W + (1 + 1/m) B, by the method of composition: W is the CR2 clustered variance, its mean over possible
    shares; B the variance of the coefficient over possible shares, from each report's Dirichlet posterior. With
    ``config.draws = 0`` both are computed in closed form, the limit of m draws, and the estimate is the one at the mean
    shares, its expectation. Tests and intervals use t with Satterthwaite degrees of freedom of CR2, with few draws less
    for B as in Rubin 1987: t(G - 1) is too wide awake where few agencies, or unequal ones, speak to a coefficient.

    What this does not carry: that topics themselves would differ in another fit (see ``topics.stability``). Composition
    counts the noise in the shares in W and in B, so it errs to the wide side for short reports; ``se_known`` is the
    standard error that takes shares as exact, ``theta_share`` the part of the variance that is B.

    Parameters
    ----------
    tables : ``reports``; ``topic_shares`` (doc_id, topic, share); if there is ``topic_documents`` (doc_id, concentration:
        the sum of a report's gamma) shares are uncertain, else exact, which ``theta`` says; ``covariates`` adds columns by
        doc_id, by agency_id and year, or by agency_id. Superseded reports are left out.

    Returns
    -------
    ``topic_effects`` : topic x coefficient with interval and p; ``p_holm`` holds over all topics for that coefficient.
    ``topic_effect_terms`` : what each term was, its reference, what is missing, and why a term was dropped.
    ``topic_predictions`` : mean share if every report had that value and was else as it is (for figures).

    Raises
    ------
    NotEnoughTextError : nothing varies, too few agencies or reports. UsageError : unknown, collinear or unfit columns.

    Source: Treier & Jackman 2008, doi:10.1111/j.1540-5907.2007.00308.x; Roberts et al. 2014 (stm, estimateEffect); Rubin
    1987; Pustejovsky & Tipton 2018 (CR2, Satterthwaite).
    """
    shares = read_shares(tables)
    facts = read_facts(tables, config=config)
    known = frozenset(shares.keys)
    design = build_design({key: row for key, row in facts.items() if key in known}, config=config)
    shares = take_shares(shares, design.keys)
    prepared = prepare_design(design.rows, design.groups)
    places = predict_contrasts(design)
    made = np.vstack([np.eye(len(design.names)), *(place[3][None] for place in places)])
    parts = _Parts(prepared, made, shares, config)
    n_effects = len(design.names)
    about = {
        "n": len(design.keys),
        "n_agencies": len(prepared.starts),
        "theta": _theta(shares, config),
        "confidence": config.confidence,
    }
    return {
        "topic_effects": table_of("topic_effects", _effect_rows(design, parts, about)),
        "topic_effect_terms": table_of("topic_effect_terms", _term_rows(design, about)),
        "topic_predictions": table_of("topic_predictions", _prediction_rows(places, parts, n_effects, about)),
    }


class _Parts:
    """Estimate, variance and interval of each combination (rows) and topic (columns)."""

    def __init__(self, design: ClusteredDesign, made: Floats, shares: ShareSet, config: EffectsConfig) -> None:
        exact = estimate_contrasts(design, made, shares.shares, share_variances(shares))
        self.topics = shares.topics
        self.estimate, self.known = exact.estimate, exact.known
        within, between = exact.known + exact.noise, exact.between
        extra = np.zeros_like(between)
        if config.draws and shares.concentration is not None:
            within, between, self.estimate = _compose(design, made, shares, config)
            extra = between**2 / (config.draws - 1)
        self.total = within + between
        self.theta_share = _divide(between, self.total)
        self.df = 1 / (1 / np.maximum(exact.df, 1e-9)[:, None] + _divide(extra, self.total**2))
        self.estimable = exact.estimable
        scale = np.maximum(np.abs(shares.shares).max(axis=0), _NO_VARIANCE)
        self.flat = np.sqrt(self.total) <= _NO_VARIANCE * scale
        self.half = stats.t.ppf((1 + config.confidence) / 2, self.df) * np.sqrt(self.total)

    def note(self, place: int, topic: int) -> str | None:
        """Why there is no interval, or why to mistrust it; None for a sound one."""
        if not self.estimable[place]:
            return _ONE_CLUSTER
        if self.flat[place, topic]:
            return _FLAT
        return _FEW if self.df[place, topic] < _FEW_DF else None

    def sound(self, place: int, topic: int) -> bool:
        """Whether there is an interval."""
        return bool(self.estimable[place] and not self.flat[place, topic])

    def p_values(self, place: int) -> list[float | None]:
        """Two-sided p of each topic against an effect of 0."""
        return [
            float(
                2
                * stats.t.sf(
                    abs(self.estimate[place, topic]) / np.sqrt(self.total[place, topic]), self.df[place, topic]
                )
            )
            if self.sound(place, topic)
            else None
            for topic in range(len(self.topics))
        ]

    def interval(self, place: int, topic: int) -> dict[str, float | None]:
        """Estimate, standard error, ends of the interval and degrees of freedom of one combination and topic."""
        estimate, half = self.estimate[place, topic], self.half[place, topic]
        row: dict[str, float | None] = {"estimate": _round(estimate), "se": None, "low": None, "high": None, "df": None}
        if self.sound(place, topic):
            row |= {"se": _round(np.sqrt(self.total[place, topic])), "df": _round(self.df[place, topic])}
            row |= {"low": _round(estimate - half), "high": _round(estimate + half)}
        return row


def _compose(
    design: ClusteredDesign, made: Floats, shares: ShareSet, config: EffectsConfig
) -> tuple[Floats, Floats, Floats]:
    """Mean clustered variance, (1 + 1/m) times the variance of the estimates, and their mean, over m draws of shares."""
    draws = np.hstack(list(draw_shares(shares, n_draws=config.draws, seed=config.seed)))
    drawn = estimate_contrasts(design, made, draws)
    shape = (len(made), config.draws, len(shares.topics))
    estimates = drawn.estimate.reshape(shape)
    between = (1 + 1 / config.draws) * estimates.var(axis=1, ddof=1)
    return drawn.known.reshape(shape).mean(axis=1), between, estimates.mean(axis=1)


def _divide(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _round(value: Any) -> float:
    return round(float(value), _DECIMALS) + 0.0  # -0.0 becomes 0.0


def _theta(shares: ShareSet, config: EffectsConfig) -> str:
    if shares.concentration is None:
        return "exact"
    return f"composition of {config.draws} draws" if config.draws else "composition in closed form"


def _effect_rows(design: Design, parts: _Parts, about: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    references = {term.name: term.reference for term in design.terms}
    for place, (term, category) in enumerate(design.names):
        values = parts.p_values(place)
        for at, (topic, p, adjusted) in enumerate(zip(parts.topics, values, _holm(values), strict=True)):
            yield {
                "topic": topic,
                "ordinal": place,
                "term": term,
                "category": category,
                "reference": references.get(term),
                **parts.interval(place, at),
                "p": None if term == INTERCEPT or p is None else _round(p),
                "p_holm": None if term == INTERCEPT or adjusted is None else _round(adjusted),
                "se_known": _round(np.sqrt(parts.known[place, at])) if parts.sound(place, at) else None,
                "theta_share": _round(parts.theta_share[place, at]) if parts.sound(place, at) else None,
                **about,
                "note": parts.note(place, at),
            }


def _holm(values: Sequence[float | None]) -> list[float | None]:
    """P adjusted for as many tests as there are values (Holm 1979); None stays None.

    >>> _holm([0.01, None, 0.04, 0.03])
    [0.03, None, 0.06, 0.06]
    """
    ordered = sorted((value, place) for place, value in enumerate(values) if value is not None)
    adjusted: list[float | None] = [None] * len(values)
    highest = 0.0
    for rank, (value, place) in enumerate(ordered):
        highest = max(highest, min(1.0, (len(ordered) - rank) * value))
        adjusted[place] = highest
    return adjusted


def _term_rows(design: Design, about: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for ordinal, term in enumerate(design.terms):
        column = column_of(term.name)[0]
        yield {
            "ordinal": ordinal,
            "term": term.name,
            "kind": "constant" if not term.kept else "category" if term.categories else "number",
            "reference": term.reference,
            "categories": list(term.categories),
            "mean": None if term.mean is None else _round(term.mean),
            "n_missing": design.missing.get(column, 0),
            **about,
            "note": term.note or None,
        }


def _prediction_rows(
    places: Sequence[tuple[Term, str, float | None, Floats]], parts: _Parts, first: int, about: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for ordinal, (term, value, number, _) in enumerate(places):
        place = first + ordinal
        for at, topic in enumerate(parts.topics):
            yield {
                "topic": topic,
                "ordinal": ordinal,
                "term": term.name,
                "value": value,
                "number": None if number is None else _round(number),
                **parts.interval(place, at),
                **about,
                "note": parts.note(place, at),
            }
