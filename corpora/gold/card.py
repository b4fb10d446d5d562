"""Writes corpus.toml, the card of this corpus, from its files: ``python corpora/gold/card.py``; a test holds it to them."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("units.jsonl", "labels.csv", "real.csv", "passes/first.csv", "passes/second.csv", "passes/real_first.csv", "passes/real_second.csv", "passes/rulings.md", "agreement.csv")  # fmt: skip

HEAD = """# Written by card.py from the files beside it and from card.head.toml; change those, not this file.
"""


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the tables."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_agreement() -> list[dict[str, str]]:
    """Krippendorff's alpha of the passes: primary themes, sets of themes, each facet, and the theme with the least."""
    with (HERE / "agreement.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    least = min((row for row in rows if row["kind"] == "theme"), key=lambda row: float(row["alpha"]))
    chosen = [
        row for row in rows if row["kind"] != "theme" and row["distance"] != "jaccard" and row["name"] != "jaccard"
    ]
    return [*chosen, least | {"kind": "least_theme"}]


def hash_files() -> str:
    """SHA-256 of the lines `<sha256 of the file>  <name>` of every file, in the order of ``FILES``."""
    lines = [f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}\n" for name in FILES]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_card() -> str:
    """The whole card."""
    units = [json.loads(line) for line in (HERE / "units.jsonl").read_text(encoding="utf-8").splitlines()]
    labels = read_rows("labels.csv")
    primaries = Counter(row["labels"].split(";")[0] for row in labels)
    themes = Counter(code for row in labels for code in row["labels"].split(";"))
    facts = {
        "n_units": len(units),
        "n_agencies": len({unit["agency"] for unit in units}),
        "n_real_units": len(read_rows("real.csv")),
        "n_with_two_themes_or_three": sum(";" in row["labels"] for row in labels),
        "n_adjudicated": sum(row["how"] == "adjudicated" for row in labels),
        "n_real_coded_alike_in_themes": sum(
            one["labels"] == other["labels"]
            for one, other in zip(*map(read_rows, ("passes/real_first.csv", "passes/real_second.csv")), strict=True)
        ),
        "least_units_of_a_theme": min(themes.values()),
        "sha256": hash_files(),
        "sha256_how": "sha256 of the lines `<sha256 of the file>  <name>\\\\n` for " + ", ".join(FILES),
    }
    parts = [HEAD, (HERE / "card.head.toml").read_text(encoding="utf-8")]
    for row in read_agreement():
        key = "_".join(part for part in (row["kind"], row["name"].replace(" ", "_")) if part != "all")
        parts.append(f'{key} = "{float(row["alpha"]):.3f} ({float(row["low"]):.3f} to {float(row["high"]):.3f})"\n')
    parts.append("\n[counts]\n")
    parts += [
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n".replace("\\\\\\\\", "\\\\") for key, value in facts.items()
    ]
    for name, counts in (
        ("themes", themes),
        ("primary", primaries),
        ("levels", Counter(unit["level"] for unit in units)),
        ("kinds", Counter(unit["kind"] for unit in units)),
        ("styles", Counter(unit["style"] for unit in units)),
        ("years", Counter(str(unit["year"]) for unit in units)),
    ):
        parts += [f"\n[{name}]\n", *(f"{key} = {counts[key]}\n" for key in sorted(counts))]
    return "".join(parts)


if __name__ == "__main__":
    (HERE / "corpus.toml").write_text(write_card(), encoding="utf-8")
