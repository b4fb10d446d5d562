"""Findings counted by rule, year and level, with the rate over assessable cases."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from gknlp.tables import table_of


def summarise_findings(findings: pa.Table, reports: pa.Table) -> pa.Table:
    """Table ``rule_summary``; ``failure_rate`` = failed / (passed + failed), null where nothing could be assessed."""
    where = {
        row["doc_id"]: (row["year"], row["level"]) for row in reports.select(["doc_id", "year", "level"]).to_pylist()
    }
    counts: Counter[tuple[str, int | None, str | None, str]] = Counter()
    for finding in findings.select(["doc_id", "rule", "outcome"]).to_pylist():
        year, level = where[finding["doc_id"]]
        counts[finding["rule"], year, level, finding["outcome"]] += 1
    groups = dict.fromkeys((rule, year, level) for rule, year, level, _ in counts)
    rows = []
    for rule, year, level in groups:
        n_pass, n_fail, n_other = (counts[rule, year, level, o] for o in ("pass", "fail", "not_assessable"))
        assessable = n_pass + n_fail
        rows.append(
            {
                "rule": rule,
                "year": year,
                "level": level,
                "n_pass": n_pass,
                "n_fail": n_fail,
                "n_not_assessable": n_other,
                "failure_rate": n_fail / assessable if assessable else None,
            }
        )
    return table_of("rule_summary", rows)
