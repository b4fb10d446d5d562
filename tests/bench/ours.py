"""What we need for the same files: ``python -m tests.bench.ours FOLDER``, a process of its own like the peers'.

Prints one JSON object: for each file a list of [what was done, seconds].
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from gknlp.parse import parse_report
from gknlp.readers import read_file
from tests.bench.timing import measure


def read(file: Path) -> object:
    """From the file to its text with all grids, and its identity."""
    return read_file(file)


def read_and_parse(file: Path) -> object:
    """From the file to the report: sections, units, every cell with its key and value."""
    return parse_report(read_file(file))


CALLS: list[tuple[str, Callable[[Path], object]]] = [("read_file", read), ("read_file, parse_report", read_and_parse)]


def main(folder: Path) -> None:
    files = sorted(folder.iterdir())
    figures = {file.name: [(what, measure(lambda: call(file))) for what, call in CALLS] for file in files}  # noqa: B023 - called at once
    print(json.dumps({"figures": figures}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
