import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from planted import CONFIG, ROUGH, TRAINING, WEBSITE, hash_tables, make_tables, make_unit
from pydantic import TypeAdapter, ValidationError

from gknlp.errors import UsageError
from gknlp.features.counts import CountConfig
from gknlp.schemas import RESULTS
from gknlp.tables import table_of
from gknlp.topics import TopicConfig, fit_topics


@pytest.fixture(scope="module")
def corpus():
    return make_tables()


@pytest.fixture(scope="module")
def rough_hash(corpus):
    return hash_tables(fit_topics(corpus, config=ROUGH))


@pytest.fixture(scope="module")
def fitted(corpus):
    return fit_topics(corpus, config=CONFIG)


def rows_of(tables, name):
    return tables[name].to_pylist()


def changed(config, **fields):
    return TypeAdapter(TopicConfig).validate_python({name: getattr(config, name) for name in config.__slots__} | fields)


def words_of(tables, topic):
    return [row["word"] for row in rows_of(tables, "topic_words") if row["topic"] == topic]


def topic_of(tables, theme):
    """The one topic all of whose words come from the planted theme."""
    (topic,) = (topic for topic in (0, 1) if set(words_of(tables, topic)) <= set(theme))
    return topic


def test_the_planted_themes_are_found(fitted):
    training, website = topic_of(fitted, TRAINING), topic_of(fitted, WEBSITE)
    assert {training, website} == {0, 1}
    for row in rows_of(fitted, "topic_shares"):
        expected = training if int(row["doc_id"][1:]) % 2 == 0 else website
        assert row["share"] > 0.9 if row["topic"] == expected else row["share"] < 0.1, row


def test_the_tables_are_those_of_the_schemas(fitted):
    assert sorted(fitted) == ["topic_shares", "topic_units", "topic_words", "topics"]
    assert all(table.schema == RESULTS[name] for name, table in fitted.items())


def test_topics_are_numbered_by_falling_size_and_named_by_their_words(fitted):
    topics = rows_of(fitted, "topics")
    assert [row["topic"] for row in topics] == [0, 1]
    assert topics[0]["size"] >= topics[1]["size"]
    assert sum(row["size"] for row in topics) == pytest.approx(1, abs=1e-5)
    assert [row["label"] for row in topics] == ["、".join(words_of(fitted, topic)[:3]) for topic in (0, 1)]
    assert [row["n_units"] for row in topics] == [48, 48]
    assert all(row["stability"] > 0.99 for row in topics), "two separate themes come back from any start"
    assert [row["uniqueness"] for row in topics] == [1.0, 1.0]


def test_words_are_ranked_by_probability(fitted):
    for topic in (0, 1):
        rows = [row for row in rows_of(fitted, "topic_words") if row["topic"] == topic]
        assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5, 6]
        probabilities = [row["probability"] for row in rows]
        assert probabilities == sorted(probabilities, reverse=True)
        assert 0.5 < sum(probabilities) < 1


def test_shares_of_each_current_report_sum_to_one(fitted):
    shares = rows_of(fitted, "topic_shares")
    doc_ids = sorted({row["doc_id"] for row in shares})
    assert doc_ids == [f"r{number:02}" for number in range(24)], "the superseded report is left out"
    for doc_id in doc_ids:
        assert sum(row["share"] for row in shares if row["doc_id"] == doc_id) == pytest.approx(1, abs=1e-5)


def test_examples_lead_back_to_units_of_the_theme_with_different_wording(fitted, corpus):
    texts = {(row["doc_id"], row["unit_id"]): row for row in rows_of(corpus, "units")}
    for topic, theme in ((topic_of(fitted, TRAINING), TRAINING), (topic_of(fitted, WEBSITE), WEBSITE)):
        rows = [row for row in rows_of(fitted, "topic_units") if row["topic"] == topic]
        units = [texts[row["doc_id"], row["unit_id"]] for row in rows]
        assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5]
        assert [(row["start"], row["end"]) for row in rows] == [(unit["start"], unit["end"]) for unit in units]
        assert all(sum(word in unit["text"] for word in theme) >= 2 for unit in units)
        assert len({unit["text"] for unit in units}) == 5
        assert [row["weight"] for row in rows] == sorted((row["weight"] for row in rows), reverse=True)


def test_the_same_wording_is_shown_once():
    tables = make_tables()
    units = [
        {**row, "text": "培训班与讲座"} if row["doc_id"] in ("r02", "r04") and row["ordinal"] < 2 else row
        for row in rows_of(tables, "units")
    ]
    fitted = fit_topics({**tables, "units": table_of("units", units)}, config=changed(CONFIG, n_examples=90))
    places = {row["unit_id"]: row["text"] for row in units}
    shown = [places[row["unit_id"]] for row in rows_of(fitted, "topic_units")]
    assert shown.count("培训班与讲座") == 1
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_does_not_matter(rough_hash, corpus, seed):
    rng = random.Random(seed)
    shuffled = {name: table.take(rng.sample(range(len(table)), len(table))) for name, table in corpus.items()}
    assert shuffled["units"].column("unit_id") != corpus["units"].column("unit_id")
    assert hash_tables(fit_topics(shuffled, config=ROUGH)) == rough_hash


@pytest.mark.nightly
def test_neither_the_hash_seed_nor_the_number_of_threads_matters(rough_hash):
    program = Path(__file__).with_name("planted.py")
    for seed, threads in (("1", "1"), ("2", "2")):
        settings = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-W", "error", program],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert (done.stdout.strip(), done.stderr) == (rough_hash, "")


def test_another_seed_is_another_start_that_finds_the_same_themes(corpus, rough_hash):
    other = fit_topics(corpus, config=changed(CONFIG, seed=5))
    assert {topic_of(other, TRAINING), topic_of(other, WEBSITE)} == {0, 1}
    assert hash_tables(fit_topics(corpus, config=changed(ROUGH, seed=5))) != rough_hash


def test_units_can_be_the_documents(corpus):
    fitted = fit_topics(corpus, config=changed(CONFIG, documents="units"))
    assert {topic_of(fitted, TRAINING), topic_of(fitted, WEBSITE)} == {0, 1}
    assert len(fitted["topic_shares"]) == 48, "shares are per report all the same"


def test_more_topics_than_themes_come_back_less_surely(corpus):
    topics = rows_of(fit_topics(corpus, config=changed(CONFIG, n_topics=6)), "topics")
    assert len(topics) == 6
    assert min(row["stability"] for row in topics) < 0.9


def test_units_of_other_sections_and_of_themes_left_out_are_not_read(corpus):
    noise = [
        {
            "doc_id": "r00",
            "unit_id": f"n{n}",
            "ordinal": 50 + n,
            "section": section,
            "text": "噪声",
            "start": 0,
            "end": 2,
        }
        for n, section in enumerate(["preamble", "requests_table", "overview"])
    ]
    units = table_of("units", [*rows_of(corpus, "units"), *noise])
    labels = table_of("theme_labels", [{"doc_id": "r00", "unit_id": "n2", "primary": "S1"}])
    config = changed(CONFIG, words=CountConfig(min_df=1), leave_out=("S1",))
    tables = {**corpus, "units": units, "theme_labels": labels}
    everything = changed(config, n_words=99)
    assert "噪声" not in {row["word"] for row in rows_of(fit_topics(tables, config=everything), "topic_words")}
    kept = fit_topics(tables, config=changed(everything, leave_out=()))
    assert "噪声" in {row["word"] for row in rows_of(kept, "topic_words")}


def test_names_are_left_out_unless_asked_for(corpus):
    units = [{**row, "text": "白石镇" + row["text"]} for row in rows_of(corpus, "units")]
    tables = {**corpus, "units": table_of("units", units)}
    config = changed(CONFIG, n_words=99, words=CountConfig(max_df=1.0))
    words = {row["word"] for row in rows_of(fit_topics(tables, config=config), "topic_words")}
    with_names = fit_topics(tables, config=changed(config, keep_names=True))
    assert {row["word"] for row in rows_of(with_names, "topic_words")} - words == {"白石"}


def test_a_report_without_a_counted_word_has_no_shares(corpus):
    unit = make_unit("r99", 0, ("甲", "乙"), random.Random(0))
    reports = table_of("reports", [*rows_of(corpus, "reports"), {"doc_id": "r99"}])
    tables = {"reports": reports, "units": table_of("units", [*rows_of(corpus, "units"), unit])}
    assert "r99" not in {row["doc_id"] for row in rows_of(fit_topics(tables, config=CONFIG), "topic_shares")}


@pytest.mark.parametrize(
    ("n_reports", "fields", "message"),
    [
        (
            24,
            {"n_topics": 25, "documents": "reports"},
            "24 reports hold a counted word, too few for n_topics=25; lower n_topics",
        ),
        (0, {}, "no word is left to count: of 0 words in 0 documents"),
        (24, {"sections": ("signature",)}, "no word is left to count"),
        (24, {"words": CountConfig(min_df=25)}, "lower min_df"),
        (24, {"leave_out": ("S1",)}, "need the table 'theme_labels'; given are: reports, units"),
    ],
)
def test_what_cannot_be_fitted_says_what_to_change(n_reports, fields, message):
    tables = make_tables(n_reports)
    with pytest.raises(UsageError, match=message):
        fit_topics(tables, config=changed(CONFIG, **fields))


def test_empty_tables_are_refused_like_an_empty_corpus():
    tables = {"reports": table_of("reports", []), "units": table_of("units", [])}
    with pytest.raises(UsageError, match="of 0 words in 0 documents"):
        fit_topics(tables, config=CONFIG)
    with pytest.raises(UsageError, match="need the table 'reports'; given are: none"):
        fit_topics({}, config=CONFIG)


@pytest.mark.parametrize(
    "bad", [{"n_topics": 1}, {"seed": -1}, {"max_iter": 0}, {"n_words": 0}, {"documents": "pages"}, {"sections": ()}]
)
def test_an_impossible_configuration_is_refused(bad):
    with pytest.raises(UsageError, match=next(iter(bad))):
        TopicConfig(**bad)


def test_the_configuration_reads_from_plain_values_and_refuses_unknown_keys():
    adapter = TypeAdapter(TopicConfig)
    read = adapter.validate_python({"n_topics": 4, "leave_out": ["S1", "S3"], "words": {"min_df": 3}})
    assert read == TopicConfig(n_topics=4, leave_out=("S1", "S3"), words=CountConfig(min_df=3))
    with pytest.raises(ValidationError, match="n_topic\n"):
        adapter.validate_python({"n_topic": 4})
