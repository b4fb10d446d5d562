import math

import pyarrow as pa
import pytest

from gknlp.errors import UsageError
from gknlp.rhetoric import RhetoricConfig, answers_hash, measure_rhetoric
from gknlp.rhetoric.measures import (
    Statement,
    is_zero,
    match_promises,
    measure_correction_rate,
    measure_decoupling,
    measure_disclosure_rate,
    measure_escalation_rate,
    measure_hedge_density,
    measure_light_problem_share,
    measure_problem_persistence,
    measure_problem_stickiness,
    measure_promise_kept,
    measure_readability_linking,
    measure_refusal_mix,
    measure_specificity,
    measure_theme_entropy,
    measure_theme_share,
    measure_z_scores,
)
from gknlp.schemas import CORPUS, RESULTS
from gknlp.tables import encode_parquet

LIGHT = ("P01", "P02")


# ------------------------------------------------------------------ functions, by hand


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (measure_theme_share([], "O02"), None),
        (measure_theme_share([None, "O02"], "O02"), 0.5),
        (measure_theme_entropy([]), None),
        (measure_theme_entropy([None]), None),
        (measure_theme_entropy(["O02"] * 5), 0.0),
        (measure_theme_entropy(["O02", "O03", "O04"]), math.log(3)),
        (measure_light_problem_share([], light=LIGHT), None),
        (measure_light_problem_share(["P00"], light=LIGHT), None),
        (measure_light_problem_share(["P05"], light=LIGHT), 0.0),
        (measure_problem_persistence({"P01"}, set()), 0.0),
        (measure_problem_persistence({"P00"}, {"P00"}), None),
        (measure_problem_persistence({"P01", "P00"}, {"P01"}), 1.0),
        (measure_problem_stickiness([], []), None),
        (measure_problem_stickiness(["人手紧。"], ["人手紧。"]), 0.0),
        (measure_specificity(0, 0), None),
        (measure_hedge_density(0, 0), None),
        (measure_hedge_density(0, 10), 0.0),
        (measure_readability_linking([(0, 0)]), None),
        (measure_promise_kept([]), None),
    ],
)
def test_measures_of_words_and_themes(found, due):
    assert found == (None if due is None else pytest.approx(due))


def t3(**rows):
    return {("t3", row, "total"): value for row, value in rows.items()}


def t4(**rows):
    columns = ("upheld", "corrected", "other", "pending", "total")
    return {
        ("t4", row, name): value for row, values in rows.items() for name, value in zip(columns, values, strict=True)
    }


CASES = t4(review=(3, 1, 0, 1, 5), litigation_direct=(1, 0, 0, 0, 1), litigation_after_review=(0, 1, 0, 0, 1))


def test_rates_of_the_tables_by_hand():
    cells = CASES | t3(granted=6, partly_granted=1, denied_by_law=2, unavailable_not_held=1, outcome_total=10)
    assert measure_disclosure_rate(cells) == 0.7
    assert measure_refusal_mix(cells) == {"denied": 0.2, "unavailable": 0.1, "not_processed": None, "other": None}
    assert measure_correction_rate(cells) == pytest.approx(2 / 6)  # pending ones are not decided
    assert measure_escalation_rate(cells) == pytest.approx(0.6)  # litigation after review was counted as review


def test_an_unknown_cell_makes_a_rate_unknown_and_nothing_decided_makes_none():
    cells = CASES | t3(granted=None, partly_granted=0, denied_by_law=None, outcome_total=10)
    assert measure_disclosure_rate(cells) is None
    assert measure_refusal_mix(cells)["denied"] is None
    assert measure_disclosure_rate(t3(granted=0, partly_granted=0, outcome_total=0)) is None
    assert (
        measure_correction_rate(t4(review=(0,) * 5, litigation_direct=(0,) * 5, litigation_after_review=(0,) * 5))
        is None
    )
    assert measure_correction_rate({}) is measure_escalation_rate({}) is None


def test_a_zero_report_needs_every_cell_known():
    zero = t3(granted=0, outcome_total=0)
    assert is_zero(zero, ["t3"]) is True
    assert is_zero(zero | t3(denied_by_law=None), ["t3"]) is None
    assert is_zero(zero | t3(denied_by_law=None, granted=1), ["t3"]) is False
    assert is_zero(zero, ["t3", "t4"]) is None
    assert is_zero({}, ["t3"]) is None


def test_z_scores_stay_in_their_group_and_want_enough_of_it():
    values = [1.0, 2.0, 3.0, 10.0, 10.0, 10.0, 5.0]
    groups = ["a", "a", "a", "b", "b", "b", "c"]
    assert measure_z_scores(values, groups, at_least=2) == [-1.0, 0.0, 1.0, None, None, None, None]
    assert measure_z_scores([], [], at_least=2) == []


def test_decoupling_takes_corrections_against_the_agency():
    assert measure_decoupling(1.0, 0.5, 1.5) == 1.5
    assert measure_decoupling(None, 0.5, 1.5) is None


# ------------------------------------------------------------------ promises and deeds


def said(doc, unit, text, *themes, names=()):
    return Statement(doc, unit, text, themes[0] if themes else None, themes, frozenset(names))


KEPT = [
    ("明年为老年人开设大字版页面。", "I07", "门户网站开设大字版页面，老年人看得清。", "O13"),
    ("每季度请法律顾问给信息员讲课。", "I05", "请法律顾问给信息员讲课四次。", "O18"),
    ("修订申请答复文书的范本。", "I09", "申请答复文书范本修订完毕，逐件照用。", "O08"),
    ("把公开情况写进股室年度考核。", "I10", "公开情况已写进各股室的年度考核。", "O19"),
]
NOT_KEPT = [
    ("明年为老年人开设大字版页面。", "I07", "门户网站清理失效链接四十处。", "O13"),
    ("每季度请法律顾问给信息员讲课。", "I05", "新任专干参加县里的上机操作。", "O18"),
    ("修订申请答复文书的范本。", "I09", "收到申请六件，均在时限内办结。", "O08"),
    ("明年为老年人开设大字版页面。", "I07", "开设大字版页面的经费由财政保障，老年人免费领手册。", "O03"),
]


@pytest.mark.parametrize(("plan", "theme", "deed", "answer"), KEPT)
def test_a_deed_that_answers_a_promise_is_found(plan, theme, deed, answer):
    deeds = [said("b", f"x{at}", other[2], other[3]) for at, other in enumerate(NOT_KEPT[1:3])]
    (found,) = match_promises(
        [said("a", "p", plan, theme)],
        [*deeds, said("b", "d", deed, answer)],
        min_similarity=RhetoricConfig().min_similarity,
    )
    assert found.deed is not None
    assert (found.deed.unit_id, found.theme) == ("d", answer)


@pytest.mark.parametrize(("plan", "theme", "deed", "answer"), NOT_KEPT)
def test_a_deed_about_another_matter_answers_no_promise(plan, theme, deed, answer):
    (found,) = match_promises(
        [said("a", "p", plan, theme)], [said("b", "d", deed, answer)], min_similarity=RhetoricConfig().min_similarity
    )
    assert found.deed is None
    assert measure_promise_kept([found]) == 0.0


def test_a_shared_name_answers_where_the_themes_do():
    plan = said("a", "p", "把村务公示栏挪到路口。", "I07", names=["村务公示栏"])
    deed = said("b", "d", "新做的二十块牌子换下旧的。", "O15", names=["村务公示栏"])
    other = said("b", "e", "新做的二十块牌子换下旧的。", "O03", names=["村务公示栏"])
    (found,) = match_promises([plan], [deed], min_similarity=0.9)
    assert found.shared == ("村务公示栏",)
    assert match_promises([plan], [other], min_similarity=0.9)[0].deed is None


def test_no_deeds_answer_nothing_and_no_promises_ask_nothing():
    plan = said("a", "p", "办培训。", "I05")
    assert [item.deed for item in match_promises([plan], [], min_similarity=0.2)] == [None]
    assert match_promises([], [plan], min_similarity=0.2) == []
    assert (
        match_promises([said("a", "p", "。", "I05")], [said("b", "d", "", "I05")], min_similarity=0.2)[0].deed is None
    )


# ------------------------------------------------------------------ the tables


def _unit(doc, at, text, code, **facets):
    part = {"P": "problems", "I": "improvements"}.get(code[0])
    start = at * 100
    return {
        "units": {"doc_id": doc, "unit_id": f"u{at}", "section": "s", "part": part, "ordinal": at, "heading": ""}
        | {"text": text, "start": start, "end": start + len(text)},
        "theme_labels": {"doc_id": doc, "unit_id": f"u{at}", "start": start, "end": start + len(text)}
        | {"primary": code, "labels": [code], "scores": [], "abstained": False, "model": "m"},
        "facets": {"doc_id": doc, "unit_id": f"u{at}", "start": start, "end": start + len(text), "modality": "done"}
        | {"specificity": [], "valence": "neutral", "hedge": False, "actor": "none", "evidence": [], "model": "m"}
        | {"n_chars": len(text), "n_words": 10, "n_linking": 1, "n_clauses": 2}
        | facets,
    }


def _mark(facet, value, start, end):
    return {"facet": facet, "value": value, "start": start, "end": end}


def _report(doc, agency, year, n_chars=1000):
    return {"doc_id": doc, "agency_id": agency, "agency": agency, "level": "county", "form": "revised_2021"} | {
        "year": year,
        "n_chars": n_chars,
    }


def make_tables():
    """Agency a in 2020, 2021 and 2023; agency b in 2020 only."""
    plan, deed = KEPT[0][0], KEPT[0][2]
    entries = [
        _unit(
            "a20",
            0,
            "2020年公布消息十条。",
            "O02",
            evidence=[_mark("specificity", "date", 0, 5), _mark("specificity", "count", 7, 10)],
        ),
        _unit(
            "a20",
            1,
            "更新略慢。",
            "P01",
            valence="shortfall",
            modality="state",
            evidence=[_mark("hedge", "hedge", 102, 103)],
        ),
        _unit("a20", 2, "人手紧。", "P05", valence="shortfall", modality="state"),
        _unit("a20", 3, plan, "I07", modality="planned", specificity=["number"]),
        _unit("a20", 4, "继续努力。", "I00", modality="planned"),
        _unit("a20", 5, "特此报告。", "S1", modality="state"),
        _unit("a21", 0, deed, "O13", valence="achievement"),
        _unit("a21", 1, "更新略慢。", "P01", valence="shortfall", modality="state"),
        _unit("a21", 2, "明年办培训。", "I05", modality="planned"),
        _unit("a23", 0, "一切顺利。", "O00", valence="achievement"),
    ]
    rows = {name: [entry[name] for entry in entries] for name in ("units", "theme_labels", "facets")}
    rows["reports"] = [
        _report("a20", "a", 2020),
        _report("a21", "a", 2021),
        _report("a23", "a", 2023),
        _report("b20", "b", 2020),
    ]
    cells = {"granted": 3, "partly_granted": 0, "outcome_total": 4}
    rows["cells"] = [
        {"doc_id": "a20", "table": "t3", "row": row, "column": "total", "value": v} for row, v in cells.items()
    ]
    schemas = CORPUS | RESULTS
    return {name: pa.Table.from_pylist(values, schema=schemas[name]) for name, values in rows.items()}


def by_doc(tables, **config):
    rows = measure_rhetoric(tables, config=RhetoricConfig(**config))["rhetoric_measures"].to_pylist()
    return {row["doc_id"]: row for row in rows}


def test_a_report_is_measured_without_its_structural_units_and_its_year():
    row = by_doc(make_tables())["a20"]
    assert row["n_units"] == 5
    assert row["specificity"] == 1 / 50  # the count; 2020年 is the reporting year
    assert row["hard_information"] == 1 / 50
    assert row["light_problem_share"] == 0.5
    assert row["theme_entropy"] == pytest.approx(math.log(5))
    assert row["theme_entropy_problems"] == pytest.approx(math.log(2))
    assert row["hedge_density"] == pytest.approx(1000 / 9)
    assert row["concrete_commitment"] == 0.5
    assert row["praise_to_shortfall"] == 0.0
    assert row["disclosure_rate"] == 0.75
    assert (row["previous_doc_id"], row["next_doc_id"]) == (None, "a21")


def test_years_are_compared_where_both_have_a_report_and_null_where_not():
    rows = by_doc(make_tables())
    assert rows["a21"]["problem_persistence"] == 1.0
    assert rows["a20"]["problem_persistence"] is None
    assert rows["a23"]["problem_persistence"] is None
    assert rows["a20"]["promise_kept"] == 0.5
    assert rows["a21"]["promise_kept"] is None  # 2022 has no report: that says nothing about the promise
    assert rows["b20"]["theme_entropy"] is rows["b20"]["praise_to_shortfall"] is None
    assert rows["b20"]["n_units"] == 0


def test_every_promise_stands_beside_its_deed_or_alone():
    rows = measure_rhetoric(make_tables())["promises"].to_pylist()
    told = [(row["doc_a"], row["unit_a"], row["doc_b"], row["unit_b"], row["kept"]) for row in rows]
    assert told == [
        ("a20", "u3", "a21", "u0", True),
        ("a20", "u4", "a21", None, False),
        ("a21", "u2", None, None, None),
    ]
    assert rows[0]["why"].startswith("theme O13; similarity 0.")


def test_the_panel_has_a_row_for_every_year_and_nulls_where_no_report_is():
    rows = measure_rhetoric(make_tables())["rhetoric_agency_years"].to_pylist()
    told = [(row["agency_id"], row["year"], row["present"]) for row in rows]
    assert told == [
        (a, y, int((a, y) in {("a", 2020), ("a", 2021), ("a", 2023), ("b", 2020)}))
        for a in "ab"
        for y in range(2020, 2024)
    ]
    missing = rows[2]
    assert {missing[name] for name in RESULTS["rhetoric_agency_years"].names[6:]} == {None}
    assert (missing["agency"], missing["level"], missing["n_reports"]) == ("a", "county", 0)
    assert rows[0]["specificity"] == 1 / 50


def test_of_two_reports_of_a_year_the_longer_stands_for_it():
    tables = make_tables()
    more = pa.Table.from_pylist([_report("a21b", "a", 2021, n_chars=2000)], schema=CORPUS["reports"])
    tables["reports"] = pa.concat_tables([tables["reports"], more])
    rows = {(r["agency_id"], r["year"]): r for r in measure_rhetoric(tables)["rhetoric_agency_years"].to_pylist()}
    assert (rows["a", 2021]["doc_id"], rows["a", 2021]["n_reports"]) == ("a21b", 2)


def test_decoupling_needs_a_group():
    tables = make_tables()
    assert by_doc(tables)["a20"]["decoupling"] is None
    reports = [_report(f"d{at}", f"d{at}", 2020) for at in range(5)]
    entries = [_unit(f"d{at}", n, "答复申请。", "O08" if n <= at else "O02") for at in range(5) for n in range(5)]
    cells = [
        {"doc_id": f"d{at}", "table": "t3", "row": row, "column": "total", "value": value}
        for at in range(5)
        for row, value in {"granted": 10 - at, "partly_granted": 0, "outcome_total": 10}.items()
    ]
    rows = {name: [entry[name] for entry in entries] for name in ("units", "theme_labels", "facets")}
    rows |= {"reports": reports, "cells": cells}
    made = {name: pa.Table.from_pylist(values, schema=(CORPUS | RESULTS)[name]) for name, values in rows.items()}
    found = [row["decoupling"] for row in by_doc(made).values()]
    assert found == pytest.approx(
        [-2.5298, -1.2649, 0.0, 1.2649, 2.5298], abs=1e-4
    )  # the more is claimed, the less is granted
    assert [row["n_reference"] for row in by_doc(made).values()] == [5] * 5


def test_empty_tables_give_empty_tables():
    empty = {
        name: (CORPUS | RESULTS)[name].empty_table() for name in ("reports", "units", "cells", "theme_labels", "facets")
    }
    found = measure_rhetoric(empty)
    assert {name: table.num_rows for name, table in found.items()} == dict.fromkeys(
        ("rhetoric_measures", "rhetoric_agency_years", "promises"), 0
    )
    assert all(table.schema == RESULTS[name] for name, table in found.items())


def test_bytes_do_not_depend_on_the_order_of_rows():
    tables = make_tables()
    turned = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in tables.items()}
    first, second = measure_rhetoric(tables), measure_rhetoric(turned)
    assert [encode_parquet(first[name]) for name in sorted(first)] == [
        encode_parquet(second[name]) for name in sorted(second)
    ]


@pytest.mark.parametrize(("key", "value"), [("min_similarity", 0.0), ("min_similarity", 1.1), ("min_reference", 1)])
def test_a_config_that_can_mean_nothing_is_refused(key, value):
    with pytest.raises(UsageError, match=key):
        RhetoricConfig(**{key: value})


def test_the_table_of_answers_is_named_by_its_content():
    assert len(answers_hash()) == 64
