"""The corpus on which copied text is measured: the planted one of corpora/planted, written once, a block in memory.

Beside the texts as Parquet (for us) and as lines of JSON (for the peers' interpreter, which has no Arrow) stand the
planted near-copies whose character-5-gram Jaccard index is 0.4 or more: what a near-duplicate search must find.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "corpora" / "planted"))
from planted_parts.stream import write_documents  # noqa: E402  the recipe's folder must be on the path first

BATCH = 2_000
GRAM = 5
LEAST_JACCARD = 0.4
NEAR_KINDS = ("near", "near_self")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "text", "agency", "series", "region")),
        ("year", pa.int64()),
        ("published", pa.string()),
    ]
)
BOILERPLATE = (
    "本机关坚持把公开摆在办事之前，凡群众问得最多的事项一律先写成明白纸，由窗口人员逐条念给来访者听，念完再请其签字确认；"
    "凡涉及收费、补助、评比的名单，先在院内橱窗张贴满七日，再上网登载，期间有人提出疑问的，由经办人当面解释并把答复装订成册，"
    "册子放在值班室供人翻看。每季末由档案员把橱窗照片、登载记录和答复册核对一遍，缺一样补一样，补齐之后方可归档。\n"
)
"""About 180 characters of our own wording, for the corpus that has them in every document."""


@dataclass(frozen=True, slots=True)
class Written:
    """Where the corpus is: ``texts`` Parquet, ``lines`` JSON, ``near`` the pairs to be found."""

    texts: Path
    lines: Path
    near: Path
    n_documents: int
    n_chars: int


def write_corpus(folder: Path, n_documents: int, *, boilerplate: bool = False) -> Written:
    """Write exactly ``n_documents`` documents, ``boilerplate`` for one more paragraph at the end of each."""
    folder.mkdir(parents=True, exist_ok=True)
    files = Written(folder / "texts.parquet", folder / "texts.jsonl", folder / "near.json", n_documents, 0)
    rows = list_rows(n_documents, boilerplate=boilerplate)
    n_chars, waiting, near = 0, dict[str, str](), list[tuple[str, str]]()
    with pq.ParquetWriter(files.texts, SCHEMA) as table, files.lines.open("w", encoding="utf-8") as lines:
        while batch := list(islice(rows, BATCH)):
            table.write_table(pa.Table.from_pylist([row for row, _ in batch], schema=SCHEMA))
            lines.writelines(json.dumps([row["id"], row["text"]], ensure_ascii=False) + "\n" for row, _ in batch)
            waiting |= {row["id"]: row["text"] for row, _ in batch}
            for row, sources in batch:
                n_chars += len(row["text"])
                near += [(row["id"], one) for one in sources if measure_jaccard(row["text"], waiting.get(one, "")) >= LEAST_JACCARD]  # fmt: skip
            waiting = dict(list(waiting.items())[-2 * BATCH :])  # sources stand in the same block
    files.near.write_text(json.dumps(near), encoding="utf-8")
    return Written(files.texts, files.lines, files.near, n_documents, n_chars)


def list_rows(n_documents: int, *, boilerplate: bool = False) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each document's row with the documents it is a near-copy of."""
    for document in islice(write_documents(n_documents), n_documents):
        row = document.row()
        if boilerplate:
            row["text"] = f"{document.text}\n{BOILERPLATE}"
        sources = {str(one["source_doc_id"]) for one in document.truth_rows() if one["kind"] in NEAR_KINDS}
        yield row, sorted(sources)


def measure_jaccard(a: str, b: str) -> float:
    """Of the sets of character 5-grams."""
    first, second = ({text[at : at + GRAM] for at in range(len(text) - GRAM + 1)} for text in (a, b))
    return len(first & second) / max(len(first | second), 1)
