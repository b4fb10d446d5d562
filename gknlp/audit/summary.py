"""Findings counted by rule, year, level and place, with the rate over assessable cases and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gknlp.audit.columns import OUTCOMES
from gknlp.places import load_divisions
from gknlp.tables import table_of

Z_95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""
COUNTS = ("n_pass", "n_fail", "n_not_assessable")


def summarise_findings(findings: pa.Table, reports: pa.Table) -> pa.Table:
    """Table ``rule_summary``; ``failure_rate`` = failed / (passed + failed), null where nothing could be assessed.

    Reports that were superseded are not counted, nor those that republish another one: each case counts once.
    ``rate_low`` and ``rate_high`` are the rate's 95 % interval, see ``wilson_interval``. No findings give an empty table.

    Parameters
    ----------
    findings : table ``findings``.
    reports : table ``reports``; without column ``republication_of`` nothing counts as republished.
    """
    rows = [row for row in reports.drop_columns(["text"]).to_pylist() if _counts(row)]
    groups = list(dict.fromkeys(_group(row) for row in rows))
    place_of = {group: place for place, group in enumerate(groups)}
    group_of = np.array([place_of[_group(row)] for row in rows], dtype=np.int64)
    report = _codes(findings["doc_id"], [row["doc_id"] for row in rows])
    rules = pc.unique(findings["rule"]).to_pylist()
    keys = _codes(findings["rule"], rules), group_of[report[report >= 0]], _codes(findings["outcome"], OUTCOMES)
    rule, group, outcome = keys[0][report >= 0], keys[1], keys[2][report >= 0]
    counted = np.bincount((rule * len(groups) + group) * 3 + outcome, minlength=len(rules) * len(groups) * 3)
    found = []
    for place, counts in enumerate(counted.reshape(-1, 3).tolist()):
        if any(counts):
            year, level, where = groups[place % len(groups)]
            found.append(
                {"rule": rules[place // len(groups)], "year": year, "level": level, "place": where, **_rates(*counts)}
            )
    return table_of("rule_summary", found)


def total_by(summary: pa.Table, column: str) -> list[dict[str, Any]]:
    """The summary added up over everything but ``column`` (rule, year, level or place), in its order, null last."""
    totals: dict[Any, list[int]] = {}
    for row in summary.to_pylist():
        total = totals.setdefault(row[column], [0, 0, 0])
        for place, name in enumerate(COUNTS):
            total[place] += row[name]
    ordered = sorted(totals, key=lambda key: (key is None, "" if key is None else key))
    return [{column: key, **_rates(*totals[key])} for key in ordered]


def wilson_interval(n_fail: int, n_assessable: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a failure rate; (None, None) where nothing was assessable.

    With p = n_fail / n: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). It is never empty and never leaves [0, 1], unlike
    p ± z √(p(1-p)/n), which says 0 ± 0 of a rule that failed in none of three cases.

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22 (158), 209-212.

    >>> [[round(bound, 3) for bound in wilson_interval(n_fail, n)] for n_fail, n in ((1, 10), (0, 3))]
    [[0.018, 0.404], [0.0, 0.561]]
    """
    if not n_assessable:
        return None, None
    rate, z2 = n_fail / n_assessable, Z_95 * Z_95
    centre = rate + z2 / (2 * n_assessable)
    spread = Z_95 * math.sqrt(rate * (1 - rate) / n_assessable + z2 / (4 * n_assessable * n_assessable))
    scale = 1 + z2 / n_assessable
    low = 0.0 if n_fail == 0 else (centre - spread) / scale
    high = 1.0 if n_fail == n_assessable else (centre + spread) / scale
    return low, high


@cache
def place_of_code(code: str) -> str | None:
    """The county (县级) that a division code lies in, with what is above it; the city or province where it names no county.

    Names of counties alone are not unique. None for a code that the table of divisions does not know.

    >>> place_of_code("230104"), place_of_code("230100"), place_of_code("999999")
    ('黑龙江省哈尔滨市道外区', '黑龙江省哈尔滨市', None)
    """
    names = load_divisions()
    shapes = (code[:6], f"{code[:4]}00", f"{code[:2]}0000")
    known = next((shape for shape in shapes if len(shape) == 6 and names.get(shape) is not None), None)
    return "".join(names.path(known)) if known else None


def _counts(report: dict[str, Any]) -> bool:
    return report["superseded_by"] is None and report.get("republication_of") is None


def _group(report: dict[str, Any]) -> tuple[int | None, str | None, str | None]:
    place = report["region"] or (place_of_code(report["code"]) if report["code"] else None)
    return report["year"], report["level"], place


def _rates(n_pass: int, n_fail: int, n_not_assessable: int) -> dict[str, Any]:
    n_assessable = n_pass + n_fail
    low, high = wilson_interval(n_fail, n_assessable)
    rate = n_fail / n_assessable if n_assessable else None
    counts = dict(zip(COUNTS, (n_pass, n_fail, n_not_assessable), strict=True))
    return {**counts, "failure_rate": rate, "rate_low": low, "rate_high": high}


def _codes(values: pa.ChunkedArray, among: Sequence[str]) -> npt.NDArray[np.int64]:
    """The place of each value, -1 for one that is not among them."""
    found = pc.index_in(values, value_set=pa.array(among, pa.string()))
    return np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)
