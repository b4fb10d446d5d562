"""SOURCE arguments to a corpus folder: built, extended, resumed by the same call."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from gknlp.corpus.chain import State, read_chain
from gknlp.corpus.current import find_superseded
from gknlp.corpus.flatten import decode_rows, encode_rows
from gknlp.corpus.keep import read_files
from gknlp.corpus.ledger import Ledger
from gknlp.corpus.lines import Line, table_of_lines
from gknlp.corpus.plan import Plan, failed_lines, make_plan
from gknlp.corpus.sources import check_sources, find_inputs, label_sources
from gknlp.corpus.store import BUILD_LOG, load_rows, open_for_building, sweep, writing_to
from gknlp.corpus.writer import Writer
from gknlp.engine.base import JobSpec, Limits, Outcome
from gknlp.engine.local import run_batches
from gknlp.errors import UsageError
from gknlp.readers.gate import GateLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How a corpus is built. None of it changes what the tables say, except limits that an input exceeds.

    ``workers``: processes, None for one a core. ``limits``: what one document may cost. ``gate``: how large an input
    may be. ``chunk_batches``: batches of ``limits.batch_size`` inputs in one commit; 32 make 2,048 inputs, so that a
    killed build loses under a minute. ``parser``: the function RawDocument -> Report, as ``module:function``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    workers: int | None = None
    limits: Limits = field(default_factory=Limits)
    gate: GateLimits = field(default_factory=GateLimits)
    chunk_batches: int = 32
    parser: str = "gknlp.parse:parse_report"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: inputs in all, done, and the outcomes so far (of inputs the corpus held already, too)."""

    n_inputs: int
    n_done: int
    n_parsed: int
    n_quarantined: int
    n_skipped: int


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build saw and did. The outcomes count every input of this call and sum to ``n_inputs``.

    ``n_new``: lines of ``sources`` written; 0 means that the folder is as it was. ``manifest``: number of the last
    manifest, 0 if there is none. ``n_superseded``: reports that a newer version replaced.
    """

    n_inputs: int
    n_parsed: int
    n_quarantined: int
    n_skipped: int
    n_new: int
    n_superseded: int
    manifest: int


def build_corpus(
    sources: Sequence[Path],
    to: Path,
    *,
    options: BuildOptions | None = None,
    progress: Callable[[Progress], None] | None = None,
    corrections: Path | None = None,
    agencies: Path | None = None,
) -> BuildSummary:
    """What was seen and done; afterwards the folder ``to`` holds every input of the SOURCEs, once.

    Inputs that the corpus holds already (same path inside the SOURCE, same bytes) change nothing; new bytes under a known
    path are a new version; what could not be read before is tried again. A build that was killed goes on from its last
    commit when it is called again.

    Parameters
    ----------
    corrections, agencies : CSV files that the corpus keeps and reads its tables by, from now on and through later builds;
        None leaves those that it has.

    Raises
    ------
    UsageError : no SOURCE, one that does not exist, or the corpus folder as its own SOURCE; a file of corrections or
        agencies with a fault, by its line.
    CorpusError : ``to`` is damaged, written by a newer version, no corpus folder, or being written to.
    """
    check_sources(sources)
    if any(source.resolve() == to.resolve() for source in sources):
        raise UsageError(f"{to} is both SOURCE and corpus folder: name another folder with --to")
    files = read_files(corrections=corrections, agencies=agencies)
    started = time.monotonic()
    with open_for_building(to):
        state = read_chain(to)
        with writing_to(to):
            sweep(to, state)
        build = _prepare(sources, to, state, options or BuildOptions())
        with writing_to(to):
            build.writer.keep(files)
        summary = build.run(progress or (lambda _: None))
        if summary.manifest != state.number:
            _log(to, summary, time.monotonic() - started)
    return summary


def _prepare(sources: Sequence[Path], to: Path, state: State, options: BuildOptions) -> _Build:
    labels = label_sources(sources)
    known = (*state.labels, *(label for label in labels if label not in state.labels))
    inputs = list(find_inputs(sources, [known.index(label) for label in labels], apart=to))
    stored = load_rows(to, state, "sources")[0]
    plan = make_plan(inputs, limits=options.limits, gate=options.gate)
    return _Build(options, plan, stored, Ledger(stored), Writer(to, state, known))


@dataclass(slots=True)
class _Build:
    """One call of ``build_corpus``. ``stored``: the ``sources`` lines that were there before it."""

    options: BuildOptions
    plan: Plan
    stored: pa.Table
    ledger: Ledger
    writer: Writer
    new_lines: list[Line] = field(default_factory=list)

    def run(self, progress: Callable[[Progress], None]) -> BuildSummary:
        """Everything, commit by commit."""
        self._add([entered for line, spare in self.plan.settled if (entered := self.ledger.enter(line, spare))], None)
        progress(self._progress())
        per_commit = self.options.limits.batch_size * self.options.chunk_batches
        with closing(self._start()) as outcomes:
            for outcome in outcomes:
                self._take(outcome)
                progress(self._progress())
                if (outcome.start + len(outcome.items)) % per_commit == 0:
                    self.writer.commit()
        superseded = self._superseded()
        self.writer.commit(superseded)
        return self._summary(sum(new is not None for _, new in superseded))

    def _start(self) -> Generator[Outcome, None, None]:
        options = self.options
        arguments = (options.parser, options.gate, self.ledger.known_ids())
        spec = JobSpec(factory="gknlp.corpus.ingest:IngestJob", arguments=arguments)
        n_batches = -(-self.plan.n_tasks // options.limits.batch_size)
        workers = min(options.workers or os.cpu_count() or 1, n_batches)
        return run_batches(spec, self.plan.tasks(), workers=workers, limits=options.limits)

    def _take(self, outcome: Outcome) -> None:
        """Enter the lines of an outcome, and keep the rows of the documents that are new."""
        failed = failed_lines(outcome, limits=self.options.limits, gate=self.options.gate)
        tables = decode_rows(outcome.payload or encode_rows({}))
        told = iter(tables["sources"].to_pylist())
        lines = []
        for position, task in enumerate(outcome.items):
            line = self.ledger.enter(failed.get(position) or next(told), task.spare_path())
            if line:
                lines.append(line)
        self._add(lines, tables)

    def _add(self, lines: list[Line], tables: dict[str, pa.Table] | None) -> None:
        parsed = {line["doc_id"] for line in lines if line["outcome"] == "parsed"}
        self.new_lines += lines
        if tables and parsed != set(tables["reports"]["doc_id"].to_pylist()):
            wanted = pa.array(sorted(parsed), pa.string())
            tables = {
                name: table.filter(pc.is_in(table["doc_id"], wanted))
                for name, table in tables.items()
                if name != "sources"
            }
        self.writer.add(lines, tables)

    def _superseded(self) -> tuple[tuple[str, str | None], ...]:
        if not self.stored.num_rows:
            return ()
        lines = pa.concat_tables([self.stored, table_of_lines(self.new_lines)])
        return find_superseded(lines, self.ledger.seen, self.writer.state.superseded)

    def _progress(self) -> Progress:
        told = self.ledger.outcomes
        n_inputs = self.plan.n_tasks + len(self.plan.settled)
        return Progress(n_inputs, told.total(), told["parsed"], told["quarantined"], told["skipped"])

    def _summary(self, n_superseded: int) -> BuildSummary:
        told = self.ledger.outcomes
        return BuildSummary(
            n_inputs=told.total(),
            n_parsed=told["parsed"],
            n_quarantined=told["quarantined"],
            n_skipped=told["skipped"],
            n_new=len(self.new_lines),
            n_superseded=n_superseded,
            manifest=self.writer.state.number,
        )


def _log(folder: Path, summary: BuildSummary, seconds: float) -> None:
    """Add a line on what the build cost: kept apart, since no two builds cost the same."""
    entry = {
        "manifest": summary.manifest,
        "n_inputs": summary.n_inputs,
        "seconds": round(seconds, 3),
        "peak_worker_bytes": _peak_bytes(),
    }
    # The corpus is complete already: a log that cannot be written is no reason to call the build failed.
    with suppress(OSError), (folder / BUILD_LOG).open("a", encoding="utf-8") as log:
        log.write(json.dumps(entry) + "\n")


def _peak_bytes() -> int | None:
    """Largest resident size of an ended worker; None where the platform does not say."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
