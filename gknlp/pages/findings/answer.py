"""The answer in about five sentences, each computed from a table and leading to the page that shows it."""

from __future__ import annotations

from typing import Any

from gknlp.pages.words import number, percent, plural, say, word


def answer(found: dict[str, Any]) -> list[dict[str, Any]]:
    """One sentence a step that ran, in the order of the pages; a step that did not run is said to have not."""
    return [
        _corpus(found["coverage"]),
        _reuse(found.get("reuse")),
        _themes(found.get("themes")),
        _topics(found.get("topics")),
        _audit(found.get("audit")),
    ]


def _corpus(found: dict[str, Any]) -> dict[str, Any]:
    years, counts = found["years"], found["counts"]
    if not found["n_reports"]:
        return _sentence("语料中没有报告。", "The corpus holds no report.", "index.html#corpus", "sources")
    span = f"{years[0]}–{years[-1]}" if years else "—"
    missing, aside = counts["missing"], found["outcomes"]["quarantined"]
    return _sentence(
        f"语料有 {number(found['n_reports'])} 份报告，来自 {number(found['n_agencies'])} 个机关，报告年度 {span}；"
        f"缺 {number(missing)} 个“机关×年度”，另有 {number(aside)} 个文件被隔离。",
        f"The corpus holds {plural(found['n_reports'], 'report')} of {plural(found['n_agencies'], 'agency', 'agencies')} on {span}; "
        f"{plural(missing, 'agency-year')} {'is' if missing == 1 else 'are'} missing and {plural(aside, 'input file')} "
        f"{'was' if aside == 1 else 'were'} set aside.",
        "index.html#corpus",
        "reports",
    )


def _reuse(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return _absent("文本相似分析没有运行。", "The reuse step did not run.")
    if not found["n"]:
        return _sentence(
            "没有可比对的叙述文字。", "There was no narrative text to compare.", "similarity_report.html", "coverage"
        )
    title = found["title"]
    medians = {s: share for s, share in found["medians"].items() if s not in ("mandated", "original") and share}
    if not medians:
        return _sentence(f"{title['zh']}。", f"{title['en']}.", "similarity_report.html", "coverage")
    largest = max(medians, key=lambda stratum: (medians[stratum], stratum))
    name, share = word("strata", largest), percent(medians[largest])
    return _sentence(
        f"{title['zh']}；其中最多的一类是“{name['zh']}”，居中值 {share}。",
        f"{title['en']}; the largest kind is “{name['en']}” (median {share}).",
        "similarity_report.html",
        "coverage",
    )


def _themes(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return _absent("主题归类没有运行。", "The theme step did not run.")
    problems = next((family for family in found["families"] if family["family"] == "problems"), None)
    top = problems["themes"][0] if problems and problems["themes"] else None
    more_zh = f"；自述问题中最多的是“{top['name']['zh']}”（{percent(top['share'])}）" if top else ""
    more_en = f"; the problem agencies name most is “{top['name']['en']}” ({percent(top['share'])})" if top else ""
    return _sentence(
        f"{found['title']['zh']}{more_zh}。", f"{found['title']['en']}{more_en}.", "themes.html", "theme_shares"
    )


def _topics(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return _absent("话题模型没有运行。", "The topic step did not run.")
    n, unstable = len(found["topics"]), found["n_unstable"]
    return _sentence(
        f"{found['title']['zh']}；共 {n} 个话题，其中 {unstable} 个不稳定。",
        f"{found['title']['en']}; of {plural(n, 'topic')}, {unstable} {'is' if unstable == 1 else 'are'} unstable.",
        "topic_report.html",
        "topics",
    )


def _audit(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return _absent("表格核对没有运行。", "The audit step did not run.")
    return _sentence(f"{found['title']['zh']}。", f"{found['title']['en']}.", "audit.html", "findings")


def _sentence(zh: str, en: str, href: str, table: str) -> dict[str, Any]:
    return {"text": say(zh, en), "href": href, "table": table}


def _absent(zh: str, en: str) -> dict[str, Any]:
    return {"text": say(zh, en), "href": None, "table": None}
