"""Topics beside what others find in the same corpora, what they cost at size, and whether they come back byte for byte.

    python -m tests.bench.topics --peers INTERPRETER [--documents 20000]
    python -m tests.bench.topics --units 1000000      one fit of that many short documents, and its memory

Processor time, workers' included. All topics are judged by one measure: half of each held-out document is read with our
inference and the same prior, the other half asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gknlp.features.counts import CountConfig, count_words
from gknlp.topics.lda import FittedTopics, fit_lda_batch, topics_of
from gknlp.topics.matching import find_medoid, match_topics
from gknlp.topics.measures import measure_perplexity
from gknlp.topics.runs import Order, fit_all, fit_one
from tests.bench.topics_corpus import KINDS, N_TOPICS, plant_counts, write_reports

ROOT = Path(__file__).parents[2]
N_RUNS, N_REFERENCE, MAX_ITER, TOLERANCE = 5, 3, 100, 1e-3
HELD_OUT = 0.1
FOUND = 0.9
PEERS = (
    ("gensim-counts", "LdaMulticore", 1),
    ("gensim-counts", "LdaMulticore", 20),
    ("tomotopy-counts", "LDAModel", 1000),
)
GENSIM_PASSES = (1, 5, 20)
SETTINGS = (
    {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "WORKERS": "1", "SHUFFLE": "0"},
    {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "WORKERS": "2", "SHUFFLE": "1"},
    {"PYTHONHASHSEED": "3", "OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4", "WORKERS": "5", "SHUFFLE": "2"},
)
Doubles = NDArray[np.float64]


def compare(peers: Path, n_documents: int) -> None:
    """Print quality beside the peers', cost beside gensim's, and the number of different results."""
    for kind in KINDS:
        compare_quality(peers, kind)
    compare_cost(peers, n_documents)
    hashes = reproduce()
    print(f"{len(hashes)} settings (workers, BLAS threads, order, hash seed): {len(set(hashes))} different result(s)")


def compare_quality(peers: Path, kind: str) -> None:
    """A line for each model of one planted corpus."""
    planted = plant_counts(kind)
    n_fitted = round((1 - HELD_OUT) * planted.counts.shape[0])
    fitted, held = planted.counts[:n_fitted], planted.counts[n_fitted:]
    print(f"{kind}: {N_TOPICS} planted topics, {n_fitted:,} documents fitted, {held.shape[0]} held out")
    print(f"  {'model':56} {'perplexity':>10} {'found':>7} {'mean cosine':>12} {'seconds':>8}")

    def show(name: str, topics: FittedTopics, seconds: float) -> None:
        cosine = match_topics(planted.words, topics.words).cosine
        perplexity = measure_perplexity(topics, held)
        print(
            f"  {name:56} {perplexity:10.1f} {(cosine >= FOUND).mean():7.0%} {cosine.mean():12.3f} {seconds:8.2f}",
            flush=True,
        )

    show("the planted topics themselves", topics_of(planted.words), 0.0)
    for method, n_runs in (("lda", N_RUNS), ("nmf", 1), ("reference", N_REFERENCE)):
        began = time.process_time()
        fits = fit_all(fitted, [_order(method, seed) for seed in range(n_runs)], workers=1)
        kept, _ = find_medoid([fit.words for fit in fits])
        show(f"ours: {method}, medoid of {n_runs}", fits[kept], (time.process_time() - began) / n_runs)
    with tempfile.TemporaryDirectory() as place:
        sparse.save_npz(Path(place) / "counts.npz", sparse.csr_matrix(fitted))
        for way, what, passes in PEERS:
            about = run_peer(peers, place, way, passes)
            name = f"{way.partition('-')[0]} {about['version']} {what}, {passes} passes"
            show(name, topics_of(np.load(Path(place) / f"{way}.npy")), about["fit"])


def compare_cost(peers: Path, n_documents: int) -> None:
    """Texts to counts to topics, ours and gensim's, with perplexity on the same held-out reports."""
    texts = write_reports(n_documents + n_documents // 20)
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "texts.txt").write_text("\n".join(texts[:n_documents]), encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.topics", "--fit", place]
        ours = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)
        held = texts[n_documents:]
        n_chars = sum(map(len, texts[:n_documents]))
        print(f"{n_documents:,} reports of {n_chars // n_documents} characters, {N_TOPICS} topics")
        print(f"  {'model':32} {'count, s':>9} {'fit, s':>8} {'both, s':>8} {'peak, GB':>9} {'perplexity':>11}")
        show_cost("ours", ours, np.load(Path(place) / "ours.npy"), held)
        for passes in GENSIM_PASSES:
            about = run_peer(peers, place, "gensim-texts", passes)
            words = np.load(Path(place) / "gensim-texts.npy")
            show_cost(f"gensim {about['version']}, {passes} passes, jieba", about, words, held)


def show_cost(name: str, about: dict[str, Any], words: Doubles, held: list[str]) -> None:
    """One line; held-out reports are counted over the model's own words."""
    perplexity = measure_perplexity(topics_of(words), count_over(about["columns"], held))
    both = about["count"] + about["fit"]
    print(
        f"  {name:32} {about['count']:9.1f} {about['fit']:8.1f} {both:8.1f} {about['peak'] / 1e9:9.2f} {perplexity:11.1f}",
        flush=True,
    )


def count_over(vocabulary: list[str], texts: list[str]) -> Any:
    """Documents x the given words."""
    counted = count_words(texts, config=CountConfig(min_df=1, max_df=1.0))
    place_of = {word: place for place, word in enumerate(vocabulary)}
    kept = [column for column, word in enumerate(counted.vocabulary) if word in place_of]
    part = counted.matrix[:, kept].tocoo()
    columns = np.array([place_of[counted.vocabulary[column]] for column in kept], dtype=np.int64)[part.coords[1]]
    return sparse.csr_array((part.data, (part.coords[0], columns)), shape=(len(texts), len(vocabulary)))


def fit_texts(folder: Path) -> None:
    """Our side of ``compare_cost``, a process of its own; compilation is done before, as a peer's was when it was built."""
    fit_lda_batch(plant_counts("separable", n_documents=100).counts, n_topics=4, seed=0, max_iter=12, tolerance=0.0)
    count_words(["公开培训", "公开培训"], config=CountConfig(max_df=1.0))
    texts = (folder / "texts.txt").read_text(encoding="utf-8").splitlines()
    began = time.process_time()
    counts = count_words(texts, config=CountConfig())
    counted = time.process_time()
    topics = fit_one(counts.matrix, _order("lda", 0))
    ended = time.process_time()
    np.save(folder / "ours.npy", topics.words)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    about = {"count": counted - began, "fit": ended - counted, "peak": peak, "columns": counts.vocabulary}
    json.dump(about, sys.stdout)


def measure_units(n_units: int) -> None:
    """Seconds and peak memory of one fit of many short documents, counts included in the peak."""
    counts = plant_counts("overlapping", n_documents=n_units, n_words=40).counts
    size = counts.data.nbytes + counts.indices.nbytes + counts.indptr.nbytes
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    began = time.process_time()
    topics = fit_one(counts, _order("lda", 0))
    ended = time.process_time()
    topics.infer(counts)
    inferred = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"{n_units:,} units, {counts.nnz:,} counts ({size / 1e9:.2f} GB): fit {ended - began:.0f} s in {topics.n_passes} "
        f"passes, shares {inferred - ended:.0f} s; peak {peak / 1e9:.2f} GB ({before / 1e9:.2f} GB when drawn)"
    )


def reproduce() -> list[str]:
    """The hash of all rounded tables of one corpus under settings that must not matter."""
    program = ROOT / "tests" / "topics" / "model_planted.py"
    return [
        subprocess.run(
            [sys.executable, program], cwd=ROOT, env=os.environ | one, check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()
        for one in SETTINGS
    ]


def run_peer(peers: Path, folder: str, way: str, passes: int) -> dict[str, Any]:
    """What a peer says, in an interpreter of its own."""
    command = [str(peers), "-m", "tests.bench.topics_peers", folder, way, str(passes)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _order(method: str, seed: int) -> Order:
    return Order(method, N_TOPICS, seed, MAX_ITER, TOLERANCE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, help="interpreter with what tests/bench/peers.txt lists")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--units", type=int)
    parser.add_argument("--fit", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.fit:
        fit_texts(args.fit)
    elif args.units:
        measure_units(args.units)
    elif args.peers:
        compare(args.peers, args.documents)
    else:
        parser.error("give --peers or --units")
