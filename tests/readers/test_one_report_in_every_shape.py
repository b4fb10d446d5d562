"""One report in every layout and format: the same cells, the same section texts, through one folder and one command."""

from __future__ import annotations

import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gknlp.corpus import Corpus, build_corpus
from gknlp.forms import load_forms
from tests.parse.documents import distinct_values, print_report
from tests.readers.html_forms import paragraph, print_page, print_tables
from tests.readers.office_forms import report_docx, report_xlsx
from tests.readers.pdf_forms import OVERVIEW, PROBLEMS, report_pdf

NARRATIVE = ("preamble", "overview", "problems_improvements", "other_matters", "signature")
PLAIN = {"a": "a", "b": "b", "c": "c", "d": "d", "e": "e", "f": "f"}


def print_html(form, values, said):
    plain = print_report(form.key, "a", values, **said)
    tables = print_tables(form, values)
    lines = []
    for line in plain.split("\n")[1:]:
        if "|" not in line:
            lines.append(paragraph(line))
            key = {"二": "t2", "三": "t3", "四": "t4"}.get(line[0]) if line[1:2] == "、" else None
            if key:
                lines.append(tables[key])
    return print_page(form, values, article="\n".join(lines)).encode()


@pytest.fixture(scope="module", params=["trial_2019", "revised_2021"])
def corpus(request, tmp_path_factory):
    form = load_forms()[request.param]
    values = distinct_values(form)
    said = {"overview": OVERVIEW.format(year=form.first_year), "problems": PROBLEMS}
    folder = tmp_path_factory.mktemp("shapes")
    text = print_report(form.key, "a", values, **said)
    for name, layout in PLAIN.items():
        (folder / f"{name}.txt").write_text(print_report(form.key, layout, values, **said), encoding="utf-8")
    (folder / "utf16.txt").write_text(text, encoding="utf-16")
    (folder / "page.html").write_bytes(print_html(form, values, said))
    (folder / "word.docx").write_bytes(report_docx(form.key, values, **said))
    (folder / "sheet.xlsx").write_bytes(report_xlsx(form.key, values, **said))
    (folder / "print.pdf").write_bytes(report_pdf(form.key, values=values))
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.writestr("inside.docx", (folder / "word.docx").read_bytes())
    row = {"id": "line", "text": text}
    (folder / "dump.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (folder / "dump.csv").write_text(f'id,text\nrow,"{text}"\n', encoding="utf-8-sig")
    pq.write_table(pa.table({"id": ["cell"], "text": [text]}), folder / "dump.parquet")
    summary = build_corpus([folder], folder.parent / f"{folder.name}-corpus")
    assert (summary.n_parsed, summary.n_quarantined) == (15, 0)
    return form, values, Corpus.open(folder.parent / f"{folder.name}-corpus")


def by_path(corpus, name):
    paths = {row["doc_id"]: row["path"] for row in corpus.table("sources").to_pylist()}
    grouped = {path: [] for path in paths.values()}
    for row in corpus.table(name).to_pylist():
        grouped[paths[row["doc_id"]]].append(row)
    return grouped


def test_every_shape_has_the_same_cells(corpus):
    _, values, handle = corpus
    for path, cells in by_path(handle, "cells").items():
        assert {(c["table"], c["row"], c["column"]): c["raw"] for c in cells} == values, path


def test_every_shape_has_the_same_section_texts(corpus):
    _, _, handle = corpus
    texts = {row["doc_id"]: row["text"] for row in handle.table("reports").to_pylist()}
    shapes = {
        path: {
            row["key"]: " ".join(texts[row["doc_id"]][row["start"] : row["end"]].split())
            for row in rows
            if row["key"] in NARRATIVE
        }
        for path, rows in by_path(handle, "sections").items()
    }
    assert set(shapes["a.txt"]) == set(NARRATIVE)
    assert {path for path, sections in shapes.items() if sections != shapes["a.txt"]} == set()


def test_every_shape_has_the_same_units_and_no_complaint(corpus):
    _, _, handle = corpus
    units = {
        path: [(u["section"], u["part"], u["text"]) for u in rows] for path, rows in by_path(handle, "units").items()
    }
    assert {path for path, own in units.items() if own != units["a.txt"]} == set()
    complaints = {
        path: [d["code"] for d in rows if d["severity"] != "info"]
        for path, rows in by_path(handle, "diagnostics").items()
    }
    assert {path: codes for path, codes in complaints.items() if codes} == {}
