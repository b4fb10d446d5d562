"""Corpora whose topics are known: tables of counts drawn from planted topics, and reports that read like formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

N_TOPICS = 20
N_WORDS = 4_000
KINDS = ("separable", "overlapping")
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """``words`` : topics x words; ``counts`` : documents x words (sparse rows)."""

    words: Doubles
    counts: Any


def plant_words(kind: str, rng: np.random.Generator) -> Doubles:
    """Topics with words of their own (95 % of each), or half common to all (cosines between topics 0.2 to 0.7)."""
    if kind == "separable":
        size = N_WORDS // N_TOPICS
        words = np.full((N_TOPICS, N_WORDS), 0.05 / N_WORDS)
        for topic in range(N_TOPICS):
            words[topic, topic * size : (topic + 1) * size] += 0.95 * rng.dirichlet(np.full(size, 0.3))
        return words
    common = rng.dirichlet(np.full(N_WORDS, 0.05))
    own = rng.dirichlet(np.full(N_WORDS, 0.02), size=N_TOPICS)
    return np.asarray(0.5 * common + 0.5 * own)


def plant_counts(kind: str, *, n_documents: int = 2_000, n_words: int = 140, seed: int = 1) -> Planted:
    """Documents of about ``n_words`` tokens, each on few topics (Dirichlet 0.1), drawn a token at a time."""
    rng = np.random.default_rng(seed)
    words = plant_words(kind, rng)
    cumulated = np.cumsum(words, axis=1)
    blocks = []
    for start in range(0, n_documents, 10_000):
        n = min(10_000, n_documents - start)
        lengths = rng.poisson(n_words, n) + 2
        rows = np.repeat(np.arange(n), lengths)
        shares = np.cumsum(rng.dirichlet(np.full(N_TOPICS, 0.1), size=n), axis=1)
        topics = (rng.random(len(rows))[:, None] > shares[rows]).sum(axis=1).clip(max=N_TOPICS - 1)
        drawn = np.empty(len(rows), dtype=np.int64)
        for topic in range(N_TOPICS):
            of = topics == topic
            drawn[of] = np.searchsorted(cumulated[topic], rng.random(int(of.sum())) * cumulated[topic, -1])
        ones = np.ones(len(rows), dtype=np.int32)
        blocks.append(sparse.csr_array((ones, (rows, drawn.clip(max=N_WORDS - 1))), shape=(n, N_WORDS)))
    counts = sparse.csr_array(sparse.vstack(blocks))
    counts.sort_indices()
    return Planted(words, counts)


def write_reports(n_documents: int, *, seed: int = 1, n_clauses: int = 60) -> list[str]:
    """Narratives of clauses of two to five made-up words; half of the clauses come from stocks, as in formulaic prose."""
    rng = np.random.default_rng(seed)
    signs = np.array([chr(code) for code in range(0x4E00, 0x4E00 + 1_600)])
    vocabulary = np.array(["".join(pair) for pair in rng.choice(signs, (N_WORDS, 2))])
    cumulated = np.cumsum(plant_words("overlapping", rng), axis=1)

    def clause(topic: int) -> str:
        drawn = np.searchsorted(cumulated[topic], rng.random(int(rng.integers(2, 6))) * cumulated[topic, -1])
        return "的".join(vocabulary[drawn.clip(max=N_WORDS - 1)])

    stocks = [[clause(topic) for _ in range(400)] for topic in range(N_TOPICS)]
    texts = []
    for _ in range(n_documents):
        shares = rng.dirichlet(np.full(N_TOPICS, 0.1))
        topics = rng.choice(N_TOPICS, n_clauses, p=shares).tolist()
        stocked = rng.random(n_clauses) < 0.5
        places = rng.integers(0, 400, n_clauses)
        texts.append(
            "，".join(
                stocks[topic][place] if known else clause(topic)
                for topic, known, place in zip(topics, stocked.tolist(), places.tolist(), strict=True)
            )
        )
    return texts
