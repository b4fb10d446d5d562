"""Copied text at size, beside what others need for near-duplicates alone.

    python -m tests.bench.reuse --peers INTERPRETER [--documents 20000] [--rounds 5]
    python -m tests.bench.reuse --sizes 10000,100000     growth, and memory, with and without wording common to all
    python -m tests.bench.reuse --bad                    bad input

Processor time throughout; what compilers and readers of files need is left out on both sides.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.reuse_corpus import Written, write_corpus

ROOT = Path(__file__).parents[2]
N_SLOW = 20_000
"""Documents that the slowest peer is given; its time for all is that, times their number (sketches are linear)."""
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""On both sides: memory once had is kept. Some virtual machines hand what is freed back to their host, and a gigabyte had
anew then costs up to two seconds of processor time, more than most of what is measured here."""
PEERS = (
    ("rensa", "RMinHash.from_token_sets, RMinHashLSH, pairs"),
    ("rensa-c", "CMinHash.from_token_sets alone"),
    ("rensa-flags", "shingles hashed by numpy; flags, no pairs"),
    ("datasketch", "MinHash.generator, MinHashLSH, pairs"),
)


def compare(peers: Path, n_documents: int, rounds: int) -> None:
    """Print our time for everything, each peer's for near-duplicates, and the ratios."""
    with tempfile.TemporaryDirectory() as place:
        corpus = write_corpus(Path(place), n_documents)
        ours = run_ours(corpus, rounds)
        print(
            f"Copied text in {n_documents:,} reports of {corpus.n_chars // max(n_documents, 1):,} characters: "
            f"processor time, medians of {rounds}; peers: 128 permutations, 32 bands of 4, character 5-grams, J >= 0.4"
        )
        print_ours(corpus, ours)
        print(f"{'peer':60} {'seconds':>9} {'ratio':>7} {'planted near-duplicates found':>30}")
        for way, what in PEERS:
            slow = way == "datasketch"
            asked = min(N_SLOW, n_documents) if slow else n_documents
            peer = run_peer(peers, corpus, way, asked, 1 if slow else rounds)
            seconds = peer["seconds"] * n_documents / max(peer["n_documents"], 1)
            note = f" (x{n_documents / asked:.0f} from {asked:,}, 1 round)" if slow and asked < n_documents else ""
            found = f"{peer['found']} of {peer['planted']}" if peer["pairs"] else "-"
            named = f"{way} {peer['version']}: {what}"
            print(f"{named:60} {seconds:9.2f} {seconds / ours['seconds']:6.1f}x {found:>30}{note}")


def grow(sizes: list[int]) -> None:
    """Print seconds and peak memory at each size, without and with a paragraph that every document has."""
    for boilerplate in (False, True):
        print("one paragraph in every document" if boilerplate else "as planted")
        last: tuple[int, float] | None = None
        for size in sizes:
            with tempfile.TemporaryDirectory() as place:
                corpus = write_corpus(Path(place), size, boilerplate=boilerplate)
                ours = run_ours(corpus, 1)
            print_ours(corpus, ours)
            if last:
                print(f"  {size / last[0]:.1f} times the documents, {ours['seconds'] / last[1]:.1f} times the time")
            last = size, ours["seconds"]


def print_ours(corpus: Written, ours: dict[str, Any]) -> None:
    """A few lines on one of our runs."""
    stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in ours["stages"].items())
    rows = ", ".join(f"{n:,} {name}" for name, n in ours["rows"].items())
    print(
        f"ours, {corpus.n_documents:,} documents: {ours['seconds']:.2f} s ({', '.join(f'{one:.2f}' for one in ours['rounds'])}), "
        f"{corpus.n_chars / ours['seconds'] / 1e6:.1f} million characters a second; peak {ours['peak'] / 1e9:.2f} GB "
        f"({ours['before'] / 1e9:.2f} GB with texts loaded); near-duplicates found: {ours['found']} of {ours['planted']}"
    )
    print(f"  {stages}; first call with warm-up {ours['first_call']:.1f} s")
    print(f"  {rows}")


def run_ours(corpus: Written, rounds: int) -> dict[str, Any]:
    """What a process of its own says of the corpus."""
    return read([sys.executable, "-m", "tests.bench.reuse_ours", str(corpus.texts.parent), "--rounds", str(rounds)])


def run_peer(peers: Path, corpus: Written, way: str, n_documents: int, rounds: int) -> dict[str, Any]:
    """What a peer says, in an interpreter of its own."""
    options = ["--documents", str(n_documents), "--rounds", str(rounds)]
    return read([str(peers), "-m", "tests.bench.reuse_peers", str(corpus.texts.parent), way, *options])


def read(command: list[str]) -> dict[str, Any]:
    """The JSON that a command prints."""
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | KEEP_MEMORY, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, help="interpreter with what tests/bench/peers.txt lists")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=lambda text: [int(one) for one in text.split(",")])
    parser.add_argument("--bad", action="store_true")
    args = parser.parse_args()
    if args.bad:
        from tests.bench.reuse_bad import measure_all

        for line in measure_all():
            print(line, flush=True)
    elif args.sizes:
        grow(args.sizes)
    elif args.peers:
        compare(args.peers, args.documents, args.rounds)
    else:
        parser.error("give --peers, --sizes or --bad")


if __name__ == "__main__":
    main()
