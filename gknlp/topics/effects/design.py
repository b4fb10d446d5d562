"""Facts about reports in, a full-rank design with named coefficients out; what was left out and why is stated."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.topics.effects.config import EffectsConfig

INTERCEPT = "(intercept)"
Row = Mapping[str, Any]
_TOLERANCE = 1e-8
_MAX_VALUES = 30
_N_QUANTILES = 11


@dataclass(frozen=True, slots=True)
class Term:
    """A covariate. ``categories`` : the reference first, none for a number; ``values`` : where predictions are made."""

    name: str
    reference: str | None
    categories: tuple[str, ...]
    mean: float | None
    values: tuple[float, ...]
    note: str

    @property
    def kept(self) -> bool:
        """Whether it says anything about these reports: a constant does not."""
        return not self.note


@dataclass(frozen=True, slots=True)
class Design:
    """``rows`` : reports x coefficients, the intercept first, numbers less their mean; ``names`` : (term, category).

    ``keys`` : the report of each row; ``groups`` : its cluster; ``missing`` : reports left out, by the column they lack.
    """

    rows: NDArray[np.float64]
    names: tuple[tuple[str, str | None], ...]
    keys: tuple[str, ...]
    groups: NDArray[np.int64]
    terms: tuple[Term, ...]
    missing: Mapping[str, int]


def column_of(term: str) -> tuple[str, bool]:
    """The column that a term reads, and whether its numbers are categories.

    >>> column_of("C(year)"), column_of("year")
    (('year', True), ('year', False))
    """
    forced = term.startswith("C(") and term.endswith(")")
    return (term[2:-1].strip(), True) if forced else (term, False)


def build_design(facts: Mapping[str, Row], *, config: EffectsConfig) -> Design:
    """The design of ``config.terms`` over the reports whose facts are complete, in order of their ids.

    Left out, and counted: reports that lack a value or their cluster. A term that is constant over what is left is
    dropped, which its note says.

    Raises
    ------
    NotEnoughTextError : no report is complete, every term is constant, or there are fewer clusters than coefficients.
    UsageError : a category asked for as reference does not occur, or a coefficient is a combination of others.
    """
    columns = [column_of(term)[0] for term in config.terms]
    missing = Counter(name for row in facts.values() for name in (*columns, config.cluster) if is_missing(row[name]))
    keys = sorted(
        key for key, row in facts.items() if not any(is_missing(row[name]) for name in (*columns, config.cluster))
    )
    if not keys:
        lacking = ", ".join(f"{name} ({count})" for name, count in sorted(missing.items())) or "none"
        raise NotEnoughTextError(
            f"none of {len(facts)} reports has a topic share and all of {', '.join(columns)} and {config.cluster}; "
            f"missing values by column: {lacking}; leave such a term out"
        )
    references = dict(pair.split("=", 1) for pair in config.reference)
    _check_references(references, config)
    terms = tuple(
        _read_term(term, [facts[key][column_of(term)[0]] for key in keys], references) for term in config.terms
    )
    kept = [term for term in terms if term.kept]
    if not kept:
        said = "; ".join(f"{term.name}: {term.note}" for term in terms)
        raise NotEnoughTextError(f"no term varies over {len(keys)} reports ({said}); add reports or name other terms")
    rows, names = _columns(kept, [facts[key] for key in keys])
    clusters = {name: place for place, name in enumerate(sorted({str(facts[key][config.cluster]) for key in keys}))}
    _check_size(len(keys), len(clusters), names, config)
    _check_rank(rows, names)
    groups = np.array([clusters[str(facts[key][config.cluster])] for key in keys], dtype=np.int64)
    return Design(rows, names, tuple(keys), groups, terms, dict(sorted(missing.items())))


def is_missing(value: Any) -> bool:
    """Whether a value is absent: null, an empty text, or no finite number."""
    return value is None or value == "" or (isinstance(value, float) and not math.isfinite(value))


def name_of(term: str, category: str | None) -> str:
    """A coefficient as people read it.

    >>> name_of("level", "county"), name_of("year", None)
    ('level[county]', 'year')
    """
    return term if category is None else f"{term}[{category}]"


def predict_contrasts(design: Design) -> list[tuple[Term, str, float | None, NDArray[np.float64]]]:
    """Term, value, its number, and the combination of coefficients that gives the mean share if all reports had it.

    All other columns stay as they are; the model is linear, so that their means do.
    """
    means = design.rows.mean(axis=0)
    found: list[tuple[Term, str, float | None, NDArray[np.float64]]] = []
    for term in design.terms:
        if not term.kept:
            continue
        own = [place for place, (name, _) in enumerate(design.names) if name == term.name]
        for category in term.categories:
            made = means.copy()
            made[own] = [float(design.names[place][1] == category) for place in own]
            found.append((term, category, None, made))
        for value in term.values:
            made = means.copy()
            made[own] = value - (term.mean or 0.0)
            found.append((term, _text_of(value), value, made))
    return found


def _check_references(references: Mapping[str, str], config: EffectsConfig) -> None:
    unknown = sorted(set(references) - set(config.terms))
    if unknown:
        raise UsageError(f"reference names {unknown[0]!r}, which is no term; terms are: {', '.join(config.terms)}")


def _read_term(name: str, values: Sequence[Any], references: Mapping[str, str]) -> Term:
    column, forced = column_of(name)
    numeric = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    if numeric and not forced:
        if name in references:
            raise UsageError(f"reference names {name!r}, a number; write C({name}) to take its values as categories")
        return _read_number(name, [float(value) for value in values])
    texts = Counter(_text_of(value) for value in values)
    ordered = sorted(texts, key=float) if numeric else sorted(texts)
    if len(ordered) == 1:
        return Term(name, None, (), None, (), f"constant ({column} is {ordered[0]} in all reports): left out")
    first = references.get(name) or (ordered[0] if numeric else min(ordered, key=lambda text: (-texts[text], text)))
    if first not in texts:
        raise UsageError(f"reference {name}={first} does not occur; {column} has: {', '.join(ordered)}")
    return Term(name, first, (first, *(text for text in ordered if text != first)), None, (), "")


def _text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_number(name: str, values: Sequence[float]) -> Term:
    distinct = sorted(set(values))
    if len(distinct) == 1:
        return Term(name, None, (), None, (), f"constant ({name} is {_text_of(distinct[0])} in all reports): left out")
    if len(distinct) > _MAX_VALUES:
        distinct = sorted(set(np.quantile(values, np.linspace(0, 1, _N_QUANTILES)).tolist()))
    return Term(name, None, (), math.fsum(values) / len(values), tuple(distinct), "")


def _columns(
    terms: Sequence[Term], facts: Sequence[Row]
) -> tuple[NDArray[np.float64], tuple[tuple[str, str | None], ...]]:
    columns: list[Sequence[float]] = [[1.0] * len(facts)]
    names: list[tuple[str, str | None]] = [(INTERCEPT, None)]
    for term in terms:
        values = [row[column_of(term.name)[0]] for row in facts]
        if term.mean is not None:
            columns.append([float(value) - term.mean for value in values])
            names.append((term.name, None))
        for category in term.categories[1:]:
            columns.append([float(_text_of(value) == category) for value in values])
            names.append((term.name, category))
    return np.array(columns).T.copy(), tuple(names)


def _check_size(n_rows: int, n_groups: int, names: Sequence[tuple[str, str | None]], config: EffectsConfig) -> None:
    asked = _listed(name_of(*name) for name in names)
    if n_groups < max(2, len(names)):
        raise NotEnoughTextError(
            f"{n_groups} clusters ({config.cluster}) are too few for {len(names)} coefficients ({asked}); "
            "leave terms out, join categories, take numbers instead of C(...), or add agencies"
        )
    if n_rows <= len(names):
        raise NotEnoughTextError(
            f"{n_rows} reports are too few for {len(names)} coefficients ({asked}); leave terms out or add reports"
        )


def _check_rank(rows: NDArray[np.float64], names: Sequence[tuple[str, str | None]]) -> None:
    """UsageError that names the first coefficient which earlier ones determine, and those."""
    unit = rows / np.linalg.norm(rows, axis=0)
    for place in range(1, len(names)):
        weights = np.linalg.lstsq(unit[:, :place], unit[:, place], rcond=None)[0]
        if np.linalg.norm(unit[:, place] - unit[:, :place] @ weights) > _TOLERANCE:
            continue
        others = _listed(name_of(*names[at]) for at in np.flatnonzero(np.abs(weights) > _TOLERANCE).tolist())
        raise UsageError(
            f"{name_of(*names[place])} is collinear: it follows exactly from {others}; "
            "leave one of these terms out, or join categories"
        )


def _listed(names: Iterable[str], most: int = 12) -> str:
    every = list(names)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")
