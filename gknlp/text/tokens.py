"""Text in, words or their spans out, by jieba's algorithm. The one door to jieba; nothing else imports it.

Three things would let a stranger change our words without a trace, so none of them is used:

* jieba's dictionary cache. jieba trusts any ``jieba.cache`` in the temporary folder. The table is built here from the
  installed dictionary's bytes: 0.4 s once a process, against 0.13 s for reading a cache back (measured, 498,113
  entries); for that price there is no file to plant, to verify or to clean up.
* jieba's module. Words forced apart with ``jieba.del_word`` live in a module-wide set that every tokenizer obeys, and
  importing jieba hangs a handler on the logger ``jieba``. A second instance of the module, under a name of our own,
  shares neither with whoever else uses jieba in this process.
* jieba's global tokenizer. Each ``Tokenizer`` has its own frequencies.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from gknlp.errors import UsageError
from gknlp.text.lexicons import load_lexicon

# The characters that jieba 0.42.1 looks up together (its re_han_default). Between such blocks no word can reach over.
_BLOCK_CHARACTERS = r"\u4E00-\u9FD5a-zA-Z0-9+#&._%\-"
# jieba's hidden Markov step copies its path at each character, so its time grows with the square of a block: a hostile
# run of 10^6 rare characters would take half an hour (5 * 10^4: 3.9 s). The longest block in three real reports has 39
# characters; only what is longer than this limit is cut at it, and may then differ from jieba at the seam.
_MAX_BLOCK = 4096
_BLOCK = re.compile(f"[{_BLOCK_CHARACTERS}]{{1,{_MAX_BLOCK}}}")
_PIECE = re.compile(f"{_BLOCK.pattern}|[^{_BLOCK_CHARACTERS}]+")


def _load_private_jieba() -> ModuleType:
    """A second instance of the installed jieba, so that nobody else's settings reach it."""
    found = importlib.util.find_spec("jieba")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("jieba is not installed; install gknlp with its dependencies", name="jieba")
    name = f"{__name__}._jieba"
    folders = list(found.submodule_search_locations or ())
    spec = importlib.util.spec_from_file_location(name, found.origin, submodule_search_locations=folders)
    if spec is None or spec.loader is None:
        raise ImportError(f"the installed jieba cannot be loaded from {found.origin}", name="jieba")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with warnings.catch_warnings():
        # jieba 0.42.1 has invalid escapes in its own regular expressions and asks for pkg_resources: not ours to mend,
        # and fatal under `python -W error`.
        warnings.simplefilter("ignore")
        spec.loader.exec_module(module)
    return module


_JIEBA: Any = _load_private_jieba()


def _read_dictionary() -> bytes:
    return Path(_JIEBA.__file__).with_name("dict.txt").read_bytes()


class Tokenizer:
    """Cuts text into words with frequencies of its own; two tokenizers never disturb each other.

    Parameters
    ----------
    terms : words to keep whole where jieba's own estimate allows (用户词典); any order gives the same tokenizer.
    hmm : whether unlisted words are guessed by jieba's hidden Markov model (新词发现).

    Raises
    ------
    UsageError : a term is empty or holds a character at which jieba always cuts, such as a space or 、.
    """

    __slots__ = ("_hmm", "_jieba")

    def __init__(self, *, terms: Iterable[str] = (), hmm: bool = True) -> None:
        ordered = _order_terms(terms)
        self._hmm = hmm
        self._jieba = _JIEBA.Tokenizer()
        # What initialize() does, without its cache file and its log lines.
        self._jieba.FREQ, self._jieba.total = self._jieba.gen_pfdict(io.BytesIO(_read_dictionary()))
        self._jieba.initialized = True
        for term in ordered:
            self._jieba.add_word(term)

    def cut_words(self, text: str) -> tuple[str, ...]:
        """The words of the text in order; joined they are the text again. '' gives ()."""
        return tuple(self._iter_words(text))

    def cut_spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """The half-open spans of the words; they tile the text from 0 to its end. '' gives ()."""
        return tuple(pairwise(accumulate(map(len, self._iter_words(text)), initial=0)))

    def _iter_words(self, text: str) -> Iterator[str]:
        for piece in _PIECE.findall(text):
            yield from self._jieba.cut(piece, HMM=self._hmm)


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
    parts = (_JIEBA.__version__.encode(), _read_dictionary(), "\n".join(load_lexicon("terms")).encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
