"""Mandated text (规定文本): wording that law, notice or form prescribes, kept apart before anything is called copied."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.features.compiled import compiled
from gknlp.features.folded import FoldedColumn
from gknlp.forms import Form, load_forms
from gknlp.reuse.automaton import Automaton, build_automaton
from gknlp.reuse.matcher import Programs, build_programs, new_stack, run_program
from gknlp.text.normalise import PLACEHOLDER, fold_text
from gknlp.text.own_names import list_own_names

Places = NDArray[np.int64]

_MIN_LITERAL = 7
"""Shorter labels (总体情况, 规章) are ordinary words inside a sentence: they count as a whole line only."""
_BEFORE = 80
"""Folded characters that a pattern may grow to the left: the longest opening of a data-period sentence."""
_REACH = 80
"""Folded characters in which the beginnings that a pattern needs must stand: three of the longest section names."""
_ANYWHERE, _LINE, _SECTION, _HEAD, _BEGINS = 1, 2, 4, 8, 16
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """What is matched where one of its beginnings stands, and what may stand before it (up to where the core begins).

    ``n_beginnings``: how many of them, near each other, a match of each pattern has at least.
    """

    cores: Programs
    befores: Programs
    n_beginnings: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MandatedWording:
    """What is recognised on folded text: an automaton over all literals, what each is (bits), and the patterns.

    ``begins``: for each literal the patterns that may begin with it.
    """

    automaton: Automaton
    kinds: NDArray[np.uint8]
    begins: tuple[tuple[int, ...], ...]
    patterns: Patterns


def mark_mandated(
    column: FoldedColumn, block: tuple[int, int], wording: MandatedWording, marks: NDArray[np.uint8]
) -> None:
    """Set bit 1 where a position is mandated: a literal, a line that is a label, a numbered heading, or a pattern.

    A heading of section one must end there, for prose may begin like it. ``block``: the stretches that are looked at.
    """
    bounds = column.bounds[block[0] : block[1] + 1]
    automaton = wording.automaton
    numerals = np.array([ord(char) for char in _NUMERALS], dtype=np.uint32)
    at, literal = _scan(
        (column.codes, column.flags, bounds),
        (automaton.class_of, automaton.steps, automaton.bounds, automaton.found, automaton.lengths),
        wording.kinds,
        numerals,
        marks,
    )
    places, numbers = _list_tries(wording, at, literal)
    patterns = wording.patterns
    _mark_matches(
        (column.codes, bounds),
        (places, numbers),
        (patterns.cores.steps, patterns.cores.starts),
        (patterns.befores.steps, patterns.befores.starts, patterns.befores.sets),
        (new_stack(patterns.cores), new_stack(patterns.befores)),
        marks,
    )


def _list_tries(wording: MandatedWording, at: Places, literal: NDArray[np.int32]) -> tuple[Places, NDArray[np.int32]]:
    """Where which pattern is tried: where one of its beginnings stands, and as many of them follow as it needs."""
    places, numbers = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
    for number, needed in enumerate(wording.patterns.n_beginnings):
        own = np.array([number in begins for begins in wording.begins], dtype=bool)
        found = _drop_repeats(at[own[literal]])
        if needed > 1:
            ahead = needed - 1
            found = found[: len(found) - ahead][found[ahead:] - found[: len(found) - ahead] <= _REACH]
        places.append(found)
        numbers.append(np.full(len(found), number, np.int32))
    every, of_each = np.concatenate(places), np.concatenate(numbers)
    order = np.argsort(every, kind="stable")
    return every[order], of_each[order]


def _drop_repeats(ascending: Places) -> Places:
    return ascending[np.append(True, np.diff(ascending) > 0)] if len(ascending) else ascending


@compiled
def _mark_matches(column, tries, cores, befores, stacks, marked):  # type: ignore[no-untyped-def]  # numba infers the types
    codes, bounds = column
    places, numbers = tries
    done = np.zeros(cores[1].shape[0], np.int64)
    s = 0
    for t in range(places.shape[0]):
        begin, number = places[t], numbers[t]
        while begin >= bounds[s + 1]:
            s += 1
        if begin < done[number]:
            continue
        end = run_program(codes, cores[0], cores[1][number], begin, bounds[s + 1], False, stacks[0])
        if end < 0:
            continue
        done[number] = end
        start = max(bounds[s], begin - _BEFORE)
        while (
            start < begin
        ):  # the longest opening: it begins with a character of its own and ends where the core begins
            code = codes[start]
            if (code >= 0x10000 or befores[2][number, code]) and run_program(
                codes, befores[0], befores[1][number], start, begin, True, stacks[1]
            ) == begin:
                break
            start += 1
        for q in range(start, end):
            marked[q] |= 1


@compiled
def _scan(column, automaton, kinds, numerals, marked):  # type: ignore[no-untyped-def]  # numba infers the types
    codes, flags, bounds = column
    class_of, steps, ends, found, lengths = automaton
    n = bounds[-1] - bounds[0]
    at = np.empty(n, np.int64)  # pages that are never written to cost no memory
    literal = np.empty(n, np.int32)
    n_hits = 0
    after_number = np.zeros(4, np.int64)  # places at which a heading may begin in this line
    for s in range(bounds.shape[0] - 1):
        state = 0
        line, n_after = np.int64(bounds[s]), 0
        for i in range(bounds[s], bounds[s + 1]):
            if flags[i] & 1:
                line, n_after = i, 0
                for length in range(1, 4):
                    last = i + length - 1
                    if last >= bounds[s + 1] or (length > 1 and flags[last] & 1):
                        break
                    code = codes[last]
                    is_numeral = False
                    for q in range(numerals.shape[0]):
                        is_numeral = is_numeral or numerals[q] == code
                    if length > 1 and is_numeral != (codes[i] != 48):
                        break
                    if not is_numeral and (code != 48 or length == 3):
                        break
                    after_number[n_after] = last + 1
                    n_after += 1
            kind_of = class_of[codes[i]]
            if kind_of == 0:
                state = 0
                continue
            state = steps[state, kind_of]
            for f in range(ends[state], ends[state + 1]):
                number = found[f]
                start = i - lengths[number] + 1
                kind = kinds[number]
                hit = kind & 1 != 0
                if kind & 2 and start == line and (i + 1 == bounds[s + 1] or flags[i + 1] & 1):
                    hit = True
                if kind & 12 and start <= line + 3:
                    for q in range(n_after):
                        if after_number[q] == start and (kind & 4 or flags[i] & 2):
                            hit = True
                            start = line
                            break
                if hit:
                    for q in range(start, i + 1):
                        marked[q] |= 1
                if kind & 16:
                    at[n_hits] = i - lengths[number] + 1
                    literal[n_hits] = number
                    n_hits += 1
    order = np.argsort(at[:n_hits], kind="mergesort")
    return at[:n_hits][order], literal[:n_hits][order]


@cache
def load_wording() -> MandatedWording:
    """The wording that is shipped: the forms' labels and headings, titles, document numbers and patterns."""
    data = tomllib.loads(files("gknlp.reuse").joinpath("mandated.toml").read_text(encoding="utf-8"))
    forms = load_forms().values()
    sections = sorted({name for form in forms for kind in form.sections for name in (kind.title, *kind.variants)})
    labels = [*data["labels"], *(label for form in forms for label in _list_labels(form))]
    titles = _fold_all([*data["titles"], *data["numbers"]])
    heads = _fold_all([head + ending for head in data["heads"] for ending in data["head_endings"]])
    names = {"<title>": titles, "<section>": _fold_all(sections), "<self>": [PLACEHOLDER]}
    kinds: dict[str, int] = {}
    for items, kind in (
        ([one for one in (*_fold_all(labels), *_fold_all(sections), *titles) if len(one) >= _MIN_LITERAL], _ANYWHERE),
        ([*_fold_all(labels), *_fold_all(sections), *heads], _LINE),
        (_fold_all(sections), _SECTION),
        (heads, _HEAD),
    ):
        for item in items:
            kinds[item] = kinds.get(item, 0) | kind
    begins: dict[str, list[int]] = {}
    for number, item in enumerate(data["patterns"]):
        for wording in _fill_beginnings(item["begins"], names):
            begins.setdefault(wording, []).append(number)
            kinds[wording] = kinds.get(wording, 0) | _BEGINS
    literals = sorted(kinds)
    return MandatedWording(
        automaton=build_automaton(literals),
        kinds=np.array([kinds[item] for item in literals], dtype=np.uint8),
        begins=tuple(tuple(begins.get(item, ())) for item in literals),
        patterns=_compile_patterns(data["patterns"], names),
    )


def _list_labels(form: Form) -> Iterator[str]:
    for table in form.tables:
        yield from (table.caption, table.note, *table.headers)
        for block in table.blocks:
            yield block.label
            yield from (column.label for column in block.columns)
            yield "".join(column.label for column in block.columns)  # a header row, one cell after the other
            yield from (label for row in block.rows for label in (row.label, *row.variants))


def _fold_all(wordings: Iterable[str]) -> list[str]:
    """Wordings folded as documents are, self-references masked (本机关不掌握… is a label), longest first, none empty."""
    mask = list_own_names(None)
    folded = {fold_text(wording, mask=mask).text for wording in wordings} - {""}
    return sorted(folded, key=lambda wording: (-len(wording), wording))


def _fill_beginnings(parts: list[list[str]], names: Mapping[str, list[str]]) -> Iterator[str]:
    """Every combination of one alternative of each part, names filled in."""
    mask = names["<self>"][0]
    filled = [
        [wording for item in part for wording in names.get(item, [item.replace("<self>", mask)])] for part in parts
    ]
    yield from dict.fromkeys(map("".join, product(*filled)))


def _compile_patterns(items: Sequence[Mapping[str, Any]], names: Mapping[str, list[str]]) -> Patterns:
    def fill(pattern: str) -> str:
        for name, wordings in names.items():
            pattern = pattern.replace(name, "(?:" + "|".join(wordings) + ")")
        return pattern

    return Patterns(
        cores=build_programs([fill(item["core"]) for item in items]),
        befores=build_programs([fill(item.get("before", "")) for item in items]),
        n_beginnings=tuple(item.get("n_beginnings", 1) for item in items),
    )
