"""What things cost, measured in one run: ``make bench``.

First the formats against the libraries one would use instead, on the same files; then the rates of our own rooms;
last copied text at size (``tests.bench.reuse`` has its growth, memory and bad input).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import reuse, segmentation, topics
from tests.bench.files import write_files
from tests.bench.rooms import measure_rooms
from tests.bench.themes import measure_themes

ROOT = Path(__file__).parents[2]
N_REPORTS, ROUNDS = 20_000, 5


def main(peers: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        files = write_files(Path(place))
        compare(files, measured("tests.bench.ours", sys.executable, place), measured("tests.bench.peers", peers, place))
    print()
    for what, figure in (*measure_rooms(), *measure_themes()):
        print(f"{what:40} {figure}")
    print()
    reuse.compare(peers, N_REPORTS, ROUNDS)
    segmentation.compare()
    topics.compare(peers, N_REPORTS)


def measured(module: str, python: str | Path, folder: str) -> dict[str, Any]:
    """What a process of its own says of the files in a folder."""
    command = [str(python), "-m", module, folder]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compare(files: list[Path], ours: dict[str, Any], peers: dict[str, Any]) -> None:
    """A line for each peer's way to read a file, and each of ours: milliseconds of processor time and their ratio."""
    print("Processor time a file, medians of one run;", ", ".join(f"{k} {v}" for k, v in peers["versions"].items()))
    print(f"{'what':84} {'ours, ms':>9} {'peer, ms':>9} {'ratio':>7}")
    for file in files:
        print(f"{file.name} ({file.stat().st_size / 1000:.0f} kB)")
        for way, own in ours["figures"][file.name]:
            for what, other in peers["figures"].get(file.name, []):
                print(f"  {f'{way} / {what}':82} {own * 1e3:9.2f} {other * 1e3:9.2f} {other / own:6.1f}x")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, required=True, help="interpreter with what tests/bench/peers.txt lists")
    main(parser.parse_args().peers)
