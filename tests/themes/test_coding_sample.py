"""The sample: three strata, known inclusion probabilities, one draw for one content and seed."""

from __future__ import annotations

import pytest

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.tables import table_of
from gknlp.themes import classify_corpus
from gknlp.themes.coding import SampleConfig, build_frame, draw_sample
from gknlp.themes.coding.cells import make_cells
from gknlp.themes.coding.diversity import choose_farthest
from tests.themes.test_coding_corpus import BOOK, make_corpus, shuffled


@pytest.fixture(scope="module")
def corpus():
    tables, truth = make_corpus()
    frame = build_frame(tables["units"], tables["reports"], codebook=BOOK)
    labels = classify_corpus(tables, codebook=BOOK)["theme_labels"]
    return tables, frame, labels, truth


def test_the_strata_have_their_sizes_and_no_unit_twice(corpus):
    _, frame, labels, _ = corpus
    sample = draw_sample(frame, labels=labels, config=SampleConfig(n=100))
    assert sample.counts() == {"random": 50, "uncertain": 30, "diverse": 20}
    assert len({row.unit.id for row in sample.rows}) == 100
    assert all((row.weight is None) == (row.stratum != "random") for row in sample.rows)


def test_weights_add_up_to_the_frame(corpus):
    _, frame, labels, _ = corpus
    sample = draw_sample(frame, labels=labels, config=SampleConfig(n=120))
    assert sum(row.weight or 0 for row in sample.rows) == pytest.approx(len(frame.units), abs=1e-3)


def test_the_draw_does_not_depend_on_the_order_of_rows(corpus):
    tables, frame, labels, _ = corpus
    sample = draw_sample(frame, labels=labels)
    other = build_frame(shuffled(tables["units"], 3), shuffled(tables["reports"], 4), codebook=BOOK)
    assert draw_sample(other, labels=shuffled(labels, 5)) == sample
    assert draw_sample(frame, labels=labels, config=SampleConfig(seed=1)) != sample


def test_every_unit_is_drawn_as_often_as_its_weight_says(corpus):
    """Over many seeds, the weighted total of any variable is that of the frame: the estimator has no bias."""
    _, frame, _, _ = corpus
    nothing = table_of("theme_labels", [])
    n_seeds = 150
    totals = {"units": 0.0, "copies": 0.0, "problems": 0.0}
    hit = set()
    for seed in range(n_seeds):
        config = SampleConfig(n=60, random_share=1.0, uncertain_share=0.0, seed=seed)
        for row in draw_sample(frame, labels=nothing, config=config).rows:
            hit.add(row.unit.id)
            totals["units"] += row.weight
            totals["copies"] += row.weight * row.unit.copies
            totals["problems"] += row.weight * (row.unit.part == "problems")
    assert totals["units"] / n_seeds == pytest.approx(len(frame.units), rel=1e-6)
    assert totals["copies"] / n_seeds == pytest.approx(sum(unit.copies for unit in frame.units), rel=0.03)
    assert totals["problems"] / n_seeds == pytest.approx(sum(u.part == "problems" for u in frame.units), rel=0.03)
    assert hit == {unit.id for unit in frame.units}


def test_small_cells_are_joined_inside_their_family_and_every_cell_has_two_draws(corpus):
    _, frame, _, _ = corpus
    cells = make_cells(frame.units, n=40)
    assert sum(cell.n_drawn for cell in cells) == 40
    assert sum(len(cell.units) for cell in cells) == len(frame.units)
    assert all(cell.n_drawn >= 2 and len({unit.family for unit in cell.units}) == 1 for cell in cells)
    assert {unit.family for cell in cells for unit in cell.units} == {"overview", "problems", "improvements", "other"}
    assert len({cell.name for cell in cells}) == len(cells)
    assert len(make_cells(frame.units, n=400)) > len(cells)


def test_no_units_or_no_draws_give_no_cells(corpus):
    assert make_cells([], n=5) == ()
    assert make_cells(corpus[1].units, n=0) == ()


def test_uncertain_units_are_nearer_to_the_threshold_than_those_left(corpus):
    _, frame, labels, _ = corpus
    config = SampleConfig(n=100, abstained_share=0.2)
    sample = draw_sample(frame, labels=labels, config=config)
    scores = {frame.ids[row["doc_id"], row["unit_id"]]: row for row in labels.to_pylist()}

    def gap(key):
        return min((abs(score["score"] - 0.33) for score in scores[key]["scores"]), default=1.0)

    chosen = [row.unit.id for row in sample.rows if row.stratum == "uncertain"]
    taken = {row.unit.id for row in sample.rows if row.stratum in ("random", "uncertain")}
    assert sum(scores[key]["abstained"] for key in chosen) <= 6
    worst = max(gap(key) for key in chosen if not scores[key]["abstained"])
    left = [gap(u.id) for u in frame.units if u.id not in taken and not scores[u.id]["abstained"]]
    assert worst <= min(left) + 1e-9


def test_a_small_corpus_is_taken_whole():
    tables, _ = make_corpus(n_reports=2, n_units=5)
    frame = build_frame(tables["units"], tables["reports"], codebook=BOOK)
    sample = draw_sample(frame, labels=table_of("theme_labels", []), config=SampleConfig(n=500))
    assert {row.unit.id for row in sample.rows} == {unit.id for unit in frame.units}


def test_an_empty_corpus_cannot_be_sampled():
    frame = build_frame(table_of("units", []), table_of("reports", []), codebook=BOOK)
    with pytest.raises(NotEnoughTextError, match="nothing to sample"):
        draw_sample(frame, labels=table_of("theme_labels", []))


@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"random_share": -0.1}, {"random_share": 0.8, "uncertain_share": 0.3}, {"threshold": 1.5}],
)
def test_impossible_sizes_are_refused(wrong):
    with pytest.raises(UsageError):
        SampleConfig(**wrong)


def test_the_farthest_text_is_the_one_unlike_all_others():
    texts = ["主动公开信息一百条。", "主动公开信息两百条。", "举办培训班。", "主动公开信息三百条。"]
    assert choose_farthest(texts, chosen=["主动公开信息九百条。"], n=1) == [2]
    assert choose_farthest(texts, chosen=[], n=9) == [0, 2, *sorted(choose_farthest(texts, chosen=[], n=9)[2:])]
    assert choose_farthest([], chosen=texts, n=3) == []
