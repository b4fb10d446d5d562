"""Cells long and wide, the panel and coverage: what each row says, and what is null."""

import pyarrow as pa
import pytest

from gknlp.interop.coverage import build_coverage
from gknlp.interop.export import load_export
from gknlp.interop.frames import REPORT_KEYS, build_cells_long, build_cells_wide
from gknlp.interop.labels import cell_name, list_cell_columns, yuan_name
from gknlp.interop.panel import build_panel, load_totals, panel_schema
from gknlp.schemas import CORPUS
from tests.interop.corpora import COUNTS, build, report, tables_of

MUDDLED = {**COUNTS, ("t3", "new_requests", "total"): "5"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Two agencies; 柳湾镇 has no 2022 and a superseded 2023, 青溪镇 has two reports of 2021 and one unreadable of 2022."""
    top = tmp_path_factory.mktemp("frames")
    build(top, {"2023/a.txt": report("云泽县柳湾镇", 2023, {})})
    return build(
        top,
        {
            "2020/a.txt": report("云泽县柳湾镇", 2020, {("t2", "procurement", "amount"): "3万元"}, form="trial_2019"),
            "2021/a.txt": report("云泽县柳湾镇", 2021),
            "2023/a.txt": report("云泽县柳湾镇", 2023, MUDDLED),
            "2021/b.txt": report("云泽县青溪镇", 2021, {}),
            "2021/b2.txt": report(
                "云泽县青溪镇", 2021, {}, overview="2021年，另有一份更长的说明，写明挂出各类消息三十七条。"
            ),
            "云泽县青溪镇2022年报告.txt": b"",
            "云泽县青溪镇.txt": b"",
        },
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return build(tmp_path_factory.mktemp("empty"), {"a.txt": b""})


def test_names_of_cells_are_unique_over_all_forms_and_labelled():
    names = [column.name for column in list_cell_columns()]
    assert len(names) == len(set(names))
    labels = {column.name: column for column in list_cell_columns()}
    total = labels["t3_new_requests_total"]
    assert (total.label, total.unit, total.source) == (
        "一、本年新收政府信息公开申请数量 · 总计",
        "件",
        "t3 / new_requests / total",
    )
    assert {"revised_2021", "trial_2019"} <= set(total.forms)
    assert labels["t2_procurement_amount"].unit is None
    assert labels["t2_admin_fees_amount"].forms == ("revised_2021",)


def test_wide_and_long_say_the_same(corpus):
    tables = tables_of(corpus)
    long, wide = build_cells_long(tables).to_pylist(), build_cells_wide(tables).to_pylist()
    expected = {(row["doc_id"], cell_name(row["table"], row["row"], row["column"])): row["value"] for row in long}
    cells = {column.name for column in list_cell_columns()}
    found = {(row["doc_id"], name): row[name] for row in wide for name in row if name in cells}
    assert {key: value for key, value in found.items() if value is not None} == expected
    assert len(expected) == 4 * 200 + 198
    assert all(tuple(row[key] for key in REPORT_KEYS) for row in wide)
    assert [row["doc_id"] for row in wide] == sorted(row["doc_id"] for row in wide)


def test_a_cell_that_the_form_does_not_have_is_null(corpus):
    rows = {(row["agency"], row["year"]): row for row in build_cells_wide(tables_of(corpus)).to_pylist()}
    old, new = rows["云泽县柳湾镇", 2020], rows["云泽县柳湾镇", 2021]
    assert (old["t3_other_total_total"], new["t3_other_total_total"]) == (0.0, None)
    assert (old["t3_other_rest_total"], new["t3_other_rest_total"]) == (None, 0.0)
    assert (old["t2_procurement_amount"], old[yuan_name("t2_procurement_amount")]) == (3.0, 30000.0)
    assert new["t3_new_requests_total"] == 12.0


def test_superseded_reports_have_no_cells(corpus):
    tables = tables_of(corpus)
    old = [row["doc_id"] for row in tables["reports"].to_pylist() if row["superseded_by"]]
    assert len(old) == 1
    for table in (build_cells_long(tables), build_cells_wide(tables)):
        assert old[0] not in table["doc_id"].to_pylist()
        assert table.num_rows > 0


def test_panel(corpus):
    rows = {(row["agency"], row["year"]): row for row in load_export(corpus, "panel").to_pylist()}
    assert [year for agency, year in rows if agency == "云泽县柳湾镇"] == [2020, 2021, 2022, 2023]
    assert len(rows) == 8
    totals = [total.key for total in load_totals()]
    full = rows["云泽县柳湾镇", 2021]
    assert {key: full[key] for key in totals} == {
        "new_requests": 12.0, "carried_in": 0.0, "outcome_total": 12.0, "carried_out": 0.0,
        "granted": 7.0, "denied": 5.0, "reviews": 4.0, "litigation": 3.0,
    }  # fmt: skip
    assert (full["present"], full["n_reports"], full["n_versions"], full["form"]) == (1, 1, 1, "revised_2021")
    gap = rows["云泽县柳湾镇", 2022]
    assert (gap["present"], gap["n_reports"], gap["n_versions"], gap["level"]) == (0, 0, 0, "township")
    assert {gap[key] for key in [*totals, "doc_id", "form", "narrative_chars", "n_failed_rules"]} == {None}
    twice = rows["云泽县柳湾镇", 2023]
    assert (twice["n_reports"], twice["n_versions"], twice["new_requests"]) == (1, 2, 5.0)
    assert twice["n_failed_rules"] > full["n_failed_rules"]
    assert full["n_assessed_rules"] >= twice["n_failed_rules"]


def test_of_two_reports_in_force_the_longer_one_counts(corpus):
    rows = {(row["agency"], row["year"]): row for row in load_export(corpus, "panel").to_pylist()}
    chosen = rows["云泽县青溪镇", 2021]
    lengths = {row["doc_id"]: row["n_chars"] for row in corpus.table("reports").to_pylist() if "青溪" in row["agency"]}
    assert (chosen["n_reports"], chosen["n_versions"]) == (2, 2)
    assert lengths[chosen["doc_id"]] == max(lengths.values()) > min(lengths.values())
    assert 0 < chosen["narrative_chars"] < lengths[chosen["doc_id"]]


def test_coverage(corpus):
    rows = load_export(corpus, "coverage").to_pylist()
    assert [(row["agency"], row["year"], row["status"]) for row in rows if row["agency"] == "云泽县柳湾镇"] == [
        ("云泽县柳湾镇", 2020, "present"),
        ("云泽县柳湾镇", 2021, "present"),
        ("云泽县柳湾镇", 2022, "missing"),
        ("云泽县柳湾镇", 2023, "present"),
    ]
    other = [
        (row["year"], row["status"], row["path"], row["reason"]) for row in rows if row["agency"] == "云泽县青溪镇"
    ]
    assert other == [
        (2020, "missing", None, None),
        (2021, "present", other[1][2], None),
        (2022, "unreadable", "云泽县青溪镇2022年报告.txt", "empty file"),
        (2023, "missing", None, None),
        (None, "unknown", "云泽县青溪镇.txt", "empty file"),
    ]


def test_coverage_of_a_report_that_became_another_year(tmp_path):
    build(tmp_path, {"a.txt": report("云泽县柳湾镇", 2021)})
    corpus = build(tmp_path, {"a.txt": report("云泽县柳湾镇", 2022), "b.txt": "没有题目的一页公开说明"})
    rows = build_coverage(tables_of(corpus)).to_pylist()
    assert [(row["year"], row["status"]) for row in rows if row["agency_id"]] == [
        (2021, "superseded"),
        (2022, "present"),
    ]
    panel = load_export(corpus, "panel").to_pylist()
    assert [(row["year"], row["present"]) for row in panel] == [(2022, 1)]


def test_findings_carry_their_report(corpus):
    rows = load_export(corpus, "findings").to_pylist()
    failed = {(row["agency"], row["year"]) for row in rows if row["outcome"] == "fail" and row["rule"] == "R301"}
    assert ("云泽县柳湾镇", 2023) in failed
    assert ("云泽县青溪镇", 2021) not in failed


@pytest.mark.parametrize("name", ["cells_long", "cells_wide", "findings", "panel", "coverage"])
def test_an_empty_corpus_has_columns_and_no_reports(empty, corpus, name):
    table = load_export(empty, name)
    assert table.schema == load_export(corpus, name).schema
    assert table.num_rows == (1 if name == "coverage" else 0)


def test_no_reports_no_panel_rows():
    tables = {name: schema.empty_table() for name, schema in CORPUS.items()}
    assert build_panel(tables).schema == panel_schema()
    assert build_panel(tables).num_rows == build_coverage(tables).num_rows == 0


def test_the_order_of_rows_does_not_matter(corpus):
    tables = tables_of(corpus, *CORPUS)
    turned = {name: table.take(pa.array(range(table.num_rows)[::-1], pa.int64())) for name, table in tables.items()}
    assert build_panel(turned).equals(build_panel(tables))
    assert (
        build_coverage(turned)
        .select(["agency_id", "year", "status"])
        .equals(build_coverage(tables).select(["agency_id", "year", "status"]))
    )
