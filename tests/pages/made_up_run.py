"""A made-up run with the density of a real one: fictional agencies and wording, arithmetic instead of chance."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from made_up_rhetoric import add_rhetoric

from gknlp.forms import load_form
from gknlp.schemas import CORPUS, RESULTS, STRATA
from gknlp.tables import table_of

PLACES = ["云溪", "松澜", "青砾", "白鹭渡", "柳汀", "石舟", "霞浦岭", "月牙湾", "南麓", "竹影"]
SUFFIX = ["市", "县", "县", "镇", "镇", "镇", "县水务局", "县教育局", "乡", "街道"]
LEVELS = ["city", "county", "county", "township", "township", "township", "county", "county", "township", "township"]
KINDS = ["government"] * 6 + ["department"] * 2 + ["government"] * 2

COMMON = [
    ("formula", "我们把公开当作日常功课，件件有人管、事事有回音，工作总体平稳。"),
    ("regional", "依照全市统一安排，各单位在大厅设立了查阅角，配有电脑一台和目录一册。"),
    ("viral", "凡是该让大家知道的事，都尽量用大家看得懂的话讲清楚，让数据多跑路、让人少跑腿。"),
    ("peer", "本年开设了“小河信箱”，收到来信{n}封，都在约定日子前作了答复。"),
    ("self", "公开目录由办公室每季度清点一次，过期的条目随即撤下并留档备查。"),
]
OWN = [
    "{place}今年在渡口边新立了{n}块公示牌，赶集的人路过就能看见。",
    "雨季之前，{place}把{n}处易涝点的抢修安排贴到了每条巷子口。",
    "{place}请了{n}位退休教师，逢周三到茶馆里讲解新出的补贴办法。",
    "网站的“{place}账本”一栏补登了{n}笔小额支出，每笔都附有收据照片。",
]
PROBLEMS = [
    "一些条目贴得晚，等大家看到时事情已过去大半。",
    "讲解文字偏长，老人看不进去。",
    "管网站的人一年换了两回，交接不全。",
]
PROMISES = [
    "明年把更新时限写进岗位说明，逾期由组长提醒。",
    "把长文改成问答和短图，先请三位居民试读。",
    "每季度办一次学习会，新人先跟班两周。",
]
THEMES = [
    {"code": "O02", "name_zh": "公开数量", "name_en": "volume of disclosure", "family": "overview"},
    {"code": "O05", "name_zh": "政策解读", "name_en": "policy interpretation", "family": "overview"},
    {"code": "O10", "name_zh": "信息管理", "name_en": "information management", "family": "overview"},
    {"code": "O15", "name_zh": "线下渠道", "name_en": "offline channels", "family": "overview"},
    {"code": "P01", "name_zh": "时效", "name_en": "timeliness", "family": "problems"},
    {"code": "P05", "name_zh": "人员能力", "name_en": "staff capacity", "family": "problems"},
    {"code": "P06", "name_zh": "解读与回应", "name_en": "interpretation and response", "family": "problems"},
    {"code": "I01", "name_zh": "加快更新", "name_en": "faster updates", "family": "improvements"},
    {"code": "I05", "name_zh": "培训队伍", "name_en": "train the team", "family": "improvements"},
    {"code": "I06", "name_zh": "改进解读", "name_en": "better interpretation", "family": "improvements"},
]
RULES = [
    {"id": "R301", "title_en": "a row adds up to its total", "title_zh": "各类申请人之和等于总计", "severity": "error",
     "expr": "natural_person+business+research_institution+public_welfare_org+legal_service_org+other_org == total"},
    {"id": "R303", "title_en": "requests in = requests out", "title_zh": "收到与结转等于办结与结转下年", "severity": "error",
     "expr": "new_requests + carried_in == outcome_total + carried_out"},
    {"id": "R401", "title_en": "outcomes add up to the total", "title_zh": "四种结果之和等于总计", "severity": "error",
     "expr": "upheld+corrected+other+pending == total"},
    {"id": "R501", "title_en": "carried in = last year's carried out", "title_zh": "上年结转等于上年末结转下年", "severity": "warning",
     "expr": "t3.carried_in[y] == t3.carried_out[y-1]"},
]  # fmt: skip
ABOUT: dict[str, Any] = {
    "name": "overview",
    "question": "十个虚构机关四年间说了什么，哪些话是共有的，表格是否自洽？",
    "expectation": "同级机关共有的文字多于跨级机关；换用新格式的年份会打断沿用。",
    "fictional": True,
    "corpus": {"title": "虚构样例", "card": "自撰的小语料。", "n_reports": 40, "manifest_number": 1, "hash": "ab" * 32},
    "experiment_hash": "cd" * 32,
    "seed": 20190403,
    "packages": {"pyarrow": "26", "scikit-learn": "1.9"},
    "version": "0.1.0",
    "verify_command": "gknlp verify runs/demo",
    "themes": THEMES,
    "rules": RULES,
    "created": None,
    "mandated_sources": [],
    "steps": ["audit.rules.v1", "themes.dictionary.v1", "topics.nmf.v1", "reuse.passages.v1"],
    "topic_quality": {"k": 6, "reconstruction": 0.4312},
}


def make_run(n_agencies: int = 10, years: tuple[int, ...] = (2019, 2020, 2021, 2022)) -> dict[str, pa.Table]:
    """Corpus and result tables of a run over agencies by years, three agency-years of it missing and one superseded."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (*CORPUS, *RESULTS)}
    docs = [(a, y) for a in range(n_agencies) for y in range(len(years)) if (a, y) not in {(3, 1), (7, 0), (9, 2)}]
    for agency, year in docs:
        _add_report(rows, agency, year, years[year])
    _add_reuse(rows)
    _add_measures(rows)
    add_rhetoric(rows, years)
    _add_topics(rows)
    _add_sources(rows)
    return {name: table_of(name, table) for name, table in rows.items()}


def _add_report(rows: dict[str, list[dict[str, Any]]], a: int, y: int, year: int) -> None:
    agency = PLACES[a % 10] + ("" if a < 10 else str(a // 10)) + SUFFIX[a % 10]
    doc_id = f"{a:02x}{y:02x}" * 8
    form_key = "trial_2019" if year < 2021 else "revised_2021"
    form = load_form(form_key)
    text = f"{agency}{year}年政府信息公开工作年度报告\n"
    sections = [("preamble", 0)]
    units: list[tuple[str, str | None, int, int, str]] = []

    def put(section: str, part: str | None, sentence: str, theme: str) -> None:
        nonlocal text
        units.append((section, part, len(text), len(text) + len(sentence), theme))
        text += sentence

    def head(key: str, heading: str) -> None:
        nonlocal text
        sections.append((key, len(text)))
        text += heading + "\n"

    put("preamble", None, f"本报告依照公开条例编成，所列数据自{year}年1月1日起，至12月31日止。", "S1")
    text += "\n"
    head("overview", "一、总体情况")
    for place in range(9):
        if (place + a + y) % 3 == 0 or (place < 5 and (a + y) % 4 != place % 4):
            sentence = COMMON[place % 5][1].format(n=3 + (a * y) % 7)
        else:
            sentence = OWN[(place + a) % 4].format(place=agency, n=2 + (a * 7 + y * 3 + place) % 23)
        put("overview", None, sentence, ("O02", "O05", "O10", "O15", "O05")[(place + a + y * place) % 5])
        text += "\n" if place % 3 == 2 else ""
    for table in form.tables:
        number = {"t2": "二", "t3": "三", "t4": "四"}[table.key]
        head(table.section, f"{number}、{table.caption}")
        for block, row, column in table.slots():
            if column is block.columns[0]:
                text += f"\n{row.label}"
            value: int | None = _value(table.key, row.key, column.key, a, y)
            raw = "" if value is None else str(value)
            text += "\t"
            missing = table.key == "t4" and a == 5
            rows["cells"].append(
                {"doc_id": doc_id, "table": table.key, "row": row.key, "column": column.key, "raw": None if missing else raw,
                 "value": None if missing else value, "unit": column.unit or table.unit, "value_yuan": None,
                 "start": None if missing else len(text), "end": None if missing else len(text) + len(raw)}
            )  # fmt: skip
            text += raw
        text += "\n"
    head("problems_improvements", "五、存在的主要问题及改进情况")
    for place in range(2):
        put("problems_improvements", "problems", PROBLEMS[(a + place) % 3], ("P01", "P06", "P05")[(a + place) % 3])
    text += "\n"
    for place in range(2):
        put(
            "problems_improvements",
            "improvements",
            PROMISES[(a + place + y % 2) % 3],
            ("I01", "I06", "I05")[(a + place + y % 2) % 3],
        )
    text += "\n"
    head("other_matters", "六、其他需要报告的事项")
    put("other_matters", None, "本年没有收取信息处理费。", "X01")
    starts = [start for _, start in sections] + [len(text)]
    for (key, start), end in zip(sections, starts[1:], strict=True):
        heading = "" if key == "preamble" else text[start : text.index("\n", start)]
        rows["sections"].append({"doc_id": doc_id, "key": key, "heading": heading, "start": start, "end": end})
    rows["reports"].append(
        {"doc_id": doc_id, "text": text, "n_chars": len(text), "title": text.split("\n")[0], "title_status": "found",
         "agency": agency, "agency_id": agency, "kind": KINDS[a % 10], "level": LEVELS[a % 10], "year": year,
         "year_status": "conflict" if (a, y) == (2, 2) else "found", "form": form_key, "form_status": "found", "region": "云溪市",
         "published": f"{year + 1}-01-{10 + a % 15:02d}" if (a + y) % 3 else None}
    )  # fmt: skip
    rows["evidence"].append(
        {"doc_id": doc_id, "field": "agency", "value": agency, "rule": "title", "start": 0, "end": len(agency)}
    )
    rows["evidence"].append(
        {
            "doc_id": doc_id,
            "field": "year",
            "value": str(year),
            "rule": "title",
            "start": len(agency),
            "end": len(agency) + 4,
        }
    )
    _add_units(rows, doc_id, agency, year, text, units)
    _add_findings(rows, doc_id, a, y, year)
    if a == 5:
        rows["diagnostics"].append({"doc_id": doc_id, "code": "table_not_found", "severity": "error", "expected": "t4"})
    if (a, y) == (2, 2):
        rows["diagnostics"].append(
            {
                "doc_id": doc_id,
                "code": "year_conflict",
                "severity": "warning",
                "start": len(agency),
                "end": len(agency) + 4,
                "expected": "2021",
                "found": "2020",
            }
        )


def _value(table: str, row: str, column: str, a: int, y: int) -> int | None:
    if table != "t3":
        return (
            None
            if (table, row) == ("t2", "regulations") and a % 2
            else (a + len(row) + y) % 9
            if column != "total"
            else 4
        )
    if column not in ("natural_person", "business", "total"):
        return 0
    n = {"natural_person": 3 + a % 4, "business": y % 2}
    n["total"] = n["natural_person"] + n["business"]
    values = {
        "new_requests": n[column],
        "carried_in": 0,
        "granted": n[column],
        "outcome_total": n[column],
        "carried_out": 0,
    }
    if a == 4 and row == "carried_out" and column != "business":
        return 1
    return values.get(row, 0)


def _add_units(
    rows: dict[str, list[dict[str, Any]]], doc_id: str, agency: str, year: int, text: str, units: list[Any]
) -> None:
    counts: dict[str, dict[str, int]] = {}
    for ordinal, (section, part, start, end, theme) in enumerate(units):
        unit_id = f"{doc_id[:8]}-{ordinal:03d}"
        rows["units"].append(
            {
                "doc_id": doc_id,
                "unit_id": unit_id,
                "section": section,
                "part": part,
                "ordinal": ordinal,
                "heading": "",
                "text": text[start:end],
                "start": start,
                "end": end,
            }
        )
        abstained = ordinal % 11 == 7
        primary = None if abstained else theme
        rows["theme_labels"].append(
            {
                "doc_id": doc_id,
                "unit_id": unit_id,
                "start": start,
                "end": end,
                "primary": primary,
                "labels": [theme] if primary else [],
                "scores": [],
                "abstained": abstained,
                "model": "dictionary.v1",
            }
        )
        family = {"O": "overview", "P": "problems", "I": "improvements", "X": "other_matters"}.get(theme[0])
        if family and primary:
            counts.setdefault(family, {})[theme] = counts.get(family, {}).get(theme, 0) + 1
    for family, themes in counts.items():
        total = sum(themes.values())
        for theme, n in themes.items():
            rows["theme_shares"].append(
                {
                    "doc_id": doc_id,
                    "agency": agency,
                    "year": year,
                    "family": family,
                    "theme": theme,
                    "n_units": n,
                    "n_family_units": total,
                    "share": n / total,
                }
            )


def _add_findings(rows: dict[str, list[dict[str, Any]]], doc_id: str, a: int, y: int, year: int) -> None:
    cells = {(c["table"], c["row"], c["column"]): c for c in rows["cells"] if c["doc_id"] == doc_id}
    for column in ("natural_person", "business", "total"):
        four = [cells["t3", row, column] for row in ("new_requests", "carried_in", "outcome_total", "carried_out")]
        values = [cell["value"] for cell in four]
        fails = values[0] + values[1] != values[2] + values[3]
        rows["findings"].append(
            {"doc_id": doc_id, "rule": "R303", "instance": column, "outcome": "fail" if fails else "pass", "severity": "error",
             "expected": str(values[0] + values[1]), "found": str(values[2] + values[3]), "spans": [[cell["start"], cell["end"]] for cell in four]}
        )  # fmt: skip
    for row in ("new_requests", "granted", "outcome_total"):
        rows["findings"].append(
            {
                "doc_id": doc_id,
                "rule": "R301",
                "instance": row,
                "outcome": "pass",
                "severity": "error",
                "expected": "1",
                "found": "1",
                "spans": [],
            }
        )
    for group in ("review", "litigation_direct", "litigation_after_review"):
        outcome = "not_assessable" if a == 5 else "fail" if a == 1 and group == "review" else "pass"
        rows["findings"].append(
            {
                "doc_id": doc_id,
                "rule": "R401",
                "instance": group,
                "outcome": outcome,
                "severity": "error",
                "expected": "4",
                "found": "9",
                "spans": [],
            }
        )
    outcome = "not_assessable" if y == 0 else "fail" if a == 4 else "pass"
    rows["findings"].append(
        {
            "doc_id": doc_id,
            "rule": "R501",
            "instance": "total",
            "outcome": outcome,
            "severity": "warning",
            "expected": "1",
            "found": "0",
            "spans": [],
        }
    )


def _add_reuse(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Passages where a common sentence stands, each with the first report that has it as its source."""
    reports = sorted(rows["reports"], key=lambda r: (r["year"], r["doc_id"]))
    shared: dict[tuple[str, str], int] = {}
    clusters: dict[str, list[dict[str, Any]]] = {}
    narrative = {
        r["doc_id"]: sum(u["end"] - u["start"] for u in rows["units"] if u["doc_id"] == r["doc_id"]) for r in reports
    }
    for report in reports:
        taken = dict.fromkeys(STRATA, 0)
        mandated = next(u for u in rows["units"] if u["doc_id"] == report["doc_id"] and u["section"] == "preamble")
        _passage(rows, report["doc_id"], mandated["start"], mandated["end"], "mandated", None, "")
        taken["mandated"] += mandated["end"] - mandated["start"]
        for unit in [u for u in rows["units"] if u["doc_id"] == report["doc_id"]]:
            known = next((k for k, (_, s) in enumerate(COMMON) if unit["text"][:8] == s[:8]), None)
            if known is None:
                continue
            stratum, cluster_id = COMMON[known][0], f"cl{known}"
            before = clusters.setdefault(cluster_id, [])
            same = [u for u in before if u["doc_id"] != report["doc_id"]]
            own = [u for u in same if u["doc_id"][:2] == report["doc_id"][:2]]
            source = (own or same or [None])[-1]
            _passage(
                rows,
                report["doc_id"],
                unit["start"],
                unit["end"],
                stratum,
                source,
                cluster_id,
                first=before[0]["doc_id"] if before else report["doc_id"],
            )
            taken[stratum] += unit["end"] - unit["start"]
            for doc in {u["doc_id"] for u in same}:
                key = tuple(sorted((doc, report["doc_id"])))
                shared[key] = shared.get(key, 0) + unit["end"] - unit["start"]
            before.append(unit)
        size = narrative[report["doc_id"]]
        shares = {stratum: taken[stratum] / size for stratum in STRATA}
        shares["original"] = 1 - sum(taken.values()) / size
        rows["coverage"].append({"doc_id": report["doc_id"], "n_chars": size, "table_chars": 900, **shares})
    for (a, b), chars in shared.items():
        rows["pairs"].append(
            {
                "doc_a": a,
                "doc_b": b,
                "shared_chars": chars,
                "containment_a": min(1.0, chars / narrative[a]),
                "containment_b": min(1.0, chars / narrative[b]),
                "resemblance": 0.3,
            }
        )
    for cluster_id, units in clusters.items():
        docs = {u["doc_id"] for u in units}
        rows["clusters"].append(
            {
                "cluster_id": cluster_id,
                "n_occurrences": len(units),
                "n_docs": len(docs),
                "n_agencies": len({d[:2] for d in docs}),
                "n_years": len({d[2:4] for d in docs}),
                "text": units[0]["text"],
                "first_doc_id": units[0]["doc_id"],
                "stratum": COMMON[int(cluster_id[2:])][0],
            }
        )


def _add_measures(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Measures by arithmetic: none of change without the year before, none of information, a template for three only."""
    there = {row["doc_id"][:4]: row["doc_id"] for row in rows["reports"]}
    for row in rows["reports"]:
        a, y = int(row["doc_id"][:2], 16), int(row["doc_id"][2:4], 16)
        before = there.get(f"{a:02x}{y - 1:02x}")
        kept = (a * 7 + y * 5) % 20 / 20
        change = {
            "previous_doc_id": before,
            "stickiness": kept,
            "modification_score": (1 - kept) / 2,
            "modification_score_adjusted": (a - 5) / 40,
            "sim_cosine": (1 + kept) / 2,
            "sim_jaccard": kept / 2,
            "sim_minedit": kept * 0.8,
            "sim_simple": kept,
            "containment": kept * 0.9,
            "resemblance": kept * 0.7,
            "alignment_score": 40 + a * y * 31,
            "alignment_tokens": 14 + a * y * 10,
        }
        rows["reuse_measures"].append(
            {
                "doc_id": row["doc_id"],
                "unit": "words",
                "n_tokens": 300 + a,
                "reference_group": "form+year",
                "n_reference": 10,
                "boilerplate_share": 0.1 + a * 0.03,
                "boilerplate_share_no_ceiling": 0.2 + a * 0.03,
                "redundancy_within": 0.0004 if a == 3 else 0.0,
                "template_prototype": 0.8 + y * 0.05 if a == 4 and y < 3 else None,
                "novelty_share": 0.9 - a * 0.05,
                "reused_own_previous": 0.02 if before else 0.0,
                "reused_peers": a * 0.05,
                "reused_superior": 0.0,
                "reused_reference": 0.0,
                **(change if before else {}),
            }
        )


def _passage(
    rows: Any, doc_id: str, start: int, end: int, stratum: str, source: Any, cluster_id: str, first: str | None = None
) -> None:
    rows["stretches"].append({"doc_id": doc_id, "start": start, "end": end, "stratum": stratum})
    rows["passages"].append(
        {"passage_id": f"{doc_id[:6]}-{start}", "cluster_id": cluster_id or None, "doc_id": doc_id, "start": start, "end": end, "stratum": stratum,
         "source_doc_id": source["doc_id"] if source else None, "source_start": source["start"] if source else None,
         "source_end": source["end"] if source else None, "similarity": 0.96 if source else None, "first_doc_id": first}
    )  # fmt: skip


def _add_topics(rows: dict[str, list[dict[str, Any]]]) -> None:
    words = [
        "公示 牌子 巷口 渡口 赶集 路过",
        "来信 答复 信箱 约定 日子 收到",
        "目录 清点 条目 留档 撤下 季度",
        "讲解 补贴 茶馆 教师 办法 周三",
        "更新 时限 逾期 组长 提醒 岗位",
        "支出 账本 收据 照片 小额 补登",
    ]
    for topic, line in enumerate(words):
        rows["topics"].append(
            {
                "topic": topic,
                "label": "·".join(line.split()[:2]),
                "size": (24 - topic * 3) / 99,
                "n_units": 80 - topic * 9,
                "stability": 0.92 - topic * 0.12,
            }
        )
        for rank, word in enumerate(line.split(), start=1):
            rows["topic_words"].append({"topic": topic, "rank": rank, "word": word, "probability": 0.1 / rank})
        for rank in range(1, 4):
            unit = rows["units"][(topic * 37 + rank * 11) % len(rows["units"])]
            rows["topic_units"].append(
                {
                    "topic": topic,
                    "rank": rank,
                    "doc_id": unit["doc_id"],
                    "unit_id": unit["unit_id"],
                    "start": unit["start"],
                    "end": unit["end"],
                    "weight": 0.9,
                }
            )
    for report in rows["reports"]:
        weights = [1 + (topic * 5 + report["year"] * (topic + 1) + len(report["agency"])) % 7 for topic in range(6)]
        for topic, weight in enumerate(weights):
            rows["topic_shares"].append({"doc_id": report["doc_id"], "topic": topic, "share": weight / sum(weights)})


def _add_sources(rows: dict[str, list[dict[str, Any]]]) -> None:
    for report in rows["reports"]:
        rows["sources"].append(
            {
                "source": 0,
                "path": f"{report['agency']}-{report['year']}.txt",
                "path_b64": report["doc_id"],
                "sha256": report["doc_id"] * 2,
                "outcome": "parsed",
                "doc_id": report["doc_id"],
                "findings": [],
            }
        )
    rows["sources"].append(
        {
            "source": 0,
            "path": "扫描件.pdf",
            "path_b64": "x1",
            "sha256": "00",
            "outcome": "quarantined",
            "reason": "no text layer",
            "stage": "read",
            "findings": [],
        }
    )
    rows["sources"].append(
        {
            "source": 0,
            "path": "空文件.txt",
            "path_b64": "x2",
            "sha256": "01",
            "outcome": "quarantined",
            "reason": "empty file",
            "stage": "read",
            "findings": [],
        }
    )
