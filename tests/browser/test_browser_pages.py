"""The pages in a real browser, opened from disk: quiet, closed to the network, usable wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
PAGES = ["index", "similarity_report", "topic_report", "themes", "audit", "report/" + "0402" * 8]


@contextmanager
def opened(chromium: Any, path: Path, *, width: int = 1280, at: str = "", **options: Any) -> Iterator[Any]:
    """A page that must make no noise and no request beyond its own file."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
    page, noise, requests = context.new_page(), [], []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri() + at)
    try:
        yield page
        assert noise == []
        assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_quiet_and_dress_as_the_machine_does(chromium: Any, run_folder: Path, name: str, scheme: str) -> None:
    with opened(chromium, run_folder / f"{name}.html", color_scheme=scheme) as page:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert colour == {"light": "rgb(255, 254, 251)", "dark": "rgb(22, 24, 27)"}[scheme]
        assert page.locator(".banner").is_visible()


@pytest.mark.parametrize("width", [360, 1920])
@pytest.mark.parametrize("name", PAGES)
def test_pages_never_scroll_sideways(chromium: Any, run_folder: Path, name: str, width: int) -> None:
    with opened(chromium, run_folder / f"{name}.html", width=width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_filter_leaves_the_rows_that_fit(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "index.html") as page:
        assert page.locator("#list tbody tr:visible").count() == 37
        page.fill("#find", "柳汀 2021")
        assert page.locator("#list tbody tr:visible").count() == 1
        assert page.locator('[data-left="list"]').text_content() == "1"
        page.fill("#find", "<img>")
        assert page.locator("#list tbody tr:visible").count() == 0


def test_switches_change_language_and_colours_and_are_remembered(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "index.html", color_scheme="light") as page:
        assert page.locator("h2#corpus .zh").is_visible()
        page.click('[data-do="lang"]')
        assert page.locator("h2#corpus .en").is_visible()
        assert not page.locator("h2#corpus .zh").is_visible()
        page.click('[data-do="mode"]')
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
        page.reload()
        assert page.locator("html").get_attribute("data-mode") == "dark"
        assert page.locator("html").get_attribute("lang") == "en"


def test_a_year_recounts_rules_and_cases(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "audit.html") as page:
        row = page.locator("#R303")
        shown = row.locator('[data-put="rate"]').text_content()
        assert row.locator('[data-put="checked"]').text_content() == "111"
        assert page.locator("[data-shown]:visible").text_content() == "15"
        page.select_option('[name="year"]', "2021")
        assert row.locator('[data-put="checked"]').text_content() == "27"
        assert row.locator('[data-put="rate"]').text_content() == "7.4 % [2.1 %, 23.4 %]"
        assert page.locator("#cases details:visible").count() == 4
        assert page.locator("[data-shown]:visible").text_content() == "4"
        page.click('button[type="reset"]')
        page.locator("#cases details:not([hidden])").nth(14).wait_for()
        assert page.locator('#R303 [data-put="rate"]').text_content() == shown
        assert page.evaluate("location.hash") == ""


def test_filters_stand_in_the_address_and_come_back_from_it(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "audit.html") as page:
        page.select_option('[name="rule"]', "R303")
        page.select_option('[name="year"]', "2020")
        page.fill('[name="q"]', "柳汀")
        assert page.locator("#cases details:visible").count() == 2
        page.locator("#cases details:visible summary").first.click()
        page.wait_for_url(lambda url: "case=" in url)
        address = page.evaluate("location.hash")
        assert address.startswith("#year=2020&rule=R303&q=%E6%9F%B3%E6%B1%80&case=R303-natural_person-")
    with opened(chromium, run_folder / "audit.html", at=address) as page:
        assert page.locator("#cases details:visible").count() == 2
        assert page.locator("#cases details[open] table").is_visible()
        assert page.locator('[name="year"]').input_value() == "2020"
        assert page.locator("#rules tr[data-rule]:visible").count() == 1
    with opened(chromium, run_folder / "audit.html", at="#year=1066&rule=%3Cimg%3E&case=%22x") as page:
        assert page.locator("#cases details:visible").count() == 15


def test_a_case_opens_source_and_table_with_the_cells_of_its_equation(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "audit.html") as page:
        box = page.locator('[id="R303-natural_person-040204020402"]')
        assert box.locator("table").count() == 0
        box.locator("summary").focus()
        page.keyboard.press("Enter")
        box.locator("table").wait_for()
        assert box.locator("td.failed").all_text_contents() == ["3", "0", "3", "1"]
        assert box.locator("td.cell").count() == 175
        assert box.locator("th", has_text="法人或其他组织").get_attribute("colspan") == "5"
        assert box.locator("thead th.in-question").all_text_contents() == ["自然人"]
        assert box.locator("td.in-question").count() == 25
        assert box.locator(".source mark").all_text_contents() == ["3", "0", "3", "1"]
        assert "\n" in box.locator(".source").text_content()
        terms = box.locator(".equation .term b").all_text_contents()
        signs = box.locator(".equation .sign").all_text_contents()
        assert (terms, signs) == (["3", "0", "3", "1"], ["+", "≠", "+"])
        assert box.locator(".equation small").first.text_content() == "一、本年新收政府信息公开申请数量"
        assert box.locator("a", has_text="↗").first.get_attribute("href").startswith("report/")


def test_a_finding_of_a_report_leads_to_its_open_case_and_back(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / f"{PAGES[-1]}.html") as page:
        page.locator('[id="x-t3-carried_out-natural_person"] a').click()
        assert page.evaluate("document.querySelector('tr:target').id") == "f-R303-natural_person"
        page.locator("tr:target a", has_text="R303").click()
        page.wait_for_load_state()
        page.locator('[id="R303-natural_person-040204020402"] table').wait_for()
        page.locator('[id="R303-natural_person-040204020402"] a', has_text="↗").first.click()
        page.wait_for_load_state()
        assert page.evaluate("document.querySelector('tr:target').id") == "f-R303-natural_person"


def test_a_number_of_failures_leads_to_the_cases_of_its_rule(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "audit.html") as page:
        page.locator('#R501 [data-put="failed"]').click()
        assert page.locator("#cases section:visible").count() == 1
        assert page.locator('[name="rule"]').input_value() == "R501"
        page.keyboard.press("Enter")  # a form must not be sent anywhere
        page.select_option('[name="severity"]', "error")
        assert page.locator("#none-fits").is_visible()
        assert page.locator("#rules tbody:visible").count() == 0


@pytest.mark.parametrize("width", [360, 390, 1280, 1920])
def test_open_cases_never_scroll_the_page_sideways(chromium: Any, run_folder: Path, width: int) -> None:
    with opened(chromium, run_folder / "audit.html", width=width) as page:
        page.evaluate("document.querySelectorAll('#cases details').forEach((box) => { box.open = true; })")
        page.locator("#cases details").last.locator(".panes").wait_for()
        assert page.locator("#cases .panes").count() == 15
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_words_stay_text_in_what_the_script_draws(chromium: Any, tmp_path: Path) -> None:
    from test_pages_trust import hostile_pages

    for name, data in hostile_pages().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    with opened(chromium, tmp_path / "audit.html") as page:
        page.locator("#cases summary").first.click()
        page.locator("#cases .source").wait_for()
        assert "<script>alert(1)" in page.locator("#cases .source").text_content()
        assert page.locator("script").count() == 1


def test_every_case_is_there_without_script(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "audit.html", java_script_enabled=False) as page:
        assert page.locator("#cases details:visible").count() == 15
        assert not page.locator("#audit-tools").is_visible()
        page.locator("#cases summary").first.click()
        assert page.locator("#cases details[open] a").first.is_visible()


def test_layers_switch_on_a_report(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / f"{PAGES[-1]}.html") as page:
        colour = "getComputedStyle(document.querySelector('.text .s-peer')).backgroundColor"
        assert page.evaluate(colour) == "rgb(241, 212, 217)"
        page.click('button[data-layer="plain"]')
        assert page.evaluate(colour) == "rgba(0, 0, 0, 0)"
        page.click('button[data-layer="themes"]')
        assert page.locator('button[data-layer="themes"]').get_attribute("aria-pressed") == "true"


def test_without_script_a_link_to_a_pair_leads_to_the_report_where_it_stands_side_by_side(
    chromium: Any, run_folder: Path
) -> None:
    with opened(chromium, run_folder / "similarity_report.html", java_script_enabled=False) as page:
        address = page.locator("#pairs tbody tr a", has_text="并排").first.get_attribute("href")
    name, _, anchor = address.partition("#")
    with opened(chromium, run_folder / name, at="#" + anchor) as page:
        assert page.locator("details:target").get_attribute("open") is not None
        assert page.locator("details:target .sides").first.is_visible()


def test_pages_are_whole_without_script(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "index.html", java_script_enabled=False) as page:
        assert page.locator("#list tbody tr:visible").count() == 37
        assert page.locator(".controls").count() == 1
        assert not page.locator(".controls").is_visible()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "index.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
