"""A table as a Stata file (.dta, format 118: Stata 14 and later, UTF-8), with labels; no clock in its bytes."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from gknlp.errors import UsageError

MAX_LABEL = 80
MAX_STR = 2045
"""Bytes of the longest plain string variable; longer ones are strL."""
_FIRST_DAY = datetime(1980, 1, 1)  # a constant in the place of the clock
_ILLEGAL = re.compile(r"[^A-Za-z0-9_]")
_LEGAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
_RESERVED = frozenset(
    ("_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip", "_weight", "aggregate", "array", "boolean", "break", "byte", "case", "catch", "class", "colvector", "complex", "const", "continue", "default", "delegate", "delete", "do", "double", "else", "eltypedef", "end", "enum", "explicit", "export", "external", "float", "for", "friend", "function", "global", "goto", "if", "in", "inline", "int", "local", "long", "NULL", "pragma", "protected", "quad", "rowvector", "short", "strL", "typedef", "typename", "using", "virtual", "with")
)  # fmt: skip
"""Words of Stata and Mata that name no variable; they take an underscore."""


def encode_stata(table: pa.Table, labels: Mapping[str, str]) -> bytes:
    """The bytes of a .dta file; the same table and labels give the same bytes for one pandas version.

    Numbers and truth values are double, so that a column's type never depends on its values; null is Stata's missing
    (``.``), for texts the empty string. Lists are JSON. A text column with more than 2,045 bytes somewhere is strL.

    Parameters
    ----------
    table : any table.
    labels : variable label by column name, cut to 80 characters; a column without one has none.

    Raises
    ------
    UsageError : two columns would have one name in Stata.
    """
    import pandas as pd

    names = stata_names(table.column_names)
    columns = {names[name]: _column(table[name]) for name in table.column_names}
    frame = pd.DataFrame({name: pd.Series(values, dtype=kind) for name, (values, kind) in columns.items()})
    long = [
        name
        for name, (values, kind) in columns.items()
        if kind is object and any(len(value.encode()) > MAX_STR for value in values)
    ]
    sink = io.BytesIO()
    frame.to_stata(
        sink,
        write_index=False,
        version=118,
        time_stamp=_FIRST_DAY,
        convert_strl=long,
        variable_labels={names[key]: cut_label(labels[key]) for key in table.column_names if key in labels},
    )
    return sink.getvalue()


def stata_names(names: list[str]) -> dict[str, str]:
    """The Stata name of each column.

    Raises
    ------
    UsageError : two columns would have one name.
    """
    short = {name: shorten_name(name) for name in names}
    taken: dict[str, str] = {}
    for name, new in short.items():
        if taken.setdefault(new, name) != name:
            raise UsageError(
                f"columns {taken[new]!r} and {name!r} would both be {new!r} in Stata: export to .csv instead"
            )
    return short


def shorten_name(name: str) -> str:
    """A legal Stata name of at most 32 characters that depends on nothing but ``name`` (rule: stata.toml).

    >>> shorten_name("t3_new_requests_total")
    't3_new_requests_total'
    >>> shorten_name("t3_denied_administrative_query_public_welfare_org")
    't3_den_admquery_welf'
    """
    if _is_legal(name):
        return name
    name, whole = _ILLEGAL.sub("_", name), name
    if name in _RESERVED:
        name = f"{name}_"
    if _is_legal(name):
        return name
    short = f"_{name}_"
    for word, new in _words().items():
        short = short.replace(f"_{word}_", f"_{new}_")
    short = short.strip("_")
    if _is_legal(short):
        return short
    head = short if short[:1].isalpha() else f"v{short}"
    return f"{head[:24]}_{hashlib.sha256(whole.encode()).hexdigest()[:6]}"


def cut_label(label: str) -> str:
    """At most 80 characters, an ellipsis last where some were cut."""
    return label if len(label) <= MAX_LABEL else label[: MAX_LABEL - 1] + "…"


def _is_legal(name: str) -> bool:
    return bool(_LEGAL.fullmatch(name)) and name not in _RESERVED and not re.fullmatch(r"str[0-9]+", name)


def _column(values: pa.ChunkedArray) -> tuple[list[Any], type]:
    """The values as Stata takes them, and float or object."""
    kind = values.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return [float("nan") if value is None else float(value) for value in values.to_pylist()], float
    if not pa.types.is_string(kind):
        return ["" if value is None else json.dumps(value, ensure_ascii=False) for value in values.to_pylist()], object
    return [(value or "").replace("\0", "") for value in values.to_pylist()], object


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = tomllib.loads(files("gknlp.interop").joinpath("stata.toml").read_text("utf-8"))["words"]
    return words
