"""The table of measures on small corpora: groups, previous years, what is null, and the same bytes for any row order."""

import random

import pyarrow as pa
import pytest
from pydantic import TypeAdapter, ValidationError

from gknlp.errors import UsageError
from gknlp.reuse.measures import (
    MeasureConfig,
    build_prototype,
    measure_alignment_score,
    measure_boilerplate_share,
    measure_containment,
    measure_information_content,
    measure_modification_score,
    measure_novelty_share,
    measure_prototype_share,
    measure_redundancy_within,
    measure_reports,
    measure_sim_cosine,
    measure_sim_minedit,
    measure_stickiness,
    split_tokens,
)
from gknlp.schemas import REUSE_MEASURES
from gknlp.tables import encode_parquet, table_of
from gknlp.text.normalise import fold_text

CONFIG = MeasureConfig()
COMMON = "本机关按照统一格式编制年度报告并在规定期限内向社会公布，接受群众监督。"
KEPT = "每季度邀请村民代表到便民大厅旁听公开例会并当场回答提问。"
OWN = [
    "渡口码头新设查询台两处供船民使用，值守人员代填表格。",
    "灯塔管理站改版潮汐公告并加注盲文，早晚两次更换。",
    "果园合作社试行线上答疑，每月一期，由农技员轮流主持。",
    "盐田保护所把巡查记录译成手语短片，放在入口屏幕循环播放。",
    "竹编工坊在集市摆放问卷箱，收回意见后逐条回信说明。",
    "雪山气象哨为牧户印发冬季预警折页，骑马送到帐篷。",
]


def report(doc_id, narrative, *, heading="一、总体情况", **fields):
    front, table = "首页\n", "二、主动公开政府信息情况\n" + OWN[0] * 3
    text = f"{front}{heading}\n{narrative}\n{table}"
    start = len(front)
    end = start + len(heading) + len(narrative) + 2
    sections = [
        {"doc_id": doc_id, "key": "overview", "heading": heading, "start": start, "end": end},
        {"doc_id": doc_id, "key": "proactive_table", "heading": table[:13], "start": end, "end": len(text)},
    ]
    known = {"year": 2022, "form": "revised_2021", "level": "county", "kind": "department"}
    return {"doc_id": doc_id, "text": text, "n_chars": len(text)} | known | fields, sections


def corpus(*reports, **more):
    return {
        "reports": table_of("reports", [row for row, _ in reports]),
        "sections": table_of("sections", [section for _, sections in reports for section in sections]),
    } | more


def measured(tables, config=CONFIG):
    return {row["doc_id"]: row for row in measure_reports(tables, config=config)["reuse_measures"].to_pylist()}


def sentences(narrative, heading="一、总体情况"):
    return (*split_tokens(heading), *split_tokens(narrative))


def six(**fields):
    return [report(f"d{place}", COMMON + own, **fields) for place, own in enumerate(OWN)]


def test_no_reports_give_an_empty_table():
    found = measure_reports(corpus(), config=CONFIG)
    assert list(found) == ["reuse_measures"]
    assert found["reuse_measures"].schema == REUSE_MEASURES
    assert found["reuse_measures"].num_rows == 0


def test_a_report_without_narrative_has_no_measures():
    row, sections = report("d1", COMMON)
    tables = corpus((row, sections[1:]))
    found = measured(tables)["d1"]
    assert found.pop("n_tokens") == 0
    assert {name for name, value in found.items() if value is not None} == {"doc_id", "unit"}


def test_one_report_alone():
    found = measured(corpus(report("d1", COMMON + KEPT)))["d1"]
    given = {name for name, value in found.items() if value is not None}
    novel = {"novelty_share", "reused_reference", "reused_own_previous", "reused_superior", "reused_peers"}
    assert given == {"doc_id", "unit", "n_tokens", "redundancy_within"} | novel
    assert (found["novelty_share"], found["redundancy_within"]) == (1.0, 0.0)
    assert found["n_tokens"] == sum(map(len, sentences(COMMON + KEPT)))


def test_boilerplate_is_measured_within_the_reference_group():
    last_year = [report(f"e{place}", own, year=2021) for place, own in enumerate(OWN)]  # another group has the same
    found = measured(corpus(*six(), *last_year, report("other", OWN[0], level="township")))
    texts = [sentences(COMMON + own) for own in OWN]
    whole = measure_boilerplate_share(texts, ceiling=None)
    assert [found[f"d{place}"]["boilerplate_share_no_ceiling"] for place in range(6)] == list(whole)
    assert all(0 < share < 1 for share in whole)
    assert [found[f"d{place}"]["boilerplate_share"] for place in range(6)] == [0.0] * 6
    assert found["d0"]["reference_group"] == "form+year+level"
    assert found["d0"]["n_reference"] == 6
    assert found["other"]["reference_group"] == "form+year"
    assert found["other"]["n_reference"] == 7
    # with the table's text read as narrative the lone township would share its sentence with all
    assert found["other"]["boilerplate_share_no_ceiling"] == 0.0
    assert found["d0"]["redundancy_within"] == measure_redundancy_within(texts[0])


def test_the_ceiling_cuts_in_a_mixed_group():
    mixed = [report(f"d{place}", (COMMON if place < 3 else "") + own) for place, own in enumerate(OWN)]
    found = measured(corpus(*mixed))
    expected = measure_boilerplate_share([sentences((COMMON if p < 3 else "") + own) for p, own in enumerate(OWN)])
    assert [found[f"d{place}"]["boilerplate_share"] for place in range(6)] == list(expected)
    assert expected[0] > 0 == expected[5]


@pytest.mark.parametrize(
    ("fields", "group", "n"),
    [
        ({"level": None}, "form+year", 7),
        ({"year": None, "level": None}, "form", 7),
        ({"year": 2021}, "form", 7),
        ({"form": None}, "all", 7),
    ],
)
def test_fallback_of_the_reference_group(fields, group, n):
    found = measured(corpus(*six(), report("other", COMMON, **fields)))["other"]
    assert (found["reference_group"], found["n_reference"]) == (group, n)


def test_a_corpus_below_min_group_has_no_reference():
    found = measured(corpus(*six()), MeasureConfig(min_group=7))["d0"]
    assert found["reference_group"] is found["boilerplate_share"] is found["n_reference"] is None


def changing():
    """Seven agencies with a report on 2021 and 2022; the last copies itself, the one before has changed all."""
    reports = []
    for place, own in enumerate(OWN):
        before = KEPT * (place + 1) + own
        after = KEPT * (place + 1) + COMMON if place < 5 else OWN[0]
        reports += [
            report(f"a{place}", before, year=2021, agency_id=f"g{place}"),
            report(f"b{place}", after, year=2022, agency_id=f"g{place}"),
        ]
    return [*reports, report("a6", COMMON, year=2021, agency_id="g6"), report("b6", COMMON, year=2022, agency_id="g6")]


def test_change_against_the_year_before():
    found = measured(corpus(*changing()))
    text, before = sentences(KEPT * 3 + COMMON), sentences(KEPT * 3 + OWN[2])
    flat, earlier = [w for s in text for w in s], [w for s in before for w in s]
    row = found["b2"]
    assert row["previous_doc_id"] == "a2"
    assert row["stickiness"] == measure_stickiness(text, before)
    assert row["modification_score"] == measure_modification_score(flat, earlier)
    assert row["sim_cosine"] == measure_sim_cosine(flat, earlier)
    assert row["sim_minedit"] == measure_sim_minedit(flat, earlier)
    assert row["containment"] == measure_containment(flat, earlier)
    assert row["alignment_score"] == measure_alignment_score(flat, earlier)
    assert found["a2"]["previous_doc_id"] is found["a2"]["stickiness"] is found["a2"]["sim_simple"] is None
    assert (found["b6"]["sim_simple"], found["b6"]["modification_score"]) == (1, 0)
    n_heading = len(split_tokens("一、总体情况")[0])  # a heading of less than eight words never sticks
    assert found["b6"]["stickiness"] == 1 - n_heading / found["b6"]["n_tokens"]
    assert (found["b5"]["sim_simple"], found["b5"]["stickiness"]) == (0.0, 0.0)
    adjusted = [row["modification_score_adjusted"] for row in found.values() if row["previous_doc_id"]]
    assert len(adjusted) == 7
    assert sum(adjusted) == pytest.approx(0, abs=1e-12)
    assert found["b6"]["alignment_tokens"] == found["b6"]["n_tokens"]
    assert found["b6"]["alignment_score"] == 3 * found["b6"]["n_tokens"]


def test_texts_too_large_to_align_keep_their_other_measures():
    tables = corpus(*changing())
    whole, capped = measured(tables), measured(tables, MeasureConfig(max_cells=40 * 40))
    sizes = {doc_id: row["n_tokens"] for doc_id, row in whole.items()}
    assert sizes["b6"] ** 2 < 1600 < sizes["b4"] * sizes["a4"]
    assert capped["b4"]["alignment_score"] is capped["b4"]["sim_minedit"] is capped["b4"]["sim_simple"] is None
    assert capped["b4"]["alignment_tokens"] is None
    assert capped["b4"]["stickiness"] == whole["b4"]["stickiness"]
    assert capped["b4"]["modification_score_adjusted"] == whole["b4"]["modification_score_adjusted"]
    assert capped["b6"]["alignment_score"] == whole["b6"]["alignment_score"]
    assert capped["b6"]["sim_simple"] == 1.0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"year": 2021}, "d1"),
        ({"year": 2020}, None),  # a gap is no previous year
        ({"year": 2022}, None),
        ({"year": None}, None),
        ({"year": 2021, "agency_id": "g2"}, None),
        ({"year": 2021, "superseded_by": "d9"}, None),
        ({"year": 2021, "republication_of": "d9"}, None),
    ],
)
def test_what_the_previous_report_is(fields, expected):
    found = measured(corpus(report("d1", KEPT, **({"agency_id": "g1"} | fields)), report("d2", KEPT, agency_id="g1")))
    assert found["d2"]["previous_doc_id"] == expected


def test_of_two_reports_on_a_year_the_first_published_is_the_previous():
    late = report("d1", KEPT, year=2021, agency_id="g", published="2022-03-01")
    early = report("d9", KEPT, year=2021, agency_id="g", published="2022-01-15")
    found = measured(corpus(late, early, report("d5", KEPT, agency_id="g")))
    assert found["d5"]["previous_doc_id"] == "d9"


def test_a_report_that_repeats_itself_is_nobody_s_peer():
    row = measured(corpus(report("d1", KEPT + OWN[0] + KEPT, kind="government", code="110000")))["d1"]
    assert (row["novelty_share"], row["reused_peers"]) == (1.0, 0.0)


def test_information_content_within_year_and_level():
    codes = ["110101", "110101", "110101", "110102", "110102", "110103"]
    found = measured(corpus(*(report(f"d{p}", COMMON + OWN[p], code=code) for p, code in enumerate(codes))))
    texts = [[w for s in sentences(COMMON + own) for w in s] for own in OWN]
    expected = measure_information_content(texts[0], peers=texts[1:3], others=texts[3:])
    assert found["d0"]["information_content"] == pytest.approx(expected.information)
    assert found["d0"]["standard_content"] == pytest.approx(expected.standard)
    assert found["d5"]["information_content"] is None  # no peer in its county


def test_novelty_by_source():
    law = "行政机关应当及时准确公开政府信息"
    told = "沿江各镇统一启用新版公告栏样式并按月换新"
    superior = report("gov", told, kind="government", code="110000", level="province")
    before = report("a", KEPT, year=2021, agency_id="g", code="110101")
    peer = report("b", OWN[1], code="110102")
    own = "山顶驿站试种药草"
    text = f"{law}。{KEPT}{told}。{OWN[1]}{own}。"
    target = report("c", text, heading="", agency_id="g", code="110101")
    references = pa.table({"kind": ["mandated"], "text": [f"第一条{law}。"]})
    found = measured(corpus(superior, before, peer, target, references=references))
    row = found["c"]
    assert found["gov"]["reused_superior"] == 0.0  # a government is not above itself
    folded = fold_text(text).text
    sources = {"reference": [law], "own_previous": [KEPT], "superior": [told], "peers": [OWN[1]]}
    expected = measure_novelty_share(folded, {k: [fold_text(t).text for t in v] for k, v in sources.items()})
    assert row["novelty_share"] == expected.novelty_share == len(own) / len(folded)
    assert [row[f"reused_{name}"] for name in sources] == [share for _, share in expected.reused]
    assert all(share > 0 for _, share in expected.reused)


def test_prototype_of_near_copies():
    texts = [COMMON + KEPT, COMMON + KEPT + OWN[3], COMMON + KEPT, OWN[4]]
    reports = [report(f"d{place}", text) for place, text in enumerate(texts)]
    rows = [("d0", "d1", 0.9, 0.6), ("d1", "d2", 0.6, 0.9), ("d2", "d3", 0.9, 0.1), ("d0", "elsewhere", 0.9, 0.9)]
    keys = ("doc_a", "doc_b", "containment_a", "containment_b")
    pairs = pa.Table.from_pylist([dict(zip(keys, row, strict=True)) for row in rows])
    found = measured(corpus(*reports, pairs=pairs))
    flat = [[w for s in sentences(text) for w in s] for text in texts]
    prototype = build_prototype(flat[:3])
    assert list(prototype) == flat[0]
    assert [found[f"d{place}"]["template_prototype"] for place in range(3)] == [
        measure_prototype_share(one, prototype) for one in flat[:3]
    ]
    assert (found["d0"]["template_prototype"], found["d0"]["n_cluster"]) == (1.0, 3)
    assert found["d1"]["template_prototype"] < 1
    assert found["d3"]["template_prototype"] is found["d3"]["n_cluster"] is None
    small = MeasureConfig(max_cells=len(flat[0]) ** 2)
    capped = measured(corpus(*reports, pairs=pairs), small)
    assert capped["d1"]["template_prototype"] is capped["d0"]["n_cluster"] is None


def test_characters_as_the_unit():
    found = measured(corpus(*six()), MeasureConfig(unit="chars"))["d0"]
    texts = [[*split_tokens("一、总体情况", unit="chars"), *split_tokens(COMMON + own, unit="chars")] for own in OWN]
    assert (found["unit"], found["n_tokens"]) == ("chars", sum(map(len, texts[0])))
    assert found["boilerplate_share_no_ceiling"] == measure_boilerplate_share(texts, n=8, ceiling=None)[0]


def test_same_bytes_for_any_row_order():
    tables = corpus(*changing(), *six(code="110101"))
    expected = encode_parquet(measure_reports(tables, config=CONFIG)["reuse_measures"])
    rng = random.Random(5)
    for _ in range(3):
        mixed = {
            name: table.take(pa.array(rng.sample(range(table.num_rows), table.num_rows), pa.int64()))
            for name, table in tables.items()
        }
        assert encode_parquet(measure_reports(mixed, config=CONFIG)["reuse_measures"]) == expected


def test_missing_tables_are_named():
    tables = corpus(report("d1", COMMON))
    with pytest.raises(UsageError, match="'sections' is not among"):
        measure_reports({"reports": tables["reports"]}, config=CONFIG)
    with pytest.raises(UsageError, match="references need the column text"):
        measure_reports(tables | {"references": pa.table({"kind": ["mandated"]})}, config=CONFIG)


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "bytes"},
        {"min_group": 1},
        {"floor": 0.8},
        {"ceiling": 1.5},
        {"degree": -1},
        {"block": 0},
        {"near_copy": 0},
        {"max_cells": 0},
    ],
)
def test_values_out_of_range_are_refused(wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        MeasureConfig(**wrong)


def test_unknown_keys_are_refused():
    adapter = TypeAdapter(MeasureConfig)
    assert adapter.validate_python({"unit": "chars"}) == MeasureConfig(unit="chars")
    with pytest.raises(ValidationError):
        adapter.validate_python({"units": "chars"})
