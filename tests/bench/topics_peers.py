"""What gensim and tomotopy make of the same counts or texts: ``python -m tests.bench.topics_peers FOLDER WAY PASSES``.

Runs in an environment of theirs and knows nothing of gknlp. Reads counts.npz, or texts.txt (a report a line) for the way
that ends in -texts; writes WAY.npy (topics x words); prints one JSON object. Seconds are processor time, workers' included.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

N_TOPICS = 20
SEED = 1


def main(folder: Path, way: str, passes: int) -> None:
    library = way.partition("-")[0]
    tokens, n_words, columns = read_texts(folder) if way.endswith("-texts") else read_counts(folder)
    read = seconds()
    words = (fit_gensim if library == "gensim" else fit_tomotopy)(tokens, n_words, passes)
    fitted = seconds()
    np.save(folder / f"{way}.npy", words)
    peak = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ) * 1024
    about = {"version": version(library), "count": read, "fit": fitted - read, "peak": peak, "columns": columns}
    json.dump(about, sys.stdout)


def read_counts(folder: Path) -> tuple[list[list[tuple[int, int]]], int, None]:
    """Bags of (word, count)."""
    counts = sparse.csr_matrix(sparse.load_npz(folder / "counts.npz"))
    return list(bags(counts)), counts.shape[1], None


def read_texts(folder: Path) -> tuple[list[list[tuple[int, int]]], int, list[str]]:
    """Bags of the words that jieba cuts, with the bounds that we use."""
    import jieba
    from gensim.corpora import Dictionary

    texts = (folder / "texts.txt").read_text(encoding="utf-8").splitlines()
    cut = [[word for word in jieba.lcut(text) if len(word) > 1] for text in texts]
    dictionary = Dictionary(cut)
    dictionary.filter_extremes(no_below=2, no_above=0.9, keep_n=None)
    return (
        [dictionary.doc2bow(words) for words in cut],
        len(dictionary),
        [dictionary[i] for i in range(len(dictionary))],
    )


def bags(counts: Any) -> Iterator[list[tuple[int, int]]]:
    for row in range(counts.shape[0]):
        part = slice(counts.indptr[row], counts.indptr[row + 1])
        yield list(zip(counts.indices[part].tolist(), counts.data[part].tolist(), strict=True))


def fit_gensim(tokens: list[list[tuple[int, int]]], n_words: int, passes: int) -> Any:
    from gensim.models import LdaMulticore

    names = {i: str(i) for i in range(n_words)}
    model = LdaMulticore(tokens, num_topics=N_TOPICS, id2word=names, passes=passes, random_state=SEED, workers=1)
    return model.get_topics()


def fit_tomotopy(tokens: list[list[tuple[int, int]]], n_words: int, passes: int) -> Any:
    import tomotopy

    model = tomotopy.LDAModel(k=N_TOPICS, seed=SEED)
    for bag in tokens:
        model.add_doc([str(word) for word, n in bag for _ in range(n)])
    model.train(passes, workers=1)
    words = np.zeros((N_TOPICS, n_words))
    columns = [int(word) for word in model.used_vocabs]
    for topic in range(N_TOPICS):
        words[topic, columns] = model.get_topic_word_dist(topic)
    return words


def seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
