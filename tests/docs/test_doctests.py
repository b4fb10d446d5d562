"""Every example in a docstring runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import gknlp

MODULES = sorted(
    m.name
    for m in pkgutil.walk_packages(gknlp.__path__, "gknlp.")
    if "__main__" not in m.name and "_shipped" not in m.name
)


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
