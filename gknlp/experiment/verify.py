"""A run done again from its manifest, every output compared byte for byte."""

from __future__ import annotations

import io
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gknlp.corpus import Corpus
from gknlp.errors import UsageError, VerificationError
from gknlp.experiment.config import check_experiment
from gknlp.experiment.identity import code_hash, package_versions
from gknlp.experiment.run import RUN_FILE, WHERE_FILE, Circumstances, make_outputs
from gknlp.tables import hash_bytes, read_parquet, schema_of


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared; ``mismatches`` says in words what differs, () where every byte is the same."""

    n_files: int
    mismatches: tuple[str, ...]


def verify_run(run: Path, *, corpus: Path | None = None) -> Verification:
    """Run the experiment again as the manifest says and compare with what lies in ``run``.

    ``corpus`` says where the corpus lies now; by default where it lay when the run was made.

    Raises UsageError where ``run`` is no run, VerificationError where the corpus is not the one of the run.
    """
    manifest = _load(run)
    mismatches = [*_environment_changes(manifest), *_changed_files(run, manifest)]
    experiment = check_experiment(tomllib.loads((run / "experiment.toml").read_text("utf-8")), "experiment.toml")
    handle = Corpus.open(corpus or _corpus_folder(run), manifest["corpus"]["number"])
    if handle.hash != manifest["corpus"]["hash"]:
        raise VerificationError(
            f"the corpus at {handle.folder} is not the one of this run (hash {handle.hash[:12]}, "
            f"the manifest says {manifest['corpus']['hash'][:12]}); name the right one with --corpus"
        )
    circumstances = Circumstances(manifest["corpus"]["card"], manifest["created"], _references(run, manifest))
    outputs = make_outputs(experiment, handle, circumstances, lambda _: None)
    mismatches += _compare(run, manifest, outputs)
    return Verification(len(manifest["outputs"]), tuple(dict.fromkeys(mismatches)))


def _load(run: Path) -> dict[str, Any]:
    file = run / RUN_FILE
    if not file.is_file():
        raise UsageError(f"{run} is no run folder: it holds no {RUN_FILE}")
    manifest: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return manifest


def _references(run: Path, manifest: dict[str, Any]) -> pa.Table | None:
    """The texts that the experiment named, as the run keeps them; None for a run that kept none."""
    name = "tables/references.parquet"
    if name not in manifest["outputs"]:
        return None
    if not (run / name).is_file():
        raise VerificationError(f"{run} lacks {name}: the texts that the experiment named; restore it from a copy")
    return read_parquet(run / name).cast(schema_of("references"))


def _corpus_folder(run: Path) -> Path:
    where = run / WHERE_FILE
    if not where.is_file():
        raise UsageError(f"{run} does not say where its corpus lies; name it with --corpus DIR")
    return run / str(json.loads(where.read_text("utf-8"))["corpus"])


def _environment_changes(manifest: dict[str, Any]) -> list[str]:
    """What differs between then and now, named first: it explains what differs in the outputs."""
    changes = []
    if manifest["code"]["sha256"] != code_hash():
        changes.append(f"code: gknlp {manifest['code']['version']} of the run is not the gknlp that runs now")
    for name, now in package_versions().items():
        then = manifest["packages"].get(name)
        if then != now:
            changes.append(f"package: {name} {then} then, {now} now")
    return changes


def _changed_files(run: Path, manifest: dict[str, Any]) -> list[str]:
    changes = []
    for name, expected in manifest["outputs"].items():
        file = run / name
        if not file.is_file():
            changes.append(f"{name}: promised by the manifest, not in the run folder")
        elif hash_bytes(file.read_bytes()) != expected:
            changes.append(f"{name}: changed since the run was made")
    return changes


def _compare(run: Path, manifest: dict[str, Any], outputs: dict[str, bytes]) -> list[str]:
    differing = [name for name in manifest["outputs"] if name not in outputs or _differs(run / name, outputs[name])]
    differing += [name for name in outputs if name != RUN_FILE and name not in manifest["outputs"]]
    messages = []
    for name in sorted(differing, key=lambda name: (not name.endswith(".parquet"), name)):
        detail = _first_cell(run / name, outputs.get(name)) if name.endswith(".parquet") else ""
        messages.append(f"{name}: differs when run again{detail}")
    return messages


def _differs(file: Path, data: bytes) -> bool:
    return not file.is_file() or file.read_bytes() != data


def _first_cell(file: Path, data: bytes | None) -> str:
    """Where two versions of a table first differ, in words."""
    if data is None or not file.is_file():
        return ""
    try:
        old = read_parquet(file).to_pylist()
    except (OSError, ValueError):
        return " (the file in the run folder cannot be read as a table)"
    new = pq.read_table(io.BytesIO(data)).to_pylist()
    for number, (a, b) in enumerate(zip(old, new, strict=False)):
        for column in b:
            if a.get(column) != b[column]:
                return f" (row {number}, column {column}: {a.get(column)!r} in the run, {b[column]!r} now)"
    return f" ({len(old)} rows in the run, {len(new)} now)" if len(old) != len(new) else ""
