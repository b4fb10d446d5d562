"""Shares of topics and what is known of the reports in, where and when topics are spoken of out (历时): nothing is fitted here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.topics.rows import DECIMALS, Row

Doubles = NDArray[np.float64]
Group = tuple[Any, list[int]]

_BY = {"year": "year", "level": "level", "place": "region"}
"""What prevalence is told by, and the column of ``reports`` it stands in."""
_FEWEST_FOR_CORRELATION = 3


def prevalence_rows(reports: Sequence[Mapping[str, Any]], shares: Doubles, n_words: NDArray[np.int64]) -> Iterator[Row]:
    """Topics by year, level and place: ``share`` of the counted words, ``mean`` and ``sd`` of the reports' shares.

    Reports of which year, level or place is not known are left out there. ``sd`` of one report is null.
    """
    for by, column in _BY.items():
        for value, rows in _group(reports, column):
            for row in _describe(shares, n_words, rows):
                yield {"by": by, "value": str(value), **row}


def year_rows(reports: Sequence[Mapping[str, Any]], shares: Doubles, n_words: NDArray[np.int64]) -> Iterator[Row]:
    """Topics of one fit followed over the years, each official form (报表格式) apart.

    ``form_break`` : this form was not used in the year before, so that a change may be the form's and not the agencies'.
    ``change`` : of the mean since the last earlier year of the same form; null where there is none, as in the first year.
    """
    before: dict[tuple[Any, int], float] = {}
    last_forms: set[str] | None = None
    for year, in_year in _group(reports, "year"):
        forms = _group([{"form": reports[i]["form"] or ""} for i in in_year], "form")
        for form, places in forms:
            for row in _describe(shares, n_words, [in_year[i] for i in places]):
                del row["n_words"], row["sd"]
                old = before.get((form, row["topic"]))
                change = None if old is None else round(row["mean"] - old, DECIMALS)
                broken = last_forms is not None and form not in last_forms
                before[form, row["topic"]] = row["mean"]
                yield {"year": year, "form": form or None, **row, "form_break": broken, "change": change}
        last_forms = {form for form, _ in forms}


def correlation_rows(shares: Doubles) -> Iterator[Row]:
    """Each pair of topics: the correlation of their shares over the reports, and of the shares' centred log ratios.

    Shares sum to 1, which alone makes them correlate by about -1 / (topics - 1); log ratios are freer of that (Aitchison
    1982). Null where a topic does not vary or fewer than three reports are there.
    """
    logs = np.log(np.maximum(shares, 1e-12))
    ratios = logs - logs.mean(axis=1, keepdims=True)
    plain, free = _correlate(shares), _correlate(ratios)
    for a in range(shares.shape[1]):
        for b in range(a + 1, shares.shape[1]):
            row = {"topic_a": a, "topic_b": b, "n_reports": len(shares)}
            yield {**row, "correlation": _finite(plain[a, b]), "log_ratio": _finite(free[a, b])}


def reuse_rows(
    units: Sequence[Mapping[str, Any]], shares: Doubles, stretches: Mapping[str, Sequence[tuple[int, int, str]]]
) -> Iterator[Row]:
    """Each topic's characters by where they come from: those of a unit count for a topic by its share in the unit.

    ``stretches`` : for each report, (start, end, stratum) ascending and apart; characters of units that no stretch covers
    are left out.
    """
    strata = sorted({stratum for rows in stretches.values() for _, _, stratum in rows})
    place_of = {stratum: place for place, stratum in enumerate(strata)}
    counted = np.zeros((len(units), len(strata)))
    for i, unit in enumerate(units):
        rows = stretches.get(unit["doc_id"], ())
        for start, end, stratum in rows[_first_reaching(rows, unit["start"]) :]:
            if start >= unit["end"]:
                break
            counted[i, place_of[stratum]] += min(end, unit["end"]) - max(start, unit["start"])
    for topic in range(shares.shape[1]):
        characters = (shares[:, topic : topic + 1] * counted).sum(axis=0)
        total = characters.sum()
        for stratum, n in zip(strata, characters.tolist(), strict=True):
            share = round(n / total, DECIMALS) if total else None
            yield {"topic": topic, "stratum": stratum, "n_chars": round(n, 1), "share": share}


def _first_reaching(rows: Sequence[tuple[int, int, str]], start: int) -> int:
    """The first of the ascending stretches that ends behind ``start``."""
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if rows[middle][1] <= start else (low, middle)
    return low


def _group(reports: Sequence[Mapping[str, Any]], column: str) -> list[Group]:
    groups: dict[Any, list[int]] = {}
    for i, report in enumerate(reports):
        if report[column] is not None:
            groups.setdefault(report[column], []).append(i)
    return sorted(groups.items())


def _describe(shares: Doubles, n_words: NDArray[np.int64], rows: list[int]) -> Iterator[Row]:
    chosen, weights = shares[rows], n_words[rows]
    share = (chosen * weights[:, None]).sum(axis=0) / weights.sum()
    mean = chosen.mean(axis=0)
    sd = chosen.std(axis=0, ddof=1) if len(rows) > 1 else np.full(shares.shape[1], np.nan)
    for topic in range(shares.shape[1]):
        row = {"topic": topic, "n_reports": len(rows), "n_words": int(weights.sum()), "share": _finite(share[topic])}
        yield {**row, "mean": _finite(mean[topic]), "sd": _finite(sd[topic])}


def _correlate(values: Doubles) -> Doubles:
    if len(values) < _FEWEST_FOR_CORRELATION:
        return np.full((values.shape[1], values.shape[1]), np.nan)
    centred = values - values.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    unit = np.divide(centred, length, out=np.full_like(centred, np.nan), where=length > 1e-9)
    product: Doubles = np.stack([(unit[:, a : a + 1] * unit).sum(axis=0) for a in range(values.shape[1])])
    return product


def _finite(value: float) -> float | None:
    return round(float(value), DECIMALS) if np.isfinite(value) else None
