"""The four tables on small corpora: strata, clusters, pairs, coverage, and the same bytes for any row order."""

import random

import pyarrow as pa
import pytest
from pydantic import TypeAdapter, ValidationError

from gknlp.errors import UsageError
from gknlp.reuse import ReuseConfig, find_reuse, find_reuse_in_texts
from gknlp.schemas import RESULTS, STRATA
from gknlp.tables import encode_parquet, sort_table, table_of

CONFIG = ReuseConfig()
CELLAR = "本年新修了地下档案库房并把历年纸质目录逐页扫描存入内网供村民随时调阅"
LANTERN = "灯会期间在渡口码头摆放流动查询台由值守人员代填申请表格"
BEACON = "灯塔管理站把潮汐公告改为每日两次张贴并加注盲文与手语二维码"
NOTE = (
    "根据《中华人民共和国政府信息公开条例》和国办公开办函〔2021〕30号要求，编制本报告。全文由总体情况、主动公开政府信息情况、"
    "收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分组成。"
    "本报告所列数据的统计期限为2022年1月1日至2022年12月31日。\n"
)


def report(doc_id, parts, **fields):
    """One report and its sections: parts are (key, text) in order."""
    text, sections = "", []
    for key, part in parts:
        sections.append({"doc_id": doc_id, "key": key, "heading": "", "start": len(text), "end": len(text) + len(part)})
        text += part
    row = {"doc_id": doc_id, "text": text, "n_chars": len(text), "year": 2022} | fields
    return row, sections


def corpus(*reports):
    return {
        "reports": table_of("reports", [row for row, _ in reports]),
        "sections": table_of("sections", [section for _, sections in reports for section in sections]),
    }


def plain(*texts, **fields):
    return pa.Table.from_pylist([{"id": f"t{index}", "text": text} | fields for index, text in enumerate(texts)])


def coverage_of(found):
    return {row["doc_id"]: row for row in found["coverage"].to_pylist()}


def assert_shares_sum_to_one(found):
    for row in found["coverage"].to_pylist():
        assert sum(row[name] for name in STRATA) == pytest.approx(1, abs=1e-9)


def test_no_reports_give_empty_tables():
    found = find_reuse(corpus(), config=CONFIG)
    assert list(found) == ["passages", "clusters", "pairs", "coverage", "stretches"]
    assert all(found[name].schema == RESULTS[name] and found[name].num_rows == 0 for name in found)


def test_empty_and_tiny_texts_are_original():
    found = find_reuse_in_texts(plain("", " \n。", "短", None), config=CONFIG)
    assert [(row["n_chars"], row["original"]) for row in found["coverage"].to_pylist()] == [
        (0, 1),
        (3, 1),
        (1, 1),
        (0, 1),
    ]
    assert found["passages"].num_rows == 0
    assert_shares_sum_to_one(found)


def test_only_the_narrative_counts_and_tables_stand_apart():
    parts = [
        ("front", "首页\n"),
        ("preamble", "石桥镇说明。"),
        ("overview", f"一、总体情况\n{CELLAR}。\n"),
        ("requests_table", f"{LANTERN}\n"),
        ("other_matters", f"六、其他需要报告的事项\n{BEACON}。\n"),
        ("signature", "石桥镇党政综合办公室政务公开专班联合编印组"),
    ]
    found = find_reuse(corpus(report("a", parts), report("b", parts)), config=CONFIG)
    text = "".join(part for _, part in parts)
    for side in ("", "source_"):
        spans = sorted((row[f"{side}start"], row[f"{side}end"]) for row in found["passages"].to_pylist())
        assert [text[start:end] for start, end in spans] == [
            f"石桥镇说明。一、总体情况\n{CELLAR}",
            BEACON,  # the heading before it is mandated: no part of the copy
        ]
    row = coverage_of(found)["b"]
    assert row["n_chars"] == sum(len(parts[index][1]) for index in (1, 2, 4))
    assert row["table_chars"] == len(LANTERN) + 1
    assert_shares_sum_to_one(found)


def test_a_report_without_sections_has_no_narrative():
    found = find_reuse(
        corpus(({"doc_id": "a", "text": CELLAR}, []), ({"doc_id": "b", "text": CELLAR}, [])), config=CONFIG
    )
    assert [(row["n_chars"], row["original"]) for row in found["coverage"].to_pylist()] == [(0, 1.0), (0, 1.0)]


def test_superseded_reports_are_left_out():
    parts = [("overview", CELLAR)]
    found = find_reuse(corpus(report("a", parts, superseded_by="b"), report("b", parts)), config=CONFIG)
    assert found["passages"].num_rows == 0
    assert found["coverage"].column("doc_id").to_pylist() == ["b"]


def test_reports_that_share_mandated_wording_only_are_no_pair():
    texts = (f"{NOTE}一、总体情况\n{CELLAR}。", f"{NOTE}一、总体情况\n{BEACON}。")
    found = find_reuse_in_texts(plain(*texts), config=CONFIG)
    assert found["pairs"].num_rows == 0
    assert set(found["passages"].column("stratum").to_pylist()) == {"mandated"}
    assert set(found["clusters"].column("stratum").to_pylist()) == {"mandated"}
    for row, own in zip(found["coverage"].to_pylist(), (CELLAR, BEACON), strict=True):
        assert row["original"] == pytest.approx((len(own) + 1) / row["n_chars"], abs=1e-12)
        assert row["mandated"] == pytest.approx(1 - row["original"], abs=1e-12)


def test_mandated_text_inside_a_copy_counts_in_no_pair():
    text = f"按上级部署学习《中华人民共和国政府信息公开条例》，{CELLAR}。"
    found = find_reuse_in_texts(plain(text, text), config=CONFIG)
    (pair,) = found["pairs"].to_pylist()
    title = "中华人民共和国政府信息公开条例》，"  # the title and what stands before the next word
    assert pair["shared_chars"] == len(text) - len(title)
    assert (pair["containment_a"], pair["containment_b"], pair["resemblance"]) == (1.0, 1.0, 1.0)
    row = coverage_of(found)["t1"]
    assert (row["mandated"], row["peer"]) == (len(title) / len(text), (len(text) - len(title)) / len(text))


def test_the_forms_tables_in_plain_text_link_nobody():
    table = "商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n总计\n" + "".join(
        f"{label}\n0\n0\n0\n0\n"
        for label in ("一、本年新收政府信息公开申请数量", "3.危及“三安全一稳定”", "（三）不予公开", "2.重复申请")
    )
    found = find_reuse_in_texts(plain(f"{table}{CELLAR}", f"{table}{BEACON}"), config=CONFIG)
    assert found["pairs"].num_rows == 0


def test_user_named_texts_are_mandated_or_model_text():
    table = plain(f"{CELLAR}。{LANTERN}。", f"{LANTERN}。{CELLAR}。")
    named = pa.Table.from_pylist(
        [{"kind": "mandated", "text": f"第九条　{CELLAR}。"}, {"kind": "model_text", "text": LANTERN}]
    )
    found = find_reuse_in_texts(table, config=CONFIG, references=named)
    assert found["pairs"].num_rows == 1
    n = len(CELLAR) + len(LANTERN) + 2
    for row in found["coverage"].to_pylist():
        assert (row["mandated"], row["model_text"]) == ((len(CELLAR) + 1) / n, (len(LANTERN) + 1) / n)
    assert sorted(found["passages"].column("stratum").to_pylist()) == ["mandated", "model_text"]


def test_identical_documents_are_all_kept():
    found = find_reuse_in_texts(plain(*[f"　{CELLAR}。\n"] * 3), config=CONFIG)
    assert [(row["doc_a"], row["doc_b"], row["resemblance"]) for row in found["pairs"].to_pylist()] == [
        ("t0", "t1", 1.0),
        ("t0", "t2", 1.0),
    ]
    assert {row["containment_a"] for row in found["pairs"].to_pylist()} == {1.0}
    assert [row["peer"] for row in found["coverage"].to_pylist()] == [0.0, 1.0, 1.0]
    (cluster,) = found["clusters"].to_pylist()
    assert (cluster["n_occurrences"], cluster["n_docs"], cluster["n_years"]) == (3, 3, 0)


def test_own_copies_across_years_are_self():
    reports = [
        report(f"m{year}", [("overview", f"{CELLAR}。{year}年。")], agency="石桥镇", year=year)
        for year in (2019, 2020, 2022)
    ]
    other = report("x", [("overview", f"{CELLAR}。")], agency="石桥镇", region="别处", year=2022)
    found = find_reuse(corpus(*reports, other), config=CONFIG)
    strata = {row["doc_id"]: row["stratum"] for row in found["passages"].to_pylist()}
    assert strata == {"m2020": "self", "m2022": "self", "x": "peer"}
    assert {row["source_doc_id"] for row in found["passages"].to_pylist() if row["doc_id"] == "m2022"} == {
        "m2019",
        "m2020",
    }
    assert coverage_of(found)["m2020"]["self"] > 0.9
    (cluster,) = found["clusters"].to_pylist()
    assert (cluster["n_docs"], cluster["n_agencies"], cluster["n_years"]) == (4, 2, 3)


@pytest.mark.parametrize(
    ("regions", "stratum"), [(("东州", "东州"), "regional"), (("东州", "西州"), "peer"), ((None, None), "peer")]
)
def test_copies_within_a_known_region_are_regional(regions, stratum):
    rows = [{"id": f"t{i}", "text": CELLAR, "region": region} for i, region in enumerate(regions)]
    schema = pa.schema([(name, pa.string()) for name in ("id", "text", "region")])
    found = find_reuse_in_texts(pa.Table.from_pylist(rows, schema=schema), config=CONFIG)
    assert found["passages"].column("stratum").to_pylist() == [stratum]
    assert coverage_of(found)["t1"][stratum] == 1.0


@pytest.mark.parametrize(("n_holders", "stratum"), [(4, "peer"), (5, "peer"), (6, "formula")])
def test_formula_is_what_enough_agencies_have(n_holders, stratum):
    """20 agencies: 30 % are 6."""
    rows = [
        {"id": f"{i:02d}", "text": CELLAR if i < n_holders else chr(0x5000 + i) * 30, "agency": f"{chr(0x6000 + i)}镇"}
        for i in range(20)
    ]
    found = find_reuse_in_texts(pa.Table.from_pylist(rows), config=CONFIG)
    assert set(found["passages"].column("stratum").to_pylist()) == {stratum}
    shares = coverage_of(found)
    assert (shares["01"][stratum], shares["00"]["formula"]) == (1.0, float(stratum == "formula"))


def test_formula_counts_agencies_not_reports():
    rows = [{"id": f"{year}", "text": CELLAR, "agency": "石桥镇", "year": year} for year in range(2010, 2020)]
    found = find_reuse_in_texts(pa.Table.from_pylist(rows), config=CONFIG)
    assert [row["formula"] for row in found["coverage"].to_pylist()] == [0.0] * 10


def test_clusters_gather_overlapping_copies_of_one_source():
    source = f"{CELLAR}{LANTERN}"
    found = find_reuse_in_texts(plain(source, CELLAR + "甲", source[2:34] + "乙", LANTERN + "丙"), config=CONFIG)
    clusters = {row["text"]: row for row in found["clusters"].to_pylist()}
    assert set(clusters) == {CELLAR, LANTERN}
    assert (clusters[CELLAR]["n_occurrences"], clusters[LANTERN]["n_occurrences"]) == (3, 2)
    ids = {row["doc_id"]: row["cluster_id"] for row in found["passages"].to_pylist()}
    assert ids["t1"] == ids["t2"] != ids["t3"]


def test_a_copy_of_an_edited_copy_belongs_to_the_first_wording():
    edited = CELLAR[:16] + "和影音" + CELLAR[16:]
    rows = [
        {"id": "x", "text": CELLAR, "agency": "柳林乡", "year": 2018},
        {"id": "m1", "text": edited, "agency": "石桥镇", "year": 2019},
        {"id": "m2", "text": edited, "agency": "石桥镇", "year": 2020},
    ]
    found = find_reuse_in_texts(pa.Table.from_pylist(rows), config=CONFIG)
    (cluster,) = found["clusters"].to_pylist()
    assert (cluster["text"], cluster["first_doc_id"], cluster["n_occurrences"]) == (CELLAR, "x", 3)
    assert {row["first_doc_id"] for row in found["passages"].to_pylist()} == {"x"}


def test_a_cluster_has_the_same_id_in_every_corpus():
    one = find_reuse_in_texts(plain(CELLAR, CELLAR), config=CONFIG)
    other = find_reuse_in_texts(plain(f"甲{BEACON}", f"乙{CELLAR}", f"丙{CELLAR}", f"丁{BEACON}"), config=CONFIG)
    assert one["clusters"].column("cluster_id").to_pylist()[0] in other["clusters"].column("cluster_id").to_pylist()


def make_mixed_rows(seed, n=40):
    """Texts of shuffled clauses, some edited, from a few agencies over some years (made up)."""
    rng = random.Random(seed)
    clauses = ["".join(chr(0x4E00 + rng.randrange(900)) for _ in range(rng.randrange(15, 50))) for _ in range(30)]
    rows = []
    for index in range(n):
        chosen = [rng.choice(clauses) for _ in range(rng.randrange(0, 9))]
        chosen = [
            clause[: len(clause) // 2] + rng.choice(["", "改", "增二字"]) + clause[len(clause) // 2 :]
            for clause in chosen
        ]
        rows.append(
            {
                "id": f"r{index:03d}",
                "text": NOTE[: rng.choice([0, len(NOTE)])] + "。".join(chosen),
                "agency": f"{rng.choice('甲乙丙丁')}镇",
                "year": rng.randrange(2019, 2023),
                "published": rng.choice([None, "2021-02-01", "2023-01-15"]),
                "region": rng.choice([None, "东州", "西州"]),
            }
        )
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_any_row_order_gives_the_same_bytes_and_shares_sum_to_one(seed):
    rows = make_mixed_rows(seed)
    wanted = find_reuse_in_texts(pa.Table.from_pylist(rows), config=CONFIG)
    assert wanted["passages"].num_rows > 30
    assert_shares_sum_to_one(wanted)
    random.Random(seed).shuffle(rows)
    found = find_reuse_in_texts(pa.Table.from_pylist(rows), config=CONFIG)
    assert {name: encode_parquet(table) for name, table in found.items()} == {
        name: encode_parquet(table) for name, table in wanted.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_tables_agree_with_each_other(seed):
    found = find_reuse_in_texts(pa.Table.from_pylist(make_mixed_rows(seed)), config=CONFIG)
    passages, clusters = found["passages"].to_pylist(), found["clusters"].to_pylist()
    assert found["passages"].schema == RESULTS["passages"]
    assert len({row["passage_id"] for row in passages}) == len(passages)
    assert {row["cluster_id"] for row in passages} == {row["cluster_id"] for row in clusters}
    first = {row["cluster_id"]: row["first_doc_id"] for row in clusters}
    assert all(row["first_doc_id"] == first[row["cluster_id"]] for row in passages)
    linked = {(row["source_doc_id"], row["doc_id"]) for row in passages if row["stratum"] != "mandated"}
    assert {(row["doc_a"], row["doc_b"]) for row in found["pairs"].to_pylist()} == linked
    for row in found["pairs"].to_pylist():
        assert 0 < row["resemblance"] <= min(row["containment_a"], row["containment_b"]) <= 1


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"id": ["a"]}), "need the columns id and text"),
        (pa.table({"id": ["a", "a"], "text": ["x", "y"]}), "'a' comes twice"),
        (pa.table({"id": pa.array([None], pa.string()), "text": ["x"]}), "has no id"),
        (pa.table({"id": ["a"], "text": ["x"], "year": ["去年"]}), "year of 'a' is '去年'"),
    ],
)
def test_unusable_texts_are_refused(table, message):
    with pytest.raises(UsageError, match=message):
        find_reuse_in_texts(table, config=CONFIG)


def test_unusable_calls_are_refused():
    with pytest.raises(UsageError, match="'sections' is not among"):
        find_reuse({"reports": corpus()["reports"]}, config=CONFIG)
    with pytest.raises(UsageError, match="kind \\['law'\\] are unknown"):
        find_reuse_in_texts(plain("x"), config=CONFIG, references=pa.table({"kind": ["law"], "text": ["x"]}))


@pytest.mark.parametrize(
    "values",
    [
        {"shingle_length": 1},
        {"min_passage": 11},
        {"max_gap": -1},
        {"formula_share": 0.0},
        {"formula_share": 1.1},
        {"formula_min_agencies": 1},
        {"cluster_overlap": 0.0},
    ],
)
def test_a_config_outside_its_range_is_refused(values):
    with pytest.raises(UsageError, match=next(iter(values))):
        ReuseConfig(**values)


def test_config_keys_that_nobody_knows_are_refused():
    adapter = TypeAdapter(ReuseConfig)
    assert adapter.validate_python({"min_passage": 30}) == ReuseConfig(min_passage=30)
    with pytest.raises(ValidationError, match="min_pasage"):
        adapter.validate_python({"min_pasage": 30})


def test_stages_are_told_in_order():
    told = []
    find_reuse(corpus(), config=CONFIG, progress=told.append)
    assert told == ["fold", "fingerprints", "links", "passages", "strata", "tables"]


def test_tables_are_in_their_declared_order():
    rng = random.Random(4)
    texts = ["".join(rng.choice("甲乙丙丁") for _ in range(120)) for _ in range(30)]
    rows = [{"id": f"{rng.random()}", "text": text, "year": 2015 + n % 3} for n, text in enumerate(texts)]
    found = find_reuse_in_texts(pa.Table.from_pylist(rows), config=ReuseConfig(shingle_length=3, min_passage=5))
    for name, table in found.items():
        assert table.num_rows
        assert table.equals(sort_table(name, table))


# --- what a passage counts as: only its own wording, and only as far as it goes ---

HEADING = "六、其他需要报告的事项"


def strata_of(found, texts, doc):
    """The stratum of each stretch of a document, with its text."""
    rows = [row for row in found["stretches"].to_pylist() if row["doc_id"] == doc]
    return [(texts[doc][row["start"] : row["end"]], row["stratum"]) for row in rows]


def test_mandated_text_at_the_ends_of_a_copy_is_no_part_of_it():
    texts = {"a": f"甲处。\n{HEADING}\n{CELLAR}。\n", "b": f"乙地。\n{HEADING}\n{CELLAR}。\n"}
    found = find_reuse_in_texts(pa.Table.from_pylist([{"id": k, "text": v} for k, v in texts.items()]), config=CONFIG)
    (row,) = found["passages"].to_pylist()
    assert texts["b"][row["start"] : row["end"]] == CELLAR
    assert texts["a"][row["source_start"] : row["source_end"]] == CELLAR
    assert (row["stratum"], row["similarity"]) == ("peer", 1.0)


def test_a_few_words_beside_a_heading_are_no_copy():
    texts = {"a": f"甲处另述\n{HEADING}\n{CELLAR[:13]}东边\n", "b": f"乙处不说\n{HEADING}\n{CELLAR[:13]}西侧\n"}
    found = find_reuse_in_texts(pa.Table.from_pylist([{"id": k, "text": v} for k, v in texts.items()]), config=CONFIG)
    assert {row["stratum"] for row in found["passages"].to_pylist()} <= {"mandated"}
    assert found["pairs"].num_rows == 0
    assert {stratum for _, stratum in strata_of(found, texts, "b")} == {"original", "mandated"}


def test_an_edited_model_text_is_still_one():
    model = (
        "一是围绕群众关切的事项逐项梳理公开清单，二是对照新的清单按月通报各科整改进度，三是组织业务骨干分批下乡答疑解惑"
    )
    edited = model.replace("清单，", "目录，").replace("进度", "成效")  # no run of 20 is left
    texts = pa.Table.from_pylist([{"id": "b", "text": f"开头另写。{edited}。结尾也另写。"}])
    references = pa.table({"kind": ["model_text"], "text": [model]})
    found = find_reuse_in_texts(texts, config=CONFIG, references=references)
    row = coverage_of(found)["b"]
    assert row["model_text"] > 0.7
    assert row["original"] < 0.3
    assert found["passages"].num_rows == 0


def test_where_two_texts_happen_to_go_on_alike_after_a_formula_nothing_is_viral():
    formula = "聚焦群众关切持续优化公开目录并对重点领域信息实行台账管理"
    rim = "二〇年入冬前后"
    texts = {f"d{n:02d}": f"{chr(0x4E10 + n) * 3}{formula}{chr(0x5010 + n) * 9}" for n in range(12)}
    for name in ("d03", "d07"):
        texts[name] = texts[name].replace(formula, formula + rim)
    found = find_reuse_in_texts(pa.Table.from_pylist([{"id": k, "text": v} for k, v in texts.items()]), config=CONFIG)
    strata = dict(strata_of(found, texts, "d07"))
    assert strata[formula] == "formula"
    assert {stratum for text, stratum in strata.items() if rim in text} == {"original"}


def test_an_own_report_of_any_earlier_year_is_self():
    rows = [
        {"id": "x", "text": f"甲{CELLAR}", "agency": "柳林乡", "year": 2017},
        {"id": "m1", "text": f"乙{CELLAR}", "agency": "石桥镇", "year": 2018},
        {"id": "m2", "text": "这一年另起炉灶，什么都是新写的，没有一句旧话", "agency": "石桥镇", "year": 2019},
        {"id": "m3", "text": f"丙{CELLAR}", "agency": "石桥镇", "year": 2020},
    ]
    found = find_reuse_in_texts(pa.Table.from_pylist(rows), config=CONFIG)["passages"].to_pylist()
    assert sorted((row["doc_id"], row["source_doc_id"], row["stratum"]) for row in found) == [
        ("m1", "x", "peer"),
        ("m3", "m1", "self"),
        ("m3", "x", "peer"),
    ]
