"""All measures of all reports of a corpus: one row a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.reuse.measures.columns import (
    measure_changes,
    measure_information,
    measure_novelty,
    measure_prototypes,
    measure_texts,
)
from gknlp.reuse.measures.config import MeasureConfig
from gknlp.reuse.measures.reports import find_previous, read_measured, split_reports
from gknlp.schemas import REUSE_MEASURES
from gknlp.text.normalise import fold_text


def measure_reports(tables: Mapping[str, pa.Table], *, config: MeasureConfig) -> dict[str, pa.Table]:
    """The measures of every report in force, over its narrative (叙述部分).

    Parameters
    ----------
    tables : the corpus tables reports and sections; optionally ``pairs`` as ``find_reuse`` gives it (without it
        template_prototype is null) and ``references`` with a column text (law, notice, model texts; without it
        reused_reference is 0).
    config : how is measured.

    Returns
    -------
    ``reuse_measures``, the same for any order of rows. Null is what cannot be assessed: measures of change, containment,
    resemblance and alignment without the agency's report on the year before (they compare with that one);
    boilerplate_share without a reference group; information_content without peers of the county or others elsewhere;
    all of a report without narrative. sim_simple and modification_score_adjusted are relative to this corpus.
    boilerplate_share's reference group is form, year and level, or the next wider one that is large enough
    (``reference_group`` says which). No reports give an empty table.

    Raises
    ------
    UsageError : a table or column is absent.
    """
    reports = read_measured(tables)
    texts = split_reports(reports, config.unit)
    previous = find_previous(reports)
    columns = (
        measure_texts(reports, texts, config),
        measure_changes(reports, texts, previous, config),
        measure_information(reports, texts),
        measure_novelty(reports, previous, _read_references(tables.get("references")), config),
        measure_prototypes(reports, texts, _read_pairs(tables.get("pairs")), config),
    )
    rows: list[dict[str, Any]] = []
    for report, text, *parts in zip(reports, texts, *columns, strict=True):
        row = {"doc_id": report.doc_id, "unit": config.unit, "n_tokens": sum(map(len, text))}
        for part in parts:
            row |= part
        rows.append(row)
    return {"reuse_measures": pa.Table.from_pylist(rows, schema=REUSE_MEASURES)}


def _read_references(table: pa.Table | None) -> list[str]:
    if table is None:
        return []
    if "text" not in table.column_names:
        raise UsageError(f"references need the column text; it is not among {table.column_names}")
    return [fold_text(text or "").text for text in table["text"].to_pylist()]


def _read_pairs(table: pa.Table | None) -> list[dict[str, Any]]:
    return [] if table is None else table.select(["doc_a", "doc_b", "containment_a", "containment_b"]).to_pylist()
