"""The similarity report in a real browser: reports unpacked on demand, two side by side, lists of any length, speed."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from made_up_run import ABOUT, make_run
from test_browser_pages import opened

from gknlp.corpus.flatten import decode_rows, encode_rows, flatten_report
from gknlp.pages import render_comparison, render_pages
from gknlp.pages.findings.differences import mark_differences, own_names
from gknlp.parse import parse_report
from gknlp.records import RawDocument, Source
from gknlp.reuse import ReuseConfig, find_reuse
from gknlp.reuse.measures import MeasureConfig, measure_reports
from gknlp.schemas import STRATA
from gknlp.tables import table_of
from gknlp.text.own_names import list_own_names

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
ONE, OTHER = "0402" * 8, "0403" * 8
READY = "html[data-unpacked]"


def write(folder: Path, tables: dict[str, pa.Table], about: dict[str, Any] | None = None) -> Path:
    page = folder / "similarity_report.html"
    page.write_bytes(render_pages(tables, about or ABOUT)["similarity_report.html"])
    return page


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as it is handed over: one file, nothing beside it."""
    return write(tmp_path_factory.mktemp("alone"), make_run())


def test_any_report_opens_as_a_strip_with_its_strata_and_passages(chromium: Any, alone: Path) -> None:
    tables = make_run()
    mine = [row for row in tables["passages"].to_pylist() if row["doc_id"] == ONE and row["stratum"] != "mandated"]
    with opened(chromium, alone) as page:
        page.wait_for_selector(READY)
        assert page.locator("#doc > *").count() == 0
        page.fill("#find-doc", "松澜 2021")
        assert all("松澜" in row for row in page.locator("#docs tbody tr").all_text_contents())
        assert page.locator("#docs-left").text_content() == str(page.locator("#docs tbody tr").count()) != "37"
        page.fill("#find-doc", "柳汀镇 2021")
        page.locator("#docs tbody a", has_text="柳汀镇 2021").click()
        page.locator("#doc .strip").wait_for()
        assert page.evaluate("location.hash") == f"#doc={ONE}"
        assert page.locator("#doc .strip rect.hit").count() == len(mine) > 0
        assert page.locator("#doc .strip rect.s-mandated").count() == 1
        assert page.locator("#doc .key .zh").first.text_content() == "规定文本"


def test_the_strip_is_worked_by_keyboard_and_enter_compares(chromium: Any, alone: Path) -> None:
    with opened(chromium, alone, at=f"#doc={ONE}") as page:
        strip = page.locator("#doc .strip")
        strip.wait_for()
        strip.focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("#doc .hit.at").count() == 1
        told = page.locator("#doc .told").text_content()
        assert "来源" in told
        page.keyboard.press("ArrowRight")
        assert page.locator("#doc .told").text_content() != told
        page.keyboard.press("Enter")
        page.locator("#with .pair-row.at").wait_for()
        assert "&with=" in page.evaluate("location.hash")


def test_a_pair_stands_side_by_side_with_what_differs_marked(chromium: Any, tmp_path: Path) -> None:
    rows = {
        "reports": [
            {"doc_id": "a", "agency": "云岭县柳湾镇人民政府", "year": 2020, "published": "2021-01-05",
             "text": "依条例编成。柳湾镇全年答复来信12封，都按时办结了。", "n_chars": 26},
            {"doc_id": "b", "agency": "云岭县石桥镇人民政府", "year": 2020, "published": "2021-02-05",
             "text": "\U00020000石桥镇全年答复来信9封，按时办结。另有\U00020000字。", "n_chars": 22},
        ],
        "coverage": [{"doc_id": d, "n_chars": 26, "mandated": 0.2, "peer": 0.6, "original": 0.2} for d in "ab"],
        "passages": [{"passage_id": "1", "doc_id": "b", "start": 1, "end": 18, "stratum": "peer", "source_doc_id": "a",
                      "source_start": 6, "source_end": 26, "similarity": 0.8, "first_doc_id": "a", "cluster_id": "k"}],
        "stretches": [{"doc_id": "a", "start": 0, "end": 6, "stratum": "mandated"},
                      {"doc_id": "a", "start": 6, "end": 10, "stratum": "mandated"}],
        "clusters": [], "pairs": [{"doc_a": "a", "doc_b": "b", "shared_chars": 15, "containment_a": 0.62, "containment_b": 0.7, "resemblance": 0.5}],
    }  # fmt: skip
    rows["coverage"] = [
        {**dict.fromkeys(("formula", "regional", "viral", "self", "model_text"), 0.0), **row}
        for row in rows["coverage"]
    ]
    page_file = write(tmp_path, {name: table_of(name, table) for name, table in rows.items()})
    with opened(chromium, page_file, at="#doc=b&with=a") as page:
        row = page.locator("#with .pair-row[data-at]")
        row.wait_for()
        assert row.locator(".d-masked").all_text_contents() == ["石桥镇", "柳湾镇"]
        assert row.locator("b.d-number").all_text_contents() == ["9", "12"]
        assert row.locator(".d-only").all_text_contents() == ["都", "了"]
        assert row.locator(".s-mandated").all_text_contents() == ["柳湾镇", "全"]
        assert row.locator(".band rect").get_attribute("class") == "s-peer"
        head = page.locator("#with > p").all_text_contents()
        assert (
            "云岭县石桥镇人民政府 2020 shares 70 % of its narrative with 云岭县柳湾镇人民政府 2020; the other way round it is 62 %"
            in head[0]
        )
        assert "was published first (2021-01-05; the other 2021-02-05)" in head[1]
        page.locator("#with .between summary").first.click()
        page.locator("#with .between .pair-row").first.wait_for()
        assert page.locator("#with .between[open] .s-mandated").text_content() == "依条例编成。"
        page.locator("#with .between summary").last.click()
        page.locator("#with .between").last.locator(".pair-row").wait_for()
        assert "\U00020000字" in page.locator("#with .between").last.text_content()


def test_text_between_passages_is_told_once_though_their_order_differs(chromium: Any, tmp_path: Path) -> None:
    one, two = "渡船每天两班开往对岸", "木牌立在码头人人看得见"
    texts = {"a": f"甲{one}乙乙{two}", "b": f"丙丙丙{two}丁{one}戊戊"}
    spans = [(1, 11, texts["b"].index(one)), (13, 24, texts["b"].index(two))]
    shares = {**dict.fromkeys(STRATA, 0.0), "peer": 0.8, "original": 0.2}
    rows = {
        "reports": [
            {"doc_id": doc, "agency": doc, "year": 2020, "text": text, "n_chars": len(text)} for doc, text in texts.items()
        ],
        "coverage": [{"doc_id": doc, "n_chars": 24, **shares} for doc in texts],
        "passages": [
            {"passage_id": str(start), "doc_id": "a", "start": start, "end": end, "stratum": "peer", "source_doc_id": "b",
             "source_start": there, "source_end": there + end - start, "similarity": 1.0, "first_doc_id": "b"}
            for start, end, there in spans
        ],
        "clusters": [], "pairs": [], "stretches": [],
    }  # fmt: skip
    page_file = write(tmp_path, {name: table_of(name, table) for name, table in rows.items()})
    with opened(chromium, page_file, at="#doc=a&with=b") as page:
        page.locator("#with .pair-row[data-at]").first.wait_for()
        told = page.locator("#with .between summary .en").all_text_contents()
    assert [line.removeprefix("in between, not shared: ") for line in told] == [
        "left 1, right 1 characters", "left 2, right 3 characters", "left 0, right 2 characters",
    ]  # fmt: skip


def test_links_to_reports_open_inside_the_file_and_the_report_itself_can_be_left_for(
    chromium: Any, alone: Path
) -> None:
    with opened(chromium, alone) as page:
        page.wait_for_selector(READY)
        page.locator(f'figure a[href="report/{ONE}.html"]').first.dispatch_event("click")
        page.locator("#doc .strip").wait_for()
        assert page.locator("#doc h3").text_content() == "柳汀镇 2021"
        assert page.locator(f'#doc a[href="report/{ONE}.html"][data-leaves]').count() == 1
        page.evaluate(f"location.hash = '#doc={OTHER}'")
        page.get_by_role("heading", name="柳汀镇 2022").wait_for()
        page.evaluate("location.hash = '#doc=%3Cimg%3E&with=%22'")
        assert page.locator("#doc h3").text_content() == "柳汀镇 2022"


def test_marks_in_figures_narrow_the_pairs_and_let_go_again(chromium: Any, alone: Path) -> None:
    with opened(chromium, alone) as page:
        page.wait_for_selector(READY)
        every = page.locator("#pairs-left").text_content()
        mark = page.locator("a[data-a]").first
        wanted = {mark.get_attribute("data-a"), mark.get_attribute("data-b")}
        mark.dispatch_event("click")
        assert page.locator("#pairs-left").text_content() != every
        rows = page.locator("#pairs tbody tr").all_text_contents()
        assert 0 < len(rows) < 40
        assert all(name in row for row in rows for name in wanted)
        page.click("#pairs-chosen")
        assert page.locator("#pairs-left").text_content() == every
        page.fill("#find-pairs", "柳汀")
        assert all("柳汀" in row for row in page.locator("#pairs tbody tr").all_text_contents()[:5])
        page.fill("#find-pairs", "<img>")
        assert page.locator("#pairs tbody tr").count() == 0


def test_a_cell_of_place_and_year_lists_its_reports_and_lets_go_again(chromium: Any, alone: Path) -> None:
    with opened(chromium, alone) as page:
        page.wait_for_selector(READY)
        mark = page.locator('.layer-copied a[href^="#of-"]').nth(5)
        where = mark.get_attribute("href")
        said = page.locator(f"li{where} b").text_content()
        mark.dispatch_event("click")
        page.wait_for_url(lambda url: "#of=" in url)
        rows = page.locator("#docs tbody tr td:first-child").all_text_contents()
        assert [row.split() for row in rows] == [said.split()]
        assert page.locator("#docs-chosen").text_content() == f"{said} ✕"
        page.click("#docs-chosen")
        assert page.locator("#docs-left").text_content() == "37"
        page.evaluate("location.hash = '#of=99-2020'")
        assert page.locator("#docs-left").text_content() == "37"


def test_one_figure_shows_at_a_time_and_the_switch_needs_no_script(chromium: Any, alone: Path) -> None:
    for script in (True, False):
        with opened(chromium, alone, java_script_enabled=script) as page:
            shown = {}
            for key in ("others", "own", "copied"):
                page.check(f'[name=layer][value="{key}"]')
                shown[key] = [
                    layer for layer in ("copied", "others", "own") if page.locator(f".layer-{layer}").is_visible()
                ]
            assert shown == {"others": ["others"], "own": ["own"], "copied": ["copied"]}


def test_the_list_shows_any_measure_and_sorts_by_it_with_missing_ones_last(chromium: Any, alone: Path) -> None:
    table = {row["doc_id"]: row for row in make_run()["reuse_measures"].to_pylist()}
    with opened(chromium, alone) as page:
        page.wait_for_selector(READY)
        cells = page.locator("#docs tbody tr td:last-child")
        assert all("%" in text for text in cells.all_text_contents())
        page.select_option("#docs-measure", "modification_score_adjusted")
        page.check("#docs-order")
        texts = cells.all_text_contents()
        held = [float(text.replace("−", "-")) for text in texts if text != "—"]
        assert held == sorted(held, reverse=True)
        missing = sum(row["modification_score_adjusted"] is None for row in table.values())
        assert texts[-missing:] == ["—"] * missing
        assert "—" not in texts[:-missing]
        assert page.locator("#docs-measured").get_attribute("href") == "#m-modification_score_adjusted"
        page.select_option("#docs-measure", "redundancy_within")
        assert sorted(set(cells.all_text_contents())) == ["0 %", "<0.1 %"]


def test_an_open_report_has_its_measures_as_its_own_page_has_them(chromium: Any, alone: Path, run_folder: Path) -> None:
    with opened(chromium, run_folder / f"report/{ONE}.html") as page:
        rows = page.locator("#measures + details tbody tr")
        there = [[row.locator("code").text_content(), *row.locator("td.num").all_text_contents()] for row in rows.all()]
    with opened(chromium, alone, at=f"#doc={ONE}") as page:
        page.locator("#doc .strip").wait_for()
        page.locator("#doc > details summary").first.click()
        rows = page.locator("#doc > details").first.locator("tbody tr")
        here = [[row.locator("code").text_content(), *row.locator("td.num").all_text_contents()] for row in rows.all()]
    assert here == there
    assert len(here) == 22
    assert ["information_content", "—", "—"] in here


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_in_cells_of_every_shade_can_be_read(chromium: Any, tmp_path: Path, scheme: str) -> None:
    steps = [0.0, 0.1, 0.3, 0.5, 0.7, 0.95]
    rows = {
        "reports": [{"doc_id": f"d{at}", "agency": "甲局", "year": 2015 + at, "text": ""} for at in range(6)],
        "coverage": [
            {"doc_id": f"d{at}", "n_chars": 9, **dict.fromkeys(STRATA, 0.0), "peer": share, "original": 1 - share}
            for at, share in enumerate(steps)
        ],
        "passages": [], "clusters": [], "pairs": [], "stretches": [],
    }  # fmt: skip
    page_file = write(tmp_path, {name: table_of(name, table) for name, table in rows.items()})
    read = """() => [...document.querySelectorAll('.layer-copied a[href^="#of-"]')].map((cell) =>
        [...cell.querySelectorAll("path,text")].map((part) => getComputedStyle(part).fill.match(/[0-9]+/g).map(Number)))"""
    with opened(chromium, page_file, color_scheme=scheme) as page:
        cells = page.evaluate(read)
    assert len(cells) == 6
    assert len({tuple(ground) for ground, *_ in cells}) == 6
    lightness = [luminance(ground) for ground, *_ in cells]
    assert lightness == sorted(lightness, reverse=scheme == "light")  # the scale runs one way
    for ground, *inks in cells:
        assert len(inks) == 2
        for ink in inks:
            high, low = sorted((luminance(ground), luminance(ink)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5


def luminance(colour: list[int]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2)."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_paper_has_figures_and_tables_but_no_controls(chromium: Any, alone: Path) -> None:
    with opened(chromium, alone) as page:
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator(".layer-copied .scroll svg").is_visible()
        assert page.locator("#places table.grid").is_visible()
        assert page.locator("#m-stickiness svg").is_visible()
        assert not page.locator(".layer-switch").is_visible()
        assert not page.locator("ul.cells").is_visible()


def test_the_browser_marks_the_same_differences_as_the_report_pages(chromium: Any, alone: Path) -> None:
    dice = random.Random(20230914)
    names = [own_names("柳湾镇"), own_names("石桥镇")]
    lists = [list_own_names("柳湾镇"), list_own_names("石桥镇")]
    words = ["船", "牌", "我镇", "柳湾镇", "石桥镇", "12", "2021", "，", "\U00020000", "渡", "9.5", "\n"]
    cases = [["".join(dice.choice(words) for _ in range(dice.randrange(30))) for _ in "ab"] for _ in range(300)]
    cases += [["渡船" * 700, "渡牌" * 650], ["", "我镇"]]
    expected = [
        [
            [[piece["kind"], piece["text"]] for piece in side]
            for side in mark_differences(a, b, names_a=names[0], names_b=names[1])
        ]
        for a, b in cases
    ]
    with opened(chromium, alone) as page:
        made = page.evaluate(
            "([cases, a, b]) => cases.map(([one, two]) => gknlp.markDifferences(one, two, a, b))", [cases, *lists]
        )
    assert made == expected


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 1280, 1920])
def test_an_open_pair_never_scrolls_the_page_sideways(chromium: Any, alone: Path, width: int, scheme: str) -> None:
    with opened(chromium, alone, width=width, color_scheme=scheme, at=f"#doc={ONE}&with={OTHER}") as page:
        page.locator("#with .pair-row[data-at]").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_words_stay_text_in_strips_and_sides(chromium: Any, tmp_path: Path) -> None:
    from test_pages_render import hostile_run

    tables, about = hostile_run()
    with opened(chromium, write(tmp_path, tables, about)) as page:
        page.wait_for_selector(READY)
        page.locator("#docs tbody a").first.click()
        page.locator("#doc .strip").wait_for()
        page.locator("#doc .list tbody a").first.click()
        page.locator("#with .pair-row[data-at]").first.wait_for()
        assert "<script>alert(1)" in page.locator("#with .pair-row[data-at]").first.text_content()
        assert page.locator("script").count() == 1


def test_without_script_tables_and_figures_are_all_there(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "similarity_report.html", java_script_enabled=False) as page:
        assert page.locator("#pairs tbody tr:visible").count() == 200
        assert page.locator("#look noscript").count() == 1
        assert not page.locator("#find-doc").is_visible()
        assert page.locator("figure .fig .edge").count() > 0
        assert page.locator("#k-1 svg .ring").count() > 0
        assert page.locator(".measures article svg").count() == 22
        page.locator("#places details.unprinted summary").click()
        assert page.locator("ul.cells li a:visible").count() == 37


def test_two_texts_alone_stand_side_by_side_without_script(chromium: Any, tmp_path: Path) -> None:
    page_file = tmp_path / "pair.html"
    measures = {"shared_chars": 8, "containment_a": 1.0, "containment_b": 0.8, "mandated_a": 0, "mandated_b": 0}
    page_file.write_bytes(
        render_comparison(("a", "b"), ("渡船每天开两班。",) * 2, [((0, 8), (0, 8), 1.0, False)], ([], []), measures)
    )
    for width in (360, 1280):
        with opened(chromium, page_file, width=width, java_script_enabled=False) as page:
            boxes = [page.locator(".pair-row .serif").nth(place).bounding_box() for place in (0, 1)]
            assert (boxes[0]["y"] == boxes[1]["y"]) is (width > 768)


@pytest.mark.nightly
def test_a_list_of_thousands_draws_only_the_rows_in_sight(chromium: Any, tmp_path: Path) -> None:
    tables = make_run(30)
    assert tables["pairs"].num_rows > 2000
    with opened(chromium, write(tmp_path, tables)) as page:
        page.wait_for_selector(READY)
        rows = page.locator("#pairs tbody tr:not(.spacer)")
        assert rows.count() < 100
        assert int(page.locator("#pairs").get_attribute("aria-rowcount")) == tables["pairs"].num_rows + 1
        first = rows.first.text_content()
        heights = page.evaluate(
            "[...document.querySelectorAll('#pairs tbody tr:not(.spacer)')].map((row) => row.offsetHeight)"
        )
        assert max(heights) - min(heights) <= 1  # the spacers count on it
        page.evaluate("document.querySelector('#pairs').closest('.list').scrollTop = 40000")
        page.wait_for_function(
            "(text) => document.querySelector('#pairs tbody tr:not(.spacer)').textContent !== text", arg=first
        )
        assert rows.count() < 100


@pytest.mark.nightly
def test_a_thousand_reports_stay_small_and_open_at_once(chromium: Any, tmp_path: Path) -> None:
    page_file = write(tmp_path, thousand_reports())
    size = page_file.stat().st_size
    opening = []
    for _ in range(3):
        with opened(chromium, page_file) as page:
            opening.append(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
            page.wait_for_selector(READY)
            assert page.locator("#docs-left").text_content().replace("\u202f", "") == "1000"
            page.locator("#pairs tbody tr a", has_text="并排").first.click()
            page.locator("#with .pair-row[data-at]").first.wait_for()
    print(f"{size / 1e6:.2f} MB, opens in {min(opening):.0f} ms")
    assert size < 6_000_000
    assert min(opening) < 1000


def thousand_reports() -> dict[str, pa.Table]:
    """Tables of a thousand reports of the planted corpus, forms included, read and searched as any corpus is."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "corpora" / "planted"))
    from planted_parts.stream import write_documents

    rows = [document.row() for document in write_documents(1000, tables=True)]
    flat: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        hints = {key: str(row[key]) for key in ("agency", "year", "region", "published") if row.get(key)}
        source = Source(row["id"], row["id"].encode(), "0" * 64, "text/plain")
        report = parse_report(RawDocument(row["id"], row["text"], source, hints=hints))
        for name, lines in flatten_report(report).items():
            flat.setdefault(name, []).extend(lines)
    tables = decode_rows(encode_rows(flat))
    tables |= find_reuse(tables, config=ReuseConfig())
    return tables | measure_reports(tables, config=MeasureConfig())
