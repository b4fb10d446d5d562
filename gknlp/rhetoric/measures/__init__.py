"""Labels, facets and cells in, measures of rhetoric (话语度量) by their names out; each says formula, unit, source and what is null."""

from gknlp.rhetoric.measures.config import RhetoricConfig
from gknlp.rhetoric.measures.decoupling import measure_decoupling, measure_z_scores
from gknlp.rhetoric.measures.promises import Promise, Statement, answers_hash, match_promises, measure_promise_kept
from gknlp.rhetoric.measures.shares import (
    measure_light_problem_share,
    measure_problem_persistence,
    measure_problem_stickiness,
    measure_theme_entropy,
    measure_theme_share,
)
from gknlp.rhetoric.measures.substance import (
    measure_concrete_commitment,
    measure_hard_information,
    measure_hedge_density,
    measure_praise_to_shortfall,
    measure_readability_clause,
    measure_readability_linking,
    measure_readability_zh,
    measure_specificity,
)
from gknlp.rhetoric.measures.table import measure_rhetoric
from gknlp.rhetoric.measures.tables import (
    is_zero,
    measure_correction_rate,
    measure_disclosure_rate,
    measure_escalation_rate,
    measure_refusal_mix,
)

__all__ = [
    "Promise",
    "RhetoricConfig",
    "Statement",
    "answers_hash",
    "is_zero",
    "match_promises",
    "measure_concrete_commitment",
    "measure_correction_rate",
    "measure_decoupling",
    "measure_disclosure_rate",
    "measure_escalation_rate",
    "measure_hard_information",
    "measure_hedge_density",
    "measure_light_problem_share",
    "measure_praise_to_shortfall",
    "measure_problem_persistence",
    "measure_problem_stickiness",
    "measure_promise_kept",
    "measure_readability_clause",
    "measure_readability_linking",
    "measure_readability_zh",
    "measure_refusal_mix",
    "measure_rhetoric",
    "measure_specificity",
    "measure_theme_entropy",
    "measure_theme_share",
    "measure_z_scores",
]
