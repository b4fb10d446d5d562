"""The words that a rule's text must have before its patterns are tried: no pattern matches without one of them."""

from __future__ import annotations

import re
from re import _constants as kinds
from re import _parser as parser

import pytest

from gknlp.audit.checks.prose import compile_pattern, freeze_words
from tests.audit.printed_views import RULES

CLAIMS = sorted(rule.id for rule in RULES.values() if rule.check == "claims")


def literals(parsed):
    """Texts of which each match of a pattern has all: runs of characters, and alternatives as a tuple of such lists."""
    found, run = [], ""
    for kind, value in parsed:
        if kind is kinds.LITERAL:
            run += chr(value)
            continue
        found += [run] if run else []
        run = ""
        if kind is kinds.SUBPATTERN:
            found += literals(value[3])
        elif kind is kinds.BRANCH:
            found.append(tuple(literals(branch) for branch in value[1]))
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT) and value[0]:
            found += literals(value[2])
    return [*found, run] if run else found


def has_one(parts, words):
    return any(
        all(has_one(branch, words) for branch in part)
        if isinstance(part, tuple)
        else any(word in part for word in words)
        for part in parts
    )


@pytest.mark.parametrize("rule", CLAIMS)
def test_every_claim_has_one_of_the_words(rule):
    details = RULES[rule].details
    for kind in details["claims"]:
        pattern = compile_pattern(kind["pattern"], freeze_words(details)).pattern
        assert has_one(literals(parser.parse(pattern)), details["needs"]), pattern


def test_the_check_itself_can_fail():
    assert not has_one(literals(parser.parse("(?:申请|来信)3件")), ["申请"])
    assert not has_one(literals(parser.parse("(?:申请)?3件")), ["申请"])
    assert has_one(literals(parser.parse("(?:申请书|依申请)3件")), ["申请"])


def test_parts_shares_and_references_have_theirs():
    parts, own = RULES["R708"].details, RULES["R811"].details
    assert has_one(literals(parser.parse(compile_pattern(parts["total"]).pattern)), [parts["parts_need"]])
    assert has_one(literals(parser.parse(parts["share"])), [parts["shares_need"]])
    for entry in own["references"]:
        words = [before + entry["word"] for before in own["needs"]]
        branches = parser.parse(re.sub(r"\(\?<!.*?\)", "", entry["pattern"]))
        assert has_one(literals(branches), words), entry
