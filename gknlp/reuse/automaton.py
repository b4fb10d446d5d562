"""Many wordings looked for at once in folded code points."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
_N_CODES = 0x110000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Automaton:
    """A state for every beginning of a wording; reading a character leads from state to state.

    ``class_of``: each code point's column in ``steps``, 0 for characters in no wording. ``steps``: (states, columns) the
    next state. In state s the wordings that end here are ``found[bounds[s]:bounds[s + 1]]``, longest first;
    ``lengths``: characters of each wording.
    """

    class_of: NDArray[np.uint16]
    steps: Ints
    bounds: Ints
    found: Ints
    lengths: Ints


def build_automaton(wordings: list[str]) -> Automaton:
    """The automaton of these wordings (none empty), numbered as they come; no wordings give one that finds nothing.

    Source: Aho & Corasick 1975, Efficient string matching.
    """
    chars = sorted({char for wording in wordings for char in wording})
    column = {char: place for place, char in enumerate(chars, start=1)}
    trie: list[dict[int, int]] = [{}]
    ends: list[list[int]] = [[]]
    for number, wording in enumerate(wordings):
        state = 0
        for char in wording:
            following = trie[state].setdefault(column[char], len(trie))
            if following == len(trie):
                trie.append({})
                ends.append([])
            state = following
        ends[state].append(number)
    steps = _fill_steps(trie, ends, len(chars) + 1)
    class_of = np.zeros(_N_CODES, dtype=np.uint16)
    class_of[[ord(char) for char in chars]] = np.arange(1, len(chars) + 1)
    lengths = [len(wording) for wording in wordings]
    ordered = [sorted(own, key=lambda number: (-lengths[number], number)) for own in ends]
    return Automaton(
        class_of=class_of,
        steps=steps,
        bounds=np.cumsum([0, *(len(own) for own in ordered)]).astype(np.int32),
        found=np.array([number for own in ordered for number in own], dtype=np.int32),
        lengths=np.array(lengths, dtype=np.int32),
    )


def _fill_steps(trie: list[Mapping[int, int]] | list[dict[int, int]], ends: list[list[int]], n_columns: int) -> Ints:
    """All steps, those back to shorter beginnings included; ``ends`` is completed with what shorter ones end."""
    steps = np.zeros((len(trie), n_columns), dtype=np.int32)
    shorter = [0] * len(trie)
    waiting = deque([0])
    while waiting:
        state = waiting.popleft()
        if state:
            steps[state] = steps[shorter[state]]
            ends[state] += ends[shorter[state]]
        for column, following in trie[state].items():
            shorter[following] = int(steps[shorter[state], column]) if state else 0
            steps[state, column] = following
            waiting.append(following)
    return steps
