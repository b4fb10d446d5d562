"""Tables of reports (.csv, .tsv, .parquet): one document a row, with what its collector knew about it."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gknlp.readers.container import Content, Member
from gknlp.readers.encoding import common_share
from gknlp.readers.gate import GateLimits, check_container_size
from gknlp.readers.jsonl import read_hints
from gknlp.readers.unreadable import Unreadable

_NEEDED = ("id", "text")
_WANTED = (*_NEEDED, "agency", "series", "year", "region", "level", "kind", "published", "url")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, None), (codecs.BOM_UTF16_BE, None))
_CHUNK = 1 << 20
_MOST_COLUMNS = 1000
_LONGEST_HEADER = 1 << 16
_QUOTE = b'"'
_SAMPLE = 1 << 16
_PLAUSIBLE_SHARE = 0.75  # as for plain text: see gknlp.readers.encoding


class CsvContainer:
    """An open .csv or .tsv file: UTF-8 or GB18030, a header row, quotes as RFC 4180 has them.

    Raises
    ------
    Unreadable : empty, larger than the gate admits, of no such encoding, or without the columns id and text.
    """

    def __init__(self, path: Path, limits: GateLimits) -> None:
        self._limits = limits
        check_container_size(path.stat().st_size, limits)
        self._kind = "tsv" if path.suffix.lower() == ".tsv" else "csv"
        self._handle = path.open("rb")
        try:
            self._start, self._encoding = self._find_encoding()
            self._columns, self._separator, self._first = self._read_header()
        except Unreadable:
            self.close()
            raise

    def members(self) -> Iterator[Member]:
        """The rows below the header that are not blank, in order, numbered from 1; their names stand inside them."""
        position = 0
        for start, size, blank in self._rows(self._first):
            if not blank:
                position += 1
                yield Member(None, position, start, size)

    def fetch(self, member: Member) -> bytes:
        """The row's bytes.

        Raises
        ------
        Unreadable : longer than one document may be.
        """
        if member.size > self._limits.file_bytes:
            raise Unreadable(f"{self._kind}: row {member.position} is too large: {member.size} bytes", "gate")
        self._handle.seek(member.start)
        return self._handle.read(member.size)

    def interpret(self, member: Member, data: bytes) -> Content:
        """The row's document: named by its id, identified by its text's UTF-8 bytes.

        Raises
        ------
        Unreadable : not of the file's encoding, with more fields than columns, or without id or text.
        """
        row = f"{self._kind}: row {member.position}"
        fields = _split_row(data, self._encoding, self._separator, row)
        if len(fields) > len(self._columns):
            raise Unreadable(f"{row} has {len(fields)} fields, the header {len(self._columns)}", "read")
        return _make_content(dict(zip(self._columns, fields, strict=False)), row)

    def close(self) -> None:
        """Let go of the file."""
        self._handle.close()

    def _find_encoding(self) -> tuple[int, str]:
        """Where the text begins, and its codec: the whole file is looked through, so that no row is read wrongly."""
        head = self._handle.read(4)
        for mark, codec in _MARKS:
            if head.startswith(mark):
                if codec is None:
                    raise Unreadable(f"{self._kind}: UTF-16, save the table as UTF-8", "decode")
                return len(mark), codec
        if self._decodes("utf-8"):
            return 0, "utf-8"
        self._handle.seek(0)
        sample = self._handle.read(_SAMPLE).decode("gb18030", "ignore")
        if common_share(sample) < _PLAUSIBLE_SHARE:
            raise Unreadable(f"{self._kind}: neither UTF-8 nor GB18030", "decode")
        return 0, "gb18030"

    def _decodes(self, codec: str) -> bool:
        """Whether the first megabytes are of this codec; a row further on that is not is that row's fault."""
        decoder = codecs.getincrementaldecoder(codec)()
        self._handle.seek(0)
        try:
            for _ in range(8):
                decoder.decode(self._handle.read(_CHUNK))
        except UnicodeDecodeError:
            return False
        return True

    def _read_header(self) -> tuple[list[str], str, int]:
        """Column names, separator, and where the rows begin."""
        start, size, _ = next(self._rows(self._start), (0, 0, True))
        if size > _LONGEST_HEADER:
            raise Unreadable(f"{self._kind}: no header row", "read")
        self._handle.seek(start)
        data = self._handle.read(size)
        separator = "\t" if self._kind == "tsv" else _likely_separator(data)
        names = [name.strip().lower() for name in _split_row(data, self._encoding, separator, f"{self._kind}: header")]
        _check_columns(names, self._kind)
        return names, separator, start + size

    def _rows(self, start: int) -> Iterator[tuple[int, int, bool]]:
        """(start, size, blank) of each row from a place on; a newline between quotes ends none. No row is held whole.

        Both codecs keep ASCII's quote and newline to themselves, so bytes tell where rows end. Quotes that stay open to
        the end of the file, or for more than one document's size, spoil one line only: rows go on behind it.
        """
        self._handle.seek(start)
        size, quotes, blank, line = 0, 0, True, 0
        while True:
            piece = self._handle.readline(_CHUNK)
            size += len(piece)
            quotes += piece.count(_QUOTE)
            blank = blank and not piece.strip()
            line = line or (size if piece.endswith(b"\n") else 0)
            if quotes % 2 and line and (not piece or size > self._limits.file_bytes):
                size = line
                self._handle.seek(start + size)
            elif piece and (quotes % 2 or not piece.endswith(b"\n")):
                continue
            if not size:
                return
            yield start, size, blank
            self._handle.seek(start + size)
            start, size, quotes, blank, line = start + size, 0, 0, True, 0


class ParquetContainer:
    """An open .parquet file with the columns id and text; row groups are read when one of their rows is asked for.

    Raises
    ------
    Unreadable : empty, larger than the gate admits, damaged, or without the columns id and text.
    """

    def __init__(self, path: Path, limits: GateLimits) -> None:
        self._limits = limits
        check_container_size(path.stat().st_size, limits)
        import pyarrow.parquet as pq  # half a second, for those who need it

        try:
            self._file = pq.ParquetFile(path)
        except (OSError, ValueError, NotImplementedError) as error:
            raise Unreadable("parquet: damaged, or no Parquet file", "read") from error
        self._group = -1
        self._rows: Any = None
        self._columns = [name for name in self._file.schema_arrow.names if name.lower() in _WANTED]
        try:
            _check_columns([name.lower() for name in self._columns], "parquet")
        except Unreadable:
            self.close()
            raise

    def members(self) -> Iterator[Member]:
        """The rows in order; their names stand inside them. ``start``: the row group; ``size``: the row's place in it."""
        position = 0
        for group in range(self._file.metadata.num_row_groups):
            for place in range(self._file.metadata.row_group(group).num_rows):
                position += 1
                yield Member(None, position, group, place)

    def fetch(self, member: Member) -> bytes:
        """The row as JSON.

        Raises
        ------
        Unreadable : a row group that is damaged or too large, or a row longer than one document may be.
        """
        row = f"parquet: row {member.position}"
        self._open_group(member.start)
        try:
            found = self._rows.slice(member.size, 1).to_pylist()[0]
        except (ValueError, IndexError) as error:
            raise Unreadable(f"{row} is damaged", "read") from error
        kept = {name.lower(): _as_json(value) for name, value in found.items()}
        data = json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if len(data) > self._limits.file_bytes:
            raise Unreadable(f"{row} is too large: {len(data)} bytes", "gate")
        return data

    def interpret(self, member: Member, data: bytes) -> Content:
        """The row's document: named by its id, identified by its text's UTF-8 bytes.

        Raises
        ------
        Unreadable : without id or text.
        """
        return _make_content(json.loads(data.decode("utf-8", "surrogatepass")), f"parquet: row {member.position}")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _open_group(self, number: int) -> None:
        if number == self._group:
            return
        claimed = self._file.metadata.row_group(number).total_byte_size
        if claimed > 16 * self._limits.file_bytes:
            raise Unreadable(f"parquet: row group {number + 1} is too large: {claimed} bytes", "gate")
        try:
            self._rows = self._file.read_row_group(number, columns=self._columns, use_threads=False)
        except (OSError, ValueError, NotImplementedError) as error:
            raise Unreadable(f"parquet: row group {number + 1} is damaged", "read") from error
        self._group = number


def _make_content(row: Mapping[str, Any], name: str) -> Content:
    identifier, text = row.get("id"), row.get("text")
    if isinstance(identifier, float) and identifier.is_integer():
        identifier = int(identifier)
    if isinstance(identifier, bool) or not isinstance(identifier, (str, int)) or not str(identifier).strip():
        raise Unreadable(f"{name} has no id (a string or a whole number)", "read")
    if not isinstance(text, str) or not text.strip():
        raise Unreadable(f"{name} has no text", "read")
    encoded = str(identifier).strip().encode("utf-8", "surrogatepass")
    return Content(encoded, text.encode("utf-8", "surrogatepass"), text, read_hints(row))


def _split_row(data: bytes, encoding: str, separator: str, name: str) -> list[str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name} is not {encoding.upper()}", "decode") from error
    if "\0" in text:
        raise Unreadable(f"{name} holds NUL characters", "read")
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        rows = list(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error as error:
        raise Unreadable(f"{name} has quotes that do not match", "read") from error
    return rows[0] if rows else []


def _likely_separator(header: bytes) -> str:
    """Comma, semicolon (Excel where the comma is decimal) or tab: whichever parts the header most; comma on a tie."""
    return max((",", ";", "\t"), key=lambda separator: header.count(separator.encode()))


def _check_columns(names: list[str], kind: str) -> None:
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise Unreadable(f"{kind}: no column {' and no column '.join(missing)}", "read")
    if len(names) > _MOST_COLUMNS:
        raise Unreadable(f"{kind}: {len(names)} columns, at most {_MOST_COLUMNS} are read", "gate")


def _as_json(value: Any) -> Any:
    """Dates and the like as their text; what a hint cannot be as nothing."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value) if hasattr(value, "isoformat") else None
