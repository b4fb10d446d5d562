"""Statutes and model texts that an experiment names: what they prescribe is nobody's copy."""

import json

import pytest

from gknlp.corpus import Corpus, build_corpus
from gknlp.errors import UsageError
from gknlp.experiment import load_experiment, run_experiment, verify_run
from gknlp.experiment.references import load_references
from gknlp.forms import load_forms
from gknlp.tables import read_parquet
from tests.parse.documents import distinct_values, print_report

QUOTED = "行政机关应当把群众常问的办事流程汇编成册并在村口公示栏按季更新"
OFFERED = "下一步将围绕群众关切逐项梳理清单并对照清单按月通报整改进度"
EXPERIMENT = """
name = "quoted"
question = "谁照录了法规？"
seed = 7
[corpus]
source = "reports"
{references}
[[steps]]
use = "reuse.winnow.v2"
"""


@pytest.fixture
def folder(tmp_path):
    form = load_forms()["revised_2021"]
    (tmp_path / "reports").mkdir()
    for number, name in enumerate(("云岭县石桥镇", "云岭县柳林乡")):
        text = print_report(
            form.key, "a", distinct_values(form), overview=f"{'甲乙'[number]}处情况另述。{QUOTED}。{OFFERED}。"
        ).replace("云泽县柳湾镇", name)
        (tmp_path / "reports" / f"{number}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "notice.txt").write_text(f"第一条 {QUOTED}。", encoding="utf-8")
    (tmp_path / "model.txt").write_text(f"（范例）{OFFERED}。", encoding="utf-8")
    return tmp_path


def declare(folder, references):
    (folder / "experiment.toml").write_text(EXPERIMENT.format(references=references), encoding="utf-8")
    return load_experiment(folder)


def run(folder, references):
    experiment = declare(folder, references)
    build_corpus([folder / "reports"], folder / "corpus")
    corpus = Corpus.open(folder / "corpus")
    run_experiment(experiment, corpus, folder / "run", references=load_references(experiment, folder))
    rows = read_parquet(folder / "run" / "tables" / "stretches.parquet").to_pylist()
    texts = {row["doc_id"]: row["text"] for row in corpus.table("reports").to_pylist()}
    return {
        name: {row["stratum"] for row in rows if wording in texts[row["doc_id"]][row["start"] : row["end"]]}
        for name, wording in (("quoted", QUOTED[5:25]), ("offered", OFFERED[5:25]))
    }


def test_named_texts_are_known_and_the_run_can_be_verified(folder):
    found = run(folder, '[references]\nmandated = ["notice.txt"]\nmodel_text = ["model.txt"]')
    assert found == {"quoted": {"mandated"}, "offered": {"model_text"}}
    manifest = json.loads((folder / "run" / "manifest.json").read_text("utf-8"))
    assert [(row["kind"], row["name"]) for row in manifest["references"]] == [
        ("mandated", "notice.txt"),
        ("model_text", "model.txt"),
    ]
    assert "notice.txt" in (folder / "run" / "similarity_report.html").read_text("utf-8")
    (folder / "notice.txt").unlink()  # the run keeps what it read
    assert verify_run(folder / "run").mismatches == ()


def test_without_them_the_wording_is_shared_and_the_page_says_so(folder):
    found = run(folder, "")
    assert found["quoted"] == found["offered"] == {"original", "peer"}
    assert read_parquet(folder / "run" / "tables" / "references.parquet").num_rows == 0
    assert "没有指定法规或范文" in (folder / "run" / "similarity_report.html").read_text("utf-8")


def test_a_text_that_is_not_there_is_named(folder):
    experiment = declare(folder, '[references]\nmandated = ["law.txt"]')
    with pytest.raises(UsageError, match=r"mandated text .*law\.txt cannot be read"):
        load_references(experiment, folder)
    with pytest.raises(UsageError, match=r"mandate.*did you mean 'mandated'"):
        declare(folder, '[references]\nmandate = ["law.txt"]')
