"""Shares: denominators, sums and the joins, on an example worked by hand."""

import pyarrow as pa
import pytest

from gknlp.schemas import REPORTS, THEME_LABELS, THEME_SHARES, UNITS
from gknlp.themes import classify_corpus, load_codebook, theme_shares

CODEBOOK = load_codebook()

# doc, section, part, primary
CODED = [
    ("a", "preamble", None, "S1"),
    ("a", "overview", None, "S2"),
    ("a", "overview", None, "O02"),
    ("a", "overview", None, "O02"),
    ("a", "overview", None, "O05"),
    ("a", "overview", None, "X01"),  # misplaced: stays under the overview
    ("a", "overview", None, None),
    ("a", "problems_improvements", "problems", "P01"),
    ("a", "problems_improvements", "improvements", None),
    ("a", "other_matters", None, "S3"),  # structural: no row for the family 'other'
    ("b", "problems_improvements", None, "P01"),  # part unknown: the family of its theme
    ("b", "problems_improvements", None, "I05"),
    ("b", "problems_improvements", None, None),  # undecided: in both
    ("b", "requests_table", None, None),  # no family
    ("c", "summary", None, "O00"),
]


def _tables(coded, reports=(("a", "甲镇", 2021), ("b", "乙局", None))):
    units, labels = [], []
    for number, (doc_id, section, part, primary) in enumerate(coded):
        keys = {"doc_id": doc_id, "unit_id": f"u{number}", "start": number, "end": number + 1}
        units.append({**keys, "section": section, "part": part, "ordinal": number, "heading": "", "text": "字"})
        labels.append({**keys, "primary": primary, "labels": [primary] if primary else [], "abstained": not primary})
    about = [{"doc_id": doc_id, "agency": agency, "year": year} for doc_id, agency, year in reports]
    return (
        pa.Table.from_pylist(labels, schema=THEME_LABELS),
        pa.Table.from_pylist(units, schema=UNITS),
        pa.Table.from_pylist(about, schema=REPORTS),
    )


@pytest.fixture(scope="module")
def shares():
    return theme_shares(*_tables(CODED))


def test_shares_by_hand(shares):
    found = {
        (row["doc_id"], row["family"], row["theme"]): (row["n_units"], row["n_family_units"], row["share"])
        for row in shares.to_pylist()
        if row["n_units"]
    }
    assert found == {
        ("a", "overview", "O02"): (2, 5, 0.4),
        ("a", "overview", "O05"): (1, 5, 0.2),
        ("a", "overview", "X01"): (1, 5, 0.2),
        ("a", "problems", "P01"): (1, 1, 1.0),
        ("b", "problems", "P01"): (1, 2, 0.5),
        ("b", "improvements", "I05"): (1, 2, 0.5),
        ("c", "overview", "O00"): (1, 1, 1.0),
    }


def test_every_theme_of_a_coded_family_has_a_row(shares):
    rows = [(row["doc_id"], row["family"]) for row in shares.to_pylist()]
    assert {key: rows.count(key) for key in rows} == {
        ("a", "overview"): 22,  # 21 and the misplaced one
        ("a", "problems"): 12,
        ("a", "improvements"): 13,
        ("b", "problems"): 12,
        ("b", "improvements"): 13,
        ("c", "overview"): 21,
    }


def test_shares_and_abstentions_add_up(shares):
    totals = {}
    for row in shares.to_pylist():
        key = row["doc_id"], row["family"]
        totals[key] = totals.get(key, 0.0) + row["share"]
    assert totals == pytest.approx(
        {
            ("a", "overview"): 0.8,
            ("a", "problems"): 1.0,
            ("a", "improvements"): 0.0,
            ("b", "problems"): 0.5,
            ("b", "improvements"): 0.5,
            ("c", "overview"): 1.0,
        }
    )


def test_agency_and_year_come_from_reports(shares):
    about = {row["doc_id"]: (row["agency"], row["year"]) for row in shares.to_pylist()}
    assert about == {"a": ("甲镇", 2021), "b": ("乙局", None), "c": (None, None)}


def test_order_of_rows_does_not_matter(shares):
    labels, units, reports = _tables(CODED)
    backwards = list(reversed(range(units.num_rows)))
    again = theme_shares(labels.take(backwards), units, reports.take([1, 0]), codebook=CODEBOOK)
    assert again.equals(shares)
    assert shares.schema == THEME_SHARES


def test_units_without_labels_are_left_out():
    labels, units, reports = _tables(CODED)
    assert set(theme_shares(labels.slice(14), units, reports)["doc_id"].to_pylist()) == {"c"}


def test_empty_tables_give_an_empty_table():
    empty = theme_shares(THEME_LABELS.empty_table(), UNITS.empty_table(), REPORTS.empty_table())
    assert (empty.num_rows, empty.schema) == (0, THEME_SHARES)


def test_a_corpus_goes_in_and_both_tables_come_out():
    _, units, reports = _tables([("a", "overview", None, None)] * 4)
    texts = ["举办讲座两场。", "举办讲座两场。", "承办政协提案三件。", "天气转凉。"]
    units = units.set_column(units.schema.get_field_index("text"), "text", pa.array(texts))
    tables = classify_corpus({"units": units, "reports": reports})
    assert list(tables) == ["theme_labels", "theme_shares"]
    assert tables["theme_labels"]["primary"].to_pylist() == ["O18", "O18", "X02", None]
    found = {row["theme"]: row["share"] for row in tables["theme_shares"].to_pylist() if row["n_units"]}
    assert found == {"O18": 0.5, "X02": 0.25}


def test_an_empty_corpus_gives_empty_tables():
    tables = classify_corpus({"units": UNITS.empty_table(), "reports": REPORTS.empty_table()})
    assert {name: table.num_rows for name, table in tables.items()} == {"theme_labels": 0, "theme_shares": 0}
