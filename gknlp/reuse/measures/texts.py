"""Texts as sentences of tokens, and the hashes of their n-grams."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError
from gknlp.features.shingles import BASE, mix_codes
from gknlp.text.normalise import fold_text
from gknlp.text.sentences import split_sentences
from gknlp.text.tokens import cut_words, split_blocks

Tokens = Sequence[Hashable]
"""Words or characters in text order; only equality counts."""
Text = Sequence[Tokens]
"""Sentences."""
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

UNITS = ("words", "chars")
_CACHED_BLOCKS = 65_536  # formulaic texts repeat their clauses; see gknlp.features.counts


@dataclass(frozen=True, slots=True, eq=False)
class TokenColumn:
    """Many texts as numbers, one token after the other: equal tokens, equal numbers.

    ``codes``: all tokens. ``sentences``: first token of each sentence, and the end. ``texts``: first sentence of each
    text, and the end.
    """

    codes: NDArray[np.uint64]
    sentences: Ints
    texts: Ints

    @property
    def text_of_sentence(self) -> Ints:
        """The number of the text that each sentence is in."""
        return np.repeat(np.arange(len(self.texts) - 1, dtype=np.int64), np.diff(self.texts))

    @property
    def sizes(self) -> Ints:
        """Tokens in each text."""
        return np.diff(self.sentences[self.texts])


def split_tokens(text: str, *, unit: str = "words") -> tuple[tuple[str, ...], ...]:
    """The text's sentences, each as its tokens; sentences without a token are left out, '' gives ().

    Parameters
    ----------
    text : one text or stretch of it.
    unit : ``words`` (词, by ``gknlp.text.tokens``, punctuation left out) or ``chars`` (folded characters: one width, no
        punctuation, every digit 0).

    Raises
    ------
    UsageError : another unit.

    >>> split_tokens("加强业务培训。更新目录3次；")
    (('加强', '业务培训'), ('更新', '目录', '3', '次'))
    """
    split = token_splitter(unit)
    sentences = (split(text[span.start : span.end]) for span in split_sentences(text))
    return tuple(tokens for tokens in sentences if tokens)


def token_splitter(unit: str) -> Callable[[str], tuple[str, ...]]:
    """A function from a sentence to its tokens in this unit; it remembers what it has cut, and forgets with its maker."""
    if unit not in UNITS:
        raise UsageError(f"unit is {unit!r}; the units are {list(UNITS)}")
    same: dict[str, str] = {}  # one object a different token: a corpus holds some 20 million

    def share(tokens: Iterable[str]) -> tuple[str, ...]:
        return tuple(same.setdefault(token, token) for token in tokens)

    if unit == "chars":
        return lambda sentence: share(fold_text(sentence).text)

    @lru_cache(maxsize=_CACHED_BLOCKS)
    def cut_block(block: str) -> tuple[str, ...]:
        return share(word for word in cut_words(block) if any(map(str.isalnum, word)))

    return lambda sentence: tuple(word for block in split_blocks(sentence) for word in cut_block(block))


def encode_texts(texts: Iterable[Text]) -> TokenColumn:
    """The texts as one column, tokens numbered by first occurrence; no texts give an empty column."""
    numbers: dict[Hashable, int] = {}
    codes: list[NDArray[np.uint64]] = []
    sizes: list[int] = []
    counts: list[int] = []
    for text in texts:
        counts.append(len(text))
        sizes += map(len, text)
        own = [numbers.setdefault(token, len(numbers)) for token in chain.from_iterable(text)]
        codes.append(np.array(own, dtype=np.uint64))
    return TokenColumn(
        np.concatenate([np.empty(0, dtype=np.uint64), *codes]),
        np.cumsum([0, *sizes], dtype=np.int64),
        np.cumsum([0, *counts], dtype=np.int64),
    )


def hash_grams(codes: NDArray[np.uint64], bounds: Ints, n: int) -> tuple[Hashes, Ints]:
    """The hash of every n-gram that lies between two neighbouring bounds, in order, and which stretch it lies in.

    Hashes are those of ``gknlp.features.shingles`` over token numbers: equal n-grams have equal ones, unequal ones
    collide with a chance near 2**-64 a pair. A stretch shorter than ``n`` has none.

    Raises
    ------
    UsageError : n < 1.
    """
    if n < 1:
        raise UsageError(f"n-grams of {n} tokens; give at least 1")
    stretch = np.repeat(np.arange(len(bounds) - 1, dtype=np.int64), np.diff(bounds))
    n_windows = max(len(codes) - n + 1, 0)
    mixed = mix_codes(codes)
    hashes = mixed[:n_windows].copy()
    for offset in range(1, n):
        hashes *= BASE
        hashes += mixed[offset : offset + n_windows]
    inside = stretch[:n_windows] == stretch[n - 1 : n - 1 + n_windows]
    return mix_codes(hashes[inside]), stretch[:n_windows][inside]


def list_grams(tokens: Tokens, n: int) -> Iterator[tuple[Hashable, ...]]:
    """Every run of ``n`` tokens, in order, repeats included; none for fewer than ``n`` tokens.

    Raises
    ------
    UsageError : n < 1.
    """
    if n < 1:
        raise UsageError(f"n-grams of {n} tokens; give at least 1")
    return zip(*(tokens[offset:] for offset in range(n)), strict=False)
