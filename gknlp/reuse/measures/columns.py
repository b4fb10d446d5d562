"""The measures of a whole corpus, one column after the other: nothing here compares all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.features.shingles import shingle_hashes
from gknlp.reuse.measures.alignment import align_locally
from gknlp.reuse.measures.boilerplate import count_grams, measure_redundancy_within, share_boilerplate
from gknlp.reuse.measures.change import (
    adjust_modification_scores,
    measure_modification_score,
    measure_sim_cosine,
    measure_sim_jaccard,
    measure_sim_minedit,
    measure_sim_simple,
    measure_stickiness,
    scale_change,
)
from gknlp.reuse.measures.config import MeasureConfig
from gknlp.reuse.measures.information import explain_shares
from gknlp.reuse.measures.novelty import split_coverage
from gknlp.reuse.measures.prototype import build_prototype, measure_prototype_share
from gknlp.reuse.measures.reports import (
    REFERENCE_GROUPS,
    Key,
    MeasuredReport,
    choose_reference_groups,
    find_superiors,
    fold_report,
)
from gknlp.reuse.measures.sets import measure_containment, measure_resemblance
from gknlp.reuse.measures.texts import Hashes, Ints, Text, Tokens, encode_texts

Rows = list[dict[str, Any]]
"""One dict of columns a report, in the order of the reports."""
SOURCES = ("reference", "own_previous", "superior", "peers")
"""Where text that is not novel stands: what several have counts for the first."""


def measure_texts(reports: Sequence[MeasuredReport], texts: Sequence[Text], config: MeasureConfig) -> Rows:
    """boilerplate_share against the reference group, and what a text says twice."""
    rows: Rows = [
        {
            "reference_group": None,
            "n_reference": None,
            "boilerplate_share": None,
            "boilerplate_share_no_ceiling": None,
            "redundancy_within": measure_redundancy_within(text, n=config.lengths.redundancy),
        }
        for text in texts
    ]
    filled = [place for place, text in enumerate(texts) if text]
    chosen = choose_reference_groups([reports[place] for place in filled], min_group=config.min_group)
    group_of = dict(zip(filled, chosen, strict=True))
    for group in REFERENCE_GROUPS:
        wanted = {reports[place].reference_key(group) for place in filled if group_of[place] == group}
        members = [place for place in filled if reports[place].reference_key(group) in wanted] if wanted else []
        for place, row in _share_group(reports, texts, members, group, config):
            if group_of[place] == group:
                rows[place] |= row
    return rows


def _share_group(
    reports: Sequence[MeasuredReport], texts: Sequence[Text], members: list[int], group: str, config: MeasureConfig
) -> list[tuple[int, dict[str, Any]]]:
    if not members:
        return []
    numbers: dict[Key | None, int] = {}
    keys = [reports[place].reference_key(group) for place in members]
    groups = np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
    column = encode_texts(texts[place] for place in members)
    frequencies = count_grams(column, groups, config.lengths.boilerplate)
    capped, whole = (
        share_boilerplate(column, frequencies, floor=config.floor, ceiling=ceiling, min_texts=2).tolist()
        for ceiling in (config.ceiling, None)
    )
    sizes = np.bincount(groups)[groups].tolist()
    return [
        (
            place,
            {
                "reference_group": group,
                "n_reference": sizes[number],
                "boilerplate_share": capped[number],
                "boilerplate_share_no_ceiling": whole[number],
            },
        )
        for number, place in enumerate(members)
    ]


def measure_changes(
    reports: Sequence[MeasuredReport], texts: Sequence[Text], previous: Sequence[int | None], config: MeasureConfig
) -> Rows:
    """What compares a report with its own previous one; an empty row where one of the two has no text."""
    rows: Rows = [{} for _ in texts]
    pairs = [(place, own) for place, own in enumerate(previous) if own is not None and texts[place] and texts[own]]
    for place, own in pairs:
        rows[place] = _compare(texts[place], texts[own], config) | {"previous_doc_id": reports[own].doc_id}
    changed = [rows[place] for place, _ in pairs]
    scores = [row["modification_score"] for row in changed]
    sizes = [sum(map(len, texts[place])) for place, _ in pairs]
    adjusted = adjust_modification_scores(scores, sizes, degree=config.degree)
    aligned = [row for row in changed if "sim_minedit" in row]
    simple = measure_sim_simple([scale_change(row["sim_minedit"]) for row in aligned])
    for row, score in zip(changed, adjusted, strict=True):
        row["modification_score_adjusted"] = score
    for row, similarity in zip(aligned, simple, strict=True):
        row["sim_simple"] = similarity
    return rows


def _compare(text: Text, other: Text, config: MeasureConfig) -> dict[str, Any]:
    tokens, earlier = flatten(text), flatten(other)
    row = {
        "stickiness": measure_stickiness(text, other, n=config.lengths.stickiness),
        "modification_score": measure_modification_score(tokens, earlier),
        "sim_cosine": measure_sim_cosine(tokens, earlier),
        "sim_jaccard": measure_sim_jaccard(tokens, earlier),
        "containment": measure_containment(tokens, earlier, k=config.lengths.shingle),
        "resemblance": measure_resemblance(tokens, earlier, k=config.lengths.shingle),
    }
    return row | _align(tokens, earlier) if len(tokens) * len(earlier) <= config.max_cells else row


def _align(tokens: Tokens, earlier: Tokens) -> dict[str, Any]:
    """What takes time by the product of the two lengths."""
    alignment = align_locally(tokens, earlier)
    return {
        "sim_minedit": measure_sim_minedit(tokens, earlier),
        "alignment_score": alignment.score,
        "alignment_tokens": len(alignment.a),
    }


def measure_information(reports: Sequence[MeasuredReport], texts: Sequence[Text]) -> Rows:
    """information_content within year and level: peers are those of the same county, others those of other counties."""
    rows: Rows = [{} for _ in texts]
    strata: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, (report, text) in enumerate(zip(reports, texts, strict=True)):
        if text and report.county and report.level and report.year is not None:
            strata[report.year, report.level][report.county].append(place)
    for counties in strata.values():
        if len(counties) > 1 and any(len(members) > 1 for members in counties.values()):
            _explain_stratum(rows, texts, list(counties.values()))
    return rows


def _explain_stratum(rows: Rows, texts: Sequence[Text], counties: list[list[int]]) -> None:
    places = [place for members in counties for place in members]
    column = encode_texts(texts[place] for place in places)
    words, codes = np.unique(column.codes, return_inverse=True)
    bounds = column.sentences[column.texts].tolist()

    def shares(number: int) -> NDArray[np.float64]:
        own = codes[bounds[number] : bounds[number + 1]]
        return np.bincount(own, minlength=len(words)) / len(own)

    total = np.zeros(len(words))
    for number in range(len(places)):
        total += shares(number)
    first = 0
    for members in counties:
        numbers = range(first, first + len(members))
        first += len(members)
        if len(members) < 2:
            continue
        own = np.stack([shares(number) for number in numbers])
        county = own.sum(axis=0)
        others = (total - county) / (len(places) - len(members))
        for place, one in zip(members, own, strict=True):
            found = explain_shares(one, (county - one) / (len(members) - 1), others)
            rows[place] = {"information_content": found.information, "standard_content": found.standard}


def measure_novelty(
    reports: Sequence[MeasuredReport],
    previous: Sequence[int | None],
    references: Sequence[str],
    config: MeasureConfig,
) -> Rows:
    """novelty_share and its split; an empty row for a report without text or year, whose peers are unknown."""
    folded = [fold_report(report) for report in reports]
    hashes = [shingle_hashes(text, config.block) for text in folded]
    known = np.unique(_join(shingle_hashes(text, config.block) for text in references))
    shared = _find_shared(reports, hashes)
    superiors = find_superiors(reports)
    rows: Rows = []
    for place, (report, text, own) in enumerate(zip(reports, folded, hashes, strict=True)):
        before = previous[place]
        flags = {
            "reference": np.isin(own, known),
            "own_previous": np.isin(own, hashes[before] if before is not None else own[:0]),
            "superior": np.isin(own, _join(hashes[one] for one in superiors[place])),
            "peers": shared[place],
        }
        found = split_coverage(len(text), flags, config.block) if report.year is not None else None
        shares = {f"reused_{name}": share for name, share in found.reused} if found else {}
        rows.append({"novelty_share": found.novelty_share} | shares if found else {})
    return rows


def _join(hashes: Any) -> Hashes:
    return np.concatenate([np.empty(0, dtype=np.uint64), *hashes])


def _find_shared(reports: Sequence[MeasuredReport], hashes: Sequence[Hashes]) -> list[NDArray[np.bool_]]:
    """For each window of each report whether another report of its year and level has it."""
    flags = [np.zeros(len(own), dtype=bool) for own in hashes]
    groups: dict[Key, list[int]] = defaultdict(list)
    for place, report in enumerate(reports):
        if report.year is not None and report.level is not None:
            groups[report.year, report.level].append(place)
    for members in groups.values():
        lengths = [len(hashes[place]) for place in members]
        marks = _mark_shared(_join(hashes[place] for place in members), np.repeat(np.arange(len(members)), lengths))
        for place, own in zip(members, np.split(marks, np.cumsum(lengths)[:-1]), strict=True):
            flags[place] = own
    return flags


def _mark_shared(hashes: Hashes, owner: Ints) -> NDArray[np.bool_]:
    """Whether another owner has an equal hash; owners ascend."""
    order = np.argsort(hashes, kind="stable")
    ranked, holder = hashes[order], owner[order]
    heads = np.flatnonzero(np.concatenate([np.ones(min(len(order), 1), dtype=bool), ranked[1:] != ranked[:-1]]))
    lengths = np.diff(np.append(heads, len(order)))
    marks = np.zeros(len(order), dtype=bool)
    marks[order] = np.repeat(holder[heads] != holder[heads + lengths - 1], lengths)
    return marks


def measure_prototypes(
    reports: Sequence[MeasuredReport], texts: Sequence[Text], pairs: Sequence[Mapping[str, Any]], config: MeasureConfig
) -> Rows:
    """template_prototype: the share of a report in the prototype of its cluster of near-copies; empty where it has none."""
    sizes = [sum(map(len, text)) for text in texts]
    places = {one.doc_id: place for place, one in enumerate(reports) if sizes[place] ** 2 <= config.max_cells}
    rows: Rows = [{} for _ in texts]
    for members in _find_clusters(places, pairs, config.near_copy):
        tokens = {place: flatten(texts[place]) for place in members}
        prototype = build_prototype(list(tokens.values()))
        for place, own in tokens.items():
            rows[place] = {"template_prototype": measure_prototype_share(own, prototype), "n_cluster": len(members)}
    return rows


def _find_clusters(places: Mapping[str, int], pairs: Sequence[Mapping[str, Any]], near_copy: float) -> list[list[int]]:
    """Places of reports that are linked, directly or through others, by near-copy; clusters of one are none."""
    head = {place: place for place in places.values()}

    def root(place: int) -> int:
        while head[place] != place:
            head[place] = head[head[place]]
            place = head[place]
        return place

    for pair in pairs:
        if min(pair["containment_a"], pair["containment_b"]) >= near_copy and places.keys() >= {
            pair["doc_a"],
            pair["doc_b"],
        }:
            low, high = sorted((root(places[pair["doc_a"]]), root(places[pair["doc_b"]])))
            head[high] = low
    clusters: dict[int, list[int]] = defaultdict(list)
    for place in head:
        clusters[root(place)].append(place)
    return [members for members in clusters.values() if len(members) > 1]


def flatten(text: Text) -> Tokens:
    """The tokens of all sentences, one after the other."""
    return tuple(chain.from_iterable(text))
