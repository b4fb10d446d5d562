"""The reference part of ARCHITECTURE.md, written from the schemas and from one small run (two fictional reports).

``python -m tests.docs.reference`` rewrites what stands between the two markers.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from gknlp.corpus import Corpus, build_corpus
from gknlp.experiment import load_experiment, run_experiment
from gknlp.schemas import CORPUS, DERIVED, RESULTS
from tests.sample import OVERVIEW, ROOT, SAMPLE

BEGIN, END = "<!-- reference: begin (make reference) -->", "<!-- reference: end -->"
_LONGEST = 48
_EXAMPLES = ("2021/muling-finance.txt", "2022/muling-finance.txt", "2022/muling-market.txt")


def write_reference() -> None:
    file = ROOT / "ARCHITECTURE.md"
    text = file.read_text("utf-8")
    head, rest = text.split(BEGIN)
    file.write_text(head + BEGIN + "\n\n" + make_reference() + "\n" + END + rest.split(END)[1], encoding="utf-8")


def make_reference() -> str:
    with tempfile.TemporaryDirectory() as place:
        run = Path(place) / "run"
        build_corpus([SAMPLE / "reports" / name for name in _EXAMPLES], Path(place) / "corpus")
        run_experiment(
            load_experiment(OVERVIEW),
            Corpus.open(Path(place) / "corpus"),
            run,
            card={"title": "three fictional reports", "fictional": True},
        )
        return "\n".join([*_tables(run), *_files(run)])


def _tables(run: Path) -> list[str]:
    lines = [
        "### Tables",
        "",
        "Corpus tables first, then those derived from its files, then results; one example row each, long texts cut.",
        "",
        "| table | columns | example |",
        "| --- | --- | --- |",
    ]
    for name, schema in {**CORPUS, **DERIVED, **RESULTS}.items():
        file = run / "tables" / f"{name}.parquet"
        rows = pq.read_table(file, partitioning=None).to_pylist() if file.is_file() else []
        full = max(rows, key=lambda row: sum(value not in (None, []) for value in row.values()), default=None)
        example = json.dumps(_cut(full), ensure_ascii=False).replace("|", "\\|") if full else "(no row in this run)"
        columns = " ".join(f"`{column}`" for column in schema.names)
        lines.append(f"| `{name}` | {columns} | `{example}` |")
    return lines


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut(item) for item in value[:3]]
    if isinstance(value, str):
        flat = " ".join(value.replace("`", "'").split())
        return flat[:_LONGEST] + "…" if len(flat) > _LONGEST else flat
    return value


def _files(run: Path) -> list[str]:
    lines = [
        "",
        "### experiment.toml",
        "",
        "```toml",
        (OVERVIEW / "experiment.toml").read_text("utf-8").rstrip(),
        "```",
    ]
    return [
        *lines,
        "",
        "### manifest.json",
        "",
        "```json",
        (run / "manifest.json").read_text("utf-8").rstrip(),
        "```",
        "",
    ]


if __name__ == "__main__":
    write_reference()
