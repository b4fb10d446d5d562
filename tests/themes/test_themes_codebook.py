"""The codebook: complete, checked on load, hashed by content, printable."""

import copy
import json
import os
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gknlp.errors import UsageError
from gknlp.manifest import hash_value
from gknlp.themes import codebook_html, codebook_markdown, load_codebook
from gknlp.themes.codebook import read_codebook

CODES = {
    "structural": ["S1", "S2", "S3"],
    "overview": [f"O{number:02}" for number in range(21)],
    "problems": [f"P{number:02}" for number in range(12)],
    "improvements": [f"I{number:02}" for number in range(13)],
    "other": [f"X{number:02}" for number in range(1, 7)],
}
CONFUSED = [f"O{number:02}" for number in (0, 2, 10, 11, 12, 13, 14, 15, 16, 17)]
CONFUSED += [
    "P00",
    "P02",
    "P03",
    "P04",
    "P05",
    "P07",
    "P08",
    "P10",
    "I00",
    "I02",
    "I03",
    "I04",
    "I07",
    "I10",
    "S2",
    "X06",
]
"""Themes that coders take for one another: they need more examples."""
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
        enough = 4 if theme.code in CONFUSED else 3
        assert len(theme.positive) >= enough, theme.code
        assert len(theme.negative) >= enough, theme.code
        assert theme.cues, theme.code
        assert re.search("[一-鿿]", theme.definition_zh), theme.code
        assert not re.search("[一-鿿]", theme.name_en), theme.code


def test_no_two_examples_are_the_same_text(codebook):
    texts = [text for theme in codebook.themes for text in theme.positive]
    texts += [case.text for case in codebook.ambiguous if case.section not in ("other_matters", "preamble")]
    assert len(set(texts)) == len(texts)


def test_every_exclude_rule_names_the_code_to_use_instead(codebook):
    for theme in codebook.themes:
        named = set(re.findall(r"\b[SOPIX]\d{1,2}\b", theme.exclude))
        assert named & set(codebook.codes) - {theme.code}, theme.code
        assert named <= set(codebook.codes), theme.code


def test_rules_and_cases_name_known_codes_only(codebook):
    texts = [rule.text for rule in codebook.rules] + [case.rule for case in codebook.ambiguous]
    texts += [text for theme in codebook.themes for text in (theme.include, theme.exclude)]
    texts += [tie for facet in codebook.facets for tie in facet.ties]
    assert {code for text in texts for code in re.findall(r"\b[SOPIX]\d{1,2}\b", text)} <= set(codebook.codes)


def test_there_are_cases_for_every_confusion(codebook):
    assert len(codebook.ambiguous) >= 30
    labels = {label for case in codebook.ambiguous for label in case.labels}
    assert set(CONFUSED) <= labels
    for case in codebook.ambiguous:
        admissible = {theme.code for theme in codebook.admissible(case.section, case.part) + codebook.structural}
        assert set(case.labels) <= admissible, case.text
        assert len(case.labels) <= 3
        assert len(case.labels) == 1 or not {"S1", "S2", "S3", "O00", "P00", "I00"} & set(case.labels), case.text
    keys = [(case.section, case.part, case.heading, case.text) for case in codebook.ambiguous]
    assert len(set(keys)) == len(keys)


FACETS = {
    "modality": ("done", "planned", "exhortative", "state"),
    "specificity": ("number", "date", "instrument", "place_or_body"),
    "valence": ("achievement", "neutral", "shortfall"),
    "hedge": ("1", "0"),
    "actor": ("self", "superior", "staff", "public", "none"),
}


def test_facets_have_the_values_of_the_coding_sheets(codebook):
    assert {facet.code: facet.codes for facet in codebook.facets} == FACETS
    assert [facet.code for facet in codebook.facets if facet.many] == ["specificity"]
    assert [facet.code for facet in codebook.facets if facet.words] == ["hedge"]
    for facet in codebook.facets:
        assert {value for case in facet.cases for value in case.values} == set(facet.codes)
        assert len(facet.cases) >= 8
        assert len(facet.ties) >= 4
    with pytest.raises(UsageError, match="no facet is called 'mood'; known: modality, specificity, valence, hedge"):
        codebook.facet("mood")


def test_hedge_cases_follow_the_closed_list(codebook):
    hedge = codebook.facet("hedge")
    for case in hedge.cases:
        if case.values == ("1",):
            assert any(word in case.text for word in hedge.words), case.text
    softened = next(value for value in hedge.values if value.value == "1")
    assert all(any(word in text for word in hedge.words) for text in softened.examples)


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


def _facet(code, **changes):
    return lambda data: next(facet for facet in data["facets"] if facet["code"] == code).update(changes)


CASE = {"text": "公开九条。", "values": ["number"], "rule": "A count."}
TWO_MORE = [{"text": "乙", "instead": "I02"}, {"text": "丙", "instead": "I03"}]
BROKEN = {
    "missing definition": (_without("O05", "definition_zh"), "theme O05: definition_zh: is missing"),
    "blank name": (_with("O05", "name_en", "  "), "theme O05: name_en: expected a text, found '  '"),
    "unknown key": (_with("P03", "examples", []), "theme P03: examples: unknown key; allowed: also_in, "),
    "one example": (_with("P03", "positive", ["有错别字。"]), "theme P03: positive: needs 3 examples or more, found 1"),
    "same example": (_with("P03", "positive", ["错。", "错。"]), "theme P03: positive: '错。' is listed twice"),
    "text for list": (_with("P03", "positive", "错。"), "theme P03: positive: expected a list of texts, found '错。'"),
    "no negatives": (_with("I01", "negative", []), "theme I01: negative: needs 3 examples or more, found 0"),
    "unknown instead": (
        _with("I01", "negative", [{"text": "甲", "instead": "I99"}, *TWO_MORE]),
        "theme I01: negative: instead must be another theme's code, found 'I99'",
    ),
    "own code instead": (
        _with("I01", "negative", [{"text": "甲", "instead": "I01"}, *TWO_MORE]),
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
    "unknown top key": (lambda data: data.update(moods={}), "top level: moods: unknown key"),
    "rules absent": (lambda data: data.pop("rules"), "top level: rules: is missing"),
    "rule without text": (lambda data: data["rules"][1].pop("text"), "top level, rules 2: text: is missing"),
    "facets no tables": (lambda data: data.update(facets={}), "top level: facets: expected a list of tables"),
    "unknown facet key": (_facet("actor", who="x"), "facet actor: who: unknown key; allowed: cases, code"),
    "facet of one value": (
        lambda data: data["facets"][0].update(values=data["facets"][0]["values"][:1]),
        "facet modality: values: needs two different values or more, found done",
    ),
    "facet value without examples": (
        lambda data: data["facets"][0]["values"][0].update(examples=["已办。"]),
        "facet modality, values 1: examples: needs 2 examples or more, found 1",
    ),
    "facet case of an unknown value": (
        _facet("specificity", cases=[CASE | {"values": ["sum"]}]),
        "facet specificity, cases 1: values: no value is called 'sum'; known: number, date",
    ),
    "facet case out of order": (
        _facet("specificity", cases=[CASE | {"values": ["date", "number"]}]),
        "facet specificity, cases 1: values: must stand in the order number, date",
    ),
    "facet case of two values": (
        _facet("valence", cases=[CASE | {"values": ["neutral", "shortfall"]}]),
        "facet valence, cases 1: values: needs exactly one value, found 2",
    ),
    "facet case in no section": (
        _facet("specificity", cases=[CASE | {"section": "intro"}]),
        "facet specificity, cases 1: section: no section is called 'intro'; known:",
    ),
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
    assert page.startswith(f"# Codebook 2.0\n\nSHA-256 {codebook.hash}\n")
    for theme in codebook.themes:
        assert page.count(f"\n### {theme.code} {theme.name_zh} · {theme.name_en}\n") == 1
        assert f"\n| {theme.code} | {theme.name_zh} | {theme.name_en} | " in page
        assert all(f"- ✓ {text}\n" in page for text in theme.positive)
        assert all(f"- ✗ {example.text} → {example.instead}\n" in page for example in theme.negative)
    for case in codebook.ambiguous:
        assert f"| {case.heading} | {case.text} | {', '.join(case.labels)} | {case.rule} |\n" in page
    for number, rule in enumerate(codebook.rules, 1):
        assert f"\n{number}. **{rule.name}.** {rule.text}\n" in page
    for facet in codebook.facets:
        assert page.count(f"\n### {facet.code} {facet.name_zh} · {facet.name_en}\n\n{facet.question}\n") == 1
        assert all(f"\n- **{value.value}** {value.name_zh}: {value.definition} ✓ " in page for value in facet.values)
        assert all(f"- Tie: {tie}\n" in page for tie in facet.ties)
        assert all(
            f"| {case.text} | {';'.join(case.values) or '(empty)'} | {case.rule} |\n" in page for case in facet.cases
        )
    assert "weight" not in page  # cues are the dictionary's, not the coders'
    assert page == codebook_markdown(load_codebook())


def test_tables_of_the_page_have_one_width_each(codebook):
    blocks = re.split(r"\n(?!\|)", codebook_markdown(codebook))
    tables = [block for block in blocks if block.count("\n|") > 1]
    assert len(tables) == 2 + len(codebook.facets)
    for table in tables:
        assert len({line.count("|") for line in table.splitlines() if line.startswith("|")}) == 1


def test_the_page_is_html_too(codebook):
    page = codebook_html(codebook)
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert page.count("<h3>") == len(codebook.themes) + len(codebook.facets)
    assert page.count("<tr>") == codebook_markdown(codebook).count("\n|") - 2 - len(codebook.facets)
    assert page.count("<li>") == codebook_markdown(codebook).count("\n- ") + len(codebook.rules)
    assert all(f"<h3>{theme.code} {theme.name_zh} · {theme.name_en}</h3>" in page for theme in codebook.themes)
    assert "<strong>Structural first.</strong>" in page
    assert "|" not in page
    assert "**" not in page
    assert ElementTree.fromstring(page.removeprefix("<!doctype html>\n")).tag == "html"  # noqa: S314  # the page is our own


def test_what_a_codebook_says_is_never_markup():
    data = tomllib.loads(SHIPPED)
    data["themes"][0]["include"] = "<b>甲</b> & 乙"
    data["ambiguous"][0]["rule"] = "甲 | 乙"
    codebook = read_codebook(data)
    assert "Include: &lt;b&gt;甲&lt;/b&gt; &amp; 乙" in codebook_html(codebook)
    assert "<td>甲 | 乙</td>" in codebook_html(codebook)
    assert "甲 \\| 乙 |\n" in codebook_markdown(codebook)


OFFICIAL = {
    "titles of laws and names of offices": [
        "国务院办公厅政府信息与政务公开办公室",
        "中华人民共和国政府信息公开条例",
        "中华人民共和国行政复议法",
        "中华人民共和国行政诉讼法",
        "中华人民共和国保守国家秘密法",
        "关于全面推进政务公开工作的意见",
        "国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知",
        "关于全面推进基层政务公开标准化规范化工作的指导意见",
    ],
    "labels of the form": [
        "政府信息公开工作年度报告",
        "主动公开政府信息情况",
        "主动公开政府信息的情况",
        "因政府信息公开申请行政复议提起行政诉讼的情况",
        "收到和处理政府信息公开申请情况",
        "政府信息公开行政复议行政诉讼情况",
        "存在的主要问题及改进情况",
        "其他需要报告的事项",
        "无其他需要报告的事项",
        "本年新收政府信息公开申请数量",
        "公民、法人或者其他组织",
    ],
    "official slogans": [
        "习近平新时代中国特色社会主义思想",
        "以习近平新时代中国特色社会主义思想为指导",
        "以公开为常态不公开为例外",
        "人民群众的知情权参与权表达权和监督权",
        "基层政务公开标准化规范化",
        "谁公开谁审查谁审查谁负责",
    ],
}
"""Facts, not wording: what every report may say word for word. Punctuation is no part of a run."""
GOLD_UNITS = Path(__file__).parents[2] / "corpora" / "gold" / "units.jsonl"


@pytest.fixture(scope="module")
def real_runs():
    folder = os.environ.get("GKNLP_REAL_REPORTS")
    if not folder:
        pytest.skip("GKNLP_REAL_REPORTS names no folder of real reports")
    reports = sorted(Path(folder).glob("*.txt"))
    assert reports, f"no .txt report in {folder}"
    return {run for path in reports for run in _runs(path.read_text(encoding="utf-8", errors="replace"))}


@pytest.mark.real
def test_the_codebook_shares_no_wording_with_real_reports(real_runs):
    assert _shared([("codebook", text) for text in _texts(tomllib.loads(SHIPPED))], real_runs) == []


@pytest.mark.real
def test_the_gold_units_share_no_wording_with_real_reports(real_runs):
    if not GOLD_UNITS.exists():
        pytest.skip("corpora/gold/units.jsonl is not there")
    units = [json.loads(line) for line in GOLD_UNITS.read_text(encoding="utf-8").splitlines() if line]
    assert units
    texts = [(unit["id"], text) for unit in units for text in (unit["heading"], unit["text"])]
    assert _shared(texts, real_runs) == []


def _texts(value) -> Iterator[str]:
    """Every text of a parsed TOML document, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _shared(texts, runs: set[str]) -> list[tuple[str, str]]:
    """Each name with a run that its text, official wording cut out, shares with ``runs``; sorted."""
    allowed = {run for group in OFFICIAL.values() for title in group for run in _runs(title)}
    return sorted({(name, run) for name, text in texts for run in (_runs(text, cut=_OFFICIAL) & runs) - allowed})


def _letters(text: str) -> str:
    """The Chinese characters of a text: signs, white space, digits and letters do not break wording."""
    return "".join(re.findall("[一-鿿]", text))


_OFFICIAL = re.compile(
    "|".join(sorted((_letters(title) for group in OFFICIAL.values() for title in group), key=len)[::-1])
)


def _runs(text: str, length: int = 10, *, cut: re.Pattern[str] | None = None) -> set[str]:
    """Every run of ``length`` Chinese characters of a text; none reaches over what ``cut`` finds."""
    blocks = cut.split(_letters(text)) if cut else [_letters(text)]
    return {block[at : at + length] for block in blocks for at in range(len(block) - length + 1)}


def test_runs_of_characters_go_on_behind_punctuation():
    assert _runs("甲乙丙丁，\n戊1己", 5) == {"甲乙丙丁戊", "乙丙丁戊己"}
    assert _runs("") == set()


def test_shared_wording_is_found_and_official_wording_is_not():
    real = _runs("镇里把全部账本摆到广场，请乡亲们来翻。依照《中华人民共和国政府信息公开条例》办理。")
    told = [("a", "把全部账本摆到广场请乡亲们"), ("b", "《中华人民共和国政府信息公开条例》"), ("c", "无关")]
    assert {name for name, _ in _shared(told, real)} == {"a"}
    assert _shared(told[1:], real) == []
