"""The spaCy pipeline of the facets: words by the tokens door, marks by patterns kept as data.

The component ``gknlp_facets`` is registered by an entry point, so any spaCy config may name it. What it finds is kept
on the Doc: the span group ``facets`` with labels such as ``specificity=money``, and in ``user_data`` the reading with
exact offsets, since a span of a Doc can only begin and end with words. No attribute of spaCy's shared classes is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from sys import intern

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span

from gknlp.features.spacy_tokens import blank_pipeline
from gknlp.places import Level, place_names_in
from gknlp.rhetoric.find import find_actors, find_marks
from gknlp.rhetoric.marks import Mark, Reading
from gknlp.rhetoric.patterns import Pattern, load_actors, load_patterns, read_patterns
from gknlp.text.lexicons import load_lexicon

NAME = "gknlp_facets"
GROUP = "facets"
READING = "gknlp.reading"
"""The key under which a Doc's ``user_data`` holds its Reading."""

_BATCH = 1000  # texts whose words spaCy may forget again together: memory stays flat over millions
_LEVELS: tuple[Level, ...] = ("province", "city", "county", "township")
# Guessed names often begin one function word early: 由沐岭县.
_LEAD = re.compile("[现由向在到从对与和及给为把将被让经请各全]+")
_SHORTEST = 3
_BREAKS = str.maketrans(dict.fromkeys("，。；：！？,;:!?", "\n"))


class FacetFinder:
    """A spaCy component that puts a Reading on each Doc.

    Parameters
    ----------
    nlp : the pipeline; its tokenizer should be ``gknlp.Tokenizer.v1``, whose tags the token patterns ask for.
    patterns : the marks to look for; the actors are always the shipped ones.
    """

    def __init__(self, nlp: Language, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._actors = load_actors()
        self._matcher = Matcher(nlp.vocab)
        self._labels: dict[str, tuple[str, str]] = {}
        for place, pattern in enumerate(self._patterns):
            if pattern.tokens:
                self._labels[str(place)] = (pattern.facet, pattern.value)
                self._matcher.add(str(place), [list(tokens) for tokens in pattern.tokens])

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its marks; an empty Doc gets an empty Reading."""
        text = doc.text  # put together anew at each look
        marks = find_marks(text, self._patterns, more=self._match_tokens(doc, text)) + find_actors(text, self._actors)
        doc.user_data[READING] = _count(doc, text, marks)
        spans = [_span(doc, mark) for mark in marks]
        doc.spans[GROUP] = [span for span in spans if span is not None]
        return doc

    def _match_tokens(self, doc: Doc, text: str) -> list[Mark]:
        found = [Mark("specificity", "place", at.start, at.end) for at in place_names_in(text, levels=_LEVELS)]
        for key, start, end in self._matcher(doc) if self._labels else ():
            span = doc[start:end]
            lead = _LEAD.match(span.text)
            begin = span.start_char + (lead.end() if lead else 0)
            if span.end_char - begin >= _SHORTEST:
                found.append(Mark(*self._labels[doc.vocab.strings[key]], begin, span.end_char))
        return found


@Language.factory(NAME, default_config={"patterns": None})
def make_facets(nlp: Language, name: str, patterns: dict[str, str] | None) -> FacetFinder:  # noqa: ARG001  # spaCy's protocol
    """What spaCy makes of the component's config: ``patterns`` maps facets to TOML texts, null gives the shipped ones."""
    if patterns is None:
        return FacetFinder(nlp, load_patterns())
    return FacetFinder(nlp, [item for facet, text in patterns.items() for item in read_patterns(facet, text)])


def build_pipeline(*, terms: Iterable[str] = (), patterns: dict[str, str] | None = None) -> Language:
    """A pipeline that cuts words and finds the marks of facets; no model is loaded.

    Parameters
    ----------
    terms : words to keep whole besides the shipped domain words; other pipelines do not see them.
    patterns : facets to TOML texts in place of the shipped patterns.

    >>> doc = build_pipeline()("拟于6月底前在门户网站公布《办事指南》。")
    >>> [(span.text, span.label_) for span in doc.spans["facets"] if "specificity" in span.label_]
    [('6月底前', 'specificity=date'), ('门户网站', 'specificity=channel'), ('《办事指南》', 'specificity=instrument')]
    """
    nlp = blank_pipeline(terms=[*load_lexicon("terms"), *terms])
    nlp.add_pipe(NAME, config={"patterns": patterns})
    return nlp


def read_texts(nlp: Language, texts: Iterable[str]) -> Iterator[Reading]:
    """A Reading for each text, in order; texts that recur should be given once."""
    queue = iter(texts)
    while batch := list(islice(queue, _BATCH)):
        with nlp.memory_zone():
            readings = [doc.user_data[READING] for doc in nlp.pipe(batch)]
        yield from readings


def _count(doc: Doc, text: str, marks: tuple[Mark, ...]) -> Reading:
    columns = doc.to_array(["TAG", "LENGTH", "SPACY"])  # one pass in C: tokens one by one take as long as cutting them
    tags = tuple(intern(doc.vocab.strings[int(tag)]) if tag else "" for tag in columns[:, 0])
    ends = columns[:, 1:].sum(axis=1).cumsum()
    n_words = len(tags) - tags.count("x")
    clauses = [piece for piece in text.translate(_BREAKS).split("\n") if piece.strip()]
    return Reading(
        marks,
        sum(not char.isspace() for char in text),
        n_words,
        tags.count("d") + tags.count("c"),
        len(clauses),
        tuple(ends.tolist()),
        tags,
    )


def _span(doc: Doc, mark: Mark) -> Span | None:
    label = f"{mark.facet}={mark.value}"
    return doc.char_span(mark.start, mark.end, label=label, alignment_mode="expand")
