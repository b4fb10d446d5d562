"""Promises (承诺) of one year beside the deeds that the next report tells: counts by year and theme, and every pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gknlp.pages.findings.packed import deflate
from gknlp.pages.findings.run import Row, Run, label_of, page_name, ran, report_href, rows_in, rows_of, years_of
from gknlp.pages.words import Words, keys_of, number, percent, plural, say, word

OUTCOMES = keys_of("promise_outcomes")
N_SHOWN = 24
"""Pairs that stand on the page itself, so that it can be read without script; the script draws any of them."""
MOST_LISTED = 8_000
"""Pairs a page may hold, some 60 packed characters each; the CSV beside it holds all."""


def find_promises(run: Run, names: Mapping[str, Words]) -> dict[str, Any] | None:
    """What became of planned units; None where the step did not run.

    Returns
    -------
    ``counts``: kept, not_kept, not_assessable (the next year has no report: no answer is possible); ``n``; ``share``:
    kept / (kept + not_kept), None where none can be judged; ``years``, ``themes``: the same in groups; ``shown``: some
    pairs of each outcome with both texts; ``n_listed``; ``packed``: all pairs for the page's script; ``title``.
    """
    if not ran(run, "promises"):
        return None
    rows = [row for row in rows_of(run, "promises") if row["doc_a"] in run.report]
    rows.sort(key=lambda row: (OUTCOMES.index(outcome_of(row)), -(row["year"] or 0), *_place(run, row)))
    units = _Units(run)
    years = [{"year": year, **_count(row for row in rows if row["year"] == year)} for year in years_of(run)]
    whole = _count(rows)
    listed = _spread_out(rows, MOST_LISTED)
    return {
        **whole,
        "years": years,
        "themes": _by_theme(rows, names),
        "shown": [_describe(run, row, names, units) for row in _spread_out(rows, N_SHOWN)],
        "n_listed": len(listed),
        "packed": _pack(run, listed, names, units),
        "title": _title(whole, years),
    }


def outcome_of(row: Row) -> str:
    """What became of a plan: null means that nobody can know, not that it was broken."""
    return "not_assessable" if row["kept"] is None else "kept" if row["kept"] else "not_kept"


def _place(run: Run, row: Row) -> tuple[str, str, str]:
    return label_of(run, row["doc_a"]), row["doc_a"], row["unit_a"]


def _count(rows: Iterable[Row]) -> dict[str, Any]:
    counts = Counter(outcome_of(row) for row in rows)
    judged = counts["kept"] + counts["not_kept"]
    return {
        "n": sum(counts.values()),
        "counts": {outcome: counts[outcome] for outcome in OUTCOMES},
        "n_judged": judged,
        "share": counts["kept"] / judged if judged else None,
    }


def _by_theme(rows: Sequence[Row], names: Mapping[str, Words]) -> list[dict[str, Any]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["theme_a"] or "", []).append(row)
    found = [{"code": code, "name": _name(names, code), **_count(group)} for code, group in groups.items()]
    return sorted(found, key=lambda group: (-group["n"], group["code"]))


def _name(names: Mapping[str, Words], code: str | None) -> Words:
    return names.get(code, say(code, code)) if code else say("未归类", "no theme")


def _spread_out(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many rows, the outcomes in equal parts as far as they go, in the order given."""
    if len(rows) <= most:
        return list(rows)
    seen: Counter[str] = Counter()
    ranks = []
    for at, row in enumerate(rows):
        outcome = outcome_of(row)
        ranks.append((seen[outcome], OUTCOMES.index(outcome), at))
        seen[outcome] += 1
    return [rows[at] for at in sorted(at for _, _, at in sorted(ranks)[:most])]


class _Units:
    """Texts and places of units, each report's looked up once."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: dict[str, dict[str, Row]] = {}

    def find(self, doc_id: str | None, unit_id: str | None) -> Row | None:
        if doc_id is None or unit_id is None:
            return None
        if doc_id not in self._known:
            self._known[doc_id] = {row["unit_id"]: row for row in rows_in(self._run, "units", doc_id)}
        return self._known[doc_id].get(unit_id)


def _describe(run: Run, row: Row, names: Mapping[str, Words], units: _Units) -> dict[str, Any]:
    """One pair for people: both texts with what they link to; without a deed, why there is none."""
    plan, deed = units.find(row["doc_a"], row["unit_a"]), units.find(row["doc_b"], row["unit_b"])
    outcome = outcome_of(row)
    return {
        "outcome": outcome,
        "label": label_of(run, row["doc_a"]),
        "href": report_href(row["doc_a"], plan["start"] if plan else None),
        "text": " ".join((plan["text"] if plan else "").split()),
        "theme": row["theme_a"],
        "theme_name": _name(names, row["theme_a"]),
        "next_label": label_of(run, row["doc_b"]) if row["doc_b"] in run.report else None,
        "next_href": report_href(row["doc_b"], deed["start"] if deed else None) if row["doc_b"] in run.report else None,
        "deed": " ".join(deed["text"].split()) if deed else None,
        "deed_theme_name": _name(names, row["theme_b"]) if row["theme_b"] else None,
        "similarity": row["similarity"],
        "shared": list(row["shared"] or ()),
        "why": _why(row, outcome),
    }


def _why(row: Row, outcome: str) -> Words:
    if outcome == "not_assessable":
        year = row["year"] + 1 if row["year"] is not None else None
        if year is None:
            return say("本报告年度不详，无从找下年报告", "no year known, so no next report")
        return say(f"语料中没有 {year} 年度的报告，无法判断", f"no report on {year} in the corpus: not assessable")
    if outcome == "not_kept":
        return say("下年报告里没有一个已做单元与它对得上", "no unit of the next report that tells a deed answers it")
    return say("下年报告里最相近的已做单元", "the closest unit of the next report that tells a deed")


def _pack(run: Run, rows: Sequence[Row], names: Mapping[str, Words], units: _Units) -> str:
    """[reports, themes, texts, pairs], deflated.

    reports: [label, page, year]; themes: [code, Chinese, English]; pairs: [outcome, report, character, theme, text, next
    report, its character, theme of the deed, its text, similarity in hundredths, shared names]; numbers are places in
    the lists, -1 for none.
    """
    docs = sorted({doc for row in rows for doc in (row["doc_a"], row["doc_b"]) if doc in run.report})
    docs.sort(key=lambda doc: (label_of(run, doc), doc))
    codes = sorted({code for row in rows for code in (row["theme_a"], row["theme_b"]) if code})
    doc_at, code_at = ({key: at for at, key in enumerate(keys)} for keys in (docs, codes))
    texts: dict[str, int] = {}
    pairs = []
    for row in rows:
        plan, deed = units.find(row["doc_a"], row["unit_a"]), units.find(row["doc_b"], row["unit_b"])
        pairs.append(
            [
                OUTCOMES.index(outcome_of(row)),
                doc_at[row["doc_a"]],
                plan["start"] if plan else -1,
                code_at.get(row["theme_a"], -1),
                _text(texts, plan),
                doc_at.get(row["doc_b"], -1),
                deed["start"] if deed else -1,
                code_at.get(row["theme_b"], -1),
                _text(texts, deed),
                -1 if row["similarity"] is None else round(100 * row["similarity"]),
                "、".join(row["shared"] or ()),
            ]
        )
    reports = [[label_of(run, doc), page_name(doc), run.report[doc]["year"]] for doc in docs]
    themes = [[code, *_name(names, code).values()] for code in codes]
    return deflate([reports, themes, list(texts), pairs])


def _text(texts: dict[str, int], unit: Row | None) -> int:
    if unit is None:
        return -1
    return texts.setdefault(" ".join((unit["text"] or "").split()), len(texts))


def _title(whole: Mapping[str, Any], years: Sequence[Mapping[str, Any]]) -> Words:
    if not whole["n"]:
        return say("没有一个单元写下计划", "No unit states a plan")
    if whole["share"] is None:
        return say(
            f"{number(whole['n'])} 个计划都没有下年报告可对照",
            f"{plural(whole['n'], 'plan')}, none with a report of the next year",
        )
    kept, judged, n_open = whole["counts"]["kept"], whole["n_judged"], whole["counts"]["not_assessable"]
    known = [year for year in years if year["share"] is not None]
    share = percent(whole["share"])
    span = "" if len(known) < 2 else f"{known[0]['year']}–{known[-1]['year']}, "
    return say(
        f"{number(judged)} 个计划中，{number(kept)} 个（{share}）在下年报告里写到已做；另有 {number(n_open)} 个无法判断",
        f"{span}{number(kept)} of {plural(judged, 'plan')} ({share}) are told as done a year later; {number(n_open)} cannot be assessed",
    )


def describe_outcomes() -> list[dict[str, Any]]:
    """The three outcomes with their words, in order."""
    return [{"key": outcome, "name": word("promise_outcomes", outcome)} for outcome in OUTCOMES]
