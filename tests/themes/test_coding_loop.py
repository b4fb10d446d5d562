"""The coder's loop from a sample to labels to train on, with simulated coders of known error; and its commands."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from dataclasses import replace

import pytest

from gknlp.cli import main
from gknlp.errors import UsageError
from gknlp.themes import classify_corpus
from gknlp.themes.coding import (
    CodedSheet,
    CodedUnit,
    Codes,
    Place,
    SampleConfig,
    adjudicate,
    build_frame,
    draw_sample,
    encode_disagreements,
    encode_sheet,
    estimate_prevalences,
    gold_files,
    measure_agreement,
    open_rows,
    read_pass,
    read_places,
    read_sample,
    read_sheet,
    read_units,
    sheet_rows,
)
from tests.conftest import ROOT
from tests.themes.test_coding_corpus import BOOK, make_corpus


@pytest.fixture(scope="module")
def drawn():
    """Frame, truth by text, labels of the dictionary, and the rows of a sample of 300."""
    tables, truth = make_corpus(n_reports=40, n_units=25)
    frame = build_frame(tables["units"], tables["reports"], codebook=BOOK)
    labels = classify_corpus(tables, codebook=BOOK)["theme_labels"]
    sample = draw_sample(frame, labels=labels, config=SampleConfig(n=300, random_share=0.6))
    return frame, truth, labels, sheet_rows(sample)


def simulate(rows, truth, *, error: float, seed: int):
    """The rows as a coder fills them in who errs in a known share of units, and then with another theme of the section."""
    rng = random.Random(seed)
    coded = []
    for row in rows:
        code = truth[row.unit.text]
        if rng.random() < error:
            others = [theme.code for theme in BOOK.admissible(row.unit.section, row.unit.part) if theme.code != code]
            code = rng.choice(others)
        coded.append(replace(row, codes=Codes((code,), {"modality": "done"})))
    return coded


def send(rows, name: str) -> CodedSheet:
    """A sheet to a coder and back."""
    suffix = "." + name.rpartition(".")[2]
    return read_sheet(encode_sheet(rows, suffix=suffix, codebook=BOOK)[suffix], name, codebook=BOOK)


def agreement_of(*sheets: CodedSheet, n_resamples: int = 200):
    codings = {sheet.coder: {row.unit.id: row.codes for row in sheet.rows} for sheet in sheets}
    places = {row.unit.id: Place(row.unit.section, row.unit.part, row.unit.stratum) for s in sheets for row in s.rows}
    return measure_agreement(codings, places=places, codebook=BOOK, n_resamples=n_resamples)


@pytest.mark.parametrize(("error", "expected"), [(0.0, 1.0), (0.1, 0.81), (0.3, 0.5)])
def test_alpha_finds_the_error_that_was_simulated(drawn, error, expected):
    """Two coders who err in a share e of units agree in about (1 - e)^2 of them, chance aside."""
    _, truth, _, rows = drawn
    one = send(simulate(rows, truth, error=error, seed=1), "wang.xlsx")
    other = send(simulate(rows, truth, error=error, seed=2), "li.csv")
    agreement = agreement_of(one, other)
    measured = {(m.kind, m.name, m.distance): m.value for m in agreement.measures}
    primary = measured["primary", "all", "nominal"]
    assert primary.alpha == pytest.approx(expected, abs=0.06)
    assert primary.low <= primary.alpha <= primary.high
    assert primary.n_units == 300
    assert measured["primary", "random stratum", "nominal"].n_units == 180
    assert measured["set", "all", "masi"].alpha == pytest.approx(primary.alpha)
    assert sum(row[4] for row in agreement.confusion) == 300
    differing = sum(row[4] for row in agreement.confusion if row[2] != row[3])
    assert primary.percent == pytest.approx(1 - differing / 300)


def test_three_coders_with_missing_codes(drawn):
    _, truth, _, rows = drawn
    sheets = [
        send([row if (n + coder) % 3 else replace(row, codes=None) for n, row in enumerate(filled)], f"c{coder}.csv")
        for coder in range(3)
        for filled in [simulate(rows, truth, error=0.1, seed=coder)]
    ]
    assert [len(sheet.rows) for sheet in sheets] == [200, 200, 200]
    agreement = agreement_of(*sheets, n_resamples=0)
    assert agreement.measures[0].value.n_units == 300
    assert agreement.measures[0].value.alpha == pytest.approx(0.81, abs=0.06)
    assert len({row[:2] for row in agreement.confusion}) == 3
    assert len(adjudicate(sheets).decided) == pytest.approx(300 * 0.81, abs=15)


def test_a_theme_is_measured_where_it_may_occur(drawn):
    _, truth, _, rows = drawn
    sheet = send(simulate(rows, truth, error=0.1, seed=1), "a.csv")
    other = send(simulate(rows, truth, error=0.1, seed=2), "b.csv")
    measured = {m.name: m for m in agreement_of(sheet, other, n_resamples=0).measures if m.kind == "theme"}
    n_problems = sum(row.unit.part == "problems" for row in rows)
    assert measured["P01"].value.n_units == n_problems < 300
    assert measured["P01"].n_coded == sum("P01" in row.codes.labels for s in (sheet, other) for row in s.rows)


def test_agreement_needs_two_coders(drawn):
    _, truth, _, rows = drawn
    with pytest.raises(UsageError, match="two coders or more"):
        agreement_of(send(simulate(rows, truth, error=0, seed=1), "a.csv"))


def test_the_order_of_further_themes_is_no_disagreement():
    unit = sheet_unit()
    sheets = [
        CodedSheet(name, (CodedUnit(unit, Codes(labels)),), ())
        for name, labels in [("a", ("O05", "O13", "O02")), ("b", ("O05", "O02", "O13"))]
    ]
    result = adjudicate(sheets)
    assert result.decided[0].codes.labels == ("O05", "O02", "O13")
    swapped = [sheets[0], CodedSheet("b", (CodedUnit(unit, Codes(("O13", "O05", "O02"))),), ())]
    assert [row.said for row in adjudicate(swapped).open] == ["a: O05;O13;O02 | b: O13;O05;O02"]


def sheet_unit():
    tables, _ = make_corpus(n_reports=1, n_units=1)
    frame = build_frame(tables["units"], tables["reports"], codebook=BOOK)
    return sheet_rows(draw_sample(frame, labels=classify_corpus(tables)["theme_labels"]))[0].unit


def test_what_one_coder_alone_coded_is_open():
    unit = sheet_unit()
    sheets = [CodedSheet("a", (CodedUnit(unit, Codes(("O05",))),), ()), CodedSheet("b", (), ())]
    result = adjudicate(sheets)
    assert result.decided == ()
    assert [(row.unit, row.said) for row in result.open] == [(unit, "a: O05")]


def test_nothing_coded_gives_nothing_decided():
    result = adjudicate([CodedSheet("a", (), ()), CodedSheet("b", (), ())])
    assert (result.decided, result.open) == ((), ())
    files = gold_files(result.decided)
    assert files["units.jsonl"] == b""
    assert files["labels.csv"] == b"id,labels,modality,specificity,valence,hedge,actor,how\n"


def test_from_sample_to_gold_labels_and_prevalences(drawn):
    """Two coders who err in a tenth of the units, an adjudicator who does not: labels as good as the agreement allows."""
    frame, truth, labels, rows = drawn
    sheets = [send(simulate(rows, truth, error=0.1, seed=n), f"coder{n}.xlsx") for n in (1, 2)]
    first = adjudicate(sheets)
    decisions = send(simulate(open_rows(first), truth, error=0.0, seed=3), "decided.xlsx")
    result = adjudicate(sheets, decisions=decisions)
    assert (result.open, result.problems) == ((), ())
    assert [item.how for item in result.decided].count("adjudicated") == len(first.open) > 30
    files = gold_files(result.decided, sheets=sheets)

    units = read_units(files["units.jsonl"], "units.jsonl")
    final = read_pass(files["labels.csv"], "labels.csv", codebook=BOOK)
    assert final.problems == ()
    assert list(units) == sorted(units) == list(final.codes)
    right = sum(codes.primary == truth[units[key]["text"]] for key, codes in final.codes.items())
    assert right / 300 > 0.98  # both coders made the same error in the rest

    weights = {row.id: row.weight for row in read_sample(files["sample.csv"], "sample.csv") if row.weight}
    assert sum(weights.values()) == pytest.approx(len(frame.units), abs=0.01)
    keys = zip(*(labels.column(name).to_pylist() for name in ("doc_id", "unit_id", "labels")), strict=True)
    classified = {frame.ids[doc, unit]: frozenset(own) for doc, unit, own in keys}
    coded = {key: frozenset(codes.labels) for key, codes in final.codes.items() if key in weights}
    found = estimate_prevalences(frame, classified=classified, coded=coded, weights=weights, codebook=BOOK)
    held, errors, naive = [], [], []
    for one in found:
        own = [unit for unit in frame.units if unit.family == one.family]
        share = sum(u.copies for u in own if truth[u.text] == one.theme) / sum(u.copies for u in own)
        held.append(one.estimate.low <= share <= one.estimate.high)
        errors.append(abs(one.estimate.share - share))
        naive.append(abs(one.estimate.classified - share))
    assert sum(held) / len(held) >= 0.9
    assert sum(errors) < sum(naive) or sum(naive) / len(naive) < 0.01


def test_what_nobody_decides_is_named_and_kept_in_the_sample(drawn):
    _, truth, _, rows = drawn
    sheets = [send(simulate(rows, truth, error=0.2, seed=n), f"coder{n}.csv") for n in (1, 2)]
    first = adjudicate(sheets)
    half = [
        row if n % 2 else replace(row, codes=None)
        for n, row in enumerate(simulate(open_rows(first), truth, error=0, seed=1))
    ]
    result = adjudicate(sheets, decisions=send(half, "half.csv"))
    assert len(result.open) == len(result.problems) == (len(first.open) + 1) // 2
    assert {problem.code for problem in result.problems} == {"undecided"}
    files = gold_files(result.decided, sheets=sheets, undecided=[row.unit for row in result.open])
    flags = [row.decided for row in read_sample(files["sample.csv"], "sample.csv")]
    assert (len(flags), flags.count(False)) == (300, len(result.open))


# ---------------------------------------------------------------- passes over a gold corpus

UNITS = "\n".join(
    json.dumps({"id": f"G{n}", "section": "overview", "part": None, "heading": "", "text": text}, ensure_ascii=False)
    for n, text in enumerate(["编发解读三篇。", "培训两期。", "公开一百条。", "受理申请五件。"], 1)
).encode()
FIRST = b"id,labels,modality,specificity,valence,hedge,actor\nG1,O05;O13,done,number,neutral,0,self\nG2,O18,done,number,neutral,0,self\nG3,O02,done,,neutral,0,self\nG4,O99,,,,,\n"
SECOND = b"id,labels,modality,specificity,valence,hedge,actor\nG1,O05,done,number,neutral,0,self\nG2,O18,done,number,neutral,0,self\nG3,O02,planned,,neutral,0,self\nG4,O08,,,,,\n"


def test_passes_are_read_and_their_disagreements_listed():
    passes = [read_pass(data, f"{name}.csv", codebook=BOOK) for data, name in ((FIRST, "first"), (SECOND, "second"))]
    assert [(p.sheet, p.line, p.id, p.code) for one in passes for p in one.problems] == [
        ("first.csv", 5, "G4", "unknown_label")
    ]
    assert passes[0].codes["G3"].facets["specificity"] == "none"
    data = encode_disagreements(passes, read_units(UNITS, "units.jsonl")).decode("utf-8-sig")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(data, newline=""))}
    assert {key: row["differs"] for key, row in rows.items()} == {
        "G1": "labels",
        "G3": "modality",
        "G4": "labels",
    }
    assert (rows["G1"]["first labels"], rows["G1"]["second labels"], rows["G1"]["labels"]) == ("O05;O13", "O05", "")
    assert (rows["G3"]["labels"], rows["G3"]["modality"], rows["G3"]["text"]) == ("O02", "", "公开一百条。")
    swapped = [
        FIRST.replace(b"G1,O05;O13,", b"G1,O05;O13;O02,"),
        SECOND.replace(b"G1,O05,done", b"G1,O05;O02;O13,state"),
    ]
    passes = [read_pass(data, f"{name}.csv", codebook=BOOK) for name, data in enumerate(swapped)]
    data = encode_disagreements(passes, read_units(UNITS, "units.jsonl")).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(data, newline="")))
    assert (row["id"], row["differs"], row["labels"]) == ("G1", "modality", "O05;O13;O02")
    assert read_places(UNITS, "units.jsonl")["G1"] == Place("overview", None)


# ---------------------------------------------------------------- commands


@pytest.fixture
def call(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["gknlp", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out = capsys.readouterr()
        return ended.value.code, out.out, out.err

    return run


def fill(path, truth_of, name):
    """Code every row of a sheet on disk with the theme that ``truth_of`` gives, as a coder in a spreadsheet would."""
    head, *body = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    for number, row in enumerate(body):
        cells = dict(zip(head, row, strict=True))
        row[head.index("primary")] = truth_of(number, cells)
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows([head, *body])
    (path.parent / name).write_bytes(sink.getvalue().encode("utf-8-sig"))
    return path.parent / name


def test_the_commands_carry_the_loop(tmp_path, call):
    reports = sorted((ROOT / "corpora" / "sample" / "reports").rglob("*.txt"))[:12]
    (tmp_path / "reports").mkdir()
    for number, path in enumerate(reports):
        (tmp_path / "reports" / f"{number}.txt").write_bytes(path.read_bytes())
    corpus = tmp_path / "corpus"
    assert call("corpus", "build", tmp_path / "reports", "--to", corpus)[0] == 0
    code, _, err = call("themes", "sample", corpus, "--n", 80, "--to", tmp_path / "sheet.csv")
    assert code == 0
    assert "40 random, 24 uncertain, 16 diverse" in err
    first = (tmp_path / "sheet.csv").read_bytes()
    call("themes", "sample", corpus, "--n", 80, "--to", tmp_path / "sheet.csv")
    assert (tmp_path / "sheet.csv").read_bytes() == first

    def code_of(number, cells, every):
        themes = BOOK.admissible(cells["section"], cells["part"] or None)
        return themes[number % every == 0].code

    one = fill(tmp_path / "sheet.csv", lambda n, cells: code_of(n, cells, 3), "wang.csv")
    other = fill(tmp_path / "sheet.csv", lambda n, cells: code_of(n, cells, 4), "li.csv")
    code, out, err = call("themes", "agree", one, other, "--json", "--to", tmp_path / "agreement", "--resamples", 50)
    assert (code, json.loads(out)["coders"]) == (0, ["wang", "li"])
    measured = json.loads((tmp_path / "agreement" / "agreement.json").read_text("utf-8"))
    assert measured == json.loads(out)
    differ = sum((n % 3 == 0) != (n % 4 == 0) for n in range(80))
    assert measured["measures"][0]["percent"] == pytest.approx(1 - differ / 80)

    open_sheet = tmp_path / "agreement" / "adjudicate.csv"
    decided = fill(
        open_sheet, lambda n, cells: BOOK.admissible(cells["section"], cells["part"] or None)[0].code, "d.csv"
    )
    assert len(list(csv.reader(io.StringIO(decided.read_text("utf-8-sig"), newline="")))) == differ + 1
    code, _, err = call("themes", "adjudicate", one, other, "--decisions", decided, "--to", tmp_path / "gold")
    assert (code, f"{80 - differ} agreed, {differ} adjudicated, 0 undecided" in err) == (0, True)
    assert {path.name for path in (tmp_path / "gold").rglob("*.*")} == {
        "units.jsonl",
        "labels.csv",
        "sample.csv",
        "problems.csv",
        "wang.csv",
        "li.csv",
    }

    code, out, err = call("themes", "prevalence", tmp_path / "gold", corpus, "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert all(0 <= row["low"] <= row["share"] <= row["high"] <= 1 for row in rows)
    assert {row["n_coded"] for row in rows if row["family"] == "overview"} <= set(range(2, 41))


def test_a_bad_row_ends_agree_with_1_and_is_named(drawn, tmp_path, call):
    _, truth, _, rows = drawn
    (tmp_path / "a.csv").write_bytes(
        encode_sheet(simulate(rows[:20], truth, error=0, seed=1), suffix=".csv", codebook=BOOK)[".csv"]
    )
    bad = fill(tmp_path / "a.csv", lambda n, cells: "O99" if n == 4 else cells["primary"], "b.csv")
    code, out, err = call("themes", "agree", tmp_path / "a.csv", bad, "--resamples", 10, "--to", tmp_path / "x")
    assert code == 1
    assert "b.csv: line 6" in err and "unknown_label primary: O99" in err
    assert "vanished_row" in err
    assert "primary" in out
    problems = (tmp_path / "x" / "problems.csv").read_text("utf-8-sig")
    assert problems.count("unknown_label") == 1
    assert str(tmp_path) not in problems


def test_decisions_on_passes_become_labels(tmp_path, call):
    passes = [read_pass(data, f"{name}.csv", codebook=BOOK) for data, name in ((FIRST, "first"), (SECOND, "second"))]
    text = encode_disagreements(passes, read_units(UNITS, "units.jsonl")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    rows[0]["labels"], rows[1]["modality"] = "O05;O13", "planned"
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    for name, data in (("first", FIRST), ("second", SECOND), ("decided", sink.getvalue().encode())):
        (tmp_path / f"{name}.csv").write_bytes(data)
    code, _, err = call(
        "themes", "adjudicate", tmp_path / "first.csv", tmp_path / "second.csv", "--passes",
        "--decisions", tmp_path / "decided.csv", "--to", tmp_path / "gold",
    )  # fmt: skip
    assert code == 1 and "G4: undecided" in err  # its row in decided.csv is still empty
    assert (tmp_path / "gold" / "labels.csv").read_text() == (
        "id,labels,modality,specificity,valence,hedge,actor,how\n"
        "G1,O05;O13,done,number,neutral,0,self,adjudicated\n"
        "G2,O18,done,number,neutral,0,self,agreed\n"
        "G3,O02,planned,,neutral,0,self,adjudicated\n"
    )


def test_passes_are_compared_by_command(tmp_path, call):
    (tmp_path / "units.jsonl").write_bytes(UNITS)
    (tmp_path / "first.csv").write_bytes(FIRST)
    (tmp_path / "second.csv").write_bytes(SECOND)
    code, out, err = call(
        "themes", "agree", tmp_path / "first.csv", tmp_path / "second.csv", "--units", tmp_path / "units.jsonl",
        "--to", tmp_path / "x", "--json",
    )  # fmt: skip
    assert code == 1 and "unknown_label" in err
    assert json.loads(out)["n_units"] == 4
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == [
        "agreement.csv",
        "agreement.json",
        "confusion.csv",
        "disagreements.csv",
        "problems.csv",
    ]


def test_what_is_no_sheet_is_a_usage_error(tmp_path, call):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    code, _, err = call("themes", "agree", tmp_path / "a.csv", tmp_path / "none.csv")
    assert code == 2 and "no coding sheet" in err
    code, _, err = call("themes", "agree", tmp_path / "none.csv", tmp_path / "a.csv")
    assert code == 2 and "cannot be read" in err
