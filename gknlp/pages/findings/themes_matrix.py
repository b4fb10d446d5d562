"""Problems named (问题) against improvements promised (改进) in the same report: counts of reports, with n."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gknlp.pages.findings.run import Run, rows_of
from gknlp.pages.words import Words, number, percent, say


def find_matrix(run: Run, names: Mapping[str, Words]) -> dict[str, Any]:
    """Reports that name a problem (rows) and promise an improvement (columns).

    Returns
    -------
    ``problems``, ``improvements``: code, name, n (reports that name it); ``values``: reports with both; ``n_reports``:
    all coded reports; ``n_both``: reports with any problem and any improvement theme; ``title``. No rows give an empty
    matrix.
    """
    docs: dict[str, set[str]] = {}
    for row in rows_of(run, "theme_shares"):
        if row["n_units"] and str(row["theme"])[:1] in "PI":
            docs.setdefault(row["theme"], set()).add(row["doc_id"])
    problems, improvements = (sorted(code for code in docs if code.startswith(letter)) for letter in "PI")
    sides = [set[str]().union(*(docs[code] for code in codes)) for codes in (problems, improvements)]
    found = {
        "problems": [
            {"code": code, "name": names.get(code, say(code, code)), "n": len(docs[code])} for code in problems
        ],
        "improvements": [
            {"code": code, "name": names.get(code, say(code, code)), "n": len(docs[code])} for code in improvements
        ],
        "values": [[len(docs[p] & docs[i]) for i in improvements] for p in problems],
        "n_reports": len({row["doc_id"] for row in rows_of(run, "theme_shares")}),
        "n_both": len(sides[0] & sides[1]),
    }
    return {**found, "title": _title(found)}


def _title(found: Mapping[str, Any]) -> Words:
    best = max(
        ((value, -p, -i) for p, row in enumerate(found["values"]) for i, value in enumerate(row) if value), default=None
    )
    if best is None:
        return say("没有同时出现的问题与措施", "No problem and improvement occur together")
    problem, measure = found["problems"][-best[1]]["name"], found["improvements"][-best[2]]["name"]
    told = f"{number(best[0])}/{number(found['n_both'])}"
    share = percent(best[0] / found["n_both"])
    return say(
        f"最常同时出现：“{problem['zh']}”与“{measure['zh']}”（{share}，{told} 份报告）",
        f"Most often together: “{problem['en']}” and “{measure['en']}” ({share}, {told} reports)",
    )
