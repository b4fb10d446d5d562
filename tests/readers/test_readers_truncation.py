"""A file cut off at any byte: read or refused, never an exception; and what is read is told as a cut text is."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from contextlib import closing
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gknlp.forms import load_forms
from gknlp.parse import parse_report
from gknlp.readers.container import Content
from gknlp.readers.gate import GateLimits
from gknlp.readers.html import read_html
from gknlp.readers.html_source import ends_inside
from gknlp.readers.read import open_container, read_document
from gknlp.readers.unreadable import Unreadable
from tests.parse.documents import distinct_values, print_report
from tests.parse.truncation import cells_of, false_spans, untold
from tests.readers.html_forms import print_article, print_page
from tests.readers.office_forms import report_docx, report_xlsx
from tests.readers.pdf_forms import report_pdf

FORM = load_forms()["revised_2021"]
VALUES = distinct_values(FORM)
TEXT = print_report(FORM.key, "a", VALUES)


def small_page():
    """The report's markup without a site around it and without attributes, except spans: every byte can be tried."""
    article = print_article(FORM, VALUES)
    article = re.sub(r' (?:style|class|align|lang|border|cellspacing)="[^"]*"|</?(?:span|o:p)>', "", article)
    article = re.sub(r"(<td[^>]*>)<p>(.*?)</p></td>", r"\1\2</td>", article)
    return f'<meta charset="utf-8"><div>{article}</div>'.encode()


def paragraphs_page():
    """Each cell a paragraph of its own: no table is left."""
    return "".join(f"<p>{line}</p>\n" for line in print_report(FORM.key, "d", VALUES).split("\n")).encode()


def member(archive, name, cut):
    """An Office file whose one part lost its end, though its archive is whole."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for info in given.infolist():
            data = given.read(info)
            written.writestr(info.filename, data[: cut(len(data))] if info.filename == name else data)
    return packed.getvalue()


def table_file(kind):
    sink = io.BytesIO()
    if kind == "csv":
        return f'id,text\n1,"{TEXT}"\n2,"{TEXT}"\n'.encode()
    if kind == "jsonl":
        return "".join(json.dumps({"id": n, "text": TEXT}, ensure_ascii=False) + "\n" for n in (1, 2)).encode()
    if kind == "zip":
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("1.txt", TEXT)
            archive.writestr("2.txt", TEXT)
    else:
        pq.write_table(pa.table({"id": ["1", "2"], "text": [TEXT, TEXT]}), sink)
    return sink.getvalue()


def read(name, data):
    return read_document(Content(name.encode(), data), path_bytes=name.encode())


def check_cuts(name, data, cuts):
    """How many cuts could still be read; each of these tells what it lost."""
    full = parse_report(read(name, data))
    cells = cells_of(full)
    assert {key: cell.raw for key, cell in cells.items()} == VALUES
    n_read = 0
    for cut in cuts:
        try:
            raw = read(name, data[:cut])
        except Unreadable as error:
            assert error.reason
            continue
        n_read += 1
        report = parse_report(raw)
        assert untold(report, full, cells) == [], (cut, data[max(0, cut - 60) : cut])
        assert false_spans(report) == [], cut
        assert all(grid.span.end <= len(raw.text) for grid in raw.grids)
    return n_read


def some_offsets(data, n):
    chance = random.Random(len(data))
    return sorted(chance.sample(range(len(data)), min(n, len(data))))


PAGES = {"small": small_page, "paragraphs": paragraphs_page, "site": lambda: print_page(FORM, VALUES).encode()}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_cut_off_here_and_there(page):
    data = PAGES[page]()
    assert check_cuts("page.html", data, range(0, len(data), len(data) // 60)) > 30


@pytest.mark.nightly
@pytest.mark.parametrize(("page", "stride"), [("small", 1), ("paragraphs", 7), ("site", 17)])
def test_a_page_cut_off_at_every_byte(page, stride):
    data = PAGES[page]()
    assert check_cuts("page.html", data, range(0, len(data), stride)) > 500


@pytest.mark.nightly
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_page_and_a_text_cut_off_in_other_encodings(encoding):
    page = print_page(FORM, VALUES, charset="gb2312").encode(encoding)
    assert check_cuts("page.html", page, some_offsets(page, 200)) > 100
    text = TEXT.encode(encoding)
    assert check_cuts("r.txt", text, some_offsets(text, 400)) > 300


OFFICE = {
    "w.docx": lambda: report_docx(FORM.key, VALUES),
    "s.xlsx": lambda: report_xlsx(FORM.key, VALUES),
    "p.pdf": lambda: report_pdf(FORM.key, values=VALUES),
}


@pytest.mark.parametrize("name", OFFICE)
def test_office_files_cut_off_at_400_places(name):
    data = OFFICE[name]()
    check_cuts(name, data, some_offsets(data, 400))


@pytest.mark.parametrize(
    ("name", "part"),
    [("w.docx", "word/document.xml"), ("s.xlsx", "xl/worksheets/sheet1.xml"), ("s.xlsx", "xl/sharedStrings.xml")],
)
def test_a_whole_archive_with_a_part_cut_off(name, part):
    """A part that is no XML any more is refused; nothing of it is believed."""
    whole = OFFICE[name]()
    full = parse_report(read(name, whole))
    for tenth in range(10):
        data = member(whole, part, lambda length, share=tenth: length * share // 10)
        try:
            cut = parse_report(read(name, data))
        except Unreadable:
            continue
        assert untold(cut, full, cells_of(full)) == [], tenth


@pytest.mark.parametrize("name", OFFICE)
def test_the_linear_text_of_office_files_cut_off(name):
    check_linear(name, OFFICE[name](), 60)


@pytest.mark.nightly
@pytest.mark.parametrize("name", [*OFFICE, "page.html"])
def test_the_linear_text_of_any_format_cut_off_at_every_character(name):
    check_linear(name, OFFICE.get(name, PAGES["site"])(), 5)


def check_linear(name, data, stride):
    raw = read(name, data)
    full = parse_report(raw)
    for length in range(0, len(raw.text), stride):
        cut = parse_report(replace(raw, text=raw.text[:length], grids=()))
        assert untold(cut, full, cells_of(full)) == [], (length, raw.text[max(0, length - 40) : length])
        assert false_spans(cut) == [], length


@pytest.mark.parametrize("kind", ["csv", "jsonl", "zip", "parquet"])
def test_dumps_and_archives_cut_off(kind, tmp_path):
    data = table_file(kind)
    path = tmp_path / f"d.{kind}"
    full = parse_report(read("r.txt", TEXT.encode()))
    for cut in [*some_offsets(data, 60), *range(len(data) - 8, len(data))]:
        path.write_bytes(data[:cut])
        try:
            with closing(open_container(path, GateLimits())) as container:
                contents = [container.interpret(found, container.fetch(found)) for found in container.members()]
                raws = [read_document(content, path_bytes=content.name) for content in contents]
        except Unreadable:
            continue
        assert len(raws) <= 2
        for raw in raws:
            assert untold(parse_report(raw), full, cells_of(full)) == [], cut


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        ("", False),
        ("   ", False),
        ("公开", True),
        ("<p>公开</p>", False),
        ("<p>公开</p>\n<!-- made by hand -->\n<script>var a = 1</script>", False),
        ("<p>公开</p> 12", True),
        ("<p>公开", True),
        ("<table><tr><td>12", True),
        ("<table><tr><td>12</td", True),
        ("<table><tr><td>12</td>", False),
        ("<table><tr><td>1<span>2</span>", True),
        ("<table><tr><td>12</td><td", False),
        ("<table><tr><td>12</td><td>", True),
        ("<table><tr><td>12<tr><td>13</table>", False),
        ("<TABLE><TR><TD><P>12</P>", True),
        ("<TABLE><TR><TD><P>12</P></TD></TR></TABLE></BODY></HTML>\n", False),
        ("<div>12<br>", False),
        ("<" * 100_000, False),
        ("<p>" * 100_000, False),
    ],
)
def test_whether_a_page_ends_inside_of_something(source, inside):
    assert ends_inside(source) is inside


def test_a_page_that_ends_inside_a_cell_ends_without_a_pipe():
    rows = "".join(f"<tr><td>{name}</td><td>{n}</td><td>7</td></tr>" for n, name in enumerate("甲乙丙丁"))
    whole = f"<table>{rows}</table>".encode()
    assert read_html(whole).text.endswith("丁 | 3 | 7 | \n")
    for end in ("7", "7</", "7</td", "7<spa"):
        cut = read_html(whole[: whole.rindex(b"7</td>")] + end.encode())
        assert cut.text.endswith("丁 | 3 | 7"), end
        assert cut.grids[-1].span.end == len(cut.text)
