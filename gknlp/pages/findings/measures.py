"""The measures of the literature (文本复用度量) for display: what each means, its spread by year, its value for each report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import Any

from gknlp.pages.findings.run import Row, Run, middle, ran, rows_in, rows_of, years_of
from gknlp.pages.words import Words, keys_of, number, percent, say, word

GROUPS: Mapping[str, tuple[str, ...]] = {
    "common": ("boilerplate_share", "boilerplate_share_no_ceiling", "template_prototype"),
    "change": (
        *("stickiness", "containment", "resemblance", "sim_cosine", "sim_jaccard", "sim_minedit", "sim_simple"),
        *("modification_score", "modification_score_adjusted", "alignment_score", "alignment_tokens"),
    ),
    "within": ("redundancy_within",),
    "information": ("information_content", "standard_content"),
    "novelty": ("novelty_share", "reused_own_previous", "reused_peers", "reused_superior", "reused_reference"),
}
"""What the measures compare a report with; why one is missing is the same within a group."""
_SHARES = frozenset(
    (*GROUPS["common"], *GROUPS["within"], *GROUPS["novelty"], "stickiness", "containment", "resemblance")
)
_COUNTS = frozenset(("alignment_score", "alignment_tokens"))


def kind_of(measure: str) -> str:
    """How a measure is written: ``share`` as a percentage, ``count`` whole, ``score`` with two decimals."""
    return "share" if measure in _SHARES else "count" if measure in _COUNTS else "score"


def write_value(measure: str, value: float | None) -> str:
    """A value of a measure as people read it; a dash where it could not be assessed.

    >>> write_value("stickiness", 0.126), write_value("sim_cosine", 0.5), write_value("alignment_score", 31)
    ('12.6 %', '0.50', '31')
    >>> write_value("stickiness", None), write_value("stickiness", 0.0), write_value("stickiness", 0.0004)
    ('—', '0 %', '<0.1 %')
    """
    kind = kind_of(measure)
    if value is None or kind == "count":
        return number(None if value is None else round(value, 1))
    if kind == "score":
        return (
            f"{value:.2f}".replace("-", "−") if abs(value) >= 0.005 or not value else f"{value:.1e}".replace("-", "−")
        )
    if value == 0:
        return "0 %"
    return "<0.1 %" if value < 0.001 else percent(value, digits=1)


def read_measures(run: Run, doc_id: str) -> dict[str, float | None] | None:
    """The measures of one report; None for a report without a row.

    What the table gives as 0 because there was nothing to compare with is None here: text of the year before without a
    report on it, text of law and model texts where none was named.
    """
    row = next(iter(rows_in(run, "reuse_measures", doc_id)), None)
    return None if row is None else _read(row, has_references=bool(rows_of(run, "references")))


def _read(row: Row, *, has_references: bool) -> dict[str, float | None]:
    values = {key: _number(row[key]) for keys in GROUPS.values() for key in keys}
    if row["previous_doc_id"] is None:
        values["reused_own_previous"] = None
    if not has_references:
        values["reused_reference"] = None
    return values


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def find_measures(run: Run, bars: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Each measure with its meaning and its spread over reports and years; None where the step did not run.

    Returns
    -------
    n: reports measured; unit; mandated: the median share of mandated wording, which these measures count as any other;
    groups, each with its measures: name, meaning, unit, source, n, n_missing, n_zero, spread (over all reports) and
    years, each with its spread. A spread without values has None, which is not 0.
    """
    if not ran(run, "reuse_measures"):
        return None
    rows = [row for row in rows_of(run, "reuse_measures") if row["doc_id"] in run.report]
    values = {row["doc_id"]: read_measures(run, row["doc_id"]) or {} for row in rows}
    return {
        "n": len(rows),
        "unit": next((row["unit"] for row in rows if row["unit"]), "words"),
        "mandated": middle(bar["shares"]["mandated"] for bar in bars),
        "groups": [
            {
                "key": group,
                "name": word("measure_groups", group),
                "missing": word("measure_missing", group),
                "measures": [_measure(run, key, values) for key in keys],
            }
            for group, keys in GROUPS.items()
        ],
    }


def _measure(run: Run, key: str, values: Mapping[str, Mapping[str, float | None]]) -> dict[str, Any]:
    by_year: dict[int, list[float | None]] = {year: [] for year in years_of(run)}
    for doc_id, row in values.items():
        year = run.report[doc_id]["year"]
        if year is not None:
            by_year[year].append(row[key])
    every = [row[key] for row in values.values()]
    years = [{"year": year, **spread(held)} for year, held in by_year.items()]
    return {
        **describe_measure(key),
        "n_zero": sum(value == 0 for value in every),
        "years": years,
        **spread(every),
        "title": _title(key, years),
    }


def describe_measure(key: str) -> dict[str, Any]:
    """A measure's key and kind, its name in words, meaning, unit and source."""
    words = {field: word(f"measure_{field}", key) for field in ("meaning", "unit", "source")}
    return {"key": key, "kind": kind_of(key), "name": word("measures", key), **words}


def spread(values: Sequence[float | None]) -> dict[str, Any]:
    """The five numbers of a distribution, n, and how many values are missing; None for all five without any value.

    >>> spread([0.1, None, 0.3, 0.2])
    {'n': 3, 'n_missing': 1, 'low': 0.1, 'q1': 0.15000000000000002, 'median': 0.2, 'q3': 0.25, 'high': 0.3}
    """
    held = sorted(value for value in values if value is not None)
    if not held:
        five: tuple[float | None, ...] = (None,) * 5
    else:
        inner = quantiles(held, n=4, method="inclusive") if len(held) > 1 else [held[0]] * 3
        five = (held[0], *inner, held[-1])
    names = ("low", "q1", "median", "q3", "high")
    return {"n": len(held), "n_missing": len(values) - len(held), **dict(zip(names, five, strict=True))}


def _title(key: str, years: Sequence[Mapping[str, Any]]) -> Words:
    """What the spread says: the median of the first year that has one, and of the last."""
    known = [year for year in years if year["n"]]
    if not known:
        return say("没有一份报告能够计算", "no report could be assessed")
    first, last = known[0], known[-1]
    at, to = (write_value(key, year["median"]) for year in (first, last))
    if len(known) == 1:
        return say(f"居中值 {at}（{first['year']}）", f"median {at} ({first['year']})")
    return say(
        f"居中值 {at}（{first['year']}）→ {to}（{last['year']}）",
        f"median {at} ({first['year']}) → {to} ({last['year']})",
    )


def year_medians(run: Run) -> dict[int | None, dict[str, float | None]]:
    """Each measure's median over the reports on one year, by year: what one report's value stands beside."""
    by_year: dict[int | None, list[dict[str, float | None]]] = {}
    for row in rows_of(run, "reuse_measures"):
        if row["doc_id"] in run.report and (values := read_measures(run, row["doc_id"])) is not None:
            by_year.setdefault(run.report[row["doc_id"]]["year"], []).append(values)
    return {
        year: {key: middle(row[key] for row in rows) for key in keys_of("measures")} for year, rows in by_year.items()
    }


def list_measures(
    run: Run, doc_id: str, medians: Mapping[int | None, Mapping[str, float | None]]
) -> list[dict[str, Any]]:
    """One report's values, each beside the median of its year; [] for a report that was not measured."""
    values = read_measures(run, doc_id)
    if values is None:
        return []
    beside = medians.get(run.report[doc_id]["year"], {})
    return [
        {
            **describe_measure(key),
            "value": value,
            "written": write_value(key, value),
            "beside": write_value(key, beside.get(key)),
        }
        for key, value in values.items()
    ]


def name_reference_group(run: Run, doc_id: str) -> Words | None:
    """Which reports a report's boilerplate_share was measured against, and how many; None where none were enough."""
    row = next(iter(rows_in(run, "reuse_measures", doc_id)), None)
    if row is None or row["reference_group"] is None:
        return None
    names = [word("fields", name) for name in row["reference_group"].split("+")]
    n = row["n_reference"]
    if row["reference_group"] == "all":
        return say(f"全部 {n} 份报告", f"all {n} reports")
    zh, en = "、".join(name["zh"] for name in names), ", ".join(name["en"].lower() for name in names)
    return say(f"{zh}相同的 {n} 份报告", f"{n} reports with the same {en}")
