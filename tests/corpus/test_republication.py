"""The same report published twice is told apart from reports that copy from each other, and counts once."""

import json

import pyarrow as pa
import pytest

from gknlp.corpus import Corpus, correct_corpus, drop_repeats
from gknlp.corpus.republication import find_groups
from gknlp.interop.coverage import build_coverage
from gknlp.reuse import ReuseConfig, find_reuse
from gknlp.schemas import CORPUS
from tests.interop.corpora import build, report

OVERVIEW = (
    "2021年，本镇围绕群众办事，把三十七条消息分栏挂在门户网站上，同时在便民大厅设查阅点。村务栏按季更换，惠农补贴逐户张榜，"
    "来电咨询均由专人登记并当日答复。镇党政办每月核对一次栏目，清理过期内容，保证各项目录与实际工作相符，办结情况存档备查。"
    "全年组织两场培训，覆盖各站所经办人员，并请县里业务骨干到场讲解格式、时限和保密审查的步骤。"
)
TOWN = report("云泽县柳湾镇", 2021, overview=OVERVIEW)
NEW = ("t3", "new_requests", "natural_person")


def dump(*rows):
    return "\n".join(json.dumps({"id": f"r{n}", **row}, ensure_ascii=False) for n, row in enumerate(rows))


def repeats(corpus):
    """Path -> path of the first publication."""
    paths = {line["doc_id"]: line["path"] for line in corpus.table("sources").to_pylist() if line["doc_id"]}
    return {
        paths[row["doc_id"]]: paths[row["republication_of"]]
        for row in corpus.table("reports").to_pylist()
        if row["republication_of"]
    }


def other(agency, counts=None, overview=OVERVIEW, year=2021):
    return report(agency, year, **({"counts": counts} if counts else {}), overview=overview)


FULL_WIDTH = TOWN.replace("，", ",").replace("。", " 。 ").replace("2021年", "2021 年")
PAIRS = [
    ("punctuation and spaces", FULL_WIDTH, True),
    ("a page number", TOWN.replace("两场培训", "两场\n— 3 —\n培训"), True),
    ("a dropped half", other("云泽县柳湾镇", overview=OVERVIEW[:90]), False),
    ("another number", TOWN.replace("| 12 |", "| 15 |"), False),
    ("a number lost", TOWN.replace("| 12 |", "| / |", 1), True),
    ("another year", other("云泽县柳湾镇", year=2022, overview=OVERVIEW.replace("2021", "2022")), False),
    ("another agency", other("云泽县青溪镇"), False),
    ("the same agency written otherwise", TOWN.replace("云泽县柳湾镇2021年", "云泽县柳湾镇人民政府2021年"), True),
    (
        "other words",
        other("云泽县柳湾镇", overview="2021年，本镇另起炉灶，只在公告栏里贴出数张告示，未设网站。"),
        False,
    ),
]


@pytest.mark.parametrize(("what", "text", "same"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_what_is_one_publication(tmp_path, what, text, same):
    corpus = build(tmp_path, {"a.txt": TOWN, "b/b.txt": text})
    assert corpus.table("reports").num_rows == 2
    assert repeats(corpus) == ({"b/b.txt": "a.txt"} if same else {})
    assert corpus.reports_that_count().num_rows == 2 - same
    assert corpus.reports_in_force().num_rows == 2


def test_two_formats_are_one_publication(tmp_path):
    html = "<html><body>" + "".join(f"<p>{line}</p>" for line in TOWN.split("\n")) + "</body></html>"
    assert repeats(build(tmp_path, {"a.txt": TOWN, "b.html": html})) == {"b.html": "a.txt"}


def test_the_same_bytes_are_told_with_their_first_path(tmp_path):
    corpus = build(tmp_path, {"b.txt": TOWN, "a/a.txt": TOWN, "c.txt": FULL_WIDTH})
    assert repeats(corpus) == {"b.txt": "a/a.txt", "c.txt": "a/a.txt"}
    told = [(r["code"], r["found"]) for r in corpus.table("diagnostics").to_pylist() if r["code"] == "republication"]
    assert told == [("republication", "a/a.txt")] * 2
    lines = {line["path"]: line["findings"] for line in corpus.table("sources").to_pylist()}
    assert ["republication" in lines[path] for path in ("a/a.txt", "b.txt", "c.txt")] == [False, True, True]
    assert corpus.info()["n_republished"] == 2
    assert corpus.info()["n_in_force"] == 3


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (("2022-03-01", "2022-01-20"), "r1"),
        ((None, "2022-01-20"), "r1"),
        (("20220119", "2022-01-20"), "r0"),
        ((None, None), "r0"),
        (("2022年1月20日", "2022年1月3日"), "r1"),
    ],
)
def test_the_earliest_is_the_first(tmp_path, days, first):
    rows = [
        {"text": text, **({"published": day} if day else {})}
        for text, day in zip((TOWN, FULL_WIDTH), days, strict=True)
    ]
    ((_, found),) = repeats(build(tmp_path, {"a.jsonl": dump(*rows)})).items()
    assert found.endswith(first)


BARE = report("财政局", 2021, overview=OVERVIEW)
PLACES = [
    ("two regions", {"text": TOWN, "region": "北省"}, {"text": TOWN, "region": "南省"}, False),
    ("a region in the other", {"text": TOWN, "region": "北省"}, {"text": TOWN + "\n", "region": "北省云泽县"}, True),
    ("a region known once", {"text": TOWN, "region": "北省"}, {"text": FULL_WIDTH}, True),
    ("a bare name, word for word", {"text": BARE}, {"text": BARE.replace("，", ",")}, True),
    ("a bare name, nearly", {"text": BARE}, {"text": BARE.replace("两场培训", "三场培训")}, False),
    ("a bare name of one region", {"text": BARE, "region": "北省"}, {"text": BARE.replace("两场培训", "三场培训"), "region": "北省"}, True),
    ("a placed name, nearly", {"text": TOWN}, {"text": TOWN.replace("两场培训", "三场培训")}, True),
]  # fmt: skip


@pytest.mark.parametrize(("what", "one", "two", "same"), PLACES, ids=[place[0] for place in PLACES])
def test_agencies_of_one_name_in_two_places_are_two(tmp_path, what, one, two, same):
    corpus = build(tmp_path, {"a.jsonl": dump(one, two)})
    assert corpus.table("reports").num_rows == 2
    assert len(repeats(corpus)) == same


def test_what_was_superseded_or_of_no_known_agency_is_compared_with_nothing(tmp_path):
    rows = {name: CORPUS["reports"].empty_table().to_pylist() for name in ("x",)}
    rows = [
        {"doc_id": "a", "agency_id": "g", "year": 2021},
        {"doc_id": "b", "agency_id": "g", "year": 2021, "superseded_by": "a"},
        {"doc_id": "c", "agency_id": None, "year": 2021},
        {"doc_id": "d", "agency_id": None, "year": 2021},
        {"doc_id": "e", "agency_id": "h", "year": None},
        {"doc_id": "f", "agency_id": "h", "year": None},
    ]
    assert find_groups(pa.Table.from_pylist(rows, schema=CORPUS["reports"])) == ()
    assert find_groups(CORPUS["reports"].empty_table()) == ()
    build(tmp_path, {"a.txt": TOWN})
    assert repeats(build(tmp_path, {"a.txt": FULL_WIDTH})) == {}


def test_a_rename_and_a_correction_bring_publications_together(tmp_path):
    corpus = build(tmp_path, {"a.txt": TOWN, "b.txt": other("云泽县新湾镇"), "c.txt": other("云泽县青溪镇")})
    assert repeats(corpus) == {}
    (tmp_path / "g.csv").write_text("name,successor,since,kind,note\n云泽县新湾镇,云泽县柳湾镇,2021,alias,\n")
    (tmp_path / "k.csv").write_text("report,field,value,was,reason\nc.txt,agency,云泽县柳湾镇,,转载\n")
    correct_corpus(corpus.folder, corrections=tmp_path / "k.csv", agencies=tmp_path / "g.csv")
    assert repeats(Corpus.open(corpus.folder)) == {"b.txt": "a.txt", "c.txt": "a.txt"}


def test_a_republication_is_no_copying_and_leaves_every_table(tmp_path):
    corpus = build(tmp_path, {"a.txt": TOWN, "b.txt": FULL_WIDTH, "c.txt": other("云泽县青溪镇")})
    counted = corpus.tables_that_count("reports", "sections", "units")
    assert {len(set(table["doc_id"].to_pylist())) for table in counted.values()} == {2}
    passages = find_reuse(counted, config=ReuseConfig())["passages"].to_pylist()
    assert {row["doc_id"] for row in passages} <= set(counted["reports"]["doc_id"].to_pylist())
    whole = {name: corpus.table(name) for name in ("reports", "units")}
    assert {name: table.num_rows for name, table in drop_repeats(whole).items()} == {
        "reports": 2, "units": counted["units"].num_rows,
    }  # fmt: skip


def test_coverage_tells_what_was_published_twice(tmp_path):
    corpus = build(tmp_path, {"a.txt": TOWN, "b.txt": FULL_WIDTH, "c.txt": other("云泽县青溪镇")})
    rows = build_coverage({name: corpus.table(name) for name in ("reports", "sources")}).to_pylist()
    assert {(row["agency"], row["status"], row["n_reports"], row["path"]) for row in rows} == {
        ("云泽县柳湾镇", "republished", 2, "a.txt"),
        ("云泽县青溪镇", "present", 1, "c.txt"),
    }


def test_without_two_of_one_agency_and_year_no_text_is_looked_at(tmp_path, monkeypatch):
    corpus = build(tmp_path, {"a.txt": TOWN, "c.txt": other("云泽县青溪镇")})
    monkeypatch.setattr("gknlp.corpus.corpus.find_republications", None)
    assert corpus.table("reports").num_rows == 2
