import pyarrow as pa
import pytest

from gknlp.features.spacy_tokens import blank_pipeline
from gknlp.interop.spacy import GROUPS, build_doc, build_docs
from gknlp.parse import parse_report
from gknlp.records import RawDocument, Source
from gknlp.rhetoric import find_facets
from gknlp.themes import classify_corpus
from tests.interop.corpora import build, report, tables_of

TEXT = report(
    "沐岭县柳荫镇",
    2022,
    overview="2022年，本镇在门户网站挂出各类消息三十七条。举办业务培训两期。",
    problems="一、存在的问题\n个别栏目更新偏慢。\n二、改进措施\n明年拟增设公示栏两块。",
)


@pytest.fixture(scope="module")
def nlp():
    return blank_pipeline()


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    tables = tables_of(build(tmp_path_factory.mktemp("c"), {"a.txt": TEXT}), "reports", "sections", "units")
    return tables | classify_corpus(tables) | find_facets(tables)


def test_a_parsed_report_becomes_a_doc_with_its_sections_and_units(nlp):
    parsed = parse_report(RawDocument("d1", TEXT, Source("a.txt", b"a.txt", "0" * 64, "text/plain")))
    doc = build_doc(parsed, nlp=nlp)
    assert doc.text == TEXT
    assert [(s.label_, s.text) for s in doc.spans["sections"]] == [
        (s.key, TEXT[s.span.start : s.span.end]) for s in parsed.sections
    ]
    assert [(s.id_, s.text) for s in doc.spans["units"]] == [(u.unit_id, u.text) for u in parsed.units]
    assert not doc.spans["themes"]


def test_a_corpus_report_carries_themes_facets_and_the_words_that_show_them(nlp, tables):
    (doc,) = build_docs(tables, nlp=nlp)
    assert doc.text == tables["reports"]["text"][0].as_py()
    assert set(doc.spans) == set(GROUPS)
    labels = {row["unit_id"]: row["labels"] for row in tables["theme_labels"].to_pylist()}
    found = {}
    for span in doc.spans["themes"]:
        found.setdefault(span.id_, []).append(span.label_)
    assert found == {unit: codes for unit, codes in labels.items() if codes}
    shown = {(span.text, span.label_) for span in doc.spans["evidence"]}
    assert shown >= {("门户网站", "specificity=channel"), ("三十七条", "specificity=count")}
    planned = [span.text for span in doc.spans["facets"] if span.label_ == "modality=planned"]
    assert planned == ["明年拟增设公示栏两块。"]
    assert {span.label_ for span in doc.spans["units"]} >= {"overview", "problems_improvements/problems"}
    assert doc.user_data["year"] == 2022


def test_no_reports_give_no_docs_and_tables_may_be_missing(nlp, tables):
    assert list(build_docs({"reports": tables["reports"].slice(0, 0)}, nlp=nlp)) == []
    (doc,) = build_docs({"reports": tables["reports"]}, nlp=nlp)
    assert [len(doc.spans[name]) for name in GROUPS] == [0] * len(GROUPS)


def test_a_span_outside_the_text_is_left_out(nlp, tables):
    sections = tables["sections"].to_pylist()
    sections[0]["end"] = 10**6
    broken = tables | {"sections": pa.Table.from_pylist(sections, schema=tables["sections"].schema)}
    (doc,) = build_docs(broken, nlp=nlp)
    assert len(doc.spans["sections"]) == len(sections) - 1
