"""Write a corpus of fictional narratives with planted copies and their exact truth, of any size, in constant memory.

    python corpora/planted/recipe.py FOLDER [--documents 300] [--seed planted.1] [--tables]
    python corpora/planted/recipe.py --measure [--reports FOLDER_OF_REPORTS]
    python corpora/planted/recipe.py --collisions [--documents 300]

The first writes documents.jsonl (what `gknlp reuse find` takes), truth.jsonl, references.jsonl and prints the hash of
corpus.toml. The second prints how alike unrelated texts are; the third how much of the background is equal by chance.
Needs only the standard library; the same bytes on every run and every Python >= 3.11.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from planted_parts.measure import count_collisions, list_jaccards  # noqa: E402  the folder beside this file must be on the path first
from planted_parts.stream import SEED, write_documents, write_references  # noqa: E402

MEASURED = 60
"""Documents of the background between which pairs are drawn."""
NARRATIVE = ("preamble", "overview", "problems_improvements", "other_matters")


def write_corpus(folder: Path, n_documents: int, seed: str, *, tables: bool) -> str:
    """Write the three files; the sha256 over all rows (that of the default corpus is in corpus.toml)."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with (
        (folder / "documents.jsonl").open("w", encoding="utf-8", newline="\n") as texts,
        (folder / "truth.jsonl").open("w", encoding="utf-8", newline="\n") as truth,
    ):
        for document in write_documents(n_documents, seed=seed, tables=tables):
            for file, rows in ((texts, [document.row()]), (truth, document.truth_rows())):
                for row in rows:
                    line = json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"
                    file.write(line)
                    digest.update(line.encode())
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in write_references(seed)]
    (folder / "references.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")
    return digest.hexdigest()


def measure(reports: Path | None) -> list[str]:
    """Lines about the 5-gram Jaccard index of unrelated pairs: this corpus, and the reports of a folder."""
    lines = ["character-5-gram Jaccard of unrelated pairs     pairs     least    median      most"]
    for name, tables in (("planted, narratives", False), ("planted, with tables", True)):
        documents = write_documents(5 * MEASURED, plants=False, tables=tables)
        lines.append(_print_jaccards(name, [one.text for one in documents if one.year == 2021]))
    if reports:
        paths = sorted(reports.glob("*.txt"))
        lines.append(_print_jaccards("reports, narratives", [_cut_narrative(path) for path in paths]))
        lines.append(_print_jaccards("reports, with tables", [path.read_text(encoding="utf-8") for path in paths]))
    return lines


def _cut_narrative(path: Path) -> str:
    """The narrative of a report as the library understands it; this alone needs gknlp."""
    from gknlp.parse import parse_report
    from gknlp.readers import read_file

    report = parse_report(read_file(path))
    kept = [one for one in report.sections if one.key in NARRATIVE]
    return "\n".join(report.text[one.span.start : one.span.end] for one in kept)


def _print_jaccards(name: str, texts: Sequence[str]) -> str:
    found = list_jaccards(texts)
    if not found:
        return f"{name:44} {0:8}"
    return f"{name:44} {len(found):8} {found[0]:9.4f} {found[len(found) // 2]:9.4f} {found[-1]:9.4f}"


def main(argv: list[str]) -> int:
    """Write, or measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--collisions", action="store_true")
    args = parser.parse_args(argv)
    if args.measure:
        print("\n".join(measure(args.reports)))
    elif args.collisions:
        hit, n = count_collisions(write_documents(args.documents, seed=args.seed, plants=False))
        print(
            f"{hit} of {n} characters of own text ({hit / n:.6f}) stand in runs of 20 that another document has by chance"
        )
    elif args.folder:
        print(write_corpus(args.folder, args.documents, args.seed, tables=args.tables))
    else:
        parser.error("name a FOLDER to write to, or --measure, or --collisions")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
