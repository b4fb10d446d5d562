"""Tables of reports: each row a document by its id, each row that is none with its reason."""

import codecs
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gknlp.readers.container import fallback_name
from gknlp.readers.gate import GateLimits
from gknlp.readers.read import join_member, list_members, open_container, read_document
from gknlp.readers.unreadable import Unreadable

TEXT = "云泽县柳湾镇2021年政府信息公开工作年度报告\n一、总体情况\n年内挂出消息三十七条。"


def read_members(path, limits=None):
    """Name and text, or reason, of each member; each fetched by a container opened anew, as workers do."""
    limits = limits or GateLimits()
    listing = open_container(path, limits)
    members = list(listing.members())
    listing.close()
    found = []
    for member in members:
        container = open_container(path, limits)
        try:
            content = container.interpret(member, container.fetch(member))
            assert content.data == content.text.encode("utf-8", "surrogatepass")
            found.append((content.name, content.text))
        except Unreadable as error:
            found.append((fallback_name(member), error.reason))
        container.close()
    return found


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("name", "separator", "encoding"),
    [("x.csv", ",", "utf-8"), ("x.csv", ",", "utf-8-sig"), ("x.csv", ",", "gb18030"), ("x.csv", ";", "utf-8"),
     ("x.CSV", "\t", "utf-8"), ("x.tsv", "\t", "gbk")],
)  # fmt: skip
def test_rows_with_their_hints(tmp_path, name, separator, encoding):
    rows = [["id", "机关", "Text", "series", "YEAR", "url"], ["a/1", "丙", f'"{TEXT}"', "柳湾镇", "2021", ""]]
    path = write(tmp_path / name, "\r\n".join(separator.join(row) for row in rows), encoding)
    container = open_container(path, GateLimits())
    [member] = container.members()
    content = container.interpret(member, container.fetch(member))
    container.close()
    assert (content.name, content.text, content.hints) == (b"a/1", TEXT, {"agency": "柳湾镇", "year": "2021"})
    raw = read_document(content, path_bytes=join_member(b"x.csv", content.name))
    assert (raw.source.path, raw.text, raw.source.media_type) == ("x.csv!/a/1", TEXT, "text/plain")


def test_bad_rows_are_members_with_a_reason(tmp_path):
    lines = [
        b"id,text,year",
        b"a,one,2021",
        b"",
        b" , , ",
        b"b,,2021",
        b",two,2021",
        b"c",
        b"d,three,2021,extra",
        b'e,"four ""quoted""\nand, on two lines",',
        b"a,again,2020",
    ]
    path = tmp_path / "x.csv"
    path.write_bytes(b"\n".join(lines))
    assert read_members(path) == [
        (b"a", "one"),
        (b"line 2", "csv: row 2 has no id (a string or a whole number)"),
        (b"line 3", "csv: row 3 has no text"),
        (b"line 4", "csv: row 4 has no id (a string or a whole number)"),
        (b"line 5", "csv: row 5 has no text"),
        (b"line 6", "csv: row 6 has 4 fields, the header 3"),
        (b"e", 'four "quoted"\nand, on two lines'),
        (b"a", "again"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"f,\xe4\xba,2021", "csv: row 1 is not UTF-8"),
        (b"g,a\0b,2021", "csv: row 1 holds NUL characters"),
        (b'h,"x"y,2021', "csv: row 1 has quotes that do not match"),
        (b'i,"never closed,2021', "csv: row 1 has quotes that do not match"),
    ],
)
def test_a_damaged_row_spoils_no_other(tmp_path, row, reason):
    path = tmp_path / "x.csv"
    path.write_bytes(codecs.BOM_UTF8 + b"id,text,year\n" + row + b"\nj,last,2021\nk,end,")
    assert read_members(path) == [(b"line 1", reason), (b"j", "last"), (b"k", "end")]


def test_a_row_longer_than_a_document_may_be(tmp_path):
    path = write(tmp_path / "x.csv", f'id,text\na,"{"长" * 500_000}"\nb,y\n')
    assert read_members(path, GateLimits(file_bytes=1_000_000)) == [
        (b"line 1", "csv: row 1 is too large: 1500005 bytes"),
        (b"b", "y"),
    ]
    [(_, text), _] = read_members(path)
    assert len(text) == 500_000


def test_quotes_that_stay_open_cost_no_more_than_a_second_look(tmp_path):
    path = write(tmp_path / "x.csv", "id,text\n" + '"\n' * 200_001 + "z,last\n")
    start = time.monotonic()
    assert list_members(path)[-1] == "z"
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"\n\n", "csv: no column id and no column text"),
        (b"name,text\n", "csv: no column id"),
        (b"id,body\n1,x\n", "csv: no column text"),
        (codecs.BOM_UTF16_LE + "id,text".encode("utf-16-le"), "csv: UTF-16, save the table as UTF-8"),
        ("id,text\n1,Отчет о работе\n".encode("cp1251"), "csv: neither UTF-8 nor GB18030"),
        (b"id,text," + b"x" * 100_000, "csv: no header row"),
        (b'"id,text\n', "csv: header has quotes that do not match"),
        (b"id,text" + b",c" * 2000, "csv: 2002 columns, at most 1000 are read"),
    ],
)
def test_whole_tables_that_cannot_be_read(tmp_path, data, reason):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        list_members(path)
    assert caught.value.reason == reason


def test_a_table_without_rows(tmp_path):
    assert list_members(write(tmp_path / "x.csv", "id,text\n")) == ()
    pq.write_table(
        pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())}), tmp_path / "x.parquet"
    )
    assert list_members(tmp_path / "x.parquet") == ()


def test_parquet_rows_by_group(tmp_path):
    path = tmp_path / "x.parquet"
    table = pa.table({
        "ID": pa.array([7.0, 8.0, None, 9.5, 10.0]),
        "text": [TEXT, "二", "三", "四", None],
        "year": [2021, 2020, None, 2019, 2018],
        "published": pa.array([0, 1, 2, 3, 4], pa.date32()),
        "tags": [["x"], [], None, ["y"], []],
    })  # fmt: skip
    pq.write_table(table, path, row_group_size=2)
    assert read_members(path) == [
        (b"7", TEXT),
        (b"8", "二"),
        (b"line 3", "parquet: row 3 has no id (a string or a whole number)"),
        (b"line 4", "parquet: row 4 has no id (a string or a whole number)"),
        (b"line 5", "parquet: row 5 has no text"),
    ]
    container = open_container(path, GateLimits())
    member = list(container.members())[1]
    assert (member.start, member.size) == (0, 1)
    content = container.interpret(member, container.fetch(member))
    container.close()
    assert content.hints == {"year": "2020", "published": "1970-01-02"}


def test_parquet_limits(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": ["a", "b"], "text": ["长" * 1000, "x"]}), path, row_group_size=1)
    found = read_members(path, GateLimits(file_bytes=2000))
    assert found == [(b"line 1", "parquet: row 1 is too large: 3023 bytes"), (b"b", "x")]
    assert read_members(path, GateLimits(file_bytes=100))[0][1].startswith("parquet: row group 1 is too large")


def test_parquet_files_that_cannot_be_read(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"id": ["a"], "body": ["x"]}), path)
    whole = path.read_bytes()
    for data, reason in (
        (whole, "parquet: no column text"),
        (whole[:-4], "parquet: damaged, or no Parquet file"),
        (b"PAR1", "parquet: damaged, or no Parquet file"),
        (b"", "empty file"),
    ):
        path.write_bytes(data)
        with pytest.raises(Unreadable) as caught:
            list_members(path)
        assert caught.value.reason == reason


def test_a_damaged_row_group_spoils_its_own_rows(tmp_path):
    path = tmp_path / "x.parquet"
    table = pa.table({"id": ["a", "b"], "text": ["甲" * 400, "乙" * 400]})
    pq.write_table(table, path, row_group_size=1, compression="gzip", use_dictionary=False)
    data = bytearray(path.read_bytes())
    column = pq.ParquetFile(path).metadata.row_group(0).column(1)
    end = column.data_page_offset + column.total_compressed_size
    data[end - 20 : end] = b"\xff" * 20
    path.write_bytes(data)
    first, second = read_members(path)
    assert (first[1], second) == ("parquet: row group 1 is damaged", (b"b", "乙" * 400))
