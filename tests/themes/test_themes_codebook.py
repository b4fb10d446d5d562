"""The codebook: complete, checked on load, hashed by content, printable."""

import copy
import os
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from gknlp.errors import UsageError
from gknlp.manifest import hash_value
from gknlp.themes import codebook_markdown, load_codebook
from gknlp.themes.codebook import read_codebook

CODES = {
    "structural": ["S1", "S2", "S3"],
    "overview": [f"O{number:02}" for number in range(21)],
    "problems": [f"P{number:02}" for number in range(12)],
    "improvements": [f"I{number:02}" for number in range(13)],
    "other": [f"X{number:02}" for number in range(1, 7)],
}
HEADS = {"主动公开": 6, "依申请公开": 2, "政府信息管理": 3, "平台建设": 3, "监督保障": 4}
SHIPPED = files("gknlp.themes").joinpath("codebook.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def codebook():
    return load_codebook()


@pytest.mark.parametrize("family", CODES)
def test_every_code_of_the_taxonomy_is_there_in_order(codebook, family):
    assert [theme.code for theme in codebook.themes_of(family)] == CODES[family]


def test_codebook_order_is_that_of_the_families(codebook):
    assert list(codebook.codes) == [code for codes in CODES.values() for code in codes]


def test_every_theme_has_its_fields(codebook):
    for theme in codebook.themes:
        texts = [theme.name_zh, theme.name_en, theme.definition_en, theme.definition_zh, theme.include, theme.exclude]
        assert all(text.strip() for text in texts), theme.code
        assert re.fullmatch(rf"{theme.code}_[a-z0-9_]+", theme.key)
        assert len(theme.positive) >= 2, theme.code
        assert len(theme.negative) >= 2, theme.code
        assert theme.cues, theme.code
        assert re.search("[一-鿿]", theme.definition_zh), theme.code
        assert not re.search("[一-鿿]", theme.name_en), theme.code


def test_no_two_examples_are_the_same_text(codebook):
    texts = [text for theme in codebook.themes for text in theme.positive]
    assert len(set(texts)) == len(texts)


def test_heads_are_the_five_official_ones_of_section_one(codebook):
    heads = [theme.head for theme in codebook.themes_of("overview")]
    assert {head: heads.count(head) for head in HEADS} == HEADS
    assert heads.count("cross") == 3  # O00, O01, O20


def test_weak_formulas_are_the_only_fallbacks(codebook):
    assert [theme.code for theme in codebook.themes if theme.fallback] == ["O00", "P00", "I00"]


@pytest.mark.parametrize(
    ("section", "part", "families"),
    [
        ("overview", None, ["overview"]),
        ("capacity", None, ["overview"]),
        ("problems_improvements", "problems", ["problems"]),
        ("problems_improvements", "improvements", ["improvements"]),
        ("problems_improvements", None, ["problems", "improvements"]),
        ("other_matters", None, ["other"]),
        ("requests_table", None, []),
        ("no such section", None, []),
    ],
)
def test_section_and_part_tell_the_family(codebook, section, part, families):
    assert [family.code for family in codebook.families_of(section, part)] == families


def test_section_one_admits_its_own_themes_and_five_of_section_six(codebook):
    codes = [theme.code for theme in codebook.admissible("overview", None)]
    assert codes == CODES["overview"] + ["X01", "X02", "X03", "X04", "X05"]


def test_hash_is_that_of_the_content(codebook):
    assert codebook.hash == hash_value(tomllib.loads(SHIPPED))
    assert read_codebook(tomllib.loads("# a remark\n" + SHIPPED)).hash == codebook.hash
    assert read_codebook(tomllib.loads(SHIPPED.replace("图解", "图说"))).hash != codebook.hash


def test_a_codebook_can_be_loaded_from_a_path(tmp_path: Path, codebook):
    path = tmp_path / "mine.toml"
    path.write_text(SHIPPED, encoding="utf-8")
    assert load_codebook(path) == codebook


def test_lookups_name_what_is_known(codebook):
    assert codebook.theme("X02").key == "X02_proposals"
    with pytest.raises(UsageError, match="no theme has the code 'O99'; the codes are: S1, S2"):
        codebook.theme("O99")
    with pytest.raises(UsageError, match="no family is called 'facets'; known: structural, overview"):
        codebook.themes_of("facets")


def test_unreadable_files_are_told(tmp_path: Path):
    with pytest.raises(UsageError, match=r"absent\.toml: cannot be read"):
        load_codebook(tmp_path / "absent.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("version = ", encoding="utf-8")
    with pytest.raises(UsageError, match=r"broken\.toml: is no TOML"):
        load_codebook(broken)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'version = "\xe9"')
    with pytest.raises(UsageError, match=r"latin\.toml: cannot be read"):
        load_codebook(latin)


def _theme(data, code):
    return next(theme for theme in data["themes"] if theme["code"] == code)


def _without(code, key):
    return lambda data: _theme(data, code).pop(key)


def _with(code, key, value):
    return lambda data: _theme(data, code).update({key: value})


def _cue(code, cue):
    return _with(code, "cues", [cue])


BROKEN = {
    "missing definition": (_without("O05", "definition_zh"), "theme O05: definition_zh: is missing"),
    "blank name": (_with("O05", "name_en", "  "), "theme O05: name_en: expected a text, found '  '"),
    "unknown key": (_with("P03", "examples", []), "theme P03: examples: unknown key; allowed: also_in, "),
    "one example": (_with("P03", "positive", ["有错别字。"]), "theme P03: positive: needs 2 examples or more, found 1"),
    "same example": (_with("P03", "positive", ["错。", "错。"]), "theme P03: positive: '错。' is listed twice"),
    "text for list": (_with("P03", "positive", "错。"), "theme P03: positive: expected a list of texts, found '错。'"),
    "no negatives": (_with("I01", "negative", []), "theme I01: negative: needs 2 examples or more, found 0"),
    "unknown instead": (
        _with("I01", "negative", [{"text": "甲", "instead": "I99"}, {"text": "乙", "instead": "I02"}]),
        "theme I01: negative: instead must be another theme's code, found 'I99'",
    ),
    "own code instead": (
        _with("I01", "negative", [{"text": "甲", "instead": "I01"}, {"text": "乙", "instead": "I02"}]),
        "theme I01: negative: instead must be another theme's code, found 'I01'",
    ),
    "no cues": (_with("X05", "cues", []), "theme X05: cues: needs one cue or more"),
    "cues no tables": (_with("X05", "cues", ["通报"]), "theme X05: cues: expected a list of tables"),
    "empty cue": (_cue("X05", {"weight": 1.0}), "theme X05, cues 1: cue: needs one of words, any, all, pattern"),
    "unknown cue key": (_cue("X05", {"word": ["通报"]}), "theme X05, cues 1: word: unknown key; allowed: all, any"),
    "blank word": (
        _cue("X05", {"words": ["通报", ""]}),
        "theme X05, cues 1: words: expected a list of texts, found ''",
    ),
    "mixed words": (
        _cue("X05", {"words": ["通报"], "pattern": "被通报"}),
        "theme X05, cues 1: words: stands with 'not' and 'weight' only",
    ),
    "weight zero": (
        _cue("X05", {"words": ["通报"], "weight": 0}),
        "theme X05, cues 1: weight: expected a number above 0, found 0",
    ),
    "weight text": (
        _cue("X05", {"words": ["通报"], "weight": "high"}),
        "theme X05, cues 1: weight: expected a number above 0, found 'high'",
    ),
    "bad pattern": (_cue("X05", {"pattern": "(通报"}), "theme X05, cues 1: pattern: is no regular expression"),
    "empty pattern": (_cue("X05", {"pattern": ".{0,3}"}), "theme X05, cues 1: pattern: matches the empty text"),
    "full-width pattern": (
        _cue("X05", {"pattern": "通报（无）"}),
        "theme X05, cues 1: pattern: cues see half-width text without spaces; write '通报(无)'",
    ),
    "unknown list": (
        _cue("X05", {"pattern": "通报<mild>"}),
        "theme X05, cues 1: pattern: no list is called <mild>; known: lack, needs, count",
    ),
    "key without code": (_with("O05", "key", "policy"), "theme O05: key: must begin with the code and an underscore"),
    "unknown family": (_with("O05", "family", "facets"), "theme O05: family: no family is called 'facets'; known: str"),
    "family of another letter": (
        _with("O05", "family", "other"),
        "theme O05: code: codes of the family other begin with X",
    ),
    "code twice": (lambda data: data["themes"].append(_theme(data, "O05")), "theme O05: code: is given to two themes"),
    "no such section": (_with("X01", "also_in", ["intro"]), "theme X01: also_in: no section is called 'intro'; known:"),
    "fallback no flag": (_with("O00", "fallback", "yes"), "theme O00: fallback: expected true or false, found 'yes'"),
    "themes absent": (lambda data: data.pop("themes"), "top level: themes: is missing"),
    "unit absent": (lambda data: data.pop("unit"), "top level: unit: is missing"),
    "unknown top key": (lambda data: data.update(facets={}), "top level: facets: unknown key"),
    "version number": (lambda data: data.update(version=1), "top level: version: expected a text, found 1"),
    "case without theme": (
        lambda data: data["ambiguous"][0].update(labels=["O11", "O77"]),
        "top level, ambiguous 1: labels: no theme has the code 'O77'",
    ),
    "case without its primary": (
        lambda data: data["ambiguous"][0].update(labels=["O17", "O11"]),
        "top level, ambiguous 1: labels: must begin with the primary 'O11'",
    ),
    "family in no section": (
        lambda data: data["families"][1].update(sections=["intro"]),
        "top level, families 2: sections: no section is called 'intro'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_codebook_is_told_by_theme_and_key(name):
    change, message = BROKEN[name]
    data = copy.deepcopy(tomllib.loads(SHIPPED))
    change(data)
    with pytest.raises(UsageError) as caught:
        read_codebook(data)
    assert str(caught.value).startswith(f"codebook: {message}")


def test_markdown_has_every_theme_with_rules_and_examples(codebook):
    page = codebook_markdown(codebook)
    assert page.startswith(f"# Codebook 1.0\n\nSHA-256 {codebook.hash}\n")
    for theme in codebook.themes:
        assert page.count(f"\n### {theme.code} {theme.name_zh} · {theme.name_en}\n") == 1
        assert all(f"- ✓ {text}\n" in page for text in theme.positive)
        assert all(f"- ✗ {example.text} → {example.instead}\n" in page for example in theme.negative)
    for case in codebook.ambiguous:
        assert f"{case.text} | {', '.join(case.labels)} | {case.rule} |" in page
    assert "weight" not in page  # cues are the dictionary's, not the coders'
    assert page == codebook_markdown(load_codebook())


OFFICIAL = (
    "中华人民共和国政府信息公开条例",
    "习近平新时代中国特色社会主义思想",
    "政府信息公开工作年度报告",
    "无其他需要报告的事项",
)
"""Titles of laws and forms and official slogans: facts, not wording."""


@pytest.mark.real
def test_no_wording_is_shared_with_real_reports(codebook):
    folder = os.environ.get("GKNLP_REAL_REPORTS")
    if not folder:
        pytest.skip("GKNLP_REAL_REPORTS names no folder of real reports")
    reports = sorted(Path(folder).glob("*.txt"))
    assert reports, f"no .txt report in {folder}"
    runs = {run for path in reports for run in _runs(path.read_text(encoding="utf-8", errors="replace"))}
    own = [text for theme in codebook.themes for text in (*theme.positive, theme.definition_zh, theme.include)]
    own += [example.text for theme in codebook.themes for example in theme.negative]
    own += [case.text for case in codebook.ambiguous]
    own += [word for theme in codebook.themes for cue in theme.cues for word in cue.any_of + cue.all_of]
    shared = {run for text in own for run in _runs(text)} & runs
    assert not {run for run in shared if not any(run in title for title in OFFICIAL)}


def _runs(text: str, length: int = 10) -> set[str]:
    """Every run of ``length`` consecutive Chinese characters, white space aside."""
    blocks = re.findall("[一-鿿]+", re.sub(r"\s+", "", text))
    return {block[at : at + length] for block in blocks for at in range(len(block) - length + 1)}


def test_runs_of_characters_end_at_punctuation():
    assert _runs("甲乙丙丁，戊己", 3) == {"甲乙丙", "乙丙丁"}
    assert _runs("") == set()
