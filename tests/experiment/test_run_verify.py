"""A run is the same bytes twice, appears whole, and is checked cell by cell."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gknlp.corpus import Corpus, build_corpus
from gknlp.errors import InputError, UsageError, VerificationError
from gknlp.experiment import load_experiment, run_experiment, verify_run
from gknlp.experiment.config import check_experiment
from gknlp.experiment.place import corpus_of
from gknlp.experiment.resolved import encode_experiment
from gknlp.experiment.steps import STEPS
from gknlp.schemas import CORPUS, DERIVED
from gknlp.tables import encode_parquet, table_of
from tests.parse.documents import print_report

SMALL = """
name = "small"
question = "甲？ A?"
seed = 7
[corpus]
source = "corpus"
[[steps]]
use = "audit.rules.v1"
[[steps]]
use = "themes.dictionary.v1"
[[steps]]
use = "reuse.winnow.v2"
"""


def small_experiment(folder: Path, text: str = SMALL) -> Path:
    file = folder / "experiment.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def corpus(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    for form in ("trial_2019", "revised_2021"):
        (reports / f"{form}.txt").write_text(print_report(form, "a"), encoding="utf-8")
    build_corpus([reports], tmp_path / "corpus")
    return Corpus.open(tmp_path / "corpus")


def files_of(run: Path) -> dict[str, bytes]:
    return {p.relative_to(run).as_posix(): p.read_bytes() for p in sorted(run.rglob("*")) if p.is_file()}


def test_a_run_has_what_the_contract_names(corpus, tmp_path):
    run_experiment(load_experiment(small_experiment(tmp_path)), corpus, tmp_path / "run")
    files = files_of(tmp_path / "run")
    assert {
        "index.html",
        "similarity_report.html",
        "themes.html",
        "audit.html",
        "manifest.json",
        "experiment.toml",
    } <= set(files)
    assert "topic_report.html" not in files
    assert sum(name.startswith("report/") for name in files) == 2
    assert {"tables/findings.parquet", "tables/findings.csv", "figures/strata.svg"} <= set(files)
    manifest = json.loads(files["manifest.json"])
    assert manifest["corpus"]["hash"] == corpus.hash
    assert [step["name"] for step in manifest["steps"]] == [
        "audit.rules.v1",
        "themes.dictionary.v1",
        "reuse.winnow.v2",
    ]
    assert set(manifest["outputs"]) == set(files) - {"manifest.json", "where.json"}


def test_the_same_bytes_in_another_environment(corpus, tmp_path):
    file = small_experiment(tmp_path)
    run_experiment(load_experiment(file), corpus, tmp_path / "run")
    elsewhere = tmp_path / "带 空格"
    elsewhere.mkdir()
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "77",
        "TZ": "Asia/Shanghai",
        "LANG": "C",
        "LC_ALL": "C",
        "OMP_NUM_THREADS": "1",
        "HOME": str(elsewhere),
    }
    command = [sys.executable, "-m", "gknlp", "run", str(file), "--corpus", str(corpus.folder), "--to", "again"]
    done = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    one, two = files_of(tmp_path / "run"), files_of(elsewhere / "again")
    assert [name for name in one if one[name] != two.get(name)] == ["where.json"]
    assert set(one) == set(two)


def test_verify_finds_nothing_in_an_untouched_run(corpus, tmp_path):
    run_experiment(load_experiment(small_experiment(tmp_path)), corpus, tmp_path / "run")
    result = verify_run(tmp_path / "run")
    assert (result.mismatches, result.n_files > 20) == ((), True)


def test_verify_names_the_first_differing_cell(corpus, tmp_path):
    run_experiment(load_experiment(small_experiment(tmp_path)), corpus, tmp_path / "run")
    file = tmp_path / "run" / "tables" / "findings.parquet"
    table = pq.read_table(io.BytesIO(file.read_bytes()))
    rows = table.to_pylist()
    rows[3]["outcome"] = "fail"
    file.write_bytes(encode_parquet(type(table).from_pylist(rows, schema=table.schema)))
    assert verify_run(tmp_path / "run").mismatches == (
        "tables/findings.parquet: changed since the run was made",
        "tables/findings.parquet: differs when run again (row 3, column outcome: 'fail' in the run, 'pass' now)",
    )


def test_verify_finds_a_page_that_is_gone_and_a_changed_version(corpus, tmp_path):
    run_experiment(load_experiment(small_experiment(tmp_path)), corpus, tmp_path / "run")
    (tmp_path / "run" / "audit.html").unlink()
    manifest = tmp_path / "run" / "manifest.json"
    said = json.loads(manifest.read_text("utf-8"))
    said["packages"]["numpy"] = "0.1"
    manifest.write_text(json.dumps(said), encoding="utf-8")
    mismatches = verify_run(tmp_path / "run").mismatches
    assert any(m.startswith("package: numpy 0.1 then") for m in mismatches)
    assert "audit.html: promised by the manifest, not in the run folder" in mismatches


def test_verify_follows_a_corpus_that_was_moved_and_refuses_another(corpus, tmp_path):
    run_experiment(load_experiment(small_experiment(tmp_path)), corpus, tmp_path / "run")
    shutil.move(corpus.folder, tmp_path / "moved")
    assert verify_run(tmp_path / "run", corpus=tmp_path / "moved").mismatches == ()
    (tmp_path / "more.txt").write_text(
        print_report("revised_2021", "d", title="北岭乡2021年政府信息公开工作年度报告"), encoding="utf-8"
    )
    build_corpus([tmp_path / "more.txt"], tmp_path / "other")
    with pytest.raises(VerificationError, match="is not the one of this run"):
        verify_run(tmp_path / "run", corpus=tmp_path / "other")


def test_a_corpus_that_grew_does_not_change_a_pinned_verification(corpus, tmp_path):
    run_experiment(load_experiment(small_experiment(tmp_path)), corpus, tmp_path / "run")
    (tmp_path / "more.txt").write_text(
        print_report("revised_2021", "d", title="北岭乡2021年政府信息公开工作年度报告"), encoding="utf-8"
    )
    build_corpus([tmp_path / "more.txt"], corpus.folder)
    assert Corpus.open(corpus.folder).manifest_number == 2
    assert verify_run(tmp_path / "run").mismatches == ()


def test_a_run_replaces_a_run_whole_and_nothing_else(corpus, tmp_path):
    experiment = load_experiment(small_experiment(tmp_path))
    run_experiment(experiment, corpus, tmp_path / "run")
    (tmp_path / "run" / "leftover.html").write_text("old")
    run_experiment(experiment, corpus, tmp_path / "run")
    assert not (tmp_path / "run" / "leftover.html").exists()
    with pytest.raises(UsageError, match="is no run folder"):
        run_experiment(experiment, corpus, tmp_path / "reports")


def test_a_run_that_fails_leaves_nothing(corpus, tmp_path, monkeypatch):
    def fail(*_):
        raise InputError("a step cannot go on")

    monkeypatch.setattr("gknlp.experiment.run.render_pages", fail)
    with pytest.raises(InputError):
        run_experiment(load_experiment(small_experiment(tmp_path)), corpus, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_analysis_the_corpus_is_too_small_for_is_left_out_and_told(corpus, tmp_path):
    text = SMALL + '[[steps]]\nuse = "topics.lda.v1"\n'
    run_experiment(load_experiment(small_experiment(tmp_path, text)), corpus, tmp_path / "run")
    files = files_of(tmp_path / "run")
    step = json.loads(files["manifest.json"])["steps"][-1]
    assert step["name"] == "topics.lda.v1"
    assert "topic_report.html" not in files
    assert step["not_run"].split(":")[0].encode() in files["index.html"]
    assert verify_run(tmp_path / "run").mismatches == ()


def test_an_empty_corpus_is_no_input(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    build_corpus([tmp_path / "a.txt"], tmp_path / "corpus")
    with pytest.raises(InputError, match="holds no reports"):
        run_experiment(load_experiment(small_experiment(tmp_path)), Corpus.open(tmp_path / "corpus"), tmp_path / "run")


WRONG = [
    ("seed = 7", "seed = -1", "seed = -1: Input should be greater than or equal to 0"),
    ("seed = 7", "sead = 7", "unknown key 'sead'; did you mean 'seed'?"),
    ('question = "甲？ A?"', "", "the key 'question' is missing"),
    ('name = "small"', 'name = "Not A Name"', "name = 'Not A Name'"),
    (
        '"audit.rules.v1"',
        '"audit.balance.v1"',
        "no step is called 'audit.balance.v1'; did you mean 'audit.rules.v1'?",
    ),
    (
        'use = "reuse.winnow.v2"',
        'use = "reuse.winnow.v2"\nparameters = { shingle_lenght = 9 }',
        "step reuse.winnow.v2: unknown key 'shingle_lenght'; did you mean 'shingle_length'?",
    ),
    ("seed = 7", "seed = ", "is not TOML"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG)
def test_a_wrong_experiment_is_told_by_key_value_and_nearest_name(tmp_path, old, new, message):
    with pytest.raises(UsageError) as caught:
        load_experiment(small_experiment(tmp_path, SMALL.replace(old, new)))
    assert message in str(caught.value)


def test_a_folder_without_an_experiment(tmp_path):
    with pytest.raises(UsageError, match=r"give a folder that holds experiment\.toml"):
        load_experiment(tmp_path)


def test_the_resolved_experiment_reads_back_equal(tmp_path):
    text = SMALL.replace('use = "reuse.winnow.v2"', 'use = "reuse.winnow.v2"\nparameters = { shingle_length = 9 }')
    experiment = load_experiment(small_experiment(tmp_path, text))
    assert check_experiment(tomllib.loads(encode_experiment(experiment).decode()), "again") == experiment


def test_steps_read_and_write_what_they_declare(corpus):
    tables = {name: corpus.table(name) for name in (*CORPUS, *DERIVED)}
    tables["references"] = table_of("references", [])
    for name, step in STEPS.items():
        if not name.startswith("topics."):  # two reports are too few for topics: tests/topics runs those steps
            written = step.run({key: tables[key] for key in step.reads}, config=step.config())
            assert set(written) == set(step.writes), name
            tables |= written


def test_a_step_that_reads_what_no_earlier_step_writes_is_told(tmp_path):
    text = SMALL.split("[[steps]]", maxsplit=1)[0] + '[[steps]]\nuse = "reuse.smoking_guns.v1"\n'
    with pytest.raises(
        UsageError, match=r"reads passages, findings: name audit\.rules\.v1 and reuse\.winnow\.v2 before it"
    ):
        load_experiment(small_experiment(tmp_path, text))


def test_an_experiment_brings_its_files_to_the_corpus_it_builds(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(print_report("revised_2021", "a"), encoding="utf-8")
    (tmp_path / "k.csv").write_text("report,field,value,reason\na.txt,year,2019,x\n", encoding="utf-8")
    (tmp_path / "g.csv").write_text("name,successor,since,kind,note\n", encoding="utf-8")
    named = SMALL.replace('source = "corpus"', 'source = "corpus"\ncorrections = "k.csv"\nagencies = "g.csv"')
    declared = small_experiment(tmp_path, named)
    experiment = load_experiment(declared)
    handle, _ = corpus_of(experiment, declared, None)
    assert handle.table("reports")["year"].to_pylist() == [2019]
    run_experiment(experiment, handle, tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    assert manifest["corpus"]["files"] == {
        "corrections": hashlib.sha256((tmp_path / "k.csv").read_bytes()).hexdigest(),
        "agencies": hashlib.sha256((tmp_path / "g.csv").read_bytes()).hexdigest(),
    }
    rows = pq.read_table(tmp_path / "run" / "tables" / "corrections.parquet").to_pylist()
    assert [(row["field"], row["status"]) for row in rows] == [("year", "applied")]
    assert verify_run(tmp_path / "run").mismatches == ()
    ready = load_experiment(small_experiment(tmp_path, named.replace('"corpus"', '"corpus/built"')))
    with pytest.raises(UsageError, match="is a corpus already, and keeps such files itself; give them to it with"):
        corpus_of(ready, tmp_path, None)
    assert check_experiment(tomllib.loads(encode_experiment(experiment).decode()), "again") == experiment


def test_what_was_published_twice_is_no_copied_text(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    text = print_report("revised_2021", "a")
    (reports / "a.txt").write_text(text, encoding="utf-8")
    (reports / "b.txt").write_text(text.replace("，", ","), encoding="utf-8")
    build_corpus([reports], tmp_path / "corpus")
    run_experiment(load_experiment(small_experiment(tmp_path)), Corpus.open(tmp_path / "corpus"), tmp_path / "run")
    tables = {
        name: pq.read_table(tmp_path / "run" / "tables" / f"{name}.parquet")
        for name in ("passages", "coverage", "findings", "reports")
    }
    assert tables["reports"]["republication_of"].null_count == 1
    assert (tables["passages"].num_rows, tables["coverage"].num_rows) == (0, 1)
    assert len(set(tables["findings"]["doc_id"].to_pylist())) == 2
