"""Units in, how they talk out: facets (modality, specificity, valence, hedge, actor) on spaCy, and measures of rhetoric; knows no parsing, no codebook of themes, no pages."""

from gknlp.rhetoric.facets import FacetConfig, facets_model, find_facets
from gknlp.rhetoric.marks import ACTORS, MODALITIES, SPECIFICITIES, VALENCES, Facets, Mark, Place, Reading
from gknlp.rhetoric.measures import RhetoricConfig, answers_hash, measure_rhetoric
from gknlp.rhetoric.patterns import patterns_hash

__all__ = [
    "ACTORS",
    "MODALITIES",
    "SPECIFICITIES",
    "VALENCES",
    "FacetConfig",
    "Facets",
    "Mark",
    "Place",
    "Reading",
    "RhetoricConfig",
    "answers_hash",
    "facets_model",
    "find_facets",
    "measure_rhetoric",
    "patterns_hash",
]
