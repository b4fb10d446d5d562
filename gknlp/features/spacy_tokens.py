"""The spaCy tokenizer over `gknlp.text.tokens`: a text in, a Doc out whose text is the input, character for character.

Registered as ``gknlp.Tokenizer.v1`` by an entry point, so that a pipeline's own config names it and nothing needs to be
imported first. Each tokenizer has its own dictionary and puts nothing on spaCy's shared attributes: two pipelines in
one process do not disturb each other. No model is needed and none is downloaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from gknlp.errors import UsageError
from gknlp.text.lexicons import load_lexicon
from gknlp.text.tokens import Tokenizer

NAME = "gknlp.Tokenizer.v1"

_FILE = "tokenizer.json"


class WordTokenizer:
    """A spaCy tokenizer whose tokens are the words of `gknlp.text.tokens`, tagged with jieba's parts of speech (``tag_``).

    A single space behind a word is that token's ``whitespace_``, as spaCy has it; all other white space are tokens.

    Parameters
    ----------
    vocab : the pipeline's.
    terms : words to keep whole (用户词典); None for the shipped domain words.
    hmm : whether unlisted words are guessed.

    Raises
    ------
    UsageError : a term that cannot be one word.
    """

    def __init__(self, vocab: Vocab, *, terms: Iterable[str] | None = None, hmm: bool = True) -> None:
        self.vocab = vocab
        self._set_words(load_lexicon("terms") if terms is None else terms, hmm=hmm)

    def __call__(self, text: str) -> Doc:
        """The text as a Doc; '' gives one without tokens.

        Raises
        ------
        UsageError : the text holds a lone surrogate, which spaCy (UTF-8) cannot hold.
        """
        words, tags, spaces = _lay_out(self._tokenizer.cut_tagged(text))
        try:
            return Doc(self.vocab, words=words, spaces=spaces, tags=tags)
        except UnicodeEncodeError as error:
            raise UsageError(
                f"the text holds the lone surrogate {error.object[error.start]!r}, which no UTF-8 text has; "
                "replace it before making a Doc"
            ) from None

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterable[Doc]:  # noqa: ARG002  # spaCy's protocol
        """A Doc for each text, in order."""
        return map(self, texts)

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:  # noqa: ARG002  # spaCy's protocol
        """Terms and settings as JSON."""
        return json.dumps({"terms": self._terms, "hmm": self._hmm}, ensure_ascii=False).encode()

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> WordTokenizer:  # noqa: ARG002  # spaCy's protocol
        """The tokenizer itself, with the terms and settings of the bytes."""
        kept = json.loads(data)
        self._set_words(kept["terms"], hmm=kept["hmm"])
        return self

    def to_disk(self, path: Any, *, exclude: Sequence[str] = ()) -> None:
        """Write terms and settings as JSON into the folder that spaCy names."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        folder.joinpath(_FILE).write_bytes(self.to_bytes(exclude=exclude))

    def from_disk(self, path: Any, *, exclude: Sequence[str] = ()) -> WordTokenizer:
        """The tokenizer itself, with the terms and settings of that folder."""
        return self.from_bytes(Path(path).joinpath(_FILE).read_bytes(), exclude=exclude)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.vocab, self._terms, self._hmm)

    def _set_words(self, terms: Iterable[str], *, hmm: bool) -> None:
        self._terms, self._hmm = tuple(sorted(set(terms))), hmm
        self._tokenizer = _share_tokenizer(self._terms, hmm)


def _restore(vocab: Vocab, terms: tuple[str, ...], hmm: bool) -> WordTokenizer:
    return WordTokenizer(vocab, terms=terms, hmm=hmm)


@lru_cache(maxsize=4)
def _share_tokenizer(terms: tuple[str, ...], hmm: bool) -> Tokenizer:
    """One tokenizer for equal dictionaries: it is never changed, and a table of words takes half a second to build."""
    return Tokenizer(terms=terms, hmm=hmm)


def _lay_out(words: Sequence[tuple[str, str]]) -> tuple[list[str], list[str], list[bool]]:
    """Words, tags, and whether one space follows: the first space behind a word belongs to it."""
    kept: list[str] = []
    tags: list[str] = []
    spaces: list[bool] = []
    for word, tag in words:
        if word == " " and kept and not spaces[-1] and not kept[-1].isspace():
            spaces[-1] = True
        else:
            kept.append(word)
            tags.append(tag)
            spaces.append(False)
    return kept, tags, spaces


@registry.tokenizers(NAME)  # type: ignore[untyped-decorator]  # spaCy does not type its registries
def create_tokenizer(terms: list[str] | None = None, hmm: bool = True) -> Callable[[Language], WordTokenizer]:
    """What spaCy's registry ``tokenizers`` makes of a config; ``terms`` null gives the shipped domain words."""

    def create(nlp: Language) -> WordTokenizer:
        return WordTokenizer(nlp.vocab, terms=terms, hmm=hmm)

    return create


def blank_pipeline(*, terms: Iterable[str] | None = None, hmm: bool = True) -> Language:
    """A Chinese spaCy pipeline that only cuts and tags words; add what you like behind it.

    >>> [(token.text, token.tag_) for token in blank_pipeline()("门户网站 已改版")]
    [('门户网站', 'n'), ('已', 'd'), ('改版', 'v')]
    """
    tokenizer = {"@tokenizers": NAME, "terms": None if terms is None else sorted(set(terms)), "hmm": hmm}
    return spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}})
