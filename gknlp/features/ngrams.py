"""Short texts in, character n-grams (字符 n 元组) as numbers out: folded, list markers and figures levelled, counted by a compiled look-up.

An n-gram of one to four characters is one 64-bit number, 16 bits a character, so a vocabulary is a sorted array of
numbers, looked up exactly and never by a hash that could collide. No n-gram reaches over the end of a clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gknlp.errors import UsageError
from gknlp.features.compiled import compiled
from gknlp.text.normalise import fold_text

Codes = NDArray[np.uint16]
Int64s = NDArray[np.int64]
Keys = NDArray[np.uint64]

LONGEST = 4
"""Characters of the longest n-gram: 4 x 16 bits fill a number."""
_N_CODES = 0x10000
_RARE = 0xFFFF  # stands for every character beyond the basic plane: a noncharacter, so no text means anything by it
_ORDINARY, _DROPPED, _BREAK, _OPEN, _CLOSE, _POINT, _NUMERAL, _DIGIT, _MEASURE, _CIRCLED = range(10)
_CLAUSE_ENDS = "，。；：！？、,;:!?|\n\r"
_NUMERALS = "〇零一二两三四五六七八九十百千万亿"
_MEASURES = "件条次份篇期场个项名类人年月日天号家部宗起位余多"
_CIRCLES = ((0x2460, 0x249C), (0x2776, 0x2794))


@dataclass(frozen=True, slots=True, eq=False)
class ClauseCodes:
    """Texts as folded 16-bit characters, 0 where a clause ends; text i is ``codes[bounds[i]:bounds[i + 1]]``."""

    codes: Codes
    bounds: Int64s


@dataclass(frozen=True, slots=True, eq=False)
class NgramIndex:
    """A vocabulary of n-grams ready to be looked up: ``keys`` ascending, the n-gram ``keys[i]`` is column i."""

    keys: Keys
    slots: Keys
    columns: NDArray[np.int32]


def fold_clauses(texts: Sequence[str]) -> ClauseCodes:
    """The texts as their n-grams are read: one width, lower case, no blanks, brackets or quotes, levelled.

    A figure (12, 1,024, 三十) becomes one '0', as does a single numeral before a measure word (一件); markers of lists
    (一是, （二）, 3., ①) and punctuation become the end of a clause. So texts that differ in figures or markers only fold
    alike. No texts give no codes; a text without a letter gives an empty stretch.
    """
    data = "".join(texts).encode("utf-32-le", "surrogatepass")
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    table, kinds = _tables()
    codes, bounds = _level(np.frombuffer(data, dtype="<u4"), offsets, table, kinds)
    return ClauseCodes(codes, bounds)


def list_ngrams(folded: ClauseCodes, *, longest: int = LONGEST) -> tuple[Int64s, Keys]:
    """Every n-gram of 1 to ``longest`` characters within a clause, as (number of its text, key), with repetitions."""
    _check_longest(longest)
    codes = folded.codes.astype(np.uint64)
    texts = np.repeat(np.arange(len(folded.bounds) - 1), np.diff(folded.bounds)).astype(np.int64)
    keys, whole = np.zeros(len(codes), np.uint64), np.ones(len(codes), dtype=bool)
    found: list[tuple[Int64s, Keys]] = []
    for length in range(1, min(longest, len(codes)) + 1):
        n = len(codes) - length + 1
        last = codes[length - 1 :]
        whole = whole[:n] & (last != 0) & (texts[:n] == texts[length - 1 :])
        keys = (keys[:n] << np.uint64(16)) | last
        found.append((texts[:n][whole], keys[whole]))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    return np.concatenate([text for text, _ in found]), np.concatenate([key for _, key in found])


def index_ngrams(keys: Keys) -> NgramIndex:
    """The look-up table of a vocabulary; UsageError unless the keys ascend (so that equal vocabularies are equal)."""
    if len(keys) and (int(keys[0]) == 0 or not bool((keys[1:] > keys[:-1]).all())):
        raise UsageError("the n-grams of a vocabulary must be distinct, not empty and in ascending order")
    size = 1 << max(4, int(len(keys) * 3).bit_length())
    slots, columns = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    _fill(keys.astype(np.uint64), slots, columns)
    return NgramIndex(keys, slots, columns)


def count_ngrams(folded: ClauseCodes, index: NgramIndex) -> Any:
    """Texts x n-grams of the vocabulary: how often each stands in each text (CSR, float32, columns as first met)."""
    n_texts, n_keys = len(folded.bounds) - 1, len(index.keys)
    room = int(LONGEST * len(folded.codes))  # pages that are never written to cost no memory
    columns, counts = np.empty(room, np.int32), np.empty(room, np.float32)
    ends, used = _count(folded.codes, folded.bounds, (index.slots, index.columns, n_keys), columns, counts)
    return sparse.csr_array((counts[:used], columns[:used], ends), shape=(n_texts, n_keys))


def spell_ngram(key: int) -> str:
    """The characters of an n-gram's key; '' for 0.

    >>> spell_ngram((ord("公") << 16) | ord("开"))
    '公开'
    """
    codes = [(key >> shift) & 0xFFFF for shift in (48, 32, 16, 0)]
    return "".join(chr(code) for code in codes if code)


def key_ngram(ngram: str) -> int:
    """The key of an n-gram of 1 to 4 folded characters; UsageError for another length."""
    _check_longest(len(ngram))
    key = 0
    for char in ngram:
        key = (key << 16) | min(ord(char), _RARE)
    return key


def _check_longest(longest: int) -> None:
    if not 1 <= longest <= LONGEST:
        raise UsageError(f"an n-gram of {longest} characters: give 1 to {LONGEST}")


@cache
def _tables() -> tuple[Codes, NDArray[np.uint8]]:
    """What each character folds to, and its kind."""
    folded = fold_text("".join(map(chr, range(_N_CODES))))
    table = np.zeros(_N_CODES, np.uint16)
    table[folded.starts] = np.frombuffer(folded.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = np.where(table == 0, _DROPPED, _ORDINARY).astype(np.uint8)
    kinds[table == ord("0")] = _DIGIT
    for first, end in _CIRCLES:
        kinds[first:end] = _CIRCLED
    for chars, kind in (
        (_CLAUSE_ENDS, _BREAK),
        ("（(", _OPEN),
        ("）)", _CLOSE),
        (".．,，", _POINT),
        (_NUMERALS, _NUMERAL),
        (_MEASURES, _MEASURE),
    ):
        kinds[[ord(char) for char in chars]] = kind
    return table, kinds


@compiled
def _level(raw, offsets, table, kinds):  # type: ignore[no-untyped-def]  # numba infers the types
    n_texts = offsets.shape[0] - 1
    codes = np.empty(raw.shape[0], np.uint16)
    bounds = np.zeros(n_texts + 1, np.int64)
    m = 0
    for text in range(n_texts):
        first, end = offsets[text], offsets[text + 1]
        i = first
        opens = True  # nothing of this clause was kept yet
        at_start = True  # nothing of this text was kept yet
        while i < end:
            code = raw[i]
            kind = kinds[code] if code < 0x10000 else 0
            last = codes[m - 1] if m > bounds[text] else np.uint16(0)
            if kind == 1 or kind == 4:
                i += 1
                continue
            if kind == 3:  # a bracketed number is a marker, any other bracket is dropped
                j = i + 1
                while j < end and j - i <= 3 and raw[j] < 0x10000 and (kinds[raw[j]] == 6 or kinds[raw[j]] == 7):
                    j += 1
                if j > i + 1 and j < end and raw[j] < 0x10000 and kinds[raw[j]] == 4:
                    i = j + 1
                    kind = 2
                else:
                    i += 1
                    continue
            elif kind == 9:
                i += 1
                kind = 2
            elif kind == 5:
                if last == 48 and i + 1 < end and raw[i + 1] < 0x10000 and kinds[raw[i + 1]] == 7:
                    i += 1  # inside a number
                    continue
                i += 1
                kind = 2
            elif kind == 2:
                i += 1
            elif kind == 7 or kind == 6:
                j = i + 1
                while j < end and raw[j] < 0x10000 and kinds[raw[j]] == kind:
                    j += 1
                after = raw[j] if j < end else np.uint32(0)
                follows = kinds[after] if after < 0x10000 else 0
                marker = False
                if opens and j - i <= 3:
                    if kind == 6 and after == 0x662F:  # 一是, but not 一是否
                        marker = not (j + 1 < end and raw[j + 1] == 0x5426)
                        j = j + 1 if marker else j
                    elif (after == 0x3001 or after == 0x2E or after == 0xFF0E) and (kind == 7 or at_start):
                        next_one = raw[j + 1] if j + 1 < end else np.uint32(0)
                        marker = not (next_one < 0x10000 and kinds[next_one] == 7)
                if marker:
                    i = j
                    kind = 2
                elif kind == 7 or j - i > 1 or follows == 8 or last == 48:
                    if last != 48:
                        codes[m] = 48
                        m += 1
                    opens = at_start = False
                    i = j
                    continue
                else:
                    codes[m] = table[code]
                    m += 1
                    opens = at_start = False
                    i = j
                    continue
            elif opens and code == 0x7B2C and i + 2 < end and raw[i + 1] < 0x10000 and kinds[raw[i + 1]] == 6:
                follows = kinds[raw[i + 2]] if raw[i + 2] < 0x10000 else 0
                if follows == 2 or follows == 5:  # 第一，
                    i += 3
                    kind = 2
                else:
                    kind = 0
            if kind == 2:
                if last != 0:
                    codes[m] = 0
                    m += 1
                opens = True
            else:
                codes[m] = table[code] if code < 0x10000 else np.uint16(0xFFFF)
                m += 1
                i += 1
                opens = at_start = False
        bounds[text + 1] = m
    return codes[:m].copy(), bounds


@compiled
def _fill(keys, slots, columns):  # type: ignore[no-untyped-def]  # numba infers the types
    mask = np.uint64(slots.shape[0] - 1)
    for column in range(keys.shape[0]):
        key = keys[column]
        slot = ((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(29)) & mask
        while slots[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = key
        columns[slot] = column


@compiled
def _count(codes, bounds, table, columns, counts):  # type: ignore[no-untyped-def]  # numba infers the types
    slots, column_of, n_keys = table
    mask = np.uint64(slots.shape[0] - 1)
    seen = np.full(n_keys, -1, np.int64)  # where the text at hand has this column
    ends = np.zeros(bounds.shape[0], np.int64)
    m = 0
    for text in range(bounds.shape[0] - 1):
        first = m
        for i in range(bounds[text], bounds[text + 1]):
            key = np.uint64(0)
            for length in range(4):
                if i + length >= bounds[text + 1] or codes[i + length] == 0:
                    break
                key = (key << np.uint64(16)) | np.uint64(codes[i + length])
                slot = ((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(29)) & mask
                while slots[slot] != 0 and slots[slot] != key:
                    slot = (slot + np.uint64(1)) & mask
                if slots[slot] == key:
                    column = column_of[slot]
                    if seen[column] >= first:
                        counts[seen[column]] += np.float32(1)
                    else:
                        seen[column] = m
                        columns[m] = column
                        counts[m] = 1
                        m += 1
        ends[text + 1] = m
    return ends, m
