"""A build killed anywhere: calling it again gives what an uninterrupted one gives, nothing lost, nothing doubled."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from corpus_fakes import build, digest_of, write_reports, write_tree

from gknlp.corpus.corpus import Corpus

pytestmark = pytest.mark.nightly  # processes that are killed and started again: slow by nature

N_REPORTS = 10
SCRIPT = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    import corpus_fakes, gknlp.corpus.build, gknlp.corpus.chain, gknlp.corpus.store, gknlp.corpus.writer
    owner, name, nth, when = sys.argv[3:]
    place = getattr(gknlp.corpus, owner)
    if "." in name:
        holder, name = name.split(".")
        place = getattr(place, holder)
    original, calls = getattr(place, name), []

    def trap(*args, **more):
        calls.append(None)
        if when == "before" and len(calls) == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **more)
        if when == "after" and len(calls) == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(place, name, trap)
    corpus_fakes.build(Path(sys.argv[1]), Path(sys.argv[2]), chunk_batches=1)
""")


def kill_at(folder, to, *point):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-", folder, to, *point], input=SCRIPT.encode(), env=environment, check=False
    )
    assert done.returncode == -9


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    top = tmp_path_factory.mktemp("whole")
    folder = write_tree(write_reports(top / "in", N_REPORTS), {"0/bad.txt": "RAISE", ".x": ""})
    build(folder, top / "c", chunk_batches=1)
    return folder, top / "c"


@pytest.mark.parametrize(
    ("point", "n_before"),
    [
        (("build", "_Build._take", "2", "before"), 1),
        (("store", "_write_segment", "9", "after"), 0),
        (("chain", "_create_exclusively", "2", "before"), 1),
        (("chain", "_create_exclusively", "2", "after"), 2),
        (("writer", "write_manifest", "3", "after"), 3),
    ],
)
def test_a_killed_build_goes_on(whole, tmp_path, point, n_before):
    folder, expected = whole
    to = tmp_path / "c"
    kill_at(folder, to, *point)
    assert len(list((to / "manifests").iterdir())) == n_before
    if n_before:
        assert Corpus.open(to).table("reports").num_rows <= N_REPORTS
    build(folder, to, chunk_batches=1)
    assert Corpus.open(to).hash == Corpus.open(expected).hash
    assert digest_of(to / "segments") == digest_of(expected / "segments")
    assert list((to / "aside").iterdir()) == []
    assert Corpus.open(to).table("reports").num_rows == N_REPORTS


def test_a_corpus_is_readable_while_and_after_a_later_build_is_killed(whole, tmp_path):
    folder = tmp_path / "in"
    write_reports(folder, 3)
    build(folder, tmp_path / "c")
    before = Corpus.open(tmp_path / "c").hash
    write_reports(folder, N_REPORTS)
    kill_at(folder, tmp_path / "c", "chain", "_create_exclusively", "1", "before")
    assert Corpus.open(tmp_path / "c").hash == before
    build(folder, tmp_path / "c")
    assert Corpus.open(tmp_path / "c").table("reports").num_rows == N_REPORTS
    assert Path(tmp_path / "c/manifests/00000002.json").exists()
