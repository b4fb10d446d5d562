"""Units in, weighted n-grams out: TF-IDF over characters (字) and, where asked for, words (词).

Value of a feature = (1 + ln tf) x idf, idf = ln((1 + n) / (1 + df)) + 1, rows scaled to length 1: scikit-learn's
``TfidfVectorizer(sublinear_tf=True)``, held equal by a test. Characters and words are scaled apart, then joined.

Source: Salton & Buckley 1988, Term-weighting approaches in automatic text retrieval.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gknlp.errors import UsageError
from gknlp.features.ngrams import LONGEST, NgramIndex, count_ngrams, index_ngrams, list_ngrams
from gknlp.text.folding import fold_width
from gknlp.text.own_names import list_own_names
from gknlp.text.tokens import cut_words
from gknlp.themes.learned.examples import Example
from gknlp.themes.learned.masking import fold_units

Float32s = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderConfig:
    """What of a text is counted.

    longest : characters of the longest n-gram, 0 for none; to 2 is as good as to 3 or 4 on held-out agencies, smaller, and
        survives slips of the pen and new wording.
    min_agencies : an n-gram or word must stand in texts of this many agencies, own names left out: what fewer say is a
        name or a habit.
    words : whether words are counted too; they cost the segmenter's time, some 100 microseconds a unit.
    """

    longest: int = 2
    min_agencies: int = 3
    words: bool = False

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        if not 0 <= self.longest <= LONGEST:
            raise UsageError(f"longest is {self.longest}; n-grams have 0 (none) to {LONGEST} characters")
        if not (self.longest or self.words):
            raise UsageError("neither characters nor words would be counted: set longest or words")
        if self.min_agencies < 1:
            raise UsageError(f"min_agencies is {self.min_agencies}; give 1 or more")


@dataclass(frozen=True, eq=False)
class Encoder:
    """A vocabulary and its weights: ``keys`` of n-grams ascending, then ``words`` in code-point order, ``idf`` of both."""

    keys: NDArray[np.uint64]
    words: tuple[str, ...]
    idf: Float32s

    @cached_property
    def index(self) -> NgramIndex:
        """The n-grams ready to be looked up."""
        return index_ngrams(self.keys)

    @cached_property
    def places(self) -> dict[str, int]:
        """The column of each word."""
        return {word: column for column, word in enumerate(self.words)}

    def encode(self, texts: Sequence[str]) -> Any:
        """Texts x features (CSR, float32): a text's row depends on that text alone; one without features is all zero."""
        n_keys = len(self.keys)
        parts = [_weigh(count_ngrams(fold_units(texts), self.index), self.idf[:n_keys])] if n_keys else []
        if self.words:
            parts.append(_weigh(_count_words(texts, self.places), self.idf[n_keys:]))
        if len(parts) == 1:
            return parts[0]
        return sparse.csr_array(sparse.hstack(parts, format="csr")) if parts else _no_features(len(texts))


def fit_encoder(examples: Sequence[Example], config: EncoderConfig, *, always: Sequence[str] = ()) -> Encoder:
    """The vocabulary and weights of some examples, in whatever order.

    ``always``: wordings all of whose n-grams are counted, whoever has them. UsageError where nothing is left to count.
    """
    texts = [example.unit.text for example in examples]
    keys = _choose_keys(examples, config) if config.longest else np.zeros(0, np.uint64)
    if config.longest:
        keys = np.union1d(keys, list_ngrams(fold_units(always), longest=config.longest)[1])
    words = _choose_words(examples, config.min_agencies) if config.words else ()
    if not len(keys) and not words:
        raise UsageError(
            f"no wording is shared by {config.min_agencies} agencies: lower min_agencies or give more labelled units"
        )
    plain = [count_ngrams(fold_units(texts), index_ngrams(keys))] if len(keys) else []
    if words:
        plain.append(_count_words(texts, {word: column for column, word in enumerate(words)}))
    held = np.concatenate([np.bincount(part.indices, minlength=part.shape[1]) for part in plain])
    idf = np.log((1 + len(texts)) / (1 + held)) + 1
    return Encoder(keys, words, idf.astype(np.float32))


def _choose_keys(examples: Sequence[Example], config: EncoderConfig) -> NDArray[np.uint64]:
    """The n-grams that enough agencies have, their own names left out."""
    folded = fold_units([_without_names(example) for example in examples])
    texts, keys = list_ngrams(folded, longest=config.longest)
    numbers = {agency: number for number, agency in enumerate(sorted({example.agency for example in examples}))}
    agency_of = np.array([numbers[example.agency] for example in examples], dtype=np.int64)
    unique, inverse = np.unique(keys, return_inverse=True)
    pairs = np.unique(inverse.astype(np.int64) * len(numbers) + agency_of[texts])
    spread = np.bincount(pairs // len(numbers), minlength=len(unique))
    chosen: NDArray[np.uint64] = unique[spread >= config.min_agencies]
    return chosen


def _choose_words(examples: Sequence[Example], min_agencies: int) -> tuple[str, ...]:
    agencies: defaultdict[str, set[str]] = defaultdict(set)
    for example in examples:
        for word in cut_words(fold_width(_without_names(example))):
            agencies[word].add(example.agency)
    return tuple(sorted(word for word, of in agencies.items() if len(of) >= min_agencies and _is_word(word)))


def _without_names(example: Example) -> str:
    text = example.unit.text
    for name in list_own_names(example.agency) if example.agency else ():
        if len(name) > 2:
            text = text.replace(name, "，")
    return text


def _count_words(texts: Sequence[str], places: dict[str, int]) -> Any:
    rows = [Counter(places[word] for word in cut_words(fold_width(text)) if word in places) for text in texts]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((column for row in rows for column in row), dtype=np.int32)
    counts = np.fromiter((n for row in rows for n in row.values()), dtype=np.float32)
    matrix = sparse.csr_array((counts, columns, ends), shape=(len(texts), len(places)))
    matrix.sort_indices()
    return matrix


def _is_word(word: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in word)


def _weigh(counts: Any, idf: Float32s) -> Any:
    """Counts to TF-IDF, rows of length 1, in place."""
    counts.data = (1 + np.log(counts.data)) * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    squares = np.bincount(rows, weights=counts.data.astype(np.float64) ** 2, minlength=counts.shape[0])
    lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
    counts.data = (counts.data / lengths[rows]).astype(np.float32)
    return counts


def _no_features(n_texts: int) -> Any:
    return sparse.csr_array((n_texts, 0), dtype=np.float32)
