import json
import random

import numpy as np
import pyarrow as pa
import pytest
from planted import CONFIG, make_tables

from gknlp.errors import UsageError
from gknlp.features.counts import CountConfig
from gknlp.tables import table_of
from gknlp.topics import TopicConfig
from gknlp.topics.documents import UnitRows, gather_documents

WORDS = CountConfig(min_df=1, max_df=1.0)
TRAINING, WEBSITE = "全年组织业务培训与集中学习，参训人员踊跃。", "门户网站改版上线，检索功能更加完善。"
LAW = "本年度报告遵照某某章程撰写。"


def one_by_one(*texts, strata=()):
    """A report for each text, one unit each, 10 characters into the report; strata: (row, start, end, stratum)."""
    rows = list(enumerate(texts))
    return {
        "reports": table_of("reports", [{"doc_id": f"r{row}", "agency": "", "year": 2021} for row, _ in rows]),
        "units": table_of(
            "units",
            [
                {
                    "doc_id": f"r{row}",
                    "unit_id": f"r{row}-0",
                    "ordinal": 0,
                    "section": "overview",
                    "heading": "",
                    "text": text,
                    "start": 10,
                    "end": 10 + len(text),
                }
                for row, text in rows
            ],
        ),
        "stretches": table_of(
            "stretches",
            [
                {"doc_id": f"r{row}", "start": 10 + a, "end": 10 + b, "stratum": stratum}
                for row, a, b, stratum in strata
            ],
        ),
    }


def config_of(**fields):
    return TopicConfig(n_topics=2, **{"documents": "units", "words": WORDS, **fields})


def vocabulary(tables, **fields):
    return gather_documents(tables, config=config_of(**fields)).unit_counts.vocabulary


def test_mandated_text_is_cut_out_when_asked():
    mandated = (0, len(TRAINING), len(TRAINING + LAW), "mandated")
    tables = one_by_one(TRAINING + LAW, WEBSITE, strata=[(0, 0, len(TRAINING), "original"), mandated])
    assert "章程" in vocabulary(tables)
    without = vocabulary(tables, leave_strata=("mandated",))
    assert "章程" not in without
    assert {"业务培训", "参训"} <= set(without)
    assert vocabulary(tables, leave_strata=("formula",)) == vocabulary(tables)


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([(0, 4)], ("培训", "网站")),  # the unit's beginning
        ([(-9, 4)], ("培训", "网站")),  # a stretch that began before it
        ([(-1, 4)], ("培训", "网站")),
        ([(2, 4)], ("培训", "政务", "网站")),
        ([(4, 99)], ("公开", "政务公开")[1:]),
        ([(0, 2), (4, 6)], ("公开", "网站")),
        ([(0, 99)], None),
        ([(3, 5)], ("政务", "网站")),  # half a word is no word: 公 and 训 are too short
    ],
)
def test_only_what_lies_in_a_stretch_is_cut_out(spans, kept):
    tables = one_by_one("政务公开培训网站", "学习", strata=[(0, a, b, "mandated") for a, b in spans])
    found = gather_documents(tables, config=config_of(leave_strata=("mandated",))).unit_counts
    assert found.vocabulary == tuple(sorted(["学习", *(kept or ())]))


def test_what_is_left_out_leaves_no_document_without_words():
    tables = one_by_one(LAW, TRAINING, strata=[(0, 0, len(LAW), "mandated")])
    documents = gather_documents(tables, config=config_of(leave_strata=("mandated",)))
    assert documents.report_ids == ("r1",)
    assert [unit["unit_id"] for unit in documents.units] == ["r1-0"]
    assert len(documents.weights) == 1


def test_strata_need_their_table_and_true_spans():
    tables = one_by_one(TRAINING, strata=[(0, 0, 2, "mandated")])
    with pytest.raises(UsageError, match="need the table 'stretches'"):
        gather_documents(
            {name: tables[name] for name in ("reports", "units")}, config=config_of(leave_strata=("mandated",))
        )
    rows = tables["units"].to_pylist()
    broken = {**tables, "units": table_of("units", [{**rows[0], "end": rows[0]["end"] + 1}])}
    with pytest.raises(UsageError, match="strata cannot be told; build the corpus anew"):
        gather_documents(broken, config=config_of(leave_strata=("mandated",)))
    assert gather_documents(broken, config=config_of()).report_ids == ("r0",)


@pytest.mark.parametrize("documents", ["units", "reports"])
def test_near_copies_are_kept_or_share_one_weight(documents):
    tables = one_by_one(TRAINING, WEBSITE, TRAINING.replace("，", "、"), TRAINING)
    kept = gather_documents(tables, config=config_of(documents=documents))
    shared = gather_documents(tables, config=config_of(documents=documents, near_copies="weight"))
    assert kept.weights.tolist() == [1, 1, 1, 1]
    assert shared.weights.tolist() == [1 / 3, 1, 1 / 3, 1 / 3]
    assert kept.fitted_counts().matrix.dtype == np.int32
    counted = dict(zip(shared.unit_counts.vocabulary, shared.fitted_counts().matrix.sum(axis=0).tolist(), strict=True))
    assert (counted["业务培训"], counted["门户网站"]) == (pytest.approx(1), 1)
    assert shared.report_counts.matrix.sum() == kept.report_counts.matrix.sum(), "what is reported is never weighted"
    assert (kept.choices["n_clusters"], shared.choices["n_clusters"]) == (None, 2)


def test_copies_of_mandated_text_alone_are_no_near_copies():
    tables = one_by_one(
        LAW * 4 + TRAINING, LAW * 4 + WEBSITE, strata=[(row, 0, 4 * len(LAW), "mandated") for row in (0, 1)]
    )
    whole = gather_documents(tables, config=config_of(near_copies="weight", resemblance=0.2))
    cut = gather_documents(tables, config=config_of(near_copies="weight", resemblance=0.2, leave_strata=("mandated",)))
    assert (whole.weights.tolist(), cut.weights.tolist()) == ([0.5, 0.5], [1, 1])


def test_the_choices_go_into_a_manifest():
    tables = one_by_one(TRAINING + LAW, WEBSITE, strata=[(0, len(TRAINING), len(TRAINING + LAW), "mandated")])
    config = config_of(leave_strata=("mandated",), near_copies="weight", resemblance=0.7)
    choices = gather_documents(tables, config=config).choices
    assert json.loads(json.dumps(choices)) == choices
    told = {"documents": "units", "n_documents": 2, "strata_left_out": ["mandated"], "n_chars_left_out": len(LAW)}
    assert told | {"near_copies": "weight", "resemblance": 0.7, "n_clusters": 2} == {
        name: choices[name] for name in [*told, "near_copies", "resemblance", "n_clusters"]
    }
    assert (len(choices["lexicon"]), len(choices["stopwords"])) == (64, 64)
    without = gather_documents(tables, config=config_of(words=CountConfig(min_df=1, max_df=1.0, stopwords="")))
    assert without.choices["stopwords"] is None


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_changes_nothing(seed):
    tables = make_tables()
    config = TopicConfig(n_topics=2, near_copies="weight", resemblance=0.4)
    first = gather_documents(tables, config=config)
    shuffled = {}
    for name, table in tables.items():
        rows = table.to_pylist()
        random.Random(seed).shuffle(rows)
        shuffled[name] = pa.Table.from_pylist(rows, schema=table.schema)
    again = gather_documents(shuffled, config=config)
    assert (again.report_ids, again.unit_counts.vocabulary) == (first.report_ids, first.unit_counts.vocabulary)
    assert again.unit_counts.matrix.toarray().tolist() == first.unit_counts.matrix.toarray().tolist()
    assert again.weights.tobytes() == first.weights.tobytes()
    assert list(again.units) == list(first.units)
    assert again.choices == first.choices


def test_units_are_rows_made_when_they_are_asked_for():
    units = gather_documents(make_tables(), config=CONFIG).units
    assert isinstance(units, UnitRows)
    listed = list(units)
    assert (units[0], units[-1], units[1:3]) == (listed[0], listed[-1], listed[1:3])
    assert len(units) == len(listed) == 96
    with pytest.raises(IndexError):
        units[96]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"near_copies": "drop"}, "keep, weight"),
        ({"resemblance": 0}, "resemblance is 0"),
        ({"leave_strata": ("law",)}, "leave_strata names law"),
    ],
)
def test_an_impossible_choice_is_refused(field, message):
    with pytest.raises(UsageError, match=message):
        TopicConfig(**field)
