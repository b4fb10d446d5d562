"""Failed findings inside copied passages."""

import random

import pyarrow as pa
import pytest

from gknlp.reuse.smoking_guns import find_smoking_guns
from gknlp.schemas import SMOKING_GUNS
from gknlp.tables import table_of

RULES = ("R801", "R811")


def passage(passage_id, doc_id, start, end, stratum="peer", source="origin"):
    row = {"passage_id": passage_id, "cluster_id": "c", "doc_id": doc_id, "start": start, "end": end}
    return row | {"stratum": stratum, "source_doc_id": source, "similarity": 1.0}


def finding(doc_id, rule, spans, *, outcome="fail", found="我县", instance=""):
    row = {"doc_id": doc_id, "rule": rule, "instance": instance, "outcome": outcome, "severity": "warning"}
    return row | {"found": found, "spans": spans}


def guns(passages, findings, rules=RULES):
    return find_smoking_guns(table_of("passages", passages), table_of("findings", findings), rules=rules)


def places(table):
    return [(row["passage_id"], row["rule"], row["start"], row["end"]) for row in table.to_pylist()]


def test_a_foreign_self_reference_in_a_copied_passage():
    table = guns([passage("p1", "d1", 100, 160, source="d0")], [finding("d1", "R811", [[120, 122], [300, 302]])])
    assert table.to_pylist() == [
        {
            "passage_id": "p1",
            "doc_id": "d1",
            "rule": "R811",
            "start": 120,
            "end": 122,
            "found": "我县",
            "source_doc_id": "d0",
        }
    ]


@pytest.mark.parametrize(
    ("span", "inside"),
    [
        ([100, 102], True),
        ([158, 160], True),
        ([100, 160], True),
        ([99, 101], False),
        ([159, 161], False),
        ([120, 120], False),
    ],
)
def test_only_what_lies_wholly_inside(span, inside):
    assert bool(places(guns([passage("p1", "d1", 100, 160)], [finding("d1", "R811", [span])]))) == inside


@pytest.mark.parametrize(
    "other",
    [
        finding("d1", "R811", [[120, 122]], outcome="pass"),
        finding("d1", "R811", [[120, 122]], outcome="not_assessable"),
        finding("d1", "R303", [[120, 122]]),
        finding("d2", "R811", [[120, 122]]),
        finding("d1", "R811", []),
        finding("d1", "R811", None),
    ],
)
def test_other_findings_say_nothing(other):
    assert guns([passage("p1", "d1", 100, 160)], [other]).num_rows == 0


@pytest.mark.parametrize(
    ("stratum", "n"),
    [("mandated", 0), ("formula", 1), ("regional", 1), ("viral", 1), ("peer", 1), ("self", 1), ("model_text", 1)],
)
def test_mandated_wording_is_nobody_s_copy(stratum, n):
    found = guns([passage("p1", "d1", 100, 160, stratum)], [finding("d1", "R801", [[120, 124]], found="2019")])
    assert found.num_rows == n


def test_overlapping_passages_each_count():
    passages = [passage("p1", "d1", 0, 500), passage("p2", "d1", 110, 130), passage("p3", "d1", 115, 118)]
    findings = [finding("d1", "R811", [[120, 122]]), finding("d1", "R801", [[400, 404]], found="2019")]
    assert places(guns(passages, findings)) == [
        ("p1", "R811", 120, 122),
        ("p2", "R811", 120, 122),
        ("p1", "R801", 400, 404),
    ]


def test_empty_tables():
    assert guns([], []).schema == SMOKING_GUNS
    assert guns([], [finding("d1", "R811", [[1, 2]])]).num_rows == 0
    assert guns([passage("p1", "d1", 0, 9)], []).num_rows == 0
    assert guns([passage("p1", "d1", 0, 9)], [finding("d1", "R811", [[1, 2]])], rules=()).num_rows == 0


def test_any_row_order_and_brute_force():
    rng = random.Random(11)
    passages, findings = [], []
    for number in range(120):
        start = rng.randrange(900)
        stratum = rng.choice(["peer", "mandated"])
        passages.append(passage(f"p{number:03}", f"d{rng.randrange(3)}", start, start + rng.randrange(1, 80), stratum))
        at = rng.randrange(950)
        findings.append(
            finding(f"d{rng.randrange(3)}", rng.choice(RULES), [[at, at + rng.randrange(4)]], instance=str(number))
        )
    expected = {
        (p["passage_id"], f["rule"], *f["spans"][0])
        for p in passages
        for f in findings
        if p["doc_id"] == f["doc_id"]
        and p["stratum"] == "peer"
        and f["spans"][0][0] < f["spans"][0][1]
        and p["start"] <= f["spans"][0][0]
        and f["spans"][0][1] <= p["end"]
    }
    table = guns(passages, findings)
    assert set(places(table)) == expected
    assert table.num_rows == len(expected) > 20
    shuffled = [pa.Table.from_pylist(rng.sample(rows, len(rows))) for rows in (passages, findings)]
    assert find_smoking_guns(*shuffled, rules=RULES).equals(table)
