"""The made-up corpus, modelled whole; run as a program, it prints a hash of the tables under the settings it is given."""

import os
import random

from planted import ROUGH, hash_tables, make_tables

from gknlp.tables import table_of
from gknlp.topics import ModelConfig, SweepConfig, model_topics, sweep_topics

MODEL = ModelConfig(n_topics=ROUGH.n_topics, n_words=6, max_iter=14, tolerance=0.0, n_runs=4)
SWEEP = SweepConfig(grid=(2, 3, 5), n_words=6, max_iter=14, n_runs=3)
NMF = ModelConfig(n_topics=3, n_words=6, n_runs=3, method="nmf")


def make_corpus():
    tables = make_tables()
    rows = tables["units"].to_pylist()
    stretches = [
        {
            "doc_id": row["doc_id"],
            "start": row["start"],
            "end": row["start"] + 8,
            "stratum": ("mandated", "viral")[i % 2],
        }
        for i, row in enumerate(rows)
    ]
    rest = [{**row, "start": row["start"] + 8, "stratum": "original"} for row in rows]
    places = [{key: row[key] for key in ("doc_id", "start", "end", "stratum")} for row in rest]
    return {**tables, "stretches": table_of("stretches", [*stretches, *places])}


def shuffle(tables, seed):
    rng = random.Random(seed)
    return {name: table.take(rng.sample(range(len(table)), len(table))) for name, table in tables.items()}


def hash_all(tables, workers):
    made = [model_topics(tables, config=config, workers=workers) for config in (MODEL, NMF)]
    made.append(sweep_topics(tables, config=SWEEP, workers=workers))
    return "-".join(hash_tables(one)[:16] for one in made)


if __name__ == "__main__":
    corpus = make_corpus()
    seed = int(os.environ.get("SHUFFLE", "0"))
    print(hash_all(shuffle(corpus, seed) if seed else corpus, int(os.environ.get("WORKERS", "1"))))
