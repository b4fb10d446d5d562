"""Floors of the facets on the half of corpora/gold that was never read while the rules were written."""

import pytest

from tests.rhetoric.facet_scores import FACETS, GOLD, HALVES, half_of, load_gold, score_facets, take_half

# Micro-averages over the values of a facet. Never lowered silently: a lower one needs its reason here.
FLOORS = {"modality": 0.87, "specificity": 0.89, "valence": 0.93, "hedge": 0.97, "actor": 0.78}

PAIRS = load_gold()
needs_gold = pytest.mark.skipif(not PAIRS, reason="corpora/gold has no labels yet")


def test_halves_share_no_agency_and_are_of_like_size():
    agencies = [f"青禾县第{at}中学" for at in range(1000)]
    halves = [half_of(agency) for agency in agencies]
    assert halves == [half_of(agency) for agency in agencies]
    assert 430 < halves.count(HALVES[0]) < 570


@needs_gold
@pytest.mark.nightly
def test_facets_hold_their_floors_on_the_held_out_half():
    held_out = take_half(PAIRS, "held_out")
    assert len(held_out) >= 400, f"{GOLD} has too few units"
    scores = score_facets(held_out)
    found = {facet: min(scores[facet]["micro"].precision, scores[facet]["micro"].recall) for facet in FACETS}
    assert {facet: value for facet, value in found.items() if value < FLOORS[facet]} == {}
