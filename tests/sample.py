"""The sample corpus built and run once, its truth, and how much of the truth today's methods find.

``python -m tests.sample`` prints the scores as the table that stands in README.md.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gknlp.corpus import BuildOptions, Corpus, build_corpus
from gknlp.experiment import load_experiment, run_experiment
from gknlp.forms import load_forms
from gknlp.tables import read_parquet

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "corpora" / "sample"
OVERVIEW = ROOT / "experiments" / "overview"
BALANCES = frozenset({"R301", "R302", "R303", "R401"})
SHARED_ENOUGH = 0.8
"""A planted copy counts as found when this share of its characters lies in passages that lead to its source."""

Score = tuple[int, int]


@dataclass(frozen=True, eq=False)
class SampleRun:
    corpus: Corpus
    folder: Path
    card: dict[str, Any]
    truth: dict[str, Any]

    @cache  # noqa: B019  # one value for the whole test session
    def rows(self, name: str) -> list[dict[str, Any]]:
        return read_parquet(self.folder / "tables" / f"{name}.parquet").to_pylist()

    def doc_ids(self) -> dict[str, str]:
        """doc_id by the path that the truth file gives."""
        return {f"reports/{row['path']}": row["doc_id"] for row in self.rows("sources")}


def run_sample(folder: Path) -> SampleRun:
    card = tomllib.loads((SAMPLE / "corpus.toml").read_text("utf-8"))
    build_corpus([SAMPLE / "reports"], folder / "corpus", options=BuildOptions())
    corpus = Corpus.open(folder / "corpus")
    run_experiment(load_experiment(OVERVIEW), corpus, folder / "run", card=card)
    return SampleRun(corpus, folder / "run", card, json.loads((SAMPLE / "truth.json").read_text("utf-8")))


def measure_scores(run: SampleRun) -> dict[str, Score]:
    """(right, in all) by what was measured."""
    return {**_parsing(run), **_planted(run), **_themes(run)}


def _parsing(run: SampleRun) -> dict[str, Score]:
    ids, reports = run.doc_ids(), {row["doc_id"]: row for row in run.rows("reports")}
    truths = [(reports[ids[truth["path"]]], truth) for truth in run.truth["reports"]]
    scores: dict[str, Score] = {}
    for field in ("agency", "year", "form", "level", "kind"):
        scores[f"{field} as written down"] = (sum(row[field] == truth[field] for row, truth in truths), len(truths))
    cells = {(c["doc_id"], c["table"], c["row"], c["column"]): c for c in run.rows("cells")}
    expected = [(cells.get((row["doc_id"], *key)), value) for row, truth in truths for key, value in _true_cells(truth)]
    right = sum(cell is not None and cell["raw"] == value for cell, value in expected)
    scores["table cells read right"] = (right, len(expected))
    damaged = {row["doc_id"] for row, truth in truths if truth["t3"] is None}
    believed = sum(cell["value"] is not None for cell in run.rows("cells") if cell["doc_id"] in damaged)
    scores["numbers believed in damaged tables"] = (believed, len(damaged) * 200)
    return scores


def _true_cells(truth: Mapping[str, Any]) -> list[tuple[tuple[str, str, str], str]]:
    if truth["t3"] is None:
        return []
    found = [(("t2", *key.split(".")), str(value)) for key, value in truth["t2"].items()]
    for name in ("t3", "t4"):
        table = load_forms()[truth["form"]].table(name)
        assert table is not None
        columns = [column.key for column in table.blocks[0].columns]
        for row, values in truth[name].items():
            found += [((name, row, column), str(value)) for column, value in zip(columns, values, strict=True)]
    return found


def _planted(run: SampleRun) -> dict[str, Score]:
    ids = run.doc_ids()
    by_kind: dict[str, list[Any]] = {}
    for item in run.truth["planted"]:
        by_kind.setdefault(item["kind"], []).append(item)
    failures = [f for f in run.rows("findings") if f["outcome"] == "fail"]
    failed = {(f["doc_id"], f["rule"], f["instance"]) for f in failures}
    wrong = [
        (ids[item["path"]], rule, instance)
        for item in by_kind["table_error"]
        for rule, instances in item["fails"].items()
        for instance in instances
    ]
    within = [key for key in wrong if key[1] in BALANCES]
    across = [key for key in wrong if key[1] not in BALANCES]
    balances = {key for key in failed if key[1] in BALANCES}
    forms = {row["doc_id"]: row["form"] for row in run.rows("reports")}
    shares = {row["doc_id"]: row["self"] for row in run.rows("coverage")}
    planted = {ids[item["path"]] for item in run.truth["planted"] if "path" in item}
    unplanted = {f["doc_id"] for f in failures if f["severity"] == "error"} - planted - _copyists(run, ids)
    return {
        "planted broken balances found": (sum(key in failed for key in within), len(within)),
        "balances failed that were not planted": (
            len(balances - set(wrong)),
            sum(f["rule"] in BALANCES for f in run.rows("findings")),
        ),
        "planted cross-year breaks found": (sum(key in failed for key in across), len(across)),
        "planted copies found with their source": (
            sum(_copy_found(run, item, ids) for item in by_kind["copy"]),
            len(by_kind["copy"]),
        ),
        "own reports repeated, found as self": (
            sum(shares[ids[_first(item["copy"])["path"]]] >= 0.5 for item in by_kind["own_repeat"]),
            len(by_kind["own_repeat"]),
        ),
        "obsolete forms told by their cells": (
            sum(forms[ids[item["path"]]] == item["found"] for item in by_kind["obsolete_form"]),
            len(by_kind["obsolete_form"]),
        ),
        "wrong years found": _slips_found(failures, by_kind["wrong_year"], ids, ("R801", "R802")),
        "foreign words found": _slips_found(failures, by_kind["foreign_text"], ids, ("R811",)),
        "reports without a planted slip that fail an error rule": (len(unplanted), len(forms) - len(planted)),
    }


def _copyists(run: SampleRun, ids: Mapping[str, str]) -> set[str]:
    """Reports whose planted copy may carry a slip along."""
    kinds = ("copy", "own_repeat")
    return {ids[_first(item["copy"])["path"]] for item in run.truth["planted"] if item["kind"] in kinds}


def _slips_found(
    failures: list[dict[str, Any]], items: list[Any], ids: Mapping[str, str], rules: tuple[str, ...]
) -> Score:
    """How many slips lie in a place that a failed finding of one of the rules shows."""
    places = {(f["doc_id"], start, end) for f in failures if f["rule"] in rules for start, end in f["spans"]}
    found = [
        any(doc == ids[item["path"]] and start < item["end"] and item["start"] < end for doc, start, end in places)
        for item in items
    ]
    return sum(found), len(items)


def _first(item: Any) -> Any:
    return item[0] if isinstance(item, list) else item


def _copy_found(run: SampleRun, item: Mapping[str, Any], ids: Mapping[str, str]) -> bool:
    """Whether enough of the copy lies in passages whose cluster begins in, or whose source is, the report copied from."""
    copy, source = item["copy"], ids[item["source"]["path"]]
    covered: set[int] = set()
    for row in run.rows("passages"):
        leads = source in (row["source_doc_id"], row["first_doc_id"])
        if row["doc_id"] == ids[copy["path"]] and leads:
            covered.update(range(max(row["start"], copy["start"]), min(row["end"], copy["end"])))
    return len(covered) >= SHARED_ENOUGH * (copy["end"] - copy["start"])


def _themes(run: SampleRun) -> dict[str, Score]:
    ids = run.doc_ids()
    labels: dict[str, list[dict[str, Any]]] = {}
    for label in run.rows("theme_labels"):
        labels.setdefault(label["doc_id"], []).append(label)
    right = answered = total = 0
    for truth in run.truth["reports"]:
        for start, _, code in truth["themes"]:
            label = next((x for x in labels[ids[truth["path"]]] if x["start"] <= start < x["end"]), None)
            total += 1
            if label and label["primary"]:
                answered += 1
                right += label["primary"] == code
    return {
        "themes right by the shipped classifier": (right, total),
        "themes right where it answers": (right, answered),
    }


def format_scores(scores: Mapping[str, Score]) -> str:
    """The rows of the table in README.md."""
    return "\n".join(
        f"| {name} | {_spaced(right)} of {_spaced(total)} | `make scores` |" for name, (right, total) in scores.items()
    )


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(format_scores(measure_scores(run_sample(Path(place)))))
