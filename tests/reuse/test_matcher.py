"""Patterns in machine code find what ``re`` finds."""

import random
import re
import time
import tomllib
from importlib.resources import files

import numpy as np
import pytest

from gknlp.errors import UsageError
from gknlp.reuse.mandated import load_wording
from gknlp.reuse.matcher import build_programs, match_at, new_stack, run_program

PATTERNS = [
    "年度报告",
    "(?:政府|政务)信息公开(?:工作)?年度报告",
    "现将.{0,6}?(?:报告|公布)如下",
    "(?:根据|依据)(?:条例|通知|和|及){0,3}(?:的|等)?(?:规定|要求){0,2}",
    "0{4}年0{1,2}月",
    "[一二三]?(?:甲|甲乙|乙丙){2,4}丁?",
    "(?:甲乙|甲)(?:乙丙)?丙",
    "a.{1,3}b",
    "(?:甲){0,2}?乙",
    "",
]
PIECES = [
    "政府",
    "政务",
    "信息公开",
    "工作",
    "年度报告",
    "现将",
    "报告如下",
    "公布如下",
    "根据",
    "依据",
    "条例",
    "通知",
    "和",
    "的",
    *list("规定要求0年月一二三甲乙丙丁ab𠀀"),
]


def codes_of(text):
    return np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.uint32)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matches_are_those_of_re(pattern):
    programs, compiled, whole = build_programs([pattern]), re.compile(pattern), re.compile(f"(?:{pattern})\\Z")
    draw = random.Random(pattern)
    stack = new_stack(programs)
    for _ in range(400):
        text = "".join(draw.choices(PIECES, k=draw.randint(0, 12)))
        codes = codes_of(text)
        for at in range(len(text) + 1):
            found = compiled.match(text, at)
            assert match_at(codes, programs, 0, at, len(text)) == (found.end() if found else -1), (text, at)
            ends = run_program(codes, programs.steps, programs.starts[0], at, len(text), True, stack)
            assert (ends == len(text)) == bool(whole.match(text, at)), (text, at)
            if found and found.end() > at:
                assert codes[at] >= 0x10000 or programs.sets[0, codes[at]], "a match begins with a listed character"


@pytest.mark.parametrize(
    ("pattern", "text", "first"),
    [
        ("(?:甲乙|甲)(?:乙丙)?丙", "甲乙丙丙", 3),
        ("现将.{0,6}?报告如下", "现将报告如下报告如下", 6),
        ("甲{0,2}?", "甲甲", 0),
        ("(?:甲|甲乙)", "甲乙", 1),
    ],
)
def test_a_whole_match_goes_on_where_the_first_one_stops_short(pattern, text, first):
    programs, codes = build_programs([pattern]), codes_of(text)
    assert match_at(codes, programs, 0, 0, len(text)) == first
    start = programs.starts[0]
    assert run_program(codes, programs.steps, start, 0, len(text), True, new_stack(programs)) == len(text)


@pytest.mark.parametrize("pattern", ["甲+", "甲*", "(甲)", "(?:甲", "[^甲]", "[甲-丙]", "\\d", "^甲", "甲)", "(?=甲)"])
def test_what_is_not_known_is_refused(pattern):
    with pytest.raises((UsageError, ValueError)):
        build_programs([pattern])


def test_the_shipped_patterns_are_read_and_stay_linear():
    """Each beginning of a pattern costs no more than its own reach, whatever stands behind it."""
    data = tomllib.loads(files("gknlp.reuse").joinpath("mandated.toml").read_text(encoding="utf-8"))
    patterns = load_wording().patterns
    assert len(patterns.cores.starts) == len(data["patterns"]) == len(patterns.n_beginnings)
    sections = "概述主动公开政府信息情况收到和处理政府信息公开申请情况存在的主要问题及改进情况"
    for piece in ("对本年度报告的内容政府信息公开", sections, "根据条例和通知", "现将", "0000年00月00日", "规定编制"):
        text = codes_of(piece * (4_000 // len(piece)))
        for which in range(len(patterns.cores.starts)):
            started = time.process_time()
            for at in range(0, 1_000):
                match_at(text, patterns.cores, which, at, len(text))
            assert time.process_time() - started < 1.0, (piece, which)
