"""Tasks as rows of a coding sheet, and the key that is kept apart from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gknlp.errors import UsageError
from gknlp.manifest import hash_text
from gknlp.topics.intrusion.tasks import LETTERS, TESTS, Task, TaskSet

SHOWN = ("task", "question", "text", *LETTERS)
OPEN = ("answer", "note")
COLUMNS = (*SHOWN, *OPEN, "sheet")
"""All columns of a sheet; people write in those of ``OPEN`` only."""
QUESTIONS: Mapping[str, tuple[str, str]] = {
    "words": ("哪个词与其他词不是一类？", "Which word does not belong with the others?"),
    "sets": ("哪一组词与其他三组说的不是一回事？", "Which set of words is not about the same as the other three?"),
    "documents": ("哪一组词与这份报告的内容无关？", "Which set of words has nothing to do with this report?"),
}


def sheet_rows(tasks: TaskSet) -> list[dict[str, str]]:
    """One row a task with every column of ``COLUMNS``; answer and note are empty. Nothing in it tells the topics."""
    return [{**shown_cells(task), **dict.fromkeys(OPEN, ""), "sheet": tasks.id} for task in tasks.tasks]


def shown_cells(task: Task) -> dict[str, str]:
    """What people see of a task, by column."""
    options = dict.fromkeys(LETTERS, "") | dict(zip(LETTERS, task.options, strict=False))
    return {"task": task.name, "question": " ".join(QUESTIONS[task.test]), "text": task.text, **options}


def encode_key(tasks: TaskSet) -> bytes:
    """The right answers as JSON, with the tasks themselves, so that a changed sheet is found."""
    said = {
        "sheet": tasks.id,
        "seed": tasks.seed,
        "left_out": list(tasks.left_out),
        "tasks": [asdict(task) for task in tasks.tasks],
    }
    body = json.dumps(said, ensure_ascii=False, indent=1)
    return json.dumps({"sha256": hash_text(body), "key": body}, ensure_ascii=False, indent=1).encode() + b"\n"


def decode_key(data: bytes, name: str) -> TaskSet:
    """The tasks of a key file; UsageError for what is no key, or one that was changed."""
    try:
        outer = json.loads(data.decode("utf-8-sig"))
        if hash_text(outer["key"]) != outer["sha256"]:
            raise UsageError(
                f"{name}: has been changed since it was written; use the file that `topics intrusion` wrote"
            )
        said = json.loads(outer["key"])
        tasks = tuple(_task(task) for task in said["tasks"])
        return TaskSet(tasks, tuple(said["left_out"]), said["seed"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{name}: is no key of an intrusion test ({error}); give key.json") from error


def _task(said: Mapping[str, Any]) -> Task:
    task = Task(**{**said, "options": tuple(said["options"]), "shares": tuple(said["shares"])})
    if task.test not in TESTS or task.answer not in LETTERS[: len(task.options)]:
        raise ValueError(f"task {task.name} has test {task.test!r} and answer {task.answer!r}")
    return task
