"""Words and counts: how much faster than jieba, on texts where every word must be jieba's.

    python -m tests.bench.segmentation [--strings 40000] [--documents 20000] [--units 1000000]

Processor time of one process. jieba is our own private instance with the same dictionary and terms, run as its users run it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from gknlp.features.counts import CountConfig, count_words, tally_words
from gknlp.text.lexicons import load_lexicon
from gknlp.text.tokens import Tokenizer
from tests.bench.timing import seconds

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "corpora" / "planted"))
from planted_parts.stream import write_documents  # noqa: E402  the recipe's folder must be on the path first

SAMPLE = ROOT / "corpora" / "sample" / "reports"
N_STRINGS, N_DOCUMENTS, N_UNITS, N_PLANTED = 40_000, 20_000, 1_000_000, 300
SIGNS = "+#&._%-"
LOOKED_UP_BY_RJIEBA_ALONE = "㐀䶵鿖鿿豈\ufaff𠀀𪛟𪜀𮯯丽"
BETWEEN = "，。；、：（）《》“” \u3000\r\n\t\x00\x1c\x85\u2028\ufeff\u0301γ１Ａ😀\ud800\udfff"
LATIN = "abcxyzABCXYZ0123456789"


def make_strings(n: int, *, seed: int, words: Sequence[str]) -> Iterator[str]:
    """Strings of words, torn words, rare and common characters, Latin, signs and all that is looked up by one side only."""
    rng = random.Random(seed)
    parts = (
        lambda: rng.choice(words),
        lambda: rng.choice(words)[: rng.randint(1, 3)],
        lambda: rng.choice(words)[rng.randint(0, 2) :],
        lambda: "".join(rng.choices("的一是在政务公开信息依申请答复件条年月日区县镇人民府", k=rng.randint(1, 4))),
        lambda: "".join(chr(rng.randrange(0x4E00, 0x9FD6)) for _ in range(rng.randint(1, 3))),
        lambda: "".join(rng.choices(LATIN, k=rng.randint(1, 4))),
        lambda: "".join(rng.choices(rng.choices("信申区西托叶干岭镇槲龘帱檑沄", k=3), k=rng.randint(3, 7))),
        lambda: rng.choice(("98.5%", "12%", "3.14", "0.5", "100", "7.", ".5%")),
        lambda: rng.choice(BETWEEN),
        lambda: rng.choice(SIGNS),
        lambda: rng.choice(LOOKED_UP_BY_RJIEBA_ALONE),
    )
    weights = (30, 15, 8, 15, 8, 8, 8, 6, 10, 12, 6)
    for number in range(n):
        common = number % 2 * 2  # every second string has nothing that keeps rjieba away
        chosen = rng.choices(parts[: len(parts) - common], weights[: len(parts) - common], k=rng.randint(1, 30))
        yield "".join(part() for part in chosen)


def read_texts(folder: Path) -> list[str]:
    """The texts of a folder, whatever bytes cannot be read replaced."""
    return [path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.rglob("*.txt"))]


def plain_words(tokenizer: Tokenizer, text: str, *, hmm: bool = True) -> list[str]:
    """What jieba itself makes of the text."""
    return list(tokenizer._jieba.cut(text, HMM=hmm))


def count_differing(fast: Tokenizer, texts: Sequence[str]) -> int:
    """How many texts are cut otherwise than by jieba."""
    return sum(list(fast.cut_words(text)) != plain_words(fast, text) for text in texts)


def compare_words(n_strings: int) -> None:
    """Print how many strings differ from jieba's cut, and the time of both ways over jieba's."""
    terms = load_lexicon("terms")
    fast, slow = (Tokenizer(terms=terms, engine=engine) for engine in ("rjieba", "jieba"))
    words = [word for word, frequency in fast._jieba.FREQ.items() if frequency]
    strings = list(make_strings(n_strings, seed=1, words=words))
    print(f"Words: {count_differing(fast, strings)} of {n_strings:,} strings are cut otherwise than by jieba")
    corpora = {"sample reports": read_texts(SAMPLE), "planted narratives": [d.text for d in write_documents(N_PLANTED)]}
    if (named := os.environ.get("GKNLP_REAL_REPORTS")) and (ROOT / named).is_dir():
        corpora["real reports"] = read_texts(ROOT / named)
    print(f"{'texts':22} {'characters':>11} {'differ':>7} {'jieba, s':>9} {'rjieba':>8} {'remembered':>11}")
    for name, texts in corpora.items():
        alone = seconds(lambda texts=texts: [plain_words(fast, text) for text in texts], rounds=3)
        taken = [seconds(lambda way=way, texts=texts: cut_anew(way, texts), rounds=3) for way in (fast, slow)]
        ratios = f"{alone / taken[0]:7.1f}x {alone / taken[1]:10.1f}x"
        print(f"{name:22} {sum(map(len, texts)):11,} {count_differing(fast, texts):7} {alone:9.2f} {ratios}")


def cut_anew(tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    """Cut all texts with nothing remembered from before."""
    tokenizer._cut_remembered.cache_clear()  # type: ignore[attr-defined]  # it is functools.lru_cache's
    for text in texts:
        tokenizer.cut_words(text)


def make_units(n: int) -> Iterator[str]:
    """Paragraphs of planted narratives, the corpus over and over where it is too short, each time with words of its own."""
    produced = 0
    paragraphs = [line for document in write_documents(3_000) for line in document.text.splitlines() if len(line) > 20]
    while produced < n:
        for line in islice(paragraphs, n - produced):
            produced += 1
            yield f"{line}第{produced}号卷宗"


def measure_counts(kind: str, n: int) -> None:
    """Print as JSON what counting takes; run in a process of its own, because of its memory."""
    if kind == "reports":
        texts = [document.text for document in islice(write_documents(n), n)]
        n_chars = sum(map(len, texts))
        taken = seconds_once(lambda: count_words(texts, config=CountConfig()))
    else:
        n_chars = sum(map(len, make_units(n)))
        making = seconds_once(lambda: sum(1 for _ in make_units(n)))
        taken = seconds_once(lambda: tally_words(make_units(n), config=CountConfig())) - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"characters": n_chars, "seconds": taken, "peak": peak}))


def seconds_once(work) -> float:  # type: ignore[no-untyped-def]  # any work
    """Processor time of one run: minutes need no median."""
    import time

    began = time.process_time()
    work()
    return time.process_time() - began


def print_counts(n_documents: int, n_units: int) -> None:
    """Print seconds and peak memory of counting reports, held in memory, and units, read from a stream."""
    for kind, n in (("reports", n_documents), ("units", n_units)):
        command = [sys.executable, "-m", "tests.bench.segmentation", "--count", kind, "--documents", str(n)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        found = json.loads(done.stdout)
        rate = found["characters"] / found["seconds"] / 1e6
        print(
            f"Counts of {n:,} {kind}, {found['characters'] / 1e6:.1f} million characters: {found['seconds']:.1f} s, "
            f"{rate:.2f} million characters a second, peak {found['peak'] / 1e6:,.0f} MB"
        )


def compare(n_strings: int = N_STRINGS, n_documents: int = N_DOCUMENTS, n_units: int = N_UNITS) -> None:
    """Print everything that is measured here."""
    compare_words(n_strings)
    print_counts(n_documents, n_units)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strings", type=int, default=N_STRINGS)
    parser.add_argument("--documents", type=int, default=N_DOCUMENTS)
    parser.add_argument("--units", type=int, default=N_UNITS)
    parser.add_argument("--count", choices=("reports", "units"), help="count so many documents in this process")
    options = parser.parse_args()
    if options.count:
        measure_counts(options.count, options.documents)
    else:
        compare(options.strings, options.documents, options.units)
