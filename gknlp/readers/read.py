"""One door for all formats: the bytes of one document to a RawDocument, a container to its members."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path

from gknlp.manifest import make_doc_id
from gknlp.readers.container import Container, Content, Member, fallback_name
from gknlp.readers.encoding import common_share
from gknlp.readers.gate import GateLimits, check_file_size
from gknlp.readers.jsonl import LinesContainer
from gknlp.readers.linear import Linear
from gknlp.readers.rows import CsvContainer, ParquetContainer
from gknlp.readers.sniff import TEXT, container_type, format_of
from gknlp.readers.txt import read_text, take_text
from gknlp.readers.unreadable import Unreadable
from gknlp.readers.zip import ZipContainer
from gknlp.records import RawDocument, Source

MEMBER_MARK = b"!/"
"""Between a container's path and its member's name."""
_CONTAINERS: dict[str, Callable[[Path, GateLimits], Container]] = {
    "application/zip": ZipContainer,
    "application/x-ndjson": LinesContainer,
    "text/csv": CsvContainer,
    "text/tab-separated-values": CsvContainer,
    "application/vnd.apache.parquet": ParquetContainer,
}
_HALF = 0.5


def read_document(
    content: Content, *, path_bytes: bytes, source: int = 0, limits: GateLimits | None = None
) -> RawDocument:
    """The document that a file or member holds.

    Parameters
    ----------
    content : name (for its suffix) and bytes; a text that is there already is not decoded again.
    path_bytes : exact path inside the SOURCE; with the bytes it makes the ``doc_id``.
    source : ordinal of the SOURCE argument.

    Raises
    ------
    Unreadable : with the reason and the stage.
    """
    check_file_size(len(content.data), limits or GateLimits())
    media_type, linear = _read_content(content)
    origin = Source(
        path=display_path(path_bytes),
        path_bytes=path_bytes,
        sha256=hashlib.sha256(content.data).hexdigest(),
        media_type=media_type,
        encoding=linear.encoding,
        source=source,
    )
    doc_id = make_doc_id(path_bytes, content.data)
    hints = {**(linear.hints or {}), **(content.hints or {})} or None
    return RawDocument(doc_id, linear.text, origin, linear.grids, hints=hints, notes=linear.notes)


def _read_content(content: Content) -> tuple[str, Linear]:
    """The document's media type and linear text, by its own reader or as plain text."""
    found = format_of(content.name, content.data) if content.text is None else None
    if found is None:
        decoded = read_text(content.name, content.data) if content.text is None else take_text(content.text)
        return TEXT, Linear(decoded.text, (), decoded.encoding, decoded.notes)
    module, _, function = found.reader.partition(":")
    try:
        reader: Callable[[bytes], Linear] = getattr(import_module(module), function)
    except ImportError as error:
        raise Unreadable(f"no reader for {found.media_type}: {error.name} is not installed", "read") from error
    linear = reader(content.data)
    if not linear.text.strip():
        raise Unreadable("no text: a picture or an empty page", "read")
    return found.media_type, linear


def read_file(path: Path, *, limits: GateLimits | None = None) -> RawDocument:
    """The document in one file, as if the file itself were the SOURCE: its path there is its name.

    Raises
    ------
    Unreadable : also for a container, which holds many documents: see ``list_members``.
    """
    name = os.fsencode(path.name)
    if container_type(name):
        raise Unreadable("container: holds many documents, name one of its members' files", "read")
    return read_document(Content(name, fetch_file(path, limits or GateLimits())), path_bytes=name, limits=limits)


def fetch_file(path: Path, limits: GateLimits) -> bytes:
    """The bytes of a regular file.

    Raises
    ------
    Unreadable : empty, too large, or not to be opened.
    """
    with _as_unreadable():
        check_file_size(path.stat().st_size, limits)
        with path.open("rb") as handle:
            data = handle.read(limits.file_bytes + 1)
    check_file_size(len(data), limits)
    return data


def is_container(path: Path) -> bool:
    """Whether a file's name says that it holds many documents."""
    return container_type(os.fsencode(path.name)) is not None


def open_container(path: Path, limits: GateLimits) -> Container:
    """The container in a file, by its suffix; to be closed by the caller.

    Raises
    ------
    Unreadable : no container's suffix, or not to be opened.
    """
    kind = container_type(os.fsencode(path.name))
    if kind is None:
        raise Unreadable("container: neither an archive nor a file of lines", "read")
    with _as_unreadable():
        return _CONTAINERS[kind](path, limits)


def list_members(path: Path, *, limits: GateLimits | None = None) -> tuple[str, ...]:
    """Names of a container's documents in its own order, for people; by position where one cannot be read.

    Raises
    ------
    Unreadable : the container as a whole cannot be read.
    """
    with closing(open_container(path, limits or GateLimits())) as container:
        return tuple(display_path(_member_name(container, member)) for member in container.members())


def join_member(path_bytes: bytes, name: bytes) -> bytes:
    """The path of a container's member.

    >>> join_member(b"a.zip", b"m.txt")
    b'a.zip!/m.txt'
    """
    return path_bytes + MEMBER_MARK + name


def display_path(path_bytes: bytes) -> str:
    r"""A path for people: each part as UTF-8, else as plausible GB18030, else with its bytes spelt out.

    >>> display_path("a.zip!/".encode() + "某镇.txt".encode("gbk")), display_path(b"\xff.txt")
    ('a.zip!/某镇.txt', '\\xff.txt')
    """
    return "/".join(_display_part(part) for part in path_bytes.split(b"/"))


def _display_part(part: bytes) -> str:
    try:
        return part.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = part.decode("gb18030")
    except UnicodeDecodeError:
        return part.decode("utf-8", "backslashreplace")
    return text if common_share(text) > _HALF else part.decode("utf-8", "backslashreplace")


def _member_name(container: Container, member: Member) -> bytes:
    if member.name is not None:
        return member.name
    try:
        return container.interpret(member, container.fetch(member)).name
    except Unreadable:
        return fallback_name(member)


@contextmanager
def _as_unreadable() -> Iterator[None]:
    """What the system says about a file, without its place on this machine."""
    try:
        yield
    except OSError as error:
        raise Unreadable(f"unreadable: {error.strerror or type(error).__name__}", "gate") from error
