"""The themes page: shares by year, level and place, problems against improvements, promises, facets, measures, marked texts."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET
import zlib
from typing import Any

import pyarrow as pa
import pytest
from made_up_run import ABOUT, make_run

from gknlp.pages import render_pages
from gknlp.pages.figures.svg import draw_file
from gknlp.pages.figures.themes import draw_themes
from gknlp.pages.findings import promises as promise_findings
from gknlp.pages.findings import themes_packed
from gknlp.pages.findings.facets import find_facets, list_marks, tags_of
from gknlp.pages.findings.promises import find_promises, outcome_of
from gknlp.pages.findings.report import find_report, make_lookups
from gknlp.pages.findings.rhetoric import describe_measures, list_rhetoric, rhetoric_medians
from gknlp.pages.findings.run import load_run
from gknlp.pages.findings.themes import find_themes
from gknlp.pages.findings.themes_groups import MOST_PLACES
from gknlp.pages.findings.themes_names import name_themes
from gknlp.schemas import RHETORIC_AGENCY_YEARS
from gknlp.tables import table_of

ONE, NEXT = "0402" * 8, "0403" * 8
RHETORIC = ("facets", "promises", "rhetoric_measures", "rhetoric_agency_years")


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return make_run()


@pytest.fixture(scope="module")
def found(tables: dict[str, pa.Table]) -> dict[str, Any]:
    return find_themes(load_run(tables, ABOUT))


@pytest.fixture(scope="module")
def pages(tables: dict[str, pa.Table]) -> dict[str, bytes]:
    return render_pages(tables, ABOUT)


@pytest.fixture(scope="module")
def page(pages: dict[str, bytes]) -> str:
    return pages["themes.html"].decode("utf-8")


def run_of(**tables: list[dict[str, Any]]) -> Any:
    return load_run({name: table_of(name, rows) for name, rows in tables.items()}, ABOUT)


def inflate(text: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text), -15).decode("utf-16-le", "surrogatepass"))


def share(doc_id: str, year: int | None, theme: str, n: int, of: int) -> dict[str, Any]:
    family = {"P": "problems", "I": "improvements", "O": "overview"}[theme[0]]
    return {"doc_id": doc_id, "year": year, "family": family, "theme": theme, "n_units": n, "n_family_units": of}


# themes by year, level and place


def test_levels_and_places_have_their_own_n_and_no_units_is_not_zero() -> None:
    run = run_of(
        reports=[
            {"doc_id": "a", "agency": "柳下镇", "year": 2020, "level": "township", "region": "云溪县", "text": ""},
            {"doc_id": "b", "agency": "石桥县", "year": 2020, "level": "county", "region": "松澜县", "text": ""},
            {"doc_id": "c", "agency": "石桥县", "year": 2021, "level": "county", "region": "松澜县", "text": ""},
            {"doc_id": "d", "agency": "无名", "year": 2021, "level": None, "region": None, "text": ""},
        ],
        theme_shares=[
            share("a", 2020, "P01", 30, 40), share("a", 2020, "P02", 10, 40),
            share("b", 2020, "P02", 40, 40), share("c", 2021, "P01", 0, 0), share("d", 2021, "P01", 5, 5),
        ],
    )  # fmt: skip
    found = find_themes(run)
    (family,) = found["families"]
    groups = family["groups"]
    assert found["by_place"]
    assert [(c["kind"], c["name"]["zh"], c["n"], c["n_reports"]) for c in groups["columns"]] == [
        ("level", "县级", 40, 2),
        ("level", "乡镇级", 40, 1),
        ("place", "云溪县", 40, 1),
        ("place", "松澜县", 40, 2),
    ]
    assert [theme["code"] for theme in family["themes"]] == ["P02", "P01"]
    assert groups["cells"] == [[1.0, 0.25, 0.25, 1.0], [0.0, 0.75, 0.75, 0.0]]
    assert groups["title"]["en"] == "Levels differ most in “P02”: county 100 %, township 25 %"
    assert family["years"] == [{"year": 2020, "n": 80, "n_reports": 2}, {"year": 2021, "n": 5, "n_reports": 2}]
    assert family["title"]["en"] == "Moved most: “P02”, 62 % → 0 % (2020–2021)"


def test_a_place_without_units_of_a_family_is_hatched() -> None:
    reports = [{"doc_id": d, "agency": d, "year": 2020, "level": "county", "region": d, "text": ""} for d in "ab"]
    run = run_of(reports=reports, theme_shares=[share("a", 2020, "P01", 1, 1), share("b", 2020, "P01", 0, 0)])
    found = find_themes(run)
    assert found["families"][0]["groups"]["cells"] == [[1.0, 1.0, None]]
    svg = draw_file(draw_themes(found)["groups_problems"]).decode()
    assert svg.count('class="missing"') == 1
    assert "没有单元" in svg


def test_places_beyond_the_first_stand_in_one_column() -> None:
    n = MOST_PLACES + 3
    reports = [
        {"doc_id": f"{d:02}", "agency": f"甲{d:02}", "year": 2020, "region": f"地{d:02}", "text": ""} for d in range(n)
    ]
    run = run_of(reports=reports, theme_shares=[share(f"{d:02}", 2020, "P01", 1, 1 + d) for d in range(n)])
    groups = find_themes(run)["families"][0]["groups"]
    assert [c["kind"] for c in groups["columns"]] == ["place"] * MOST_PLACES + ["rest"]
    assert groups["columns"][0]["name"]["zh"] == "地14"
    assert (groups["columns"][-1]["name"]["en"], groups["columns"][-1]["n"], groups["n_rest"]) == (
        "3 other places",
        6,
        3,
    )
    assert groups["cells"][0][-1] == 0.5


def test_the_made_up_run_by_year_and_level(found: dict[str, Any]) -> None:
    overview = found["families"][0]
    assert (overview["n_units"], overview["n_reports"]) == (296, 37)
    assert [year["n"] for year in overview["years"]] == [72, 72, 72, 80]
    assert [(c["name"]["zh"], c["n"]) for c in overview["groups"]["columns"][:3]] == [
        ("市级", 32),
        ("县级", 120),
        ("乡镇级", 144),
    ]
    assert not found["by_place"]  # one region for all: agencies stand in its place
    assert sum(c["n"] for c in overview["groups"]["columns"] if c["kind"] == "place") == 296
    other = next(family for family in found["families"] if family["family"] == "other_matters")
    assert other["title"]["en"] == "No share moved (2019–2022)"


# problems against improvements


def test_the_matrix_counts_reports_with_both(found: dict[str, Any], tables: dict[str, pa.Table]) -> None:
    matrix = found["matrix"]
    assert [p["code"] for p in matrix["problems"]] == ["P01", "P05", "P06"]
    assert [i["code"] for i in matrix["improvements"]] == ["I01", "I05", "I06"]
    assert matrix["values"] == [[19, 13, 20], [18, 17, 11], [13, 18, 19]]
    assert [one["n"] for one in matrix["problems"] + matrix["improvements"]] == [26, 23, 25, 25, 24, 25]
    assert (matrix["n_reports"], matrix["n_both"]) == (37, 37)
    assert matrix["title"]["en"].endswith("“timeliness” and “better interpretation” (54 %, 20/37 reports)")
    docs: dict[str, set[str]] = {}
    for row in tables["theme_shares"].to_pylist():
        docs.setdefault(row["theme"], set()).add(row["doc_id"])
    assert len(docs["P05"] & docs["I06"]) == 11


def test_a_matrix_of_nothing_says_so() -> None:
    found = find_themes(run_of(reports=[], theme_shares=[], theme_labels=[]))
    assert found["matrix"]["values"] == [] and found["matrix"]["n_both"] == 0
    assert found["matrix"]["title"]["en"] == "No problem and improvement occur together"
    assert draw_themes(found)["problems_improvements"].height > 0
    only = find_themes(run_of(reports=[], theme_shares=[share("a", 2020, "P01", 1, 1)]))["matrix"]
    assert (only["n_both"], only["title"]["en"]) == (0, "No problem and improvement occur together")


# promises


def test_promises_tell_kept_not_kept_and_not_assessable_apart(found: dict[str, Any]) -> None:
    promises = found["promises"]
    assert promises["counts"] == {"kept": 18, "not_kept": 32, "not_assessable": 24}
    assert (promises["n"], promises["n_judged"], promises["share"]) == (74, 50, 0.36)
    assert [(y["year"], *y["counts"].values(), y["share"]) for y in promises["years"]] == [
        (2019, 6, 10, 2, 0.375),
        (2020, 6, 10, 2, 0.375),
        (2021, 6, 12, 0, 1 / 3),
        (2022, 0, 0, 20, None),
    ]
    assert [(theme["code"], theme["n"]) for theme in promises["themes"]] == [("I01", 25), ("I06", 25), ("I05", 24)]
    assert (
        promises["title"]["en"]
        == "2019–2021, 18 of 50 plans (36 %) are told as done a year later; 24 cannot be assessed"
    )
    assert [outcome_of({"kept": kept}) for kept in (True, False, None)] == list(promises["counts"])


def test_shown_pairs_have_both_texts_and_their_places(found: dict[str, Any], tables: dict[str, pa.Table]) -> None:
    shown = found["promises"]["shown"]
    assert [pair["outcome"] for pair in shown] == ["kept"] * 8 + ["not_kept"] * 8 + ["not_assessable"] * 8
    units = {(u["doc_id"], u["start"]): u["text"] for u in tables["units"].to_pylist()}
    for pair in shown:
        doc, start = re.fullmatch(r"report/(\w+)\.html#c(\d+)", pair["href"]).groups()
        assert pair["text"] == units[doc, int(start)]
        if pair["outcome"] == "kept":
            doc, start = re.fullmatch(r"report/(\w+)\.html#c(\d+)", pair["next_href"]).groups()
            assert pair["deed"] == units[doc, int(start)]
        else:
            assert pair["deed"] is None
    assert (shown[8]["next_label"] is None, shown[16]["next_label"] is None) == (False, True)
    assert shown[16]["why"]["en"] == "no report on 2023 in the corpus: not assessable"


def test_packed_promises_are_all_promises(found: dict[str, Any], tables: dict[str, pa.Table]) -> None:
    reports, themes, texts, pairs = inflate(found["promises"]["packed"])
    assert len(pairs) == tables["promises"].num_rows == 74
    assert [pair[0] for pair in pairs].count(0) == 18
    first = pairs[0]
    assert reports[first[1]] == ["云溪市 2021", "0002" * 8, 2021]
    assert (themes[first[3]][0], texts[first[4]]) == ("I06", "把长文改成问答和短图，先请三位居民试读。")
    assert (reports[first[5]][0], first[9], first[10]) == ("云溪市 2022", 50, "小河信箱")
    last = pairs[-1]
    assert (last[0], last[5], last[6], last[7], last[8], last[9]) == (2, -1, -1, -1, -1, -1)


def test_more_promises_than_fit_keep_some_of_each_outcome(
    tables: dict[str, pa.Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promise_findings, "MOST_LISTED", 10)
    run = load_run(tables, ABOUT)
    promises = find_promises(run, name_themes(run))
    assert promises is not None
    assert (promises["n"], promises["n_listed"]) == (74, 10)
    assert sorted({pair[0] for pair in inflate(promises["packed"])[3]}) == [0, 1, 2]


def test_plans_without_any_next_report_have_no_share() -> None:
    row = {"agency_id": "a", "year": 2022, "doc_a": "a", "unit_a": "u", "kept": None}
    run = run_of(reports=[{"doc_id": "a", "year": 2022, "text": ""}], promises=[row], units=[])
    promises = find_promises(run, {})
    assert promises is not None
    assert (promises["share"], promises["counts"]["not_assessable"]) == (None, 1)
    assert promises["title"]["en"] == "1 plan, none with a report of the next year"
    assert (promises["shown"][0]["text"], promises["shown"][0]["href"]) == ("", "report/a.html")
    empty = find_promises(run_of(reports=[], promises=[]), {})
    assert empty is not None and empty["title"]["en"] == "No unit states a plan"


# facets


def test_facets_are_shares_of_each_part_and_structural_units_are_in_none(found: dict[str, Any]) -> None:
    facets = found["facets"]
    assert [(c["key"], c["n"]) for c in facets["columns"]] == [
        ("overview", 333), ("problems", 74), ("improvements", 74), ("other", 37),
    ]  # fmt: skip
    of = {(row["facet"], row["value"]): row for row in facets["rows"]}
    assert of["modality", "planned"]["cells"] == [0.0, 0.0, 1.0, 0.0]
    assert of["specificity", "number"]["ns"] == [173, 0, 0, 0]
    assert of["hedge", "hedged"]["cells"][1] == 26 / 74
    assert of["actor", "self"]["n"] == 41
    assert ("valence", "achievement") in of and ("actor", "public") not in of
    assert facets["title"]["en"] == "Units on improvements: 100 % are plans, 100 % name nothing specific"
    assert find_facets(run_of(facets=[]))["n"] == 0  # type: ignore[index]  # not None: the step ran


def test_marks_are_in_text_order_and_a_mark_over_the_whole_unit_shows_no_word() -> None:
    marks = [("actor", "self", 4, 6), ("valence", "shortfall", 0, 9), ("modality", "done", 1, 3)]
    row = {
        "start": 0,
        "end": 9,
        "evidence": [dict(zip(("facet", "value", "start", "end"), m, strict=True)) for m in marks],
    }
    assert list_marks([row]) == (("modality", "done", 1, 3), ("actor", "self", 4, 6))
    facets = {"modality": "planned", "specificity": ["date"], "valence": "neutral", "hedge": True, "actor": "none"}
    assert tags_of(facets) == [("modality", "planned"), ("hedge", "hedged")]


# measures


def test_a_missing_year_a_missing_value_and_zero_are_three_things(found: dict[str, Any]) -> None:
    rhetoric = found["rhetoric"]
    assert (rhetoric["n"], rhetoric["n_agencies"]) == (37, 10)
    assert rhetoric["years"] == [
        {"year": 2019, "n": 9, "n_absent": 1},
        {"year": 2020, "n": 9, "n_absent": 1},
        {"year": 2021, "n": 9, "n_absent": 1},
        {"year": 2022, "n": 10, "n_absent": 0},
    ]
    of = {one["key"]: one for group in rhetoric["groups"] for one in group["measures"]}
    kept = of["promise_kept"]
    assert (kept["n"], kept["n_missing"], kept["n_zero"]) == (25, 12, 7)
    assert [(year["n"], year["median"]) for year in kept["years"]] == [(8, 0.5), (8, 0.5), (9, 0.5), (0, None)]
    assert (of["concrete_commitment"]["n_zero"], of["concrete_commitment"]["median"]) == (37, 0.0)
    assert (of["hard_information"]["n"], of["hard_information"]["median"]) == (0, None)
    assert of["hard_information"]["title"]["en"] == "no report could be assessed"
    flag = of["zero_report"]
    first = flag["years"][0]
    assert (first["n"], first["n_true"], first["share"]) == (8, 1, 0.125)
    assert of["disclosure_rate"]["years"][0]["n_missing"] == 9


def test_missing_is_drawn_as_a_cross_and_zero_at_the_base_line(found: dict[str, Any]) -> None:
    measures = {one["key"]: one for group in found["rhetoric"]["groups"] for one in group["measures"]}
    from gknlp.pages.figures.themes import draw_measure

    kept, zero = (draw_file(draw_measure(measures[key])).decode() for key in ("promise_kept", "concrete_commitment"))
    assert (kept.count('gap-mark"'), zero.count('gap-mark"')) == (1, 0)
    assert (kept.count('class="median"'), zero.count('class="median"')) == (3, 4)
    assert 'class="break"' in kept


def test_every_measure_of_the_schema_is_explained_in_both_languages() -> None:
    measured = set(RHETORIC_AGENCY_YEARS.names) - {
        "agency_id", "year", "agency", "level", "present", "n_reports", "doc_id", "form",
        "n_units", "n_words", "n_planned", "n_problem_units",
    }  # fmt: skip
    described = describe_measures()
    assert {one["key"] for one in described} == measured
    for one in described:
        assert all(one[field]["zh"] and one[field]["en"] for field in ("name", "meaning", "unit", "source", "missing"))
        assert one["formula"]


def test_a_report_stands_beside_the_median_of_its_year(tables: dict[str, pa.Table]) -> None:
    run = load_run(tables, ABOUT)
    of = {one["key"]: one for one in list_rhetoric(run, ONE, rhetoric_medians(run))}
    assert (of["length"]["written"]["en"], of["length"]["beside"]) == ("442", "442")
    assert (of["decoupling"]["written"]["en"], of["decoupling"]["beside"]) == ("−0.25", "−0.25")
    assert (of["zero_report"]["written"]["en"], of["correction_rate"]["written"]["en"]) == ("no", "—")
    assert list_rhetoric(run, "nowhere", {}) == []


# texts


def test_packed_units_come_back_with_their_themes_and_marks(found: dict[str, Any], tables: dict[str, pa.Table]) -> None:
    index = inflate(found["packed"]["index"])
    at, doc = next((at, doc) for at, doc in enumerate(index["docs"]) if doc[1] == ONE)
    columns = inflate(found["packed"]["blocks"][doc[11]])
    place = columns[0].index(at)
    first = sum(columns[1][:place])
    mine = slice(first, first + columns[1][place])
    units = [u for u in tables["units"].to_pylist() if u["doc_id"] == ONE]
    assert columns[6][mine] == [unit["text"] for unit in units]
    begins, end = [], 0
    for gap, text in zip(columns[5][mine], columns[6][mine], strict=True):
        begins.append(end + gap)
        end = begins[-1] + len(text)
    assert begins == [unit["start"] for unit in units]
    labels = [row for row in tables["theme_labels"].to_pylist() if row["doc_id"] == ONE]
    assert [[index["themes"][code][0] for code in codes] for codes in columns[7][mine]] == [
        row["labels"] for row in labels
    ]
    shown = {row["unit_id"]: row for row in tables["facets"].to_pylist() if row["doc_id"] == ONE}
    n_marks = 0
    for unit, marks in zip(units, columns[10][mine], strict=True):
        start, words = 0, []
        for kind, gap, length in zip(marks[::3], marks[1::3], marks[2::3], strict=True):
            start += gap
            words.append((*index["marks"][kind][:2], unit["text"][start : start + length]))
        told = [
            (m["facet"], m["value"], unit["text"][m["start"] - unit["start"] : m["end"] - unit["start"]])
            for m in shown[unit["unit_id"]]["evidence"]
        ]
        assert words == told
        n_marks += len(words)
    assert n_marks == 9
    assert doc[8:11] == [1, 1, 0]


def test_reports_that_do_not_fit_are_said_to_open_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = make_run(3)
    monkeypatch.setattr(themes_packed, "_BLOCK", 500)
    whole = find_themes(load_run(tables, ABOUT))["packed"]
    monkeypatch.setattr(themes_packed, "MOST_PACKED", sum(map(len, whole["blocks"])) // 2)
    packed = find_themes(load_run(tables, ABOUT))["packed"]
    assert 0 < packed["n_packed"] < packed["n_docs"] == 12
    blocks = [doc[11] for doc in inflate(packed["index"])["docs"]]
    assert blocks == sorted(blocks[: packed["n_packed"]]) + [-1] * (12 - packed["n_packed"])
    page = render_pages(tables, ABOUT)["themes.html"].decode()
    assert f"{packed['n_packed']} / 12" in page


def test_a_report_page_marks_themes_and_facets_and_its_text_stays_whole(tables: dict[str, pa.Table]) -> None:
    run = load_run(tables, ABOUT)
    found = find_report(run, ONE, make_lookups(run))
    pieces = [p for s in found["sections"] for p in (*s["heading"], *s["pieces"], *s["tail"])]
    assert "".join(piece["text"] for piece in pieces) == run.report[ONE]["text"]
    marked = [(facet, value, piece["text"]) for piece in pieces for facet, value in piece["facets"]]
    told = [
        (m["facet"], m["value"], run.report[ONE]["text"][m["start"] : m["end"]])
        for row in run.by_doc["facets"][ONE]
        for m in row["evidence"]
    ]
    assert sorted(marked) == sorted(told) != []
    assert any(piece["tags"] == [("modality", "planned")] for piece in pieces)
    page = render_pages(make_run(5), ABOUT)[f"report/{ONE}.html"].decode()
    assert re.search(
        r'<span class="seg[^"]* f-valence v-shortfall"[^>]* data-mark title="褒贬 不足；valence shortfall">不全</span>',
        page,
    )
    assert '<i class="tag g-modality v-planned" data-z="计划" data-e="planned"></i>' in page
    assert page.count('<fieldset class="marks only-themes">') == 1
    assert "decoupling" in page


# the page


def test_every_figure_of_the_page_has_a_table_and_an_n(page: str) -> None:
    figures = re.findall(r"<figure>.*?</figure>\n+(.*?\n)", page, re.DOTALL)
    assert len(figures) == 4 * 2 + 3
    assert all(after.startswith("<details") for after in figures)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)
    svgs = re.findall(r'<svg[^>]*class="fig".*?</svg>', page, re.DOTALL)
    assert len(captions) == 11
    assert sum(svg.count("n=") > 0 or re.search(r">n \d", svg) is not None for svg in svgs) >= 4 + 10
    assert page.count("n = ") > 30


def test_the_form_break_stands_in_figures_and_tables(page: str) -> None:
    assert page.count('class="break"') >= 10 + 27
    assert page.count('<th scope="col" class="num new-form">2021</th>') == 4 + 1
    assert '<th scope="col" class="num new-form">2019</th>' not in page  # 2019 is the first year: no line before it


@pytest.mark.parametrize(
    ("absent", "told"),
    [
        (("facets",), ["rhetoric.facets.v1 did not run"]),
        (("promises", "rhetoric_measures", "rhetoric_agency_years"), ["rhetoric.measures.v1 did not run"] * 2),
        (RHETORIC, ["rhetoric.measures.v1 did not run"] * 2 + ["rhetoric.facets.v1 did not run"]),
    ],
)
def test_what_did_not_run_is_said(absent: tuple[str, ...], told: list[str]) -> None:
    pages = render_pages({name: table for name, table in make_run(5).items() if name not in absent}, ABOUT)
    page = pages["themes.html"].decode()
    assert sorted(re.findall(r"rhetoric\.\w+\.v1 did not run", page)) == sorted(told)
    assert ("figures/facets.svg" in pages) == ("facets" not in absent)
    assert ("figures/promises.svg" in pages) == ("promises" not in absent)
    report = pages[f"report/{ONE}.html"].decode()
    assert ('id="rhetoric"' in report) == ("rhetoric_measures" not in absent)
    assert ('value="modality"' in report) == ("facets" not in absent)


def test_without_reuse_the_text_of_a_report_opens_with_its_themes() -> None:
    tables = make_run(5)
    kept = {
        name: table
        for name, table in tables.items()
        if name not in ("passages", "pairs", "coverage", "clusters", "stretches")
    }
    page = render_pages(kept, ABOUT)[f"report/{ONE}.html"].decode()
    assert '<body data-layer="themes">' in page
    assert 'data-layer="strata"' not in page.split("<body")[1]


def test_empty_tables_give_a_page_that_says_so(tables: dict[str, pa.Table]) -> None:
    pages = render_pages({name: table.slice(0, 0) for name, table in tables.items()}, ABOUT)
    page = pages["themes.html"].decode()
    assert "Nothing was coded." in page and "No unit states a plan" in page and "No unit has facets" in page


def test_figures_are_well_formed_and_the_page_stays_small(pages: dict[str, bytes], page: str) -> None:
    for name in ("problems_improvements", "promises", "facets", "rhetoric", "groups_overview", "themes_problems"):
        ET.fromstring(pages[f"figures/{name}.svg"])  # noqa: S314  our own drawing
    assert "变动最大" in pages["figures/themes_problems.svg"].decode()
    assert len(page) < 500_000


def test_hostile_words_stay_text_in_all_that_is_packed_and_shown() -> None:
    bad = "</template><script>alert(1)</script>"
    reports = [
        {"doc_id": d, "agency": bad, "agency_id": "x", "year": y, "text": bad, "region": bad}
        for d, y in (("a", 2020), ("b", 2021))
    ]
    units = [
        {
            "doc_id": d,
            "unit_id": d,
            "section": bad,
            "part": "improvements",
            "ordinal": 0,
            "heading": bad,
            "text": bad,
            "start": 0,
            "end": len(bad),
        }
        for d in "ab"
    ]
    mark = {"facet": bad, "value": bad, "start": 0, "end": 3}
    run = {
        "reports": reports,
        "units": units,
        "theme_labels": [{"doc_id": d, "unit_id": d, "start": 0, "end": len(bad), "primary": bad, "labels": [bad], "model": bad} for d in "ab"],
        "theme_shares": [{"doc_id": d, "year": 2020, "family": bad, "theme": bad, "n_units": 1, "n_family_units": 1} for d in "ab"],
        "facets": [{"doc_id": d, "unit_id": d, "start": 0, "end": len(bad), "modality": bad, "actor": bad, "evidence": [mark]} for d in "ab"],
        "promises": [{"agency_id": "x", "year": 2020, "doc_a": "a", "unit_a": "a", "doc_b": "b", "unit_b": "b", "theme_a": bad, "theme_b": bad, "kept": True, "shared": [bad]}],
    }  # fmt: skip
    pages = render_pages({name: table_of(name, rows) for name, rows in run.items()}, ABOUT)
    for name in ("themes.html", "report/a.html"):
        text = pages[name].decode()
        assert text.count("<script") == 1, name
        assert "<script>alert" not in text, name
