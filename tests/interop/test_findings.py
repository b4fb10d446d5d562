"""Findings for people and programs: JSON lines equal to json.dumps, readable files that no spreadsheet executes."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from gknlp.audit import audit_corpus
from gknlp.errors import UsageError
from gknlp.interop import finding_as_dict, findings
from gknlp.interop.codebook import describe_columns
from gknlp.interop.findings import READABLE, encode_findings, readable_findings, write_findings
from gknlp.schemas import CORPUS
from gknlp.tables import table_of
from tests.interop.corpora import COUNTS, build, report

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    broken = {**COUNTS, ("t3", "new_requests", "total"): "13"}
    corpus = build(
        tmp_path_factory.mktemp("findings"),
        {
            "a.txt": report("云泽县柳湾镇", 2021, broken, overview="2021年，我局收到申请9件。联系电话：0000-1234567。"),
            "b.txt": report("云泽县青溪镇", 2021),
        },
    )
    return {name: corpus.table(name) for name in CORPUS}


def lines(table):
    return "".join(json.dumps(finding_as_dict(row), ensure_ascii=False) + "\n" for row in table.to_pylist())


def test_json_lines_are_those_of_json_dumps(tables, monkeypatch):
    table = audit_corpus(tables)["findings"]
    assert "".join(encode_findings(table)) == lines(table)
    monkeypatch.setattr(findings, "_CHUNK", 7)
    assert "".join(encode_findings(table)) == lines(table)
    assert "".join(encode_findings(table.slice(5, 9))) == lines(table.slice(5, 9))
    assert list(encode_findings(table.slice(0, 0))) == []


def test_json_lines_of_odd_texts():
    keys = {"doc_id": "d", "rule": "R811", "outcome": "fail", "severity": "info"}
    facts = ['"', "\\", "\n", "-3", "2.5", "007", "", None, "甲\u2028"]
    rows = [
        {**keys, "instance": str(i), "expected": fact, "found": fact, "spans": [[0, i]] * (i % 3)}
        for i, fact in enumerate(facts)
    ]
    table = table_of("findings", rows)
    assert "".join(encode_findings(table)) == lines(table)


def test_a_row_says_whose_what_and_where(tables):
    found = readable_findings(audit_corpus(tables)["findings"], tables["reports"]).to_pylist()
    (row,) = [f for f in found if (f["rule"], f["outcome"]) == ("R303", "fail")]
    assert (row["agency"], row["year"], row["instance_zh"]) == ("云泽县柳湾镇", 2021, "总计")
    assert (row["expected_number"], row["found_number"], row["expected"]) == (13, 12, "13")
    assert row["arithmetic"] == "new_requests + carried_in = outcome_total + carried_out"
    assert row["source_text"] == "13 … 0 … 12 … 0"
    cell = next(f for f in found if f["instance"] == "new_requests.total")
    assert cell["instance_zh"] == "一、本年新收政府信息公开申请数量 · 总计"
    assert not any("1234567" in (f["source_text"] or "") for f in found)
    assert [
        note.name for note in describe_columns("findings", READABLE.empty_table()) if "no shipped" in note.description
    ] == []


def dangerous(tables):
    reports = tables["reports"].to_pylist()
    rows = [
        {"doc_id": reports[i % 2]["doc_id"], "rule": "R811", "instance": text, "outcome": "fail", "severity": "warning", "expected": text, "found": text, "spans": [[0, 3]]}
        for i, text in enumerate(DANGEROUS)
    ]  # fmt: skip
    evil = [{**row, "text": "=1+1", "agency": "@a", "title": "+t", "url": "-u", "region": "\tr"} for row in reports]
    return table_of("findings", rows), table_of("reports", evil)


def test_no_cell_of_a_csv_begins_like_a_formula(tables, tmp_path):
    write_findings(*dangerous(tables), tmp_path / "f.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "f.csv").read_bytes().decode("utf-8-sig"), newline="")))
    texts = [name for name in READABLE.names if READABLE.field(name).type == "string"]
    assert len(rows) == len(DANGEROUS)
    assert [row[name] for row in rows for name in texts if row[name].startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {row["found_number"] for row in rows} == {"", "-1.0"}
    assert {row["found"] for row in rows} >= {"'-1", "'=1+1"}


def test_no_cell_of_a_workbook_is_a_formula_and_numbers_are_numbers(tables, tmp_path):
    write_findings(*dangerous(tables), tmp_path / "f.xlsx")
    with zipfile.ZipFile(tmp_path / "f.xlsx") as archive:
        assert "<f" not in archive.read("xl/worksheets/sheet1.xml").decode()
    head, *rows = CalamineWorkbook.from_path(tmp_path / "f.xlsx").get_sheet_by_index(0).to_python()
    assert head == READABLE.names
    assert {row[head.index("found_number")] for row in rows} == {"", -1.0}
    assert {row[head.index("year")] for row in rows} == {2021.0}


def test_files_by_suffix(tables, tmp_path):
    table = audit_corpus(tables)["findings"]
    assert write_findings(table, tables["reports"], tmp_path / "f.parquet") == []
    with pytest.raises(
        UsageError, match=r"cannot write findings to 'f.doc': the suffix must be one of .csv, .xlsx, .parquet"
    ):
        write_findings(table, tables["reports"], tmp_path / "f.doc")
    assert [path.name for path in tmp_path.iterdir()] == ["f.parquet"]
    assert readable_findings(table.slice(0, 0), tables["reports"]).schema == READABLE
