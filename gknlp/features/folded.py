"""Texts of a column folded into one array of code points, each with its way back: what copied text is compared on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.engine.memory import Memory
from gknlp.errors import UsageError
from gknlp.features.compiled import compiled
from gknlp.text.normalise import PLACEHOLDER, fold_text

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Codes = NDArray[np.uint32]
Flags = NDArray[np.uint8]

LINE_START = 1
"""Flag: the first character of a line, or of its stretch."""
STOP_AFTER = 2
"""Flag: a full stop or colon follows, or the line ends."""
_N_CODES = 0x110000
_ASSIGNED = ((0, 0x40000), (0xE0000, 0xE1000))
"""Outside these planes nothing is assigned or all is private use: such code points fold to themselves."""
_MASK = np.uint32(ord(PLACEHOLDER))
_STOPS = "。：:.．"
_LINE_ENDS = "\n\r"
_BLANKS = " \t\u3000"
_OTHER, _STOP, _END, _BLANK = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Names:
    """Wordings that fold to one placeholder: those that count in every text, and those of single texts.

    ``codes``: all wordings one after the other, folded; wording i is ``codes[bounds[i]:bounds[i + 1]]``. The first
    ``n_common`` count everywhere; text t adds those from ``of_text[t]`` to ``of_text[t + 1]``. In each group longest first.
    """

    codes: Codes
    bounds: Int64s
    n_common: int
    of_text: Int64s


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stretches:
    """The stretches to be folded: text number, first and last code point (half-open), ascending and apart."""

    text: Int32s
    start: Int32s
    end: Int32s


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FoldedColumn:
    """One folded character after another; a position is an index into ``codes``.

    ``at``: code point of its text at which the character stands. ``flags``: LINE_START, STOP_AFTER. ``bounds``: first
    position of each stretch, and the end. ``masked``, ``masked_end``: positions of placeholders, ascending, and the code
    point at which the masked wording ends (any other character is one code point long).
    """

    codes: Codes
    at: Int32s
    flags: Flags
    bounds: Int64s
    stretches: Stretches
    masked: Int64s
    masked_end: Int32s

    def ends_of(self, positions: Int64s) -> Int64s:
        """The code point after each of these positions' characters."""
        ends: Int64s = self.at[positions].astype(np.int64) + 1
        if len(self.masked):
            places = np.minimum(np.searchsorted(self.masked, positions), len(self.masked) - 1)
            found = self.masked[places] == positions
            ends[found] = self.masked_end[places[found]]
        return ends


def fold_column(texts: pa.Array, stretches: Stretches, names: Names, *, rows: Int64s | None = None) -> FoldedColumn:
    """The stretches of the texts folded as by ``gknlp.text.normalise.fold_text``, names masked, in one pass.

    Parameters
    ----------
    texts : strings, none null.
    rows : where in them each of the n texts stands; by default text t is the string t.
    stretches : which code points of which text.
    names : what is masked; of wordings that overlap the leftmost longest is.

    Returns
    -------
    No stretches give an empty column. Time and memory grow with the text.

    Raises
    ------
    UsageError : 2**31 code points or more in one text.
    """
    data, begins, ends = _utf8(texts, rows)
    if len(begins) and int((ends - begins).max()) >= 2**31:
        raise UsageError("a text is larger than 2 GiB: cut it up")
    room = int((stretches.end.astype(np.int64) - stretches.start).sum())
    table, kinds = _fold_table(), _kind_table()
    folded = _fold(
        data,
        (begins, ends),
        (stretches.text, stretches.start, stretches.end),
        (table, kinds),
        (names.codes, names.bounds, names.n_common, names.of_text),
        (np.empty(room, np.uint32), np.empty(room, np.int32), np.zeros(room, np.uint8)),
    )
    codes, at, flags, bounds, masked, masked_end = folded
    return FoldedColumn(
        codes=codes, at=at, flags=flags, bounds=bounds, stretches=stretches, masked=masked, masked_end=masked_end
    )


def join_columns(columns: Iterable[FoldedColumn], stretches: Stretches, memory: Memory) -> FoldedColumn:
    """One column of those of neighbouring ``stretches``; none give an empty one."""
    every = list(columns) if memory.folder is None else [_keep_on_disk(one, memory) for one in columns]
    sizes = np.cumsum([0, *(len(one.codes) for one in every)]).astype(np.int64)
    shifted = list(zip(every, sizes.tolist(), strict=False))
    return FoldedColumn(
        codes=memory.join((one.codes for one in every), np.uint32),
        at=memory.join((one.at for one in every), np.int32),
        flags=memory.join((one.flags for one in every), np.uint8),
        bounds=np.concatenate([np.zeros(1, np.int64), *(one.bounds[1:] + size for one, size in shifted)]),
        stretches=stretches,
        masked=np.concatenate([np.zeros(0, np.int64), *(one.masked + size for one, size in shifted)]),
        masked_end=np.concatenate([np.zeros(0, np.int32), *(one.masked_end for one in every)]),
    )


def _keep_on_disk(column: FoldedColumn, memory: Memory) -> FoldedColumn:
    return replace(
        column,
        codes=memory.join([column.codes], np.uint32),
        at=memory.join([column.at], np.int32),
        flags=memory.join([column.flags], np.uint8),
    )


def fold_wording(wording: str) -> Codes:
    """One wording folded on its own, nothing masked."""
    folded = _fold_table()[np.frombuffer(wording.encode("utf-32-le", "surrogatepass"), dtype="<u4")]
    kept: Codes = folded[folded != 0]
    return kept


def join_names(common: list[str], of_texts: list[tuple[str, ...]]) -> Names:
    """Names as ``fold_column`` takes them. ``of_texts``: for each text the wordings that count in it alone."""
    folded = cache(fold_wording)
    grouped = cache(lambda wordings: _longest_first([folded(one) for one in wordings]))
    groups = [grouped(tuple(common)), *map(grouped, of_texts)]
    flat = list(chain.from_iterable(groups))
    counts = np.cumsum([0, *map(len, groups)]).astype(np.int64)
    return Names(
        codes=np.concatenate([np.zeros(0, np.uint32), *flat]),
        bounds=np.cumsum([0, *map(len, flat)]).astype(np.int64),
        n_common=len(groups[0]),
        of_text=counts[1:],
    )


def _longest_first(wordings: list[Codes]) -> list[Codes]:
    unique = {one.tobytes(): one for one in wordings if len(one)}
    return [unique[key] for key in sorted(unique, key=lambda key: (-len(key), key))]


def _utf8(texts: pa.Array, rows: Int64s | None) -> tuple[NDArray[np.uint8], Int64s, Int64s]:
    """The octets of all strings, and where each text begins and ends in them."""
    large = texts.cast(pa.large_string())
    _, offsets, data = large.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64)[large.offset : large.offset + len(large) + 1]
    octets = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
    if data is None:
        bounds = np.zeros(len(texts) + 1, np.int64)
    return (octets, bounds[:-1], bounds[1:]) if rows is None else (octets, bounds[rows], bounds[rows + 1])


@cache
def _fold_table() -> Codes:
    """What each code point folds to, 0 for nothing; filled as ``fold_text`` folds single characters."""
    table = np.arange(_N_CODES, dtype=np.uint32)
    for first, end in _ASSIGNED:
        folded = fold_text("".join(map(chr, range(first, end))))
        table[first:end] = 0
        table[folded.starts + first] = np.frombuffer(folded.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return table


@cache
def _kind_table() -> Flags:
    """Of each code point below 0x10000 whether it ends a line, is a stop or is blank."""
    table = np.full(0x10000, _OTHER, dtype=np.uint8)
    for chars, kind in ((_STOPS, _STOP), (_LINE_ENDS, _END), (_BLANKS, _BLANK)):
        table[[ord(char) for char in chars]] = kind
    return table


@compiled
def _fold(data, texts, stretches, tables, names, columns):  # type: ignore[no-untyped-def]  # numba infers the types
    text_begins, text_ends = texts
    of_text, begins, ends = stretches
    table, kinds = tables
    codes, at, flags = columns
    room = codes.shape[0]
    bounds = np.zeros(of_text.shape[0] + 1, np.int64)
    n_masked = 0
    masked = np.empty(room, np.int64)  # pages that are never written to cost no memory
    masked_end = np.empty(room, np.int32)
    longest = np.int64(0)
    for s in range(of_text.shape[0]):
        longest = max(longest, np.int64(ends[s] - begins[s]))
    tries = np.empty(longest, np.int64)  # where in this stretch a name may begin
    begins_name = np.zeros(_N_CODES, np.uint8)  # 1: a common name begins with this character, 2: one of the text's own
    for name in range(names[2]):
        begins_name[names[0][names[1][name]]] = 1
    m = np.int64(0)
    here, place, text = np.int64(0), np.int64(0), -1
    for s in range(of_text.shape[0]):
        if of_text[s] != text:
            if text >= 0:
                for name in range(names[3][text], names[3][text + 1]):
                    begins_name[names[0][names[1][name]]] &= 1
            text = of_text[s]
            here = text_begins[text]
            place = 0
            for name in range(names[3][text], names[3][text + 1]):
                begins_name[names[0][names[1][name]]] |= 2
        while place < begins[s]:  # skip what lies between two stretches
            here += 1
            while here < text_ends[text] and (data[here] & 0xC0) == 0x80:
                here += 1
            place += 1
        first_position = m
        n_tries = 0
        new_line = np.uint8(1)
        open_end = False  # the last character may still be followed by a stop
        while place < ends[s]:
            first = data[here]
            if first >= 0xE0:
                if first < 0xF0:
                    code = (
                        (np.uint32(first & 0x0F) << 12)
                        | (np.uint32(data[here + 1] & 0x3F) << 6)
                        | np.uint32(data[here + 2] & 0x3F)
                    )
                    here += 3
                else:
                    code = (
                        (np.uint32(first & 0x07) << 18)
                        | (np.uint32(data[here + 1] & 0x3F) << 12)
                        | (np.uint32(data[here + 2] & 0x3F) << 6)
                        | np.uint32(data[here + 3] & 0x3F)
                    )
                    here += 4
            elif first < 0x80:
                code = np.uint32(first)
                here += 1
            else:
                code = (np.uint32(first & 0x1F) << 6) | np.uint32(data[here + 1] & 0x3F)
                here += 2
            folded = table[code]
            if folded != 0:
                codes[m] = folded
                at[m] = place
                flags[m] = new_line
                if begins_name[folded] != 0:
                    tries[n_tries] = m
                    n_tries += 1
                new_line = np.uint8(0)
                open_end = True
                m += 1
            elif code < 0x10000:
                kind = kinds[code]
                if kind == 2 or kind == 1:
                    if open_end:
                        flags[m - 1] |= 2
                    open_end = False
                    if kind == 2:
                        new_line = np.uint8(1)
                elif kind == 0:
                    open_end = False
            else:
                open_end = False
            place += 1
        if open_end:
            flags[m - 1] |= 2
        low, high = names[3][text], names[3][text + 1]
        read, write = first_position, first_position  # all before is as it stays; a name closes up what comes after it
        for one in range(n_tries):
            i = tries[one]
            if i < read:
                continue
            length = 0
            hot = begins_name[codes[i]]
            if hot & 1:
                length = _name_at(codes, i, m, names, 0, names[2])
            if hot & 2:
                own = _name_at(codes, i, m, names, low, high)
                length = own if own > length else length
            if length == 0:
                continue
            last = i + length - 1
            if write < read:
                for q in range(read, i):
                    codes[write], at[write], flags[write] = codes[q], at[q], flags[q]
                    write += 1
            else:
                write = i
            masked[n_masked] = write
            masked_end[n_masked] = at[last] + 1
            n_masked += 1
            codes[write] = _MASK
            at[write] = at[i]
            flags[write] = flags[i] | (flags[last] & 2)
            write += 1
            read = i + length
        if write < read:
            for q in range(read, m):
                codes[write], at[write], flags[write] = codes[q], at[q], flags[q]
                write += 1
            m = write
        bounds[s + 1] = m
    return codes[:m], at[:m], flags[:m], bounds, masked[:n_masked].copy(), masked_end[:n_masked].copy()


@compiled
def _name_at(local, i, n, names, low, high):  # type: ignore[no-untyped-def]  # numba infers the types
    """Length of the first of the names that stands at i, 0 for none."""
    codes, bounds = names[0], names[1]
    for name in range(low, high):
        start = bounds[name]
        length = bounds[name + 1] - start
        if codes[start] != local[i] or i + length > n:
            continue
        same = True
        for q in range(1, length):
            if codes[start + q] != local[i + q]:
                same = False
                break
        if same:
            return length
    return 0
