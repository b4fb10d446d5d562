"""A stand-in for the parser, and corpora of small fictional texts; imported by worker processes under this name."""

import hashlib
import os
import time
from pathlib import Path

from gknlp.corpus.build import BuildOptions, build_corpus
from gknlp.engine.base import Limits
from gknlp.records import Agency, Cell, Diagnostic, Found, Report, Section, Span, Unit

QUICK = Limits(deadline_seconds=1.5, memory_bytes=512 << 20, batch_size=4)


def parse(raw):
    """First line: agency, second: year, the rest: one unit a line. Some first lines are traps."""
    first, second, *rest = [*raw.text.split("\n"), "", ""]
    match first:
        case "LOOP":
            while True:
                pass
        case "SLEEP":
            time.sleep(0.05)
        case "EXIT":
            os._exit(3)
        case "RAISE":
            raise ValueError("no such thing")
        case "NOVEL":
            return _report(
                raw, None, None, [], (Diagnostic("not_a_report", "error", None, None, "not a report: a novel"),)
            )
        case "BARE":
            return _report(raw, None, None, [], ())
    return _report(raw, first, int(second) if second.isdigit() else None, [line for line in rest if line], ())


def _report(raw, agency, year, lines, diagnostics):
    def found(value):
        start = raw.text.find(str(value))
        spans = (Span(start, start + len(str(value))),)
        return Found(value, "found", spans, "fake") if value else Found(None, "missing")

    units = tuple(
        Unit(
            f"{raw.doc_id}.{n}",
            "overview",
            None,
            n,
            "",
            line,
            Span(raw.text.find(line), raw.text.find(line) + len(line)),
        )
        for n, line in enumerate(lines)
    )
    cells = tuple(Cell("t2", f"row{n}", "made", line, len(line), None, None, None) for n, line in enumerate(lines))
    return Report(
        raw.doc_id, raw.source, raw.text, found(agency), Agency(found(agency)), found(year), found("revised_2021"),
        (Section("overview", "", Span(0, len(raw.text))),), units, cells, raw.notes + diagnostics, raw.hints,
    )  # fmt: skip


def options(*, workers=1, chunk_batches=32, limits=QUICK):
    return BuildOptions(workers=workers, limits=limits, chunk_batches=chunk_batches, parser="corpus_fakes:parse")


def build(sources, to, **more):
    sources = [sources] if isinstance(sources, Path) else sources
    return build_corpus(sources, to, options=options(**more))


def text_of(agency, year, *lines):
    return "\n".join([agency, str(year), *lines])


def write_tree(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def write_reports(folder, n):
    """``n`` texts of three agencies over four years, in two folders."""
    names = ("云溪镇", "柳河镇", "青石街道")
    return write_tree(
        folder, {f"{k % 2}/{k:03}.txt": text_of(names[k % 3], 2019 + k % 4, f"公开信息{k}条", "其他") for k in range(n)}
    )


def digest_of(folder):
    """Every file under a folder with the hash of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def lines_of(corpus):
    """The ``sources`` lines as path -> (outcome, reason), for corpora whose paths are unique."""
    rows = corpus.table("sources").to_pylist()
    lines = {row["path"]: (row["outcome"], row["reason"]) for row in rows}
    assert len(lines) == len(rows)
    return lines
