"""A report to rows: values, evidence, hints; and rows to bytes and back."""

import pytest
from corpus_fakes import parse, text_of

from gknlp.corpus.flatten import decode_rows, encode_rows, flatten_report, identify_agency
from gknlp.records import Agency, Cell, Diagnostic, Found, RawDocument, Report, Source, Span
from gknlp.schemas import CORPUS

SOURCE = Source("a.txt", b"a.txt", "00", "text/plain", "utf-8")
NOTHING = Found(None, "missing")


def report(**more):
    fields = {
        "doc_id": "d", "source": SOURCE, "text": "", "title": NOTHING, "agency": Agency(NOTHING), "year": NOTHING,
        "form": NOTHING, "sections": (), "units": (), "cells": (), "diagnostics": (),
    }  # fmt: skip
    return Report(**(fields | more))


def rows_of(report, name):
    return [dict(zip(CORPUS[name].names, row, strict=True)) for row in flatten_report(report)[name]]


def test_an_empty_report_has_one_row_that_says_so():
    rows = flatten_report(report())
    assert {name: len(found) for name, found in rows.items()} == {
        "reports": 1, "evidence": 0, "sections": 0, "units": 0, "cells": 0, "diagnostics": 0,
    }  # fmt: skip
    [row] = rows_of(report(), "reports")
    assert {key for key, value in row.items() if value is not None} == {
        "doc_id", "text", "n_chars", "title_status", "year_status", "form_status",
    }  # fmt: skip


def test_every_part_of_a_report_becomes_rows():
    text = text_of("云溪镇", 2021, "主动公开三条", "其他")
    raw = RawDocument("d", text, SOURCE, notes=(Diagnostic("truncated_character", "warning", Span(4, 4), None, "e4"),))
    rows = flatten_report(parse(raw))
    assert rows["sections"] == [("d", "overview", "", 0, 18)]
    assert rows["units"] == [
        ("d", "d.0", "overview", None, 0, "", "主动公开三条", 9, 15),
        ("d", "d.1", "overview", None, 1, "", "其他", 16, 18),
    ]
    assert rows["cells"][0] == ("d", "t2", "row0", "made", "主动公开三条", 6.0, None, None, None, None)
    assert rows["diagnostics"] == [("d", "truncated_character", "warning", 4, 4, None, "e4")]
    assert ("d", "agency", "云溪镇", "fake", 0, 3) in rows["evidence"]
    [found] = rows_of(parse(raw), "reports")
    assert (found["agency"], found["year"], found["n_chars"], found["year_status"]) == ("云溪镇", 2021, 18, "found")
    assert found["agency_id"] == identify_agency("云溪镇")


def test_hints_stand_in_only_for_what_the_report_does_not_say():
    hints = {"agency": "别名", "year": "2020年", "region": "某省", "level": "county", "kind": "government",
             "published": "2021-01-20", "url": "https://example.org/1"}  # fmt: skip
    said = report(hints=hints, agency=Agency(Found("云溪镇", "found", (Span(0, 3),), "title"), "township"))
    [row] = rows_of(said, "reports")
    assert (row["agency"], row["level"], row["kind"], row["year"]) == ("云溪镇", "township", "government", 2020)
    assert (row["region"], row["published"], row["url"]) == ("某省", "2021-01-20", "https://example.org/1")
    assert row["year_status"] == "missing"
    evidence = {
        row["field"]: (row["value"], row["rule"], row["start"], row["end"]) for row in rows_of(said, "evidence")
    }
    assert evidence == {
        "agency": ("云溪镇", "title", 0, 3),
        "year": ("2020", "hint", None, None),
        "region": ("某省", "hint", None, None),
        "kind": ("government", "hint", None, None),
        "published": ("2021-01-20", "hint", None, None),
        "url": ("https://example.org/1", "hint", None, None),
    }


@pytest.mark.parametrize("year", ["", "twenty", "20210", "二〇二〇", "-202"])
def test_a_hint_that_is_no_year_is_not_used(year):
    assert rows_of(report(hints={"year": year}), "reports")[0]["year"] is None
    assert rows_of(report(hints={"year": year}), "evidence") == []


@pytest.mark.parametrize(("value", "stored"), [(3, 3.0), (0.5, 0.5), (2**60 + 1, float(2**60)), (10**400, None)])
def test_numbers_are_floats_and_never_break_a_batch(value, stored):
    cell = Cell("t2", "r", "c", str(value), value, "件", None, Span(0, 1))
    data = encode_rows({"cells": flatten_report(report(cells=(cell,)))["cells"]})
    assert decode_rows(data)["cells"]["value"].to_pylist() == [stored]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("云溪县柳河镇人民政府", "云溪县柳河镇", True),
        ("青石街道办事处", "青石\u3000街道", True),
        ("云溪县人民政府办公室", "云溪县", False),
        ("人民政府", "办事处", False),
        ("云溪县教育局", "云溪县财政局", False),
    ],
)
def test_agency_ids_join_the_years_of_one_agency(one, other, same):
    assert (identify_agency(one) == identify_agency(other)) is same
    assert len(identify_agency(one)) == 16


@pytest.mark.parametrize("name", [None, "", " \u3000"])
def test_no_agency_no_id(name):
    assert identify_agency(name) is None


def test_rows_survive_the_way_through_bytes():
    raw = RawDocument("d", text_of("云溪镇", 2021, "一条"), SOURCE)
    rows = flatten_report(parse(raw))
    tables = decode_rows(encode_rows(rows))
    assert list(tables) == list(CORPUS)
    for name, table in tables.items():
        assert table.schema == CORPUS[name]
        assert [tuple(row.values()) for row in table.to_pylist()] == rows.get(name, [])


def test_no_rows_are_empty_tables():
    assert {name: table.num_rows for name, table in decode_rows(encode_rows({})).items()} == dict.fromkeys(CORPUS, 0)
