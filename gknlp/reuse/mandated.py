"""Mandated text (规定文本): wording that law, notice or form prescribes, kept apart before anything is called copied."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from gknlp.forms import Form, load_forms
from gknlp.reuse.names import list_own_names
from gknlp.text.normalise import PLACEHOLDER, FoldedText, fold_text

_MIN_LITERAL = (
    7  # shorter labels (总体情况, 规章) are ordinary words inside a sentence: they count as a whole line only
)
_BEFORE = 80  # folded characters that a pattern may grow to the left: the longest opening of a data-period sentence
_NUMBER = r"[ \t\u3000]*(?:[（(]?[一二三四五六七八九十]{1,3}[)）]?|[（(]?[0-9０-９]{1,2}[)）]?)[ \t\u3000]*[、.．,，:：]?[ \t\u3000]*"


Pattern = tuple[re.Pattern[str], re.Pattern[str]]
"""What is searched for, and what may stand before it (matched up to where the core begins)."""


@dataclass(frozen=True, slots=True)
class MandatedWording:
    """What is recognised: ``literals`` and ``patterns`` on folded text, ``lines`` as folded lines, ``headings`` as written."""

    literals: tuple[str, ...]
    lines: frozenset[str]
    patterns: tuple[Pattern, ...]
    headings: re.Pattern[str]


def find_mandated(text: str, folded: FoldedText, wording: MandatedWording) -> list[tuple[int, int]]:
    """Half-open ranges of folded characters that are mandated; they may overlap. Empty text gives none.

    Parameters
    ----------
    text : the text as received.
    folded : the same text folded, with the agency's names masked.
    wording : from ``load_wording``.

    >>> note = "本报告所列数据的统计期限为2023年1月1日至12月31日。我镇修缮了查阅点。"
    >>> folded = fold_text(note)
    >>> [folded.text[start:end] for start, end in find_mandated(note, folded, load_wording())][0]
    '本报告所列数据的统计期限为0000年0月0日至00月00日'
    """
    found = [span for pattern in wording.patterns for span in _find_pattern(folded.text, pattern)]
    for literal in wording.literals:
        found += ((at, at + len(literal)) for at in _find_all(folded.text, literal))
    stretches = [match.span() for match in wording.headings.finditer(text)]
    stretches += _find_lines(text, wording.lines)
    bounds = np.searchsorted(folded.starts, np.array(stretches, dtype=np.int64).reshape(-1, 2)).tolist()
    return found + [(start, end) for start, end in bounds if start < end]


def _find_pattern(text: str, pattern: Pattern) -> Iterator[tuple[int, int]]:
    core, before = pattern
    for match in core.finditer(text):
        opening = before.search(text[max(0, match.start() - _BEFORE) : match.start()])
        yield match.start() - (len(opening[0]) if opening else 0), match.end()


def _find_all(text: str, literal: str) -> Iterator[int]:
    at = text.find(literal)
    while at >= 0:
        yield at
        at = text.find(literal, at + len(literal))


def _find_lines(text: str, lines: frozenset[str]) -> list[tuple[int, int]]:
    longest = 2 * max(map(len, lines), default=0)
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        if len(line) <= longest and fold_text(line).text in lines:
            found.append((at, at + len(line)))
        at += len(line)
    return found


@cache
def load_wording() -> MandatedWording:
    """The wording that is shipped: the forms' labels and headings, titles, document numbers and patterns."""
    data = tomllib.loads(files("gknlp.reuse").joinpath("mandated.toml").read_text(encoding="utf-8"))
    forms = load_forms().values()
    sections = _longest_first(name for form in forms for kind in form.sections for name in (kind.title, *kind.variants))
    labels = [*data["labels"], *(label for form in forms for label in _list_labels(form))]
    titles = _fold_all([*data["titles"], *data["numbers"]])
    literals = {item for item in (*_fold_all(labels), *_fold_all(sections), *titles) if len(item) >= _MIN_LITERAL}
    names = {"<title>": titles, "<section>": _fold_all(sections), "<self>": [PLACEHOLDER]}
    heads = [head + ending for head in data["heads"] for ending in data["head_endings"]]
    return MandatedWording(
        literals=tuple(sorted(literals)),
        lines=frozenset((*_fold_all(labels), *_fold_all(sections), *_fold_all(heads))),
        patterns=tuple(_compile_pattern(item["core"], item.get("before", ""), names) for item in data["patterns"]),
        headings=_compile_headings(sections, heads),
    )


def _list_labels(form: Form) -> Iterator[str]:
    for table in form.tables:
        yield from (table.caption, table.note, *table.headers)
        for block in table.blocks:
            yield block.label
            yield from (column.label for column in block.columns)
            yield "".join(column.label for column in block.columns)  # a header row, one cell after the other
            yield from (label for row in block.rows for label in (row.label, *row.variants))


def _fold_all(wordings: list[str]) -> list[str]:
    """Wordings folded as documents are, self-references masked (本机关不掌握… is a label), longest first, none empty."""
    mask = list_own_names(None)
    return [item for item in _longest_first(fold_text(wording, mask=mask).text for wording in wordings) if item]


def _longest_first(wordings: Iterable[str]) -> list[str]:
    return sorted(set(wordings), key=lambda wording: (-len(wording), wording))


def _compile_pattern(core: str, before: str, names: Mapping[str, list[str]]) -> Pattern:
    def fill(pattern: str) -> str:
        for name, wordings in names.items():
            pattern = pattern.replace(name, "(?:" + "|".join(map(re.escape, wordings)) + ")")
        return pattern

    return re.compile(fill(core)), re.compile(rf"(?:{fill(before)})\Z")


def _compile_headings(sections: list[str], heads: list[str]) -> re.Pattern[str]:
    """Numbered headings at the start of a line; a head of section one must end there, for prose may begin like it."""
    first = "|".join(map(re.escape, sections))
    second = "|".join(map(re.escape, _longest_first(heads)))
    return re.compile(rf"^{_NUMBER}(?:(?:{first})|(?:{second})(?=[ \t\u3000]*(?:[。：:.]|$)))", re.MULTILINE)
