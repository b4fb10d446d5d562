"""A corpus table as a file for other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from gknlp.corpus.corpus import Corpus
from gknlp.errors import UsageError
from gknlp.tables import encode_csv, encode_parquet, write_aside

_WRITERS: dict[str, Callable[[pa.Table], bytes]] = {".csv": encode_csv, ".parquet": encode_parquet}


def export_table(corpus: Corpus, name: str, to: Path) -> None:
    """Write a whole table, in the format that the suffix of ``to`` names; a file that is there is replaced.

    Raises
    ------
    UsageError : an unknown table or suffix; the message names those there are.
    """
    write_table(corpus.table(name), to)


def write_table(table: pa.Table, to: Path) -> None:
    """Write any table, in the format that the suffix of ``to`` names; a file that is there is replaced.

    Raises
    ------
    UsageError : an unknown suffix; the message names those there are.
    """
    encode = _WRITERS.get(to.suffix.lower())
    if encode is None:
        raise UsageError(f"cannot export to {to.name!r}: the suffix must be one of {', '.join(_WRITERS)}")
    write_aside(to, encode(table))
