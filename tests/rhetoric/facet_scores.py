"""Facets against the labels of corpora/gold: precision and recall a facet, on the half that rules were written with and on the other.

The halves are drawn by a hash of the agency, so that no agency stands in both: `development` was read while the rules
were written, `held_out` never. ``python -m tests.rhetoric.facet_scores`` prints the table of the held-out half;
``--half development --errors modality`` shows what went wrong, which the held-out half refuses to show.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gknlp.rhetoric.decide import decide_facets
from gknlp.rhetoric.learned.model import FacetModel, load_model
from gknlp.rhetoric.marks import Facets, Place
from gknlp.rhetoric.pipeline import build_pipeline, read_texts

GOLD = Path(__file__).parents[2] / "corpora" / "gold"
HALVES = ("development", "held_out")
FACETS = ("modality", "specificity", "valence", "hedge", "actor")
PLACE = ("section", "part", "agency", "level", "kind", "year")


@dataclass(frozen=True)
class Score:
    """Hits, marks given and marks due of one value, or of all values of a facet (micro)."""

    hits: int
    given: int
    due: int

    @property
    def precision(self) -> float:
        return self.hits / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.due if self.due else 1.0


def half_of(agency: str) -> str:
    """The half that an agency's units belong to.

    >>> half_of("青禾县人民政府") in HALVES
    True
    """
    return HALVES[hashlib.blake2b(agency.encode(), digest_size=8).digest()[0] % 2]


def load_gold(folder: Path = GOLD) -> list[tuple[dict, dict]]:
    """Units with their labels, in order of id; [] where the corpus is not there."""
    if not (folder / "labels.csv").is_file():
        return []
    with (folder / "labels.csv").open(encoding="utf-8-sig", newline="") as handle:
        labels = {row["id"]: row for row in csv.DictReader(handle)}
    lines = (folder / "units.jsonl").read_text(encoding="utf-8").splitlines()
    units = [json.loads(line) for line in lines if line.strip()]
    return [(unit, labels[unit["id"]]) for unit in units if unit["id"] in labels]


def find_unit_facets(units: Sequence[Mapping], *, model: FacetModel | None = None) -> list[Facets]:
    """The facets of each unit, in order: by rules alone, or with a model."""
    texts = sorted({unit["text"] for unit in units})
    readings = dict(zip(texts, read_texts(build_pipeline(), texts), strict=True))
    return [
        decide_facets(unit["text"], readings[unit["text"]], Place(**{key: unit[key] for key in PLACE}), model=model)
        for unit in units
    ]


def values_of(facets: Facets | Mapping, facet: str) -> frozenset[str]:
    """The values of one facet as a set, of what was found or of a row of labels.

    >>> sorted(values_of({"specificity": "number;date"}, "specificity")), values_of({"specificity": ""}, "specificity")
    (['date', 'number'], frozenset())
    """
    if isinstance(facets, Facets):
        found = getattr(facets, facet)
        values = found if facet == "specificity" else (str(int(found)),) if facet == "hedge" else (found,)
    else:
        values = (facets[facet] or "").split(";")
    return frozenset(value.strip() for value in values if value.strip())


def score_values(found: Iterable[frozenset[str]], due: Iterable[frozenset[str]]) -> dict[str, Score]:
    """A Score for each value, and ``micro`` over all.

    >>> scores = score_values([frozenset("a"), frozenset("ab")], [frozenset("a"), frozenset("b")])
    >>> scores["micro"], scores["a"].precision
    (Score(hits=2, given=3, due=2), 0.5)
    """
    hits, given, wanted = Counter(), Counter(), Counter()
    for got, right in zip(found, due, strict=True):
        hits.update(got & right)
        given.update(got)
        wanted.update(right)
    scores = {value: Score(hits[value], given[value], wanted[value]) for value in sorted(given | wanted)}
    return {"micro": Score(hits.total(), given.total(), wanted.total()), **scores}


def macro_of(scores: Mapping[str, Score]) -> tuple[float, float]:
    """Precision and recall as means over values, each value counting alike.

    >>> macro_of({"micro": Score(3, 4, 4), "a": Score(1, 2, 1), "b": Score(2, 2, 3)})
    (0.75, 0.8333333333333333)
    """
    values = [score for value, score in scores.items() if value != "micro"]
    return sum(s.precision for s in values) / len(values), sum(s.recall for s in values) / len(values)


def score_facets(
    pairs: Sequence[tuple[Mapping, Mapping]], *, model: FacetModel | None = None
) -> dict[str, dict[str, Score]]:
    """Scores by facet and value for units and their labels."""
    found = find_unit_facets([unit for unit, _ in pairs], model=model)
    return {
        facet: score_values(
            [values_of(facets, facet) for facets in found], [values_of(label, facet) for _, label in pairs]
        )
        for facet in FACETS
    }


def take_half(pairs: Sequence[tuple[Mapping, Mapping]], half: str) -> list[tuple[Mapping, Mapping]]:
    return [pair for pair in pairs if half_of(pair[0]["agency"]) == half]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="held_out")
    parser.add_argument("--errors", choices=FACETS)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--model", default="facets-v1", help="the shipped model, or '' for rules alone")
    options = parser.parse_args(argv)
    pairs = take_half(load_gold(options.gold), options.half)
    model = load_model(options.model) if options.model else None
    if options.errors:
        if options.half != "development":
            parser.error("errors are shown for the development half only; the other is never looked at")
        for (unit, label), facets in zip(
            pairs, find_unit_facets([unit for unit, _ in pairs], model=model), strict=True
        ):
            got, right = values_of(facets, options.errors), values_of(label, options.errors)
            if got != right:
                print(
                    f"{unit['id']} {label['labels']} found {';'.join(sorted(got))} due {';'.join(sorted(right))} | {unit['text']}"
                )
        return
    print(f"{options.half}: {len(pairs)} units")
    for facet, scores in score_facets(pairs, model=model).items():
        for value, score in scores.items():
            print(f"{facet:12} {value:14} precision {score.precision:.3f} recall {score.recall:.3f} due {score.due}")


if __name__ == "__main__":
    main()
