"""The rates of our own rooms, on the texts of the sample corpus."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gknlp.corpus import BuildOptions, Corpus, build_corpus
from gknlp.corpus.flatten import encode_rows, flatten_report
from gknlp.engine.base import JobSpec
from gknlp.engine.local import run_batches
from gknlp.parse import parse_report
from gknlp.readers import read_file
from gknlp.reuse import ReuseConfig, find_reuse
from gknlp.themes import classify_corpus
from tests.bench.timing import seconds

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample" / "reports"
N_ITEMS = 20_000
Figure = tuple[str, str]


class Nothing:
    """A job that does nothing: what is left is the cost of isolation."""

    def run(self, item: object) -> object:
        return item

    def pack(self, values: list[object]) -> bytes:
        return b"%d" % len(values)


def measure_rooms() -> Iterator[Figure]:
    """Lines on our own rooms: parsing, isolation, themes, reuse, the command's start."""
    files = sorted(SAMPLE.rglob("*.txt"))
    raws = [read_file(file) for file in files]
    n_chars = sum(len(raw.text) for raw in raws)
    parse = seconds(lambda: [parse_report(raw) for raw in raws])
    flat = seconds(lambda: encode_rows(merge([flatten_report(parse_report(raw)) for raw in raws])))
    whole = seconds(lambda: encode_rows(merge([flatten_report(parse_report(read_file(file))) for file in files])))
    yield (
        "parse, one core",
        f"{len(raws) / parse:.0f} reports a second, {n_chars / parse / 1e6:.2f} million characters a second",
    )
    yield "text to all tables, one core", f"{len(raws) / flat:.0f} reports a second"
    yield "text file to all tables, one core", f"{len(files) / whole:.0f} reports a second"
    yield "flatten to Arrow, beside parsing", f"{flat / parse - 1:+.0%}"
    yield from _isolation(parse / len(raws))
    tables = _sample_tables()
    themes = seconds(lambda: classify_corpus(tables))
    yield "themes by the dictionary", f"{tables['units'].num_rows / themes:.0f} units a second"
    reuse = seconds(lambda: find_reuse(tables, config=ReuseConfig()))
    yield "reuse by exact shingles", f"{n_chars / reuse / 1e6:.2f} million characters a second"
    yield "gknlp --help", _start()


def _isolation(parse: float) -> Iterator[Figure]:
    items = list(range(N_ITEMS))
    work = lambda: list(run_batches(JobSpec(factory=Nothing), items, workers=1))  # noqa: E731 - timed below
    idle = seconds(work, clock=time.perf_counter) / N_ITEMS
    yield "isolation, a trivial item", f"{idle * 1e6:.1f} microseconds, start of the worker included"
    yield "isolation, beside parsing a report", f"{idle / parse:.2%}"


def _sample_tables() -> Mapping[str, object]:
    with tempfile.TemporaryDirectory() as place:
        build_corpus([SAMPLE], Path(place) / "c", options=BuildOptions(workers=1))
        corpus = Corpus.open(Path(place) / "c")
        return {name: corpus.table(name) for name in ("reports", "sections", "units")}


def _start() -> str:
    def started(*arguments: str) -> float:
        command = [sys.executable, *arguments]
        return seconds(lambda: subprocess.run(command, check=True, capture_output=True), clock=time.perf_counter)

    bare, ours, spacy = started("-c", "pass"), started("-m", "gknlp", "--help"), started("-m", "spacy", "--help")
    return f"{ours / bare:.1f} times an empty Python; spaCy's is {spacy / ours:.1f} times ours"


def merge(parts: Sequence[dict[str, list[tuple[object, ...]]]]) -> dict[str, list[tuple[object, ...]]]:
    """Rows of many reports by table."""
    return {name: [row for part in parts for row in part[name]] for name in parts[0]}
