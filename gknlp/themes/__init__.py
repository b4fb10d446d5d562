"""Units in, theme labels and theme shares out, by a codebook kept as data; knows no parsing, no topics, no pages."""

from gknlp.themes.classifier import Classifier, Coding, UnitText, label_units
from gknlp.themes.codebook import AmbiguousCase, Codebook, Counterexample, Family, Theme, load_codebook
from gknlp.themes.cues import Cue
from gknlp.themes.dictionary import DictionaryClassifier, DictionaryConfig, classify_units
from gknlp.themes.html import codebook_html
from gknlp.themes.markdown import codebook_markdown
from gknlp.themes.shares import theme_shares
from gknlp.themes.step import classify_corpus

__all__ = [
    "AmbiguousCase",
    "Classifier",
    "Codebook",
    "Coding",
    "Counterexample",
    "Cue",
    "DictionaryClassifier",
    "DictionaryConfig",
    "Family",
    "Theme",
    "UnitText",
    "classify_corpus",
    "classify_units",
    "codebook_html",
    "codebook_markdown",
    "label_units",
    "load_codebook",
    "theme_shares",
]
