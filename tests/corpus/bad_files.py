"""Folders of many good reports, made from the sample by a seeded recipe, and of files that mean harm or are broken."""

import io
import itertools
import os
import random
import re
import socket
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from gknlp.forms import load_forms
from tests.parse.documents import distinct_values
from tests.readers.html_forms import print_page
from tests.readers.office_forms import docx, para, report_docx, sheet, xlsx
from tests.readers.pdf_forms import report_pdf

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample" / "reports"
FORM = load_forms()["revised_2021"]
FIRST, SECOND = "青白云石柳松桂清长安新古南北东西", "原溪滨塘湾岭浦泽港川坪屏渡墟冲岗"


def write_good(folder, n, seed=7):
    """``n`` reports: the sample's, with other places and other numbers."""
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in sorted(SAMPLE.rglob("*.txt"))]
    texts = [text for text in texts if "沐岭" in text and "|" in text]
    names = [a + b for a, b in itertools.product(FIRST, SECOND)]
    chance = random.Random(seed)
    for number in range(n):
        text = texts[number % len(texts)].replace("沐岭", names[number // len(texts) % len(names)])
        text = re.sub(r"(?<=\| )[1-9]\d*(?= \|)", lambda _: str(chance.randrange(1, 900)), text)
        path = folder / f"{number % 40:02}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n编号{number}。\n", encoding="utf-8")
    return folder


def zipped(**members):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return sink.getvalue()


def bomb(chance):
    return zipped(a__txt=b"\0" * ((2 << 20) + chance.randrange(100)))


def many_claims(chance):
    """An archive whose directory claims terabytes."""
    data = bytearray(zipped(a__txt=b"x" * (50 + chance.randrange(50))))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(data)


def docx_bomb(chance):
    return docx(para("公" * (2 << 20)) + para(str(chance.random())))


def deep_docx(chance):
    depth = 20_000 + chance.randrange(99)
    return docx("<w:tbl><w:tr><w:tc>" * depth + "</w:tc></w:tr></w:tbl>" * depth)


def far_xlsx(chance):
    return xlsx(sheet(f'<row r="1048576"><c r="XFD1048576"><v>{chance.random()}</v></c></row>', ["A1:XFD1048576"]))


def wide_spans(chance):
    return ("<table>" + f"<tr><td rowspan=65535 colspan={900 + chance.randrange(99)}>7" * 3_000).encode()


def deep_html(chance):
    return ("<div>" * (30_000 + chance.randrange(99)) + "公开").encode()


def many_attributes(chance):
    return ("<html><p " + " ".join(f"a{n}=1" for n in range(20_000 + chance.randrange(99))) + ">公开").encode()


def noise(chance):
    return chance.randbytes(20_000)


def cut(data):
    def make(chance):
        return data()[: -chance.randrange(200, 3_000)]

    return make


def poison(chance):
    piece = chance.choice(
        [
            "一、",
            "（一）",
            "2021年",
            "1年",
            "1,",
            "公开 ",
            "| ",
            "\t",
            "增",
            "第",
            "、",
            "\u3000",
            "a@b.",
            "139",
            "《",
            "“",
        ]
    )
    return (piece * 60_000).encode()


def long_number(chance):
    return ("一、总体情况\n规章 | " + str(chance.randrange(1, 9)) * 4_301 + " | 1 | 2 |\n").encode()


def wrong_encoding(chance):
    return "一、总体情况。政府信息公开".encode("gb18030") * 50 + chance.randbytes(400) + "公开".encode("utf-16")


def long_stream(chance):
    body = zlib.compress(b"0 0 m " * 500_000 + str(chance.random()).encode())
    return (
        b"%%PDF-1.4\n1 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(body) + body + b"\nendstream endobj\n%EOF"
    )


VALUES = distinct_values(FORM)
KINDS = {
    "bomb.zip": bomb, "claims.zip": many_claims, "bomb.docx": docx_bomb, "deep.docx": deep_docx, "far.xlsx": far_xlsx,
    "spans.html": wide_spans, "deep.html": deep_html, "attributes.html": many_attributes,
    "noise.txt": noise, "noise.docx": noise, "noise.pdf": noise, "noise.csv": noise, "noise.parquet": noise,
    "cut.zip": cut(lambda: zipped(a__txt="公开" * 9_000, b__txt=bytes(range(256)) * 40)),
    "cut.docx": cut(lambda: report_docx(FORM.key, VALUES)), "cut.pdf": cut(lambda: report_pdf(FORM.key, values=VALUES)),
    "empty.txt": lambda _: b"", "empty.docx": lambda _: b"", "page.pdf": lambda c: print_page(FORM, VALUES)[: c.randrange(2_000, 9_000)].encode(),
    "table.docx": lambda c: b"a,b\n" * c.randrange(9, 99), "poison.txt": poison, "poison.html": poison, "number.txt": long_number,
    "encoding.txt": wrong_encoding, "stream.pdf": long_stream, "lines.jsonl": lambda c: b'{"id": 1, "text": ' + b"[" * c.randrange(5_000, 9_000),
}  # fmt: skip
SPECIAL = ("fifo", "link", "loop", "socket", "device", "name", "locked", "folder.txt")


def write_bad(folder, n, seed=11):
    """``n`` bad files of all kinds, at names that lie among the good ones."""
    chance = random.Random(seed)
    kinds = itertools.islice(itertools.cycle([*KINDS, *SPECIAL]), n)
    for number, kind in enumerate(kinds):
        place = folder / f"{number % 40:02}"
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"{number * 37 % 10_000:05}-{kind}"
        if kind in KINDS:
            path.write_bytes(KINDS[kind](chance))
        else:
            _write_special(path, kind, chance)
    return folder


def _write_special(path, kind, chance):
    data = f"坏{chance.random()}"
    if kind == "fifo":
        os.mkfifo(f"{path}.txt")
    elif kind == "link":
        Path(f"{path}.txt").symlink_to("/etc/passwd")
    elif kind == "loop":
        Path(f"{path}.txt").symlink_to(f"{path.name}.txt")
    elif kind == "socket":
        here = os.getcwd()  # noqa: PTH109
        os.chdir(path.parent)  # a socket's path has at most 108 bytes
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(f"{path.name}.txt")
        os.chdir(here)
    elif kind == "device":
        try:
            os.mknod(f"{path}.txt", stat.S_IFCHR | 0o600, os.makedev(1, 5))
        except PermissionError:  # not root
            os.mkfifo(f"{path}.txt")
    elif kind == "name":
        Path(os.fsdecode(os.fsencode(path) + b"\xff\xfe\n\x01.txt")).write_text(data)
    elif kind == "locked":
        Path(f"{path}.txt").write_text(data)
        Path(f"{path}.txt").chmod(0)
    else:
        path.mkdir()
        (path / "~$x.txt").write_text(data)
