import pickle
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest
import spacy

from gknlp.errors import UsageError
from gknlp.rhetoric import ACTORS, MODALITIES, VALENCES, FacetConfig, Place, facets_model, find_facets, patterns_hash
from gknlp.rhetoric.decide import decide_facets
from gknlp.rhetoric.facets import MODEL
from gknlp.rhetoric.learned.model import load_model
from gknlp.rhetoric.marks import KINDS, Reading
from gknlp.rhetoric.patterns import load_patterns, read_patterns
from gknlp.rhetoric.pipeline import GROUP, NAME, READING, build_pipeline, read_texts
from gknlp.schemas import CORPUS, RESULTS

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="module")
def nlp():
    return build_pipeline()


def facets_of(nlp, text, **place):
    return decide_facets(text, nlp(text).user_data[READING], Place(**place))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:16] for case in CASES])
def test_a_unit_has_the_facets_that_the_codebook_gives_it(nlp, case):
    place = {key: case[key] for key in ("section", "part", "agency", "level", "kind", "year") if key in case}
    found = facets_of(nlp, case["text"], **place)
    due = {key: case[key] for key in ("modality", "valence", "actor", "hedge") if key in case}
    assert {key: getattr(found, key) for key in due} == due
    if "specificity" in case:
        assert list(found.specificity) == case["specificity"]
    if "named" in case:
        named = [case["text"][m.start : m.end] for m in found.evidence if m.facet == "specificity"]
        assert named == case["named"]


def test_cases_show_every_value_of_every_facet():
    assert {case.get("modality") for case in CASES} >= set(MODALITIES)
    assert {case.get("valence") for case in CASES} >= set(VALENCES)
    assert {case.get("actor") for case in CASES} >= set(ACTORS)
    assert {value for case in CASES for value in case.get("specificity", ())} == set(KINDS.values())


def test_an_empty_text_shows_nothing(nlp):
    assert nlp("").user_data[READING] == Reading()
    found = decide_facets("", Reading(), Place())
    assert (found.specificity, found.valence, found.hedge, found.actor, found.evidence) == (
        (),
        "neutral",
        False,
        "none",
        (),
    )


def test_the_agency_itself_is_no_particular(nlp):
    text = "沐陵县柳荫镇人民政府在柳荫镇便民服务中心设查阅点。"
    own = facets_of(nlp, text, agency="沐陵县柳荫镇人民政府", level="township", kind="government")
    assert own.actor == "self"
    assert not [m for m in own.evidence if m.facet == "specificity" and m.end <= 10]


def test_a_body_is_above_or_below_by_the_level_of_the_agency(nlp):
    text = "县政府办来检查两次。"
    assert facets_of(nlp, text, level="township", kind="government").actor == "superior"
    assert facets_of(nlp, text, level="county", kind="government").actor == "self"


def test_marks_are_spans_of_the_doc_and_the_reading_holds_their_exact_places(nlp):
    text = "（一）１２月底前在门户网站公布《公开指南》３份。"
    doc = nlp(text)
    marks = [mark for mark in doc.user_data[READING].marks if mark.facet == "specificity"]
    assert [(text[m.start : m.end], m.value) for m in marks] == [
        ("１２月底前", "date"),
        ("门户网站", "channel"),
        ("《公开指南》", "instrument"),
        ("３份", "count"),
    ]
    assert "specificity=instrument" in {span.label_ for span in doc.spans[GROUP]}


def test_a_list_number_is_no_count(nlp):
    assert facets_of(nlp, "3.更新公开目录。", section="overview").specificity == ()


def test_two_pipelines_with_different_patterns_do_not_disturb_each_other(nlp):
    text = "拟增设公示栏两块。"
    before = nlp(text).user_data[READING]
    bare = build_pipeline(patterns={"hedge": '[[patterns]]\nvalue = "hedge"\nregex = ["增设"]'})
    assert [(m.facet, m.value) for m in bare(text).user_data[READING].marks] == [("hedge", "hedge")]
    assert nlp(text).user_data[READING] == before
    assert not [key for key in spacy.tokens.Doc.__dict__ if "gknlp" in key]
    assert not spacy.tokens.Doc.has_extension("facets")


def test_the_component_travels_with_its_pipeline(nlp, tmp_path):
    text = "门户网站全年发布信息三百条。"
    made = build_pipeline(patterns={"hedge": '[[patterns]]\nvalue = "hedge"\nregex = ["全年"]'})
    made.to_disk(tmp_path / "model")
    assert spacy.load(tmp_path / "model")(text).user_data[READING] == made(text).user_data[READING]
    again = pickle.loads(pickle.dumps(nlp))  # noqa: S301  # our own bytes
    assert again(text).user_data[READING] == nlp(text).user_data[READING]


def test_a_config_names_the_component_without_importing_it_first():
    code = (
        "import spacy; nlp = spacy.blank('zh', config={'nlp': {'tokenizer': {'@tokenizers': 'gknlp.Tokenizer.v1'}}});"
        f"nlp.add_pipe('{NAME}'); doc = nlp('报送《月报》'); print([s.text for s in doc.spans['{GROUP}']])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "['《月报》']\n", done.stderr


@pytest.mark.parametrize(
    ("facet", "text", "message"),
    [
        ("tone", "", "no facet with patterns is called 'tone'"),
        ("hedge", '[[patterns]]\nvalue = "soft"', "the value 'soft' is not known"),
        ("hedge", '[[patterns]]\nvalue = "hedge"\nrexeg = ["a"]', "the key 'rexeg' is not known"),
        ("hedge", '[[patterns]]\nvalue = "hedge"\nregex = ["(a"]', "does not compile"),
    ],
)
def test_bad_patterns_are_refused_by_name(facet, text, message):
    with pytest.raises(UsageError, match=message):
        read_patterns(facet, text)


def test_a_mark_inside_an_unless_is_void_and_one_outside_stays(nlp):
    marks = nlp("部分公开两件，部分栏目空白。").user_data[READING].marks
    assert [(m.start, m.end) for m in marks if m.facet == "hedge"] == [(7, 9)]


def test_patterns_are_named_by_their_content():
    assert len(patterns_hash()) == 64
    assert facets_model("") == f"facets.rules.v2:{patterns_hash()[:12]}"
    assert facets_model() == f"facets.v2:{load_model(MODEL).hash[:12]}"
    with pytest.raises(UsageError, match="no model called 'other'"):
        facets_model("other")
    assert {pattern.facet for pattern in load_patterns()} == {"specificity", "modality", "valence", "hedge"}


# ------------------------------------------------------------------ the table


def corpus(*units, **report):
    """Tables of one report whose text is the units' texts joined by line ends."""
    text, rows = "", []
    for at, (section, part, unit) in enumerate(units):
        rows.append(
            {"doc_id": "d1", "unit_id": f"u{at}", "section": section, "part": part, "ordinal": at, "heading": ""}
            | {"text": unit, "start": len(text), "end": len(text) + len(unit)}
        )
        text += unit + "\n"
    reports = [{"doc_id": "d1", "text": text, "n_chars": len(text), **report}]
    return {
        "units": pa.Table.from_pylist(rows, schema=CORPUS["units"]),
        "reports": pa.Table.from_pylist(reports, schema=CORPUS["reports"]),
    }


UNITS = (
    ("overview", None, "全年在门户网站发布信息12条。"),
    ("problems_improvements", "problems", "个别栏目更新慢。"),
    ("problems_improvements", "improvements", "全年在门户网站发布信息12条。"),
)


def test_the_table_has_a_row_a_unit_with_evidence_in_the_text_of_the_report():
    tables = corpus(*UNITS, agency="青禾县统计局", year=2022)
    facets = find_facets(tables)["facets"]
    assert facets.schema == RESULTS["facets"]
    text = tables["reports"]["text"][0].as_py()
    rows = facets.to_pylist()
    assert [row["unit_id"] for row in rows] == ["u0", "u1", "u2"]
    named = [[text[m["start"] : m["end"]] for m in row["evidence"] if m["facet"] == "specificity"] for row in rows]
    assert named == [["门户网站", "12条"], [], ["门户网站", "12条"]]
    assert [row["valence"] for row in rows] == ["neutral", "shortfall", "neutral"]
    assert [row["hedge"] for row in rows] == [False, True, False]


def test_equal_texts_are_read_once(monkeypatch):
    import gknlp.rhetoric.pipeline as pipeline

    seen = []
    real = pipeline.read_texts
    monkeypatch.setattr(pipeline, "read_texts", lambda nlp, texts: real(nlp, [seen.append(t) or t for t in texts]))
    assert find_facets(corpus(*UNITS))["facets"].num_rows == 3
    assert sorted(seen) == sorted({text for _, _, text in UNITS})


def test_no_units_give_an_empty_table_and_row_order_does_not_count():
    tables = corpus(*UNITS)
    assert find_facets(corpus())["facets"].num_rows == 0
    turned = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in tables.items()}
    assert find_facets(turned)["facets"].equals(find_facets(tables)["facets"])


def test_a_unit_that_is_no_slice_of_the_report_has_the_whole_unit_as_evidence():
    tables = corpus(("overview", None, "发布12条。"))
    units = tables["units"].to_pylist()
    units[0]["end"] += 3
    tables["units"] = pa.Table.from_pylist(units, schema=CORPUS["units"])
    marks = find_facets(tables)["facets"]["evidence"][0].as_py()
    assert {(m["start"], m["end"]) for m in marks} == {(0, units[0]["end"])}


def test_a_unit_without_report_is_decided_by_its_words():
    tables = corpus(*UNITS)
    tables["reports"] = tables["reports"].slice(0, 0)
    assert find_facets(tables)["facets"]["modality"].to_pylist() == ["done", "state", "done"]


def test_terms_keep_a_name_whole():
    with pytest.raises(UsageError, match="empty"):
        FacetConfig(terms=("",))
    assert find_facets(corpus(*UNITS), config=FacetConfig(terms=("青禾夜谈",)))["facets"].num_rows == 3


@pytest.mark.nightly
def test_ten_thousand_distinct_units_take_no_longer_than_forty_seconds_of_one_core(nlp):
    texts = [f"{case['text'][:-1]}，第{at}批。" for at in range(10_000 // len(CASES)) for case in CASES]
    start = time.process_time()
    n_read = sum(1 for _ in read_texts(nlp, texts))
    seconds = time.process_time() - start
    assert n_read == len(texts)
    assert seconds < 40 * len(texts) / 10_000
