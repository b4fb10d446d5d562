"""Corpus tables in the shapes of statistics: a row a cell, a row a report, a row a finding; reports in force only."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gknlp.audit import audit_corpus
from gknlp.interop.labels import list_cell_columns, yuan_name

Tables = Mapping[str, pa.Table]

REPORT_KEYS = ("doc_id", "agency", "agency_id", "year", "level", "kind", "form", "region", "code")
CELL_VALUES = ("table", "row", "column", "raw", "value", "unit", "value_yuan")


def build_cells_long(tables: Tables) -> pa.Table:
    """One row a cell, in the order of table ``cells``, with what is known of its report.

    Parameters
    ----------
    tables : the corpus tables ``reports`` and ``cells``. Empty ones give an empty table.
    """
    return _with_report(tables["cells"].select(["doc_id", *CELL_VALUES]), tables["reports"])


def build_findings(tables: Tables) -> pa.Table:
    """One row an instance of an audit rule, with what is known of its report.

    Parameters
    ----------
    tables : all corpus tables but ``sources``.
    """
    return _with_report(audit_corpus(tables)["findings"], tables["reports"])


def build_cells_wide(tables: Tables) -> pa.Table:
    """One row a report in order of doc_id, one column a cell of any shipped form; a money cell has one more, in 元.

    Null where the form has no such cell, where it was blank and where it was not believed. A cell of no shipped form
    comes last, by name. A report without cells has a row of nulls.

    Parameters
    ----------
    tables : the corpus tables ``reports`` and ``cells``. Empty ones give an empty table with all columns.
    """
    reports = _in_force(tables["reports"])
    cells = _of_reports(tables["cells"], reports)
    joined = pc.binary_join_element_wise(cells["table"], cells["row"], cells["column"], "_")
    keys = pc.replace_substring(joined, ".", "_")
    known = {column.name: column.money for column in list_cell_columns()}
    names = pa.array([*known, *sorted(set(keys.to_pylist()) - set(known))], pa.string())
    at = (_places(cells["doc_id"], reports["doc_id"]), _places(keys, names))
    values = _spread(cells["value"], at, (reports.num_rows, len(names)))
    yuan = _spread(cells["value_yuan"], at, (reports.num_rows, len(names)))
    columns = {name: reports[name] for name in REPORT_KEYS}
    for place, name in enumerate(names.to_pylist()):
        columns[name] = pa.array(values[:, place], from_pandas=True)
        if known.get(name):
            columns[yuan_name(name)] = pa.array(yuan[:, place], from_pandas=True)
    return pa.table(columns)


def _spread(values: pa.ChunkedArray, at: tuple[np.ndarray, np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """A float matrix of ``shape``, NaN where no value is."""
    matrix = np.full(shape, np.nan)
    matrix[at] = values.combine_chunks().to_numpy(zero_copy_only=False)
    return matrix


def _places(values: pa.Array, among: pa.Array) -> np.ndarray:
    found = pc.index_in(values, value_set=pa.array(among.to_pylist(), pa.string()))
    return np.asarray(found.to_pylist(), dtype=np.int64)


def _in_force(reports: pa.Table) -> pa.Table:
    return reports.filter(pc.is_null(reports["superseded_by"]))


def _of_reports(rows: pa.Table, reports: pa.Table) -> pa.Table:
    return rows.filter(pc.is_in(rows["doc_id"], value_set=reports["doc_id"].combine_chunks()))


def _with_report(rows: pa.Table, reports: pa.Table) -> pa.Table:
    reports = _in_force(reports).select(REPORT_KEYS)
    rows = _of_reports(rows, reports)
    report = reports.take(pa.array(_places(rows["doc_id"], reports["doc_id"])))
    more = [name for name in rows.column_names if name not in REPORT_KEYS]
    return pa.table({**{name: report[name] for name in REPORT_KEYS}, **{name: rows[name] for name in more}})
