"""The room's step: corpus tables in, ``theme_labels`` and ``theme_shares`` out."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from gknlp.themes.codebook import Codebook, load_codebook
from gknlp.themes.dictionary import DictionaryConfig, classify_units
from gknlp.themes.shares import theme_shares


def classify_corpus(
    tables: Mapping[str, pa.Table], *, config: DictionaryConfig | None = None, codebook: Codebook | None = None
) -> dict[str, pa.Table]:
    """The tables ``theme_labels`` and ``theme_shares`` of a corpus; both empty for an empty one.

    Parameters
    ----------
    tables : needs ``units`` and ``reports``.
    config : how much evidence makes a label; the defaults where absent.
    codebook : the shipped one where absent.
    """
    codebook = codebook or load_codebook()
    labels = classify_units(tables["units"], codebook=codebook, config=config)
    shares = theme_shares(labels, tables["units"], tables["reports"], codebook=codebook)
    return {"theme_labels": labels, "theme_shares": shares}
