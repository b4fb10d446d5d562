import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from model_planted import MODEL, NMF, SWEEP, hash_all, make_corpus, shuffle
from planted import TRAINING, WEBSITE

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.features.counts import CountConfig
from gknlp.schemas import RESULTS
from gknlp.tables import table_of
from gknlp.topics import ModelConfig, SweepConfig, model_topics, sweep_topics

TWO = ModelConfig(n_topics=2, n_words=6, n_runs=3)


def rows_of(tables, name):
    return tables[name].to_pylist()


def listed(tables, topic, ranking="probability"):
    rows = [row for row in rows_of(tables, "topic_terms") if row["topic"] == topic and row["ranking"] == ranking]
    return [row["word"] for row in rows]


@pytest.fixture(scope="module")
def corpus():
    return make_corpus()


@pytest.fixture(scope="module")
def modelled(corpus):
    return model_topics(corpus, config=TWO)


@pytest.fixture(scope="module")
def rough_hash(corpus):
    return hash_all(corpus, 1)


def test_the_tables_are_those_of_the_schemas(modelled):
    assert len(modelled) == 12
    assert all(table.schema == RESULTS[name] for name, table in modelled.items())


@pytest.mark.parametrize("method", ["lda", "nmf", "reference"])
def test_each_method_finds_the_planted_themes(corpus, method):
    tables = model_topics(corpus, config=replace(TWO, method=method))
    found = [set(listed(tables, topic)) for topic in (0, 1)]
    assert sorted(bool(words <= set(TRAINING)) for words in found) == [False, True]
    assert sorted(bool(words <= set(WEBSITE)) for words in found) == [False, True]
    for row in rows_of(tables, "topics"):
        assert (row["method"], row["unstable"]) == (method, False)
        assert row["stability"] > 0.95


def test_words_are_listed_in_three_ways(modelled):
    for topic in (0, 1):
        words = [row["word"] for row in rows_of(modelled, "topic_words") if row["topic"] == topic]
        assert words == listed(modelled, topic)
        assert len(listed(modelled, topic, "frex")) == len(listed(modelled, topic, "lift")) == 6
    lifts = [row["value"] for row in rows_of(modelled, "topic_terms") if row["ranking"] == "lift"]
    assert all(1.5 < lift < 2.5 for lift in lifts), "in one of two halves of the text, each word is twice as probable"


@pytest.mark.parametrize(("workers", "seed"), [(1, 1), (3, 2)])
def test_neither_rows_in_another_order_nor_workers_matter(rough_hash, corpus, workers, seed):
    assert hash_all(shuffle(corpus, seed), workers) == rough_hash


@pytest.mark.nightly
def test_neither_the_hash_seed_nor_blas_threads_matter(rough_hash):
    program = Path(__file__).with_name("model_planted.py")
    for seed, threads, workers in (("1", "1", "1"), ("2", "4", "3")):
        settings = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-W", "error", program],
            env={**os.environ, **settings, "WORKERS": workers, "SHUFFLE": seed},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert (done.stdout.strip(), done.stderr) == (rough_hash, "")


def test_the_kept_fit_is_the_one_most_like_the_others(corpus):
    tables = model_topics(corpus, config=replace(MODEL, n_topics=3))
    runs = rows_of(tables, "topic_runs")
    assert [row["seed"] for row in runs] == [20210930, 20210931, 20210932, 20210933]
    (kept,) = (row for row in runs if row["kept"])
    assert kept["stability"] == max(row["stability"] for row in runs)
    matches = rows_of(tables, "topic_matches")
    assert {row["seed"] for row in matches} == {row["seed"] for row in runs} - {kept["seed"]}
    for topic in rows_of(tables, "topics"):
        cosines = [row["cosine"] for row in matches if row["topic"] == topic["topic"]]
        assert topic["stability"] == pytest.approx(np.mean(cosines), abs=1e-6)


def test_a_topic_that_does_not_come_back_is_marked_unstable(corpus):
    config = replace(TWO, n_topics=6, n_runs=6, unstable_below=0.9)
    topics = rows_of(model_topics(corpus, config=config), "topics")
    assert [row["unstable"] for row in topics] == [row["stability"] < 0.9 for row in topics]
    assert {row["unstable"] for row in topics} == {True, False}, "there are two themes and six topics"
    assert ModelConfig().unstable_below == 0.5
    assert not any(row["unstable"] for row in rows_of(model_topics(corpus, config=TWO), "topics"))


def test_one_run_says_nothing_of_stability(corpus):
    tables = model_topics(corpus, config=replace(TWO, n_runs=1))
    assert [(row["stability"], row["unstable"]) for row in rows_of(tables, "topics")] == [(None, None)] * 2
    assert rows_of(tables, "topic_matches") == []


def test_ids_stay_when_seed_and_order_change_and_labels_go_by_them(corpus, modelled):
    ids = [row["topic_id"] for row in rows_of(modelled, "topics")]
    assert len(set(ids)) == 2
    again = rows_of(model_topics(corpus, config=replace(TWO, seed=5, n_words=10)), "topics")
    with_ten = rows_of(model_topics(corpus, config=replace(TWO, n_words=10)), "topics")
    assert {row["topic_id"] for row in again} == {row["topic_id"] for row in with_ten}
    named = rows_of(model_topics(corpus, config=replace(TWO, labels={ids[1]: "网站建设"})), "topics")
    assert [row["label"] for row in named] == [rows_of(modelled, "topics")[0]["label"], "网站建设"]
    with pytest.raises(UsageError, match="labels names no topic with t0; the topics are t"):
        model_topics(corpus, config=replace(TWO, labels={"t0": "无"}))


def test_ids_and_labels_of_an_earlier_run_go_on(corpus, modelled):
    before = {
        "topics": table_of(
            "topics",
            [
                {**row, "topic_id": f"old{row['topic']}", "label": "甲乙"[row["topic"]]}
                for row in rows_of(modelled, "topics")
            ],
        ),
        "topic_words": modelled["topic_words"],
    }
    units = [row for row in rows_of(corpus, "units") if row["doc_id"] not in ("r00", "r01")]
    fewer = {**corpus, "units": table_of("units", units)}
    now = model_topics(fewer, config=TWO, previous=before)
    words = {row["topic_id"]: set(listed(now, row["topic"])) for row in rows_of(now, "topics")}
    assert sorted(words) == ["old0", "old1"]
    for topic in (0, 1):
        assert len(words[f"old{topic}"] & set(listed(modelled, topic))) >= 4
    assert {row["topic_id"]: row["label"] for row in rows_of(now, "topics")} == {"old0": "甲", "old1": "乙"}
    three = rows_of(model_topics(corpus, config=replace(TWO, n_topics=3), previous=before), "topics")
    assert len({row["topic_id"] for row in three}) == 3
    with pytest.raises(UsageError, match="needs the table 'topics'; given are: none"):
        model_topics(corpus, config=TWO, previous={})


def test_seeded_topics_follow_their_cues_and_bear_their_names(corpus):
    cues = {"训练": ("培训班", "讲座"), "网络": ("网站", "页面", "不存在的词")}
    tables = model_topics(corpus, config=replace(TWO, n_topics=3, method="seeded", cues=cues, cue_weight=0.05))
    topic_of = {row["cue"]: row for row in rows_of(tables, "topics")}
    assert set(topic_of) == {"训练", "网络", None}
    assert topic_of["训练"]["label"] == "训练"
    assert set(listed(tables, topic_of["训练"]["topic"])[:4]) <= set(TRAINING)
    assert set(listed(tables, topic_of["网络"]["topic"])[:4]) <= set(WEBSITE)
    with pytest.raises(UsageError, match="no word of cues is among the counted words"):
        model_topics(corpus, config=replace(TWO, method="seeded", cues={"无": ("不存在的词",)}))


def test_years_are_followed_and_a_new_form_is_marked(corpus):
    reports = [
        {**row, "form": None if row["year"] is None else ("form.2019", "form.2021")[row["year"] > 2020]}
        for row in rows_of(corpus, "reports")
    ]
    tables = model_topics({**corpus, "reports": table_of("reports", reports)}, config=TWO)
    years = [row for row in rows_of(tables, "topic_years") if row["topic"] == 0]
    assert [(row["year"], row["form"], row["form_break"], row["n_reports"]) for row in years] == [
        (2020, "form.2019", False, 8),
        (2021, "form.2021", True, 8),
        (2022, "form.2021", False, 8),
    ]
    assert years[1]["change"] is None
    assert years[2]["change"] == pytest.approx(years[2]["mean"] - years[1]["mean"], abs=2e-6)
    shares = {row["doc_id"]: row["share"] for row in rows_of(tables, "topic_shares") if row["topic"] == 0}
    year_of = {row["doc_id"]: row["year"] for row in reports}
    assert years[0]["mean"] == pytest.approx(np.mean([x for d, x in shares.items() if year_of[d] == 2020]), abs=1e-6)
    by_year = [row for row in rows_of(tables, "topic_prevalence") if row["by"] == "year" and row["topic"] == 0]
    assert [row["value"] for row in by_year] == ["2020", "2021", "2022"]


def test_one_year_only_is_followed_without_change(corpus):
    reports = [{**row, "year": 2021, "form": None} for row in rows_of(corpus, "reports")]
    years = rows_of(model_topics({**corpus, "reports": table_of("reports", reports)}, config=TWO), "topic_years")
    assert [(row["year"], row["change"], row["form_break"]) for row in years] == [(2021, None, False)] * 2


def test_mandated_and_copied_characters_are_joined(modelled, corpus):
    rows = rows_of(modelled, "topic_reuse")
    assert [(row["topic"], row["stratum"]) for row in rows] == [
        (topic, stratum) for topic in (0, 1) for stratum in ("mandated", "original", "viral")
    ]
    for topic, row in enumerate(rows_of(modelled, "topics")):
        share = {one["stratum"]: one["share"] for one in rows if one["topic"] == topic}
        assert (row["mandated"], row["copied"]) == (share["mandated"], share["viral"])
        assert sum(share.values()) == pytest.approx(1, abs=3e-6)
    units = [row for row in rows_of(corpus, "units") if row["doc_id"] != "old"]
    assert sum(row["n_chars"] for row in rows) == pytest.approx(sum(len(row["text"]) for row in units), abs=0.5)
    marked = sum(row["n_chars"] for row in rows if row["stratum"] != "original")
    assert marked == pytest.approx(8 * len(units), abs=0.5)
    without = model_topics({key: corpus[key] for key in ("reports", "units")}, config=TWO)
    assert rows_of(without, "topic_reuse") == []
    assert rows_of(without, "topics")[0]["copied"] is None


def test_near_copies_can_share_one_weight(corpus):
    units = rows_of(corpus, "units")
    copied = [row for row in units if row["doc_id"] == "r00"]
    copies = [
        {**row, "doc_id": f"copy{n}", "unit_id": f"copy{n}-{row['ordinal']}"} for n in range(12) for row in copied
    ]
    reports = [*rows_of(corpus, "reports"), *({"doc_id": f"copy{n}", "year": 2020} for n in range(12))]
    tables = {"reports": table_of("reports", reports), "units": table_of("units", [*units, *copies])}
    kept, weighted = (model_topics(tables, config=replace(TWO, near_copies=how)) for how in ("keep", "weight"))
    assert all(row["stability"] > 0.9 for row in rows_of(weighted, "topics"))
    assert set(listed(weighted, 0)) <= set(TRAINING), "the copies are still reports"
    only_in_copies = set(listed(kept, 0)[:3])
    assert rows_of(weighted, "topic_words") != rows_of(kept, "topic_words")
    assert only_in_copies <= {word for word in TRAINING if any(word in row["text"] for row in copied)}


def test_share_and_concentration_are_a_dirichlet_of_the_counted_words(modelled):
    for row in rows_of(modelled, "topic_documents"):
        assert row["concentration"] == pytest.approx(row["n_words"] + 1, abs=1e-5), "the prior adds up to 1"


def test_two_topics_exclude_each_other(modelled):
    (row,) = rows_of(modelled, "topic_correlations")
    assert (row["topic_a"], row["topic_b"], row["n_reports"]) == (0, 1, 24)
    assert row["correlation"] == pytest.approx(-1)


def test_a_sweep_shows_all_measures_side_by_side(corpus):
    tables = sweep_topics(corpus, config=SWEEP)
    runs, choice = rows_of(tables, "topic_runs"), rows_of(tables, "topic_choice")
    assert [row["n_topics"] for row in runs] == [2, 2, 2, 3, 3, 3, 5, 5, 5]
    assert {(row["n_documents"], row["n_held_out"]) for row in runs} == {(19, 5)}
    assert len(choice) == 3 * 8
    for row in choice:
        values = [run[row["measure"]] for run in runs if run["n_topics"] == row["n_topics"]]
        assert row["mean"] == pytest.approx(np.mean(values), abs=1e-5), row
        assert row["low"] <= row["mean"] <= row["high"]
    width = {row["n_topics"]: row["high"] - row["low"] for row in choice if row["measure"] == "stability"}
    runs_of_five = [run["stability"] for run in runs if run["n_topics"] == 5]
    assert width[5] == pytest.approx(2 * 4.302653 * np.std(runs_of_five, ddof=1) / 3**0.5, abs=1e-4)
    diversity = {row["n_topics"]: row["mean"] for row in choice if row["measure"] == "diversity"}
    assert diversity[2] > diversity[3] > diversity[5], "there are two themes"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"n_topics": 25, "documents": "reports"}, "24 reports hold a counted word, too few for n_topics=25"),
        ({"n_topics": 30, "documents": "units"}, r"words are counted, fewer than n_topics=30; lower n_topics"),
        ({"sections": ("signature",)}, "no word is left to count"),
        ({"words": CountConfig(min_df=25)}, "lower min_df"),
    ],
)
def test_what_cannot_be_fitted_says_what_to_change(corpus, fields, message):
    with pytest.raises(NotEnoughTextError, match=message):
        model_topics(corpus, config=replace(TWO, **fields))


def test_a_sweep_of_too_few_documents_says_what_to_change(corpus):
    config = replace(SWEEP, grid=(15,), documents="reports", held_out=0.5)
    with pytest.raises(
        NotEnoughTextError, match="12 reports are left to fit, too few for 15 topics; lower grid or held_out"
    ):
        sweep_topics(corpus, config=config)


@pytest.mark.parametrize(
    ("config", "bad"),
    [
        (ModelConfig, {"n_topics": 1}),
        (ModelConfig, {"method": "bert"}),
        (ModelConfig, {"n_runs": 0}),
        (ModelConfig, {"tolerance": -1.0}),
        (ModelConfig, {"cue_weight": 2.0}),
        (ModelConfig, {"cues": {"a": ("b",)}}),
        (ModelConfig, {"method": "seeded"}),
        (SweepConfig, {"grid": ()}),
        (SweepConfig, {"grid": (1, 2)}),
        (SweepConfig, {"grid": (3, 3)}),
        (SweepConfig, {"held_out": 1.0}),
    ],
)
def test_an_impossible_configuration_is_refused(config, bad):
    with pytest.raises(UsageError, match=next(iter(bad)) if "cues" not in bad else "cues"):
        config(**bad)


def test_more_cues_than_topics_are_refused():
    with pytest.raises(UsageError, match="cues name 3 topics and n_topics is 2"):
        ModelConfig(n_topics=2, method="seeded", cues={"a": ("x",), "b": ("y",), "c": ("z",)})
    assert NMF.cues == {}
