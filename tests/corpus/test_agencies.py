"""An agencies file: renamed agencies are one, merged ones stay apart and are told."""

import json

import pytest

from gknlp.audit import audit_corpus
from gknlp.audit.view import READS
from gknlp.corpus import Corpus, correct_corpus
from gknlp.corpus.agencies import lies_in, read_agencies
from gknlp.corpus.flatten import identify_agency
from gknlp.errors import UsageError
from tests.interop.corpora import build, report

HEADER = "name,successor,since,kind,note,region\n"
OUT, IN = ("t3", "carried_out", "total"), ("t3", "carried_in", "total")


def link(tmp_path, corpus, *lines):
    (tmp_path / "g.csv").write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8-sig")
    summary = correct_corpus(corpus.folder, agencies=tmp_path / "g.csv")
    return Corpus.open(corpus.folder), summary


def ids(corpus):
    return {(r["agency"], r["year"]): r["agency_id"] for r in corpus.table("reports").to_pylist()}


def findings(corpus, rule, instance):
    rows = audit_corpus({name: corpus.table(name) for name in READS})["findings"].to_pylist()
    names = {r["doc_id"]: (r["agency"], r["year"]) for r in corpus.table("reports").to_pylist()}
    return {
        names[r["doc_id"]]: (r["outcome"], r["expected"], r["found"])
        for r in rows
        if (r["rule"], r["instance"]) == (rule, instance)
    }


def test_a_chain_of_renames_is_one_series(tmp_path):
    corpus = build(
        tmp_path,
        {
            "a.txt": report("云泽县柳湾镇", 2021, {OUT: "3"}),
            "b.txt": report("云泽县新湾镇", 2022, {IN: "3", OUT: "5"}),
            "c.txt": report("云泽县大湾镇", 2023, {IN: "4"}),
        },
    )
    later = {("云泽县新湾镇", 2022), ("云泽县大湾镇", 2023)}
    assert {findings(corpus, "R501", "total")[key][0] for key in later} == {"not_assessable"}
    after, summary = link(
        tmp_path,
        corpus,
        "云泽县柳湾镇,云泽县新湾镇,2022,rename,改名,",
        "云泽县新湾镇人民政府,云泽县大湾镇,2023,rename,,",
    )
    assert set(ids(after).values()) == {identify_agency("云泽县大湾镇")}
    assert [agency for agency, _ in ids(after)] == [agency for agency, _ in ids(corpus)]
    assert (summary.n_renames, summary.n_mergers, summary.n_aliases) == (2, 0, 0)
    own = findings(after, "R501", "total")
    assert own["云泽县新湾镇", 2022] == ("pass", "3", "3")
    assert own["云泽县大湾镇", 2023] == ("fail", "5", "4")
    links = {r["name"]: (r["successor"], r["since"], r["kind"]) for r in after.table("agencies").to_pylist()}
    assert links == {
        "云泽县柳湾镇": ("云泽县大湾镇", 2022, "rename"),
        "云泽县新湾镇人民政府": ("云泽县大湾镇", 2023, "rename"),
    }
    assert after.info()["agencies"] == {"rename": 2}
    assert after.info()["n_agencies"] == 1
    assert after.hash != corpus.hash


@pytest.mark.parametrize(
    ("files", "outcome", "expected"),
    [
        (("a", "b"), "pass", "7"),
        (("a", "b", "own"), "fail", "8"),
        (("a",), "not_assessable", None),
        (("a", "b", "older"), "not_assessable", None),
    ],
)
def test_a_merged_agency_carries_on_all_of_them(tmp_path, files, outcome, expected):
    texts = {
        "a": report("云泽县柳湾镇", 2021, {OUT: "3"}),
        "b": report("云泽县青溪镇", 2021, {OUT: "4"}),
        "own": report("云泽县大湾镇", 2021, {OUT: "1"}),
        "older": report("云泽县大湾镇", 2020, {OUT: "1"}, form="trial_2019"),
    }
    corpus = build(
        tmp_path, {f"{name}.txt": texts[name] for name in files} | {"z.txt": report("云泽县大湾镇", 2022, {IN: "7"})}
    )
    after, _ = link(
        tmp_path, corpus, "云泽县柳湾镇,云泽县大湾镇,2022,merger,,", "云泽县青溪镇,云泽县大湾镇,2022,merger,,"
    )
    assert ids(after) == ids(corpus)
    assert findings(after, "R501", "total")["云泽县大湾镇", 2022] == (outcome, expected, "7")


def test_a_merger_counts_in_its_first_year_only(tmp_path):
    corpus = build(
        tmp_path,
        {
            "a.txt": report("云泽县柳湾镇", 2022, {OUT: "3"}),
            "y.txt": report("云泽县大湾镇", 2022, {OUT: "5"}),
            "z.txt": report("云泽县大湾镇", 2023, {IN: "5"}),
        },
    )
    after, _ = link(tmp_path, corpus, "云泽县柳湾镇,云泽县大湾镇,2022,merger,,")
    assert findings(after, "R501", "total")["云泽县大湾镇", 2023] == ("pass", "5", "5")


def test_a_region_restricts_a_link(tmp_path):
    rows = [("北省云泽县", "a"), ("南省", "b"), (None, "c")]
    lines = [
        {"id": name, "text": report("财政局", 2021), "agency": "财政局", **({"region": region} if region else {})}
        for region, name in rows
    ]
    data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    corpus = build(tmp_path, {"a.jsonl": data})
    after, _ = link(tmp_path, corpus, "财政局,财政金融局,2022,rename,,北省")
    found = {r["region"]: r["agency_id"] for r in after.table("reports").to_pylist()}
    assert found["北省云泽县"] == identify_agency("财政金融局")
    assert found["南省"] == found[None] == identify_agency("财政局")


def test_where_a_report_lies():
    assert lies_in("黑龙江省", None, "230104")
    assert not lies_in("福建省", "江苏省", "320102")


FAULTS = [
    ("甲局,乙局,2019,mergr,,", "line 2: kind = 'mergr' is no kind of link; did you mean 'merger'? Allowed are: rename, merger, alias"),
    ("甲局,乙局,,merger,,", "line 2: the column 'since' is empty"),
    ("甲局,乙局,去年,rename,,", "since = '去年' is no year"),
    ("甲局,,2019,rename,,", "the column 'successor' is empty"),
    (",乙局,2019,rename,,", "the column 'name' is empty"),
    ("甲镇,甲镇人民政府,2019,alias,,", "are one name already"),
    ("甲局,乙局,2019,rename,,\n甲 局,丙局,2020,merger,,", "line 3: '甲 局' has its successor on line 2 already"),
    ("甲局,乙局,2019,rename,,\n乙局,丙局,2020,alias,,\n丙局,甲局,2021,rename,,", "line 2: '甲局' comes in a circle"),
    ("甲局,乙局,2019,merger,,\n乙局,甲局,2020,rename,,", "becomes itself"),
    ("甲局,乙局,2019,rename,,\n乙局,甲局,2020,rename,,北省", "comes in a circle"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "says"), FAULTS)
def test_a_fault_is_named_with_its_line(lines, says):
    with pytest.raises(UsageError) as error:
        read_agencies((HEADER + lines + "\n").encode(), "g.csv")
    assert says in str(error.value)


def test_a_header_alone_links_nothing():
    assert read_agencies(HEADER.encode()) == ()
    assert read_agencies(b"name,successor,since,kind,note\n") == ()


def test_a_merger_follows_renames_of_both():
    links = read_agencies(
        (HEADER + "甲局,乙局,2019,rename,,\n乙局,丙局,2020,merger,,\n丙局,丁局,2021,rename,,\n").encode()
    )
    (merger,) = [link for link in links if link.kind == "merger"]
    assert (merger.agency_id, merger.successor_id, merger.successor) == (
        identify_agency("乙局"), identify_agency("丁局"), "丁局",
    )  # fmt: skip
