"""What copiers forgot to change (照搬痕迹), from the table smoking_guns where the run has it."""

from __future__ import annotations

from typing import Any

from gknlp.pages.findings.run import Run, label_of, ran, report_href, rows_of

N_LEFT_OVER = 200
_AROUND = 18
"""Characters shown before and after the words in question."""


def find_left_over(run: Run) -> dict[str, Any] | None:
    """Foreign names, wrong years and old form wording inside copied passages; None where the run did not look for them."""
    if not ran(run, "smoking_guns"):
        return None
    titles = {rule["id"]: rule for rule in run.about.get("rules") or () if "id" in rule}
    rows = [row for row in rows_of(run, "smoking_guns") if row["doc_id"] in run.report]
    cases = []
    for row in rows[:N_LEFT_OVER]:
        text, rule = run.report[row["doc_id"]]["text"] or "", titles.get(row["rule"], {})
        known = row["source_doc_id"] in run.report
        cases.append(
            {
                "label": label_of(run, row["doc_id"]),
                "href": report_href(row["doc_id"], row["start"]),
                "rule": row["rule"],
                "title": {"zh": rule.get("title_zh", ""), "en": rule.get("title_en", "")},
                "before": text[max(0, row["start"] - _AROUND) : row["start"]].split("\n")[-1],
                "words": text[row["start"] : row["end"]],
                "after": text[row["end"] : row["end"] + _AROUND].split("\n")[0],
                "source": label_of(run, row["source_doc_id"]) if known else None,
                "source_href": report_href(row["source_doc_id"]) if known else None,
            }
        )
    return {"cases": cases, "n": len(rows), "n_reports": len({row["doc_id"] for row in rows})}
