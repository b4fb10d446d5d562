"""What things cost, as ratios and rates measured in one run: ``make bench``.

Peers are measured beside us from the issue on that builds the fast version of a room; here stand our own baselines.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gknlp.corpus import BuildOptions, Corpus, build_corpus
from gknlp.corpus.flatten import encode_rows, flatten_report
from gknlp.engine.base import JobSpec
from gknlp.engine.local import run_batches
from gknlp.parse import parse_report
from gknlp.readers import read_file
from gknlp.reuse import ReuseConfig, find_reuse
from gknlp.themes import classify_corpus

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample" / "reports"
ROUNDS = 5


class Nothing:
    """A job that does nothing: what is left is the cost of isolation."""

    def run(self, item: object) -> object:
        return item

    def pack(self, values: list[object]) -> bytes:
        return b"%d" % len(values)


def seconds(work: Callable[[], object]) -> float:
    """Median of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    files = sorted(SAMPLE.rglob("*.txt"))
    raws = [read_file(file) for file in files]
    n_chars = sum(len(raw.text) for raw in raws)
    for raw in raws:
        parse_report(raw)
    parse = seconds(lambda: [parse_report(raw) for raw in raws])
    flat = seconds(lambda: encode_rows(merge([flatten_report(parse_report(raw)) for raw in raws])))
    say(
        "parse, one core",
        f"{len(raws) / parse:.0f} reports a second, {n_chars / parse / 1e6:.2f} million characters a second",
    )
    say("flatten to Arrow, beside parsing", f"{flat / parse - 1:+.0%}")
    items = list(range(20_000))
    idle = seconds(lambda: list(run_batches(JobSpec(factory=Nothing), items, workers=1)))
    say("isolation, a trivial item", f"{idle / len(items) * 1e6:.1f} microseconds, start of the worker included")
    say("isolation, beside parsing a report", f"{idle / len(items) / (parse / len(raws)):.2%}")
    with tempfile.TemporaryDirectory() as place:
        build_corpus([SAMPLE], Path(place) / "c", options=BuildOptions(workers=1))
        corpus = Corpus.open(Path(place) / "c")
        tables = {name: corpus.table(name) for name in ("reports", "sections", "units")}
    themes = seconds(lambda: classify_corpus(tables))
    say("themes by the dictionary", f"{tables['units'].num_rows / themes:.0f} units a second")
    reuse = seconds(lambda: find_reuse(tables, config=ReuseConfig()))
    say("reuse by exact shingles", f"{n_chars / reuse / 1e6:.2f} million characters a second")
    bare = seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    ours = seconds(lambda: subprocess.run([sys.executable, "-m", "gknlp", "--help"], check=True, capture_output=True))
    spacy = seconds(lambda: subprocess.run([sys.executable, "-m", "spacy", "--help"], check=True, capture_output=True))
    say("gknlp --help", f"{ours / bare:.1f} times an empty Python; spaCy's is {spacy / ours:.1f} times ours")


def merge(parts: list[dict[str, list[tuple[object, ...]]]]) -> dict[str, list[tuple[object, ...]]]:
    """Rows of many reports by table."""
    return {name: [row for part in parts for row in part[name]] for name in parts[0]}


def say(what: str, figure: str) -> None:
    """One line a figure."""
    print(f"{what:40} {figure}")


if __name__ == "__main__":
    main()
