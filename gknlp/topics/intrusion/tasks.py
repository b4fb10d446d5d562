"""Topics in, tasks out: one option of each does not belong. Equal tables and seed give equal tasks, in any row order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.manifest import canonical_json, hash_text
from gknlp.topics.intrusion.config import IntrusionConfig

TESTS = ("words", "sets", "documents")
N_WORDS = 5
"""First words of a topic shown with one intruder (Chang et al. 2009)."""
N_SETS, SET_SIZE, SET_FROM = 3, 4, 20
"""Sets of the topic, words in each, and how many first words they are drawn from (R4WSI)."""
N_TOP, TOP_WORDS = 3, 8
"""Topics of the document shown with one intruder, and words by which each is shown (T8WSI)."""
LETTERS = "ABCDEF"
_Words = Mapping[int, tuple[tuple[str, float], ...]]


@dataclass(frozen=True, slots=True)
class Task:
    """One question. ``topic`` is the one under test (of a document: its largest), ``answer`` the letter of the intruder.

    ``shares`` : of a document, the share of each option's topic; empty else. ``name`` is the place in the sheet, T001 on.
    """

    name: str
    test: str
    topic: int
    intruder: int
    text: str
    options: tuple[str, ...]
    answer: str
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskSet:
    """Tasks in the order in which people see them; ``left_out`` says which could not be made and why."""

    tasks: tuple[Task, ...]
    left_out: tuple[str, ...]
    seed: int

    @property
    def id(self) -> str:
        """Names the tasks: a sheet that comes back says which key it belongs to."""
        said = [[task.name, task.test, task.text, *task.options] for task in self.tasks]
        return hash_text(canonical_json([self.seed, said]))[:12]


def make_tasks(tables: Mapping[str, pa.Table], *, config: IntrusionConfig) -> TaskSet:
    """Word, word-set and document intrusion tasks for the topics of ``topic_words``.

    words : the topic's five most probable words and a first word of another topic that is not listed for this one; six
        options. Source: Chang, Boyd-Graber, Gerrish, Wang & Blei 2009; the choice of the intruder as in R's oolong.
    sets : twelve of the topic's twenty first words, drawn by their probability, in three sets of four, and four words so
        drawn from another topic; four options. Source: R4WSI of Ying, Montgomery & Stewart 2022,
        doi:10.1017/pan.2021.33, as in their package validateIt; no word stands twice in a task here.
    documents : a report and the eight first words of its three largest topics and of one other; four options. Source:
        topic intrusion of Chang et al. 2009, T8WSI of Ying et al.; the other topic is any outside the three, as in oolong.

    Parameters
    ----------
    tables : ``topic_words``; for documents ``topic_shares`` and ``units``, too.

    Raises
    ------
    UsageError : a table is missing, or topics have too few words or are too few for a test that is asked for.
    NotEnoughTextError : no task could be made.
    """
    words = _read_words(tables)
    content = hash_text(canonical_json({str(topic): own for topic, own in words.items()}))
    rng = _Chance(config.seed, content)
    left_out: list[str] = []
    made: list[Task] = []
    for test, tasks in (
        ("words", _word_tasks(words, config, rng, left_out)),
        ("sets", _set_tasks(words, config, rng, left_out)),
        ("documents", _document_tasks(words, tables, config, rng, left_out)),
    ):
        own = list(tasks)
        made += [own[place] for place in rng.of(test, "order").permutation(len(own))]
    if not made:
        raise NotEnoughTextError("no task could be made: " + "; ".join(left_out))
    named = tuple(replace(task, name=f"T{number:03}") for number, task in enumerate(made, 1))
    return TaskSet(named, tuple(left_out), config.seed)


class _Chance:
    """Random generators by what they are for, so that one task does not depend on how many others there are."""

    def __init__(self, seed: int, content: str) -> None:
        self._base = f"{seed}:{content}"

    def of(self, *purpose: object) -> np.random.Generator:
        digest = hashlib.sha256(canonical_json([self._base, *map(str, purpose)]).encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _read_words(tables: Mapping[str, pa.Table]) -> dict[int, tuple[tuple[str, float], ...]]:
    rows = _table(tables, "topic_words").select(["topic", "rank", "word", "probability"]).to_pylist()
    found: dict[int, list[tuple[str, float]]] = {}
    for row in sorted(rows, key=lambda row: (row["topic"], row["rank"])):
        found.setdefault(row["topic"], []).append((row["word"], row["probability"]))
    if len(found) < 2:
        raise UsageError(f"topic_words has {len(found)} topics; an intruder comes from another one: fit at least 2")
    return {topic: tuple(own) for topic, own in found.items()}


def _word_tasks(words: _Words, config: IntrusionConfig, rng: _Chance, left_out: list[str]) -> Iterator[Task]:
    if config.words:
        _check_words(words, N_WORDS, "words")
    for topic, own in words.items():
        listed = {word for word, _ in own}
        foreign = [
            (word, other)
            for other, theirs in words.items()
            for word, _ in theirs[:N_WORDS]
            if other != topic and word not in listed
        ]
        if config.words and not foreign:
            left_out.append(f"words of topic {topic}: it lists every other topic's first words, too")
            continue
        for number in range(config.words):
            chance = rng.of("words", topic, number)
            word, other = foreign[int(chance.integers(len(foreign)))]
            yield _task(chance, Task("", "words", topic, other, "", (*(word for word, _ in own[:N_WORDS]), word), ""))


def _set_tasks(words: _Words, config: IntrusionConfig, rng: _Chance, left_out: list[str]) -> Iterator[Task]:
    if not config.sets:
        return
    _check_words(words, N_SETS * SET_SIZE, "sets")
    for topic, own in words.items():
        for number in range(config.sets):
            chance = rng.of("sets", topic, number)
            drawn = _draw(chance, own[:SET_FROM], N_SETS * SET_SIZE)
            foreign = {
                other: left
                for other, theirs in words.items()
                if other != topic
                and len(left := [pair for pair in theirs[:SET_FROM] if pair[0] not in drawn]) >= SET_SIZE
            }
            if not foreign:
                left_out.append(f"sets of topic {topic}, number {number + 1}: no other topic has four words of its own")
                continue
            other = list(foreign)[int(chance.integers(len(foreign)))]
            sets = [_join(drawn[start : start + SET_SIZE]) for start in range(0, len(drawn), SET_SIZE)]
            yield _task(
                chance, Task("", "sets", topic, other, "", (*sets, _join(_draw(chance, foreign[other], SET_SIZE))), "")
            )


def _document_tasks(
    words: _Words, tables: Mapping[str, pa.Table], config: IntrusionConfig, rng: _Chance, left_out: list[str]
) -> Iterator[Task]:
    if not config.documents:
        return
    if len(words) <= N_TOP:
        raise UsageError(f"documents need more than {N_TOP} topics, found {len(words)}; set documents = 0")
    texts, shares = _read_texts(tables, config), _read_shares(tables, words)
    queues: dict[int, list[str]] = {topic: [] for topic in words}
    for key in sorted(shares):
        if 0 < len(texts.get(key, "")) <= config.max_chars:
            queues[_ranked(shares[key])[0]].append(key)
    mixed = {topic: rng.of("queue", topic).permutation(len(keys)).tolist() for topic, keys in queues.items()}
    longest = max(map(len, mixed.values()))
    chosen = [queues[topic][own[turn]] for turn in range(longest) for topic, own in mixed.items() if turn < len(own)]
    if len(chosen) < config.documents:
        left_out.append(
            f"documents: {len(chosen)} instead of {config.documents}; no more reports have 1 to {config.max_chars} characters"
        )
    left_out += [
        f"documents of topic {topic}: it leads no report that short" for topic, own in mixed.items() if not own
    ]
    for key in chosen[: config.documents]:
        chance = rng.of("documents", key)
        ranked = _ranked(shares[key])
        other = ranked[N_TOP:][int(chance.integers(len(ranked) - N_TOP))]
        shown = {_join([word for word, _ in words[topic][:TOP_WORDS]]): topic for topic in (*ranked[:N_TOP], other)}
        if len(shown) <= N_TOP:
            left_out.append(
                f"documents: one of topic {ranked[0]}, where two topics have the same {TOP_WORDS} first words"
            )
            continue
        made = _task(chance, Task("", "documents", ranked[0], other, texts[key], tuple(shown), ""))
        yield replace(made, shares=tuple(shares[key][shown[option]] for option in made.options))


def _ranked(shares: Mapping[int, float]) -> list[int]:
    return sorted(shares, key=lambda topic: (-shares[topic], topic))


def _task(chance: np.random.Generator, task: Task) -> Task:
    """The task, whose last option is the intruder, with its options in random order and the answer."""
    mixed = tuple(task.options[place] for place in chance.permutation(len(task.options)))
    return replace(task, options=mixed, answer=LETTERS[mixed.index(task.options[-1])])


def _draw(chance: np.random.Generator, pairs: Sequence[tuple[str, float]], size: int) -> list[str]:
    """``size`` different words, likelier ones likelier to be drawn."""
    weights = np.array([max(probability, 1e-9) for _, probability in pairs])
    places = chance.choice(len(pairs), size=size, replace=False, p=weights / weights.sum())
    return [pairs[place][0] for place in places]


def _join(words: Sequence[str]) -> str:
    return "、".join(words)


def _check_words(words: _Words, least: int, test: str) -> None:
    fewest = min(map(len, words.values()))
    if fewest < least:
        raise UsageError(
            f"{test} need {least} listed words of each topic, found {fewest}; fit with n_words = {SET_FROM}, or set {test} = 0"
        )


def _read_texts(tables: Mapping[str, pa.Table], config: IntrusionConfig) -> dict[str, str]:
    rows = _table(tables, "units").select(["doc_id", "unit_id", "section", "text", "start"]).to_pylist()
    texts: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row["doc_id"], row["start"], row["unit_id"])):
        if row["section"] in config.sections:
            texts.setdefault(row["doc_id"], []).append(" ".join(row["text"].split()))
    return {key: "\n".join(parts) for key, parts in texts.items()}


def _read_shares(tables: Mapping[str, pa.Table], words: _Words) -> dict[str, dict[int, float]]:
    """The shares of each report by topic; UsageError where a topic is not the same as in ``topic_words``."""
    found: dict[str, dict[int, float]] = {}
    for row in _table(tables, "topic_shares").select(["doc_id", "topic", "share"]).to_pylist():
        found.setdefault(row["doc_id"], {})[row["topic"]] = row["share"]
    if any(own.keys() != words.keys() for own in found.values()):
        raise UsageError("topic_shares and topic_words are of different topics; give the tables of one fit")
    return found


def _table(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    if name not in tables:
        raise UsageError(f"this test needs the table {name!r}; given are: {', '.join(sorted(tables)) or 'none'}")
    return tables[name]
