"""The measures of rhetoric (话语度量) for display: what each means, its spread by year, its value for each report."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from gknlp.pages.findings.measures import spread
from gknlp.pages.findings.run import Row, Run, middle, ran, rows_in, rows_of, years_of
from gknlp.pages.words import Words, number, percent, say


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files("gknlp.pages").joinpath("rhetoric.toml").read_text(encoding="utf-8"))


def describe_measures() -> list[dict[str, Any]]:
    """Every measure in the order of display: key, group, kind, formula, and name, meaning, unit, source, missing in words."""
    data = _read()
    words = ("name", "meaning", "unit", "source")
    return [
        {
            **{field: entry[field] for field in ("key", "group", "kind", "formula")},
            **{field: say(*entry[field]) for field in words},
            "missing": say(*data["missing"][entry["missing"]]),
        }
        for entry in data["measures"]
    ]


def write_kind(kind: str, value: float | None) -> str:
    r"""A value as people read it: three digits that count, a dash where it could not be assessed.

    >>> write_kind("share", 0.126), write_kind("score", 0.05342), write_kind("count", 1951.4), write_kind("score", -0.5)
    ('12.6 %', '0.0534', '1\u2009951', '−0.5')
    >>> write_kind("share", None), write_kind("share", 0.0), write_kind("share", 0.0004), write_kind("score", 0)
    ('—', '0 %', '<0.1 %', '0')
    """
    if value is None:
        return "—"
    if kind == "count":
        return number(round(value))
    if kind == "score":
        return f"{value:.3g}".replace("-", "−")
    if value == 0:
        return "0 %"
    return "<0.1 %" if value < 0.001 else percent(value, digits=1)


def find_rhetoric(run: Run) -> dict[str, Any] | None:
    """Each measure with its meaning and its spread over agencies by year; None where the step did not run.

    The report in force of each agency and year counts once. A year of the corpus without a report of an agency is
    ``n_absent``, a report whose measure is null ``n_missing``: neither is 0.

    Returns
    -------
    ``n``: agency-years with a report; ``n_agencies``; ``years``: year, n, n_absent; ``groups``: name and measures, each
    as ``describe_measures`` has it with n, n_missing, n_zero, the five numbers, years (each with the five numbers; of a
    flag also ``share`` and ``n_true``) and title.
    """
    if not ran(run, "rhetoric_agency_years"):
        return None
    rows = rows_of(run, "rhetoric_agency_years")
    by_year: dict[int, list[Row]] = {year: [] for year in years_of(run)}
    for row in rows:
        by_year.setdefault(row["year"], []).append(row)
    there = {year: [row for row in group if row["present"]] for year, group in by_year.items()}
    measures = [_measure(one, there, by_year) for one in describe_measures()]
    groups = [
        {"key": key, "name": say(*words), "measures": [one for one in measures if one["group"] == key]}
        for key, words in _read()["groups"].items()
    ]
    return {
        "n": sum(len(group) for group in there.values()),
        "n_agencies": len({row["agency_id"] for row in rows}),
        "years": [
            {"year": year, "n": len(there[year]), "n_absent": len(group) - len(there[year])}
            for year, group in by_year.items()
        ],
        "groups": [group for group in groups if group["measures"]],
        "n_measures": len(measures),
    }


def _measure(
    one: dict[str, Any], there: Mapping[int, Sequence[Row]], by_year: Mapping[int, Sequence[Row]]
) -> dict[str, Any]:
    key, years = one["key"], []
    for year, group in there.items():
        values = [_number(row[key]) for row in group]
        years.append({"year": year, "n_absent": len(by_year[year]) - len(group), **spread(values), **_flags(values)})
    every = [_number(row[key]) for group in there.values() for row in group]
    whole = {**one, **spread(every), **_flags(every), "n_zero": sum(value == 0 for value in every), "years": years}
    return {**whole, "title": _title(whole)}


def _flags(values: Sequence[float | None]) -> dict[str, Any]:
    """How many are true (1), and their mean, which is a share where all values are flags."""
    known = [value for value in values if value is not None]
    n_true = sum(value == 1 for value in known)
    return {"n_true": n_true, "share": n_true / len(known) if known else None}


def _number(value: float | bool | None) -> float | None:
    if value is None:
        return None
    found = float(value)
    return None if math.isnan(found) else found


def _title(measure: Mapping[str, Any]) -> Words:
    """What the spread says: the median, or of a flag the share, of the first year that has one and of the last."""
    field = "share" if measure["kind"] == "flag" else "median"
    known = [year for year in measure["years"] if year["n"]]
    if not known:
        return say("没有一份报告能够计算", "no report could be assessed")
    first, last = known[0], known[-1]
    kind = "share" if measure["kind"] == "flag" else measure["kind"]
    at, to = (write_kind(kind, year[field]) for year in (first, last))
    zh, en = ("占", "share") if field == "share" else ("居中值", "median")
    if first is last:
        return say(f"{zh} {at}（{first['year']}）", f"{en} {at} ({first['year']})")
    return say(
        f"{zh} {at}（{first['year']}）→ {to}（{last['year']}）", f"{en} {at} ({first['year']}) → {to} ({last['year']})"
    )


def rhetoric_medians(run: Run) -> dict[int | None, dict[str, float | None]]:
    """Each measure's median over the reports on one year, by year: what one report's value stands beside."""
    by_year: dict[int | None, list[Row]] = {}
    for row in rows_of(run, "rhetoric_measures"):
        by_year.setdefault(row["year"], []).append(row)
    keys = [one["key"] for one in describe_measures()]
    return {year: {key: middle(_number(row[key]) for row in rows) for key in keys} for year, rows in by_year.items()}


def list_rhetoric(
    run: Run, doc_id: str, medians: Mapping[int | None, Mapping[str, float | None]]
) -> list[dict[str, Any]]:
    """One report's measures, each beside the median of its year; [] for a report that was not measured."""
    row = next(iter(rows_in(run, "rhetoric_measures", doc_id)), None)
    if row is None:
        return []
    beside = medians.get(row["year"], {})
    return [
        {
            **one,
            "written": _flag(row[one["key"]])
            if one["kind"] == "flag"
            else say(*[write_kind(one["kind"], _number(row[one["key"]]))] * 2),
            "beside": "" if one["kind"] == "flag" else write_kind(one["kind"], beside.get(one["key"])),
        }
        for one in describe_measures()
    ]


def _flag(value: bool | None) -> Words:
    return say("—", "—") if value is None else say("是", "yes") if value else say("否", "no")
