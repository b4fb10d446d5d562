"""SOURCE arguments to inputs: every file under them once, in one order, names as bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gknlp.errors import UsageError
from gknlp.readers.sniff import container_type

_LITTER = frozenset({b"thumbs.db", b"desktop.ini", b"__macosx"})
"""What file managers leave behind, in lower case."""
_KINDS = {
    stat.S_IFLNK: "symbolic link: not followed",
    stat.S_IFIFO: "not a file: named pipe",
    stat.S_IFSOCK: "not a file: socket",
    stat.S_IFCHR: "not a file: device",
    stat.S_IFBLK: "not a file: device",
}


@dataclass(frozen=True, slots=True)
class Input:
    """One thing found under a SOURCE. ``location`` opens it; ``path_bytes`` names it inside the SOURCE.

    ``outcome`` is None for what is to be read, else 'skipped' or 'quarantined' with its ``reason``.
    """

    source: int
    location: str
    path_bytes: bytes
    is_container: bool = False
    outcome: str | None = None
    reason: str | None = None


def check_sources(sources: Sequence[Path]) -> None:
    """Nothing, for SOURCE arguments that exist.

    Raises
    ------
    UsageError : none given, or one that does not exist, by its name.
    """
    if not sources:
        raise UsageError("no SOURCE given: name a folder, a file, a .zip or a .jsonl")
    for source in sources:
        if not source.exists():
            raise UsageError(f"SOURCE does not exist: {source}")
        if not (source.is_dir() or source.is_file()):
            raise UsageError(f"SOURCE is neither a folder nor a file: {source}")


def label_sources(sources: Sequence[Path]) -> tuple[bytes, ...]:
    """What a corpus knows each SOURCE by: its own name; a second one of that name gets ``#2`` and so on.

    >>> label_sources([Path("x/2020"), Path("y/2020"), Path("z")])
    (b'2020', b'2020#2', b'z')
    """
    labels: list[bytes] = []
    names = [os.path.basename(os.path.abspath(source)) for source in sources]  # noqa: PTH100, PTH119 - keeps a/.. and links
    for place, name in enumerate(names):
        n_before = names[:place].count(name)
        labels.append(os.fsencode(name) + (b"#%d" % (n_before + 1) if n_before else b""))
    return tuple(labels)


def find_inputs(sources: Sequence[Path], ordinals: Sequence[int], *, apart: Path) -> Iterator[Input]:
    """All inputs: SOURCE by SOURCE, in each by path bytes. Links are not followed; ``apart`` (the corpus itself) is left out.

    Hidden files, litter of file managers, links, pipes, sockets and devices come as 'skipped'; a folder that may not be
    listed comes as 'quarantined'. An empty folder gives nothing.
    """
    for source, ordinal in zip(sources, ordinals, strict=True):
        if source.is_dir():
            yield from _walk(os.fspath(source), ordinal, os.path.realpath(apart))
        else:
            # Whoever names a link means the file behind it; links are left aside only where they are found.
            yield _file_input(ordinal, os.path.realpath(source), os.fsencode(source.name))


def ignored_reason(path_bytes: bytes) -> str | None:
    """Why a file of this path is left aside for its name alone, None for one that is read.

    >>> ignored_reason("2021/~$某镇.docx".encode()), ignored_reason("2021/某镇.txt".encode())
    ('editor or system file', None)
    """
    for part in path_bytes.split(b"/"):
        if part.startswith(b"~$") or part.lower() in _LITTER or part == b".DS_Store":
            return "editor or system file"
        if part.startswith(b".") and part not in {b".", b".."}:
            return "hidden file"
    return None


def _walk(top: str, ordinal: int, apart: str) -> Iterator[Input]:
    """Files below ``top`` in the order of their path bytes: a folder sorts as its name with ``/``."""
    stack: list[tuple[str, bytes, bool]] = [(top, b"", True)]
    while stack:
        location, path, is_folder = stack.pop()
        if not is_folder:
            yield _file_input(ordinal, location, path)
            continue
        if path and os.path.realpath(location) == apart:
            continue
        try:
            below = _list_folder(location, path)
        except OSError as error:
            reason = f"unreadable: {error.strerror or type(error).__name__}"
            yield Input(ordinal, location, path, outcome="quarantined", reason=reason)
            continue
        if path and {path + b"manifests/", path + b"segments/"} <= {entry[1] for entry in below}:
            yield Input(ordinal, location, path, outcome="skipped", reason="a corpus folder")
            continue
        stack.extend(sorted(below, key=lambda entry: entry[1], reverse=True))


def _list_folder(location: str, path: bytes) -> list[tuple[str, bytes, bool]]:
    found = []
    with os.scandir(location) as entries:
        for entry in entries:
            name = path + os.fsencode(entry.name)
            is_folder = entry.is_dir(follow_symlinks=False) and ignored_reason(name) is None
            found.append((entry.path, name + b"/" if is_folder else name, is_folder))
    return found


def _file_input(ordinal: int, location: str, path: bytes) -> Input:
    reason = ignored_reason(path)
    if reason is None:
        try:
            mode = os.lstat(location).st_mode
        except OSError as error:
            reason = f"unreadable: {error.strerror or type(error).__name__}"
            return Input(ordinal, location, path, outcome="quarantined", reason=reason)
        reason = _KINDS.get(stat.S_IFMT(mode))
    if reason:
        return Input(ordinal, location, path, outcome="skipped", reason=reason)
    return Input(ordinal, location, path, is_container=container_type(path) is not None)
