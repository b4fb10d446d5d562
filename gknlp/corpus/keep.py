"""Files of corrections and agencies given to a corpus: checked, kept, and from then on part of what its tables say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gknlp.corpus.agencies import read_agencies
from gknlp.corpus.chain import read_chain
from gknlp.corpus.corpus import AGENCIES, CORRECTIONS, Corpus
from gknlp.corpus.corrections import read_corrections
from gknlp.corpus.store import open_for_building, sweep
from gknlp.corpus.writer import Writer
from gknlp.errors import UsageError

_MOST_BYTES = 64 << 20
_READERS: dict[str, Callable[[bytes, str], object]] = {CORRECTIONS: read_corrections, AGENCIES: read_agencies}


@dataclass(frozen=True, slots=True)
class CorrectSummary:
    """What the files of a corpus do now: corrections by what became of them, links by kind, and its last manifest."""

    manifest: int
    n_applied: int
    n_stale: int
    n_no_report: int
    n_renames: int
    n_aliases: int
    n_mergers: int


def correct_corpus(folder: Path, *, corrections: Path | None = None, agencies: Path | None = None) -> CorrectSummary:
    """Keep a new file of corrections or agencies, or both, in the place of the old; a file of a header alone takes it back.

    Neither file given, nothing changes. The same file again changes nothing.

    Raises
    ------
    UsageError : a file that does not exist or has a fault, by its line.
    CorpusError : ``folder`` is no corpus, damaged, written by a newer version, or being written to.
    """
    files = read_files(corrections=corrections, agencies=agencies)
    Corpus.open(folder)
    with open_for_building(folder):
        state = read_chain(folder)
        sweep(folder, state)
        writer = Writer(folder, state, state.labels)
        writer.keep(files)
        writer.commit()
    return _summarise(Corpus.open(folder))


def read_files(*, corrections: Path | None = None, agencies: Path | None = None) -> dict[str, bytes]:
    """The bytes of the files given, by kind, each found to be without fault; {} for none.

    Raises
    ------
    UsageError : a file that does not exist, is too large, or has a fault.
    """
    files = {}
    for kind, path in ((CORRECTIONS, corrections), (AGENCIES, agencies)):
        if path is None:
            continue
        if not path.is_file():
            raise UsageError(f"no file of {kind} at {path}")
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{path} is larger than {_MOST_BYTES >> 20} MB: no file of {kind} that people wrote")
        files[kind] = path.read_bytes()
        _READERS[kind](files[kind], path.name)
    return files


def _summarise(corpus: Corpus) -> CorrectSummary:
    status = corpus.table("corrections")["status"].to_pylist()
    kinds = corpus.table("agencies")["kind"].to_pylist()
    return CorrectSummary(
        manifest=corpus.manifest_number,
        n_applied=status.count("applied"),
        n_stale=status.count("stale"),
        n_no_report=status.count("no_report"),
        n_renames=kinds.count("rename"),
        n_aliases=kinds.count("alias"),
        n_mergers=kinds.count("merger"),
    )
