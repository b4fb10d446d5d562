"""The sample corpus is what its card and its truth say, and its recipe writes it byte for byte."""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "corpora" / "sample"
NARRATIVE = ("preamble", "overview", "problems_improvements", "other_matters")
TABLES = ("proactive_table", "requests_table", "review_table")
COLUMNS = (
    "natural_person",
    "business",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
)
FIRST_ROWS = ("new_requests", "carried_in")
LEAVES = (
    "granted",
    "partly_granted",
    "denied_state_secret",
    "denied_by_law",
    "denied_security_stability",
    "denied_third_party",
    "denied_internal_affairs",
    "denied_deliberative",
    "denied_enforcement_file",
    "denied_administrative_query",
    "unavailable_not_held",
    "unavailable_needs_creation",
    "unavailable_unclear",
    "not_processed_petition",
    "not_processed_repeat",
    "not_processed_publication",
    "not_processed_excessive",
    "not_processed_confirm_reissue",
)
OTHER = {"trial_2019": ("other_total",), "revised_2021": ("other_no_correction", "other_fee_unpaid", "other_rest")}
LAST_ROWS = ("outcome_total", "carried_out")
GROUPS = ("review", "litigation_direct", "litigation_after_review")
T2_ORDER = {
    "trial_2019": [
        *(f"{row}.{c}" for row in ("regulations", "normative_documents") for c in ("newly_made", "newly_disclosed", "disclosed_total")),
        *(f"{row}.{c}" for row in ("licensing", "other_services", "penalties", "coercion") for c in ("items_last_year", "change", "decisions")),
        "admin_fees.items_last_year",
        "admin_fees.change",
        "procurement.projects",
        "procurement.amount",
    ],
    "revised_2021": [
        *(f"{row}.{c}" for row in ("regulations", "normative_documents") for c in ("issued", "repealed", "in_force")),
        "licensing.decisions",
        "penalties.decisions",
        "coercion.decisions",
        "admin_fees.amount",
    ],
}  # fmt: skip
SELF_WORDS = (
    "我市",
    "我县",
    "我局",
    "我委",
    "我镇",
    "我乡",
    "我街道",
    "全市",
    "全县",
    "全局",
    "全区",
    "全镇",
    "全乡",
    "全街道",
)
TOWNS = ("棠渚", "杳溪", "鹭笙", "槲岭", "椴岗", "苹渚", "蔚汀", "霜汀")


def load_recipe():
    spec = importlib.util.spec_from_file_location("sample_recipe", SAMPLE / "recipe.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_tree(folder):
    files = [*folder.glob("reports/*/*.txt"), folder / "truth.json", folder / "corpus.toml"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def decode(report):
    return (SAMPLE / report["path"]).read_bytes().decode(report["encoding"])


TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
REPORTS = {report["path"]: report for report in TRUTH["reports"]}
TEXTS = {path: decode(report) for path, report in REPORTS.items()}
SOUND = [report for report in TRUTH["reports"] if not report["damaged"]]
BY_SERIES = {(report["series"], report["year"]): report for report in TRUTH["reports"]}


def planted(kind):
    return [plant for plant in TRUTH["planted"] if plant["kind"] == kind]


def section_text(report, key):
    return "".join(
        TEXTS[report["path"]][part["start"] : part["end"]] for part in report["sections"] if part["key"] == key
    )


def cut(place):
    return TEXTS[place["path"]][place["start"] : place["end"]]


# --- the recipe


def test_recipe_writes_the_committed_bytes(tmp_path):
    assert load_recipe().main([str(tmp_path)]) == 0
    assert read_tree(tmp_path) == read_tree(SAMPLE)


def test_recipe_does_not_depend_on_the_hash_seed(tmp_path):
    env = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-B", str(SAMPLE / "recipe.py"), str(tmp_path)], check=True, env=env)
    assert read_tree(tmp_path) == read_tree(SAMPLE)


def test_recipe_replaces_what_an_older_one_left(tmp_path):
    stray = tmp_path / "reports" / "2018" / "old.txt"
    stray.parent.mkdir(parents=True)
    stray.write_text("旧文件", encoding="utf-8")
    load_recipe().main([str(tmp_path)])
    assert not stray.exists()


# --- the card


def test_card_says_fictional_in_two_languages_and_its_hash_is_right():
    card = tomllib.loads((SAMPLE / "corpus.toml").read_text(encoding="utf-8"))
    lines = [
        f"{hashlib.sha256((SAMPLE / path).read_bytes()).hexdigest()}  {path}\n"
        for path in sorted(path.relative_to(SAMPLE).as_posix() for path in (SAMPLE / "reports").rglob("*.txt"))
    ]
    assert card["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert "虚构" in card["notice_zh"] and "FICTIONAL" in card["notice_en"] and card["fictional"] is True
    assert (card["licence"], card["years"], card["n_reports"]) == ("MIT", [2019, 2020, 2021, 2022], len(lines))
    assert {row["key"]: row["n_reports"] for row in card["layout"]} == {
        "a": 24,
        "b": 20,
        "d": 14,
        "e": 18,
        "g": 2,
        "h": 2,
    }


def test_counts():
    reports = TRUTH["reports"]
    assert len(reports) == 80 >= 60
    assert sorted(REPORTS) == sorted(path for path in read_tree(SAMPLE) if path.startswith("reports/"))

    def count(name):
        return dict(Counter(report[name] for report in reports))

    assert count("kind") == {"government": 36, "department": 32, "other": 12}
    assert count("level") == {"city": 4, "county": 48, "township": 28}
    assert count("form") == {"trial_2019": 41, "revised_2021": 39}
    assert count("year") == dict.fromkeys((2019, 2020, 2021, 2022), 20)
    assert count("encoding") == {"utf-8": 71, "gb18030": 8, "utf-8-sig": 1}
    assert count("newline") == {"lf": 75, "crlf": 5}
    assert count("title_status") == {"found": 75, "missing": 5}
    assert count("damaged") == {None: 76, "tables_lost": 2, "lines_removed": 2}


def test_encodings_are_in_the_bytes():
    for report in TRUTH["reports"]:
        data = (SAMPLE / report["path"]).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") == (report["encoding"] == "utf-8-sig")
        assert (b"\r\n" in data) == (report["newline"] == "crlf")
        if report["encoding"] == "gb18030":
            with pytest.raises(UnicodeDecodeError):
                data.decode("utf-8")


# --- structure


@pytest.mark.parametrize("report", TRUTH["reports"], ids=lambda report: report["path"])
def test_offsets_point_at_what_they_name(report):
    text = TEXTS[report["path"]]
    assert report["n_chars"] == len(text)
    keys = [part["key"] for part in report["sections"]]
    assert [key for key in keys if key != "signature"] == ["preamble", "overview", *TABLES, *NARRATIVE[2:]]
    ends = [part["start"] for part in report["sections"][1:]]
    for part, following in zip(report["sections"], [*ends, len(text)], strict=True):
        assert text.startswith(part["heading"], part["start"])
        assert text[part["end"] : following].strip() == "" and text[part["end"] - 1].strip()
    if report["title"]:
        assert re.sub(r"\s", "", text).startswith(report["title"])
        assert report["agency"] in report["title"] and str(report["year"]) in report["title"]
    else:
        assert report["agency"] + str(report["year"]) + "年" in text[:80] or report["agency"] in text[:80]
    spans = report["themes"]
    assert all(text[end - 1] in "。；;：:，," for _, end, _ in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(re.fullmatch(r"[OPIX]\d\d|S[123]", code) for *_, code in spans)


def test_themes_cover_the_codebook_and_the_running_text():
    seen = Counter(code for report in TRUTH["reports"] for *_, code in report["themes"])
    expected = {f"O{n:02}" for n in range(21)} | {f"P{n:02}" for n in range(12)} | {f"I{n:02}" for n in range(13)}
    expected |= {f"X{n:02}" for n in range(1, 6)} | {"S1", "S2", "S3"}
    assert set(seen) == expected
    assert min(seen.values()) >= 5
    for report in TRUTH["reports"]:
        narrative = sum(len(section_text(report, key)) for key in NARRATIVE)
        assert sum(end - start for start, end, _ in report["themes"]) > 0.8 * narrative


def test_parts_lie_in_section_five():
    for report in TRUTH["reports"]:
        (five,) = [part for part in report["sections"] if part["key"] == "problems_improvements"]
        assert {name for *_, name in report["parts"]} == {"problems", "improvements"}
        assert all(five["start"] < start < end <= five["end"] for start, end, _ in report["parts"])
        for start, end, code in report["themes"]:
            if code[0] in "PI" and code not in {"P00", "I00"}:
                wanted = "problems" if code[0] == "P" else "improvements"
                assert any(low <= start and end <= high and name == wanted for low, high, name in report["parts"])


def test_narratives_are_as_long_as_real_ones():
    lengths = sorted(sum(len(section_text(report, key)) for key in NARRATIVE) for report in TRUTH["reports"])
    assert lengths[0] >= 600 and lengths[-1] <= 3500
    assert 1000 <= lengths[len(lengths) // 2] <= 1800


# --- tables


def row_order(form):
    return (*FIRST_ROWS, *LEAVES, *OTHER[form], *LAST_ROWS)


@pytest.mark.parametrize("report", SOUND, ids=lambda report: report["path"])
def test_tables_in_the_text_hold_the_values_of_the_truth(report):
    def tokens(key, shape):
        return [token for token in re.split(r"[|\s]+", section_text(report, key)) if re.fullmatch(shape, token)]

    assert tokens("proactive_table", r"[+\-增]?\d[\d,.]*(万元|元)?") == [
        report["t2"][key] for key in T2_ORDER[report["form"]]
    ]
    rows = row_order(report["form"])
    assert sorted(report["t3"]) == sorted(rows)
    assert tokens("requests_table", r"-?\d+") == [str(value) for row in rows for value in report["t3"][row]]
    assert tokens("review_table", r"-?\d+") == [str(value) for group in GROUPS for value in report["t4"][group]]


def failing(report):
    t3, t4 = report["t3"], report["t4"]
    leaves = (*LEAVES, *OTHER[report["form"]])
    found = {
        "R301": [row for row in row_order(report["form"]) if sum(t3[row][:6]) != t3[row][6]],
        "R302": [c for i, c in enumerate(COLUMNS) if sum(t3[row][i] for row in leaves) != t3["outcome_total"][i]],
        "R303": [
            column
            for i, column in enumerate(COLUMNS)
            if t3["new_requests"][i] + t3["carried_in"][i] != t3["outcome_total"][i] + t3["carried_out"][i]
        ],
        "R401": [group for group in GROUPS if sum(t4[group][:4]) != t4[group][4]],
    }
    before = BY_SERIES.get((report["series"], report["year"] - 1))
    if before and not before["damaged"]:
        pairs = zip(COLUMNS, before["t3"]["carried_out"], t3["carried_in"], strict=True)
        found["R501"] = [column for column, out, into in pairs if out != into]
    return {rule: sorted(instances) for rule, instances in found.items() if instances}


def test_identities_fail_exactly_where_planted():
    expected = {plant["path"]: plant["fails"] for plant in planted("table_error")}
    assert len(expected) == 10
    assert {report["path"]: failing(report) for report in SOUND if failing(report)} == expected


def test_every_kind_of_table_error_is_planted():
    rules = {rule for plant in planted("table_error") for rule in plant["fails"]}
    assert rules == {"R301", "R302", "R303", "R401", "R501"}
    assert {plant["do"] for plant in planted("table_error")} == {"shift", "total", "double_carry"}


def test_second_tables_go_on_from_year_to_year():
    for report in SOUND:
        before, t2 = BY_SERIES.get((report["series"], report["year"] - 1)), report["t2"]
        if report["form"] == "trial_2019":
            assert int(t2["normative_documents.newly_disclosed"]) <= int(t2["normative_documents.disclosed_total"])
            assert (t2["procurement.projects"] == "0") == (t2["procurement.amount"].rstrip("万元") == "0")
        if not before or before["damaged"] or before["form"] != report["form"] or report["year"] - before["year"] != 1:
            continue
        old = before["t2"]
        if report["form"] == "trial_2019":
            for row in ("licensing", "other_services", "penalties", "coercion", "admin_fees"):
                change = int(old[f"{row}.change"].replace("增", "+"))
                assert int(t2[f"{row}.items_last_year"]) == int(old[f"{row}.items_last_year"]) + change >= 0
        else:
            issued, repealed = int(t2["normative_documents.issued"]), int(t2["normative_documents.repealed"])
            assert (
                int(t2["normative_documents.in_force"]) == int(old["normative_documents.in_force"]) + issued - repealed
            )


@pytest.mark.parametrize("report", TRUTH["reports"], ids=lambda report: report["path"])
def test_damaged_tables_look_damaged(report):
    body = "".join(section_text(report, key).strip()[len(heading) :] for key, heading in headings(report))
    if report["damaged"] == "tables_lost":
        assert body.strip() == ""
    elif report["damaged"] == "lines_removed":
        lines = [line for line in re.split(r"\r?\n", body) if line.strip()]
        assert len(lines) == len(set(lines))
        assert report["t3"] is None
    else:
        assert len(re.findall(r"(?<!\d)\d+(?!\d)", body)) > 170


def headings(report):
    return [(part["key"], part["heading"]) for part in report["sections"] if part["key"] in TABLES]


def test_claims_in_the_text_agree_with_the_tables():
    n_claims = n_nil = 0
    for report in SOUND:
        text = "".join(section_text(report, key) for key in ("overview", "problems_improvements"))
        total = report["t3"]["new_requests"][-1]
        claims = re.findall(r"(?:收到|受理|接收|新收)[^。；]{0,20}申请[^。；]{0,8}?(\d+)件", text)
        nil = re.search(r"(未收到|没有收到|未接到|未受理)[^。；]{0,20}申请", text)
        assert set(claims) <= {str(total)}
        assert (nil is not None) == (total == 0), report["path"]
        lists = re.findall(r"信息(\d+)条[，,]其中网站(\d+)条、新媒体(\d+)条、\D+(\d+)条", text)
        assert all(int(stated) == sum(map(int, parts)) for stated, *parts in lists)
        n_claims, n_nil = n_claims + len(claims), n_nil + (nil is not None)
    assert n_claims >= 30 and n_nil >= 10


# --- planted slips


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (left != right))
    return row[-1]


@pytest.mark.parametrize("plant", planted("copy"), ids=lambda plant: plant["id"])
def test_copied_passages(plant):
    source, copy = cut(plant["source"]), cut(plant["copy"])
    assert 60 <= len(source) <= 400
    assert REPORTS[plant["source"]["path"]]["series"] != REPORTS[plant["copy"]["path"]]["series"]
    assert REPORTS[plant["source"]["path"]]["year"] <= REPORTS[plant["copy"]["path"]]["year"]
    if plant["mode"] == "verbatim":
        assert source == copy
    else:
        assert 0.03 <= distance(source, copy) / max(len(source), len(copy)) <= 0.08


def test_enough_copies_of_both_kinds():
    modes = Counter(plant["mode"] for plant in planted("copy"))
    assert modes["verbatim"] >= 5 and modes["edited"] >= 5


def test_repeated_reports_differ_only_in_the_year():
    plants = planted("own_repeat")
    assert len(plants) == 3
    for plant in plants:
        for source, copy in zip(plant["source"], plant["copy"], strict=True):
            old, new = REPORTS[source["path"]], REPORTS[copy["path"]]
            assert (old["series"], old["year"] + 1) == (new["series"], new["year"])
            assert len(cut(source)) == len(cut(copy)) or "\r\n" in cut(source) + cut(copy)
            moved = re.sub(r"(?<!\d)20\d\d(?=年)", lambda match: str(int(match[0]) + 1), cut(source))
            assert re.sub(r"[,，;；:：()（）\s]", "", moved) == re.sub(r"[,，;；:：()（）\s]", "", cut(copy))
    runs = Counter(REPORTS[plant["copy"][0]["path"]]["series"] for plant in plants)
    assert runs == {"duangang": 2, "pingzhu": 1}


@pytest.mark.parametrize("kind", ["wrong_year", "foreign_text"])
def test_word_slips_stand_where_claimed(kind):
    plants = planted(kind)
    copies = {plant["id"]: plant["copy"] for plant in planted("copy")}
    assert len(plants) >= 5 and any(plant["in_copy"] for plant in plants)
    for plant in plants:
        assert cut(plant) == plant["found"] != plant["expected"]
        if plant["in_copy"]:
            inside = copies[plant["in_copy"]]
            assert inside["path"] == plant["path"] and inside["start"] <= plant["start"] < plant["end"] <= inside["end"]


def test_no_foreign_word_outside_the_planted_ones():
    agencies = {
        row["id"]: row for row in tomllib.loads((SAMPLE / "phrases/agencies.toml").read_text("utf-8"))["agency"]
    }
    known = {(plant["path"], plant["found"]): plant["start"] for plant in planted("foreign_text")}
    for report in TRUTH["reports"]:
        own = agencies[report["series"]]
        for word in (*SELF_WORDS, *TOWNS):
            if word in {own["self"], own["all"]} or word in own["name"]:
                continue
            places = [match.start() for match in re.finditer(word, TEXTS[report["path"]])]
            expected = [start for (path, found), start in known.items() if path == report["path"] and word in found]
            assert places == expected, (report["path"], word)


def test_the_year_is_right_outside_the_planted_slips():
    slips = {(plant["path"], plant["start"]) for plant in planted("wrong_year")}
    for report in TRUTH["reports"]:
        text, path = TEXTS[report["path"]], report["path"]
        (one,) = [part for part in report["sections"] if part["key"] == "overview"]
        years = [
            match for match in re.finditer(r"(?<!\d)20\d\d(?=年)", text) if one["start"] <= match.start() < one["end"]
        ]
        assert {match[0] for match in years if (path, match.start()) not in slips} <= {str(report["year"])}
        assert f"{report['year']}年1月1日" in section_text(report, "preamble")


def test_obsolete_form_is_the_only_one_of_its_kind():
    (plant,) = planted("obsolete_form")
    assert REPORTS[plant["path"]]["year"] == 2022
    assert "上一年项目数量" in section_text(REPORTS[plant["path"]], "proactive_table")
    late = [report["path"] for report in TRUTH["reports"] if report["year"] > 2020 and report["form"] == "trial_2019"]
    assert late == [plant["path"]]


# --- what it is like as text


def five_grams(text):
    text = re.sub(r"\s", "", text)
    return {text[i : i + 5] for i in range(len(text) - 4)}


def unrelated_pairs():
    family = defaultdict(set)
    for plant in planted("copy"):
        family[plant["source"]["path"], plant["source"]["start"]] |= {plant["source"]["path"], plant["copy"]["path"]}
    related = {frozenset(pair) for paths in family.values() for pair in combinations(sorted(paths), 2)}
    for one, two in combinations(SOUND, 2):
        if one["series"] != two["series"] and frozenset((one["path"], two["path"])) not in related:
            yield one, two


def quantile(values, share):
    return sorted(values)[int(share * (len(values) - 1))]


def jaccard(a, b):
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def test_background_similarity_is_that_of_real_reports():
    """Bands measured on real reports of one province: whole texts 0.10-0.20, narratives 0.01-0.05."""
    whole = {report["path"]: five_grams(TEXTS[report["path"]]) for report in SOUND}
    prose = {
        report["path"]: five_grams(
            "".join(section_text(report, key).strip()[len(heading) :] for key, heading in prose_heads(report))
        )
        for report in SOUND
    }
    pairs = list(unrelated_pairs())
    of_whole = [jaccard(whole[a["path"]], whole[b["path"]]) for a, b in pairs if a["form"] == b["form"]]
    of_prose = [jaccard(prose[a["path"]], prose[b["path"]]) for a, b in pairs]
    assert len(of_prose) > 2500
    assert 0.10 <= quantile(of_whole, 0.5) <= 0.20
    assert 0.01 <= quantile(of_prose, 0.5) <= 0.05
    assert quantile(of_prose, 0.95) <= 0.08


def prose_heads(report):
    return [(part["key"], part["heading"]) for part in report["sections"] if part["key"] in NARRATIVE]


def test_no_phone_numbers_and_no_mail_addresses():
    for report in TRUTH["reports"]:
        assert "@" not in TEXTS[report["path"]]
        prose = "".join(section_text(report, part["key"]) for part in report["sections"] if part["key"] not in TABLES)
        assert not re.search(r"\d{7,}|\d{3,4}-\d{7,8}|邮编|邮箱", prose)


OFFICIAL_PHRASES = (
    "中华人民共和国政府信息公开条例",
    "以习近平新时代中国特色社会主义思想为指导",
    "国务院办公厅政府信息与政务公开办公室",
)


def official_labels():
    form = (SAMPLE / "recipe_parts/form.toml").read_text(encoding="utf-8")
    heads = (SAMPLE / "phrases/headings.toml").read_text(encoding="utf-8")
    return (*re.findall(r"[\u4e00-\u9fff]{5,}", form + heads), *OFFICIAL_PHRASES)


@pytest.mark.real
def test_no_sentence_of_a_real_report_is_in_the_sample():
    folder = os.environ.get("GKNLP_REAL_REPORTS")
    if not folder:
        pytest.skip("GKNLP_REAL_REPORTS names no folder of real reports")
    real = "\n".join(path.read_text(encoding="utf-8-sig") for path in sorted(Path(folder).glob("*.txt")))
    assert len(real) > 1000
    labels = sorted(set(official_labels()), key=lambda label: (-len(label), label))
    for path, text in TEXTS.items():
        left = text
        for label in labels:
            left = left.replace(label, "\n")
        for run in re.findall(r"[\u4e00-\u9fff]{12,}", left):
            shared = [run[i : i + 12] for i in range(len(run) - 11) if run[i : i + 12] in real]
            assert not shared, (path, shared)
