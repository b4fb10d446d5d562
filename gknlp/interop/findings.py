"""Findings (核对结果) for people and programs: JSON lines as the contract names them, and a table with a row a finding in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gknlp.audit import Rule, load_rules
from gknlp.corpus import write_table
from gknlp.errors import UsageError
from gknlp.forms import load_forms
from gknlp.interop.plain import finding_as_dict
from gknlp.interop.xlsx import encode_xlsx
from gknlp.schemas import FINDINGS
from gknlp.tables import write_aside
from gknlp.text.contacts import mask_contacts

SUFFIXES = (".csv", ".xlsx", ".parquet")
_CHUNK = 100_000
_MOST_SOURCE = 2_000
"""Characters of source text in one cell; the spans of one finding can cover a whole section."""
_ABOUT_REPORT = ("agency", "year", "level", "region", "title", "url")

READABLE = pa.schema(
    [
        ("agency", pa.string()),
        ("year", pa.int64()),
        ("level", pa.string()),
        ("region", pa.string()),
        ("title", pa.string()),
        ("rule", pa.string()),
        ("rule_zh", pa.string()),
        ("rule_en", pa.string()),
        ("outcome", pa.string()),
        ("severity", pa.string()),
        ("instance", pa.string()),
        ("instance_zh", pa.string()),
        ("arithmetic", pa.string()),
        ("expected", pa.string()),
        ("expected_number", pa.float64()),
        ("found", pa.string()),
        ("found_number", pa.float64()),
        ("source_text", pa.string()),
        ("exception", pa.string()),
        ("rule_source", pa.string()),
        ("url", pa.string()),
        ("doc_id", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
    ]
)


def encode_findings(findings: pa.Table) -> Iterator[str]:
    """The findings as JSON lines, some at a time: equal to ``json.dumps`` of ``finding_as_dict`` of each row."""
    for start in range(0, findings.num_rows, _CHUNK):
        part = findings.slice(start, _CHUNK).combine_chunks()
        pieces: list[Any] = ["{"]
        for place, name in enumerate(FINDINGS.names):
            value = _json_spans(part[name]) if name == "spans" else _json_texts(part[name], name)
            pieces += [f'{", " if place else ""}"{name}": ', value]
        lines = pc.binary_join_element_wise(*pieces, "}\n", "")
        yield "".join(lines.to_pylist())


def readable_findings(findings: pa.Table, reports: pa.Table) -> pa.Table:
    """One row a finding in words: whose report, which rule, what was compared, and the source text of its places.

    ``expected`` and ``found`` are texts as compared; ``expected_number`` and ``found_number`` hold them where they are
    numbers. Where a finding shows several places their texts are joined by `` … ``; ``start`` and ``end`` span them all.

    Parameters
    ----------
    findings : table ``findings``; none give an empty table with all columns.
    reports : table ``reports``; contacts in its texts are masked.
    """
    about = {
        row["doc_id"]: _masked(row) for row in reports.select(["doc_id", "text", "form", *_ABOUT_REPORT]).to_pylist()
    }
    rules = {rule.id: rule for rule in load_rules()}
    rows = (_readable(row, about[row["doc_id"]], rules.get(row["rule"])) for row in findings.to_pylist())
    columns: dict[str, list[Any]] = {name: [] for name in READABLE.names}
    for row in rows:
        for name, column in columns.items():
            column.append(_one_line(row[name]))
    return pa.table(columns, schema=READABLE)


def write_findings(findings: pa.Table, reports: pa.Table, to: Path) -> list[str]:
    """Write findings to a file, in words where people read it (.csv, .xlsx); what people should know of the file.

    Raises
    ------
    UsageError : another suffix; more findings than a sheet has rows.
    """
    check_suffix(to)
    if to.suffix.lower() == ".parquet":
        write_table(findings, to)
        return []
    table = readable_findings(findings, reports)
    if to.suffix.lower() == ".csv":
        write_table(table, to)
        return []
    data, n_cut = encode_xlsx(table, name="findings")
    write_aside(to, data)
    return [f"{n_cut} texts were cut to what a cell holds"] if n_cut else []


def check_suffix(to: Path) -> None:
    """Raise UsageError for a file that findings cannot be written to."""
    if to.suffix.lower() not in SUFFIXES:
        raise UsageError(f"cannot write findings to {to.name!r}: the suffix must be one of {', '.join(SUFFIXES)}")


def _masked(report: dict[str, Any]) -> dict[str, Any]:
    """Contacts hidden in the whole text, where the words around them show what they are; places stay where they are."""
    text = {name: report[name] and mask_contacts(report[name]) for name in ("text", "title")}
    return {**report, **text}


def _readable(finding: Mapping[str, Any], report: Mapping[str, Any], rule: Rule | None) -> dict[str, Any]:
    spans = finding["spans"] or []
    plain = finding_as_dict(finding)
    numbers = {f"{side}_number": _number(plain[side]) for side in ("expected", "found")}
    about = {name: report[name] for name in _ABOUT_REPORT}
    kept = {name: finding[name] for name in ("rule", "severity", "outcome", "instance", "expected", "found", "doc_id")}
    return {
        **about,
        **kept,
        **numbers,
        "rule_zh": rule.title_zh if rule else None,
        "rule_en": rule.title_en if rule else None,
        "instance_zh": name_instance(report["form"], rule, finding["instance"]),
        "arithmetic": rule.expression if rule else None,
        "source_text": quote_places(report["text"] or "", spans),
        "exception": rule.exception if rule else None,
        "rule_source": rule.source if rule else None,
        "start": min((start for start, _ in spans), default=None),
        "end": max((end for _, end in spans), default=None),
    }


def quote_places(text: str, spans: Sequence[Sequence[int]]) -> str | None:
    """What the places hold, white space made single; None for no place, long texts cut at their end.

    >>> quote_places("收到申请 5 件。", [[0, 4], [5, 6]])
    '收到申请 … 5'
    """
    joined = " … ".join(" ".join(text[start:end].split()) for start, end in spans)
    return (joined if len(joined) <= _MOST_SOURCE else joined[: _MOST_SOURCE - 1] + "…") if spans else None


def name_instance(form: str | None, rule: Rule | None, instance: str) -> str | None:
    """The row, column or cell of the form that an instance names, as the form prints it; None where it names none.

    >>> name_instance("revised_2021", next(rule for rule in load_rules() if rule.id == "R303"), "natural_person")
    '自然人'
    """
    key = rule.details.get("table") if rule else None
    table = load_forms()[form].table(key) if form and key else None
    if table is None or not instance:
        return None
    row, _, column = instance.partition(".")
    rows = {r.key: r.label for block in table.blocks for r in block.rows}
    columns = {c.key: c.label for block in table.blocks for c in block.columns}
    names = [rows.get(row), columns.get(column)] if column else [rows.get(row) or columns.get(row)]
    return " · ".join(name for name in names if name) or None


def _one_line(value: Any) -> Any:
    """A text without line breaks: a spreadsheet may take a lone carriage return for the end of a row."""
    return " ".join(value.splitlines()) if isinstance(value, str) else value


def _number(fact: object) -> float | None:
    return float(fact) if isinstance(fact, (int, float)) else None


def _json_texts(column: pa.ChunkedArray, name: str) -> pa.Array:
    plain: Callable[[Any], Any] = _fact if name in ("expected", "found") else lambda text: text
    encoded = pc.dictionary_encode(column.combine_chunks())
    texts = [json.dumps(plain(text), ensure_ascii=False) for text in encoded.dictionary.to_pylist()]
    return pc.fill_null(pa.array(texts, pa.string()).take(encoded.indices), "null")


def _fact(text: str) -> Any:
    return finding_as_dict({"expected": text, "found": None})["expected"]


def _json_spans(column: pa.ChunkedArray) -> pa.Array:
    spans = column.combine_chunks()
    pairs = spans.flatten()
    edges = pairs.flatten().cast(pa.string())
    texts = pc.binary_join_element_wise(
        "[", edges.take(_every_second(edges, 0)), ", ", edges.take(_every_second(edges, 1)), "]", ""
    )
    ends = pc.subtract(spans.offsets, spans.offsets[0]).cast(pa.int32())
    lists = pa.ListArray.from_arrays(ends, texts)
    return pc.binary_join_element_wise("[", pc.binary_join(lists, ", "), "]", "")


def _every_second(edges: pa.Array, first: int) -> pa.Array:
    return pa.array(range(first, len(edges), 2), pa.int64())
