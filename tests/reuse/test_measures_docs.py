"""Each measure of the literature is there by its name, says where it comes from, and its worked example holds."""

import doctest
import importlib
import pkgutil

import pytest

from gknlp.reuse import measures
from gknlp.schemas import REUSE_MEASURES

NAMES = (
    "boilerplate_share",
    "stickiness",
    "redundancy_within",
    "modification_score",
    "sim_cosine",
    "sim_jaccard",
    "sim_minedit",
    "sim_simple",
    "information_content",
    "containment",
    "resemblance",
    "alignment_score",
    "template_prototype",
    "novelty_share",
)
FUNCTIONS = {
    "template_prototype": (measures.build_prototype, measures.measure_prototype_share),
    "alignment_score": (measures.measure_alignment_score, measures.align_locally),
}
MODULES = sorted(found.name for found in pkgutil.iter_modules(measures.__path__))


@pytest.mark.parametrize("name", NAMES)
def test_named_sourced_and_exemplified(name):
    functions = FUNCTIONS.get(name) or (getattr(measures, f"measure_{name}"),)
    docs = "\n".join(function.__doc__ for function in functions)
    assert "Source: " in docs
    assert ">>> " in docs
    assert name in REUSE_MEASURES.names


@pytest.mark.parametrize("module", MODULES)
def test_examples_hold(module):
    found = doctest.testmod(importlib.import_module(f"{measures.__name__}.{module}"))
    assert found.failed == 0


def test_every_module_of_formulas_has_examples():
    counts = {
        module: doctest.testmod(importlib.import_module(f"{measures.__name__}.{module}")).attempted
        for module in MODULES
    }
    assert {name for name, count in counts.items() if not count} == {"columns", "config", "reports", "table"}
