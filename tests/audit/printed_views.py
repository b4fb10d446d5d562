"""Fictional reports printed, parsed and flattened as a corpus holds them: what a check on text sees."""

from __future__ import annotations

import re

from gknlp.audit import load_rules
from gknlp.audit.checks import CHECKS
from gknlp.audit.view import load_views
from gknlp.corpus.flatten import decode_rows, encode_rows, flatten_report
from gknlp.forms import load_forms
from tests.parse.documents import parse, print_report, zeros

RULES = {rule.id: rule for rule in load_rules()}


def view_text(text, **hints):
    return load_views(decode_rows(encode_rows(flatten_report(parse(text, **hints)))))[0]


def view_report(form="revised_2021", cells=None, hints=None, **parts):
    """A printed report of the form with zeros but for ``cells`` ("t3/new_requests/total": "5")."""
    values = zeros(load_forms()[form]) | {tuple(key.split("/")): value for key, value in (cells or {}).items()}
    return view_text(print_report(form, "a", values, **parts), **(hints or {}))


def check(rule, view):
    return list(CHECKS[RULES[rule].check](RULES[rule], view)) if RULES[rule].applies_to(view.form) else []


def outcomes(rule, view):
    """Outcome, expected and found of each finding, by instance."""
    return {f.instance: (f.outcome, f.expected, f.found) for f in check(rule, view)}


def quoted(view, finding):
    """What the spans of a finding cover, without white space."""
    return [re.sub(r"\s", "", view.text[span.start : span.end]) for span in finding.spans]


def hostile(n):
    """Texts that make a careless pattern slow: one character many times, openings that never close, near misses."""
    seeds = (
        "收到",
        "申请",
        "9",
        "一",
        "2021年",
        "2021年1月",
        "其中",
        "甲1件、",
        "占1%",
        "|",
        "(",
        "“",
        "我",
        "未发生",
        "无",
    )
    return ["".join([seed] * n)[:n] for seed in seeds]


def patterns_of(details):
    """Every pattern among the details of a rule: values of the keys that its checks compile."""
    plain = {"expression", "exception", "table", "section", "own_object", "label", "key", "form", "word"}
    for key, value in details.items():
        if isinstance(value, str) and key not in plain:
            yield value
        elif key not in {"words", "sections", "cells"} and isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict):
                    yield from patterns_of(entry)
