"""A made-up corpus for the coder's loop, and the frame that is sampled from it."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from gknlp.tables import table_of
from gknlp.themes import load_codebook
from gknlp.themes.coding import build_frame
from gknlp.themes.coding.frame import unit_id_of

BOOK = load_codebook()
PLACES = {
    "overview": ("overview", None),
    "problems": ("problems_improvements", "problems"),
    "improvements": ("problems_improvements", "improvements"),
    "other": ("other_matters", None),
}
LEVELS = ("city", "county", "township")


def make_corpus(n_reports: int = 24, n_units: int = 20, seed: int = 7) -> tuple[dict[str, pa.Table], dict[str, str]]:
    """Tables of a made-up corpus and, by text, the theme that each unit was written for (the codebook's own examples)."""
    rng = random.Random(seed)
    reports, units, truth = [], [], {}
    for number in range(n_reports):
        doc_id = f"doc{number:03d}"
        reports.append(
            {
                "doc_id": doc_id,
                "text": "",
                "n_chars": 0,
                "agency": f"云岚县第{number % 8}局",
                "year": 2019 + number % 4,
                "level": LEVELS[number % 3],
                "kind": "department",
            }
        )
        for ordinal in range(n_units):
            family = rng.choices(list(PLACES), weights=(8, 3, 3, 1))[0]
            theme = rng.choice(BOOK.themes_of(family))
            text = rng.choice(theme.positive)
            if rng.random() < 0.8:  # the others are copied word for word
                text = f"{text[:-1]}，涉及{rng.randrange(2, 90)}项、{rng.randrange(2, 90)}人。"
            section, part = PLACES[family]
            truth[text] = theme.code
            units.append(
                {
                    "doc_id": doc_id,
                    "unit_id": f"{doc_id}-{ordinal:03d}",
                    "section": section,
                    "part": part,
                    "ordinal": ordinal,
                    "heading": "",
                    "text": text,
                    "start": ordinal * 100,
                    "end": ordinal * 100 + 50,
                }
            )
    return {"reports": table_of("reports", reports), "units": table_of("units", units)}, truth


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    order = list(range(table.num_rows))
    random.Random(seed).shuffle(order)
    return table.take(pa.array(order, pa.int64()))


def test_frame_holds_every_distinct_unit_once_with_its_copies():
    tables, _ = make_corpus()
    frame = build_frame(tables["units"], tables["reports"], codebook=BOOK)
    wordings = {(unit["section"], unit["part"], unit["heading"], unit["text"]) for unit in tables["units"].to_pylist()}
    assert len(frame.units) == len(wordings)
    assert sum(unit.copies for unit in frame.units) == tables["units"].num_rows == len(frame.ids)
    assert max(unit.copies for unit in frame.units) > 1
    assert [unit.id for unit in frame.units] == sorted(unit.id for unit in frame.units)


def test_frame_does_not_depend_on_the_order_of_rows():
    tables, _ = make_corpus()
    frame = build_frame(tables["units"], tables["reports"], codebook=BOOK)
    for seed in (1, 2):
        other = build_frame(shuffled(tables["units"], seed), shuffled(tables["reports"], seed), codebook=BOOK)
        assert other == frame


def test_a_copied_unit_is_filed_under_its_first_report():
    text = "全年举办公开业务培训三期。"
    reports = [
        {"doc_id": "b", "year": 2022, "level": "city", "agency": "丙市", "kind": "government"},
        {"doc_id": "a", "year": 2023, "level": "city", "agency": "甲市", "kind": "government"},
    ]
    units = [
        {"doc_id": doc, "unit_id": f"{doc}1", "section": "overview", "ordinal": 0, "heading": "", "text": text}
        for doc in ("a", "b")
    ]
    frame = build_frame(table_of("units", units), table_of("reports", reports), codebook=BOOK)
    (unit,) = frame.units
    assert (unit.year, unit.agency, unit.copies, unit.family) == (2022, "丙市", 2, "overview")


@pytest.mark.parametrize(
    ("section", "text"),
    [("preamble", "依据条例编写本报告。"), ("signature", "云岚县"), ("overview", "。——"), ("requests_table", "总计")],
)
def test_units_that_nobody_codes_are_left_out(section, text):
    row = {"doc_id": "a", "unit_id": "a1", "section": section, "ordinal": 0, "heading": "", "text": text}
    frame = build_frame(table_of("units", [row]), table_of("reports", [{"doc_id": "a"}]), codebook=BOOK)
    assert frame.units == ()


def test_an_empty_corpus_has_an_empty_frame():
    frame = build_frame(table_of("units", []), table_of("reports", []), codebook=BOOK)
    assert (frame.units, frame.ids) == ((), {})


@pytest.mark.parametrize(
    "other",
    [
        ("overview", None, "", "举办培训三期。"),
        ("overview", None, "学习", "举办培训两期。"),
        ("other_matters", None, "", "举办培训两期。"),
        ("overview", "problems", "", "举办培训两期。"),
    ],
)
def test_an_id_changes_with_everything_but_white_space(other):
    assert unit_id_of("overview", None, "", "举办培训两期。") != unit_id_of(*other)
    assert unit_id_of("overview", None, "", "举办培训两期。") == unit_id_of(
        "overview", None, " ", "举办\r\n培训两期。 "
    )
