"""Passages: exact to the character, whole over light edits, none missed."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.reuse import ReuseConfig, compare_texts, find_reuse_in_texts
from gknlp.reuse.align import count_edits

CONFIG = ReuseConfig()
CELLAR = "本年新修了地下档案库房并把历年纸质目录逐页扫描存入内网供村民随时调阅"  # 34 characters, no mask, no digit
LANTERN = "灯会期间在渡口码头摆放流动查询台由值守人员代填申请表格"


def find(rows, config=CONFIG):
    return find_reuse_in_texts(pa.Table.from_pylist(rows), config=config)


def slices(table, texts):
    """(doc, its slice, source, its slice) of every passage."""
    return [
        (
            row["doc_id"],
            texts[row["doc_id"]][row["start"] : row["end"]],
            row["source_doc_id"],
            texts[row["source_doc_id"]][row["source_start"] : row["source_end"]],
        )
        for row in table.to_pylist()
    ]


def test_a_shared_clause_is_found_to_the_character():
    texts = {"a": f"前言甲。{CELLAR}，完。", "b": f"另起一行：\n{CELLAR[:10]}\n  {CELLAR[10:]}。别的话"}
    found = find([{"id": name, "text": text, "year": 2020} for name, text in texts.items()])
    assert slices(found["passages"], texts) == [("b", f"{CELLAR[:10]}\n  {CELLAR[10:]}", "a", CELLAR)]
    (row,) = found["passages"].to_pylist()
    assert (row["similarity"], row["stratum"], row["first_doc_id"]) == (1.0, "peer", "a")
    (cluster,) = found["clusters"].to_pylist()
    assert cluster | {"cluster_id": ""} == {
        "cluster_id": "",
        "n_occurrences": 2,
        "n_docs": 2,
        "n_agencies": 2,
        "n_years": 1,
        "text": CELLAR,
        "first_doc_id": "a",
        "stratum": "peer",
    }


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"year": 2021}, {"year": 2020}, "a"),  # the later year copies
        ({"year": 2020}, {"year": 2020}, "b"),  # a tie goes by id
        ({"published": "2021-03-02"}, {"published": "2021-03-01"}, "a"),
        ({"published": "2021-03-01", "year": 2021}, {"year": 2019}, "a"),  # 2019 came out in 2020
        ({}, {"year": 2030}, "a"),  # undated comes last
        ({"published": "20210301"}, {"published": "2021年2月9日"}, "a"),
    ],
)
def test_the_source_is_what_came_out_first(first, second, expected):
    rows = [{"id": "a", "text": CELLAR} | first, {"id": "b", "text": CELLAR} | second]
    columns = ["id", "text", "year", "published"]
    table = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows])
    found = find_reuse_in_texts(table, config=CONFIG)
    assert found["passages"].column("doc_id").to_pylist() == [expected]


@pytest.mark.parametrize(
    ("edited", "edits"),
    [
        (CELLAR[:15] + "和影音" + CELLAR[15:], 3),
        (CELLAR[:15] + CELLAR[18:], 3),
        (CELLAR[:13] + "都在" + CELLAR[15:], 2),
        (CELLAR[:17] + CELLAR[16:], 1),  # one character twice: both runs claim it
    ],
)
def test_light_edits_hold_together(edited, edits):
    texts = {"a": CELLAR, "b": edited}
    found = find([{"id": name, "text": text} for name, text in texts.items()])
    assert slices(found["passages"], texts) == [("b", edited, "a", CELLAR)]
    (similarity,) = found["passages"].column("similarity").to_pylist()
    assert similarity == pytest.approx(1 - edits / max(len(edited), len(CELLAR)), abs=1e-12)


def test_a_gap_longer_than_allowed_parts_two_passages():
    edited = CELLAR + "这里插进九个新字句" + LANTERN
    texts = {"a": CELLAR + LANTERN, "b": edited}
    rows = [{"id": name, "text": text} for name, text in texts.items()]
    assert [row[1] for row in slices(find(rows)["passages"], texts)] == [CELLAR, LANTERN]
    wider = find(rows, ReuseConfig(max_gap=9))
    assert [row[1] for row in slices(wider["passages"], texts)] == [edited]


def test_names_are_masked_but_offsets_stay_in_the_original():
    texts = {
        "a": "石桥镇人民政府把渔港公告栏搬到集市入口，方便船家和渔户阅读",
        "b": "我乡把渔港公告栏搬到集市入口，方便船家和渔户阅读",
    }
    rows = [
        {"id": "a", "text": texts["a"], "agency": "云岭县石桥镇人民政府"},
        {"id": "b", "text": texts["b"], "agency": "云岭县柳林乡人民政府"},
    ]
    assert slices(find(rows)["passages"], texts) == [("b", texts["b"], "a", texts["a"])]


def test_figures_alone_are_no_wording():
    rows = [{"id": "a", "text": "12 34 56 78 90 " * 20}, {"id": "b", "text": "0、" * 90}]
    found = find(rows)
    assert found["passages"].num_rows == found["pairs"].num_rows == 0


def test_own_last_year_is_linked_beside_the_first_publisher():
    rows = [
        {"id": "x", "text": CELLAR, "agency": "柳林乡", "year": 2018},
        {"id": "m1", "text": "旧。" + CELLAR, "agency": "石桥镇", "year": 2019},
        {"id": "m2", "text": CELLAR + "。新", "agency": "石桥镇", "year": 2020},
    ]
    found = find(rows)["passages"].to_pylist()
    assert sorted((row["doc_id"], row["source_doc_id"], row["stratum"]) for row in found) == [
        ("m1", "x", "peer"),
        ("m2", "m1", "self"),
        ("m2", "x", "peer"),
    ]
    assert {row["first_doc_id"] for row in found} == {"x"}
    assert len({row["cluster_id"] for row in found}) == 1


def test_a_passage_reaches_back_over_wording_that_another_published_first():
    texts = {"a": f"{CELLAR[:25]}。", "b": CELLAR, "c": CELLAR}
    found = find([{"id": name, "text": text} for name, text in texts.items()])
    assert slices(found["passages"], texts) == [
        ("b", CELLAR[:25], "a", CELLAR[:25]),
        *sorted([("c", CELLAR[:25], "a", CELLAR[:25]), ("c", CELLAR, "b", CELLAR)], key=lambda row: len(row[1])),
    ]


def test_a_paragraph_in_every_document_costs_each_document_one_link():
    paragraph = "每逢赶集日由档案员在戏台旁宣读新近公布的收费目录与补贴名册并解答听众提问" * 8
    n = 2000
    rows = [{"id": f"{index:05d}", "text": f"{paragraph}。{chr(0x4E00 + index)}", "year": 2020} for index in range(n)]
    found = find(rows)
    assert found["passages"].num_rows == n - 1
    assert found["pairs"].num_rows == n - 1
    (cluster,) = found["clusters"].to_pylist()
    assert (cluster["n_occurrences"], cluster["n_docs"], cluster["stratum"]) == (n, n, "formula")


def test_one_character_over_and_over_does_not_blow_up():
    found = find([{"id": "a", "text": "哈" * 3000}, {"id": "b", "text": "哈" * 2500}])
    (row,) = found["passages"].to_pylist()
    assert (row["start"], row["end"], row["source_start"], row["source_end"]) == (0, 2500, 0, 2500)


# --- none missed: against brute force on a small alphabet, where every window repeats ---

SMALL = ReuseConfig(shingle_length=3, min_passage=5, max_gap=2)
WIDE = ReuseConfig(shingle_length=3, min_passage=5, max_gap=7)  # gaps longer than runs: chains that could turn back
NOISY = st.text(alphabet="甲乙丙", max_size=40)


@settings(max_examples=300, deadline=None)
@given(st.lists(NOISY, min_size=2, max_size=4), st.booleans(), st.sampled_from([SMALL, WIDE]))
def test_every_shared_run_lies_in_a_passage(texts, same_agency, config):
    names = "abcd"[: len(texts)]
    rows = [
        {"id": name, "text": text, "year": 2000 + index, "agency": "石桥镇" if same_agency else f"{name}镇"}
        for index, (name, text) in enumerate(zip(names, texts, strict=True))
    ]
    passages = find(rows, config)["passages"].to_pylist()
    for later, text in enumerate(texts):
        own = [row for row in passages if row["doc_id"] == names[later]]
        for at in range(len(text) - SMALL.min_passage + 1):
            shared = any(text[at : at + SMALL.min_passage] in earlier for earlier in texts[:later])
            covered = any(row["start"] <= at and at + SMALL.min_passage <= row["end"] for row in own)
            assert covered or not shared
    for row in passages:
        here = texts[names.index(row["doc_id"])][row["start"] : row["end"]]
        there = texts[names.index(row["source_doc_id"])][row["source_start"] : row["source_end"]]
        assert row["similarity"] == 1 - edits_by_table(here, there) / max(len(here), len(there))
        assert min(len(here), len(there)) >= SMALL.min_passage


def edits_by_table(a, b):
    """Levenshtein by the textbook's table."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


@settings(deadline=None)
@given(
    st.text(alphabet="甲乙丙", max_size=30),
    st.text(alphabet="甲乙丁", max_size=30),
    st.integers(min_value=1, max_value=40),
)
def test_edits_are_those_of_the_table(a, b, most):
    codes = np.frombuffer((a + b).encode("utf-32-le"), "<u4").astype(np.uint32)
    scratch = np.empty((2, 2 * most + 3), np.int32)
    edits = count_edits(codes, 0, len(a), len(a), len(b), most, scratch[0], scratch[1])
    assert edits == min(edits_by_table(a, b), most)


# --- two texts side by side ---


@pytest.mark.parametrize(("a", "b"), list(product(["", "。\n", "短句"], repeat=2)))
def test_tiny_texts_share_nothing(a, b):
    found = compare_texts(a, b, config=CONFIG)
    assert (found.passages, found.shared_chars, found.resemblance) == ((), 0, 0.0)
    assert (found.containment_a, found.containment_b) == (0.0, 0.0)


def test_a_comparison_measures_both_sides():
    a, b = f"{CELLAR}。{LANTERN}。", f"  {LANTERN}！"
    found = compare_texts(a, b, config=CONFIG)
    (shared,) = found.passages
    assert (a[shared.a.start : shared.a.end], b[shared.b.start : shared.b.end]) == (LANTERN, LANTERN)
    n = len(LANTERN) + 1  # with the stop that follows
    assert found.containment_a == n / len(a)
    assert found.containment_b == 1.0
    assert found.shared_chars == n
    assert found.resemblance == n / (len(a) + len(b) - n)


@settings(max_examples=100, deadline=None)
@given(NOISY, NOISY)
def test_swapped_texts_give_the_swapped_comparison(a, b):
    one, other = compare_texts(a, b, config=SMALL), compare_texts(b, a, config=SMALL)
    assert sorted((p.b, p.a, p.similarity, p.mandated) for p in one.passages) == [
        (p.a, p.b, p.similarity, p.mandated) for p in other.passages
    ]
    assert (one.containment_a, one.containment_b) == (other.containment_b, other.containment_a)
    assert (one.shared_chars, one.resemblance) == (other.shared_chars, other.resemblance)


def test_what_is_mandated_on_one_side_only_counts_on_neither():
    """A form's labels are mandated as lines of their own, not inside a sentence."""
    labels = ["总计", "规章", "行政许可", "行政处罚", "结果维持", "其他结果", "尚未审结"]
    for a, b in (("、".join(labels), "\n".join(labels)), ("\n".join(labels), "、".join(labels))):
        found = compare_texts(a, b, config=CONFIG)
        assert [shared.mandated for shared in found.passages] == [True]
        assert (found.shared_chars, found.containment_a, found.containment_b) == (0, 0.0, 0.0)


def test_a_text_repeated_inside_the_other_is_aligned_both_ways():
    found = compare_texts(CELLAR, f"{CELLAR}。别的内容。{CELLAR}", config=CONFIG)
    assert [(shared.a.start, shared.b.start) for shared in found.passages] == [(0, 0), (0, 40)]
    assert found.shared_chars == len(CELLAR)
