"""Facets, promises and measures of rhetoric for the made-up run, by arithmetic instead of chance."""

from __future__ import annotations

from typing import Any

Rows = dict[str, list[dict[str, Any]]]
_MARKS = (
    ("modality", "planned", "明年"),
    ("hedge", "hedge", "一些"),
    ("actor", "self", "我们"),
    ("valence", "achievement", "平稳"),
    ("valence", "shortfall", "不全"),
)


def add_rhetoric(rows: Rows, years: tuple[int, ...]) -> None:
    """A plan is kept where the places of its agency, year and unit add up to a multiple of three, unless the next year
    has no report; hedges stand in problems, the agency is named in one sentence, all of the overview is done.
    """
    for unit in rows["units"]:
        rows["facets"].append(_facets(unit))
    docs = {row["doc_id"][:4]: row for row in rows["reports"]}
    kept = {doc["doc_id"]: _add_promises(rows, doc, docs) for doc in rows["reports"]}
    for doc in rows["reports"]:
        rows["rhetoric_measures"].append(_measures(rows, doc, docs, kept))
    _add_agency_years(rows, years)


def _facets(unit: dict[str, Any]) -> dict[str, Any]:
    text, start = unit["text"], unit["start"]
    evidence = [
        {"facet": facet, "value": value, "start": start + text.index(word), "end": start + text.index(word) + len(word)}
        for facet, value, word in _MARKS
        if word in text
    ]
    digits = next((at for at, char in enumerate(text) if char.isdigit()), None)
    if digits is not None:
        end = next(at for at in range(digits, len(text)) if not text[at].isdigit())
        mark = {"facet": "specificity", "value": "count", "start": start + digits, "end": start + end}
        evidence = sorted([*evidence, mark], key=lambda mark: mark["start"])
    problem, plan = unit["part"] == "problems", unit["part"] == "improvements"
    return {
        **{key: unit[key] for key in ("doc_id", "unit_id", "start", "end")},
        "modality": "planned" if plan else "done" if unit["section"] == "overview" else "state",
        "specificity": ["number"] if digits is not None else [],
        "valence": "shortfall" if problem else "achievement" if "平稳" in text else "neutral",
        "hedge": problem and "一些" in text,
        "actor": "self" if "我们" in text else "none",
        "evidence": evidence,
        "n_chars": len(text),
        "n_words": len(text) // 2,
        "n_linking": 1,
        "n_clauses": 1 + text.count("，"),
        "model": "facets.v1:made-up",
    }


def _places(doc: dict[str, Any]) -> tuple[int, int]:
    return int(doc["doc_id"][:2], 16), int(doc["doc_id"][2:4], 16)


def _units(rows: Rows, doc_id: str, **where: Any) -> list[dict[str, Any]]:
    return [u for u in rows["units"] if u["doc_id"] == doc_id and all(u[key] == value for key, value in where.items())]


def _add_promises(rows: Rows, doc: dict[str, Any], docs: dict[str, dict[str, Any]]) -> float | None:
    a, y = _places(doc)
    after = docs.get(f"{a:02x}{y + 1:02x}")
    deeds = _units(rows, after["doc_id"], section="overview") if after else []
    kept = 0
    plans = _units(rows, doc["doc_id"], part="improvements")
    for place, plan in enumerate(plans):
        is_kept = after is not None and (a + y + place) % 3 == 0
        kept += is_kept
        deed = deeds[(a + place) % len(deeds)] if is_kept else None
        rows["promises"].append(
            {
                "agency_id": doc["agency_id"],
                "year": doc["year"],
                "doc_a": doc["doc_id"],
                "unit_a": plan["unit_id"],
                "doc_b": after["doc_id"] if after else None,
                "unit_b": deed["unit_id"] if deed else None,
                "theme_a": ("I01", "I06", "I05")[(a + place + y % 2) % 3],
                "theme_b": "O05" if deed else None,
                "similarity": 0.25 + place / 4 if deed else None,
                "shared": ["小河信箱"] if deed and place else [],
                "why": "theme O05" if deed else None,
                "kept": is_kept if after else None,
            }
        )
    return kept / len(plans) if after else None


def _measures(
    rows: Rows, doc: dict[str, Any], docs: dict[str, dict[str, Any]], kept: dict[str, float | None]
) -> dict[str, Any]:
    a, y = _places(doc)
    beside = {name: docs.get(f"{a:02x}{y + step:02x}") for name, step in (("previous", -1), ("next", 1))}
    return {
        **{key: doc[key] for key in ("doc_id", "agency_id", "agency", "level", "form", "year")},
        **{f"{name}_doc_id": other["doc_id"] if other else None for name, other in beside.items()},
        "n_reference": 10,
        "n_units": 14,
        "n_words": 200 + a,
        "n_planned": 2,
        "n_problem_units": 2,
        "length": 400 + 10 * a + y,
        "theme_entropy": 1 + a / 20,
        "specificity": a / 100,
        "readability_clause": 8.0 + y,
        "readability_linking": 0.1,
        "readability_zh": (8.1 + y) / 2,
        "light_problem_share": 0.5 if a % 2 else 0.0,
        "problem_persistence": (a % 3) / 2 if beside["previous"] else None,
        "promise_kept": kept[doc["doc_id"]],
        "concrete_commitment": 0.0,
        "hedge_density": 12.5 if a % 3 == 0 else 0.0,
        "praise_to_shortfall": y / 2,
        "disclosure_rate": None if y == 0 else 0.4 + a / 20,
        "zero_requests": None if a == 5 else a in (1, 2),
        "zero_report": None if a == 5 else a == 2,
        "decoupling": (a - 5) / 4 if y else None,
    }


def _add_agency_years(rows: Rows, years: tuple[int, ...]) -> None:
    there = {(row["agency_id"], row["year"]): row for row in rows["rhetoric_measures"]}
    agencies = {row["agency_id"]: row for row in rows["rhetoric_measures"]}
    for agency, about in agencies.items():
        for year in years:
            found = there.get((agency, year))
            row = {key: about[key] for key in ("agency_id", "agency", "level")} | {
                "year": year,
                "present": int(found is not None),
            }
            if found:
                left_out = ("previous_doc_id", "next_doc_id", "n_reference")
                row |= {key: value for key, value in found.items() if key not in left_out}
            rows["rhetoric_agency_years"].append({**row, "n_reports": row["present"]})
