"""Training to a folder and back, and what a model promises: same bytes, no changed byte, no neighbour, no code."""

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from pydantic import TypeAdapter, ValidationError

from gknlp.cli import main
from gknlp.errors import UsageError, VerificationError
from gknlp.experiment.steps import STEPS
from gknlp.schemas import REPORTS, UNITS
from gknlp.themes import UnitText, label_units
from gknlp.themes.learned import (
    LearnedClassifier,
    LearnedConfig,
    TrainConfig,
    classify_by_model,
    evaluate_codings,
    load_examples,
    load_model,
    load_spans,
    model_markdown,
    shipped_model,
    train_model,
    unseen_examples,
    write_model,
)
from gknlp.themes.learned.calibrate import Calibration
from gknlp.themes.learned.compare import compare_candidates, shuffle_labels
from gknlp.themes.learned.train import part_examples
from tests.themes.learned_examples import CODEBOOK, CONFIG, examples

FILES = ["README.md", "SHA256SUMS", "model.json", "model.toml", "weights.npz"]
ITEMS = [example.unit for example in examples()[::7]]


@pytest.fixture(scope="module")
def trained():
    more = {"others": {"real": examples()[:40]}, "notes": "## What fails\n\nShort units."}
    return train_model(examples(), codebook=CODEBOOK, config=CONFIG, **more)


@pytest.fixture(scope="module")
def classifier(trained):
    return LearnedClassifier(trained.model, CODEBOOK)


@pytest.fixture
def folder(trained, tmp_path):
    write_model(trained.model, tmp_path / "toy")
    return tmp_path / "toy"


def digests(folder):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_it_learns_and_says_so(trained, classifier):
    learned = [example for example in examples() if example not in unseen_examples(trained.model, examples())]
    codings = classifier.classify([example.unit for example in learned])
    right = np.mean([coding.primary == example.primary for coding, example in zip(codings, learned, strict=True)])
    assert right > 0.9
    assert trained.held_out.n_units == trained.model.about["data"]["n_held_out"] > 50
    page = model_markdown(trained.model)
    assert "held-out agencies" in page
    assert f"{trained.held_out.macro_f1.value:.3f} (" in page
    assert "| O05 |" in page


def test_further_units_and_notes_stand_on_the_card(trained, folder):
    assert trained.scores["real"].n_units == trained.dictionary["real"].n_units == 40
    page = (folder / "README.md").read_text("utf-8")
    assert page == model_markdown(trained.model)
    assert "| model: real reports, never learned from | 40 |" in page
    assert "## What fails" in page


def test_what_is_written_is_what_is_read(trained, classifier, folder):
    loaded = load_model(folder, codebook=CODEBOOK)
    assert loaded.id == trained.model.id
    assert LearnedClassifier(loaded, CODEBOOK).classify(ITEMS) == classifier.classify(ITEMS)
    assert sorted(digests(folder)) == FILES
    assert json.loads((folder / "model.json").read_text("utf-8"))["about"]["data"]["n_units"] == len(examples())
    sums = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert sums.returncode == 0


@pytest.mark.nightly
def test_any_order_of_the_units_gives_the_same_bytes(trained, folder, tmp_path):
    mixed = list(examples())
    random.Random(11).shuffle(mixed)
    write_model(train_model(mixed, codebook=CODEBOOK, config=CONFIG).model, tmp_path / "again")
    written, again = digests(folder), digests(tmp_path / "again")
    assert again["weights.npz"] == written["weights.npz"]
    assert load_model(tmp_path / "again", codebook=CODEBOOK).id == load_model(folder, codebook=CODEBOOK).id


TRAIN = """
import sys
from pathlib import Path
from gknlp.themes.learned import train_model, write_model
from tests.themes.learned_examples import CODEBOOK, CONFIG, examples
write_model(train_model(examples(), codebook=CODEBOOK, config=CONFIG).model, Path(sys.argv[1]))
"""


@pytest.mark.nightly
def test_neither_hash_seed_nor_threads_change_a_byte(folder, tmp_path):
    for seed, threads in (("1", "1"), ("4242", "2")):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        env = {**os.environ, "PYTHONHASHSEED": seed, **dict.fromkeys(names, threads)}
        subprocess.run([sys.executable, "-c", TRAIN, str(tmp_path / seed)], env=env, check=True)
    assert digests(tmp_path / "1") == digests(tmp_path / "4242")
    assert digests(tmp_path / "1")["weights.npz"] == digests(folder)["weights.npz"]


@pytest.mark.parametrize("name", FILES)
def test_any_changed_byte_is_refused(folder, name):
    whole = (folder / name).read_bytes()
    for at in {0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 2, len(whole) - 1}:
        (folder / name).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(VerificationError, match="changed or damaged"):
            load_model(folder, codebook=CODEBOOK)
    for other in (whole[:-1], whole + b"\n"):
        (folder / name).write_bytes(other)
        with pytest.raises(VerificationError, match="changed or damaged"):
            load_model(folder, codebook=CODEBOOK)


def reseal(folder, name, data):
    """Put other bytes into a model's folder together with their right hashes, as a forger would."""
    (folder / name).write_bytes(data)
    names = ("README.md", "model.json", "model.toml", "weights.npz")
    lines = [f"{hashlib.sha256((folder / one).read_bytes()).hexdigest()}  {one}\n" for one in names]
    (folder / "SHA256SUMS").write_bytes("".join(lines).encode())


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("bomb-went-off",)


def test_code_in_a_forged_file_never_runs(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in zipfile.ZipFile(folder / "weights.npz").namelist():
            member = io.BytesIO()
            np.save(member, np.array([Bomb()], dtype=object), allow_pickle=True)
            archive.writestr(name, member.getvalue())
    reseal(folder, "weights.npz", sink.getvalue())
    with pytest.raises(UsageError, match="holds no model"):
        load_model(folder, codebook=CODEBOOK)
    assert not (tmp_path / "bomb-went-off").exists()


def test_forged_numbers_are_refused(folder):
    settings = json.loads((folder / "model.json").read_text("utf-8"))
    settings["thresholds"]["first"] = 0.01
    reseal(folder, "model.json", json.dumps(settings).encode())
    with pytest.raises(VerificationError, match="promises"):
        load_model(folder, codebook=CODEBOOK)
    reseal(folder, "model.json", json.dumps({**settings, "format": 2}).encode())
    with pytest.raises(UsageError, match="format 2"):
        load_model(folder, codebook=CODEBOOK)
    reseal(folder, "model.json", b"[]")
    with pytest.raises(UsageError, match="holds no model"):
        load_model(folder, codebook=CODEBOOK)


def test_another_edition_of_the_codebook_needs_leave(folder, trained):
    other = replace(CODEBOOK, hash="0" * 64)
    with pytest.raises(UsageError, match="was trained by the codebook"):
        load_model(folder, codebook=other)
    assert load_model(folder, codebook=other, any_codebook=True).id == trained.model.id
    fewer = replace(CODEBOOK, themes=CODEBOOK.themes[:-1])
    with pytest.raises(UsageError, match="was trained by the codebook"):
        load_model(folder, codebook=fewer, any_codebook=True)


def test_an_unknown_name_is_answered_with_the_known(tmp_path):
    with pytest.raises(UsageError, match="none of that name comes with gknlp"):
        shipped_model("no-such-model")
    with pytest.raises(UsageError, match="no model at"):
        load_model(tmp_path, codebook=CODEBOOK)


def test_a_coding_depends_on_its_unit_alone(classifier):
    alone = [classifier.classify([item])[0] for item in ITEMS]
    assert classifier.classify(ITEMS) == alone
    assert classifier.classify(ITEMS[::-1]) == alone[::-1]
    assert classifier.classify([]) == []


def test_rules_of_the_codebook_hold(classifier):
    texts = ["举办公开业务培训班两期。", "", "……", "（一）", "\ud800"]
    places = [
        ("overview", None),
        ("preamble", None),
        ("problems_improvements", None),
        ("proactive_table", None),
        ("nowhere", None),
    ]
    items = [UnitText(section, part, "", text) for text in texts for section, part in places]
    for item, coding in zip(items, classifier.classify(items), strict=True):
        may = {theme.code for theme in (*CODEBOOK.structural, *CODEBOOK.admissible(item.section, item.part))}
        assert set(coding.labels) <= may, (item, coding)
        assert len(coding.labels) <= 3
        if not any(map(str.isalnum, item.text)):
            assert coding.labels == coding.scores == ()
        elif item.section == "preamble":
            assert coding.labels == ("S1",)
    assert classifier.classify(items)[0].labels == ("O18",)


def test_a_higher_threshold_abstains_more(trained):
    unsure = replace(trained.model, calibration=Calibration(0.5, 0.4, np.zeros(len(CODEBOOK.codes))))
    bold, shy = LearnedClassifier(unsure, CODEBOOK), LearnedClassifier(unsure, CODEBOOK, 0.9)
    counts = [sum(not coding.labels for coding in one.classify(ITEMS)) for one in (bold, shy)]
    assert counts[0] < counts[1]
    assert [c.scores for c in bold.classify(ITEMS)] == [c.scores for c in shy.classify(ITEMS)]
    with pytest.raises(UsageError, match=r"0\.\.1"):
        LearnedClassifier(trained.model, CODEBOOK, 1.5)


def test_shuffled_labels_teach_nothing(trained):
    parts = part_examples(examples(), held_out=CONFIG.held_out, n_folds=2)
    shuffled = shuffle_labels(parts)
    assert sorted(one.labels for one in shuffled.learned) == sorted(one.labels for one in parts.learned)
    assert sum(a.labels != b.labels for a, b in zip(shuffled.learned, parts.learned, strict=True)) > 200
    config = replace(CONFIG, example_weight=0.0, cue_weight=0.0)
    blind = train_model((*shuffled.learned, *parts.held_out), codebook=CODEBOOK, config=config)
    assert blind.held_out.macro_f1.value < 0.15


def test_the_comparison_asks_all_about_the_same_units(monkeypatch):
    monkeypatch.setattr("gknlp.themes.learned.compare.linear_candidates", lambda config: {"choice": config})
    found = list(
        compare_candidates(examples(), codebook=CODEBOOK, config=CONFIG, others={"more": examples()[:60]}, peers=())
    )
    names = [candidate.name for candidate in found]
    assert names == ["commonest theme of the section", "dictionary", "choice", "labels shuffled"]
    assert len({candidate.held_out.n_units for candidate in found}) == 1
    assert [name for name, _ in found[2].others] == ["more"]
    assert found[3].held_out.macro_f1.value < found[2].held_out.macro_f1.value / 3
    assert found[0].held_out.macro_f1.value < 0.1


def sheet(path, rows):
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def row_of(example):
    unit = example.unit
    return {
        "id": example.id,
        "agency": example.agency,
        "section": unit.section,
        "part": unit.part,
        "heading": unit.heading,
        "text": unit.text,
        "labels": ";".join(example.labels),
    }


def test_labelled_units_are_read_from_folder_and_sheet(tmp_path):
    some = examples()[:30]
    found = load_examples(sheet(tmp_path / "a.jsonl", map(row_of, some)), codebook=CODEBOOK)
    assert sorted(found, key=lambda one: one.id) == sorted(some, key=lambda one: one.id)
    gold = tmp_path / "gold"
    gold.mkdir()
    sheet(gold / "units.jsonl", [{k: v for k, v in row_of(one).items() if k != "labels"} for one in some])
    lines = [f"{one.id},{';'.join(one.labels)},done,agreed" for one in some]
    (gold / "labels.csv").write_text("\n".join(["id,labels,modality,how", *lines]), encoding="utf-8")
    assert load_examples(gold, codebook=CODEBOOK) == found


BAD = [
    ({"labels": "O05;O99"}, "line 2: the codebook has no theme O99"),
    ({"text": " "}, "line 2: no text"),
    ({"id": "S1.0.0"}, "units of one id: S1.0.0"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_every_bad_row_is_named(tmp_path, change, message):
    rows = [row_of(examples()[0]), {**row_of(examples()[1]), **change}]
    with pytest.raises(UsageError, match=message):
        load_examples(sheet(tmp_path / "a.jsonl", rows), codebook=CODEBOOK)


def test_what_is_no_labelled_data_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"units\.jsonl"):
        load_examples(tmp_path, codebook=CODEBOOK)
    with pytest.raises(UsageError, match="lacks the columns labels"):
        load_examples(
            sheet(tmp_path / "a.jsonl", [{"section": "", "part": "", "heading": "", "text": "文"}]), codebook=CODEBOOK
        )
    with pytest.raises(UsageError, match="no unit has a label"):
        load_examples(sheet(tmp_path / "b.jsonl", [{**row_of(examples()[0]), "labels": ""}]), codebook=CODEBOOK)
    with pytest.raises(UsageError, match=r"a folder, or a \.csv"):
        load_examples(tmp_path / "c.docx", codebook=CODEBOOK)


def test_labels_by_span_find_their_text(tmp_path):
    text = "一、总体情况\n举办培训两期。修订指南。"
    sums = "a" * 64
    file = tmp_path / "real.csv"
    head = "doc_sha256,section,part,start,end,labels"
    file.write_text(f"{head}\n{sums},overview,,7,14,O18\n{sums},overview,,14,19,O10;O17\n", encoding="utf-8")
    found = load_spans(file, {sums: text}, codebook=CODEBOOK)
    assert {(one.unit.text, one.labels) for one in found} == {
        ("举办培训两期。", ("O18",)),
        ("修订指南。", ("O10", "O17")),
    }
    for bad, message in (
        (f"{'b' * 64},overview,,0,1,O18", "no report has"),
        (f"{sums},overview,,7,99,O18", "is not one of a text"),
    ):
        file.write_text(f"{head}\n{bad}\n", encoding="utf-8")
        with pytest.raises(UsageError, match=message):
            load_spans(file, {sums: text}, codebook=CODEBOOK)


@pytest.fixture
def call(monkeypatch, capsys):
    """Run ``gknlp`` with arguments: exit code, stdout, stderr."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["gknlp", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out = capsys.readouterr()
        return ended.value.code, out.out, out.err

    return run


@pytest.mark.nightly
def test_the_command_line_trains_evaluates_and_refuses(call, tmp_path):
    gold = sheet(tmp_path / "gold.jsonl", map(row_of, examples()))
    code, out, _ = call("themes", "train", gold, "--to", tmp_path / "mine", "--held-out", "0.4", "--json")
    scores = json.loads(out)["held_out"]
    assert code == 0
    code, out, err = call(
        "themes", "evaluate", gold, "--model", tmp_path / "mine", "--to", tmp_path / "s.csv", "--json"
    )
    assert (code, json.loads(out)) == (0, scores)
    assert f"{len(examples()) - scores['n_units']} of {len(examples())} units left out" in err
    assert (tmp_path / "s.csv").read_text("utf-8-sig").splitlines()[0].startswith("theme,family,n_gold")
    code, out, _ = call("themes", "evaluate", gold, "--model", "dictionary", "--json")
    assert (code, json.loads(out)["ece"]) == (0, None)
    code, _, err = call("themes", "evaluate", gold, "--model", "nothing")
    assert (code, "no model at 'nothing'" in err) == (2, True)
    code, _, err = call("themes", "train", gold, "--to", tmp_path / "x", "--method", "forest")
    assert (code, "choice, bayes, logistic, margin" in err.replace("\n", " ")) == (2, True)


def units_table():
    rows = [
        {
            "doc_id": "d",
            "unit_id": f"d.{number}",
            "section": item.section,
            "part": item.part,
            "heading": item.heading,
            "text": item.text,
            "start": number,
            "end": number + 1,
        }
        for number, item in enumerate(ITEMS)
    ]
    return pa.Table.from_pylist(rows, schema=UNITS)


def test_the_step_labels_a_corpus(folder, classifier):
    tables = {
        "units": units_table(),
        "reports": pa.Table.from_pylist([{"doc_id": "d", "agency": "甲局", "year": 2021}], schema=REPORTS),
    }
    found = classify_by_model(tables, folder, threshold=None, codebook=CODEBOOK)
    assert found["theme_labels"].num_rows == len(ITEMS)
    assert set(found["theme_labels"].column("model").to_pylist()) == {classifier.model}
    assert found["theme_labels"].equals(label_units(tables["units"], classifier=classifier))
    assert found["theme_shares"].num_rows > 0
    empty = classify_by_model(
        {name: table.slice(0, 0) for name, table in tables.items()}, folder, threshold=None, codebook=CODEBOOK
    )
    assert [table.num_rows for table in empty.values()] == [0, 0]


def test_the_step_is_registered():
    step = STEPS["themes.learned.v1"]
    assert (step.reads, step.writes) == (("reports", "units"), ("theme_labels", "theme_shares"))
    assert step.data()["codebook"] == CODEBOOK.hash
    assert TypeAdapter(LearnedConfig).validate_python({"threshold": 0.5}) == LearnedConfig(threshold=0.5)
    with pytest.raises(ValidationError):
        TypeAdapter(LearnedConfig).validate_python({"thresholds": 0.5})


@pytest.mark.parametrize("wrong", [{"penalty": 0}, {"held_out": 1.0}, {"n_folds": 1}, {"cue_weight": -1}])
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(UsageError):
        TrainConfig(**wrong)


def test_the_held_out_score_can_be_had_again(trained, classifier):
    unseen = unseen_examples(trained.model, examples())
    again = evaluate_codings(unseen, classifier.classify([one.unit for one in unseen]), codebook=CODEBOOK)
    assert again == trained.held_out
