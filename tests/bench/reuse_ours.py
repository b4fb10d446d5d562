"""What we need for all copied text: ``python -m tests.bench.reuse_ours FOLDER``, a process of its own like the peers'.

From Arrow in memory to written tables; compilation is done before on a few documents. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gknlp.reuse import ReuseConfig, find_reuse_in_texts
from gknlp.tables import encode_parquet

N_WARM_UP = 300
Stages = dict[str, float]


def find_and_write(texts: pa.Table, folder: Path) -> tuple[Stages, dict[str, pa.Table]]:
    """Seconds of processor time by stage, and the tables."""
    began: list[tuple[str, float]] = [("read", time.process_time())]
    found = find_reuse_in_texts(
        texts, config=ReuseConfig(), progress=lambda stage: began.append((stage, time.process_time()))
    )
    began.append(("write", time.process_time()))
    for name, table in found.items():
        (folder / f"{name}.parquet").write_bytes(encode_parquet(table))
    began.append(("", time.process_time()))
    return {name: after - at for (name, at), (_, after) in pairwise(began)}, found


def main(corpus: Path, rounds: int) -> None:
    began = time.process_time()
    with tempfile.TemporaryDirectory() as place:
        find_and_write(pq.read_table(corpus / "texts.parquet").slice(0, N_WARM_UP), Path(place))
        compiled = time.process_time() - began
        texts = pq.read_table(corpus / "texts.parquet").combine_chunks()
        before = resident()
        stages, found = find_and_write(texts, Path(place))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        every = [stages]
        pairs = {
            frozenset(pair)
            for pair in zip(found["pairs"]["doc_a"].to_pylist(), found["pairs"]["doc_b"].to_pylist(), strict=True)
        }
        n_rows = {name: table.num_rows for name, table in found.items()}
        del found
        every += [find_and_write(texts, Path(place))[0] for _ in range(rounds - 1)]
    near = [frozenset(pair) for pair in json.loads((corpus / "near.json").read_text(encoding="utf-8"))]
    json.dump(
        {
            "seconds": statistics.median(sum(one.values()) for one in every),
            "rounds": [sum(one.values()) for one in every],
            "stages": {name: statistics.median(one[name] for one in every) for name in stages},
            "first_call": compiled,
            "peak": peak,
            "before": before,
            "found": sum(pair in pairs for pair in near),
            "planted": len(near),
            "rows": n_rows,
        },
        sys.stdout,
    )


def resident() -> int:
    """Bytes of this process in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args()
    main(args.corpus, args.rounds)
