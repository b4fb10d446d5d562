"""``gknlp audit``: do the tables add up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gknlp.cli.output import console, make_table, print_json_lines, say

if TYPE_CHECKING:
    import pyarrow as pa


def audit(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line per rule instance.")] = False,
    to: Annotated[Path | None, typer.Option(help="Also write the findings to a .csv or .parquet file.")] = None,
) -> None:
    """Check every rule of the form on every report: pass, fail, or not assessable.

    Example: gknlp audit my-corpus --json

    Exit code 1 when a rule of severity error failed.
    """
    from gknlp.audit import audit_corpus
    from gknlp.audit.view import READS
    from gknlp.corpus import Corpus, write_table
    from gknlp.interop import finding_as_dict

    corpus = Corpus.open(folder)
    results = audit_corpus({name: corpus.table(name) for name in READS})
    findings = [finding_as_dict(row) for row in results["findings"].to_pylist()]
    if to is not None:
        write_table(results["findings"], to)
        say(f"wrote {to}")
    if as_json:
        print_json_lines(findings)
    else:
        _show(results["rule_summary"], findings, corpus.table("reports"))
    if any(row["outcome"] == "fail" and row["severity"] == "error" for row in findings):
        raise typer.Exit(1)


def _show(summary: pa.Table, findings: list[dict[str, object]], reports: pa.Table) -> None:
    from gknlp.audit import load_rules

    titles = {rule.id: f"{rule.title_zh}  {rule.title_en}" for rule in load_rules()}
    out = console()
    rules = make_table("rule", "what it checks", ">passed", ">failed", ">not assessable")
    for rule in sorted(set(summary.column("rule").to_pylist())):
        rows = [row for row in summary.to_pylist() if row["rule"] == rule]
        counts = (str(sum(row[key] for row in rows)) for key in ("n_pass", "n_fail", "n_not_assessable"))
        rules.add_row(rule, titles[rule], *counts)
    out.print(rules)
    names = {row["doc_id"]: f"{row['agency'] or '?'} {row['year'] or ''}" for row in reports.to_pylist()}
    failed = make_table("report", "rule", "where", ">expected", ">found")
    for row in findings:
        if row["outcome"] == "fail":
            place = (names[str(row["doc_id"])], str(row["rule"]), str(row["instance"]))
            failed.add_row(*place, *("" if row[side] is None else str(row[side]) for side in ("expected", "found")))
    out.print(failed if failed.row_count else "no rule fails that could be assessed")
