"""An experiment on a corpus -> a run folder that appears whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from gknlp import __version__
from gknlp.corpus import Corpus, drop_repeats
from gknlp.errors import InputError, NotEnoughTextError, UsageError
from gknlp.experiment.about import describe_run
from gknlp.experiment.config import Experiment, find_step, step_config
from gknlp.experiment.identity import code_hash, created_date, package_versions
from gknlp.experiment.resolved import encode_experiment
from gknlp.manifest import canonical_json, hash_value
from gknlp.pages import render_pages
from gknlp.schemas import CORPUS, DERIVED, SCHEMA_VERSION
from gknlp.tables import encode_csv, encode_parquet, hash_bytes, table_of

Progress = Callable[[str], None]
_NOT_EXPORTED = {"reports": ("text",), "references": ("text",)}
"""Columns left out of the CSV copies: whole texts make no cell of a spreadsheet; the Parquet table keeps them."""
RUN_FILE = "manifest.json"
WHERE_FILE = "where.json"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a run is told beside question and corpus: the corpus card, the day it may show (None: no day), and the texts
    that the experiment names (None: none).
    """

    card: Mapping[str, Any]
    created: str | None
    references: pa.Table | None = None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Where the run is and what it holds."""

    folder: Path
    n_reports: int
    n_tables: int
    n_pages: int


def run_experiment(
    experiment: Experiment,
    corpus: Corpus,
    to: Path,
    *,
    card: Mapping[str, Any] | None = None,
    references: pa.Table | None = None,
    progress: Progress | None = None,
) -> RunSummary:
    """Run every step and write the run folder ``to``; a run that is already there is replaced whole.

    ``card`` is the corpus card (title, fictional, ...), {} where the corpus has none; ``references`` the table of the
    texts that the experiment names (``load_references``).

    Raises InputError for a corpus without reports, UsageError where ``to`` is something else than a run folder.
    """
    _check_target(to)
    circumstances = Circumstances(card or {}, created_date(), references)
    outputs = make_outputs(experiment, corpus, circumstances, progress or (lambda _: None))
    where = {"corpus": os.path.relpath(corpus.folder, to), "note": "where the corpus lay; no part of the result"}
    _write_whole(to, {**outputs, WHERE_FILE: canonical_json(where).encode()})
    return RunSummary(
        to,
        corpus.table("reports").num_rows,
        sum(name.endswith(".parquet") for name in outputs),
        sum(name.endswith(".html") for name in outputs),
    )


def make_outputs(
    experiment: Experiment, corpus: Corpus, circumstances: Circumstances, progress: Progress
) -> dict[str, bytes]:
    """Every file of a run as bytes, by its path in the run folder."""
    tables: dict[str, pa.Table] = {name: corpus.table(name) for name in (*CORPUS, *DERIVED)}
    tables["references"] = table_of("references", []) if circumstances.references is None else circumstances.references
    if tables["reports"].num_rows == 0:
        raise InputError(f"{corpus.folder} holds no reports: build it from some with gknlp corpus build")
    steps = []
    for choice in experiment.steps:
        progress(choice.use)
        step, config = find_step(choice.use), step_config(choice, experiment.seed)
        record = _step_record(step.name, config, dict(step.data()), step.reads, step.writes)
        try:
            given = {name: tables[name] for name in step.reads}
            tables.update(step.run(drop_repeats(given) if step.once else given, config=config))
        except NotEnoughTextError as error:
            record["not_run"] = str(error)
        steps.append(record)
    progress("pages")
    identity = _identity(experiment, corpus, circumstances, steps)
    files = _encode_tables(tables)
    files.update(render_pages(tables, describe_run(experiment, identity, circumstances.card)))
    files["experiment.toml"] = encode_experiment(experiment)
    outputs = {name: hash_bytes(data) for name, data in sorted(files.items())}
    files[RUN_FILE] = canonical_json({**identity, "outputs": outputs}).encode("utf-8")
    return files


def _step_record(
    name: str, config: Any, data: dict[str, str], reads: tuple[str, ...], writes: tuple[str, ...]
) -> dict[str, Any]:
    parameters = {field: getattr(config, field) for field in config.__dataclass_fields__}
    record = {"name": name, "parameters": json.loads(json.dumps(parameters, default=str)), "data": data}
    return {**record, "reads": list(reads), "writes": list(writes)}


def _identity(
    experiment: Experiment, corpus: Corpus, circumstances: Circumstances, steps: list[dict[str, Any]]
) -> dict[str, Any]:
    inputs = {
        "number": corpus.manifest_number,
        "hash": corpus.hash,
        "n_reports": corpus.table("reports").num_rows,
        "files": corpus.files,
        "card": dict(circumstances.card),
    }
    references = [] if circumstances.references is None else circumstances.references.drop_columns(["text"]).to_pylist()
    code = {"version": __version__, "sha256": code_hash()}
    packages = package_versions()
    for step in steps:
        step["key"] = hash_value([inputs["hash"], references, step, code, packages])
    return {
        "schema_version": SCHEMA_VERSION,
        "experiment": {"name": experiment.name, "hash": experiment.hash},
        "corpus": inputs,
        "references": references,
        "seed": experiment.seed,
        "steps": steps,
        "code": code,
        "packages": packages,
        "created": circumstances.created,
    }


def _encode_tables(tables: Mapping[str, pa.Table]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, table in tables.items():
        files[f"tables/{name}.parquet"] = encode_parquet(table)
        files[f"tables/{name}.csv"] = encode_csv(table.drop_columns(list(_NOT_EXPORTED.get(name, ()))))
    return files


def _check_target(to: Path) -> None:
    if to.exists() and not (to.is_dir() and ((to / RUN_FILE).is_file() or not any(to.iterdir()))):
        raise UsageError(f"{to} is there and is no run folder; name another place with --to")


def _write_whole(to: Path, files: Mapping[str, bytes]) -> None:
    """Write aside, then rename: a reader sees the old run or the new one, never a mixture."""
    to.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{to.name}.", dir=to.parent))
    try:
        for name, data in files.items():
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        aside.chmod(0o755)
        old = aside.with_name(aside.name + ".old")
        if to.exists():
            to.rename(old)
        aside.rename(to)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
