"""The command line as others rely on it: names, JSON shapes, exit codes, messages."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile

import pytest

from gknlp.cli import main
from tests.parse.documents import print_report

HEAVY = ("pandas", "sklearn", "spacy", "jieba", "pyarrow", "duckdb", "numpy", "scipy", "jinja2", "pydantic")
COMMANDS = [
    ["demo"], ["read"], ["corpus", "build"], ["corpus", "correct"], ["corpus", "info"], ["corpus", "sources"], ["corpus", "export"], ["audit"],
    ["themes", "codebook"], ["themes", "classify"], ["themes", "sample"], ["themes", "agree"], ["themes", "adjudicate"],
    ["themes", "prevalence"], ["themes", "train"], ["themes", "evaluate"], ["themes", "compare"], ["topics", "fit"], ["topics", "sweep"],
    ["topics", "effects"], ["topics", "intrusion"], ["topics", "intrusion-score"], ["reuse", "find"], ["reuse", "compare"], ["run"],
    ["verify"],
]  # fmt: skip
BROKEN = ("t3", "new_requests", "natural_person")


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


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    values = None
    for form, layout in (("trial_2019", "e"), ("revised_2021", "b")):
        (folder / f"{form}.txt").write_text(print_report(form, layout, values), encoding="utf-8")
    return folder


@pytest.fixture
def corpus(reports, tmp_path, call):
    assert call("corpus", "build", reports, "--to", tmp_path / "corpus")[0] == 0
    return tmp_path / "corpus"


def lines_of(out):
    return [json.loads(line) for line in out.splitlines()]


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['gknlp', '--help']\nfrom gknlp.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    )
    code += f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(call, command):
    code, out, _ = call(*command, "--help")
    assert code == 0
    assert "Example: gknlp " + " ".join(command) in " ".join(out.split())


def test_read_json_has_the_contract_s_shape(call, reports):
    code, out, err = call("read", reports / "revised_2021.txt", "--json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert list(report) == [
        "doc_id",
        "source",
        "title",
        "agency",
        "year",
        "form",
        "sections",
        "units",
        "cells",
        "diagnostics",
    ]
    assert report["agency"] == {
        "value": "云泽县柳湾镇",
        "status": "found",
        "evidence": [[0, 6]],
        "rule": "title",
        "level": "township",
        "kind": "government",
        "code": None,
    }
    assert report["year"]["value"] == 2021
    assert report["form"]["value"] == "revised_2021"
    assert report["source"]["encoding"] == "utf-8"
    assert len(report["cells"]) == 200
    assert set(report["cells"][0]) == {"table", "row", "column", "raw", "value", "unit", "value_yuan", "start", "end"}
    assert set(report["units"][0]) >= {"unit_id", "section", "part", "text", "start", "end"}


def test_a_printed_but_blank_cell_keeps_its_empty_span(call, tmp_path):
    text = print_report("revised_2021", "a").replace("规章 | 0 | 0 | 0 |", "规章 | 0 |  | 0 |")
    (tmp_path / "r.txt").write_text(text, encoding="utf-8")
    cell = json.loads(call("read", tmp_path / "r.txt", "--json")[1])["cells"][1]
    assert (cell["raw"], cell["value"]) == ("", None)
    assert cell["start"] == cell["end"] is not None


def test_read_for_people_shows_sections_and_every_cell(call, reports):
    code, out, _ = call("read", reports / "trial_2019.txt")
    shown = "".join(out.split())
    assert code == 0
    assert all(word in shown for word in ("云泽县柳湾镇", "problems_improvements", "行政事业性收费", "政府集中采购"))


@pytest.mark.parametrize(
    ("name", "data", "code", "message"),
    [
        ("empty.txt", b"", 3, "empty"),
        ("binary.txt", b"\x00\x01\x02" * 50, 3, "binary"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + b"0" * 60, 3, "PNG"),
        ("wrong.txt", "柳湾镇".encode("utf-16-le") * 40, 3, ""),
        ("latin.txt", bytes(range(0x80, 0x100)) * 4, 3, "encoding"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(call, tmp_path, name, data, code, message):
    (tmp_path / name).write_bytes(data)
    got, out, err = call("read", tmp_path / name)
    assert (got, out) == (code, "")
    assert err.startswith("gknlp: ")
    assert message in err
    assert "Traceback" not in err


def test_a_text_that_is_no_report_is_shown_and_exits_1(call, tmp_path):
    (tmp_path / "essay.txt").write_text("柳湾镇今天举行采茶比赛，来自各村的队伍先后登场。" * 5, encoding="utf-8")
    code, out, _ = call("read", tmp_path / "essay.txt", "--json")
    assert code == 1
    assert [d["code"] for d in json.loads(out)["diagnostics"] if d["severity"] == "error"] == ["not_a_report"]


def test_read_names_the_members_of_a_container(call, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.txt", "甲")
    code, _, err = call("read", tmp_path / "a.zip")
    assert code == 2
    assert "one.txt" in err
    assert call("read", tmp_path / "absent.txt")[0] == 2


def test_build_quarantines_the_bad_and_keeps_the_good(call, reports, tmp_path):
    (reports / "empty.txt").write_bytes(b"")
    (reports / "binary.txt").write_bytes(b"\x00\x01" * 99)
    (reports / "latin.txt").write_bytes(bytes(range(0x80, 0x100)) * 4)
    (reports / "essay.txt").write_text("柳湾镇今天举行采茶比赛，来自各村的队伍先后登场。" * 5, encoding="utf-8")
    code, out, err = call("corpus", "build", reports, "--to", tmp_path / "corpus", "--json")
    assert code == 1
    assert (json.loads(out)["n_parsed"], json.loads(out)["n_quarantined"]) == (2, 4)
    assert "gknlp corpus sources" in err
    code, out, _ = call("corpus", "sources", tmp_path / "corpus", "--json")
    rows = {row["path"]: row for row in lines_of(out)}
    assert code == 1
    assert {path: row["outcome"] for path, row in rows.items()} == {
        "binary.txt": "quarantined", "empty.txt": "quarantined", "essay.txt": "quarantined", "latin.txt": "quarantined",
        "revised_2021.txt": "parsed", "trial_2019.txt": "parsed",
    }  # fmt: skip
    reasons = [rows[name]["reason"].split(":")[0] for name in ("binary.txt", "empty.txt", "essay.txt", "latin.txt")]
    assert reasons == ["binary", "empty file", "not a report", "encoding"]
    assert set(rows["empty.txt"]) >= {"source", "path", "path_b64", "sha256", "outcome", "reason", "doc_id", "findings"}
    assert call("corpus", "build", reports, "--to", tmp_path / "corpus")[0] == 1


def test_build_of_nothing_usable_exits_3_and_of_nothing_2(call, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    assert call("corpus", "build", tmp_path / "empty.txt", "--to", tmp_path / "corpus")[0] == 3
    code, _, err = call("corpus", "build", tmp_path / "absent", "--to", tmp_path / "corpus")
    assert code == 2
    assert "absent" in err


def test_build_from_zip_and_jsonl_is_the_same_report(call, reports, tmp_path):
    text = (reports / "revised_2021.txt").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("revised_2021.txt", text.encode("gb18030"))
    row = {"id": "revised_2021", "text": text, "region": "云泽县", "published": "2022-01-20"}
    (tmp_path / "b.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\nnot json\n", encoding="utf-8")
    code, _, _ = call(
        "corpus",
        "build",
        reports / "revised_2021.txt",
        tmp_path / "a.zip",
        tmp_path / "b.jsonl",
        "--to",
        tmp_path / "c",
    )
    assert code == 1
    rows = {row["path"]: row["outcome"] for row in lines_of(call("corpus", "sources", tmp_path / "c", "--json")[1])}
    assert rows == {
        "revised_2021.txt": "parsed",
        "a.zip!/revised_2021.txt": "parsed",
        "b.jsonl!/revised_2021": "parsed",
        "b.jsonl!/line 2": "quarantined",
    }
    call("corpus", "export", tmp_path / "c", "--table", "cells", "--to", tmp_path / "cells.csv")
    lines = (tmp_path / "cells.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3 * 200


def test_info_and_corpus_errors(call, corpus, tmp_path):
    facts = json.loads(call("corpus", "info", corpus, "--json")[1])
    assert (facts["n_reports"], facts["forms"]) == (2, {"revised_2021": 1, "trial_2019": 1})
    code, _, err = call("corpus", "info", tmp_path)
    assert code == 2
    assert "gknlp corpus build SOURCE --to" in err
    code, _, err = call("corpus", "export", corpus, "--table", "sells", "--to", tmp_path / "x.csv")
    assert (code, "cells" in err) == (2, True)


def test_audit_prints_one_line_per_instance_and_exits_by_what_it_found(call, reports, tmp_path):
    text = print_report("revised_2021", "a").replace(
        "一、本年新收政府信息公开申请数量 | 0 |", "一、本年新收政府信息公开申请数量 | 2 |"
    )
    (reports / "broken.txt").write_text(text, encoding="utf-8")
    call("corpus", "build", reports, "--to", tmp_path / "corpus")
    code, out, _ = call("audit", tmp_path / "corpus", "--json", "--to", tmp_path / "findings.csv")
    rows = lines_of(out)
    failed = [
        (r["rule"], r["instance"], r["expected"], r["found"])
        for r in rows
        if r["outcome"] == "fail" and r["severity"] == "error"
    ]
    assert code == 1
    assert failed == [("R301", "new_requests", 2, 0), ("R303", "natural_person", 2, 0)]
    assert set(rows[0]) == {"doc_id", "rule", "instance", "outcome", "severity", "expected", "found", "spans"}
    assert (tmp_path / "findings.csv").read_text("utf-8-sig").count("fail,error") == 2


def test_audit_of_consistent_tables_exits_0(call, corpus):
    code, out, _ = call("audit", corpus)
    assert code == 0
    assert "R303" in out


def test_themes(call, corpus):
    code, out, _ = call("themes", "classify", corpus, "--json")
    rows = lines_of(out)
    assert code == 0
    assert set(rows[0]) == {"doc_id", "unit_id", "start", "end", "primary", "labels", "scores", "abstained", "model"}
    assert all(isinstance(row["scores"], dict) for row in rows)
    assert call("themes", "codebook")[1].startswith("#")


def test_reuse_find_and_compare(call, corpus, reports, tmp_path):
    code, out, _ = call("reuse", "find", corpus, "--to", tmp_path / "reuse", "--json")
    counts = json.loads(out)
    assert code == 0
    assert set(counts) >= {"n_passages", "n_clusters", "n_pairs", "n_coverage", "seconds", "peak_memory_bytes"}
    assert {p.name for p in (tmp_path / "reuse").iterdir()} >= {
        "passages.parquet",
        "clusters.parquet",
        "pairs.parquet",
        "coverage.parquet",
    }
    code, out, _ = call("reuse", "compare", reports / "trial_2019.txt", reports / "revised_2021.txt", "--json")
    assert code == 0
    assert set(json.loads(out)) >= {"passages", "containment_a", "containment_b"}


def test_reuse_compare_shows_differences_and_writes_a_page(call, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    one = "公示牌立在渡口边人来人往的地方，每月由我镇换一次，码头便民大厅设立信息查阅点并安排专人值守，全年接待来访群众312人次。"
    (tmp_path / "一.txt").write_text(one, encoding="utf-8")
    (tmp_path / "二.txt").write_text(
        one.replace("我镇", "我局").replace("312", "408").replace("便民", "便民服务"), encoding="utf-8"
    )
    page = tmp_path / "out" / "pair.html"
    code, out, err = call("reuse", "compare", tmp_path / "一.txt", tmp_path / "二.txt", "--to", page)
    lines = "".join(out.split())
    assert code == 0
    assert all(part in lines for part in ("‹我镇›", "‹我局›", "[-312-]", "{+408+}", "{+服务+}"))
    assert "shares" in out and "plagiar" not in out.lower()
    assert str(page) in err.replace("\n", "")
    html = page.read_text(encoding="utf-8")
    assert '<b class="d-number">408</b>' in html
    assert '<span class="d-masked">我局</span>' in html
    again = page.read_bytes()
    call("reuse", "compare", tmp_path / "一.txt", tmp_path / "二.txt", "--to", page, "--json")
    assert page.read_bytes() == again


def test_reuse_find_takes_plain_texts(call, tmp_path):
    shared = "县里把三百二十一个事项逐条列在墙上，谁来问都能当场看清楚流程和时限"
    rows = [{"id": "a", "text": f"起头不一样的话。{shared}。"}, {"id": "b", "text": f"另外一种开头说法。{shared}。"}]
    (tmp_path / "t.jsonl").write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    assert json.loads(call("reuse", "find", tmp_path / "t.jsonl", "--to", tmp_path / "o", "--json")[1])["n_pairs"] == 1
    (tmp_path / "bad.jsonl").write_text("{", encoding="utf-8")
    assert call("reuse", "find", tmp_path / "bad.jsonl", "--to", tmp_path / "o")[0] == 3
    assert call("reuse", "find", tmp_path / "t.csv", "--to", tmp_path / "o")[0] == 2


def test_topics_need_enough_documents(call, corpus):
    code, _, err = call("topics", "fit", corpus)
    assert code == 2
    assert "too few for n_topics=8; lower n_topics" in err


def test_an_unknown_command_is_a_usage_error(call):
    assert call("reed")[0] == 2


def test_output_is_utf8_under_any_locale(reports):
    command = [sys.executable, "-m", "gknlp", "read", str(reports / "trial_2019.txt"), "--json"]
    done = subprocess.run(
        command, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PATH": ""}, capture_output=True, check=True
    )
    assert json.loads(done.stdout.decode("utf-8"))["agency"]["value"] == "云泽县柳湾镇"


def test_corrections(call, corpus, tmp_path):
    file = tmp_path / "k.csv"
    file.write_text("report,field,value,was,reason\nnone.txt,year,2019,,x\n", encoding="utf-8")
    code, out, err = call("corpus", "correct", corpus, file, "--json")
    assert (code, json.loads(out)["n_no_report"]) == (1, 1)
    assert "--table corrections --to" in err
    assert call("corpus", "export", corpus, "--table", "corrections", "--to", tmp_path / "c.csv")[0] == 0
    assert "no_report" in (tmp_path / "c.csv").read_text(encoding="utf-8-sig")
    file.write_text("report,field,value,was,reason\n", encoding="utf-8")
    assert call("corpus", "correct", corpus, file)[:2] == (
        0,
        "corrections: 0 applied, 0 stale, 0 of no report; agencies: 0 renames, 0 aliases, 0 mergers\n",
    )
    code, _, err = call("corpus", "correct", corpus)
    assert code == 2
    assert "name a corrections file" in err
    file.write_text("report,field,value,was,reason\na,yaer,2019,,x\n", encoding="utf-8")
    code, _, err = call("corpus", "correct", corpus, file)
    assert code == 2
    assert "line 2: field = 'yaer' is unknown; did you mean 'year'?" in " ".join(err.split())
