"""Topics' words in, permanent ids (永久编号) and labels out. A topic that comes back keeps its id and what people called it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment

from gknlp.errors import UsageError

N_WORDS = 10
_LEAST_COSINE = 0.7  # between lists of top words; below, a topic of an earlier run is another topic
_LABEL_WORDS = 3


def name_topics(listed: Sequence[Sequence[tuple[str, float]]]) -> list[str]:
    """An id for each topic: t and the first 10 hex digits of SHA-256 over its top words in code-point order.

    Order and probabilities are left out, so that a word that moves by a place changes no id. Topics with the same words
    get -2, -3, ... in their order.

    >>> name_topics([[("培训", 0.2), ("考核", 0.1)], [("考核", 0.2), ("培训", 0.1)]])
    ['t35c9851cd8', 't35c9851cd8-2']
    """
    ids: list[str] = []
    for words in listed:
        text = "\n".join(sorted(word for word, _ in words[:N_WORDS]))
        made = "t" + hashlib.sha256(text.encode()).hexdigest()[:10]
        n_before = sum(other.partition("-")[0] == made for other in ids)
        ids.append(f"{made}-{n_before + 1}" if n_before else made)
    return ids


def keep_names(
    listed: Sequence[Sequence[tuple[str, float]]], ids: Sequence[str], previous: Mapping[str, pa.Table]
) -> tuple[list[str], list[str | None]]:
    """Ids and labels, those of an earlier run for the topics that are found in it again.

    Topics are matched one to one by the cosine of their listed words' probabilities, and only from 0.7 on.

    Parameters
    ----------
    listed : for each topic its top words with probabilities. ids : what the topics would be called without a past.
    previous : tables ``topics`` and ``topic_words`` of the earlier run.
    """
    for name in ("topics", "topic_words"):
        if name not in previous:
            raise UsageError(
                f"an earlier run needs the table {name!r}; given are: {', '.join(sorted(previous)) or 'none'}"
            )
    before = [row for row in previous["topics"].to_pylist() if row["topic_id"]]
    words: dict[int, dict[str, float]] = {}
    for row in previous["topic_words"].to_pylist():
        words.setdefault(row["topic"], {})[row["word"]] = row["probability"]
    found, labels = list(ids), [None] * len(ids)  # type: list[str], list[str | None]
    if not before:
        return found, labels
    cosines = np.array([[_cosine(dict(now), words.get(old["topic"], {})) for old in before] for now in listed])
    kept = [
        (a, b)
        for a, b in zip(*linear_sum_assignment(cosines, maximize=True), strict=True)
        if cosines[a, b] >= _LEAST_COSINE
    ]
    taken = {before[b]["topic_id"] for _, b in kept}
    for a, b in kept:
        found[a], labels[a] = before[b]["topic_id"], before[b]["label"]
    new = set(range(len(ids))) - {a for a, _ in kept}
    for topic in sorted(new):
        while found[topic] in taken:
            found[topic] += "-new"
        taken.add(found[topic])
    return found, labels


def label_topics(
    listed: Sequence[Sequence[tuple[str, float]]],
    ids: Sequence[str],
    earlier: Sequence[str | None],
    given: Mapping[str, str],
) -> list[str]:
    """A label for each topic: the one people gave for its id, else the earlier run's, else its first three words.

    Raises UsageError where a label is given for an id that no topic has.
    """
    unknown = sorted(set(given) - set(ids))
    if unknown:
        raise UsageError(f"labels names no topic with {', '.join(unknown)}; the topics are {', '.join(ids)}")
    made = ["、".join(word for word, _ in words[:_LABEL_WORDS]) for words in listed]
    return [given.get(id_) or old or new for id_, old, new in zip(ids, earlier, made, strict=True)]


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    def length(words: Mapping[str, Any]) -> float:
        return float(np.sqrt(sum(value * value for value in words.values())))

    both = length(one) * length(other)
    return round(sum(one[word] * other[word] for word in sorted(one.keys() & other.keys())) / both, 9) if both else 0.0
