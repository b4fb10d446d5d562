"""The themes page in a real browser: pairs filtered, cells that list their reports, a report opened with its marks, switches."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from made_up_run import ABOUT, make_run
from test_browser_pages import opened
from test_pages_themes import RHETORIC

from gknlp.pages import render_pages

pytestmark = [pytest.mark.browser, pytest.mark.nightly]
ONE = "0402" * 8
SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
READY = "html[data-unpacked]"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as it is handed over: one file, nothing beside it."""
    page = tmp_path_factory.mktemp("alone") / "themes.html"
    page.write_bytes(render_pages(make_run(), ABOUT)["themes.html"])
    return page


def wait(page: Any) -> None:
    page.wait_for_selector(READY, state="attached")


def test_promises_are_filtered_and_more_are_drawn(chromium: Any, alone: Path) -> None:
    with opened(chromium, alone) as page:
        wait(page)
        assert page.locator("#pledge-left").text_content() == "74"
        assert page.locator(".pledge").count() == 24
        page.click("#pledge-more")
        assert page.locator(".pledge").count() == 48
        assert page.evaluate("document.activeElement.closest('.pledge') === document.querySelectorAll('.pledge')[24]")
        page.select_option("#pledge-outcome", "2")
        assert page.locator("#pledge-left").text_content() == "24"
        assert page.locator(".pledge .o-not_assessable").count() == 24
        assert not page.locator("#pledge-more").is_visible()
        page.select_option("#pledge-year", "2019")
        assert page.locator(".pledge").count() == 2
        assert "no report on 2020 in the corpus" in page.locator(".pledge .none").first.text_content()
        page.select_option("#pledge-outcome", "0")
        page.select_option("#pledge-year", "2021")
        page.fill("#pledge-find", "云溪市 长文")
        one = page.locator(".pledge")
        assert one.count() == 1
        assert one.locator(".serif").all_text_contents() == [
            "把长文改成问答和短图，先请三位居民试读。",
            "依照全市统一安排，各单位在大厅设立了查阅角，配有电脑一台和目录一册。",
        ]
        assert "0.50 · 同提both name 小河信箱" in one.locator(".where").last.text_content()


def test_what_the_script_draws_is_what_stood_there_without_it(chromium: Any, alone: Path) -> None:
    texts = "[...document.querySelectorAll('.pledge')].map((one) => one.innerText.replace(/\\s+/g, ' ').trim())"
    with opened(chromium, alone, java_script_enabled=False) as page:
        still = page.evaluate(texts)
    with opened(chromium, alone) as page:
        wait(page)
        page.select_option("#pledge-outcome", "0")
        drawn = page.evaluate(texts)
        page.select_option("#pledge-outcome", "1")
        drawn += page.evaluate(texts)
        page.select_option("#pledge-outcome", "2")
        drawn += page.evaluate(texts)
    assert len(still) == 24
    assert set(still) <= set(drawn)


def test_a_pair_leads_to_its_unit_in_the_report(chromium: Any, alone: Path) -> None:
    with opened(chromium, alone) as page:
        wait(page)
        card = page.locator(".pledge").first
        text = card.locator(".serif").last.text_content()
        card.locator("a").last.click()
        page.locator("#doc .unit.at").wait_for()
        assert page.locator("#doc .unit.at .serif").text_content() == text
        assert page.evaluate("location.protocol") == "file:" and "at=" in page.evaluate("location.hash")


def test_a_cell_of_the_matrix_lists_its_reports(chromium: Any, alone: Path) -> None:
    with opened(chromium, alone) as page:
        wait(page)
        assert page.locator("#docs-left").text_content() == "37"
        page.locator('a[href="#having-P05-I06"]').click()
        page.locator("#docs-having:visible").wait_for()
        assert page.locator("#docs-left").text_content() == "11"
        assert page.locator("#docs-having").text_content() == "P05 + I06 ✕"
        assert page.evaluate("location.hash") == "#having=P05+I06"
        page.locator("#themes-docs a").first.click()
        page.locator("#doc .unit.at").first.wait_for()
        assert {"P05 人员能力", "I06 改进解读"} <= set(page.locator("#doc .unit.at .g-theme .zh").all_text_contents())
        page.click("#docs-having")
        assert page.locator("#docs-left").text_content() == "37"
        page.select_option("#docs-theme", "P01")
        assert page.locator("#docs-left").text_content() == "26"


def test_a_report_opens_with_marks_that_can_be_switched(chromium: Any, alone: Path) -> None:
    with opened(chromium, alone, at=f"#doc={ONE}") as page:
        page.locator("#doc .unit").first.wait_for()
        assert page.locator("#doc .unit").count() == 15
        assert page.locator("#doc h4").text_content() == "柳汀镇 2021"
        mark = page.locator("#doc .f-specificity").first
        assert mark.text_content().isdigit()
        assert "数字" in mark.get_attribute("title") or "数量" in mark.get_attribute("title")
        lined = "getComputedStyle(document.querySelector('#doc .f-specificity')).boxShadow"
        assert "inset" in page.evaluate(lined)
        box = page.locator('#read ~ div input[value="specificity"]')
        box.focus()
        page.keyboard.press("Space")
        assert page.evaluate(lined) == "none"
        assert page.locator("#doc .g-theme").first.is_visible()
        page.locator('#read ~ div input[value="theme"]').uncheck()
        assert not page.locator("#doc .g-theme").first.is_visible()
        assert page.locator("#doc .g-modality").first.is_visible()
        assert page.locator("#doc .tag.g-modality.v-planned .zh").all_text_contents() == ["计划"] * 2


def test_no_facet_is_told_by_colour_alone(chromium: Any, alone: Path) -> None:
    """With every colour made the same, the samples of the legend still look different."""
    look = (
        "[...document.querySelectorAll('.sample')].map((one) => { const s = getComputedStyle(one);"
        " return [s.borderBottomStyle, s.textDecorationLine, s.textDecorationStyle, s.outlineStyle, s.fontStyle,"
        " s.boxShadow !== 'none', s.fontWeight].join(' '); })"
    )
    with opened(chromium, alone) as page:
        wait(page)
        looks = page.evaluate(look)
        assert len(looks) == 9
        assert len(set(looks)) == 9


def test_the_page_of_a_report_switches_themes_and_facets(chromium: Any, run_folder: Path) -> None:
    mark = "getComputedStyle(document.querySelector('.text .f-valence')).textDecorationLine"
    with opened(chromium, run_folder / f"report/{ONE}.html") as page:
        assert page.evaluate(mark) == "none"
        assert not page.locator(".only-themes").is_visible()
        page.click("#layer-themes")
        assert page.locator(".only-themes").is_visible()
        assert page.evaluate(mark) == "underline"
        page.locator('.only-themes input[value="valence"]').uncheck()
        assert page.evaluate(mark) == "none"
        assert not page.locator(".text .g-valence").first.is_visible()
        assert page.locator(".text .g-modality").first.is_visible()
    with opened(chromium, run_folder / f"report/{ONE}.html", at="#layer-themes") as page:
        assert page.locator("body").get_attribute("data-layer") == "themes"


def test_links_without_a_packed_text_lead_to_the_page_of_the_report(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "themes.html", at=f"#doc={ONE}") as page:
        page.locator("#doc a", has_text="whole text").click()
        page.wait_for_load_state()
        assert page.evaluate("location.pathname").endswith(f"report/{ONE}.html")
        assert page.locator("body").get_attribute("data-layer") == "themes"


@pytest.mark.parametrize("width", [360, 1920])
def test_an_open_report_never_scrolls_the_page_sideways(chromium: Any, alone: Path, width: int) -> None:
    with opened(chromium, alone, width=width, at=f"#doc={ONE}") as page:
        page.locator("#doc .unit").first.wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("absent", [RHETORIC, ("facets",)])
def test_the_page_works_where_steps_did_not_run(chromium: Any, tmp_path: Path, absent: tuple[str, ...]) -> None:
    tables = {name: table for name, table in make_run().items() if name not in absent}
    (tmp_path / "themes.html").write_bytes(render_pages(tables, ABOUT)["themes.html"])
    with opened(chromium, tmp_path / "themes.html", at=f"#doc={ONE}") as page:
        page.locator("#doc .unit").first.wait_for()
        assert page.locator("#doc .g-modality").count() == 0
        assert page.locator("#doc .g-theme").count() > 10
        assert page.locator('input[value="modality"]').count() == 0


def test_a_page_of_a_thousand_reports_opens_fast_and_hostile_addresses_do_nothing(
    chromium: Any, tmp_path: Path
) -> None:
    page_file = tmp_path / "themes.html"
    needed = ("reports", "units", "theme_labels", "theme_shares", *RHETORIC)
    tables = {name: table for name, table in make_run(258).items() if name in needed}
    dice = random.Random(20220301)
    texts = ["".join(dice.choices(SIGNS, k=len(text))) for text in tables["units"]["text"].to_pylist()]
    at = tables["units"].column_names.index("text")
    tables["units"] = tables["units"].set_column(at, "text", pa.array(texts))  # no wording is shared: what packs worst
    page_file.write_bytes(render_pages(tables, ABOUT)["themes.html"])
    assert page_file.stat().st_size < 3_000_000
    with opened(chromium, page_file, at="#doc=%22%3E%3Cimg%3E&having=%3Cx%3E+P05") as page:
        wait(page)
        assert page.locator("#docs-left").text_content().startswith("6")
        assert page.locator("#themes-docs tbody tr").count() < 60
        assert page.locator("#doc > *").count() == 0
        seconds = (
            page.evaluate("performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart") / 1000
        )
        assert seconds < 8
