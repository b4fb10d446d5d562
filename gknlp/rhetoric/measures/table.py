"""The room's second step: labels, facets and cells in; measures a report, measures an agency and year, promises out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from gknlp.rhetoric.marks import KINDS
from gknlp.rhetoric.measures import decoupling, shares, substance
from gknlp.rhetoric.measures import tables as forms
from gknlp.rhetoric.measures.config import RhetoricConfig
from gknlp.rhetoric.measures.promises import Idf, Promise, match_promises, measure_promise_kept, read_statement
from gknlp.schemas import RHETORIC_AGENCY_YEARS
from gknlp.tables import table_of

Row = dict[str, Any]
_ABOUT = ("doc_id", "agency_id", "agency", "level", "form", "year", "n_chars")
_ENTROPIES = {"overview": "O", "problems": "P", "improvements": "I"}
_ALL_TABLES = ("t2", "t3", "t4")


@dataclass(slots=True)
class _Document:
    """All that is known of a report: its units as (unit, label, facets), structural ones left out, and its cells."""

    about: Row
    units: list[tuple[Row, Row, Row]] = field(default_factory=list)
    cells: dict[tuple[str, str, str], float | None] = field(default_factory=dict)
    before: _Document | None = None
    after: _Document | None = None
    promises: list[Promise] | None = None


def measure_rhetoric(tables: Mapping[str, pa.Table], *, config: RhetoricConfig | None = None) -> dict[str, pa.Table]:
    """The tables ``rhetoric_measures``, ``rhetoric_agency_years`` and ``promises``.

    Parameters
    ----------
    tables : needs ``reports``, ``units``, ``cells``, ``theme_labels`` and ``facets``; a unit without a row in both of
        the last two is left out.
    config : the defaults where absent.

    Returns
    -------
    ``rhetoric_measures`` has a row a report; a report without units has nulls. ``rhetoric_agency_years`` has a row for
    every agency and year of the corpus's span: where no report is, ``present`` is 0 and every measure null; where
    several are, the longest stands for the year, then the first doc_id. Measures that look at another year
    (problem_persistence, problem_stickiness back, promise_kept forward) are null where that year has no report.
    ``promises`` has a row a planned unit; ``kept`` is null where the next year has no report. Empty tables give empty
    tables.
    """
    config = config or RhetoricConfig()
    documents = _gather(tables, config)
    _link_years(documents)
    idf = Idf([unit["text"] for document in documents for unit, _, _ in document.units])
    for document in documents:
        document.promises = _match(document, idf, config)
    scores = _decouple(documents, config)
    rows = [{**_measure(document, config), **score} for document, score in zip(documents, scores, strict=True)]
    return {
        "rhetoric_measures": table_of("rhetoric_measures", rows),
        "rhetoric_agency_years": table_of("rhetoric_agency_years", _agency_years(documents, rows)),
        "promises": table_of("promises", [row for document in documents for row in _promise_rows(document)]),
    }


def _gather(tables: Mapping[str, pa.Table], config: RhetoricConfig) -> list[_Document]:
    """Reports in order of doc_id with their content."""
    about = sorted(tables["reports"].select(_ABOUT).to_pylist(), key=lambda row: row["doc_id"])
    documents = {row["doc_id"]: _Document(row) for row in about}
    labels = _by_unit(tables["theme_labels"].select(["doc_id", "unit_id", "primary", "labels"]))
    facets = _by_unit(tables["facets"])
    units = (
        tables["units"].select(["doc_id", "unit_id", "section", "part", "ordinal", "text", "start", "end"]).to_pylist()
    )
    for unit in sorted(units, key=lambda row: (row["doc_id"], row["ordinal"], row["unit_id"])):
        key = unit["doc_id"], unit["unit_id"]
        known = unit["doc_id"] in documents and key in labels and key in facets
        if known and labels[key]["primary"] not in config.structural:
            documents[unit["doc_id"]].units.append((unit, labels[key], facets[key]))
    for cell in tables["cells"].select(["doc_id", "table", "row", "column", "value"]).to_pylist():
        if cell["doc_id"] in documents:
            documents[cell["doc_id"]].cells[cell["table"], cell["row"], cell["column"]] = cell["value"]
    return list(documents.values())


def _by_unit(table: pa.Table) -> dict[tuple[str, str], Row]:
    return {(row["doc_id"], row["unit_id"]): row for row in table.to_pylist()}


def _link_years(documents: Sequence[_Document]) -> None:
    """Put the agency's reports of the years beside each on it."""
    chosen = _choose(documents)
    for document in documents:
        agency, year = document.about["agency_id"], document.about["year"]
        if agency is not None and year is not None:
            document.before = chosen.get((agency, year - 1))
            document.after = chosen.get((agency, year + 1))


def _choose(documents: Sequence[_Document]) -> dict[tuple[str, int], _Document]:
    """The report that stands for its agency and year: the longest, then the first doc_id."""
    chosen: dict[tuple[str, int], _Document] = {}
    for document in sorted(documents, key=lambda item: (-(item.about["n_chars"] or 0), item.about["doc_id"])):
        agency, year = document.about["agency_id"], document.about["year"]
        if agency is not None and year is not None:
            chosen.setdefault((agency, year), document)
    return chosen


def _match(document: _Document, idf: Idf, config: RhetoricConfig) -> list[Promise]:
    plans = [read_statement(*entry) for entry in document.units if entry[2]["modality"] == "planned"]
    after = document.after.units if document.after else []
    deeds = [read_statement(*entry) for entry in after if entry[2]["modality"] == "done"]
    return match_promises(plans, deeds, min_similarity=config.min_similarity, idf=idf)


def _measure(document: _Document, config: RhetoricConfig) -> Row:
    beside = {"previous_doc_id": document.before, "next_doc_id": document.after}
    return {
        **{key: value for key, value in document.about.items() if key != "n_chars"},
        **{name: other.about["doc_id"] if other else None for name, other in beside.items()},
        **_measure_themes(document, config),
        **_measure_words(document),
        **_measure_facets(document),
        **_measure_tables(document),
    }


def _measure_themes(document: _Document, config: RhetoricConfig) -> Row:
    primaries = [label["primary"] for _, label, _ in document.units]
    problems, before = _problems(document), _problems(document.before)
    row: Row = {"n_units": len(document.units), "theme_entropy": shares.measure_theme_entropy(primaries)}
    for name, letter in _ENTROPIES.items():
        own = [code for code in primaries if code and code.startswith(letter)]
        row[f"theme_entropy_{name}"] = shares.measure_theme_entropy(own)
    row["light_problem_share"] = shares.measure_light_problem_share(
        problems or (), light=config.light_problems, no_problem=config.no_problem
    )
    row["problem_persistence"] = shares.measure_problem_persistence(
        set(problems or ()), None if before is None else set(before), no_problem=config.no_problem
    )
    row["problem_stickiness"] = shares.measure_problem_stickiness(
        [unit["text"] for unit, _, _ in _problem_units(document)],
        [unit["text"] for unit, _, _ in _problem_units(document.before)] if document.before else None,
    )
    return row


def _problem_units(document: _Document) -> list[tuple[Row, Row, Row]]:
    return [entry for entry in document.units if entry[0]["part"] == "problems"]


def _problems(document: _Document | None) -> list[str] | None:
    """Every problem theme named in a report, as often as it is named; None for no report."""
    if document is None:
        return None
    return [code for _, label, _ in document.units for code in label["labels"] or () if code.startswith("P")]


def _measure_words(document: _Document) -> Row:
    facets = [found for _, _, found in document.units]
    n_words = sum(found["n_words"] for found in facets)
    named = [kind for entry in document.units for kind in _named(entry, document.about["year"])]
    n_chars = sum(found["n_chars"] for found in facets)
    clause = substance.measure_readability_clause(n_chars, sum(found["n_clauses"] for found in facets))
    linking = substance.measure_readability_linking([(found["n_linking"], found["n_words"]) for found in facets])
    return {
        "n_words": n_words,
        "length": n_chars,
        "specificity": substance.measure_specificity(len(named), n_words),
        "hard_information": substance.measure_hard_information(sum(KINDS[k] == "number" for k in named), n_words),
        "readability_clause": clause,
        "readability_linking": linking,
        "readability_zh": substance.measure_readability_zh(clause, linking),
    }


def _named(entry: tuple[Row, Row, Row], year: int | None) -> list[str]:
    """The kinds of named things in a unit; the reporting year is none, for every sentence could hold it."""
    unit, _, found = entry
    kinds = []
    for mark in found["evidence"]:
        wording = unit["text"][mark["start"] - unit["start"] : mark["end"] - unit["start"]]
        is_year = mark["value"] == "date" and wording.replace(" ", "").rstrip("度") == f"{year}年"
        if mark["facet"] == "specificity" and not is_year:
            kinds.append(mark["value"])
    return kinds


def _measure_facets(document: _Document) -> Row:
    facets = [found for _, _, found in document.units]
    planned = [found for found in facets if found["modality"] == "planned"]
    problems = [found for _, _, found in _problem_units(document)]
    hedges = sum(mark["facet"] == "hedge" for found in problems for mark in found["evidence"])
    valences = [found["valence"] for found in facets]
    kept = document.promises if document.after else None
    return {
        "n_planned": len(planned),
        "n_problem_units": len(problems),
        "promise_kept": measure_promise_kept(kept),
        "concrete_commitment": substance.measure_concrete_commitment(
            sum(bool(found["specificity"]) for found in planned), len(planned)
        ),
        "hedge_density": substance.measure_hedge_density(hedges, sum(found["n_chars"] for found in problems)),
        "praise_to_shortfall": substance.measure_praise_to_shortfall(
            valences.count("achievement"), valences.count("shortfall")
        ),
    }


def _measure_tables(document: _Document) -> Row:
    mix = forms.measure_refusal_mix(document.cells)
    return {
        "disclosure_rate": forms.measure_disclosure_rate(document.cells),
        **{f"refusal_{group}": share for group, share in mix.items()},
        "correction_rate": forms.measure_correction_rate(document.cells),
        "escalation_rate": forms.measure_escalation_rate(document.cells),
        "zero_requests": forms.is_zero(document.cells, ("t3",)),
        "zero_report": forms.is_zero(document.cells, _ALL_TABLES),
    }


def _decouple(documents: Sequence[_Document], config: RhetoricConfig) -> list[Row]:
    """For each report its ``decoupling`` and the size of its reference group: same form, year and level."""
    groups = [tuple(document.about[key] for key in ("form", "year", "level")) for document in documents]
    claims = []
    for document in documents:
        primaries = [label["primary"] for _, label, _ in document.units]
        found = [shares.measure_theme_share(primaries, claim) for claim in config.claims]
        claims.append(sum(share for share in found if share is not None) if primaries and config.claims else None)
    granted = [forms.measure_disclosure_rate(document.cells) for document in documents]
    corrected = [forms.measure_correction_rate(document.cells) for document in documents]
    scores = [
        decoupling.measure_z_scores(values, groups, at_least=config.min_reference)
        for values in (claims, granted, corrected)
    ]
    return [
        {"decoupling": decoupling.measure_decoupling(*three), "n_reference": groups.count(group)}
        for group, *three in zip(groups, *scores, strict=True)
    ]


def _agency_years(documents: Sequence[_Document], rows: Sequence[Row]) -> Iterator[Row]:
    chosen = _choose(documents)
    if not chosen:
        return
    by_doc = {row["doc_id"]: row for row in rows}
    counts: dict[tuple[str, int], int] = {}
    for document in documents:
        key = document.about["agency_id"], document.about["year"]
        counts[key] = counts.get(key, 0) + 1
    years = range(min(year for _, year in chosen), max(year for _, year in chosen) + 1)
    for agency in sorted({agency for agency, _ in chosen}):
        own = [document.about for (name, _), document in chosen.items() if name == agency]
        for year in years:
            nearest = min((abs(about["year"] - year), about["year"], about["doc_id"]) for about in own)[2]
            about = by_doc[nearest]
            row = {"agency_id": agency, "year": year, "agency": about["agency"], "level": about["level"]}
            row |= {"present": int((agency, year) in chosen), "n_reports": counts.get((agency, year), 0)}
            if (agency, year) in chosen:
                found = by_doc[chosen[agency, year].about["doc_id"]]
                row = {key: found.get(key) for key in RHETORIC_AGENCY_YEARS.names} | row
            yield row


def _promise_rows(document: _Document) -> Iterator[Row]:
    after = document.after.about["doc_id"] if document.after else None
    for found in document.promises or ():
        deed = found.deed
        yield {
            "agency_id": document.about["agency_id"],
            "year": document.about["year"],
            "doc_a": found.promise.doc_id,
            "unit_a": found.promise.unit_id,
            "doc_b": after,
            "unit_b": deed.unit_id if deed else None,
            "theme_a": found.promise.theme,
            "theme_b": found.theme,
            "similarity": found.similarity,
            "shared": list(found.shared),
            "why": _why(found) if deed else None,
            "kept": deed is not None if after else None,
        }


def _why(found: Promise) -> str:
    reasons = [f"theme {found.theme}", f"similarity {found.similarity}"]
    return "; ".join(reasons + ([f"both name {'、'.join(found.shared)}"] if found.shared else []))
