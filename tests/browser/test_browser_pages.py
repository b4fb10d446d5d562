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
def opened(chromium: Any, path: Path, *, width: int = 1280, **options: Any) -> Iterator[Any]:
    """A page that must make no noise and no request beyond its own file."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
    page, noise, requests = context.new_page(), [], []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
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
        assert row.locator('[data-put="checked"]').text_content() == "111"
        page.select_option('[data-facet="year"]', "2021")
        assert row.locator('[data-put="checked"]').text_content() == "27"
        assert row.locator('[data-put="rate"]').text_content() == "7.4 % [2.1 %, 23.4 %]"
        assert page.locator("#cases tbody tr:visible").count() == 4
        page.select_option('[data-facet="year"]', "")
        shown = row.locator('[data-put="rate"]').text_content()
        page.reload()
        assert page.locator('#R303 [data-put="rate"]').text_content() == shown


def test_layers_switch_on_a_report(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / f"{PAGES[-1]}.html") as page:
        colour = "getComputedStyle(document.querySelector('.text .s-peer')).backgroundColor"
        assert page.evaluate(colour) == "rgb(241, 212, 217)"
        page.click('button[data-layer="plain"]')
        assert page.evaluate(colour) == "rgba(0, 0, 0, 0)"
        page.click('button[data-layer="themes"]')
        assert page.locator('button[data-layer="themes"]').get_attribute("aria-pressed") == "true"


def test_a_cell_of_the_matrix_lists_its_pairs(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "similarity_report.html") as page:
        mark = page.locator("a[data-a]").first
        wanted = {mark.get_attribute("data-a"), mark.get_attribute("data-b")}
        mark.dispatch_event("click")
        rows = page.locator("#pairs tbody tr:visible")
        assert 0 < rows.count() < 200
        assert all(name in rows.first.text_content() for name in wanted)


def test_a_link_to_a_pair_opens_it_side_by_side(chromium: Any, run_folder: Path) -> None:
    with opened(chromium, run_folder / "similarity_report.html") as page:
        page.locator("#pairs tbody tr a", has_text="并排").first.click()
        page.wait_for_load_state()
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
