"""Tables in, the shares of topics and the facts about each report in force out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.topics.effects.config import EffectsConfig
from gknlp.topics.effects.design import column_of, is_missing
from gknlp.topics.effects.posterior import ShareSet

Floats = NDArray[np.float64]
_KEYS = (("doc_id",), ("agency_id", "year"), ("agency_id",))


def read_shares(tables: Mapping[str, pa.Table]) -> ShareSet:
    """Shares as a matrix in order of report and topic; a report must have every topic once, with shares that sum to 1."""
    rows = _table(tables, "topic_shares").select(["doc_id", "topic", "share"]).to_pylist()
    if not rows:
        raise NotEnoughTextError("topic_shares has no row: fit topics to a corpus that has counted words first")
    keys, topics = (sorted({row[name] for row in rows}) for name in ("doc_id", "topic"))
    row_of, column_of_topic = ({value: place for place, value in enumerate(values)} for values in (keys, topics))
    made = np.full((len(keys), len(topics)), np.nan)
    for row in rows:
        made[row_of[row["doc_id"]], column_of_topic[row["topic"]]] = row["share"]
    if len(rows) != made.size or not np.isfinite(made).all():
        raise UsageError("topic_shares has not each topic once for each report; write it anew with `gknlp topics fit`")
    return ShareSet(tuple(keys), tuple(topics), made, _read_concentration(tables, keys))


def _read_concentration(tables: Mapping[str, pa.Table], keys: Sequence[str]) -> Floats | None:
    if "topic_documents" not in tables:
        return None
    rows = tables["topic_documents"].select(["doc_id", "concentration"]).to_pylist()
    of = {row["doc_id"]: row["concentration"] for row in rows}
    if all(of.get(key) is None for key in keys):
        return None
    lacking = [key for key in keys if of.get(key) is None or not of[key] > 0]
    if lacking:
        raise UsageError(
            f"topic_documents has no positive concentration for {len(lacking)} reports, first {lacking[0]}"
        )
    return np.array([of[key] for key in keys], dtype=float)


def read_facts(tables: Mapping[str, pa.Table], *, config: EffectsConfig) -> dict[str, dict[str, Any]]:
    """For each report in force the columns that the terms name, and its cluster."""
    reports, extra = _table(tables, "reports"), tables.get("covariates")
    wanted = list(dict.fromkeys([*(column_of(term)[0] for term in config.terms), config.cluster]))
    offered = {**({} if extra is None else _types(extra)), **_types(reports)}
    for name in wanted:
        if name not in offered:
            raise UsageError(f"no column {name!r}; there are: {', '.join(sorted(offered))}")
        if pa.types.is_nested(offered[name]):
            raise UsageError(f"column {name!r} holds lists or structs; give a column of numbers or texts")
    base = [name for name in dict.fromkeys([*wanted, "agency_id", "year"]) if name in reports.column_names]
    rows = reports.select(["doc_id", "superseded_by", *base]).to_pylist()
    added = [name for name in wanted if name not in reports.column_names]
    find = _joined(extra, added) if extra is not None and added else lambda _row: {}
    return {row["doc_id"]: {**row, **dict.fromkeys(added), **find(row)} for row in rows if row["superseded_by"] is None}


def _joined(extra: pa.Table, added: Sequence[str]) -> Any:
    """A function from a report's row to the added columns, by the finest key that the table of covariates has."""
    keys = next((keys for keys in _KEYS if set(keys) <= set(extra.column_names)), None)
    if keys is None:
        raise UsageError(
            "covariates has neither doc_id nor agency_id; add one, so that rows can be told from each other"
        )
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in extra.select([*keys, *added]).to_pylist():
        key = tuple(row[name] for name in keys)
        if key in found:
            said = ", ".join(f"{name} {value}" for name, value in zip(keys, key, strict=True))
            raise UsageError(f"covariates has two rows for {said}; leave one")
        found[key] = {name: row[name] for name in added}

    def find(row: Mapping[str, Any]) -> dict[str, Any]:
        key = tuple(row[name] for name in keys)
        return {} if any(is_missing(value) for value in key) else found.get(key, {})

    return find


def _types(table: pa.Table) -> dict[str, pa.DataType]:
    return dict(zip(table.schema.names, table.schema.types, strict=True))


def _table(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    if name not in tables:
        raise UsageError(f"effects need the table {name!r}; given are: {', '.join(sorted(tables)) or 'none'}")
    return tables[name]
