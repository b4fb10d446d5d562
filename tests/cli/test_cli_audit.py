"""``gknlp audit``: what it counts by, which rules, what it leaves out, and its exit codes."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from gknlp.cli.app import app
from tests.interop.corpora import COUNTS, build, report


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    broken = {**COUNTS, ("t3", "new_requests", "total"): "13"}
    top = tmp_path_factory.mktemp("audit")
    build(top, {"a.txt": report("云泽县柳湾镇", 2021, broken), "b.txt": report("云泽县青溪镇", 2022)})
    return top / "corpus"


def call(*words):
    return CliRunner().invoke(app, ["audit", *map(str, words)])


@pytest.mark.parametrize(
    ("words", "code", "says", "silent"),
    [
        ((), 1, ["R303", "R806", "7.1%", "1.3% - 31.5%"], []),
        (("--failed-only",), 1, ["R303", "7.1%"], ["R401"]),
        (("--rule", "R303", "--by", "year"), 1, ["2021", "2022", "14.3%", "0.0%"], ["R301"]),
        (("--rule", "R303", "--by", "level"), 1, ["township", "7.1%"], []),
        (("--rule", "R303", "--by", "place"), 1, ["unknown", "7.1%"], []),
        (("--rule", "R401"), 0, ["no rule fails that could be assessed"], []),
        (("--rule", "R33"), 2, [], []),
        (("--by", "moon"), 2, [], []),
        (("--to", "x.doc"), 2, [], []),
    ],
)
def test_audit(corpus, words, code, says, silent):
    result = call(corpus, *words)
    assert (result.exit_code == code) or (code == 2 and result.exception is not None)
    assert [word for word in says if word not in result.output] == []
    assert [word for word in silent if word in result.output] == []


def test_only_failures_on_stdout_and_in_the_file(corpus, tmp_path):
    result = call(corpus, "--json", "--failed-only", "--rule", "R301", "--rule", "R303", "--to", tmp_path / "f.csv")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["rule"], row["instance"], row["expected"], row["found"]) for row in rows] == [
        ("R301", "new_requests", 12, 13),
        ("R303", "total", 13, 12),
    ]
    assert (tmp_path / "f.csv").read_text("utf-8-sig").count("\n") == 3
    assert result.exit_code == 1
