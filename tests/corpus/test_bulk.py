"""Good reports among bad files: their rows are as without these, every input has its line, and nothing hangs."""

import hashlib
import os
import resource
import shutil
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from bad_files import write_bad, write_good

from gknlp.corpus.build import BuildOptions, build_corpus
from gknlp.corpus.corpus import Corpus
from gknlp.engine.base import Limits
from gknlp.readers.gate import GateLimits
from gknlp.schemas import CORPUS
from gknlp.tables import encode_parquet

OPTIONS = BuildOptions(workers=2, limits=Limits(deadline_seconds=20.0), gate=GateLimits())


def cpu_seconds():
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def build(folder, to):
    before = cpu_seconds()
    summary = build_corpus([folder], to, options=OPTIONS)
    return summary, Corpus.open(to), cpu_seconds() - before


def rows_of(corpus, paths):
    """Each table's bytes with the rows of these inputs alone."""
    lines = corpus.table("sources")
    lines = lines.filter(pc.is_in(lines["path"], pa.array(sorted(paths))))
    known = lines["doc_id"].combine_chunks()
    tables = {name: corpus.table(name) for name in CORPUS if name != "sources"}
    kept = {name: table.filter(pc.is_in(table["doc_id"], known)) for name, table in tables.items()}
    return {name: encode_parquet(table.combine_chunks()) for name, table in {**kept, "sources": lines}.items()}


def regular_files(folder):
    """Relative path bytes -> SHA-256 of every regular file that may be read."""
    found = {}
    for top, _, names in os.walk(os.fsencode(folder)):
        for name in names:
            path = os.path.join(top, name)  # noqa: PTH118
            if os.path.isfile(path) and not os.path.islink(path) and os.access(path, os.R_OK):  # noqa: PTH113, PTH114
                with open(path, "rb") as handle:  # noqa: PTH123
                    found[os.path.relpath(path, os.fsencode(folder))] = hashlib.sha256(handle.read()).hexdigest()
    return found


def n_things(folder):
    return sum(len(names) for _, _, names in os.walk(os.fsencode(folder)))


def check(tmp_path, n_good, n_bad):
    good = write_good(tmp_path / "in", n_good)
    alone, corpus, alone_seconds = build(good, tmp_path / "alone")
    assert (alone.n_inputs, alone.n_parsed) == (n_good, n_good)
    paths = set(corpus.table("sources")["path"].to_pylist())
    expected = rows_of(corpus, paths)
    bad = write_bad(tmp_path / "in", n_bad)
    summary, mixed, mixed_seconds = build(bad, tmp_path / "mixed")

    assert rows_of(mixed, paths) == expected
    assert summary.n_inputs == summary.n_parsed + summary.n_quarantined + summary.n_skipped
    lines = mixed.table("sources").to_pylist()
    assert len(lines) == summary.n_inputs >= n_good + n_bad
    outcomes = Counter(line["outcome"] for line in lines)
    assert outcomes == {"parsed": summary.n_parsed, "quarantined": summary.n_quarantined, "skipped": summary.n_skipped}
    files = {line["path_b64"]: line for line in lines}
    assert len(files) == len(lines)
    told = Counter(line["sha256"] for line in lines if line["sha256"])
    hidden = {path for path in regular_files(bad) if b"~$" in path}
    zips = {path for path in regular_files(bad) if path.endswith((b".zip", b".jsonl", b".csv", b".parquet"))}
    whole = Counter(sha for path, sha in regular_files(bad).items() if path not in hidden | zips)
    assert whole - told == Counter()
    assert all(line["reason"] and line["stage"] for line in lines if line["outcome"] == "quarantined")
    assert {line["doc_id"] is None for line in lines if line["outcome"] != "parsed"} == {True}
    reasons = Counter(line["reason"].partition(":")[0] for line in lines if line["outcome"] == "quarantined")
    assert reasons.keys() & {"deadline", "crashed", "memory"} == set(), reasons
    shutil.rmtree(tmp_path / "in", ignore_errors=True)
    return summary, reasons, alone_seconds, mixed_seconds


@pytest.mark.nightly  # the plain set has its mixed folder in test_corpus_build
def test_300_good_files_among_34_bad_ones(tmp_path):
    summary, reasons, _, _ = check(tmp_path, 300, 34)
    assert summary.n_parsed >= 300
    assert summary.n_quarantined >= 20
    assert summary.n_skipped >= 5
    assert len(reasons) >= 6


@pytest.mark.nightly
def test_10_000_good_files_among_200_bad_ones(tmp_path):
    summary, reasons, alone, mixed = check(tmp_path, 10_000, 200)
    print(f"\nCPU seconds: {alone:.1f} without the bad files, {mixed:.1f} with them; {summary}; {dict(reasons)}")
    assert mixed < 1.5 * alone + 10
