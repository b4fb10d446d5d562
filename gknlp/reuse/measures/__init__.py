"""Texts as sequences of tokens in, measures of copying and change (文本复用度量) by their names in the literature out.

Knows no files, no passages, no strata: a text is what it is given as, words or characters at the caller's choice (the
unit is part of every figure). A measure that a text does not allow is None, never 0: an empty text has no share, a first
report has not changed. Each function says its formula, its unit, its source and what of the formula was verified.
"""

from gknlp.reuse.measures.alignment import Alignment, align_locally, measure_alignment_score
from gknlp.reuse.measures.boilerplate import (
    measure_boilerplate_share,
    measure_redundancy_within,
    measure_repeated_sentences,
)
from gknlp.reuse.measures.change import (
    adjust_modification_scores,
    measure_change,
    measure_modification_score,
    measure_sim_cosine,
    measure_sim_jaccard,
    measure_sim_minedit,
    measure_sim_simple,
    measure_stickiness,
)
from gknlp.reuse.measures.config import MeasureConfig
from gknlp.reuse.measures.information import InformationContent, measure_information_content
from gknlp.reuse.measures.novelty import Novelty, measure_novelty_share
from gknlp.reuse.measures.prototype import build_prototype, measure_prototype_share
from gknlp.reuse.measures.sets import measure_containment, measure_resemblance
from gknlp.reuse.measures.table import measure_reports
from gknlp.reuse.measures.texts import split_tokens

__all__ = [
    "Alignment",
    "InformationContent",
    "MeasureConfig",
    "Novelty",
    "adjust_modification_scores",
    "align_locally",
    "build_prototype",
    "measure_alignment_score",
    "measure_boilerplate_share",
    "measure_change",
    "measure_containment",
    "measure_information_content",
    "measure_modification_score",
    "measure_novelty_share",
    "measure_prototype_share",
    "measure_redundancy_within",
    "measure_repeated_sentences",
    "measure_reports",
    "measure_resemblance",
    "measure_sim_cosine",
    "measure_sim_jaccard",
    "measure_sim_minedit",
    "measure_sim_simple",
    "measure_stickiness",
    "split_tokens",
]
