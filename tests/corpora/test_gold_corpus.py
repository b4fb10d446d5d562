"""The gold corpus is whole, as its card says, and coded as the codebook allows."""

import csv
import json
import runpy
from collections import Counter

import pytest

from gknlp.themes import load_codebook
from tests.conftest import ROOT

GOLD = ROOT / "corpora" / "gold"
FACETS = {
    "modality": {"done", "planned", "exhortative", "state"},
    "valence": {"achievement", "neutral", "shortfall"},
    "hedge": {"0", "1"},
    "actor": {"self", "superior", "staff", "public", "none"},
}
SPECIFICITY = ["number", "date", "instrument", "place_or_body"]


def read_rows(name):
    with (GOLD / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def units():
    return [json.loads(line) for line in (GOLD / "units.jsonl").read_text("utf-8").splitlines()]


def test_the_card_is_written_from_the_files():
    assert (GOLD / "corpus.toml").read_text("utf-8") == runpy.run_path(str(GOLD / "card.py"))["write_card"]()


def test_there_is_enough_of_everything(units):
    themes = Counter(code for row in read_rows("labels.csv") for code in row["labels"].split(";"))
    assert len(units) >= 2_500
    assert set(themes) == set(load_codebook().codes)
    assert min(themes.values()) >= 40
    assert len({unit["agency"] for unit in units}) > 100
    assert {unit["style"] for unit in units} == {"formal", "clumsy", "terse", "run_on", "typos"}
    texts = Counter(unit["text"] for unit in units if len(unit["text"]) > 12)
    assert sum(times - 1 for times in texts.values()) < 0.03 * len(units)


@pytest.mark.parametrize("name", ["labels.csv", "passes/first.csv", "passes/second.csv"])
def test_every_unit_is_coded_once_as_the_codebook_allows(units, name):
    codebook, rows = load_codebook(), read_rows(name)
    structural = {theme.code for theme in codebook.structural}
    assert [row["id"] for row in rows] == [unit["id"] for unit in units]
    for unit, row in zip(units, rows, strict=True):
        labels = row["labels"].split(";")
        allowed = structural | {theme.code for theme in codebook.admissible(unit["section"], unit["part"])}
        assert 1 <= len(labels) == len(set(labels)) <= 3
        assert set(labels) <= allowed, (name, unit["id"])
        assert len(labels) == 1 or not structural & set(labels)
        assert all(row[facet] in values for facet, values in FACETS.items()), (name, unit["id"])
        found = [value for value in row["specificity"].split(";") if value]
        assert found == [value for value in SPECIFICITY if value in found]


@pytest.mark.parametrize(("labels", "passes"), [("labels.csv", "{}.csv"), ("real.csv", "real_{}.csv")])
def test_what_the_passes_agree_on_stands(labels, passes):
    columns = ("labels", *FACETS, "specificity")
    final, first, second = (
        read_rows(name) for name in (labels, *(f"passes/{passes.format(n)}" for n in ("first", "second")))
    )
    assert len(final) == len(first) == len(second) > 80
    for row, one, other in zip(final, first, second, strict=True):
        same = [one[column] == other[column] for column in columns]
        assert (row["how"] == "agreed") == all(same)
        assert all(row[column] == one[column] for column, equal in zip(columns, same, strict=True) if equal)


def test_real_units_are_spans_without_text():
    rows = read_rows("real.csv")
    assert "text" not in rows[0]
    assert len({row["doc_sha256"] for row in rows}) == 3
    assert all(int(row["start"]) < int(row["end"]) for row in rows)


def test_the_agreement_told_is_that_of_the_passes(tmp_path):
    from typer.testing import CliRunner

    from gknlp.cli.app import app

    passes = [str(GOLD / "passes" / name) for name in ("first.csv", "second.csv")]
    CliRunner().invoke(app, ["themes", "agree", *passes, "--units", str(GOLD / "units.jsonl"), "--to", str(tmp_path)])
    assert (tmp_path / "agreement.csv").read_bytes() == (GOLD / "agreement.csv").read_bytes()
