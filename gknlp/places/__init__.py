"""Names of agencies or texts in, divisions (行政区划) of China with level and code out. Knows one state of the map, no report."""

from gknlp.places.divisions import Division, Divisions, Level, load_divisions
from gknlp.places.mentions import Mention, place_names_in
from gknlp.places.resolve import Place, find_candidates, resolve_agency

__all__ = [
    "Division",
    "Divisions",
    "Level",
    "Mention",
    "Place",
    "find_candidates",
    "load_divisions",
    "place_names_in",
    "resolve_agency",
]
