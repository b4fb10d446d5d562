"""The corpus' trust on the pages: five states of an agency-year, corrections, republications, renamed agencies, masking."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pytest
from made_up_run import ABOUT, make_run

from gknlp.pages import render_pages
from gknlp.pages.findings.audit import find_audit
from gknlp.pages.findings.cases import case_id
from gknlp.pages.findings.coverage import find_coverage, list_reports
from gknlp.pages.findings.encoded import encode_cells
from gknlp.pages.findings.excerpt import cut_excerpt
from gknlp.pages.findings.place import places_of
from gknlp.pages.findings.report import find_report, make_lookups
from gknlp.pages.findings.run import load_run
from gknlp.pages.findings.shape import shape_of
from gknlp.pages.findings.trust import how_to_mend, list_corrections, previous_report, read_cell_field
from gknlp.schemas import SORT_KEYS
from gknlp.tables import table_of

HOSTILE = '"><script>alert(1)</script></template>'
R303 = [{"id": "R303", "title_en": "in = out", "expr": "new_requests + carried_in == outcome_total + carried_out"}]


def report(doc_id: str, agency: str, year: int | None, **more: Any) -> dict[str, Any]:
    return {"doc_id": doc_id, "text": "井盖每月换一次。", "n_chars": 8, "agency": agency, "agency_id": f"id {agency}", "year": year, **more}  # fmt: skip


def run_of(**tables: list[dict[str, Any]]) -> Any:
    return load_run({name: table_of(name, rows) for name, rows in tables.items()}, {"rules": R303})


def aside(path: str, reason: str = "no text: scanned pages") -> dict[str, Any]:
    return {"source": 0, "path": path, "path_b64": path, "outcome": "quarantined", "reason": reason, "stage": "read"}


REPORTS = [
    report("a19", "柳下镇", 2019),
    report("a19x", "柳下镇", 2019, republication_of="a19"),
    report("a20", "柳下镇", 2020, superseded_by="a20x"),
    report("b22", "柳下镇水务站", 2022),
]


@pytest.mark.parametrize(
    ("path", "reason", "state"),
    [
        ("2021/柳下镇.pdf", "no text: scanned pages", "unreadable"),
        ("柳下镇-2021.wps", "wps: LibreOffice is not installed", "unreadable"),
        ("2021/柳下镇水务站.pdf", "no text: scanned pages", "missing"),  # the longer name is the one meant
        ("2021/柳下镇2022.pdf", "no text: scanned pages", "missing"),  # two years
        ("柳下镇20211.pdf", "no text: scanned pages", "missing"),  # no year
        ("2021/柳下镇.pdf", "not a report: an explanation", "missing"),
        ("2021/石桥镇.pdf", "no text: scanned pages", "missing"),
    ],
)
def test_an_input_that_could_not_be_read_stands_at_the_place_its_path_names(path: str, reason: str, state: str) -> None:
    found = find_coverage(run_of(reports=REPORTS, sources=[aside(path, reason)]))
    first, second = found["lines"]
    assert first["agency"] == "柳下镇"
    assert [cell["state"] for cell in first["cells"]] == ["republished", "superseded", state, "missing"]
    assert first["cells"][0]["docs"][0]["href"] == "report/a19.html"
    assert first["cells"][0]["docs"][1]["again"]
    assert second["cells"][3]["state"] == "present"
    assert sum(found["counts"].values()) == 8
    assert len(found["quarantined"]) == 1


def test_reports_of_a_renamed_agency_stand_in_one_line_under_its_newest_name() -> None:
    reports = [report("a", "柳下乡", 2019, agency_id="x"), report("b", "柳下镇", 2020, agency_id="x")]
    links = [
        {
            "agency_id": "old",
            "name": "柳下乡",
            "successor_id": "x",
            "successor": "柳下镇",
            "since": 2020,
            "kind": "rename",
        }
    ]
    run = run_of(reports=reports, agencies=links)
    (line,) = find_coverage(run)["lines"]
    assert (line["agency"], [name["name"] for name in line["names"]]) == ("柳下镇", ["柳下乡"])
    assert line["names"][0]["said"]["zh"] == "曾用名"
    assert [cell["state"] for cell in line["cells"]] == ["present", "present"]
    assert previous_report(run, run.report["b"]) == "a"
    assert previous_report(run, run.report["a"]) is None


def test_years_after_a_merger_are_not_missing() -> None:
    reports = [report("a", "柳下镇", 2019, agency_id="x"), report("b", "石桥镇", 2021, agency_id="y")]
    links = [
        {
            "agency_id": "x",
            "name": "柳下镇",
            "successor_id": "y",
            "successor": "石桥镇",
            "since": 2020,
            "kind": "merger",
        }
    ]
    found = find_coverage(run_of(reports=reports, agencies=links))
    states = {line["agency"]: [cell["state"] for cell in line["cells"]] for line in found["lines"]}
    assert states == {"柳下镇": ["present", "ended", "ended"], "石桥镇": ["missing", "missing", "present"]}
    assert found["counts"]["missing"] == 2
    assert found["title"]["en"] == "2 of 4 agency-years, 2019–2021, have a report (2 missing)"


CORRECTIONS = [
    {"doc_id": "a", "report": "a.txt", "field": "year", "value": "2021", "was": "2020", "reason": "误植", "status": "applied"},
    {"doc_id": "a", "report": "a.txt", "field": "t3.carried_out.natural_person", "value": "7", "was": "1", "reason": "核对扫描件", "status": "applied"},
    {"doc_id": "a", "report": "a.txt", "field": "region", "value": "北省", "was": "南省", "reason": "重名", "status": "stale"},
    {"doc_id": None, "report": "b.txt", "field": "level", "value": "county", "was": None, "reason": "见章", "status": "no_report"},
]  # fmt: skip


def corrected_run(**more: Any) -> Any:
    cells = [
        {"doc_id": "a", "table": "t3", "row": row, "column": "natural_person", "raw": "1", "value": 7.0 if row == "carried_out" else 1.0, "start": at, "end": at + 1}
        for at, row in enumerate(("new_requests", "carried_in", "outcome_total", "carried_out"))
    ]  # fmt: skip
    finding = {"doc_id": "a", "rule": "R303", "instance": "natural_person", "outcome": "fail", "severity": "error", "spans": [[0, 1], [3, 4]]}  # fmt: skip
    reports = [report("a", "柳下镇", 2021, form="revised_2021", text="1111 联系电话：0000-1234567。")]
    return {"reports": reports, "cells": cells, "findings": [finding], "corrections": CORRECTIONS, **more}


def test_corrections_are_listed_with_those_not_applied_first() -> None:
    run = run_of(**corrected_run())
    assert [item["status"] for item in list_corrections(run)] == ["stale", "no_report", "applied", "applied"]
    lost = list_corrections(run)[1]
    assert (lost["label"], lost["href"], lost["value"]["en"], lost["was"]["en"]) == ("b.txt", None, "county", "—")
    assert [item["field"]["zh"] for item in list_corrections(run)][::2] == ["地区", "四、结转下年度继续办理 × 自然人"]
    assert [line["corrected"] for line in list_reports(run)] == [True]


def test_a_report_shows_what_was_corrected_beside_the_fact_and_in_the_cell() -> None:
    tables = {name: table_of(name, rows) for name, rows in corrected_run().items()}
    pages = render_pages(tables, {"rules": R303})
    text = pages["report/a.html"].decode("utf-8")
    assert re.search(r"<dd>2021.*?2020 → 2021<.*?误植", text) or re.search(r"<dd>2021.*2020 → 2021.*误植.*</dd>", text)
    assert "北省" not in text  # a correction that was not applied is no fact of the report
    (cell,) = re.findall(r'<td class="cell value failed fixed" id="x-t3-carried_out-natural_person">(.*?)</td>', text)
    assert re.match(r'<a href="#f-R303-natural_person" title="R303">7</a>', cell)
    assert "1 → 7" in cell
    assert "核对扫描件" in cell
    front = pages["index.html"].decode("utf-8")
    assert "没有这份报告" in front
    assert "误植" in front


def test_a_republication_is_said_on_both_reports_and_in_the_list() -> None:
    run = run_of(reports=REPORTS)
    lookups = make_lookups(run)
    again, first = find_report(run, "a19x", lookups), find_report(run, "a19", lookups)
    assert again["republication_of"] == {"label": "柳下镇 2019", "href": "report/a19.html"}
    assert first["republications"] == [{"label": "柳下镇 2019", "href": "report/a19x.html"}]
    assert [line["republished"] for line in list_reports(run)].count(True) == 1


def test_tables_and_columns_that_an_older_corpus_lacks_change_nothing() -> None:
    tables = make_run(3)
    older = {**tables, "reports": tables["reports"].drop_columns(["republication_of"])}
    assert "corrections" not in older
    assert render_pages(older, ABOUT) == render_pages(tables, ABOUT)
    unknown = {**tables, "another": pa.table({"x": [1]})}
    assert render_pages(unknown, ABOUT)["index.html"] == render_pages(tables, ABOUT)["index.html"]


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("no text: scanned pages", "OCR"),
        ("wps: LibreOffice is not installed", "LibreOffice"),
        ("encoding: neither UTF-8 nor GB18030 nor Big5", "UTF-8"),
        ("zip: member is encrypted", "password"),
        ("docx: damaged, or no zip archive", "damaged"),
        ("not a report: an explanation", "annual report"),
        ("empty file", "download"),
        ("jsonl: line 3 has no id (a string or a whole number)", "columns"),
        ("something new", "—"),
        (None, "—"),
    ],
)
def test_each_reason_has_its_remedy(reason: str | None, word: str) -> None:
    assert word in how_to_mend(reason)["en"]


def test_fields_of_corrections_are_facts_or_cells() -> None:
    assert read_cell_field("t1.proactive.01.value") == ("t1", "proactive.01", "value")
    assert read_cell_field("t2.procurement.amount") == ("t2", "procurement", "amount")
    assert read_cell_field("agency") is None
    assert read_cell_field(None) is None


def test_an_excerpt_is_the_text_as_it_stands_with_its_places_marked() -> None:
    text = "一、新收\n3\n0\n0\n\n" + "甲" * 300 + "\n四、结转\n1\n0\n"
    at = text.index("结转\n1") + 3
    found = cut_excerpt(text, [(5, 6), (at, at + 1)])
    assert [piece for piece in found["pieces"] if piece[1] != "plain"] == [("3", "mark"), ("", "gap"), ("1", "mark")]
    assert found["pieces"][0] == ("一、新收\n", "plain")
    assert all(piece in text for piece, _ in found["pieces"])
    assert found["n_more"] == 0
    assert cut_excerpt(text, []) == {"pieces": [], "n_more": 0}
    assert cut_excerpt(text, [(5, 6), (9999, 10000)])["n_more"] == 0


def test_an_excerpt_keeps_numbers_before_zeros_and_says_what_it_leaves_out() -> None:
    text = "".join(f"第{n:02d}行{'字' * 60}\n{'5' if n == 7 else '0'}\n" for n in range(10))
    spans = [(match.start(1), match.end(1)) for match in re.finditer(r"\n([05])\n", text)]
    found = cut_excerpt(text, spans, longest=120)
    marks = [piece for piece, kind in found["pieces"] if kind == "mark"]
    assert "5" in marks
    assert len(marks) + found["n_more"] == 10
    assert found["n_more"] > 0
    blank = cut_excerpt("规章 |\n |\n", [(6, 6)])
    assert ("", "mark") in blank["pieces"]
    long = cut_excerpt("头" + "长" * 500 + "尾", [(1, 501)])
    assert [kind for _, kind in long["pieces"]] == ["plain", "mark", "gap", "mark", "plain"]


@pytest.mark.parametrize("form", ["trial_2019", "revised_2021", "legacy_2008"])
@pytest.mark.parametrize("key", ["t1", "t2", "t3", "t4"])
def test_the_shape_of_a_table_is_a_full_rectangle_with_every_cell_once(form: str, key: str) -> None:
    shape = shape_of(form, key)
    if shape is None:
        assert (key == "t1") != (form == "legacy_2008")
        return
    taken: set[tuple[int, int]] = set()
    slots: list[int] = []
    for down, row in enumerate(shape["rows"]):
        across = 0
        for entry in row:
            while (down, across) in taken:
                across += 1
            is_cell = isinstance(entry, int) or isinstance(entry[0], int)
            slots += [entry if isinstance(entry, int) else entry[0]] if is_cell else []
            wide, high = (1, 1) if isinstance(entry, int) else (entry[1], 1) if is_cell else entry[1:3]
            spot = {(down + i, across + j) for i in range(high) for j in range(wide)}
            assert not spot & taken
            taken |= spot
            across += wide
    assert len(taken) == len(shape["rows"]) * (1 + max(across for _, across in taken))
    assert slots == list(range(len(shape["slots"])))


def test_the_third_table_has_the_merged_headers_of_the_form() -> None:
    shape = shape_of("revised_2021", "t3")
    assert shape is not None
    headers = {entry[0]: entry[1:3] for row in shape["rows"] for entry in row if isinstance(entry, list)}
    assert headers["申请人情况"] == [7, 1]
    assert headers["法人或其他组织"] == [5, 1]
    assert headers["三、本年度办理结果"] == [1, 22]
    assert headers["（三）不予公开"] == [1, 8]
    assert headers["（六）其他处理"] == [1, 3]
    assert headers["四、结转下年度继续办理"] == [3, 1]


def test_cells_are_written_short_and_missing_ones_are_no_zeros() -> None:
    assert encode_cells([]) == []
    states = [("missing", ""), ("value", "0"), ("missing", ""), ("missing", ""), ("blank", "/"), ("value", "12")]
    assert encode_cells(states) == [0, 1, 2, 2, 4, "/", 5, "12"]


def test_the_data_of_a_case_point_at_its_cells_and_mask_contacts() -> None:
    run = run_of(**corrected_run())
    found = find_audit(run)
    data = found["data"]
    (case,) = data["cases"]
    year, level, _, severity, tables, equation, pieces, more = case
    assert (year, data["levels"][level], data["severities"][severity], more) == (2021, "", "error", 0)
    ((table, marked),) = tables
    number, given, corrected = data["tables"][table]
    labels = data["shapes"][number]["labels"]
    assert [labels[slot][0][:2] for slot in marked] == ["一、", "四、"]
    assert [labels[slot][0][:2] for slot in corrected] == ["四、"]
    assert given[given.index(corrected[0]) + 1] == "7"
    assert equation[0][::2] == ["", "+", "≠", "+"]
    assert equation[0][1] == marked[0]
    joined = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces if piece != 0)
    assert joined.startswith("1111 联系电话：")
    assert "1234567" not in joined
    assert [piece for piece in pieces if isinstance(piece, list)] == [["1"], ["1"]]


def test_words_of_documents_are_masked_wherever_a_finding_quotes_them() -> None:
    finding = {"doc_id": "a", "rule": "R811", "instance": "x", "outcome": "fail", "severity": "warning", "expected": "镇", "found": "电话：0000-1234567", "spans": [[0, 4]]}  # fmt: skip
    tables = {name: table_of(name, rows) for name, rows in corrected_run(findings=[finding]).items()}
    pages = render_pages(tables, {})
    assert all("1234567" not in page.decode("utf-8") for page in pages.values())
    assert "＊＊＊＊" in pages["audit.html"].decode("utf-8")


def test_cases_beyond_the_list_are_counted_by_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gknlp.pages.findings.audit.N_CASES", 3)
    found = find_audit(load_run(make_run(10), ABOUT))
    assert len(found["cases"]) == len(found["data"]["cases"]) == 3
    assert found["n_cases"] == 3 + sum(line["n"] for line in found["rest"])
    assert found["rest"][0]["docs"][0]["href"].endswith("#findings")
    pages = render_pages(make_run(10), ABOUT)
    assert "其余个案，按机关" in pages["audit.html"].decode("utf-8")


@pytest.mark.nightly
def test_two_thousand_cases_leave_the_page_small(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = make_run(120)
    findings = tables["findings"].to_pylist()
    failing = [row for row in findings if row["rule"] in ("R301", "R303")][:1990]
    for row in failing:
        row["outcome"] = "fail"
    names = ("reports", "cells", "sections")
    monkeypatch.setattr("gknlp.pages.render._report_pages", lambda *_: {})
    kept = {name: tables[name] for name in names} | {"findings": table_of("findings", findings)}
    page = render_pages(kept, ABOUT)["audit.html"]
    assert page.count(b'<details class="case"') == 1990 + 7
    assert len(page) < 1_500_000


def test_places_are_named_as_finely_as_a_list_can_hold() -> None:
    codes = {"a": "230881", "b": "230104109", "c": "110101", "d": None}
    run = run_of(reports=[report(doc_id, doc_id, 2020, code=code) for doc_id, code in codes.items()])
    named = places_of(run)
    assert (named["a"], named["b"]) == ("黑龙江省 佳木斯市 同江市", "黑龙江省 哈尔滨市 道外区")
    assert "d" not in named
    assert find_audit(run)["places"] == sorted(set(named.values()))
    regions = run_of(reports=[report(f"r{n}", "x", 2020, region=f"第{n}区") for n in range(61)])
    assert places_of(regions) == {}


def test_every_kind_of_severity_and_rule_has_its_place_on_the_page() -> None:
    page = render_pages(make_run(), ABOUT)["audit.html"].decode("utf-8")
    assert re.findall(r'<tbody data-severity="(\w+)">', page) == ["error", "warning"]
    assert '<option value="R303">' in page
    assert page.count('<details class="case"') == 15
    assert "{{" not in page


def hostile_pages() -> dict[str, bytes]:
    """Pages of a corpus whose words try to be markup."""
    corrections = [{**row, "report": HOSTILE, "reason": HOSTILE, "value": HOSTILE} for row in CORRECTIONS]
    link = {"agency_id": "q", "name": HOSTILE, "successor_id": "id 柳下镇", "successor": HOSTILE, "since": 2020}
    finding: dict[str, Any] = {"doc_id": "a", "rule": HOSTILE, "instance": HOSTILE, "severity": HOSTILE}
    finding |= {"outcome": "fail", "spans": [[0, 30]]}
    tables = corrected_run(
        corrections=corrections,
        agencies=[{**link, "kind": HOSTILE}],
        sources=[aside("2020/柳下镇" + HOSTILE, HOSTILE)],
        findings=[finding],
    )
    tables["reports"][0].update(text=HOSTILE * 3, region=HOSTILE, republication_of=HOSTILE)
    tables["reports"].append(report("b", "柳下镇", 2019, region="北省"))
    return render_pages({name: table_of(name, rows) for name, rows in tables.items()}, {})


def test_hostile_words_in_the_new_tables_stay_text() -> None:
    for name, page in hostile_pages().items():
        text = page.decode("utf-8")
        assert "<script>alert" not in text, name
        assert text.count("</template>") == (name == "audit.html"), name


def test_ids_of_cases_tell_findings_apart() -> None:
    assert len(SORT_KEYS["findings"]) == 3
    one = {"doc_id": "0a" * 16, "rule": "R303", "instance": "total"}
    assert case_id(one) == "R303-total-0a0a0a0a0a0a"
    assert case_id({**one, "instance": ""}) == "R303-all-0a0a0a0a0a0a"
    assert case_id({**one, "doc_id": "town_1"}) == "R303-total-town_1"
