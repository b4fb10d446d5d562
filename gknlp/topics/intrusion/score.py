"""Answers and key in, the table of model precision out, with what chance alone would give."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa
from scipy import stats

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.tables import table_of
from gknlp.topics.intrusion.answers import Answer
from gknlp.topics.intrusion.tasks import LETTERS, TESTS, Task, TaskSet

_DECIMALS = 6
_SMALLEST = 1e-6
"""Shares are written with six decimals; a log of 0 is taken at that."""
_Z = float(stats.norm.ppf(0.975))


def score_answers(answers: Sequence[Answer], *, key: TaskSet) -> pa.Table:
    """Table ``intrusion_scores``: for each test the share of intruders found (model precision), in all, by topic, by coder.

    ``topic`` and ``coder`` are null where a row is over all of them. ``low`` and ``high`` : Wilson's 95 % interval with as
    many trials as there are tasks or coders, whichever are more: answers to one task, or of one coder, are alike, so
    their number would be too many. ``p`` : of as many or more right answers if all guessed (``chance``), exact; guesses are
    independent of each other. ``log_odds`` : of documents, the mean log ratio of the intruder's share to that of the chosen
    topic; 0 where all intruders were found, the further below the more a missed topic mattered.

    Raises
    ------
    NotEnoughTextError : no answer. UsageError : an answer to a task that the key has not, or two of one coder.

    Source: Chang et al. 2009 (model precision, topic log odds); Wilson 1927.
    """
    tasks = {task.name: task for task in key.tasks}
    if not answers:
        raise NotEnoughTextError("no usable answer in any sheet; see the problems of each row")
    seen: set[tuple[str, str]] = set()
    for answer in answers:
        if answer.task not in tasks or (answer.coder, answer.task) in seen:
            raise UsageError(f"{answer.coder} answers {answer.task} twice, or the key has no such task")
        seen.add((answer.coder, answer.task))
    return table_of("intrusion_scores", _rows(answers, tasks))


def wilson_interval(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of ``n`` trials, which need not be a whole number of successes.

    >>> [round(end, 3) for end in wilson_interval(0.1, 10)]
    [0.018, 0.404]
    """
    z2 = _Z * _Z
    centre = share + z2 / (2 * n)
    spread = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def _rows(answers: Sequence[Answer], tasks: dict[str, Task]) -> Iterator[dict[str, Any]]:
    for test in TESTS:
        own = [answer for answer in answers if tasks[answer.task].test == test]
        yield from _group(own, tasks, test, lambda _: (None, None))
        yield from _group(own, tasks, test, lambda answer: (tasks[answer.task].topic, None))
        yield from _group(own, tasks, test, lambda answer: (None, answer.coder))


def _group(
    answers: Sequence[Answer],
    tasks: dict[str, Task],
    test: str,
    name: Callable[[Answer], tuple[int | None, str | None]],
) -> Iterator[dict[str, Any]]:
    groups: dict[tuple[int | None, str | None], list[Answer]] = {}
    for answer in answers:
        groups.setdefault(name(answer), []).append(answer)
    for (topic, coder), own in groups.items():
        yield {"test": test, "topic": topic, "coder": coder, **_measure(own, tasks)}


def _measure(answers: Sequence[Answer], tasks: dict[str, Task]) -> dict[str, Any]:
    right = sum(answer.letter == tasks[answer.task].answer for answer in answers)
    n_tasks, n_coders = (len({getattr(answer, name) for answer in answers}) for name in ("task", "coder"))
    precision = right / len(answers)
    low, high = wilson_interval(precision, max(n_tasks, n_coders))
    chance = 1 / len(tasks[answers[0].task].options)
    odds = [odd for answer in answers if (odd := _log_odds(tasks[answer.task], answer.letter)) is not None]
    return {
        "n_tasks": n_tasks,
        "n_answers": len(answers),
        "n_correct": right,
        "precision": round(precision, _DECIMALS),
        "low": round(low, _DECIMALS),
        "high": round(high, _DECIMALS),
        "chance": round(chance, _DECIMALS),
        "p": round(float(stats.binom.sf(right - 1, len(answers), chance)), _DECIMALS),
        "log_odds": round(math.fsum(odds) / len(odds), _DECIMALS) + 0.0 if odds else None,
    }


def _log_odds(task: Task, letter: str) -> float | None:
    if not task.shares:
        return None
    of = dict(zip(LETTERS, task.shares, strict=False))
    return math.log(max(of[task.answer], _SMALLEST)) - math.log(max(of[letter], _SMALLEST))
