"""Archives and files of lines: members by exact name, and a reason for each that cannot be read."""

import hashlib
import io
import json
import stat
import zipfile
from pathlib import Path

import pytest

from gknlp.manifest import make_doc_id
from gknlp.readers.container import Content, Member, fallback_name
from gknlp.readers.gate import GateLimits
from gknlp.readers.jsonl import read_hints
from gknlp.readers.read import display_path, list_members, open_container, read_document, read_file
from gknlp.readers.unreadable import Unreadable

TEXT = "某镇政府信息公开工作年度报告"
DATA = TEXT.encode()


def write_zip(path, members, *, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def rename_member(path, old, new):
    """Put other bytes of the same length in place of a member's name, as tools of other platforms write it."""
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))


def read_members(path, limits=None):
    """Name and bytes, or reason, of each member."""
    container = open_container(path, limits or GateLimits())
    found = []
    for member in container.members():
        try:
            content = container.interpret(member, container.fetch(member))
            found.append((content.name, content.data))
        except Unreadable as error:
            found.append((member.name or fallback_name(member), error.reason))
    container.close()
    return found


def test_members_of_a_zip(tmp_path):
    path = write_zip(tmp_path / "a.zip", [("b/", ""), ("b/二.txt", "二"), ("a.txt", "一"), ("empty.txt", "")])
    assert read_members(path) == [
        ("b/二.txt".encode(), "二".encode()),
        (b"a.txt", "一".encode()),
        (b"empty.txt", "empty file"),
    ]
    assert list_members(path) == ("b/二.txt", "a.txt", "empty.txt")


def test_an_empty_zip_has_no_members(tmp_path):
    assert list_members(write_zip(tmp_path / "a.zip", [])) == ()


def test_names_in_gbk_are_kept_as_bytes_and_shown_in_chinese(tmp_path):
    name = "某镇2021.txt".encode("gbk")
    path = write_zip(tmp_path / "a.zip", [("x" * len(name), DATA)])
    rename_member(path, b"x" * len(name), name)
    assert read_members(path) == [(name, DATA)]
    assert list_members(path) == ("某镇2021.txt",)


def test_members_with_the_same_name_are_two(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = write_zip(tmp_path / "a.zip", [("m.txt", "一"), ("m.txt", "二")])
    assert read_members(path) == [(b"m.txt", "一".encode()), (b"m.txt", "二".encode())]


@pytest.mark.parametrize("name", ["../../a.txt", "/abs/a.txt", "a/../../b.t"])
def test_names_that_point_out_of_the_archive(tmp_path, name):
    [(kept, reason)] = read_members(write_zip(tmp_path / "a.zip", [(name, DATA)]))
    assert kept == name.encode()
    assert reason in {"zip: member name points out of the archive", "zip: absolute member name"}


def test_an_encrypted_member_is_named_as_such(tmp_path):
    path = write_zip(tmp_path / "a.zip", [("m.txt", DATA), ("n.txt", DATA)])
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert read_members(path) == [(b"m.txt", "zip: member is encrypted"), (b"n.txt", DATA)]


def test_a_symbolic_link_in_a_zip_is_not_followed(tmp_path):
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert read_members(write_zip(tmp_path / "a.zip", [(info, "/etc/passwd")])) == [
        (b"link.txt", "zip: member is a symbolic link")
    ]


def test_containers_inside_a_zip_stay_closed(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("m.txt", DATA)
    path = write_zip(tmp_path / "a.zip", [("b.zip", inner.getvalue()), ("c.jsonl", "{}")])
    reason = "zip: a container inside a container is not opened"
    assert read_members(path) == [(b"b.zip", reason), (b"c.jsonl", reason)]


def test_a_bomb_is_not_expanded(tmp_path):
    path = write_zip(tmp_path / "a.zip", [("bomb.txt", b"0" * (3 << 20)), ("m.txt", DATA)])
    assert read_members(path) == [(b"bomb.txt", "zip: member expands more than 200 times"), (b"m.txt", DATA)]
    with pytest.raises(Unreadable, match="zip: expands to 3145770 bytes"):
        open_container(path, GateLimits(expanded_bytes=1 << 20))


def test_too_many_members(tmp_path):
    path = write_zip(tmp_path / "a.zip", [(f"{n}.txt", DATA) for n in range(4)])
    with pytest.raises(Unreadable, match="zip: 4 members, at most 3 are read"):
        open_container(path, GateLimits(members=3))


def test_a_damaged_member_and_a_damaged_archive(tmp_path):
    path = write_zip(tmp_path / "a.zip", [("m.txt", DATA), ("n.txt", "完好")], compression=zipfile.ZIP_STORED)
    rename_member(path, DATA, DATA[::-1])
    assert read_members(path) == [(b"m.txt", "zip: member is damaged"), (b"n.txt", "完好".encode())]
    for data in (path.read_bytes()[:-30], b"PK\x03\x04", DATA):
        path.write_bytes(data)
        with pytest.raises(Unreadable) as caught:
            list_members(path)
        assert (caught.value.reason, caught.value.stage) == ("zip: damaged, or no zip archive", "read")


@pytest.mark.parametrize("name", ["a.zip", "a.jsonl"])
def test_an_empty_container(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(Unreadable, match=r"^empty file$"):
        list_members(tmp_path / name)


def test_lines(tmp_path):
    lines = [
        b'\xef\xbb\xbf{"id": "a", "text": "' + DATA + b'"}',
        b'{"id": 7, "text": "x"}\r',
        b"",
        b"   ",
        b"{not json",
        b'["a"]',
        b'{"text": "x"}',
        b'{"id": "", "text": "x"}',
        b'{"id": true, "text": "x"}',
        b'{"id": "b"}',
        b'{"id": "c", "text": 5}',
        b'{"id": "d", "text": "\xff"}',
        b"[" * 100_000,
        b'{"id": "a", "text": "other"}',
        '{"id": "某镇/2021", "text": "\\ud800"}'.encode(),
    ]
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"\n".join(lines))
    assert read_members(path) == [
        (b"a", DATA),
        (b"7", b"x"),
        (b"line 5", "jsonl: line 5 is not JSON"),
        (b"line 6", "jsonl: line 6 is not an object"),
        (b"line 7", "jsonl: line 7 has no id (a string or a whole number)"),
        (b"line 8", "jsonl: line 8 has no id (a string or a whole number)"),
        (b"line 9", "jsonl: line 9 has no id (a string or a whole number)"),
        (b"line 10", "jsonl: line 10 has no text"),
        (b"line 11", "jsonl: line 11 has no text"),
        (b"line 12", "jsonl: line 12 is not UTF-8"),
        (b"line 13", "jsonl: line 13 is not JSON"),
        (b"a", b"other"),
        ("某镇/2021".encode(), b"\xed\xa0\x80"),
    ]
    assert list_members(path)[:3] == ("a", "7", "line 5")


def test_a_line_longer_than_a_document_may_be(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"id": 1, "text": "x" * 3_000_000}) + "\n" + json.dumps({"id": 2, "text": "y"}))
    found = read_members(path, GateLimits(file_bytes=2_000_000))
    assert found == [(b"line 1", "jsonl: line 1 is too large: 3000022 bytes"), (b"2", b"y")]


@pytest.mark.parametrize(
    ("row", "hints"),
    [
        ({"id": 1, "text": "x"}, None),
        ({"series": "某县", "year": 2020}, {"agency": "某县", "year": "2020"}),
        ({"agency": " 某县 ", "series": "别名", "year": 2020.0}, {"agency": "某县", "year": "2020"}),
        ({"agency": "", "series": "某县"}, {"agency": "某县"}),
        ({"level": "county", "kind": None, "region": True, "url": ["x"], "published": "2021-01-20"},
         {"level": "county", "published": "2021-01-20"}),
    ],
)  # fmt: skip
def test_hints(row, hints):
    assert read_hints(row) == hints


def test_a_document_is_identified_by_its_path_and_bytes(tmp_path):
    content = Content(b"m.txt", b"\xef\xbb\xbf" + DATA, hints={"year": "2021"})
    raw = read_document(content, path_bytes=b"a.zip!/m.txt", source=3)
    assert raw.doc_id == make_doc_id(b"a.zip!/m.txt", content.data)
    assert (raw.text, raw.grids, raw.hints, raw.notes) == (TEXT, (), {"year": "2021"}, ())
    origin = raw.source
    assert (origin.path, origin.path_bytes, origin.source) == ("a.zip!/m.txt", b"a.zip!/m.txt", 3)
    assert (origin.media_type, origin.encoding) == ("text/plain", "utf-8")
    assert origin.sha256 == hashlib.sha256(content.data).hexdigest()


def test_one_file_is_its_own_source(tmp_path):
    path = tmp_path / "某镇.txt"
    path.write_bytes(TEXT.encode("gbk"))
    raw = read_file(path)
    assert (raw.text, raw.source.path, raw.source.encoding) == (TEXT, "某镇.txt", "gb18030")
    assert raw.doc_id == make_doc_id("某镇.txt".encode(), TEXT.encode("gbk"))


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty file"),
        ("a.txt", b"x" * 101, "too large: 101 bytes, at most 100 are read"),
        ("a.txt", None, "unreadable: No such file or directory"),
        ("a.zip", b"PK", "container: holds many documents, name one of its members' files"),
        ("a.pdf", b"%PDF-", "pdf: damaged, or no PDF"),
        ("a.ofd", b"PK", "no reader for .ofd yet"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, data, reason):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        read_file(path, limits=GateLimits(file_bytes=100))
    assert caught.value.reason == reason


def test_only_containers_have_members(tmp_path):
    with pytest.raises(Unreadable, match="neither an archive nor a file of lines"):
        list_members(Path("a.txt"))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (b"", ""),
        ("年报/某镇.txt".encode(), "年报/某镇.txt"),
        ("年报/".encode() + "某镇.txt".encode("gbk"), "年报/某镇.txt"),
        (b"a\xff\xfe.txt", "a\\xff\\xfe.txt"),
        (b"caf\xe9r.txt", "caf\\xe9r.txt"),
        (b"a\nb.txt", "a\nb.txt"),
        (b"x.jsonl!/\xed\xa0\x80", "x.jsonl!/\\xed\\xa0\\x80"),
    ],
)
def test_paths_for_people(path, shown):
    assert display_path(path) == shown


def test_fallback_names():
    assert fallback_name(Member(None, 3, 0, 0)) == b"line 3"
