"""The recipe on a package made here: what it keeps, leaves out and writes, and that it writes it again."""

from __future__ import annotations

import importlib.util
import io
import json
import lzma
import tarfile
import tomllib

import pytest

from gknlp.places.divisions import read_divisions
from tests.conftest import ROOT

LISTS = {
    "provinces": [("91", "云岭省"), ("92", "泽京市")],
    "cities": [("9101", "云泽市"), ("9102", "独市"), ("9190", "省直辖县级行政区划"), ("9201", "市辖区")],
    "areas": [
        ("910101", "柳区"),
        ("910171", "云泽经济开发区"),
        ("910200", "独市"),
        ("919001", "直管市"),
        ("920101", "东柳区"),
    ],
    "streets": [
        ("910101001", "河湾街道办事处"),
        ("910101100", "柳湾镇"),
        ("910101200", "（新区）山前乡"),
        ("910101400", "柳湾农场"),
        ("910101401", "新开街道"),
        ("910101198", "柳区直辖村级区划"),
        ("910171100", "坡镇"),
        ("910200100", "独市独山镇"),
        ("920101001", "桥头街道"),
    ],
}


@pytest.fixture(scope="module")
def recipe():
    spec = importlib.util.spec_from_file_location("divisions_recipe", ROOT / "corpora" / "divisions" / "recipe.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pack(path, *, readme="截止时间：2023-06-30，发布时间：2023-09-11"):
    files = {f"dist/{key}.json": json.dumps([{"code": c, "name": n} for c, n in rows]) for key, rows in LISTS.items()}
    files |= {
        "package.json": json.dumps({"version": "1.2.3", "license": "MIT"}),
        "LICENSE": "  SOME LICENCE\nmore",
        "README.md": readme,
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def test_recipe(recipe, tmp_path):
    package = pack(tmp_path / "p.tgz")
    assert recipe.main([str(package), str(tmp_path)]) == 0
    packed = (tmp_path / "divisions.tsv.xz").read_bytes()
    card = (tmp_path / "corpus.toml").read_text(encoding="utf-8")
    table = read_divisions(lzma.decompress(packed).decode())
    assert dict(table.names) == {
        "910000": "云岭省",
        "910100": "云泽市",
        "910101": "柳区",
        "910101001": "河湾街道",
        "910101100": "柳湾镇",
        "910101200": "山前乡",
        "910171100": "坡镇",
        "910200": "独市",
        "910200100": "独山镇",
        "919001": "直管市",
        "920000": "泽京市",
        "920101": "东柳区",
        "920101001": "桥头街道",
    }
    assert table.parent("910171100") == "910100"
    told = tomllib.loads(card)
    assert told["levels"] == {"province": 2, "city": 2, "county": 3, "township": 6}
    assert told["left_out"] == {
        "cities_without_counties_repeated_as_county": 1,
        "of_these_named_like_townships": 1,
        "placeholders_of_city_level": 2,
        "townships_without_a_township_name": 1,
        "units_resembling_townships": 2,
        "zones_counted_as_counties": 1,
    }
    assert (told["version"], told["data_as_of"]) == ("1.2.3", "2023-06-30")
    recipe.main([str(package), str(tmp_path)])
    assert (tmp_path / "divisions.tsv.xz").read_bytes() == packed
    assert (tmp_path / "corpus.toml").read_text(encoding="utf-8") == card


def test_a_package_that_does_not_say_its_day_is_refused(recipe, tmp_path):
    with pytest.raises(SystemExit, match="which day"):
        recipe.main([str(pack(tmp_path / "p.tgz", readme="")), str(tmp_path)])
