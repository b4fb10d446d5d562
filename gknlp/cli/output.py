"""Where results and remarks go: data to stdout, everything else to stderr, progress on a terminal only."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_json_lines(rows: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line on stdout."""
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(message: str) -> None:
    """A remark for people, on stderr."""
    sys.stderr.write(message + "\n")


def console() -> Console:
    """Stdout for people: colours and width as the terminal has them, none when piped."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def make_table(*columns: str, number_width: int | None = None) -> Table:
    """A plain table with these column heads; a head that begins with > is of numbers, at most ``number_width`` wide."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        if column.startswith(">"):
            table.add_column(column[1:], justify="right", overflow="fold", max_width=number_width)
        else:
            table.add_column(column, overflow="fold")
    return table


class Bar:
    """A progress bar that is told how far the work is."""

    def __init__(self, label: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task(label, total=None)
        self._progress.start()

    def update(self, done: int, total: int | None, label: str | None = None) -> None:
        """Show that ``done`` of ``total`` are done."""
        if label is not None:
            self._progress.update(self._task, description=label)
        self._progress.update(self._task, completed=done, total=total)

    def stop(self) -> None:
        """Take the bar off the terminal."""
        self._progress.stop()


@contextmanager
def progress_bar(label: str) -> Iterator[Bar | None]:
    """A bar on stderr while the block runs; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = Bar(label)
    try:
        yield bar
    finally:
        bar.stop()


def stage_counter(bar: Bar | None, n_stages: int) -> Callable[[str], None]:
    """A function to be told each stage as it begins; it moves the bar where there is one."""
    done = iter(range(n_stages + 1))

    def begin(stage: str) -> None:
        if bar:
            bar.update(next(done), n_stages, stage)

    return begin


class Stopwatch:
    """Seconds by stage, for people and logs only; never part of a result."""

    def __init__(self) -> None:
        self._marks: list[tuple[str, float]] = []

    def begin(self, stage: str) -> None:
        """The stage before ends, this one begins."""
        self._marks.append((stage, time.perf_counter()))

    def seconds(self) -> dict[str, float]:
        """Seconds of each stage so far; a stage begun twice is added up."""
        ends = [mark for _, mark in self._marks[1:]] + [time.perf_counter()]
        total: dict[str, float] = {}
        for (stage, began), ended in zip(self._marks, ends, strict=True):
            total[stage] = round(total.get(stage, 0.0) + ended - began, 3)
        return total
