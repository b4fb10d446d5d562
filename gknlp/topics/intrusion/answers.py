"""A sheet that came back as rows of texts in, answers and the faults of every bad row out."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields

import pyarrow as pa

from gknlp.errors import UsageError
from gknlp.tables import encode_csv
from gknlp.topics.intrusion.sheet import shown_cells
from gknlp.topics.intrusion.tasks import LETTERS, Task, TaskSet

_NEEDED = ("sheet", "task", "answer")
_Line = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person chose in one task: a letter."""

    coder: str
    task: str
    letter: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row without a usable answer. ``line`` is the sheet's line from 1, None where the row is not there.

    ``code`` : empty, no_option, unknown_task, duplicated_row, vanished_row, other_sheet, edited_text.
    """

    coder: str
    line: int | None
    task: str
    code: str
    found: str
    expected: str


def read_answers(
    lines: Iterable[tuple[int, Mapping[int, str]]], *, coder: str, key: TaskSet
) -> tuple[list[Answer], list[RowProblem]]:
    """The answers of one coder's sheet, and one problem for each task or line that gives none.

    Parameters
    ----------
    lines : line number and filled cells by place, the header first; only sheet, task and answer must be there, so that
        a table of answers (as the page saves it) is read as well as a whole sheet.
    coder : who answered, for the scores.

    An answer is a letter (any case or width) or the option's own wording. Columns that are there must stand as they were
    written; line ends and runs of blanks do not count.

    Raises
    ------
    UsageError : no header with the needed columns.
    """
    header, *rest = _rows(lines, coder)
    tasks = {task.name: task for task in key.tasks}
    named = Counter(row.get("task", "").strip() for _, row in rest)
    answers: list[Answer] = []
    problems: list[RowProblem] = []
    for line, row in rest:
        name = row.get("task", "").strip()
        fault = _fault(row, tasks.get(name), key, named[name], header[1])
        if fault:
            problems.append(RowProblem(coder, line, name, *fault))
        else:
            answers.append(Answer(coder, name, str(_letter(row["answer"], tasks[name]))))
    vanished = sorted(set(tasks) - set(named))
    problems += [RowProblem(coder, None, name, "vanished_row", "", "a row for each task") for name in vanished]
    return answers, problems


def encode_problems(problems: Sequence[RowProblem]) -> bytes:
    """The problems as .csv, in their order; none give a header."""
    names = [field.name for field in fields(RowProblem)]
    rows = [
        dict(zip(names, ("" if value is None else str(value) for value in astuple(one)), strict=True))
        for one in problems
    ]
    return encode_csv(pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names])))


def _rows(lines: Iterable[tuple[int, Mapping[int, str]]], coder: str) -> list[_Line]:
    """Lines with cells by column name; the first element has the columns that there are."""
    filled = [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells.values())]
    if not filled:
        raise UsageError(f"{coder}: has no line; give the sheet with its header")
    number, first = filled[0]
    header = {place: cell.strip() for place, cell in first.items()}
    for name in _NEEDED:
        if list(header.values()).count(name) != 1:
            raise UsageError(f"{coder}: needs one column {name!r}; its header is: {', '.join(header.values())}")
    made: list[_Line] = [(number, {name: name for name in header.values()})]
    for line, cells in filled[1:]:
        made.append((line, {name: cells.get(place, "") for place, name in header.items()}))
    return made


def _fault(
    row: Mapping[str, str], task: Task | None, key: TaskSet, n_rows: int, header: Mapping[str, str]
) -> tuple[str, str, str] | None:
    """Code, what was found and what was expected of the first fault of a row."""
    if row["sheet"].strip() != key.id:
        return "other_sheet", row["sheet"].strip(), key.id
    if task is None:
        return "unknown_task", row["task"].strip(), f"{key.tasks[0].name} to {key.tasks[-1].name}"
    if n_rows > 1:
        return "duplicated_row", f"{n_rows} rows", "one row for each task"
    for column, expected in shown_cells(task).items():
        if column in header and _plain(row[column]) != _plain(expected):
            return "edited_text", f"{column}: {row[column]}", expected
    if _letter(row["answer"], task) is None:
        return "no_option" if row["answer"].strip() else "empty", row["answer"].strip(), _allowed(task)
    return None


def _letter(answer: str, task: Task) -> str | None:
    said = _plain(unicodedata.normalize("NFKC", answer)).upper().strip("().。、")
    if said and said in LETTERS[: len(task.options)] and len(said) == 1:
        return said
    wordings = [_plain(option) for option in task.options]
    return LETTERS[wordings.index(_plain(answer))] if _plain(answer) in wordings else None


def _allowed(task: Task) -> str:
    return f"one of {', '.join(LETTERS[: len(task.options)])}"


def _plain(text: str) -> str:
    return " ".join(text.split())
