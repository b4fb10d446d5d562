"""Cells of the official tables from sentences that stand in their place (以文字代替表格).

Nothing is guessed: a clause gives a cell only where every word of it is known and it names that one cell. A plan, another
year, a comparison, a sum over rows, a range, two numbers for one cell give none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gknlp.forms import Block, Column, FormTable, Row
from gknlp.records import Cell, Diagnostic, Scalar, Span
from gknlp.text.numerals import parse_amount, parse_chinese_count, yuan_of

_COUNTED = "件条项起宗次份元"
_CLAUSE_END = re.compile(rf"[；;：:\n]|(?<!\d)[，,]|[，,](?!\d{{3}}(?!\d))|(?<=[{_COUNTED}])(?:、|以及|和|及)")
_SENTENCE_END = re.compile(r"[。！？!?]")
_ENUMERATOR = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}(?:是|、)|第[一二三四五六七八九十][，、]|\d{1,2}[、．.](?=\s*[一-鿿]))"
)
_DAY = r"\d{1,2}\s*月\s*\d{1,2}\s*日"
_DATE = rf"(?:20\d\d\s*年)?\s*(?:{_DAY}\s*[至到—~-]+\s*)?(?:20\d\d\s*年)?\s*{_DAY}|20\d\d\s*年(?:度)?"
_DIGITS = r"\d{1,3}(?:[,，]\d{3})+(?!\d)|\d{1,9}(?:[.．]\d{1,4})?"
_CHINESE = "[零〇一二两三四五六七八九十百千万]{1,9}"
_MOST_CHARS = 20_000
"""A section of more characters is no prose in place of a table."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    token: re.Pattern[str]
    kinds: Mapping[str, str]
    rows: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, tuple[str, ...]]
    slots: Mapping[tuple[str, str], tuple[Row, Column]]
    blocks: Mapping[str, Block]
    default_column: str | None
    negated_object: str | None
    apart: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Clause:
    """What a clause of known words says; ``value`` is the span of its number or negation word."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    has_object: bool
    value: Span | None
    unit: str | None
    is_negated: bool
    is_part: bool


@dataclass(frozen=True, slots=True)
class _Said:
    row: str
    column: str
    raw: str
    span: Span
    value: int | float
    unit: str | None
    yuan: float | None


@dataclass(frozen=True, slots=True)
class _Carried:
    """What a clause without label or verb takes over from the one before it in its sentence."""

    rows: tuple[str, ...] = ()
    column: str | None = None


_NOTHING = _Carried()


def read_prose(text: str, table: FormTable, region: Span, year: Scalar) -> dict[tuple[str, str], Cell]:
    """The cells that the sentences of a section without its table name, by row and column; {} where they name none.

    Parameters
    ----------
    text : the document, in simplified script.
    region : the section's body.
    year : the year reported on, None where unknown; a sentence about another gives nothing.

    >>> from gknlp.forms import load_form
    >>> text = "本年度制发规范性文件2件，作出行政许可0件。"
    >>> cells = read_prose(text, load_form("revised_2021").table("t2"), Span(0, len(text)), 2021)
    >>> [(row, column, cell.raw) for (row, column), cell in cells.items()]
    [('normative_documents', 'issued', '2'), ('licensing', 'decisions', '0')]
    """
    words = _load_words().get(table.key)
    if words is None or not 0 < len(region) <= _MOST_CHARS:
        return {}
    vocabulary = _vocabulary(table)
    said: dict[tuple[str, str], list[_Said]] = {}
    for one in _read_sentences(text, region, vocabulary, year):
        said.setdefault((one.row, one.column), []).append(one)
    return {key: _cell(table, found[0]) for key, found in said.items() if len({one.value for one in found}) == 1}


def note_prose(table: FormTable, region: Span, n_cells: int) -> Diagnostic:
    """The note that cells of this table come from sentences."""
    return Diagnostic("cells_from_prose", "info", region, table.key, str(n_cells))


def _cell(table: FormTable, one: _Said) -> Cell:
    return Cell(table.key, one.row, one.column, one.raw, one.value, one.unit, one.yuan, one.span)


@cache
def _load_words() -> dict[str, Any]:
    return tomllib.loads((files("gknlp.parse") / "prose.toml").read_text(encoding="utf-8"))


@cache
def _vocabulary(table: FormTable) -> _Vocabulary:
    data = _load_words()
    own = data[table.key]
    blocks = {row.key: block for block in table.blocks for row in block.rows}
    slots = {(row.key, column.key): (row, column) for _, row, column in table.slots()}
    rows: dict[str, tuple[str, ...]] = {word: tuple(keys) for word, keys in own.get("groups", {}).items()}
    rows |= {word: (row.key,) for _, row, _ in table.slots() for word in _label_words(row)}
    rows |= {word: (key,) for key, names in own["rows"].items() if key in blocks for word in names}
    columns: dict[str, tuple[str, ...]] = {}
    known = {column for _, column in slots}
    for key, names in own["columns"].items():
        for word in names:
            columns[word] = (*columns.get(word, ()), key) if key in known else columns.get(word, ())
    kinds: dict[str, str] = {}
    for kind in ("fillers", "joints", "negations", "other_times", "plans"):
        kinds |= dict.fromkeys(data[kind], kind)
    kinds |= dict.fromkeys(own["objects"], "objects")
    kinds |= dict.fromkeys((word for word, keys in columns.items() if keys), "columns") | dict.fromkeys(rows, "rows")
    alternatives = "|".join(map(re.escape, sorted(kinds, key=lambda word: (-len(word), word))))
    units = "|".join([*data["money"], *data["counters"]])
    number = rf"(?P<number>{_DIGITS}|{_CHINESE})\s*(?P<unit>{units})"
    return _Vocabulary(
        re.compile(rf"\s+|[一二三四五六七八九十]是|(?P<date>{_DATE})|(?P<word>{alternatives})|{number}"),
        kinds,
        rows,
        columns,
        slots,
        blocks,
        own.get("default_column"),
        own.get("negated_object"),
        frozenset(own.get("apart", ())),
    )


def _label_words(row: Row) -> Iterator[str]:
    """A row's printed labels without number and brackets; 其他 and 总计 alone name no row."""
    for label in (row.label, *row.variants):
        bare = re.sub(r"^[（(]?[一二三四五六七八九十\d]+[)）]?[.、]?|[（(].*?[)）]", "", label)
        if len(bare) > 2:
            yield bare


def _read_sentences(text: str, region: Span, words: _Vocabulary, year: Scalar) -> Iterator[_Said]:
    start, is_plan, cut = region.start, False, len(text.rstrip())
    printed = region.start + len(text[region.start : region.end].rstrip())
    for end in [*(match.end() for match in _SENTENCE_END.finditer(text, region.start, printed)), printed]:
        if "\n" in text[max(start - 1, region.start) : start + 1]:
            is_plan = False
        carried, is_other = _NOTHING, is_plan
        said: list[_Said] = []
        enumerator = _ENUMERATOR.match(text, start, end)
        for left, right in _clauses(text, enumerator.end() if enumerator else start, end):
            clause, turn = _read_clause(text, left, right, words, year)
            is_plan = is_plan or turn == "plans"
            is_other = is_other or turn != ""
            if clause is None or is_other or right == cut:
                carried = _doubt(carried, words)
                continue
            if clause.is_part and words.apart & {*clause.rows}:
                said = []  # 收到5件，其中上年结转1件: then 5 is the sum of two rows
                continue
            found, carried = _understand(text, clause, carried, words)
            said += found
        yield from said
        start = end


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _CLAUSE_END.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end - (end > start and _SENTENCE_END.match(text, end - 1) is not None)


def _read_clause(text: str, start: int, end: int, words: _Vocabulary, year: Scalar) -> tuple[_Clause | None, str]:
    """The clause, None where a word of it is unknown; and where it turns to another time or to plans."""
    rows: list[tuple[str, ...]] = []
    columns: list[tuple[str, ...]] = []
    values: list[tuple[Span, str | None]] = []
    has_object, is_joined, turn, place = False, True, "", start
    while place < end:
        token = words.token.match(text, place, end)
        if token is None:
            return None, turn or _turn_of(text, place, end, words, year)
        place = token.end()
        kind = words.kinds.get(token["word"] or "", "")
        if token["date"] and not _is_of_year(token["date"], year):
            return None, "plans"
        if kind in ("other_times", "plans"):
            return None, kind
        if kind == "rows":
            if rows and not is_joined:
                return None, turn
            rows.append(words.rows[token["word"]])
            is_joined = False
        elif kind == "columns":
            columns.append(words.columns[token["word"]])
        elif kind == "negations":
            values.append((Span(token.start(), token.end()), None))
        elif token["number"]:
            values.append((Span(token.start("number"), token.end("number")), token["unit"]))
        has_object = has_object or kind == "objects"
        is_joined = is_joined or kind == "joints"
    if len(values) > 1 or len(columns) > 1:
        return None, turn
    span, unit = values[0] if values else (None, None)
    named = tuple(key for keys in rows for key in keys)
    is_negated = bool(values) and unit is None
    return _Clause(
        named, columns[0] if columns else (), has_object, span, unit, is_negated, "其中" in text[start:end]
    ), turn


def _turn_of(text: str, start: int, end: int, words: _Vocabulary, year: Scalar) -> str:
    """Whether the rest of a clause that is not understood speaks of another time or of plans."""
    rest = text[start:end]
    years = re.findall(r"20\d\d(?=\s*年)", rest)
    if any(not _is_of_year(found, year) for found in years):
        return "plans"
    kinds = {kind for word, kind in words.kinds.items() if kind in ("other_times", "plans") and word in rest}
    return "plans" if "plans" in kinds else "other_times" if kinds else ""


def _is_of_year(date: str, year: Scalar) -> bool:
    return all(found == str(year) for found in re.findall(r"20\d\d", date))


def _understand(text: str, clause: _Clause, carried: _Carried, words: _Vocabulary) -> tuple[list[_Said], _Carried]:
    """The cells that a clause names, and what the next one may take over."""
    rows = clause.rows or carried.rows
    if not rows and clause.is_negated and clause.has_object and words.negated_object in words.blocks:
        rows = (str(words.negated_object),)
    column = _choose_column(clause, carried, rows, words)
    taken = _Carried(rows, column or carried.column)
    if clause.value is None or not rows:
        return [], taken
    if column is None or any((row, column) not in words.slots for row in rows):
        return [], _doubt(carried, words)
    read = [_read_value(text, clause, row, column, words) for row in rows]
    said = [one for one in read if one is not None]
    if len(said) < len(rows) or (len(rows) > 1 and any(one.value for one in said)):
        return [], _doubt(carried, words)
    return said, taken


def _doubt(carried: _Carried, words: _Vocabulary) -> _Carried:
    """After a clause that was not understood: an applicant named before may go on, nothing else does."""
    return _Carried((), carried.column) if words.default_column else _NOTHING


def _choose_column(clause: _Clause, carried: _Carried, rows: Sequence[str], words: _Vocabulary) -> str | None:
    """The one column: named, the only one of the row, the table's own default, or the sentence's; None for a doubt."""
    fits = [key for key in clause.columns if all((row, key) in words.slots for row in rows)]
    if clause.columns:
        return fits[0] if len(fits) == 1 else None
    if words.default_column is not None:
        # Behind 自然人4件 a number without an applicant could be the natural persons' or everyone's.
        return words.default_column if carried.column in (None, words.default_column) else None
    sole = {words.blocks[row].columns[0].key for row in rows if len(words.blocks[row].columns) == 1}
    if rows and len(sole) == 1 and all(len(words.blocks[row].columns) == 1 for row in rows):
        return None if clause.unit == "项" and not clause.is_negated else sole.pop()
    return carried.column


def _read_value(text: str, clause: _Clause, row: str, column: str, words: _Vocabulary) -> _Said | None:
    span = clause.value
    if span is None:
        return None
    money = words.slots[row, column][1].money
    unit: str | None = words.slots[row, column][1].unit or ("件" if not money else None)
    raw = text[span.start : span.end]
    if clause.is_negated:
        return _Said(row, column, raw, span, 0, unit, 0.0 if money else None)
    if money != (clause.unit in _load_words()["money"]):
        return None
    if not money:
        count = parse_chinese_count(raw)
        amount = parse_amount(raw)
        value = count if count is not None else amount.value if amount else None
        return _Said(row, column, raw, span, value, unit, None) if isinstance(value, int) else None
    amount = parse_amount(f"{raw}{clause.unit}")
    if amount is None:
        return None
    whole = Span(span.start, text.index(str(clause.unit), span.end) + len(str(clause.unit)))
    sum_of_money = yuan_of(amount.digits, amount.unit)
    return _Said(row, column, text[whole.start : whole.end], whole, amount.value, amount.unit, sum_of_money)
