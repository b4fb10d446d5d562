"""Exports: every format holds the same values, nothing executes, contacts are hidden, bytes repeat."""

import csv
import io
import math
import re
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from gknlp.errors import UsageError
from gknlp.interop import xlsx
from gknlp.interop.codebook import describe_columns
from gknlp.interop.export import DERIVED, SUFFIXES, TABLES, ExportRequest, export_table, load_export
from gknlp.interop.mask import mask_table
from gknlp.interop.stata import cut_label, encode_stata, shorten_name, stata_names
from gknlp.interop.xlsx import CUT_MARK, encode_xlsx
from gknlp.schemas import CORPUS
from gknlp.tables import encode_csv
from tests.interop.corpora import build, report

PREAMBLE = "依照条例写成本报告，统计期限自2021年1月1日起至2021年12月31日止。联系电话：0000-1234567，联系人：某甲。"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return build(
        tmp_path_factory.mktemp("export"),
        {
            "a.txt": report(
                "云泽县柳湾镇",
                2021,
                overview="=HYPERLINK(1)。镇里挂出消息三十七条。联系电话：0000-1234567，联系人：某甲。",
            ),
            "b.txt": report("云泽县柳湾镇", 2020, {("t2", "procurement", "amount"): "3.5万元"}, form="trial_2019"),
            "c.txt": report("云泽县青溪镇", 2021).replace("| 12 |", "| / |", 1),
        },
    )


def write(corpus, to, table, **more):
    summary = export_table(corpus, ExportRequest(table=table, to=to, **more))
    return summary, to.read_bytes()


def read_rows(data, suffix):
    """Header and rows; every number a float, every empty place None."""
    if suffix == ".csv":
        head, *rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    elif suffix == ".xlsx":
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        head, *rows = sheet.to_python(skip_empty_area=False)
    elif suffix == ".dta":
        frame = pd.read_stata(io.BytesIO(data))
        head, rows = list(frame.columns), frame.to_numpy(dtype=object).tolist()
    else:
        table = pq.read_table(io.BytesIO(data))
        head, rows = table.column_names, [list(row.values()) for row in table.to_pylist()]
    return head, [[_same(value) for value in row] for row in rows]


def _same(value):
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, list):
        return str(value)
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value.removeprefix("'")
    return float(value)


@pytest.mark.parametrize("table", ["cells_long", "cells_wide", "panel", "coverage", "findings", "reports", "evidence"])
def test_all_formats_hold_the_same_values(corpus, tmp_path, table):
    read = {
        suffix: read_rows(write(corpus, tmp_path / f"t{suffix}", table, with_text=True)[1], suffix)
        for suffix in SUFFIXES
    }
    head, rows = read[".parquet"]
    assert len(rows) > 0
    for suffix in (".csv", ".xlsx"):
        assert read[suffix] == (head, rows)
    assert read[".dta"] == (list(stata_names(head).values()), rows)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("table", ["cells_wide", "units"])
def test_bytes_repeat(corpus, tmp_path, table, suffix):
    first = write(corpus, tmp_path / f"a{suffix}", table)[1]
    assert write(corpus, tmp_path / f"b{suffix}", table)[1] == first


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("table", DERIVED)
def test_an_empty_corpus_exports_heads(tmp_path, table, suffix):
    corpus = build(tmp_path, {"a.txt": b""})
    head, rows = read_rows(write(corpus, tmp_path / f"t{suffix}", table)[1], suffix)
    assert len(head) == load_export(corpus, table).num_columns
    assert len(rows) == (table == "coverage")


def test_stata_labels_types_and_missing(corpus, tmp_path):
    data = write(corpus, tmp_path / "w.dta", "cells_wide")[1]
    with pd.io.stata.StataReader(io.BytesIO(data)) as reader:
        labels = reader.variable_labels()
        assert reader.time_stamp == "01 Jan 1980 00:00"
    assert labels["year"] == "报告年度"
    assert labels["t3_new_requests_total"] == "一、本年新收政府信息公开申请数量 · 总计"
    assert labels["t3_den_admquery_welf"] == "8.属于行政查询事项 · 社会公益组织"
    assert max(map(len, labels.values())) <= 80
    frame = pd.read_stata(io.BytesIO(data)).sort_values("doc_id")
    assert frame.loc[frame["form"] == "trial_2019", "t3_other_rest_total"].isna().all()
    assert set(frame.dtypes.astype(str)) <= {"float64", "object", "str"}


def test_stata_takes_long_texts_and_nothing_at_all():
    long = "长" * 3000
    table = pa.table(
        {"t": [long, None, "a\0b"], "s": pa.array([None] * 3, pa.string()), "b": [True, None, False], "n": [1, None, 3]}
    )
    frame = pd.read_stata(io.BytesIO(encode_stata(table, {"t": "标" * 90})))
    assert frame["t"].tolist() == [long, "", "ab"]
    assert frame["s"].tolist() == ["", "", ""]
    assert [None if math.isnan(v) else v for v in frame["b"]] == [1.0, None, 0.0]
    assert [None if math.isnan(v) else v for v in frame["n"]] == [1.0, None, 3.0]
    assert cut_label("标" * 90) == "标" * 79 + "…"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("year", "year"),
        ("t3_new_requests_total", "t3_new_requests_total"),
        ("t3_denied_state_secret_natural_person", "t3_den_state_secret_nat"),
        ("t3_not_processed_confirm_reissue_legal_service_org", "t3_npr_reissue_legal"),
        ("t1_on_request.01_value", "t1_on_request_01_value"),
        ("if", "if_"),
        ("end", "end_"),
        ("9lives", "v9lives_" + "0" * 6),
        ("a" * 40, "a" * 24 + "_" + "0" * 6),
    ],
)
def test_names_in_stata(name, short):
    found = shorten_name(name)
    assert re.sub("_[0-9a-f]{6}$", "_" + "0" * 6, found) == re.sub("_[0-9a-f]{6}$", "_" + "0" * 6, short)
    assert len(found) <= 32


def test_names_in_stata_are_unique_or_refused(corpus):
    for name in TABLES:
        names = stata_names(load_export(corpus, name).column_names)
        assert len(set(names.values())) == len(names)
    with pytest.raises(UsageError, match=r"'a.b' and 'a-b' would both be 'a_b'"):
        stata_names(["a.b", "a-b"])


FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '<b>&"', "a\rb", "_x0041_", "第\x01一", "", " 空 "]


def test_no_cell_of_a_workbook_is_a_formula():
    data, n_cut = encode_xlsx(pa.table({"=head": FORMULAS}), name="cells")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in sheet
    assert sheet.count('t="inlineStr"') == len(FORMULAS) + 1
    assert 'ySplit="1"' in sheet
    assert "_x005F_x0041_" in sheet
    assert n_cut == 0
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("cells").to_python()
    assert [row[0] for row in rows][:7] == ["=head", *FORMULAS[:6]]


def test_no_cell_of_a_csv_begins_like_a_formula(corpus, tmp_path):
    data = write(corpus, tmp_path / "u.csv", "units", with_text=True)[1].decode("utf-8-sig")
    texts = [row["text"] for row in csv.DictReader(io.StringIO(data, newline=""))]
    assert any(text.startswith("'=HYPERLINK") for text in texts)
    assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)


def test_a_csv_keeps_texts_whole_and_disarmed():
    texts = ["安\r=1+1", "安\n=1+1", "\n=1+1", "＝1+1", "－12", "=1", "安 = 1"]
    data = encode_csv(pa.table({"text": texts})).decode("utf-8-sig")
    rows = [row["text"] for row in csv.DictReader(io.StringIO(data, newline=""))]
    assert rows == ["安\r=1+1", "安\n=1+1", "'\n=1+1", "'＝1+1", "'－12", "'=1", "安 = 1"]
    assert data.count("\r\n") == 1 + len(texts)
    assert '"安\r=1+1"' in data  # quoted, or a spreadsheet begins a row there


def test_a_text_longer_than_a_cell_is_cut_and_counted():
    table = pa.table({"t": ["字" * 32_767, "字" * 32_768, "𠀀" * 20_000, None]})
    data, n_cut = encode_xlsx(table, name="t")
    rows = [row[0] for row in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()][1:]
    assert n_cut == 2
    assert rows[0] == "字" * 32_767
    assert rows[1] == "字" * (32_767 - len(CUT_MARK)) + CUT_MARK
    assert len(rows[2].encode("utf-16-le")) // 2 <= 32_767
    assert rows[2].rstrip(CUT_MARK) == "𠀀" * 16_380


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    assert encode_xlsx(pa.table({"a": [1, 2]}), name="a")[1] == 0
    with pytest.raises(UsageError, match=r"export to \.csv or \.parquet instead"):
        encode_xlsx(pa.table({"a": [1, 2, 3]}), name="a")


def test_texts_are_left_out_unless_asked_for(corpus, tmp_path):
    for suffix in (".csv", ".xlsx", ".dta"):
        summary, data = write(corpus, tmp_path / f"u{suffix}", "units")
        assert "text" not in read_rows(data, suffix)[0]
        assert "column text is left out; --with-text keeps it" in summary.notes
    assert "text" in read_rows(write(corpus, tmp_path / "u.parquet", "units")[1], ".parquet")[0]


@pytest.mark.parametrize("table", ["reports", "units"])
def test_contacts_are_masked_in_place_unless_asked_for(corpus, tmp_path, table):
    whole = pq.read_table(io.BytesIO(write(corpus, tmp_path / "w.parquet", table, with_contacts=True)[1]))
    summary, data = write(corpus, tmp_path / "m.parquet", table)
    masked = pq.read_table(io.BytesIO(data))
    assert whole.equals(corpus.table(table))
    pairs = list(zip(whole["text"].to_pylist(), masked["text"].to_pylist(), strict=True))
    assert all(len(old) == len(new) for old, new in pairs)
    assert sum("0000-1234567" in old for old, _ in pairs) == 1
    assert not any("1234567" in new or "某甲" in new for _, new in pairs)
    assert [note for note in summary.notes if "masked" in note] == [
        "contacts are masked in 1 values; --with-contacts keeps them"
    ]


def test_numbers_that_look_like_telephones_stay_in_cells():
    table = pa.table({"raw": ["130-0000-0000", "见130-0000-0000", None], "value": [13000000000.0, None, None]})
    masked, n_masked = mask_table(table)
    assert masked["raw"].to_pylist() == ["130-0000-0000", "见" + "＊" * 13, None]
    assert n_masked == 1
    assert mask_table(table.slice(0, 0))[1] == 0


@pytest.mark.parametrize("name", TABLES)
def test_the_codebook_describes_every_column(corpus, name):
    table = load_export(corpus, name)
    notes = describe_columns(name, table)
    assert [note.name for note in notes] == table.column_names
    assert [note.name for note in notes if "no shipped form or table" in note.description] == []
    assert all(note.label_zh and note.missing and note.type for note in notes)


def test_codebook_files(corpus, tmp_path):
    write(corpus, tmp_path / "w.csv", "cells_wide", codebook=tmp_path / "w.md")
    lines = (tmp_path / "w.md").read_text("utf-8").splitlines()
    line = next(line for line in lines if line.startswith("| t3_denied_administrative_query_public_welfare_org "))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1:5] == ["t3_den_admquery_welf", "number", "件", "8.属于行政查询事项 · 社会公益组织"]
    assert cells[6] == "t3 / denied_administrative_query / public_welfare_org"
    assert cells[7].endswith("never 0 in its place")
    write(corpus, tmp_path / "p.dta", "panel", codebook=tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = {row["name"]: row for row in csv.DictReader(handle)}
    assert list(rows) == load_export(corpus, "panel").column_names
    assert rows["denied"]["unit"] == "件"


@pytest.mark.parametrize(
    ("table", "to", "codebook", "says"),
    [
        ("cells_wid", "a.csv", None, "there is no table 'cells_wid'. Did you mean 'cells_wide'?"),
        ("panels", "a.csv", None, "Did you mean 'panel'?"),
        ("格", "a.csv", None, "there is no table '格'. The tables are: sources"),
        ("cells", "a.sav", None, "the suffix must be one of .csv, .xlsx, .parquet, .dta"),
        ("cells", "a.csv", "b.txt", "cannot write a codebook to 'b.txt': the suffix must be one of .md, .csv"),
    ],
)
def test_what_cannot_be_meant_writes_nothing(corpus, tmp_path, table, to, codebook, says):
    request = ExportRequest(table=table, to=tmp_path / to, codebook=codebook and tmp_path / codebook)
    with pytest.raises(UsageError, match=re.escape(says)):
        export_table(corpus, request)
    assert list(tmp_path.iterdir()) == []


def test_every_corpus_table_can_be_exported(corpus, tmp_path):
    for name in CORPUS:
        summary, _ = write(corpus, tmp_path / f"{name}.xlsx", name)
        assert summary.n_rows == corpus.table(name).num_rows
