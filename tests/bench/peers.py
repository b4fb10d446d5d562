"""What the usual libraries need for the same files: ``python -m tests.bench.peers FOLDER`` in an environment of theirs.

Prints one JSON object: versions, and for each file a list of [what was done, seconds]. Knows nothing of gknlp.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import docx
import pandas as pd
import pdfplumber

from tests.bench.timing import measure

LIBRARIES = ("pandas", "lxml", "python-docx", "pdfplumber")
Call = Callable[[Path], object]


def read_html(file: Path) -> object:
    return pd.read_html(file, flavor="lxml")


def open_docx(file: Path) -> object:
    return docx.Document(str(file))


def read_docx_rows(file: Path) -> object:
    """The text of all paragraphs and cells, by the documented way to cells."""
    document = docx.Document(str(file))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    return paragraphs, [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def read_docx_cells(file: Path) -> object:
    """The same by the attribute that scripts in a hurry use."""
    document = docx.Document(str(file))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    return paragraphs, [[cell.text for cell in table._cells] for table in document.tables]


def read_pdf(file: Path) -> object:
    with pdfplumber.open(file) as pages:
        return [(page.extract_text(), page.extract_tables()) for page in pages.pages]


CALLS: dict[str, list[tuple[str, Call]]] = {
    ".html": [("pandas.read_html(flavor='lxml'): the tables alone", read_html)],
    ".docx": [
        ("python-docx: all paragraphs, table.rows, row.cells", read_docx_rows),
        ("python-docx: all paragraphs, table._cells", read_docx_cells),
        ("python-docx: Document(file), nothing read", open_docx),
    ],
    ".pdf": [("pdfplumber: extract_text, extract_tables of each page", read_pdf)],
}


def main(folder: Path) -> None:
    figures = {
        file.name: [(what, measure(lambda: call(file))) for what, call in CALLS.get(file.suffix, [])]  # noqa: B023 - called at once
        for file in sorted(folder.iterdir())
    }
    print(json.dumps({"versions": {name: version(name) for name in LIBRARIES}, "figures": figures}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
