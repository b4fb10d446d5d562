"""Texts that a careless program chokes on, each at any size, and what finding copied text in them costs."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import pyarrow as pa

from gknlp.reuse import ReuseConfig, find_reuse_in_texts

PARAGRAPH = "灯塔守护人每晚把潮汐表抄在木牌上挂到渡口，路过的船家看一眼便知何时靠岸，抄错了由敲钟人当众改正。"
MEGABYTE = 350_000
"""Chinese characters in a megabyte of UTF-8, roughly."""


def one_character(n_chars: int) -> pa.Table:
    """A text of one character over and over, beside a short one."""
    return texts("哈" * n_chars, PARAGRAPH)


def two_of_one_character(n_chars: int) -> pa.Table:
    """Two texts of one character over and over."""
    return texts("哈" * n_chars, "哈" * (n_chars // 2))


def random_text(n_chars: int) -> pa.Table:
    """A text of characters drawn alike, beside a piece of itself."""
    draw = random.Random(20210930)
    text = "".join(map(chr, draw.choices(range(0x4E00, 0x9FA6), k=n_chars)))
    return texts(text, text[n_chars // 2 : n_chars // 2 + 500])


def one_paragraph(n_chars: int) -> pa.Table:
    """A text of one paragraph over and over, beside the paragraph."""
    return texts((PARAGRAPH * (n_chars // len(PARAGRAPH) + 1))[:n_chars], PARAGRAPH)


def two_repetitive(n_chars: int) -> pa.Table:
    """Two texts of the same paragraph over and over, one begun in its midst."""
    text = PARAGRAPH * (n_chars // len(PARAGRAPH) + 1)
    return texts(text[:n_chars], text[17 : n_chars // 2])


def identical(n_texts: int) -> pa.Table:
    """Texts that are all the same."""
    return texts(*[PARAGRAPH] * n_texts)


def empty(n_texts: int) -> pa.Table:
    """Texts of nothing, or of less than a shingle."""
    return texts(*["", "短", "。\n", "不足一段的话"] * (n_texts // 4))


def texts(*items: str) -> pa.Table:
    """A table of texts with ids that ascend."""
    return pa.table({"id": pa.array([f"t{number:07d}" for number in range(len(items))]), "text": pa.array(items)})


CASES: dict[str, tuple[Callable[[int], pa.Table], int]] = {
    "a text of 10 MB, one character": (one_character, 10 * MEGABYTE),
    "10 MB and 5 MB, one character": (two_of_one_character, 10 * MEGABYTE),
    "a text of 10 MB, random": (random_text, 10 * MEGABYTE),
    "a text of 10 MB, one paragraph": (one_paragraph, 10 * MEGABYTE),
    "10 MB and 5 MB, one paragraph": (two_repetitive, 10 * MEGABYTE),
    "1,000,000 identical texts": (identical, 1_000_000),
    "1,000,000 empty or tiny texts": (empty, 1_000_000),
}
"""Each case with the size asked for by the issue."""


def measure(make: Callable[[int], pa.Table], size: int) -> tuple[float, dict[str, pa.Table]]:
    """Seconds of processor time, and the tables."""
    given = make(size)
    began = time.process_time()
    found = find_reuse_in_texts(given, config=ReuseConfig())
    return time.process_time() - began, found


def measure_all() -> Iterator[str]:
    """A line a case: seconds at a quarter of the size and at the whole, and their ratio (4 is linear)."""
    for make, _ in CASES.values():
        measure(make, 400)
    for name, (make, size) in CASES.items():
        quarter, _ = measure(make, size // 4)
        whole, found = measure(make, size)
        rows = ", ".join(f"{table.num_rows:,} {kind}" for kind, table in found.items() if kind != "stretches")
        yield f"{name:34} {quarter:7.2f} s {whole:7.2f} s {whole / quarter:5.1f}x   {rows}"
