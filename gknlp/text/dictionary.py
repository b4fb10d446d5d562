"""The installed jieba in, its dictionary as a table of words and their frequencies out; the same table in rjieba. Cuts no text.

Three things would let a stranger change our words without a trace, so none of them is used:

* jieba's dictionary cache. jieba trusts any ``jieba.cache`` in the temporary folder. Ours is named by the hash of all it
  is made of, lies in the folder of this package's own bytecode, where whoever can plant a file can change the code as
  well, and holds its own hash, so that a torn or damaged file is built anew (0.27 s instead of 0.56, 498,113 entries).
* jieba's module. Words forced apart with ``jieba.del_word`` live in a module-wide set that every tokenizer obeys, and
  importing jieba hangs a handler on the logger ``jieba``. A second instance of the module, under a name of our own,
  shares neither with whoever else uses jieba in this process.
* rjieba's dictionary. It has one built in; ours is filled from the same table as jieba's.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import marshal
import os
import sys
import warnings
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

JIEBA_TESTED = ("0.42.1",)
RJIEBA_TESTED = ("0.2.2",)
"""Releases of both whose words were compared on 40,000 texts (tests/text/test_tokens.py): no others are mixed."""
_NO_TEXT = "\x00"  # not in any block that is looked up, so it takes up frequency and is never a word


def load_private_jieba() -> ModuleType:
    """A second instance of the installed jieba, so that nobody else's settings reach it."""
    found = importlib.util.find_spec("jieba")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("jieba is not installed; install gknlp with its dependencies", name="jieba")
    name = f"{__name__}._jieba"
    folders = list(found.submodule_search_locations or ())
    spec = importlib.util.spec_from_file_location(name, found.origin, submodule_search_locations=folders)
    if spec is None or spec.loader is None:
        raise ImportError(f"the installed jieba cannot be loaded from {found.origin}", name="jieba")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with warnings.catch_warnings():
        # jieba 0.42.1 has invalid escapes in its own regular expressions and asks for pkg_resources: not ours to mend,
        # and fatal under `python -W error`.
        warnings.simplefilter("ignore")
        spec.loader.exec_module(module)
    return module


JIEBA: Any = load_private_jieba()


def read_dictionary() -> bytes:
    """The bytes of the installed jieba's dictionary, a word, its frequency and its part of speech a line."""
    return Path(JIEBA.__file__).with_name("dict.txt").read_bytes()


def load_frequencies() -> tuple[dict[str, int], int]:
    """The frequency of each word and 0 for each beginning of one (jieba's FREQ), and their sum (its total)."""
    dictionary = read_dictionary()
    file = cache_file(dictionary)
    kept = _read_cache(file)
    if kept is None:
        kept = JIEBA.Tokenizer.gen_pfdict(io.BytesIO(dictionary))
        _write_cache(file, kept)
    return kept


def cache_file(dictionary: bytes) -> Path:
    """Where the table of these bytes is kept: beside this module's bytecode, by the hash of all the table depends on."""
    made_of = hashlib.sha256(f"{JIEBA.__version__} {sys.implementation.cache_tag} {marshal.version} ".encode())
    made_of.update(dictionary)
    return Path(importlib.util.cache_from_source(__file__)).with_name(f"words-{made_of.hexdigest()[:32]}")


def _read_cache(file: Path) -> tuple[dict[str, int], int] | None:
    """The table kept in the file, unless there is none or it is not what was written."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        return None
    table: tuple[dict[str, int], int] = marshal.loads(data[32:])  # noqa: S302  # as trusted as the bytecode beside it
    return table


def _write_cache(file: Path, table: tuple[dict[str, int], int]) -> None:
    """Keep the table, whole or not at all; where the folder cannot be written to, nothing is kept."""
    data = marshal.dumps(table)
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(hashlib.sha256(data).digest() + data)
        aside.replace(file)


def can_use_rjieba() -> bool:
    """Whether an rjieba is installed that was found to give the words of the jieba that is installed."""
    try:
        version = metadata.version("rjieba")
    except metadata.PackageNotFoundError:
        return False
    return version in RJIEBA_TESTED and JIEBA.__version__ in JIEBA_TESTED


def fill_rjieba(frequencies: dict[str, int], total: int) -> Any:
    """An rjieba with exactly this table of words (those of frequency 0 are beginnings of words, not words)."""
    import rjieba

    filled: Any = rjieba.Jieba.empty()  # type: ignore[no-untyped-call]  # rjieba's stubs do not type it
    add_word = filled.add_word
    for word, frequency in frequencies.items():
        if frequency:
            add_word(word, frequency, "")
            total -= frequency
    if total:
        add_word(_NO_TEXT, total, "")  # jieba counts a word that is added again twice
    return filled
