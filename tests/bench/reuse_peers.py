"""What others need for near-duplicates alone: ``python -m tests.bench.reuse_peers FOLDER WAY`` in an environment of theirs.

128 permutations, 32 bands of 4, character 5-grams, pairs with an estimated Jaccard index of 0.4 or more; from texts in
memory to a list of pairs. Knows nothing of gknlp. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = "1"  # one core, as all else; before rensa is loaded

import numpy as np
from datasketch import MinHash, MinHashLSH
from rensa import CMinHash, RMinHash, RMinHashLSH

N_PERM, N_BANDS, GRAM, LEAST, SEED = 128, 32, 5, 0.4, 42
N_WARM_UP = 100
Pairs = set[tuple[int, int]]


def shingle(text: str) -> list[str]:
    return [text[at : at + GRAM] for at in range(len(text) - GRAM + 1)]


def rensa_r(texts: Sequence[str]) -> Pairs:
    """RMinHash.from_token_sets, RMinHashLSH.insert_many, query_all; each candidate's estimate looked at."""
    sketches = RMinHash.from_token_sets(map(shingle, texts), N_PERM, SEED)
    index = RMinHashLSH(LEAST, N_PERM, N_BANDS)
    index.insert_many(sketches)
    return {
        (other, one)
        for one, candidates in enumerate(index.query_all(sketches))
        for other in candidates
        if other < one and sketches[one].jaccard(sketches[other]) >= LEAST
    }


def rensa_c(texts: Sequence[str]) -> Pairs:
    """CMinHash.from_token_sets alone: rensa has no index in bands for it."""
    CMinHash.from_token_sets(map(shingle, texts), N_PERM, SEED)
    return set()


def rensa_flags(texts: Sequence[str]) -> Pairs:
    """Shingles hashed by numpy, digest_matrix_from_flat_token_hashes: which texts have a candidate, not which it is."""
    hashes, bounds = hash_shingles(texts)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, bounds, N_PERM, SEED)
    index = RMinHashLSH(LEAST, N_PERM, N_BANDS)
    index.insert_matrix(matrix)
    index.query_duplicate_flags_matrix(matrix)
    return set()


def hash_shingles(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """All shingles of all texts as 64-bit hashes, and where each text's begin."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), "<u4")
    ends = np.cumsum([len(text) for text in texts])
    hashes = np.zeros(len(codes) - GRAM + 1, np.uint64)
    for at in range(GRAM):
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes += codes[at : len(codes) - GRAM + 1 + at]
    hashes ^= hashes >> np.uint64(32)
    whole = np.ones(len(hashes), np.bool_)
    for back in range(1, GRAM):
        whole[ends[:-1] - back] = False
    return hashes[whole], np.concatenate([[0], np.cumsum(np.diff(ends, prepend=0) - GRAM + 1)]).astype(np.uint64)


def datasketch_pairs(texts: Sequence[str]) -> Pairs:
    """MinHash.generator over bytes, MinHashLSH with params (32, 4); each candidate's estimate looked at."""
    tokens = ([one.encode() for one in shingle(text)] for text in texts)
    sketches = list(MinHash.generator(tokens, num_perm=N_PERM))
    index = MinHashLSH(num_perm=N_PERM, params=(N_BANDS, N_PERM // N_BANDS))
    with index.insertion_session() as session:
        for number, sketch in enumerate(sketches):
            session.insert(number, sketch, check_duplication=False)
    return {
        (other, one)
        for one, sketch in enumerate(sketches)
        for other in index.query(sketch)
        if other < one and sketch.jaccard(sketches[other]) >= LEAST
    }


WAYS: dict[str, Callable[[Sequence[str]], Pairs]] = {
    "rensa": rensa_r,
    "rensa-c": rensa_c,
    "rensa-flags": rensa_flags,
    "datasketch": datasketch_pairs,
}


def main(corpus: Path, way: str, n_documents: int, rounds: int) -> None:
    with (corpus / "texts.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, n_documents)]
    ids, texts = [row[0] for row in rows], [row[1] for row in rows]
    number = {doc_id: at for at, doc_id in enumerate(ids)}
    WAYS[way](texts[:N_WARM_UP])
    times = []
    pairs: Pairs = set()
    for _ in range(rounds):
        began = time.process_time()
        pairs = WAYS[way](texts)
        times.append(time.process_time() - began)
    near = [sorted(number[one] for one in pair) for pair in json.loads((corpus / "near.json").read_text()) if all(one in number for one in pair)]  # fmt: skip
    found = sum(tuple(pair) in pairs for pair in near)
    name = way.split("-", maxsplit=1)[0]
    json.dump(
        {
            "version": version(name),
            "seconds": statistics.median(times),
            "rounds": times,
            "n_documents": len(texts),
            "pairs": len(pairs),
            "found": found,
            "planted": len(near),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("way", choices=list(WAYS))
    parser.add_argument("--documents", type=int, default=10**9)
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args()
    main(args.corpus, args.way, args.documents, args.rounds)
