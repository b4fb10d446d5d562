"""The pages as bytes: reproducible, closed to the outside, and safe against what documents bring."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from made_up_run import ABOUT, make_run

from gknlp.pages import render_pages
from gknlp.schemas import STRATA
from gknlp.tables import table_of

HOSTILE = '"><script>alert(1)</script>\'=cmd|"{{7*7}}</style>\ud800'


@pytest.fixture(scope="module")
def run() -> dict[str, pa.Table]:
    return make_run()


@pytest.fixture(scope="module")
def pages(run: dict[str, pa.Table]) -> dict[str, bytes]:
    return render_pages(run, ABOUT)


class Links(HTMLParser):
    """The addresses and ids of a page, and the tags that were opened but not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.scripts += tag == "script"
        self.hrefs += [values[key] or "" for key in ("href", "src") if key in values]
        self.ids += [values["id"] or ""] if "id" in values else []


def read(page: bytes) -> Links:
    links = Links()
    links.feed(page.decode("utf-8"))
    return links


def test_every_page_is_made(pages: dict[str, bytes], run: dict[str, pa.Table]) -> None:
    named = {"index.html", "similarity_report.html", "topic_report.html", "themes.html", "audit.html"}
    assert named <= set(pages)
    assert {name for name in pages if name.startswith("report/")} == {
        f"report/{doc}.html" for doc in run["reports"]["doc_id"].to_pylist()
    }
    assert {
        "figures/coverage.svg",
        "figures/strata.svg",
        "figures/rule_outcomes.svg",
        "figures/themes_overview.svg",
    } <= set(pages)


def test_the_same_tables_in_any_order_give_the_same_bytes(pages: dict[str, bytes], run: dict[str, pa.Table]) -> None:
    def turn(table: pa.Table) -> pa.Table:
        return table.take(pa.array(reversed(range(table.num_rows)), pa.int64()))

    turned = {name: turn(table) for name, table in reversed(list(run.items()))}
    assert render_pages(turned, dict(reversed(list(ABOUT.items())))) == pages


def test_pages_stay_small(pages: dict[str, bytes]) -> None:
    many = render_pages(make_run(20), ABOUT)
    assert sum(name.startswith("report/") for name in many) == 77
    assert len(many["index.html"]) < 300_000
    assert len(many["similarity_report.html"]) < 2_000_000


def test_every_link_inside_leads_somewhere(pages: dict[str, bytes], run: dict[str, pa.Table]) -> None:
    parsed = {name: read(page) for name, page in pages.items() if name.endswith(".html")}
    there = set(pages) | {f"tables/{name}.csv" for name in run}
    for name, page in parsed.items():
        base = name.rpartition("/")[0]
        assert len(page.ids) == len(set(page.ids)), f"{name} has an id twice"
        for href in page.hrefs:
            if href.startswith("data:"):
                continue
            path, _, anchor = href.partition("#")
            target = (
                name
                if not path
                else path.removeprefix("../")
                if path.startswith("../")
                else f"{base}/{path}".lstrip("/")
            )
            assert target in there, f"{name}: {href}"
            if anchor:
                assert anchor in parsed[target].ids, f"{name}: {href}"


def test_the_policy_names_the_script_and_style_of_the_page_and_nothing_else(pages: dict[str, bytes]) -> None:
    def hash_of(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

    for name, page in pages.items():
        if not name.endswith(".html"):
            continue
        text = page.decode("utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
        assert policy is not None
        rules = dict(rule.strip().split(" ", 1) for rule in policy.group(1).replace("&#39;", "'").split(";"))
        (script,) = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
        (style,) = re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL)
        assert rules == {
            "default-src": "'none'",
            "script-src": f"'sha256-{hash_of(script)}'",
            "style-src": f"'sha256-{hash_of(style)}'",
            "img-src": "data:",
            "base-uri": "'none'",
            "form-action": "'none'",
        }
        assert not re.search(r'\sstyle="', text), f"{name}: the policy would block an inline style"
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in text


def hostile_run() -> tuple[dict[str, pa.Table], dict[str, Any]]:
    clean = HOSTILE.replace("\ud800", "")
    shares = {**dict.fromkeys(STRATA, 0.0), "peer": 0.5, "original": 0.5}
    docs = [clean, "b"]
    rows: dict[str, list[dict[str, Any]]] = {
        "reports": [
            {"doc_id": doc, "text": clean * 3, "n_chars": 90, "title": clean, "agency": clean, "year": 2020 + place, "level": clean, "form": clean, "url": "javascript:alert(1)", "published": clean}
            for place, doc in enumerate(docs)
        ],
        "sources": [{"source": 0, "path": clean, "outcome": "quarantined", "reason": clean, "stage": clean}],
        "sections": [{"doc_id": doc, "key": clean, "heading": clean, "start": 0, "end": 60} for doc in docs],
        "units": [{"doc_id": "b", "unit_id": clean, "section": clean, "ordinal": 0, "text": clean, "start": 0, "end": 20}],
        "cells": [{"doc_id": "b", "table": clean, "row": clean, "column": clean, "raw": clean, "start": 0, "end": 5}],
        "diagnostics": [{"doc_id": "b", "code": clean, "severity": clean, "expected": clean, "found": clean}],
        "evidence": [],
        "findings": [{"doc_id": "b", "rule": clean, "instance": clean, "outcome": "fail", "severity": clean, "spans": [[0, 3]]}],
        "theme_labels": [{"doc_id": "b", "unit_id": clean, "start": 0, "end": 20, "primary": clean, "abstained": False, "model": clean}],
        "theme_shares": [{"doc_id": "b", "agency": clean, "year": 2021, "family": "overview", "theme": clean, "n_units": 1, "n_family_units": 1, "share": 1.0}],
        "topics": [{"topic": 0, "label": clean, "size": 0.5, "n_units": 1, "stability": 0.1}],
        "topic_words": [{"topic": 0, "rank": 1, "word": clean, "probability": 0.1}],
        "topic_shares": [],
        "topic_units": [{"topic": 0, "rank": 1, "doc_id": "b", "unit_id": clean, "start": 0, "end": 20, "weight": 1.0}],
        "stretches": [{"doc_id": doc, "start": 0, "end": 20, "stratum": "peer"} for doc in docs],
        "passages": [{"passage_id": clean, "cluster_id": clean, "doc_id": doc, "start": 0, "end": 20, "stratum": "peer", "source_doc_id": docs[1 - place], "source_start": 0, "source_end": 20} for place, doc in enumerate(docs)],
        "clusters": [{"cluster_id": clean, "n_occurrences": 2, "n_docs": 2, "n_agencies": 1, "n_years": 2, "text": clean, "stratum": "peer"}],
        "pairs": [{"doc_a": clean, "doc_b": "b", "shared_chars": 20, "containment_a": 0.2, "containment_b": 0.2, "resemblance": 0.1}],
        "coverage": [{"doc_id": doc, "n_chars": 90, **shares} for doc in docs],
    }  # fmt: skip
    about = {
        **ABOUT,
        "name": HOSTILE,
        "question": HOSTILE,
        "corpus": {"title": HOSTILE, "card": HOSTILE},
        "verify_command": HOSTILE,
    }
    return {name: table_of(name, table) for name, table in rows.items()}, about


def test_names_and_texts_of_documents_stay_text() -> None:
    tables, about = hostile_run()
    made = render_pages(tables, about)
    assert len([name for name in made if name.startswith("report/")]) == 2
    assert all(re.fullmatch(r"[a-z0-9_./-]+", name) and ".." not in name for name in made)
    for name, page in made.items():
        text = page.decode("utf-8")
        assert "<script>alert" not in text, name
        if name.endswith(".html"):
            parsed = read(page)
            assert parsed.scripts == 1, name
            assert not any(href.startswith("javascript:") for href in parsed.hrefs), name
            assert "49" not in re.findall(r"\{\{.*?\}\}", text), name
        else:
            assert [node for node in ElementTree.fromstring(page).iter() if node.tag.endswith("script")] == []  # noqa: S314  our own bytes


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    page = render_pages({}, {"question": "井\ud800盖"})["index.html"].decode("utf-8")
    assert "井" in page
    assert "\ufffd" in page


def test_figures_are_well_formed_and_say_their_finding(pages: dict[str, bytes]) -> None:
    drawn = {name: page for name, page in pages.items() if name.endswith(".svg")}
    assert len(drawn) >= 8
    for name, page in drawn.items():
        title = next(node for node in ElementTree.fromstring(page).iter() if node.tag.endswith("title"))  # noqa: S314  our own bytes
        assert title.text, name
    assert "37 份报告中有 8 份" in drawn["figures/rule_outcomes.svg"].decode("utf-8")


@pytest.mark.parametrize(
    ("absent", "page"),
    [("topics", "topic_report"), ("findings", "audit"), ("theme_shares", "themes"), ("pairs", "similarity_report")],
)
def test_a_step_that_did_not_run_has_no_page_and_the_first_page_says_so(
    run: dict[str, pa.Table], absent: str, page: str
) -> None:
    made = render_pages({name: table for name, table in run.items() if name != absent}, ABOUT)
    assert f"{page}.html" not in made
    assert f'href="{page}.html"' not in made["index.html"].decode("utf-8")
    assert "没有运行的步骤" in made["index.html"].decode("utf-8")


def test_an_empty_corpus_gives_a_page_that_says_so() -> None:
    made = render_pages({}, {})
    assert [name for name in made if name.endswith(".html")] == ["index.html"]
    assert "语料中没有报告。" in made["index.html"].decode("utf-8")
    empty = {name: table.slice(0, 0) for name, table in make_run(1).items()}
    assert {"index.html", "audit.html", "themes.html", "topic_report.html", "similarity_report.html"} <= set(
        render_pages(empty, ABOUT)
    )


def test_fictional_data_say_so_on_every_page_and_real_data_on_none(
    pages: dict[str, bytes], run: dict[str, pa.Table]
) -> None:
    real = render_pages(run, {**ABOUT, "fictional": False})
    for name, page in pages.items():
        if name.endswith(".html"):
            assert "Fictional sample data" in page.decode("utf-8"), name
            assert "Fictional sample data" not in real[name].decode("utf-8"), name


def test_the_answer_has_five_sentences_with_numbers(pages: dict[str, bytes]) -> None:
    (items,) = re.findall(r'<ol class="answer".*?</ol>', pages["index.html"].decode("utf-8"), flags=re.DOTALL)
    assert items.count("<li>") == 5
    assert "The corpus holds 37 reports of 10 agencies on 2019–2022; 3 agency-years are missing" in items
    assert "of 6 topics, 2 are unstable" in items
    assert "8 of 37 reports break at least one rule" in items


def test_mandated_text_without_named_sources_is_said_to_be_the_form_only(run: dict[str, pa.Table]) -> None:
    alone = render_pages(run, ABOUT)["similarity_report.html"].decode("utf-8")
    named = render_pages(run, {**ABOUT, "mandated_sources": ["某条例"]})["similarity_report.html"].decode("utf-8")
    assert "no statutes or model texts were named" in alone
    assert "no statutes or model texts were named" not in named
    assert "某条例" in named


def test_a_report_page_marks_the_cells_of_a_failed_equation(pages: dict[str, bytes]) -> None:
    text = pages["report/" + "0402" * 8 + ".html"].decode("utf-8")
    marked = re.findall(
        r'<td class="cell value failed" id="x-t3-(\w+)-(\w+)"><a href="#f-R303-\2" title="R303">(\d+)</a></td>', text
    )
    assert ("carried_out", "natural_person", "1") in marked
    assert ("new_requests", "natural_person", "3") in marked
    assert len(marked) == 8
    assert 'aria-label="3 + 0 ≠ 3 + 1"' in text
    assert '<a href="../audit.html#R303-natural_person-040204020402">R303</a>' in text
    assert 'id="R303-natural_person-040204020402"' in pages["audit.html"].decode("utf-8")
    assert "plagiar" not in "".join(page.decode("utf-8").lower() for page in pages.values())
