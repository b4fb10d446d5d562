"""Coding sheets: written in four formats, read back, and every fault of a bad one named with its row."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.tables import table_of
from gknlp.themes.coding import FORMATS, Codes, build_frame, draw_sample, encode_problems, encode_sheet, read_sheet
from gknlp.themes.coding.facets import FACETS
from gknlp.themes.coding.frame import unit_id_of
from gknlp.themes.coding.rows import CODED, PROTECTED, SheetRow, SheetUnit, check_of, label_of, sheet_rows
from gknlp.themes.coding.sample import SampleConfig
from tests.themes.test_coding_corpus import BOOK, make_corpus

CODES = Codes(
    ("O05", "O13"),
    {"modality": "done", "specificity": "number;date", "valence": "neutral", "hedge": "0", "actor": "self"},
    "=1+1 好",
)


def make_unit(text: str, *, number: int = 1, total: int = 1, section="overview", part=None, heading="") -> SheetUnit:
    return SheetUnit(
        "0badcafe",
        number,
        total,
        unit_id_of(section, part, heading, text),
        section,
        part,
        heading,
        text,
        2021,
        "county",
        "云岚县教育局",
        "department",
        "random",
        "overview 2021 county",
        17.571429,
        3,
    )


TEXTS = (
    "编发政策解读材料12篇，附图解。",
    '=HYPERLINK("http://x")',
    "'=1",
    "-开展培训",
    '带"引号"，逗号;分号',
    "两行\n文字 _x000D_",
)
ROWS = tuple(SheetRow(make_unit(text, number=n, total=len(TEXTS)), CODES) for n, text in enumerate(TEXTS, 1))


def encode(rows, suffix: str) -> bytes:
    return encode_sheet(rows, suffix=suffix, codebook=BOOK)[suffix]


def decode(data: bytes, suffix: str = ".csv"):
    return read_sheet(data, f"wang{suffix}", codebook=BOOK)


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_was_written_is_read_back(suffix):
    sheet = decode(encode(ROWS, suffix), suffix)
    assert sheet.problems == ()
    assert sheet.coder == "wang"
    assert [(row.unit, row.codes) for row in sheet.rows] == [(row.unit, row.codes) for row in ROWS]


@pytest.mark.parametrize("suffix", FORMATS)
def test_equal_rows_give_equal_bytes(suffix):
    assert encode(ROWS, suffix) == encode(ROWS, suffix)


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_uncoded_sheet_is_a_list_of_empty_rows_with_their_notes(suffix):
    sheet = decode(encode([replace(row, codes=None) for row in ROWS], suffix), suffix)
    assert sheet.rows == ()
    assert [problem.code for problem in sheet.problems] == ["empty"] * len(ROWS)
    assert [problem.line for problem in sheet.problems] == list(
        range(1, 7) if suffix in (".json", ".jsonl") else range(2, 8)
    )


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_sheet_without_rows_is_read_as_such(suffix):
    if suffix in (".json", ".jsonl"):
        assert decode(encode([], suffix), suffix).rows == ()
    else:
        sheet = decode(encode([], suffix), suffix)
        assert (sheet.rows, sheet.problems) == ((), ())


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), st.sampled_from(FORMATS))
def test_any_text_survives_every_format(text, suffix):
    """White space at the ends aside: a cell of a spreadsheet may lose it."""
    row = SheetRow(make_unit(text, heading=text[:5]), Codes(("O05",)))
    sheet = decode(encode([row], suffix), suffix)
    assert sheet.problems == ()
    (read,) = sheet.rows
    assert (read.unit.id, read.codes.labels) == (row.unit.id, ("O05",))
    assert "".join(read.unit.text.split()) == "".join(text.split()) or suffix == ".csv"


def test_no_cell_is_a_formula():
    book = zipfile.ZipFile(io.BytesIO(encode(ROWS, ".xlsx")))
    for name in book.namelist():
        assert "<f>" not in book.read(name).decode()
    rows = list(csv.reader(io.StringIO(encode(ROWS, ".csv").decode("utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_workbook_has_drop_downs_lock_frozen_header_and_codebook():
    rows = [*ROWS, SheetRow(make_unit("更新仍不及时。", section="problems_improvements", part="problems"))]
    book = zipfile.ZipFile(io.BytesIO(encode(rows, ".xlsx")))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet and "<sheetProtection" in sheet
    styles = book.read("xl/styles.xml").decode().partition("<cellXfs")[2].split("<xf ")[1:]
    is_open = {str(number): 'locked="0"' in style for number, style in enumerate(styles)}
    first = dict(re.findall(r'<c r="([A-Z])2" s="(\d)"', sheet))
    assert {column: is_open[style] for column, style in first.items()} == {
        **dict.fromkeys("ABCDEFPQRSTUVWX", False),
        **dict.fromkeys("GHIJKLMNO", True),
    }
    lists = book.read("xl/worksheets/sheet5.xml").decode()
    validations = dict(re.findall(r'sqref="([A-Z0-9: ]+)"><formula1>lists!\$([A-Z]+)\$', sheet))
    labels = {where: column for where, column in validations.items() if re.match(r"G\d+:I", where)}
    assert set(labels) == {"G2:I7", "G8:I8"}
    listed = {
        where: set(re.findall(rf'<c r="{column}\d+"[^>]*><is><t[^>]*>([A-Z]+\d+) ', lists))
        for where, column in labels.items()
    }
    assert listed["G2:I7"] == {theme.code for theme in (*BOOK.admissible("overview", None), *BOOK.structural)}
    assert {"P01", "S3"} <= listed["G8:I8"] and "O05" not in listed["G8:I8"]
    assert sum(where.startswith(("J2", "K2", "L2", "M2", "N2")) for where in validations) == len(FACETS)
    codebook = book.read("xl/worksheets/sheet3.xml").decode()
    assert all(theme.definition_zh in codebook for theme in BOOK.themes)


def test_label_studio_and_doccano_get_what_they_need():
    files = encode_sheet(ROWS, suffix=".json", codebook=BOOK)
    task = json.loads(files[".json"])[0]
    names = re.findall(r'<Choices name="([a-z]+)"', files[".config.xml"].decode())
    assert names == ["primary", "others", *FACETS]
    assert {"value": "O05 政策解读"} in task["data"]["choices"]
    assert {"value": label_of(BOOK.theme("P01"))} not in task["data"]["choices"]
    labels = json.loads(encode_sheet(ROWS, suffix=".jsonl", codebook=BOOK)[".labels.json"])
    assert {"primary=O05 政策解读", "O13 " + BOOK.theme("O13").name_zh, "hedge=1"} <= {
        label["text"] for label in labels
    }


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_theme_is_read_back_by_its_full_name(suffix):
    """Names of themes hold commas and brackets, too."""
    places = [
        ("overview", None),
        ("problems_improvements", "problems"),
        ("problems_improvements", "improvements"),
        ("other_matters", None),
    ]
    rows = [
        SheetRow(
            make_unit(f"第{theme.code}件事。", section=section, part=part), Codes((theme.code, BOOK.structural[0].code))
        )
        for section, part in places
        for theme in BOOK.admissible(section, part)
    ]
    rows = [replace(row, unit=replace(row.unit, number=n, total=len(rows))) for n, row in enumerate(rows, 1)]
    sheet = decode(encode(rows, suffix), suffix)
    assert sheet.problems == ()
    assert [row.codes.labels for row in sheet.rows] == [row.codes.labels for row in rows]


def test_an_unknown_format_is_refused():
    with pytest.raises(UsageError, match=r"\.xlsx, \.csv"):
        encode_sheet(ROWS, suffix=".ods", codebook=BOOK)


# ---------------------------------------------------------------- bad sheets


def cells_of(rows=ROWS) -> tuple[list[str], list[list[str]]]:
    head, *body = csv.reader(io.StringIO(encode(rows, ".csv").decode("utf-8-sig"), newline=""))
    return head, body


def to_csv(head: list[str], body: list[list[str]], *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter).writerows([head, *body])
    return sink.getvalue().encode(encoding)


def changed(line: int, **cells: str):
    """The sheet with some cells of a line changed; lines from 2."""
    head, body = cells_of()
    for name, value in cells.items():
        body[line - 2][head.index(name)] = value
    return decode(to_csv(head, body))


@pytest.mark.parametrize(
    ("cells", "code", "column", "found"),
    [
        ({"primary": "O99"}, "unknown_label", "primary", "O99"),
        ({"second": "政策解读"}, "unknown_label", "second", "政策解读"),
        ({"second": "O13 政策解读"}, "unknown_label", "second", "O13 政策解读"),
        ({"second": "O13 O14"}, "unknown_label", "second", "O13 O14"),
        ({"second": "O13，政策"}, "unknown_label", "second", "O13，政策"),
        ({"primary": label_of(BOOK.theme("P01"))}, "inadmissible_label", "primary", label_of(BOOK.theme("P01"))),
        ({"primary": "O05;O06;O07", "second": "O08"}, "too_many_labels", "primary", "O05;O06;O07;O08"),
        ({"primary": ""}, "no_primary", "primary", "O13"),
        ({"primary": "", "second": ""}, "empty", "primary", CODES.note),
        ({"text": "编发政策解读材料13篇，附图解。"}, "edited_text", "text", "编发政策解读材料13篇，附图解。"),
        ({"section": "other_matters"}, "edited_text", "text", TEXTS[0]),
        ({"weight": "1.000000"}, "edited_cells", "row, id or a hidden column", None),
        ({"id": "u0000000000000000"}, "edited_text", "text", TEXTS[0]),
        ({"row": "deadbeef:1/6"}, "edited_cells", "row, id or a hidden column", None),
        ({"copies": "many"}, "edited_cells", "row, id or a hidden column", None),
    ],
)
def test_a_fault_is_named_and_its_row_set_aside(cells, code, column, found):
    sheet = changed(2, **cells)
    problem = next(problem for problem in sheet.problems if problem.code == code)
    assert (problem.sheet, problem.line, problem.column) == ("wang.csv", 2, column)
    assert found is None or problem.found == found
    assert problem.set_aside
    assert [row.unit.number for row in sheet.rows] == [2, 3, 4, 5, 6]
    assert {p.line for p in sheet.problems if p.line} == {2}
    assert json.loads(problem.content)["note"] == CODES.note


@pytest.mark.parametrize(
    ("cells", "code", "codes"),
    [
        ({"third": "o13"}, "repeated_label", CODES),
        (
            {"modality": "perhaps"},
            "unknown_facet",
            replace(CODES, facets={k: v for k, v in CODES.facets.items() if k != "modality"}),
        ),
        ({"primary": "ｏ０５", "second": " O13"}, None, CODES),
        ({"primary": "O05；O13", "second": ""}, None, CODES),
        ({"primary": "o05 policy interpretation、 O13", "second": ""}, None, CODES),
        ({"specificity": "date, number", "hedge": "0.0"}, None, CODES),
        ({"year": "2021.0", "weight": "17.571429000"}, None, CODES),
        ({"text": " 编发政策解读材料12篇， 附图解。\r\n"}, None, CODES),
    ],
)
def test_what_is_sound_in_a_row_goes_on(cells, code, codes):
    sheet = changed(2, **cells)
    assert [problem.code for problem in sheet.problems] == ([code] if code else [])
    assert sheet.rows[0].codes == codes


def test_vanished_rows_are_named_by_their_number():
    head, body = cells_of()
    sheet = decode(to_csv(head, [body[0], body[2], *body[4:]]))
    assert [(problem.code, problem.line, problem.expected) for problem in sheet.problems] == [
        ("vanished_row", None, "row 0badcafe:2/6"),
        ("vanished_row", None, "row 0badcafe:4/6"),
    ]
    assert len(sheet.rows) == 4


def test_a_repeated_row_counts_once_and_a_contradicted_one_not_at_all():
    head, body = cells_of()
    sheet = decode(to_csv(head, [*body, body[0]]))
    assert [(problem.code, problem.line) for problem in sheet.problems] == [("repeated_row", 2), ("repeated_row", 8)]
    assert len(sheet.rows) == 6
    other = list(body[0])
    other[head.index("primary")] = "O06"
    sheet = decode(to_csv(head, [*body, other]))
    assert [(problem.code, problem.line) for problem in sheet.problems] == [
        ("duplicated_row", 2),
        ("duplicated_row", 8),
    ]
    assert [row.unit.number for row in sheet.rows] == [2, 3, 4, 5, 6]


def test_rows_of_another_sample_are_named():
    head, body = cells_of()
    strangers = [SheetRow(replace(make_unit("别处的单元。"), sample="ffffffff"), CODES)]
    sheet = decode(to_csv(head, body + cells_of(strangers)[1]))
    assert [(problem.code, problem.line) for problem in sheet.problems] == [("other_sample", 8)]
    assert len(sheet.rows) == 6


@pytest.mark.parametrize("column", [*PROTECTED, "primary"])
def test_a_missing_column_is_named_for_every_row_with_all_that_the_row_holds(column):
    head, body = cells_of()
    place = head.index(column)
    sheet = decode(to_csv([*head[:place], *head[place + 1 :]], [[*row[:place], *row[place + 1 :]] for row in body]))
    named = [problem for problem in sheet.problems if problem.code == "missing_column"]
    assert [(problem.column, problem.line) for problem in named] == [(column, line) for line in range(2, 8)]
    assert sheet.rows == ()
    assert all(json.loads(problem.content)["note"] for problem in named)


def test_missing_facets_are_read_as_not_coded():
    head, body = cells_of()
    keep = [place for place, name in enumerate(head) if name not in ("actor", "third")]
    sheet = decode(to_csv([head[place] for place in keep], [[row[place] for place in keep] for row in body]))
    assert {(problem.code, problem.column) for problem in sheet.problems} == {("missing_facet", "third;actor")}
    assert len(sheet.rows) == 6
    assert "actor" not in sheet.rows[0].codes.facets


def test_merged_cells_are_named_for_every_row_that_they_touch():
    book = zipfile.ZipFile(io.BytesIO(encode(ROWS, ".xlsx")))
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in book.namelist():
            text = book.read(name).decode()
            if name.endswith("sheet1.xml"):
                text = text.replace(
                    "<dataValidations", '<mergeCells><mergeCell ref="G3:G5"/></mergeCells><dataValidations'
                )
            archive.writestr(name, text)
    sheet = decode(sink.getvalue(), ".xlsx")
    assert [(problem.code, problem.line) for problem in sheet.problems] == [("merged_cells", n) for n in (3, 4, 5)]
    assert [row.unit.number for row in sheet.rows] == [1, 5, 6]


@pytest.mark.parametrize(("encoding", "delimiter"), [("gb18030", ","), ("utf-8", ";"), ("utf-8", "\t")])
def test_a_csv_as_other_spreadsheets_save_it(encoding, delimiter):
    sheet = decode(to_csv(*cells_of(), encoding=encoding, delimiter=delimiter))
    assert (len(sheet.rows), sheet.problems) == (6, ())


def test_a_workbook_with_shared_strings_and_lines_above_the_header():
    head, body = cells_of(ROWS[1:2])  # what a .csv holds, apostrophe before the formula included
    strings = ["请勿改动", *head, *body[0]]
    shared = "".join(f"<si><r><t>{_xml(text[:2])}</t></r><r><t>{_xml(text[2:])}</t></r></si>" for text in strings)
    lines = [[0], range(1, 1 + len(head)), range(1 + len(head), len(strings))]
    sheet = "".join(
        f'<row r="{n}">' + "".join(f'<c t="s"><v>{place}</v></c>' for place in line) + "</row>"
        for n, line in enumerate(lines, 1)
    )
    sink = io.BytesIO()
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", f'<workbook {space} {relation}><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="r1" Target="/xl/s.xml"/></Relationships>'
        )
        archive.writestr("xl/s.xml", f"<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>")
        archive.writestr("xl/sharedStrings.xml", f"<sst {space}>{shared}</sst>")
    read = decode(sink.getvalue(), ".xlsx")
    assert [problem.code for problem in read.problems] == ["vanished_row"] * 5
    assert (read.rows[0].unit, read.rows[0].codes.labels) == (ROWS[1].unit, CODES.labels)


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.csv", "no coding sheet"),
        (b"a,b,c\n1,2,3\n", "a.csv", "no coding sheet"),
        (b"\xff\xfe\xff", "a.csv", "neither UTF-8"),
        (b"PK", "a.xlsx", "no readable .xlsx"),
        (b"{", "a.json", "is no JSON"),
        (b"{}", "a.json", "no list of tasks"),
        (b"[1]", "a.jsonl", "no JSON object"),
        (b"x", "a.ods", "ends in one of"),
    ],
)
def test_what_is_no_sheet_at_all_is_refused(data, name, message):
    with pytest.raises(UsageError, match=re.escape(message)):
        read_sheet(data, name, codebook=BOOK)


def test_a_workbook_with_an_entity_bomb_or_a_far_cell_costs_nothing():
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    bomb = '<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", f'<workbook {space} {relation}><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>'
        )
        archive.writestr(
            "xl/s.xml",
            f'{bomb}<worksheet {space}><sheetData><row r="1048576"><c r="XFD1048576"><v>&c;</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>',
        )
    with pytest.raises(UsageError, match="no coding sheet"):
        decode(sink.getvalue(), ".xlsx")


@pytest.mark.parametrize(
    "value", ["x", 3, {"a": 1}, [None], [[]], None, [{"result": "x"}], [{"result": [{"value": 3}]}]]
)
@pytest.mark.parametrize("key", ["annotations", "data"])
def test_a_task_of_another_shape_is_named_not_raised(key, value):
    task = {**json.loads(encode(ROWS[:1], ".json"))[0], key: value}
    sheet = decode(json.dumps([task]).encode(), ".json") if key == "annotations" or isinstance(value, dict) else None
    if sheet is None:
        with_columns = json.loads(encode(ROWS[:1], ".json"))
        sheet = decode(json.dumps([*with_columns, task]).encode(), ".json")
    assert sheet.problems[0].set_aside
    document = {**json.loads(encode(ROWS[:1], ".jsonl")), "label": value}
    assert decode(json.dumps(document).encode(), ".jsonl").problems[0].set_aside


@pytest.mark.parametrize(
    "cells", [{"year": "y"}, {"weight": "nan"}, {"weight": "0.5"}, {"copies": "0"}, {"copies": ""}]
)
def test_a_row_with_impossible_numbers_is_set_aside_even_if_its_check_fits(cells):
    head, body = cells_of()
    row = {**dict(zip(head, body[0], strict=True)), **cells}
    row["check"] = check_of(row)
    sheet = decode(to_csv(head, [[row[name] for name in head], *body[1:]]))
    assert [(problem.code, problem.line) for problem in sheet.problems] == [("edited_cells", 2)]


def test_a_workbook_with_changed_bytes_is_read_or_refused():
    rng = random.Random(5)
    data = encode(ROWS, ".xlsx")
    outcomes = set()
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        cut = rng.randrange(len(damaged)) if rng.random() < 0.3 else 0
        try:
            outcomes.add(bool(decode(bytes(damaged[cut:]), ".xlsx").rows))
        except UsageError:
            outcomes.add("refused")
    assert outcomes >= {True, "refused"}


def test_label_studio_tasks_of_two_people_and_the_short_export():
    tasks = json.loads(encode(ROWS, ".json"))
    tasks[0]["annotations"] *= 2
    tasks[1]["annotations"].append({"was_cancelled": True, "result": []})
    sheet = decode(json.dumps(tasks).encode(), ".json")
    assert [(problem.code, problem.line) for problem in sheet.problems] == [("unknown_label", 1)]
    assert len(sheet.rows) == 5
    short = [
        {**task["data"], "primary": "O05 政策解读", "others": {"choices": ["O13"]}, "hedge": "1"} for task in tasks
    ]
    sheet = decode(json.dumps(short).encode(), ".json")
    assert [row.codes for row in sheet.rows] == [Codes(("O05", "O13"), {"hedge": "1"})] * 6


def test_doccano_takes_one_label_alone_for_the_primary():
    documents = [json.loads(line) for line in encode(ROWS[:2], ".jsonl").decode().splitlines()]
    documents[0] |= {"label": ["O05 政策解读"], "id": 811}
    documents[1] |= {"label": ["O05 政策解读", "O06"]}
    sheet = decode("\n".join(json.dumps(item) for item in documents).encode(), ".jsonl")
    assert sheet.rows[0].codes.labels == ("O05",)
    assert (sheet.problems[0].code, sheet.problems[0].line) == ("no_primary", 2)


def test_problems_are_a_table_that_no_spreadsheet_executes():
    data = encode_problems(changed(3, primary="=1+1").problems)
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (row["line"], row["code"], row["found"], row["set_aside"]) == ("3", "unknown_label", "'=1+1", "yes")
    assert encode_problems([]).decode("utf-8-sig").startswith("sheet,line,id")


def test_the_sheet_of_a_sample_hides_where_units_are_from_and_keeps_weights():
    tables, _ = make_corpus(n_reports=6)
    frame = build_frame(tables["units"], tables["reports"], codebook=BOOK)
    sample = draw_sample(frame, labels=table_of("theme_labels", []), config=SampleConfig(n=30))
    rows = [replace(row, codes=Codes(("S2",))) for row in sheet_rows(sample)]
    sheet = decode(encode(rows, ".xlsx"), ".xlsx")
    assert {row.unit.id: row.unit.weight for row in sheet.rows} == {row.unit.id: row.weight for row in sample.rows}
    text = zipfile.ZipFile(io.BytesIO(encode(rows, ".xlsx"))).read("xl/worksheets/sheet1.xml").decode()
    hidden = len(re.findall(r"<col [^>]*hidden", text))
    assert hidden == len(PROTECTED) - 6
    assert len(re.findall(r"<col ", text)) == len(PROTECTED) + len(CODED)
