"""Statutes, notices and model texts (法规、通知、范文) that an experiment names, as a table."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from gknlp.errors import InputError, UsageError
from gknlp.experiment.config import Experiment
from gknlp.readers import read_file
from gknlp.tables import hash_bytes, table_of


def load_references(experiment: Experiment, folder: Path) -> pa.Table:
    """The table references: one row a file, read like a report of any format; no files give no rows.

    ``folder`` is what the experiment's paths are relative to. Raises UsageError where a file is absent or cannot be read.
    """
    named = {"mandated": experiment.references.mandated, "model_text": experiment.references.model_text}
    return read_references({kind: [folder / path for path in paths] for kind, paths in named.items()})


def read_references(files: dict[str, list[Path]]) -> pa.Table:
    """The table references of files by kind (mandated, model_text); a row's name is its file's."""
    return table_of("references", [_read(kind, path) for kind, paths in files.items() for path in paths])


def _read(kind: str, path: Path) -> dict[str, str]:
    try:
        text = read_file(path).text
        data = path.read_bytes()
    except (OSError, InputError) as error:
        raise UsageError(f"{kind} text {path} cannot be read: {error}") from error
    return {"kind": kind, "name": path.name, "sha256": hash_bytes(data), "text": text}
