"""What the pages say, from hand-made tables small enough to check by eye."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gknlp.pages.findings.aligned import align_reports
from gknlp.pages.findings.audit import find_audit, wilson
from gknlp.pages.findings.coverage import find_coverage, list_reports
from gknlp.pages.findings.differences import mark_differences
from gknlp.pages.findings.layout import lay_out_tables
from gknlp.pages.findings.pairs import which_first
from gknlp.pages.findings.report import find_report, make_lookups
from gknlp.pages.findings.reuse import find_reuse
from gknlp.pages.findings.run import load_run, page_name, report_href
from gknlp.pages.findings.segments import Marks, blocks_of, cut_text, order_passages
from gknlp.pages.findings.themes import find_themes
from gknlp.pages.findings.topics import find_topics
from gknlp.schemas import STRATA
from gknlp.tables import table_of

RULES = [{"id": "R303", "title_en": "in = out", "expr": "new_requests + carried_in == outcome_total + carried_out"}]


def report(doc_id: str, agency: str | None, year: int | None, **more: Any) -> dict[str, Any]:
    text = more.pop("text", "柳下镇把井盖编号贴在墙上。每月换一次。")
    return {
        "doc_id": doc_id,
        "text": text,
        "n_chars": len(text),
        "agency": agency,
        "year": year,
        "level": "township",
        **more,
    }


def run_of(about: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> Any:
    return load_run({name: table_of(name, rows) for name, rows in tables.items()}, about or {})


def strata(**shares: float) -> dict[str, float]:
    return {**dict.fromkeys(STRATA, 0.0), **shares}


def test_coverage_tells_present_missing_and_superseded_apart() -> None:
    run = run_of(
        reports=[
            report("a19", "柳下镇", 2019),
            report("a21", "柳下镇", 2021),
            report("b20", "石桥镇", 2020, superseded_by="b20x"),
            report("c", None, None),
        ],
        sources=[
            {"source": 0, "path": "a.txt", "outcome": "parsed"},
            {"source": 0, "path": "b.pdf", "outcome": "quarantined", "reason": "no text", "stage": "read"},
        ],
    )
    found = find_coverage(run)
    assert found["years"] == [2019, 2020, 2021]
    states = {line["agency"]: [cell["state"] for cell in line["cells"]] for line in found["lines"]}
    assert states == {"柳下镇": ["present", "missing", "present"], "石桥镇": ["missing", "superseded", "missing"]}
    assert found["counts"] == {"present": 2, "republished": 0, "superseded": 1, "unreadable": 0, "missing": 3}
    (lost,) = found["quarantined"]
    assert (lost["path"], lost["reason"], lost["stage"]) == ("b.pdf", "no text", "read")
    assert "OCR" in lost["mend"]["en"]
    assert [doc["href"] for doc in found["unplaced"]] == ["report/c.html"]
    assert found["title"]["en"] == "2 of 6 agency-years, 2019–2021, have a report (1 superseded, 3 missing)"


def test_reuse_leaves_mandated_text_out_and_does_not_draw_the_unassessable_as_zero() -> None:
    run = run_of(
        reports=[report("a", "柳下镇", 2019), report("b", "石桥镇", 2019), report("c", "石桥镇", 2020)],
        coverage=[
            {"doc_id": "a", "n_chars": 100, **strata(mandated=0.4, peer=0.2, original=0.4)},
            {"doc_id": "b", "n_chars": 100, **strata(mandated=0.1, peer=0.6, original=0.3)},
            {"doc_id": "c", "n_chars": 0, **strata()},
        ],
        pairs=[
            {"doc_a": "a", "doc_b": "b", "shared_chars": 60, "containment_a": 0.62, "containment_b": 0.31},
            {"doc_a": "b", "doc_b": "c", "shared_chars": 9, "containment_a": 0.1, "containment_b": 0.1},
        ],
        clusters=[],
        passages=[],
    )
    found = find_reuse(run)
    assert [bar["doc_id"] for bar in found["bars"]] == ["b", "a"]
    assert [round(bar["shared"], 6) for bar in found["bars"]] == [0.6, 0.2]
    assert (found["n"], found["n_unassessed"]) == (2, 1)
    assert found["medians"]["mandated"] == pytest.approx(0.25)
    assert (
        found["title"]["en"] == "The median report shares 40 % of its narrative with other reports, mandated text aside"
    )
    assert found["matrix"]["names"] == ["石桥镇", "柳下镇"]
    assert found["matrix"]["values"] == [[9, 60], [60, None]]
    assert (found["pairs"][0]["containment"], found["pairs"][0]["other_containment"]) == (0.62, 0.31)


@pytest.mark.parametrize(
    ("one", "two", "told"),
    [
        ({"published": "2020-01-09"}, {"published": "2020-01-30"}, "柳下镇 2019 was published first (2020-01-09; the other 2020-01-30)"),
        ({"published": "2020-01-09"}, {"published": "2020-01-09"}, "a tie: both published 2020-01-09"),
        ({}, {"published": "2020-01-09"}, "a tie: dates and years do not tell which came first"),
        ({"year": 2021}, {}, "石桥镇 2019 reports on the earlier year"),
        ({"year": None}, {}, "a tie: dates and years do not tell which came first"),
    ],
)  # fmt: skip
def test_which_report_came_first(one: dict[str, Any], two: dict[str, Any], told: str) -> None:
    run = run_of(reports=[{**report("a", "柳下镇", 2019), **one}, {**report("b", "石桥镇", 2019), **two}])
    assert which_first(run, "a", "b")["en"] == told


def test_theme_shares_are_pooled_and_a_year_without_reports_is_a_gap() -> None:
    def share(doc_id: str, year: int, theme: str, n: int, of: int) -> dict[str, Any]:
        return {
            "doc_id": doc_id,
            "year": year,
            "family": "problems",
            "theme": theme,
            "n_units": n,
            "n_family_units": of,
        }

    run = run_of(
        {"themes": [{"code": "P01", "name_zh": "时效", "name_en": "timeliness"}]},
        reports=[report("a", "柳下镇", 2019), report("b", "柳下镇", 2021)],
        theme_shares=[share("a", 2019, "P01", 1, 4), share("a", 2019, "P02", 3, 4), share("b", 2021, "P01", 6, 6)],
        theme_labels=[
            {"doc_id": "a", "unit_id": "u1", "primary": "P01", "abstained": False, "model": "dictionary.v1"},
            {"doc_id": "a", "unit_id": "u2", "primary": None, "abstained": True, "model": "dictionary.v1"},
        ],
    )
    found = find_themes(run)
    first, second = found["families"][0]["themes"]
    assert (first["code"], first["name"]["zh"], first["share"]) == ("P01", "时效", 0.7)
    assert [point["share"] for point in first["years"]] == [0.25, None, 1.0]
    assert [point["share"] for point in second["years"]] == [0.75, None, 0.0]
    assert (found["n_units"], found["n_abstained"], found["abstained"]) == (2, 1, 0.5)


def test_a_topic_under_one_half_is_called_unstable() -> None:
    run = run_of(
        reports=[report("a", "柳下镇", 2019), report("b", "柳下镇", 2020)],
        units=[{"doc_id": "a", "unit_id": "u1", "ordinal": 0, "text": "每月换一次。", "start": 13, "end": 19}],
        topics=[
            {"topic": 0, "label": "井盖", "size": 0.4, "n_units": 3, "stability": 0.49},
            {"topic": 1, "label": "", "size": 0.6, "n_units": 5, "stability": 0.5},
        ],
        topic_words=[{"topic": 1, "rank": 2, "word": "河", "probability": 0.1}, {"topic": 1, "rank": 1, "word": "渡口", "probability": 0.2}],
        topic_shares=[{"doc_id": "a", "topic": 0, "share": 0.3}],
        topic_units=[{"topic": 0, "rank": 1, "doc_id": "a", "unit_id": "u1", "start": 13, "end": 19, "weight": 1.0}],
    )  # fmt: skip
    found = find_topics(run)
    assert [(topic["label"], topic["unstable"]) for topic in found["topics"]] == [("渡口·河", False), ("井盖", True)]
    assert found["topics"][1]["units"][0]["text"] == "每月换一次。"
    assert found["topics"][1]["units"][0]["href"] == "report/a.html#c13"
    assert [point["share"] for point in found["topics"][1]["years"]] == [0.3, None]


@pytest.mark.parametrize(
    ("failed", "checked", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_wilson_interval(failed: int, checked: int, low: float, high: float) -> None:
    assert wilson(failed, checked) == pytest.approx((low, high), abs=1e-4)


def test_nothing_checked_has_no_interval() -> None:
    assert wilson(0, 0) is None


def cells(values: dict[str, float | None], column: str = "natural_person") -> list[dict[str, Any]]:
    return [
        {"doc_id": "a", "table": "t3", "row": row, "column": column, "raw": None if value is None else f"{value:g}", "value": value,
         "start": None if value is None else 10 * place, "end": None if value is None else 10 * place + 1}
        for place, (row, value) in enumerate(values.items())
    ]  # fmt: skip


def finding(outcome: str = "fail", **more: Any) -> dict[str, Any]:
    base = {
        "doc_id": "a",
        "rule": "R303",
        "instance": "natural_person",
        "outcome": outcome,
        "severity": "error",
        "spans": [],
    }
    return {**base, **more}


def test_a_failed_case_writes_its_arithmetic_with_the_numbers_of_the_report() -> None:
    run = run_of(
        {"rules": RULES},
        reports=[report("a", "柳下镇", 2021, form="revised_2021")],
        cells=cells({"new_requests": 1, "carried_in": 0, "outcome_total": 0, "carried_out": 0}),
        findings=[finding(), finding("pass", instance="total"), finding("not_assessable", instance="business")],
    )
    found = find_audit(run)
    case = found["cases"][0]
    assert case["arithmetic"]["zh"] == "1 + 0 ≠ 0 + 0"
    assert case["instance"]["zh"] == "自然人"
    assert [(term["sign"], term["value"]) for term in case["terms"]] == [("", "1"), ("+", "0"), ("≠", "0"), ("+", "0")]
    assert case["terms"][0]["label"] == "一、本年新收政府信息公开申请数量"
    assert case["id"] == "R303-natural_person-a"
    assert case["href"] == "report/a.html#f-R303-natural_person"
    assert len(case["cells"]) == 4
    rule = found["rules"][0]
    assert (rule["checked"], rule["n_fail"], rule["n_not_assessable"], rule["rate"]) == (2, 1, 1, 0.5)
    assert rule["cells"] == [[2021, "township", "", 1, 1, 1]]


def test_arithmetic_falls_back_to_expected_and_found_where_a_cell_is_missing() -> None:
    run = run_of(
        {"rules": RULES},
        reports=[report("a", "柳下镇", 2021)],
        cells=cells({"new_requests": 1, "carried_in": None, "outcome_total": 0, "carried_out": 0}),
        findings=[finding(expected="1", found="0")],
    )
    assert find_audit(run)["cases"][0]["arithmetic"] == {"zh": "应为 1，实为 0", "en": "expected 1, found 0"}


def test_a_long_sum_counts_its_zeros() -> None:
    rows = {f"denied_{letter}": (2 if letter == "c" else 0) for letter in "abcdefghijklmno"}
    run = run_of(
        {"rules": [{"id": "R302", "expr": "sum(leaf outcomes) == outcome_total"}]},
        reports=[report("a", "柳下镇", 2021)],
        cells=cells({**rows, "outcome_total": 3}),
        findings=[finding(rule="R302")],
    )
    assert find_audit(run)["cases"][0]["arithmetic"]["zh"] == "2 + 0 × 14 ≠ 3"


def test_zero_blank_and_not_found_are_three_states_of_a_cell() -> None:
    rows = cells({"new_requests": 0})
    rows.append(
        {
            "table": "t3",
            "row": "carried_in",
            "column": "natural_person",
            "raw": "/",
            "value": None,
            "start": 9,
            "end": 10,
        }
    )
    tables = lay_out_tables("revised_2021", rows, {("t3", "new_requests", "natural_person"): (("R303", "f-1"),)})
    assert [table["key"] for table in tables] == ["t3"]
    first, second, third = (tables[0]["cells"][slot] for slot in (0, 7, 14))
    assert [(cell["state"], cell["text"]) for cell in (first, second, third)] == [
        ("value", "0"),
        ("blank", "/"),
        ("missing", ""),
    ]
    assert first["rules"] == [("R303", "f-1")]
    assert tables[0]["labels"][0] == ("一、本年新收政府信息公开申请数量", "自然人")


def test_cells_of_an_unknown_form_are_listed_by_key() -> None:
    tables = lay_out_tables(None, cells({"new_requests": 4}), {})
    assert tables[0]["rows"] == [[["new_requests · natural_person", 1, 1], 0]]
    assert tables[0]["cells"][0]["text"] == "4"


def test_text_is_cut_without_loss_and_mandated_wins_where_passages_overlap() -> None:
    text = "依条例编成。井盖编号贴在墙上，每月换一次。"
    passages = order_passages(
        [
            {"passage_id": "p", "start": 0, "end": 10, "stratum": "peer"},
            {"passage_id": "m", "start": 0, "end": 6, "stratum": "mandated"},
        ]
    )
    pieces = cut_text(text, 0, len(text), Marks(passages, (), (), ((8, 10),), frozenset({12})))
    assert "".join(piece["text"] for piece in pieces) == text
    told = [
        (p["text"], None if p["passage"] is None else passages[p["passage"]]["stratum"], p["failed"]) for p in pieces
    ]
    assert told == [
        ("依条例编成。", "mandated", False),
        ("井盖", "peer", False),
        ("编号", "peer", True),
        ("贴在", None, False),
        ("墙上，每月换一次。", None, False),
    ]
    assert [piece["start"] for piece in pieces if piece["target"]] == [12]
    assert cut_text(text, 5, 5, Marks()) == []


def test_sections_and_what_lies_between_them_cover_the_text() -> None:
    blocks = blocks_of(
        "0123456789", [{"key": "overview", "start": 2, "end": 5}, {"key": "other_matters", "start": 4, "end": 9}]
    )
    assert [(b["key"], b["start"], b["end"]) for b in blocks] == [
        (None, 0, 2),
        ("overview", 2, 5),
        ("other_matters", 5, 9),
        (None, 9, 10),
    ]
    assert blocks_of("", []) == []


def test_differences_are_marked_and_differing_numbers_stand_out() -> None:
    left, right = mark_differences("2020年公开12条，及时。", "2021年公开12条，很及时。")
    assert [p["text"] for p in left if p["kind"] == "number"] == ["2020"]
    assert [p["text"] for p in right if p["kind"] == "number"] == ["2021"]
    assert [p["text"] for p in right if p["kind"] == "only"] == ["很"]
    assert "".join(p["text"] for p in left) == "2020年公开12条，及时。"
    assert mark_differences("", "") == ([], [])


def test_reports_are_aligned_by_their_passages_in_both_directions_and_by_cluster() -> None:
    def passage(doc_id: str, start: int, end: int, cluster: str, **more: Any) -> dict[str, Any]:
        return {
            "passage_id": f"{doc_id}{start}",
            "doc_id": doc_id,
            "start": start,
            "end": end,
            "cluster_id": cluster,
            "stratum": "peer",
            **more,
        }

    run = run_of(
        reports=[
            report("a", "柳下镇", 2019, text="甲乙丙丁戊己庚辛"),
            report("b", "石桥镇", 2020, text="丙丁甲乙庚辛戊己"),
        ],
        passages=[
            passage("a", 0, 2, "k1"),
            passage("b", 2, 4, "k1", source_doc_id="a", source_start=0, source_end=2),
            passage("a", 2, 4, "k2", source_doc_id="b", source_start=0, source_end=2),
            passage("a", 6, 8, "k3", source_doc_id="c", source_start=0, source_end=2),
            passage("b", 4, 6, "k3", source_doc_id="c", source_start=0, source_end=2),
            passage("a", 4, 6, "k4", stratum="mandated", source_doc_id="b", source_start=6, source_end=8),
        ],
    )
    aligned = align_reports(run, "a", "b")
    assert [(p["start"], p["other_start"]) for p in aligned] == [(0, 2), (2, 0), (6, 4)]
    assert [p["left"][0]["text"] for p in aligned] == ["甲乙", "丙丁", "庚辛"]


@pytest.mark.parametrize(
    ("doc_id", "safe"),
    [("00ff", True), ("../../x", False), ("A", False), ("", False), ('"><script>', False), ("a" * 200, False)],
)
def test_page_names_never_leave_the_folder(doc_id: str, safe: bool) -> None:
    name = page_name(doc_id)
    assert (name == doc_id) is safe
    assert set(name) <= set("0123456789abcdefghijklmnopqrstuvwxyz_-")
    assert report_href(doc_id, 3) == f"report/{name}.html#c3"


def test_findings_are_json_and_empty_runs_have_empty_ones() -> None:
    empty = run_of(
        reports=[],
        coverage=[],
        pairs=[],
        passages=[],
        clusters=[],
        theme_shares=[],
        theme_labels=[],
        topics=[],
        findings=[],
    )
    for made in (find_coverage, find_reuse, find_themes, find_topics, find_audit, list_reports):
        assert json.loads(json.dumps(made(empty))) is not None
    assert find_coverage(empty)["lines"] == []
    assert find_reuse(empty)["title"]["en"] == "There is no narrative text to compare"
    assert find_themes(empty)["abstained"] is None
    assert find_audit(empty)["rules"] == []
    assert list_reports(empty) == []


def test_report_findings_are_json_and_the_facts_carry_their_status() -> None:
    run = run_of(
        reports=[report("a", "柳下镇", 2021, year_status="conflict", title="柳下镇报告", title_status="found")],
        evidence=[{"doc_id": "a", "field": "year", "value": "2021", "rule": "title", "start": 3, "end": 7}],
    )
    found = find_report(run, "a", make_lookups(run))
    assert json.loads(json.dumps(found))["label"] == "柳下镇 2021"
    year = next(fact for fact in found["facts"] if fact["name"]["en"] == "Year reported on")
    assert (year["value"]["zh"], year["status"], year["places"]) == ("2021", "conflict", [3])
    assert "".join(p["text"] for s in found["sections"] for p in s["pieces"]) == run.report["a"]["text"]


def test_a_cluster_names_its_first_publisher_first_and_mandated_wording_comes_last() -> None:
    run = run_of(
        reports=[
            report("a", "柳下镇", 2019),
            report("b", "石桥镇", 2020, published="2021-01-05"),
            report("c", "河口镇", 2020),
        ],
        coverage=[],
        pairs=[],
        clusters=[
            {"cluster_id": "m", "n_docs": 9, "text": "依条例编成", "stratum": "mandated"},
            {"cluster_id": "k", "n_docs": 3, "text": "每月换一次", "stratum": "peer"},
        ],
        passages=[
            {"passage_id": "1", "cluster_id": "k", "doc_id": "c", "start": 13, "source_doc_id": "b", "source_start": 4},
            {"passage_id": "2", "cluster_id": "k", "doc_id": "c", "start": 2, "source_doc_id": "a", "source_start": 7},
            {"passage_id": "3", "cluster_id": "k", "doc_id": "b", "start": 4, "source_doc_id": "a", "source_start": 7},
        ],
    )
    first, second = find_reuse(run)["clusters"]
    assert (first["cluster_id"], second["cluster_id"]) == ("k", "m")
    assert [place["href"] for place in first["places"]] == ["report/a.html#c7", "report/b.html#c4", "report/c.html#c2"]
    assert first["by_year"] == [{"year": 2019, "n": 1}, {"year": 2020, "n": 2}]
