"""Tables on disk: immutable segments named by their hash, one builder at a time, nothing half-written ever visible."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
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
KEPT = "files"
BUILD_LOG = "build.log"
_LOCK = "build.lock"
_OWN = frozenset({SEGMENTS, KEPT, MANIFESTS, ASIDE, BUILD_LOG, _LOCK})


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
        fsync_folder(folder)
        fsync_folder(folder.parent)
    except OSError as error:
        raise CorpusError(f"cannot write to {folder}: {error.strerror}") from error
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """What the system says when it cannot write (a full disk) as an error that says what to do; what was committed stays."""
    try:
        yield
    except OSError as error:
        raise CorpusError(
            f"cannot write to {folder}: {error.strerror}; what was committed is safe: run this build again, it goes on from there"
        ) from error


def sweep(folder: Path, state: State) -> None:
    """Remove what a killed build left: files set aside, segments and kept files that no manifest names. Needs the lock."""
    for path in (folder / ASIDE).iterdir():
        path.unlink()
    named = {segment.path for _, segment in state.segments}
    for path in (folder / SEGMENTS).rglob("*.parquet"):
        if path.relative_to(folder).as_posix() not in named:
            path.unlink()
    for path in (folder / KEPT).glob("*.csv"):
        if path.stem not in state.ever_kept:
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


def read_segment(folder: Path, segment: Segment, columns: Sequence[str] = ()) -> pa.Table:
    """A segment's rows in the declared schema, or some of its columns.

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
    return _as_declared(segment.table, pq.read_table(pa.BufferReader(data), columns=list(columns) or None), columns)


def load_rows(folder: Path, state: State, name: str, columns: Sequence[str] = ()) -> tuple[pa.Table, list[int]]:
    """All stored rows of a table in the order in which they were committed, and for each row its manifest's number.

    ``columns``: those that are wanted, () for all.
    """
    parts, numbers = [_schema_of(name, columns).empty_table()], []
    for number, segment in state.segments:
        if segment.table == name:
            parts.append(read_segment(folder, segment, columns))
            numbers += [number] * segment.rows
    return pa.concat_tables(parts), numbers


def keep_file(folder: Path, data: bytes) -> str:
    """SHA-256 of a file's bytes, which now lie in the corpus under it; they count once a manifest names them."""
    sha256 = hash_bytes(data)
    target = _kept_path(folder, sha256)
    if not target.exists() or hash_bytes(target.read_bytes()) != sha256:
        target.parent.mkdir(exist_ok=True)
        _write_durably(folder, target, data)
        fsync_folder(target.parent)
        fsync_folder(folder)
    return sha256


def read_kept(folder: Path, sha256: str) -> bytes:
    """The bytes of a kept file.

    Raises
    ------
    CorpusError : the file is missing or its bytes are not those that were kept.
    """
    path = _kept_path(folder, sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{folder} is damaged: {KEPT}/{path.name} cannot be read ({error.strerror})") from error
    if hash_bytes(data) != sha256:
        raise CorpusError(f"{folder} is damaged: {KEPT}/{path.name} has changed; restore it from a copy")
    return data


def _kept_path(folder: Path, sha256: str) -> Path:
    return folder / KEPT / f"{sha256}.csv"


def _as_declared(name: str, table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The rows with every declared (and wanted) column: one that an older gknlp did not know of is null."""
    schema = _schema_of(name, columns)
    for field in schema:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(schema.names).cast(schema)


def _schema_of(name: str, columns: Sequence[str]) -> pa.Schema:
    """The declared schema, or what it says of some columns; () for all."""
    return pa.schema([field for field in CORPUS[name] if field.name in columns or not columns])


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
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    _write_durably(folder, folder / path, data)
    return Segment(name, year, path, table.num_rows, sha256)


def _write_durably(folder: Path, target: Path, data: bytes) -> None:
    """Write aside, fsync, rename; the caller makes the rename durable."""
    aside = folder / ASIDE / f"{hash_bytes(data)}.{os.getpid()}"
    with aside.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(target)


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
