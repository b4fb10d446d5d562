"""What comes in and what is turned away at the door, with its reason."""

import pytest

from gknlp.readers.gate import GateLimits, check_archive, check_file_size, check_member, check_member_name
from gknlp.readers.sniff import container_type, format_of, media_type_of
from gknlp.readers.txt import read_text, take_text
from gknlp.readers.unreadable import Unreadable

TEXT = "某镇政府信息公开工作年度报告\n一、总体情况\n".encode()


@pytest.mark.parametrize(
    ("name", "data", "reason", "stage"),
    [
        (b"a.txt", b"%PDF-1.7 ...", "binary: looks like PDF", "gate"),
        (b"a.txt", b"PK\x03\x04....", "binary: looks like ZIP (zip, docx, xlsx, ofd)", "gate"),
        (b"a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "binary: looks like OLE (doc, xls, wps)", "gate"),
        (b"a.txt", b"\x89PNG\r\n\x1a\n....", "binary: looks like PNG", "gate"),
        (b"a.txt", b"\x1f\x8b\x08....", "binary: looks like gzip", "gate"),
        (b"a.txt", "a某镇".encode("utf-16-le"), "binary: NUL bytes", "gate"),
        (b"a.txt", TEXT + b"\0" + TEXT, "binary: NUL bytes", "gate"),
        (b"a.txt", bytes(range(1, 32)) * 9, "binary: control characters", "gate"),
        (b"a.OFD", TEXT, "no reader for .ofd yet", "read"),
        (b"b/a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "no reader for .xls yet", "read"),
        (b"a.txt", b" \n\t\r\n", "empty file: nothing but white space", "read"),
        (b"a.txt", "\u3000\ufeff \n".encode()[:4], "empty file: nothing but white space", "read"),
    ],
)
def test_what_is_not_read_as_text(name, data, reason, stage):
    with pytest.raises(Unreadable) as caught:
        read_text(name, data)
    assert (caught.value.reason, caught.value.stage, str(caught.value)) == (reason, stage, reason)


@pytest.mark.parametrize("name", [b"a.txt", b"a.TXT", b"report", b"a.md", b".hidden", "某镇.2021".encode(), b""])
def test_what_is_read_as_text(name):
    assert read_text(name, TEXT).text == TEXT.decode()


def test_a_stray_control_character_is_no_binary_file():
    data = TEXT * 5 + b"\x07"
    assert read_text(b"a.txt", data).text == data.decode()


def test_a_decoded_text_is_only_cleaned():
    decoded = take_text("\ufeff信息\ud800")
    assert (decoded.text, decoded.encoding, decoded.notes[0].code) == ("信息\ufffd", "utf-8", "lone_surrogates")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (b"a.zip", "application/zip"),
        (b"x/a.JSONL", "application/x-ndjson"),
        (b"a.csv", "text/csv"),
        (b"a.TSV", "text/tab-separated-values"),
        (b"a.parquet", "application/vnd.apache.parquet"),
        (b"a.txt", None),
        (b".zip", None),
        (b"zip", None),
        (b"", None),
    ],
)
def test_containers_by_name(name, expected):
    assert container_type(name) == expected


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (b"a.txt", TEXT, "text/plain"),
        (b"a", b"", "text/plain"),
        (b"a.pdf", b"", "application/pdf"),
        (b"a.txt", b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"a.zip", b"", "application/zip"),
    ],
)
def test_media_types(name, data, expected):
    assert media_type_of(name, data) == expected


@pytest.mark.parametrize(
    ("name", "data", "function"),
    [
        (b"a.PDF", b"", "read_pdf"),
        (b"a.txt", b"%PDF-1.7", "read_pdf"),
        (b"a.doc", b"\xd0\xcf\x11\xe0", "read_doc"),
        (b"a.doc", b"{\\rtf1", "read_rtf"),
        (b"a.doc", b"PK\x03\x04 word/document.xml", "read_docx"),
        (b"a.doc", b"<!-- x -->\n <!DOCTYPE HTML><p>", "read_html"),
        (b"a.wps", b"", "read_wps"),
        (b"a.html", TEXT, "read_html"),
        (b"a.xlsx", b"", "read_xlsx"),
        (b"a.txt", TEXT, None),
        (b"a.ofd", b"", None),
    ],
)
def test_readers_by_bytes_then_by_name(name, data, function):
    found = format_of(name, data)
    assert (found and found.reader.partition(":")[2]) == function


LIMITS = GateLimits(file_bytes=1000, members=3, expanded_bytes=2000, ratio=10, ratio_floor=100)


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (lambda: check_file_size(0, LIMITS), "empty file"),
        (lambda: check_file_size(1001, LIMITS), "too large: 1001 bytes, at most 1000 are read"),
        (lambda: check_archive([1] * 4, LIMITS), "zip: 4 members, at most 3 are read"),
        (lambda: check_archive([1000, 1001], LIMITS), "zip: expands to 2001 bytes, at most 2000 are read"),
        (lambda: check_member(b"m", 10, 101, LIMITS), "zip: member expands more than 10 times"),
        (lambda: check_member(b"m", 0, 101, LIMITS), "zip: member expands more than 10 times"),
        (lambda: check_member(b"m", 0, 0, LIMITS), "empty file"),
        (lambda: check_member_name(b""), "zip: member without a usable name"),
        (lambda: check_member_name(b"a\0.txt"), "zip: member without a usable name"),
        (lambda: check_member_name(b"/etc/a"), "zip: absolute member name"),
        (lambda: check_member_name(b"\\\\server\\a"), "zip: absolute member name"),
        (lambda: check_member_name(b"C:\\a.txt"), "zip: absolute member name"),
        (lambda: check_member_name(b"a/../../b"), "zip: member name points out of the archive"),
        (lambda: check_member_name(b"..\\b"), "zip: member name points out of the archive"),
        (lambda: check_member_name(b"a\\..\\b"), "zip: member name points out of the archive"),
    ],
)
def test_the_gate_refuses(check, reason):
    with pytest.raises(Unreadable) as caught:
        check()
    assert (caught.value.reason, caught.value.stage) == (reason, "gate")


def test_the_gate_admits_what_lies_at_its_limits():
    check_file_size(1000, LIMITS)
    check_archive([], LIMITS)
    check_archive([1000, 999, 1], LIMITS)
    check_member(b"a..b/..c.txt", 10, 100, LIMITS)
    check_member(b"m", 100, 1000, LIMITS)
    check_member_name("乗\u4e58.txt".encode("gbk"))  # in GBK the second byte of 乗 is a backslash
