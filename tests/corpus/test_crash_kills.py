"""A build killed at 100 random moments, with its workers or without them: in the end nothing is lost, doubled or left."""

import os
import subprocess
import sys
import textwrap

import pytest
from corpus_fakes import digest_of, options, write_reports, write_tree

from gknlp.corpus.build import build_corpus
from gknlp.corpus.corpus import Corpus
from gknlp.engine.base import Limits

N_REPORTS, N_KILLS, SEED = 300, 100, 20211
SCRIPT = textwrap.dedent("""
    import os, random, signal, sys, time
    from pathlib import Path
    from corpus_fakes import options
    from gknlp.corpus.build import build_corpus
    from gknlp.engine.base import Limits
    import gknlp.corpus.ingest, pyarrow.parquet

    folder, top, n_kills, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    chance = random.Random(seed)

    def members(session):
        found = []
        for name in os.listdir("/proc"):
            try:
                fields = open(f"/proc/{name}/stat").read().rpartition(")")[2].split()
            except (OSError, NotADirectoryError):
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(name))
        return found

    rounds = kills = 0
    finished = True
    while kills < n_kills or not finished:
        rounds += finished
        finished = False
        child = os.fork()
        if child == 0:
            os.setsid()
            more = options(chunk_batches=1, limits=Limits(batch_size=10))
            build_corpus([folder], top / f"c{rounds}", options=more)
            os._exit(0)
        until = time.monotonic() + chance.uniform(0.05, 1.5)
        alone = chance.random() < 0.3
        while kills < n_kills and time.monotonic() < until and not finished:
            done, status = os.waitpid(child, os.WNOHANG)
            finished = bool(done)
            time.sleep(0.005)
        if not finished and kills < n_kills:
            kills += 1
            try:
                (os.kill if alone else os.killpg)(child, signal.SIGKILL)
            except ProcessLookupError:
                os.kill(child, signal.SIGKILL)  # not yet the head of its own session
        if not finished:
            _, status = os.waitpid(child, 0)
            finished = status == 0
        assert status in (0, signal.SIGKILL), status
        patience = time.monotonic() + 60
        while members(child):
            assert time.monotonic() < patience, f"left behind: {members(child)}"
            time.sleep(0.01)
    print(rounds, kills)
""")


@pytest.mark.nightly
def test_a_build_killed_a_hundred_times(tmp_path):
    folder = write_tree(write_reports(tmp_path / "in", N_REPORTS), {"0/bad.txt": "RAISE", "1/bad.bin": b"\0", ".x": ""})
    build_corpus([folder], tmp_path / "whole", options=options(chunk_batches=1, limits=Limits(batch_size=10)))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, folder, tmp_path, str(N_KILLS), str(SEED)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    rounds, kills = map(int, done.stdout.split())
    assert kills == N_KILLS
    assert rounds >= 1, "builds end between the kills"
    expected = Corpus.open(tmp_path / "whole").hash
    for number in range(1, rounds + 1):
        to = tmp_path / f"c{number}"
        assert Corpus.open(to).hash == expected
        for kept in ("segments", "manifests"):
            assert digest_of(to / kept) == digest_of(tmp_path / "whole" / kept)
        assert list((to / "aside").iterdir()) == []
        assert Corpus.open(to).table("reports").num_rows == N_REPORTS
