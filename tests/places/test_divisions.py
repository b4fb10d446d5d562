"""The shipped table against its card, and what can be looked up in it."""

from __future__ import annotations

import hashlib
import lzma
import tomllib
from collections import Counter

import pytest

from gknlp.places import Division, load_divisions
from gknlp.places.divisions import is_under, read_divisions
from tests.conftest import ROOT

CARD = tomllib.loads((ROOT / "corpora" / "divisions" / "corpus.toml").read_text(encoding="utf-8"))
PACKED = (ROOT / CARD["table"]).read_bytes()


def test_the_card_names_these_bytes():
    assert hashlib.sha256(PACKED).hexdigest() == CARD["sha256"]
    assert hashlib.sha256(lzma.decompress(PACKED)).hexdigest() == CARD["sha256_unpacked"]
    assert len(PACKED) == CARD["n_bytes"] < 400_000


def test_the_card_counts_what_is_in_the_table():
    table = load_divisions()
    levels = Counter(table.get(code).level for code in table.codes)
    assert dict(levels) == CARD["levels"]
    assert len(table) == CARD["n_divisions"] == sum(CARD["levels"].values())
    assert sum(CARD["townships"].values()) == CARD["levels"]["township"]
    towns = sum(len(code) == 9 and table.names[code].endswith("镇") for code in table.codes)
    assert towns == CARD["townships"]["town"]


def test_levels_agree_with_the_known_numbers():
    """31 provinces without Hong Kong, Macao and Taiwan, 333 divisions of city level: the yearbooks' numbers of 2023."""
    assert CARD["levels"]["province"] == 31
    assert CARD["levels"]["city"] == 333


def test_codes_are_sorted_unique_and_each_has_its_parent():
    table = load_divisions()
    assert list(table.codes) == sorted(set(table.codes))
    for code in table.codes:
        parent = table.parent(code)
        if code.endswith("0000"):
            assert parent is None
        else:
            assert parent in table.names
            assert is_under(code, parent)
    assert not is_under("230104", "230104")


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("110105", ("北京市", "朝阳区")),
        ("419001", ("河南省", "济源市")),
        ("469025101", ("海南省", "白沙黎族自治县", "七坊镇")),
        ("441900121", ("广东省", "东莞市", "虎门镇")),
        ("130171100", ("河北省", "石家庄市", "宋营镇")),
        ("500229", ("重庆市", "城口县")),
        ("659001", ("新疆维吾尔自治区", "石河子市")),
        ("999999", ()),
        ("", ()),
    ],
)
def test_path(code, path):
    assert load_divisions().path(code) == path


def test_lookups():
    table = load_divisions()
    assert table.get("230104") == Division("230104", "道外区", "county")
    assert table.get("2301") is None
    assert table.named("吉林市") == (Division("220200", "吉林市", "city"),)
    assert table.named("吉林") == table.named("") == ()
    assert [d.code for d in table.named("恩施州")] == ["422800"]
    assert table.children("419001")[0] == Division("419001001", "沁园街道", "township")
    assert {d.level for d in table.children("110000")} == {"county"}
    assert [d.name for d in table.children("460000")][:4] == ["海口市", "三亚市", "三沙市", "儋州市"]
    assert table.children("230104109") == table.children("nowhere") == table.children("") == ()


def test_every_division_is_the_child_of_its_parent_once():
    table = load_divisions()
    below = [d.code for code in table.codes if len(code) == 6 for d in table.children(code)]
    assert sorted(below) == [code for code in table.codes if not code.endswith("0000")]


def test_nothing_that_is_no_division_is_in_it():
    names = load_divisions().names.values()
    assert not [n for n in names if n.endswith(("开发区", "管委会", "农场", "市辖区", "直辖村级区划", "社区"))]


def test_an_empty_table_is_a_table():
    table = read_divisions("")
    assert len(table) == 0
    assert table.named("道外区") == table.children("230104") == ()
