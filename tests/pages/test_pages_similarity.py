"""The similarity report: who with whom, who first, how a wording spread, what is packed into the page, and two texts alone."""

from __future__ import annotations

import base64
import json
import random
import re
import zlib
from itertools import pairwise
from typing import Any

import pytest
from made_up_run import ABOUT, make_run

from gknlp.pages import align_texts, render_comparison, render_pages
from gknlp.pages.figures.network import draw_network
from gknlp.pages.figures.place_years import draw_place_years
from gknlp.pages.figures.spread import draw_spread
from gknlp.pages.figures.timeline import draw_timeline
from gknlp.pages.findings import packed
from gknlp.pages.findings.aligned import align_spans
from gknlp.pages.findings.differences import align_tokens, mark_differences, own_names
from gknlp.pages.findings.measures import GROUPS, find_measures, read_measures
from gknlp.pages.findings.packed import deflate, list_ticks, pack_reuse
from gknlp.pages.findings.reuse import find_reuse
from gknlp.pages.findings.run import load_run
from gknlp.pages.words import keys_of
from gknlp.schemas import REUSE_MEASURES, STRATA
from gknlp.tables import table_of

TEXT = "柳湾的渡船每天两班，开船的时刻写在码头的木牌上。"


def report(doc_id: str, agency: str, year: int | None, **more: Any) -> dict[str, Any]:
    return {"doc_id": doc_id, "agency": agency, "year": year, "text": TEXT, **more}


def passage(doc_id: str, source: str, **more: Any) -> dict[str, Any]:
    spans = {"start": 0, "end": 9, "source_start": 0, "source_end": 9}
    names = {"passage_id": f"{doc_id}{source}", "doc_id": doc_id, "source_doc_id": source, "stratum": "peer"}
    return {**names, **spans, "similarity": 1.0, "cluster_id": "k", "first_doc_id": source, **more}


def run_of(guns: list[dict[str, Any]] | None = None, **tables: list[dict[str, Any]]) -> Any:
    made = {name: table_of(name, tables.get(name, [])) for name in ("passages", "clusters", "pairs", "coverage")}
    made |= {name: table_of(name, rows) for name, rows in tables.items()}
    if guns is not None:
        made["smoking_guns"] = table_of("smoking_guns", guns)
    return load_run(made, {"rules": [{"id": "R701", "title_zh": "别的机关", "title_en": "another agency"}]})


def inflate(text: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text), -15).decode("utf-16-le", "surrogatepass"))


# differences


def test_any_two_texts_come_back_whole_from_their_pieces_and_equal_runs_are_equal() -> None:
    dice = random.Random(20240117)
    for _ in range(400):
        a, b = ("".join(dice.choice("甲乙丙1 ") for _ in range(dice.randrange(14))) for _ in "ab")
        left, right = mark_differences(a, b)
        assert "".join(piece["text"] for piece in left) == a
        assert "".join(piece["text"] for piece in right) == b
        runs = align_tokens(a, b)
        assert all(a[i1:i2] == b[j1:j2] for equal, i1, i2, j1, j2 in runs if equal)
        assert all(one[0] != two[0] for one, two in pairwise(runs))


def test_a_light_edit_leaves_all_but_itself_equal() -> None:
    text = TEXT * 40
    edited = text[:500] + "改" + text[501:700] + text[705:]
    pieces = mark_differences(text, edited)[0]
    assert [piece["kind"] for piece in pieces] == ["equal", "changed", "equal", "only", "equal"]
    assert [len(piece["text"]) for piece in pieces] == [500, 1, 199, 5, len(text) - 705]


def test_texts_too_far_apart_are_shown_as_different(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gknlp.pages.findings.differences.MOST_EDITS", 5)
    assert [p["kind"] for p in mark_differences("甲乙丙丁戊", "己庚辛乙壬癸")[0]] == ["changed"]


def test_own_names_are_masked_on_both_sides_and_a_foreign_one_is_not() -> None:
    a, b = "柳湾镇设牌，我镇有船。", "石桥镇设牌，我局有船。"
    left, right = mark_differences(
        a, b, names_a=own_names("云岭县柳湾镇人民政府"), names_b=own_names("云岭县石桥镇人民政府")
    )
    assert [p["text"] for p in left if p["kind"] == "masked"] == ["柳湾镇", "我镇"]
    assert [p["text"] for p in right if p["kind"] == "masked"] == ["石桥镇", "我局"]
    copied = mark_differences(a, a, names_a=own_names("柳湾镇"), names_b=own_names("石桥镇"))[1]
    assert ("changed", "柳湾镇") in [(p["kind"], p["text"]) for p in copied]


def test_years_and_numbers_stand_out_inside_a_longer_difference() -> None:
    left = mark_differences("全年答复12件次来信", "全年受理9封来信")[0]
    assert [(p["kind"], p["text"]) for p in left] == [
        ("equal", "全年"), ("changed", "答复"), ("number", "12"), ("changed", "件次"), ("equal", "来信"),
    ]  # fmt: skip


def test_mandated_wording_inside_a_passage_says_so() -> None:
    found = align_spans((TEXT, TEXT), (None, None), (2, 8), (2, 8), mandated=([(4, 6)], []))
    assert [(p["text"], p["mandated"]) for p in found["left"]] == [("的渡", False), ("船每", True), ("天两", False)]
    assert [p["mandated"] for p in found["right"]] == [False]


# who with whom


def test_the_network_points_from_the_earlier_to_the_later_and_a_tie_has_no_direction() -> None:
    run = run_of(
        reports=[
            report("a", "柳下镇", 2019, published="2020-01-09"),
            report("b", "石桥镇", 2019, published="2020-01-30"),
            report("c", "河口镇", 2019, published="2020-01-09"),
            report("d", "河口镇", 2020),
        ],
        passages=[
            passage("a", "b"),  # the table's source is the later one: dates decide
            passage("c", "a", end=5),
            passage("d", "c"),
            passage("b", "c", stratum="formula"),
            passage("b", "a", stratum="mandated"),
        ],
    )
    found = find_reuse(run)["network"]
    names = [node["name"] for node in found["nodes"]]
    edges = {(names[e["from"]], names[e["to"]], e["tie"], e["chars"]) for e in found["edges"]}
    assert edges == {("柳下镇", "石桥镇", False, 9), ("柳下镇", "河口镇", True, 5)}
    assert names[-1] == "石桥镇"
    drawn = str(draw_network(found).body)
    assert drawn.count('class="head"') == 1
    assert drawn.count('class="edge tie"') == 1
    assert "分不出先后" in drawn
    assert draw_network(find_reuse(run_of(reports=[]))["network"]).body


def test_the_matrix_is_by_place_where_several_are_known() -> None:
    reports = [
        report(d, f"{d}局", 2019 + (d == "c"), region=r) for d, r in (("a", "东县"), ("b", "东县"), ("c", "西县"))
    ]
    pairs = [
        {"doc_a": "a", "doc_b": "b", "shared_chars": 30, "containment_a": 0.3, "containment_b": None},
        {"doc_a": "a", "doc_b": "c", "shared_chars": 7, "containment_a": 0.1, "containment_b": 0.1},
    ]
    found = find_reuse(run_of(reports=reports, pairs=pairs))
    assert found["by_place"]
    assert (found["matrix"]["names"], found["matrix"]["values"]) == (["东县", "西县"], [[30, 7], [7, None]])
    assert (found["years"]["years"], found["years"]["values"]) == ([2019, 2020], [[30, None], [7, 0]])
    assert found["years"]["title"]["en"].startswith("81%")
    assert (found["pairs"][0]["place"], found["pairs"][1]["other_place"]) == ("东县", "西县")


# places by years


def shares_of(**given: float) -> dict[str, float]:
    shares = {**dict.fromkeys(STRATA, 0.0), **given}
    return {**shares, "original": 1 - sum(shares.values())}


def grid_of(docs: list[tuple[str, int | None, dict[str, float] | None]]) -> Any:
    """A run of one report a place, year and strata (None: no narrative text), two places at least."""
    rows = [report(f"d{at:03d}", f"{place}局", year, region=place) for at, (place, year, _) in enumerate(docs)]
    coverage = [
        {"doc_id": f"d{at:03d}", "n_chars": 100 if shares else 0, **(shares or shares_of())}
        for at, (_, _, shares) in enumerate(docs)
    ]
    return run_of(reports=rows, coverage=coverage)


def test_cells_are_means_of_what_is_copied_and_mandated_text_is_in_none_of_them() -> None:
    run = grid_of(
        [
            ("东县", 2019, shares_of(mandated=0.9)),
            ("东县", 2019, shares_of(mandated=0.2, peer=0.2, viral=0.1, **{"self": 0.2})),
            ("东县", 2021, shares_of(formula=0.1, regional=0.2, model_text=0.1)),
            ("西县", 2021, None),
            ("西县", 2020, shares_of(mandated=1.0)),
            ("西县", None, shares_of(peer=0.5)),
        ]
    )
    grid = find_reuse(run)["place_years"]
    assert grid["years"] == [2019, 2020, 2021]
    east, west, every = grid["rows"]
    assert [row["name"]["zh"] for row in grid["rows"]] == ["东县", "西县", "全部报告"]
    first = east["cells"][0]
    assert (first["n"], first["n_unassessed"]) == (2, 0)
    assert first["means"] == pytest.approx({"copied": 0.25, "others": 0.15, "own": 0.1})
    assert east["cells"][1]["means"] == {"copied": None, "others": None, "own": None}
    assert east["cells"][2]["means"] == pytest.approx({"copied": 0.4, "others": 0.4, "own": 0.0})
    assert west["cells"][1]["means"] == {"copied": 0.0, "others": 0.0, "own": 0.0}
    assert (west["cells"][2]["n"], west["cells"][2]["n_unassessed"]) == (0, 1)
    assert west["cells"][2]["means"]["copied"] is None
    assert (every["n"], every["total"]["n"], grid["n_no_year"]) == (5, 4, 1)
    assert every["total"]["means"]["copied"] == pytest.approx((0.5 + 0.4) / 4)
    assert {stratum for layer in grid["layers"] for stratum in layer["strata"]} == set(STRATA) - {
        "mandated",
        "original",
    }
    assert grid["layers"][0]["title"]["en"].startswith("On average 22 % of the narrative")


def test_zero_no_narrative_and_no_report_are_three_different_marks() -> None:
    run = grid_of([("东县", 2020, shares_of(mandated=1.0)), ("东县", 2021, None), ("西县", 2022, shares_of(peer=0.3))])
    found = find_reuse(run)["place_years"]
    drawn = str(draw_place_years(found, found["layers"][0]).body)
    cells = dict(re.findall(r'<(?:a|g)(?: href="(#[^"]*)")?[^>]*><path class="(\w+)"', drawn))
    assert cells["#of-0-2022"] == "q4"  # 30 % of a scale that ends at 40 %
    assert cells["#of-1-2020"] == "q0"
    assert "0 %</text>" in drawn
    assert "东县 2021: 1 份报告，无叙述文字" in drawn
    assert "西县 2020: 没有报告" in drawn
    assert drawn.count(">?</text>") == 2  # the cell and the year's own
    assert drawn.count('class="break over"') == 1
    assert found["rows"][-1]["cells"][1]["n"] == 0


def test_beyond_forty_places_those_with_fewest_reports_are_one_row() -> None:
    docs = [(f"{at:02d}县", 2020, shares_of(peer=0.01 * at)) for at in range(43)]
    docs += [(f"{at:02d}县", 2021, shares_of(peer=0.5)) for at in range(3, 43)]
    grid = find_reuse(grid_of(docs))["place_years"]
    assert (len(grid["rows"]), grid["n_rest"], grid["n_places"]) == (42, 3, 43)
    assert grid["rows"][0]["name"]["zh"] == "42县"
    rest = grid["rows"][-2]
    assert rest["name"] == {"zh": "其余 3 个地区", "en": "3 other places"}
    assert rest["total"]["means"]["copied"] == pytest.approx(0.01)
    drawn = draw_place_years(grid, grid["layers"][1])
    assert "3 other places" in str(drawn.body)


def test_every_cell_leads_to_its_reports_with_and_without_script() -> None:
    tables = make_run()
    run = load_run(tables, ABOUT)
    found = find_reuse(run)
    page = render_pages(tables, ABOUT)["similarity_report.html"].decode("utf-8")
    links = set(re.findall(r'href="#(of-\d+-\d+)"', page))
    assert links == set(re.findall(r'<li id="(of-\d+-\d+)"', page))
    assert len(links) == 37
    index = inflate(found["packed"]["index"])
    for at, row in enumerate(index["rows"]):
        doc = run.reports[at]
        assert found["place_years"]["rows"][row]["name"]["zh"] == doc["agency"]
        (line,) = re.findall(rf'<li id="of-{row}-{doc["year"]}">.*?</li>', page)
        assert f'href="report/{doc["doc_id"]}.html"' in line


# measures


def measured(**given: Any) -> dict[str, Any]:
    return {"unit": "words", "reused_own_previous": 0.0, "reused_reference": 0.0, "novelty_share": 0.5, **given}


def test_a_measure_tells_what_is_missing_from_what_is_zero() -> None:
    run = run_of(
        reports=[
            report("a", "甲局", 2019),
            report("b", "甲局", 2020),
            report("c", "乙局", 2020),
            report("d", "丙局", 2022),
        ],
        reuse_measures=[
            measured(doc_id="a"),
            measured(doc_id="b", previous_doc_id="a", stickiness=0.0, alignment_score=31, reused_own_previous=0.0),
            measured(doc_id="c", previous_doc_id="x", stickiness=0.4, alignment_score=90, reused_own_previous=0.2),
        ],
    )
    found = find_measures(run, [])
    assert found is not None
    held = {one["key"]: one for group in found["groups"] for one in group["measures"]}
    sticky = held["stickiness"]
    assert (found["n"], sticky["n"], sticky["n_missing"], sticky["n_zero"]) == (3, 2, 1, 1)
    assert [(y["year"], y["n"], y["n_missing"], y["median"]) for y in sticky["years"]] == [
        (2019, 0, 1, None), (2020, 2, 0, 0.2), (2021, 0, 0, None), (2022, 0, 0, None),
    ]  # fmt: skip
    assert sticky["title"]["en"] == "median 20.0 % (2020)"
    drawn = str(draw_spread(sticky).body)
    assert (drawn.count('class="gap-mark"'), drawn.count('class="median"')) == (3, 1)
    own = held["reused_own_previous"]
    assert (own["n"], own["n_missing"], own["n_zero"]) == (2, 1, 1)  # no year before: the table's 0 says nothing
    assert held["reused_reference"]["n"] == 0  # no text was named
    assert (held["information_content"]["n"], held["information_content"]["median"]) == (0, None)
    assert held["information_content"]["title"]["en"] == "no report could be assessed"
    assert "×" in str(draw_spread(held["information_content"]).body)


def test_named_references_make_their_share_assessable() -> None:
    tables = {"reports": [report("a", "甲局", 2019)], "reuse_measures": [measured(doc_id="a")]}
    named = run_of(**tables, references=[{"kind": "law", "name": "某条例", "sha256": "0", "text": TEXT}])
    assert (read_measures(run_of(**tables), "a") or {})["reused_reference"] is None
    assert (read_measures(named, "a") or {})["reused_reference"] == 0.0
    assert read_measures(named, "nobody") is None


def test_every_measure_of_the_table_has_its_words_and_its_place() -> None:
    keys = [key for group in GROUPS.values() for key in group]
    counts = {"doc_id", "unit", "n_tokens", "previous_doc_id", "reference_group", "n_reference", "n_cluster"}
    assert sorted(keys) == sorted(set(REUSE_MEASURES.names) - counts)
    for group in ("measures", "measure_meaning", "measure_unit", "measure_source"):
        assert set(keys_of(group)) == set(keys)
    for group in ("measure_groups", "measure_missing"):
        assert keys_of(group) == tuple(GROUPS)


def test_the_page_shows_every_measure_and_says_that_mandated_wording_counts_in_them() -> None:
    tables = make_run()
    page = render_pages(tables, ABOUT)["similarity_report.html"].decode("utf-8")
    for row in (key for keys in GROUPS.values() for key in keys):
        (card,) = re.findall(rf'<article id="m-{row}">.*?</article>', page, flags=re.DOTALL)
        assert "出处：" in card
        assert "无法计算" in card
        assert "<svg" in card
    assert "so none is a share of copying" in page
    assert "of them zero</span> 34" in page  # redundancy_within: all but one agency's three
    without = render_pages({k: v for k, v in tables.items() if k != "reuse_measures"}, ABOUT)
    assert "The step that measures did not run." in without["similarity_report.html"].decode("utf-8")
    assert 'id="reuse-measures"' not in without["similarity_report.html"].decode("utf-8")


def test_a_report_page_lists_its_measures_beside_those_of_its_year() -> None:
    page = render_pages(make_run(), ABOUT)["report/" + "0400" * 8 + ".html"].decode("utf-8")
    (row,) = re.findall(r"<tr><th[^>]*><a href=.\.\./similarity_report\.html#m-template_prototype.*?</tr>", page)
    assert re.findall(r'<td class="num">(.*?)</td>', row) == ["80.0 %", "80.0 %"]
    assert "10 reports with the same form, year reported on" in page
    (row,) = re.findall(r"<tr><th[^>]*><a href=.\.\./similarity_report\.html#m-stickiness.*?</tr>", page)
    assert re.findall(r'<td class="num">(.*?)</td>', row) == ["—", "—"]


def test_measures_are_packed_with_nulls_and_no_small_value_becomes_zero() -> None:
    tables = make_run()
    run = load_run(tables, ABOUT)
    columns = {column[0]: column for column in inflate(find_reuse(run)["packed"]["measures"])}
    rows = {row["doc_id"]: row for row in tables["reuse_measures"].to_pylist()}
    for at, doc in enumerate(run.reports):
        row = rows[doc["doc_id"]]
        value = columns["stickiness"][4][at]
        assert value == (None if row["stickiness"] is None else round(row["stickiness"] * 10000))
        assert columns["alignment_score"][4][at] == row["alignment_score"]
    tiny = measured(doc_id="a", redundancy_within=0.000001, modification_score_adjusted=-0.000001)
    small = run_of(reports=[report("a", "甲局", 2019)], reuse_measures=[tiny])
    packs = {column[0]: column[4] for column in inflate(find_reuse(small)["packed"]["measures"])}
    assert (packs["redundancy_within"], packs["modification_score_adjusted"]) == ([1], [-1])
    assert find_reuse(run_of(reports=[report("a", "甲局", 2019)]))["packed"]["measures"] is None


def test_mandated_wording_is_grey_wherever_it_is_shown() -> None:
    clusters = [{"cluster_id": "k", "n_docs": 2, "n_agencies": 2, "n_years": 1, "text": TEXT, "stratum": "mandated"}]
    tables = {name: table_of(name, []) for name in ("pairs",)}
    tables |= {
        "reports": table_of("reports", [report("a", "甲局", 2019), report("b", "乙局", 2019)]),
        "coverage": table_of("coverage", [{"doc_id": d, "n_chars": 24, **shares_of(mandated=0.6)} for d in "ab"]),
        "passages": table_of("passages", [passage("a", "b", stratum="mandated")]),
        "clusters": table_of("clusters", clusters),
    }
    page = render_pages(tables, ABOUT)["similarity_report.html"].decode("utf-8")
    assert f'<blockquote><span class="s-mandated">{TEXT}</span></blockquote>' in page
    assert "The median report shares 0 % of its narrative with other reports, mandated text aside" in page
    assert "On average 0 % of the narrative stands in other reports" in page
    assert re.search(r'<rect[^>]*class="s-mandated"/><text[^>]*class="zh panel-title"[^>]*>规定文本', page)


# how it spread


def test_the_timeline_has_the_earliest_place_on_top_and_rings_round_all_who_were_first() -> None:
    run = run_of(
        reports=[
            report("a", "甲局", 2019, region="西县", published="2020-03-01"),
            report("b", "乙局", 2019, region="东县", published="2020-01-01"),
            report("c", "丙局", 2019, region="东县", published="2020-01-01"),
            report("d", "丁局", 2019, region="西县"),
        ],
        clusters=[{"cluster_id": "k", "n_docs": 4, "n_agencies": 4, "text": TEXT, "stratum": "viral"}],
        passages=[passage("a", "b"), passage("c", "b"), passage("d", "b")],
    )
    found = find_reuse(run)
    (cluster,) = found["clusters"]
    assert [(line["name"], line["n"]) for line in cluster["timeline"]["lines"]] == [("东县", 2), ("西县", 2)]
    assert [one["label"] for one in cluster["first"]] == ["丙局 2019", "乙局 2019"]
    marks = cluster["timeline"]["lines"][1]["marks"]
    assert [(mark["dated"], mark["first"]) for mark in marks] == [(True, False), (False, False)]
    assert marks[1]["at"] == 2020.5
    drawn = str(draw_timeline(cluster["timeline"]).body)
    assert (drawn.count('class="ring"'), drawn.count('class="dot open"')) == (2, 1)
    assert [c["n_names"] for c in found["viral"]] == [2]


def test_what_was_left_unchanged_is_listed_beside_its_source_and_stands_as_a_tick() -> None:
    gun = {
        "passage_id": "x",
        "doc_id": "a",
        "rule": "R701",
        "start": 0,
        "end": 2,
        "found": "柳湾",
        "source_doc_id": "b",
    }
    finding = {"doc_id": "a", "rule": "R701", "instance": "own", "outcome": "fail", "found": "柳湾", "spans": [[0, 2]]}
    tables = {"reports": [report("a", "石桥镇", 2020), report("b", "柳湾镇", 2019)], "findings": [finding]}
    run = run_of(guns=[gun], **tables)
    found = find_reuse(run)["left_over"]
    assert (found["n"], found["n_reports"]) == (1, 1)
    assert (found["cases"][0]["words"], found["cases"][0]["source"]) == ("柳湾", "柳湾镇 2019")
    assert list_ticks(run, "a") == [[0, 2, "left_over", "R701", "柳湾"]]
    assert list_ticks(run_of(**tables), "a") == [[0, 2, "finding", "R701", "柳湾"]]
    assert find_reuse(run_of(**tables))["left_over"] is None


# what is packed


def test_every_text_is_packed_once_with_its_strata_and_passages() -> None:
    run = load_run(make_run(), ABOUT)
    made = find_reuse(run)["packed"]
    docs = [doc for block in made["blocks"] for doc in inflate(block)]
    index = inflate(made["index"])
    assert sorted(doc[0] for doc in docs) == list(range(37)) == list(range(len(index["docs"])))
    for place, text, strata, passages, _ in docs:
        row = run.reports[place]
        assert text == row["text"]
        stretches = [s for s in run.by_doc["stretches"][row["doc_id"]] if s["stratum"] != "original"]
        at, spans = 0, []
        for gap, size, number in zip(*[iter(strata)] * 3, strict=True):
            spans.append((at + gap, at + gap + size, STRATA[number]))
            at += gap + size
        assert spans == sorted((s["start"], s["end"], s["stratum"]) for s in stretches)
        assert len(passages) == sum(p["stratum"] != "mandated" for p in run.by_doc["passages"][row["doc_id"]])
    assert index["pairs"][2] == sorted(index["pairs"][2], reverse=True)


def test_where_not_all_texts_fit_those_that_share_most_are_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    run = load_run(make_run(), ABOUT)
    bars = find_reuse(run)["bars"]
    monkeypatch.setattr(packed, "MOST_PACKED", 6000)
    made = pack_reuse(run, {}, bars, {})
    assert 0 < made["n_packed"] < 37
    assert sum(map(len, made["blocks"])) <= 6000
    index = inflate(made["index"])
    held = {run.reports[at]["doc_id"] for at, doc in enumerate(index["docs"]) if doc[6] >= 0}
    assert held == {bar["doc_id"] for bar in bars[: len(held)]}
    page = render_pages(make_run(), ABOUT)["similarity_report.html"].decode("utf-8")
    assert "This page holds the texts of" in page


def test_packing_is_raw_deflate_and_always_the_same() -> None:
    value = {"text": "渡船\ud800<script>", "n": [1, 2, None]}
    assert deflate(value) == deflate(dict(value))
    assert inflate(deflate(value)) == value
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", deflate(value))


def test_texts_stand_packed_in_the_page_and_nowhere_else() -> None:
    tables = make_run()
    page = render_pages(tables, ABOUT)["similarity_report.html"].decode("utf-8")
    assert page.count('<template id="reuse-blocks">') == 1
    assert not any(text[-200:] in page for text in tables["reports"]["text"].to_pylist())
    assert "<noscript><p>" in page
    assert "plagiar" not in page.lower()


# two texts alone


def test_two_texts_make_a_page_of_their_own() -> None:
    texts = ("开头<b>。" + TEXT, TEXT + "13800138000")
    shared = [((6, 6 + len(TEXT)), (0, len(TEXT)), 1.0, False), ((0, 2), (0, 2), 1.0, True)]
    measures = {"shared_chars": 24, "containment_a": 0.62, "containment_b": 1.0, "mandated_a": 2, "mandated_b": 2}
    page = render_comparison(("甲.txt", "乙<.txt"), texts, shared, ([(0, 2)], [(0, 2)]), measures).decode("utf-8")
    assert "甲.txt shares 62 % of its text with 乙&lt;.txt" in page
    assert 'id="p2"' in page
    assert 'class="s-mandated"' in page
    assert "plagiar" not in page.lower()
    assert page.count("<script>") == 1
    assert [p["stratum"] for p in align_texts(texts, shared, ([], []))] == ["mandated", "peer"]
    nothing = {
        **measures,
        "shared_chars": 0,
        "containment_a": 0.0,
        "containment_b": 0.0,
        "mandated_a": 0,
        "mandated_b": 0,
    }
    assert "No passage stands in both" in render_comparison(("a", "b"), ("", ""), [], ([], []), nothing).decode()
