"""Text in, words, their spans or their parts of speech out, by jieba's algorithm. The one door to jieba.

The dictionary and what is kept away from strangers: `gknlp.text.dictionary`. Where rjieba, the same algorithm in Rust, is
installed, it cuts all but a few blocks, and the words are the same. It may differ from jieba in blocks that hold
+#&._%-, at characters that it looks up and jieba does not, and where two guesses at an unlisted word are equally likely:
those are cut by jieba itself, and so is everything where there is no rjieba. What jieba has cut is remembered, because
formulaic texts (套话) come again.

Parts of speech (词性) are jieba.posseg's, from its dictionary and its hidden Markov tables, but the words are always
those of `cut_words`: jieba.posseg cuts unlisted words another way, and two ways to cut one text would be one too many.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Literal

from gknlp.errors import UsageError
from gknlp.text.dictionary import JIEBA, can_use_rjieba, fill_rjieba, load_frequencies, read_dictionary
from gknlp.text.lexicons import load_lexicon

# The characters that jieba 0.42.1 looks up together (its re_han_default). Between such blocks no word can reach over.
_BLOCK_CHARACTERS = r"\u4E00-\u9FD5a-zA-Z0-9+#&._%\-"
# jieba's hidden Markov step copies its path at each character, so its time grows with the square of a block: a hostile
# run of 10^6 rare characters would take half an hour (5 * 10^4: 3.9 s). The longest block in three real reports has 39
# characters; only what is longer than this limit is cut at it, and may then differ from jieba at the seam.
_MAX_BLOCK = 4096
_BLOCK = re.compile(f"[{_BLOCK_CHARACTERS}]{{1,{_MAX_BLOCK}}}")
_PIECE = re.compile(f"{_BLOCK.pattern}|[^{_BLOCK_CHARACTERS}]+")
_HAN = re.compile(r"[\u4E00-\u9FD5]")
_HAN_RUN = re.compile(r"[\u4E00-\u9FD5]{3,}")
_NUMBER = re.compile(r"[0-9][0-9.,%]*")
_LATIN = re.compile(r"[0-9+#&._%\-]*+[a-zA-Z][a-zA-Z0-9+#&._%\-]*")
# What rjieba must not see: whole blocks with a sign that is no part of a number between Chinese characters (98.5%, 1.), blocks
# too long for one cut, and characters that are words to it alone.
_SIGNS = r"+#&._%\-"
_LETTERS = "a-zA-Z0-9"
_PLAIN = rf"(?:[\u4E00-\u9FD5]++|[{_LETTERS}]++(?![{_SIGNS}])|[0-9]++(?:\.[0-9]++)?+[.%]?+(?![{_LETTERS}{_SIGNS}]))"
_ASIDE = re.compile(
    f"(?<![{_BLOCK_CHARACTERS}])(?:{_PLAIN}*+[{_BLOCK_CHARACTERS}]+|[{_BLOCK_CHARACTERS}]{{{_MAX_BLOCK + 1},}})"
    r"|[\u3400-\u4DBF\u9FD6-\u9FFF\uD800-\uDFFF\uF900-\uFAFF\U00020000-\U0003FFFF]+"
)
# What is remembered of jieba's work: 32,768 pieces are 20 MB of ordinary text and at most 90 MB of any (measured).
_REMEMBERED, _LONGEST_REMEMBERED = 32_768, 48
Engine = Literal["auto", "jieba", "rjieba"]
_LONGEST_GUESSED = 16  # the path is kept a character at a time: no word is longer, and what is would cost its square
TERM_TAG = "nz"
"""The tag of a term of the caller's (领域词) that jieba's dictionary does not list."""


@cache
def _load_posseg() -> dict[str, Any]:
    """The tables of jieba.posseg and its search for the best path, without the package: that would import jieba itself."""
    folder = Path(JIEBA.__file__).with_name("posseg")
    loaded: dict[str, Any] = {}
    for name in ("char_state_tab", "prob_start", "prob_trans", "prob_emit", "viterbi"):
        spec = importlib.util.spec_from_file_location(f"{__name__}._posseg_{name}", folder / f"{name}.py")
        if spec is None or spec.loader is None:
            raise ImportError(f"the installed jieba has no posseg/{name}.py in {folder}", name="jieba")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        loaded[name] = module.viterbi if name == "viterbi" else module.P
    return loaded


@cache
def _dictionary_tags() -> dict[str, str]:
    """The part of speech of every word of jieba's dictionary, its third column."""
    rows = (line.split(" ") for line in read_dictionary().decode("utf-8").splitlines())
    return {row[0]: row[2] for row in rows if len(row) == 3}


@lru_cache(maxsize=65_536)  # 15 MB: unlisted words recur like all others
def _guess_tag(word: str) -> str:
    """The tag that jieba.posseg's hidden Markov model gives the last piece of an unlisted word."""
    tables = _load_posseg()
    order = ("char_state_tab", "prob_start", "prob_trans", "prob_emit")
    _, path = tables["viterbi"](word[-_LONGEST_GUESSED:], *(tables[name] for name in order))
    return str(path[-1][1])


class Tokenizer:
    """Cuts text into words with frequencies of its own; two tokenizers never disturb each other.

    Parameters
    ----------
    terms : words to keep whole where jieba's own estimate allows (用户词典); any order gives the same tokenizer.
    hmm : whether unlisted words are guessed by jieba's hidden Markov model (新词发现).
    engine : ``auto`` is rjieba where a tested release is installed, else jieba; the words are the same.

    Raises
    ------
    UsageError : a term is empty or holds a character at which jieba always cuts, such as a space or 、; ``rjieba`` is
        asked for and not installed.
    """

    __slots__ = ("_cut_remembered", "_hmm", "_jieba", "_rjieba", "_terms")
    _rjieba: Any  # None where there is none

    def __init__(self, *, terms: Iterable[str] = (), hmm: bool = True, engine: Engine = "auto") -> None:
        ordered = _order_terms(terms)
        self._hmm = hmm
        self._terms = frozenset(ordered)
        self._jieba = JIEBA.Tokenizer()
        # What initialize() does, without its cache file and its log lines.
        self._jieba.FREQ, self._jieba.total = load_frequencies()
        self._jieba.initialized = True
        for term in ordered:
            self._jieba.add_word(term)
        self._cut_remembered = _remember(self._jieba, hmm)
        self._rjieba = fill_rjieba(self._jieba.FREQ, self._jieba.total) if _takes_rjieba(engine) else None

    def cut_words(self, text: str) -> tuple[str, ...]:
        """The words of the text in order; joined they are the text again. '' gives ()."""
        return tuple(self._cut(text))

    def cut_spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """The half-open spans of the words; they tile the text from 0 to its end. '' gives ()."""
        return tuple(pairwise(accumulate(map(len, self._cut(text)), initial=0)))

    def cut_tagged(self, text: str) -> tuple[tuple[str, str], ...]:
        """The words of `cut_words`, each with its part of speech (词性, ICTCLAS letters); '' gives ().

        A listed word has the dictionary's tag whatever stands around it, a term of the caller's `TERM_TAG`, a number
        ``m``, Latin letters ``eng``, signs and spaces ``x``; an unlisted word is guessed by jieba.posseg's model, or
        ``x`` where the tokenizer was made with ``hmm=False``.
        """
        return tuple((word, self._tag(word)) for word in self._cut(text))

    def _tag(self, word: str) -> str:
        listed = _dictionary_tags().get(word)
        if listed is not None:
            return listed
        if word in self._terms:
            return TERM_TAG
        if _NUMBER.fullmatch(word):
            return "m"
        if _LATIN.fullmatch(word):
            return "eng"
        return _guess_tag(word) if self._hmm and _HAN.search(word) else "x"

    def _cut(self, text: str) -> list[str]:
        if self._rjieba is None:
            return self._cut_slowly(text)
        words: list[str] = []
        done = 0
        for aside in _ASIDE.finditer(text):
            words += self._cut_fast(text[done : aside.start()])
            words += self._cut_slowly(aside[0])
            done = aside.end()
        words += self._cut_fast(text[done:] if done else text)
        return words

    def _cut_fast(self, text: str) -> list[str]:
        """The words as rjieba cuts them, but for blocks in which two ways to guess a word may be equally likely."""
        doubtful = self._find_doubtful(text) if self._hmm else frozenset[str]()
        words: list[str] = []
        done = 0
        if doubtful:
            for block in _BLOCK.finditer(text):
                if block[0] in doubtful:
                    words += self._rjieba.cut(text[done : block.start()], self._hmm)
                    words += self._cut_slowly(block[0])
                    done = block.end()
        words += self._rjieba.cut(text[done:] if done else text, self._hmm)
        return words

    def _find_doubtful(self, text: str) -> frozenset[str]:
        """Blocks in which the Markov model is asked about characters of which one comes again (区信信信申).

        Only there can two paths be made of the same numbers in another order, so that the last bit of a sum decides;
        rjieba adds in another order than jieba.
        """
        again = [block for block in _BLOCK.findall(text) if len(block) != len(set(block)) and _has_repeats(block)]
        if not again or not self._repeats("，".join(again)):
            return frozenset()
        return frozenset(block for block in again if self._repeats(block))

    def _repeats(self, text: str) -> bool:
        """Whether a character comes again among neighbours that no dictionary word joins."""
        single = "".join([word if len(word) == 1 else " " for word in self._rjieba.cut(text, False)])
        return _has_repeats(single)

    def _cut_slowly(self, text: str) -> list[str]:
        """The words as jieba cuts them, pieces of ordinary length from memory where they came before."""
        remembered = self._cut_remembered
        words: list[str] = []
        for piece in _PIECE.findall(text):
            words += remembered(piece) if len(piece) <= _LONGEST_REMEMBERED else self._jieba.cut(piece, HMM=self._hmm)
        return words


def _has_repeats(text: str) -> bool:
    """Whether a Chinese character comes again before anything else than such characters comes."""
    return any(len(run) != len(set(run)) for run in _HAN_RUN.findall(text))


def _remember(jieba: Any, hmm: bool) -> Callable[[str], tuple[str, ...]]:
    """How jieba cuts a piece, the latest ones remembered."""

    @lru_cache(maxsize=_REMEMBERED)
    def cut(piece: str) -> tuple[str, ...]:
        return tuple(jieba.cut(piece, HMM=hmm))

    return cut


def _takes_rjieba(engine: Engine) -> bool:
    if engine == "rjieba" and not can_use_rjieba():
        raise UsageError("no tested release of rjieba is installed; install gknlp[fast], or leave the engine to 'auto'")
    return engine != "jieba" and can_use_rjieba()


def _order_terms(terms: Iterable[str]) -> list[str]:
    """Shorter first: jieba estimates a term's frequency from the words it would split into, earlier terms among them."""
    ordered = sorted(set(terms), key=lambda term: (len(term), term))
    for term in ordered:
        if _BLOCK.fullmatch(term) is None:
            raise UsageError(
                f"the term {term!r} cannot be one word: use Chinese characters, ASCII letters, digits, +#&._%-"
            )
    return ordered


@cache
def default_tokenizer() -> Tokenizer:
    """The tokenizer with the shipped domain words (``lexicons/terms.txt``), built on first use."""
    return Tokenizer(terms=load_lexicon("terms"))


def cut_words(text: str) -> tuple[str, ...]:
    """The words (词) of a text by the default tokenizer; joined they are the text again. '' gives ().

    >>> cut_words("收到依申请公开3件，已办结。")
    ('收到', '依申请公开', '3', '件', '，', '已', '办结', '。')
    """
    return default_tokenizer().cut_words(text)


def cut_tagged(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text by the default tokenizer, each with its part of speech (词性); '' gives ().

    >>> cut_tagged("已收到依申请公开信函3封。")
    (('已', 'd'), ('收到', 'v'), ('依申请公开', 'nz'), ('信函', 'n'), ('3', 'm'), ('封', 'q'), ('。', 'x'))
    """
    return default_tokenizer().cut_tagged(text)


def cut_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The half-open code-point spans of the words; they tile the text from 0 to its end. '' gives ().

    >>> cut_spans("政务公开培训")
    ((0, 4), (4, 6))
    """
    return default_tokenizer().cut_spans(text)


def split_blocks(text: str) -> tuple[str, ...]:
    """The stretches between punctuation and spaces that are cut independently of each other, in order; '' gives ().

    Cutting each block alone gives the words of the whole text less the punctuation, so repeated blocks (套话) need
    cutting only once.

    >>> split_blocks("一是加强学习；二是完善制度。")
    ('一是加强学习', '二是完善制度')
    """
    return tuple(_BLOCK.findall(text))


@cache
def lexicon_hash() -> str:
    """SHA-256 (hex) over all that decides the default tokenizer's words: jieba's version, dictionary, domain words."""
    digest = hashlib.sha256()
    parts = (JIEBA.__version__.encode(), read_dictionary(), "\n".join(load_lexicon("terms")).encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
