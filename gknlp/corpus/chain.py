"""The numbered manifests of a corpus: each says what it adds, and their chain is the corpus's state."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gknlp.errors import CorpusError
from gknlp.manifest import canonical_json
from gknlp.schemas import SCHEMA_VERSION
from gknlp.tables import fsync_folder

MANIFESTS = "manifests"
ASIDE = "aside"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One immutable Parquet file: ``path`` inside the corpus folder, named by the hash of its bytes."""

    table: str
    year: int | None
    path: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What one commit added. Counts in ``added`` are of ``sources`` lines by outcome.

    ``labels``: names of all SOURCEs so far; a SOURCE's ordinal is its place here. ``superseded``: pairs (old doc_id, new
    doc_id), or (old doc_id, None) where an old version came back into force. ``kept``: SHA-256 of each file of
    corrections or agencies that this commit puts in the place of an older one; what it does not name stays.
    """

    number: int
    previous: str | None
    labels: tuple[bytes, ...]
    segments: tuple[Segment, ...]
    added: Mapping[str, int]
    superseded: tuple[tuple[str, str | None], ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """What the chain up to ``number`` amounts to (0: nothing yet). ``segments`` come with the number that added each.

    ``kept``: the files of corrections and agencies in force, as kind -> SHA-256; ``ever_kept``: all that were once.
    """

    number: int = 0
    head: str | None = None
    labels: tuple[bytes, ...] = ()
    segments: tuple[tuple[int, Segment], ...] = ()
    superseded: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    ever_kept: frozenset[str] = frozenset()


def is_corpus(folder: Path) -> bool:
    """Whether a folder holds a corpus: at least one manifest."""
    return any((folder / MANIFESTS).glob("[0-9]" * 8 + ".json"))


def read_chain(folder: Path, *, number: int | None = None) -> State:
    """The state that manifests 1 to ``number`` (default: all) describe; an empty state where there are none.

    Raises
    ------
    CorpusError : a number that does not exist, a gap, a damaged manifest, or one written by a newer version.
    """
    names = sorted(path.name for path in (folder / MANIFESTS).glob("[0-9]" * 8 + ".json"))
    last = len(names) if number is None else number
    if not 0 <= last <= len(names) or (number is not None and number < 1):
        raise CorpusError(f"{folder} has no manifest {number}: its manifests are 1 to {len(names)}")
    state = State()
    for place, name in enumerate(names[:last], start=1):
        if name != _file_name(place):
            raise CorpusError(f"{folder} is damaged: manifest {_file_name(place)} is missing before {name}")
        state = extend_state(state, *_read_manifest(folder / MANIFESTS / name, place))
    return state


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """SHA-256 of the manifest's file, created under its number whole or not at all; no reader ever sees half of one.

    Raises
    ------
    CorpusError : the number is taken, because another build has committed meanwhile.
    """
    target = folder / MANIFESTS / _file_name(manifest.number)
    aside = folder / ASIDE / f"{target.name}.{os.getpid()}"
    with aside.open("wb") as handle:
        handle.write(data := _encode(manifest))
        handle.flush()
        os.fsync(handle.fileno())
    try:
        _create_exclusively(aside, target)
    except FileExistsError as error:
        raise CorpusError(
            f"another build has written {target.name} to {folder} meanwhile; "
            "run this build again: it goes on from there and doubles nothing"
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    fsync_folder(target.parent)
    return hashlib.sha256(data).hexdigest()


def _create_exclusively(aside: Path, target: Path) -> None:
    try:
        target.hardlink_to(aside)
    except OSError:  # taken, or a file system without hard links, where the build's lock stands in for the exclusion
        if target.exists():
            raise FileExistsError(target) from None
        aside.rename(target)


def extend_state(state: State, manifest: Manifest, sha256: str) -> State:
    """The state after one more manifest; ``sha256`` is that of the manifest's file.

    Raises
    ------
    CorpusError : the manifest follows another state.
    """
    if manifest.previous != state.head:
        raise CorpusError(
            f"manifest {manifest.number} does not follow manifest {state.number} of this corpus: files of two corpora "
            "are mixed, or one was changed; restore the folder from a copy or build it anew"
        )
    superseded = dict(state.superseded)
    for old, new in manifest.superseded:
        superseded.pop(old, None)
        if new is not None:
            superseded[old] = new
    segments = state.segments + tuple((manifest.number, segment) for segment in manifest.segments)
    kept = {**state.kept, **manifest.kept}
    ever = state.ever_kept | set(manifest.kept.values())
    return State(manifest.number, sha256, manifest.labels, segments, superseded, kept, ever)


def _read_manifest(path: Path, number: int) -> tuple[Manifest, str]:
    data = path.read_bytes()
    try:
        said = json.loads(data)
        version = int(said["schema_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"manifest {path} is damaged; restore it from a copy or build the corpus anew") from error
    if version > SCHEMA_VERSION:
        raise CorpusError(
            f"manifest {path} has schema version {version}, this gknlp reads up to {SCHEMA_VERSION}: upgrade gknlp"
        )
    try:
        manifest = _decode(said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"manifest {path} is damaged; restore it from a copy or build the corpus anew") from error
    if manifest.number != number:
        raise CorpusError(f"manifest {path} calls itself {manifest.number}; restore it from a copy")
    return manifest, hashlib.sha256(data).hexdigest()


def _encode(manifest: Manifest) -> bytes:
    said: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "gknlp": _program_version(),
        "number": manifest.number,
        "previous": manifest.previous,
        "sources": [base64.b64encode(label).decode("ascii") for label in manifest.labels],
        "segments": [asdict(segment) for segment in manifest.segments],
        "added": dict(manifest.added),
        "superseded": [list(pair) for pair in manifest.superseded],
    }
    if manifest.kept:
        said["kept"] = dict(manifest.kept)
    return canonical_json(said).encode("utf-8")


def _decode(said: Mapping[str, Any]) -> Manifest:
    return Manifest(
        number=said["number"],
        previous=said["previous"],
        labels=tuple(base64.b64decode(label) for label in said["sources"]),
        segments=tuple(Segment(**segment) for segment in said["segments"]),
        added=said["added"],
        superseded=tuple((old, new) for old, new in said["superseded"]),
        kept={str(kind): _check_hash(sha256) for kind, sha256 in said.get("kept", {}).items()},
    )


def _check_hash(sha256: str) -> str:
    """The hash; ValueError for what is none: it names a file."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(sha256)
    return sha256


def _program_version() -> str | None:
    """The version of this package; None where it runs without being installed."""
    try:
        return importlib.metadata.version("gknlp")
    except importlib.metadata.PackageNotFoundError:
        return None


def _file_name(number: int) -> str:
    return f"{number:08d}.json"
