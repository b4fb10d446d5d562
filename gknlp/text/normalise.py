"""Text folded for comparison, with the way back to the offsets of the text as received."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.records import Span

PLACEHOLDER = "\ue000"
"""Stands for masked wording; a private-use code point, so no published text means anything by it."""

_DROPPED = "\0"  # itself a control character, which folding drops: it cannot be mistaken for text
# Unassigned and private-use code points stay: a Python with older Unicode tables must not drop newer ideographs.
_KEPT_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Cn", "Co"})


@dataclass(frozen=True, slots=True, eq=False)
class FoldedText:
    """Folded characters and, for each, the half-open stretch of the original text that it stands for.

    ``starts`` and ``ends`` have one entry a character of ``text``, ascending, never overlapping.
    """

    text: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def span_of(self, folded_start: int, folded_end: int) -> Span:
        """The original stretch from the first to the last of these folded characters.

        Raises
        ------
        UsageError : the range is empty or reaches outside the folded text (an empty range has no place in it).
        """
        if not 0 <= folded_start < folded_end <= len(self.text):
            raise UsageError(
                f"folded range [{folded_start}, {folded_end}) is empty or outside 0..{len(self.text)}; "
                "give a range of at least one folded character"
            )
        return Span(int(self.starts[folded_start]), int(self.ends[folded_end - 1]))


def fold_text(text: str, *, mask: Sequence[str | Span] = ()) -> FoldedText:
    r"""The text as it is compared: one width, no whitespace or punctuation, every digit '0', ASCII in lower case.

    Each code point folds to one character or to nothing: its NFKC form where that is one letter or digit, itself where
    NFKC would give several (㎡). Symbols, marks, controls and lone surrogates go with the punctuation. Chinese
    numerals stay: 一是 and 二是 are wording.

    Parameters
    ----------
    text : any string.
    mask : spans of ``text``, or wordings that are folded and looked for in the folded text (so a line break inside a
        name does not hide it). Each stretch becomes one PLACEHOLDER; where stretches overlap the leftmost longest wins.

    Returns
    -------
    The empty text gives an empty FoldedText. Folding a folded text changes nothing.

    >>> fold_text("２０２３年，我 镇公开 12 条。").text
    '0000年我镇公开00条'
    >>> fold_text("我\n镇公开", mask=["我镇"]).span_of(0, 1)
    Span(start=0, end=3)
    """
    aligned = text.translate(_FOLDS)
    codes = np.frombuffer(aligned.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    starts = np.flatnonzero(codes != 0).astype(np.int64)
    folded = FoldedText(aligned.replace(_DROPPED, ""), starts, starts + 1)
    stretches = _choose_stretches([found for item in mask for found in _find_stretches(folded, item)])
    return _mask_stretches(folded, stretches) if stretches else folded


class _Folds(dict[int, str]):
    """What each code point folds to, worked out when first met (a memo: the same for every text)."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_code_point(chr(code))
        return folded


_FOLDS = _Folds()


def _fold_code_point(char: str) -> str:
    kept = [_fold_kept(part) for part in unicodedata.normalize("NFKC", char) if _is_kept(part)]
    if not kept:
        return _DROPPED
    if len(kept) == 1 or set(kept) == {"0"}:  # ⑫ is a number like 9: one symbol
        return kept[0]
    return char


def _is_kept(char: str) -> bool:
    return unicodedata.category(char) in _KEPT_CATEGORIES


def _fold_kept(char: str) -> str:
    if unicodedata.category(char) == "Nd":
        return "0"
    return char.lower() if char.isascii() else char


def _find_stretches(folded: FoldedText, item: str | Span) -> Iterator[tuple[int, int]]:
    if isinstance(item, Span):
        first, last = np.searchsorted(folded.starts, [item.start, item.end]).tolist()
        if first < last:
            yield first, last
        return
    wording = fold_text(item).text
    at = folded.text.find(wording) if wording else -1
    while at >= 0:
        yield at, at + len(wording)
        at = folded.text.find(wording, at + 1)


def _choose_stretches(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda stretch: (stretch[0], -stretch[1])):
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, end))
    return chosen


def _mask_stretches(folded: FoldedText, stretches: list[tuple[int, int]]) -> FoldedText:
    kept = np.ones(len(folded.text), dtype=bool)
    ends = folded.ends.copy()
    pieces: list[str] = []
    done = 0
    for start, end in stretches:
        pieces += (folded.text[done:start], PLACEHOLDER)
        kept[start + 1 : end] = False
        ends[start] = folded.ends[end - 1]
        done = end
    pieces.append(folded.text[done:])
    return FoldedText("".join(pieces), folded.starts[kept], ends[kept])
