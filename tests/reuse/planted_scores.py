"""Print how much of the planted truth is found. ``python -m tests.reuse.planted_scores [DOCUMENTS] [--misses|--null|--curve|--sweep]``

--misses tells what was missed, by kind, length and edits, with examples; --null what min_passage costs where nothing was
copied; --curve how recall falls beyond what the floors ask; --sweep what one parameter changes. --raise writes the scores into floors.json; where one would
fall, only --because REASON lets it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping

from gknlp.reuse import ReuseConfig
from gknlp.schemas import STRATA
from tests.reuse.plagdet import Case, score_detections
from tests.reuse.planted import (
    PASSAGE_KINDS,
    Bench,
    count_confusion,
    label_characters,
    list_cases,
    list_detections,
    measure_scores,
    run_bench,
)
from tests.reuse.planted_floors import GATES, load_floors, move_floors, write_floors
from tests.reuse.planted_null import format_curve, format_null

LENGTH_BINS = (60, 80, 100, 150, 200, 300, 400, 1000)
EDIT_BINS = (0.0, 0.02, 0.04, 0.06, 0.08, 1.0)
EXAMPLES = 12
SWEEP: dict[str, tuple[int, ...]] = {
    "shingle_length": (8, 10, 12, 16),
    "max_gap": (0, 4, 8, 12, 16),
    "min_passage": (14, 16, 20, 24, 30),
}
SWEPT = (
    "case recall",
    "character recall",
    "granularity",
    "precision",
    "near-copy character recall",
    "macro f1",
    "f1 viral",
)


def format_scores(scores: Mapping[str, float]) -> str:
    """One score a line, with what was promised."""
    return "\n".join(
        f"{name:42}{score:8.4f}" + (f"   promised {GATES[name]}" if name in GATES else "")
        for name, score in scores.items()
    )


def format_misses(bench: Bench) -> str:
    """Recall by kind, length and edits; strata confused with each other; passages that were missed or cut short."""
    cases = list_cases(bench.documents, PASSAGE_KINDS)
    detections = list_detections(bench.found["passages"])
    groups: dict[str, list[Case]] = defaultdict(list)
    for case, row in cases:
        groups[f"kind {row['kind']}"].append(case)
        groups[f"length up to {min(one for one in LENGTH_BINS if len(case.at) <= one)}"].append(case)
        groups[f"edits up to {min(one for one in EDIT_BINS if row['edits'] <= one)}"].append(case)
    lines = ["group                        cases     found  characters"]
    for name, own in sorted(groups.items()):
        scores = score_detections(own, detections)
        lines.append(f"{name:28}{len(own):6}{scores.cases:10.4f}{scores.chars:12.4f}")
    confusion = count_confusion(*label_characters(bench))
    lines += [
        "",
        "characters by true (row) and found (column) stratum",
        " " * 12 + "".join(f"{name:>12}" for name in STRATA),
    ]
    lines += [f"{name:12}" + "".join(f"{n:12}" for n in confusion[i]) for i, name in enumerate(STRATA)]
    lines += ["", "worst passages: share of characters found, kind, edits, text"]
    texts = {document.doc_id: document.text for document in bench.documents}
    scored = sorted(
        (score_detections([case], [one for one in detections if one.at.doc_id == case.at.doc_id]).chars, number)
        for number, (case, _) in enumerate(cases[:5000])
    )
    for share, number in scored[:EXAMPLES]:
        case, row = cases[number]
        text = texts[case.at.doc_id][case.at.start : case.at.end].replace("\n", "/")
        lines.append(f"{share:.3f} {row['kind']:9}{row['edits']:.3f} {text}")
    return "\n".join(lines)


def format_sweep(n_documents: int) -> str:
    """The main scores while one parameter moves and the others keep their defaults."""
    lines = [f"{'':22}" + "".join(f"{name:>28}" for name in SWEPT)]
    for name, values in SWEEP.items():
        for value in values:
            scores = measure_scores(run_bench(n_documents, ReuseConfig(**{name: value})))
            lines.append(f"{name:18}{value:4}" + "".join(f"{scores[one]:28.4f}" for one in SWEPT))
    return "\n".join(lines)


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("documents", nargs="?", type=int, default=300)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--null", action="store_true")
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--raise", action="store_true", dest="raised")
    parser.add_argument("--because", default="")
    args = parser.parse_args()
    if args.null or args.curve or args.sweep:
        n = args.documents
        print(format_null(n) if args.null else format_curve() if args.curve else format_sweep(n))
        return
    bench = run_bench(args.documents)
    if args.misses:
        print(format_misses(bench))
        return
    scores = measure_scores(bench)
    print(f"{len(bench.documents)} documents, sha256 {bench.sha256}")
    print(format_scores(scores))
    if args.raised:
        floors = load_floors()
        key = str(args.documents)
        write_floors(floors | {key: move_floors(floors.get(key, {}), bench.sha256, scores, args.because)})


if __name__ == "__main__":
    main()
