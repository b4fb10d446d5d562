"""``gknlp audit``: do the tables add up."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gknlp.cli.output import console, make_table, say

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_FAILURES = 100
"""Failures listed on a terminal; a file or ``--json`` has them all."""


class By(StrEnum):
    """What the table on the terminal counts by."""

    rule = "rule"
    level = "level"
    place = "place"
    year = "year"


def audit(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line per rule instance.")] = False,
    to: Annotated[
        Path | None, typer.Option(help="Also write the findings, in words to .csv or .xlsx, as they are to .parquet.")
    ] = None,
    by: Annotated[By, typer.Option(help="Count findings by this.")] = By.rule,
    rule: Annotated[
        list[str] | None, typer.Option(help="Check this rule only, e.g. R303; can be given several times.")
    ] = None,
    failed_only: Annotated[bool, typer.Option("--failed-only", help="Leave out everything that did not fail.")] = False,
) -> None:
    """Check every rule of the form on every report: pass, fail, or not assessable.

    Rates are over what could be assessed, with their 95 % interval (Wilson).

    Example: gknlp audit my-corpus --rule R303 --by year

    Exit code 1 when a rule of severity error failed.
    """
    from gknlp.audit import AuditConfig, audit_corpus
    from gknlp.audit.view import READS
    from gknlp.corpus import Corpus
    from gknlp.interop.findings import check_suffix, encode_findings, write_findings

    if to is not None:
        check_suffix(to)
    corpus = Corpus.open(folder)
    tables = {name: corpus.table(name) for name in READS}
    results = audit_corpus(tables, config=AuditConfig(rules=tuple(rule or ())))
    failures = _failures(results["findings"])
    shown = failures if failed_only else results["findings"]
    if to is not None:
        notes = write_findings(shown, tables["reports"], to)
        say("".join(f"gknlp: {note}\n" for note in notes) + f"wrote {to}: {shown.num_rows} rows")
    if as_json:
        sys.stdout.flush()
        for lines in encode_findings(shown):
            sys.stdout.write(lines)
    else:
        _show_rates(results["rule_summary"], by, failed_only=failed_only)
        _show_failures(failures, tables["reports"])
    if "error" in failures["severity"].to_pylist():
        raise typer.Exit(1)


def _failures(findings: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    return findings.filter(pc.equal(findings["outcome"], "fail"))


def _show_rates(summary: pa.Table, by: By, *, failed_only: bool) -> None:
    from gknlp.audit import load_rules
    from gknlp.audit.summary import total_by

    titles = {rule.id: f"{rule.title_zh}  {rule.title_en}" for rule in load_rules()} if by is By.rule else {}
    about = ["what it checks"] if titles else []
    table = make_table(by.value, *about, ">passed", ">failed", ">not assessable", ">fails", ">95 % interval")
    for row in total_by(summary, by.value):
        if row["n_fail"] or not failed_only:
            counts = (str(row[key]) for key in ("n_pass", "n_fail", "n_not_assessable"))
            key = row[by.value]
            words = [titles[key]] if titles else []
            table.add_row("unknown" if key is None else str(key), *words, *counts, *_rate(row))
    if table.row_count:
        console().print(table)


def _rate(row: Mapping[str, Any]) -> tuple[str, str]:
    """The rate and its interval; a dash where nothing could be assessed."""
    if row["failure_rate"] is None:
        return "-", ""
    return f"{row['failure_rate']:.1%}", f"{row['rate_low']:.1%} - {row['rate_high']:.1%}"


def _show_failures(failures: pa.Table, reports: pa.Table) -> None:
    about = reports.select(["doc_id", "agency", "year"]).to_pylist()
    names = {row["doc_id"]: f"{row['agency'] or '?'} {row['year'] or ''}" for row in about}
    table = make_table("report", "rule", "where", ">expected", ">found")
    for row in failures.slice(0, _MOST_FAILURES).to_pylist():
        table.add_row(names[row["doc_id"]], row["rule"], row["instance"], row["expected"] or "", row["found"] or "")
    console().print(table if failures.num_rows else "no rule fails that could be assessed")
    if failures.num_rows > _MOST_FAILURES:
        say(f"gknlp: {_MOST_FAILURES} of {failures.num_rows} failures are listed; all of them: --failed-only --to FILE")
