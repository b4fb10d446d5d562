"""Tables on disk: immutable segments named by their hash, one builder at a time, nothing half-written ever visible."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gknlp.corpus.chain import ASIDE, MANIFESTS, Segment, State
from gknlp.errors import CorpusError
from gknlp.schemas import CORPUS
from gknlp.tables import encode_parquet, fsync_folder, hash_bytes, sort_table

SEGMENTS = "segments"
BUILD_LOG = "build.log"
_LOCK = "build.lock"
_OWN = frozenset({SEGMENTS, MANIFESTS, ASIDE, BUILD_LOG, _LOCK})


@contextmanager
def open_for_building(folder: Path) -> Iterator[None]:
    """The folder made ready and held by this process alone until the block ends (or the process does, however it does).

    Raises
    ------
    CorpusError : it holds other files and no corpus, it cannot be written, or another build is writing to it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = sorted({path.name for path in folder.iterdir()} - _OWN)
        if strangers and not (folder / MANIFESTS).is_dir():
            raise CorpusError(
                f"{folder} holds other files ({strangers[0]!r}) and no corpus: name a new or empty folder"
            )
        for name in (SEGMENTS, MANIFESTS, ASIDE):
            (folder / name).mkdir(exist_ok=True)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise CorpusError(f"cannot write to {folder}: {error.strerror}") from error
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def sweep(folder: Path, state: State) -> None:
    """Remove what a killed build left: files set aside, and segments that no manifest names. Needs the lock."""
    for path in (folder / ASIDE).iterdir():
        path.unlink()
    named = {segment.path for _, segment in state.segments}
    for path in (folder / SEGMENTS).rglob("*.parquet"):
        if path.relative_to(folder).as_posix() not in named:
            path.unlink()


def write_segments(folder: Path, tables: Mapping[str, pa.Table]) -> tuple[Segment, ...]:
    """Segments of the tables, one for each table and year that has rows, in that order; they count once a manifest
    names them. The same rows give the same files in whatever order they come.

    Rows of a document go to its report's year; ``sources`` lines without a report and reports without a year to none.
    """
    years = _years_of(tables["reports"])
    written = []
    for name in CORPUS:
        for year in sorted(years, key=lambda year: (year is None, year)):
            rows = _rows_of_year(tables[name], years, year)
            if rows.num_rows:
                written.append(_write_segment(folder, name, year, sort_table(name, rows)))
    for parent in sorted({(folder / segment.path).parent for segment in written}):
        fsync_folder(parent)
        fsync_folder(parent.parent)
    fsync_folder(folder / SEGMENTS)
    return tuple(written)


def read_segment(folder: Path, segment: Segment) -> pa.Table:
    """A segment's rows in the declared schema.

    Raises
    ------
    CorpusError : the file is missing or its bytes are not those that were written.
    """
    try:
        data = (folder / segment.path).read_bytes()
    except OSError as error:
        raise CorpusError(f"{folder} is damaged: {segment.path} cannot be read ({error.strerror})") from error
    if hash_bytes(data) != segment.sha256:
        raise CorpusError(f"{folder} is damaged: {segment.path} has changed; restore it from a copy")
    return pq.read_table(pa.BufferReader(data)).cast(CORPUS[segment.table])


def load_rows(folder: Path, state: State, name: str) -> tuple[pa.Table, list[int]]:
    """All stored rows of a table in the order in which they were committed, and for each row its manifest's number."""
    parts, numbers = [CORPUS[name].empty_table()], []
    for number, segment in state.segments:
        if segment.table == name:
            parts.append(read_segment(folder, segment))
            numbers += [number] * segment.rows
    return pa.concat_tables(parts), numbers


def _years_of(reports: pa.Table) -> dict[int | None, list[str]]:
    """Documents by year; those without a year are under None, which is always there."""
    years: dict[int | None, list[str]] = {None: []}
    for doc_id, year in zip(reports["doc_id"].to_pylist(), reports["year"].to_pylist(), strict=True):
        years.setdefault(year, []).append(doc_id)
    return years


def _rows_of_year(table: pa.Table, years: Mapping[int | None, list[str]], year: int | None) -> pa.Table:
    if year is not None:
        return table.filter(pc.is_in(table["doc_id"], pa.array(years[year], pa.string())))
    dated = [doc_id for other, docs in years.items() if other is not None for doc_id in docs]
    return table.filter(pc.invert(pc.is_in(table["doc_id"], pa.array(dated, pa.string()))))


def _write_segment(folder: Path, name: str, year: int | None, table: pa.Table) -> Segment:
    data = encode_parquet(table)
    sha256 = hash_bytes(data)
    path = f"{SEGMENTS}/{name}/year={'none' if year is None else year}/{sha256}.parquet"
    aside = folder / ASIDE / f"{sha256}.{os.getpid()}"
    with aside.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    aside.replace(folder / path)
    return Segment(name, year, path, table.num_rows, sha256)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CorpusError(
            f"another build is writing to {folder} (or its disk cannot be locked); wait until it has ended"
        ) from error
