"""Every regular expression of the package takes time in proportion to its text, also on text made to annoy it."""

import dataclasses
import functools
import importlib
import inspect
import itertools
import pkgutil
import re
import re._constants as opcodes
import re._parser as sre
import time

import pytest

import gknlp

SIZES = (4_000, 8_000, 16_000)
QUICK = 0.01
"""Seconds for the longest text below which no pattern can harm."""
STEEPEST = 8.0
"""Of four times the text: 4 is linear, 16 quadratic."""
DEEPEST = 4
SEARCHING = re.compile(r"search|finditer|findall|sub|subn|split")


def all_patterns():
    """Every compiled pattern of the package by where it lies: in modules, in their tables, behind their loaders."""
    found = {}
    for info in pkgutil.walk_packages(gknlp.__path__, "gknlp."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, value in sorted(vars(module).items()):
            if callable(value) and hasattr(value, "cache_info") and value.__module__ == info.name:
                if not inspect.signature(value).parameters:
                    collect(value(), f"{info.name}:{name}()", None, found, 0)
            elif not name.startswith("__") and not inspect.ismodule(value):
                collect(value, f"{info.name}:{name}", name if isinstance(value, re.Pattern) else None, found, 0)
    return found


def collect(value, place, name, found, depth):
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, (str, bytes)):
            found.setdefault((value.pattern, value.flags), (place, value, name))
    elif depth < DEEPEST and isinstance(value, dict):
        for key, inner in value.items():
            collect(inner, f"{place}[{key!r}]", None, found, depth + 1)
    elif depth < DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
        for number, inner in enumerate(value):
            collect(inner, f"{place}[{number}]", None, found, depth + 1)
    elif depth < DEEPEST and dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            collect(getattr(value, field.name, None), f"{place}.{field.name}", None, found, depth + 1)


def letters_of(tree):
    """Characters that parts of the pattern match, in the order in which they come."""
    for code, argument in tree:
        if code in (opcodes.LITERAL, opcodes.NOT_LITERAL):
            yield chr(argument) if code is opcodes.LITERAL else "x"
        elif code is opcodes.RANGE:
            yield chr(argument[0])
        elif code is opcodes.CATEGORY:
            yield {opcodes.CATEGORY_DIGIT: "7", opcodes.CATEGORY_SPACE: " "}.get(argument, "x")
        elif code is opcodes.ANY:
            yield "x"
        elif code is opcodes.IN:
            yield from itertools.islice(letters_of(argument), 3)
        elif code is opcodes.BRANCH:
            for branch in argument[1]:
                yield from itertools.islice(letters_of(branch), 6)
        elif isinstance(argument, (tuple, list)):
            for part in argument:
                if isinstance(part, sre.SubPattern):
                    yield from letters_of(part)


def hostile(pattern):
    """Pieces to be repeated: each letter, each pair of neighbours, openings of all lengths."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    letters = list(itertools.islice(letters_of(sre.parse(source, pattern.flags & ~re.LOCALE)), 60))
    kinds = list(dict.fromkeys(letters))[:12] or ["x"]
    pieces = [*kinds, *("".join(pair) for pair in itertools.pairwise(letters[:16]))]
    pieces += ["".join(letters[:length]) for length in (3, 5, 8, 13, 21, 60)]
    pieces += [f"{one} " for one in kinds[:4]] + [f"{one}\n" for one in kinds[:4]] + ["公", " ", "\n", "1"]
    return list(dict.fromkeys(piece for piece in pieces if piece))


def run_it(pattern, name, place):
    """The pattern's use: where its module only ever asks whether it matches at one place, that; else a search of the text."""
    if name:
        source = inspect.getsource(importlib.import_module(place.partition(":")[0]))
        used = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", source))
        if used and not any(SEARCHING.fullmatch(verb) for verb in used):
            return pattern.fullmatch if used == {"fullmatch"} else pattern.match
    return lambda text: sum(1 for _ in pattern.finditer(text))


def seconds(use, text, best_of=1):
    taken = []
    for _ in range(best_of):
        started = time.process_time()
        use(text)
        taken.append(time.process_time() - started)
    return min(taken)


def steep(pattern, name, place):
    """What makes the pattern take more than some four times the time for four times the text."""
    use = run_it(pattern, name, place)
    for piece in hostile(pattern):
        texts = [(piece * (size // len(piece) + 1))[:size] + "\u0001" for size in SIZES]
        if isinstance(pattern.pattern, bytes):
            texts = [text.encode("utf-8", "replace") for text in texts]
        if seconds(use, texts[0]) > 1.0:
            yield piece, "over a second"
        elif seconds(use, texts[-1]) > QUICK:
            taken = [seconds(use, text, 3) for text in texts]
            if taken[-1] > QUICK and taken[-1] > STEEPEST * max(taken[0], 1e-4):
                yield piece, [round(t, 4) for t in taken]


@functools.cache
def patterns_by_room():
    rooms = {}
    for place, pattern, name in all_patterns().values():
        rooms.setdefault(place.split(".")[1].partition(":")[0], []).append((place, pattern, name))
    return rooms


def test_there_are_patterns_to_be_tried():
    rooms = patterns_by_room()
    assert {"text", "parse", "readers", "audit", "themes", "places"} <= rooms.keys()
    assert sum(map(len, rooms.values())) > 120


@pytest.mark.nightly
def test_a_bad_pattern_would_be_found():
    for bad in (r"\d*公", r"\s+年"):
        assert list(steep(re.compile(bad), None, "")), bad
    assert not list(steep(re.compile(r"\s{1,9}年"), None, ""))


@pytest.mark.nightly
@pytest.mark.parametrize("room", ["text", "parse", "readers", "forms", "places", "corpus", "features", "audit", "themes", "rhetoric", "topics", "reuse", "pages", "interop", "experiment"])  # fmt: skip
def test_every_pattern_of_a_room_stays_linear(room):
    found = {
        place: bad
        for place, pattern, name in patterns_by_room().get(room, [])
        if (bad := list(steep(pattern, name, place)))
    }
    assert found == {}


def test_no_room_is_left_out():
    [marks] = [mark for mark in test_every_pattern_of_a_room_stays_linear.pytestmark if mark.name == "parametrize"]
    assert patterns_by_room().keys() <= {*marks.args[1], "cli", "engine", "manifest", "records", "schemas", "tables"}
