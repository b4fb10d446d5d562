"""Files and folders come in, tables of columns that can only grow go out; how a report is understood is not known here."""

from gknlp.corpus.build import BuildOptions, BuildSummary, Progress, build_corpus
from gknlp.corpus.chain import is_corpus
from gknlp.corpus.corpus import Corpus
from gknlp.corpus.export import export_table, write_table
from gknlp.corpus.keep import CorrectSummary, correct_corpus
from gknlp.corpus.republication import drop_repeats
from gknlp.corpus.texts import load_texts

__all__ = [
    "BuildOptions",
    "BuildSummary",
    "Corpus",
    "CorrectSummary",
    "Progress",
    "build_corpus",
    "correct_corpus",
    "drop_repeats",
    "export_table",
    "is_corpus",
    "load_texts",
    "write_table",
]
