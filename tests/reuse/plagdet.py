"""How well copied passages were found: the measures of PAN's plagiarism detection, and recalls a reader can check by hand.

Source: Potthast, Stein, Barrón-Cedeño & Rosso 2010, An evaluation framework for plagiarism detection (COLING), section 2.
Own implementation of its definitions: macro-averaged precision and recall, granularity, plagdet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2


@dataclass(frozen=True, slots=True)
class Stretch:
    """Half-open code points of one document, at least one."""

    doc_id: str
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Case:
    """A planted copy ``s``: where it stands, and where it may be said to come from.

    With one source this is PAN's case. With several (the very source, and the first publication of the wording, which
    nothing in the texts tells apart where the copyist changed nothing) a detection is right with any, and each side is
    scored with the source that gives most.
    """

    at: Stretch
    sources: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """A detection ``r``: where it stands and where it is said to come from."""

    at: Stretch
    source: Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """PAN's four measures, and ``cases`` and ``chars``: the share of cases found, and of their characters."""

    precision: float
    recall: float
    granularity: float
    plagdet: float
    cases: float
    chars: float


FOUND = 0.5
"""A case is found when detections from a right source cover at least half of its characters: then its place, its source
and most of its wording can be shown; of a case with less a reader would see another passage."""


def score_detections(cases: Sequence[Case], detections: Sequence[Detection]) -> Scores:
    """All measures. No cases: recalls are 1 (nothing was missed); no detections: precision is 1 (nothing was wrong)."""
    hits = match(cases, detections)
    precision, recall = measure_precision(cases, detections, hits), measure_recall(cases, detections, hits)
    granularity = measure_granularity(cases, detections, hits)
    covered = [_cover(case.at, (detections[r].at for r in found)) for case, found in zip(cases, hits, strict=True)]
    n_found = sum(chars >= FOUND * len(case.at) for case, chars in zip(cases, covered, strict=True))
    return Scores(
        precision=precision,
        recall=recall,
        granularity=granularity,
        plagdet=combine(precision, recall, granularity),
        cases=n_found / len(cases) if cases else 1.0,
        chars=sum(covered) / sum(len(case.at) for case in cases) if cases else 1.0,
    )


def match(cases: Sequence[Case], detections: Sequence[Detection]) -> list[list[int]]:
    """For each case the numbers of the detections that detect it: both sides share a character with it."""
    at_doc: dict[str, list[int]] = defaultdict(list)
    for number, detection in enumerate(detections):
        at_doc[detection.at.doc_id].append(number)
    return [[r for r in at_doc[case.at.doc_id] if _detects(detections[r], case)] for case in cases]


def measure_recall(cases: Sequence[Case], detections: Sequence[Detection], hits: Sequence[Sequence[int]]) -> float:
    """The mean over cases of the share of their characters, both sides, that detections of them hold."""
    shares = []
    for case, found in zip(cases, hits, strict=True):
        here = _cover(case.at, (detections[r].at for r in found))
        best = 0.0
        for source in case.sources:
            there = _cover(source, (detections[r].source for r in found))
            if there:
                best = max(best, (here + there) / (len(case.at) + len(source)))
        shares.append(best)
    return sum(shares) / len(shares) if shares else 1.0


def measure_precision(cases: Sequence[Case], detections: Sequence[Detection], hits: Sequence[Sequence[int]]) -> float:
    """The mean over detections of the share of their characters, both sides, that are planted in cases they detect."""
    cases_of: dict[int, list[Case]] = defaultdict(list)
    for case, found in zip(cases, hits, strict=True):
        for r in found:
            cases_of[r].append(case)
    shares = []
    for r, detection in enumerate(detections):
        here = _cover(detection.at, (case.at for case in cases_of[r]))
        there = _cover(detection.source, (source for case in cases_of[r] for source in case.sources))
        shares.append((here + there) / (len(detection.at) + len(detection.source)))
    return sum(shares) / len(shares) if shares else 1.0


def measure_granularity(cases: Sequence[Case], detections: Sequence[Detection], hits: Sequence[Sequence[int]]) -> float:
    """The mean number of detections of a case that is detected at all; 1 where none is.

    Of a case with several right sources, detections from different ones do not fall to pieces: the source with the
    fewest detections counts.
    """
    numbers = []
    for case, found in zip(cases, hits, strict=True):
        of_source = [sum(_overlap(detections[r].source, source) > 0 for r in found) for source in case.sources]
        if any(of_source):
            numbers.append(min(number for number in of_source if number))
    return sum(numbers) / len(numbers) if numbers else 1.0


def combine(precision: float, recall: float, granularity: float) -> float:
    """plagdet: F1 / log2(1 + granularity); 0 where precision and recall are 0."""
    if precision + recall == 0:
        return 0.0
    return 2 * precision * recall / (precision + recall) / log2(1 + granularity)


def measure_f1(truth: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """F1 for each class that truth or finding has, by items (characters) of equal place; none give an empty dict."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for right, said in zip(truth, found, strict=True):
        counts[right][0] += 1
        counts[said][1] += 1
        counts[right][2] += right == said
    return f1_of_counts({name: (a, b, both) for name, (a, b, both) in counts.items()})


def f1_of_counts(counts: dict[str, tuple[int, int, int]]) -> dict[str, float]:
    """F1 for each class from (items that are it, items said to be it, items both); classes with neither are left out."""
    return {name: 2 * both / (true + said) for name, (true, said, both) in sorted(counts.items()) if true + said}


def macro(scores: dict[str, float]) -> float:
    """The mean over classes; 1 where there is none."""
    return sum(scores.values()) / len(scores) if scores else 1.0


def _detects(detection: Detection, case: Case) -> bool:
    return _overlap(detection.at, case.at) > 0 and any(_overlap(detection.source, one) > 0 for one in case.sources)


def _overlap(one: Stretch, other: Stretch) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start)) if one.doc_id == other.doc_id else 0


def _cover(whole: Stretch, parts: Iterable[Stretch]) -> int:
    """Characters of ``whole`` under the union of the parts of its document."""
    covered, done = 0, whole.start
    inside = (part for part in parts if _overlap(whole, part))
    for part in sorted(inside, key=lambda part: (part.start, part.end)):
        first, last = max(part.start, done), min(part.end, whole.end)
        covered += max(0, last - first)
        done = max(done, last)
    return covered
