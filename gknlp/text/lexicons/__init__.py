"""Word lists by name: a name comes in, the words of the shipped file go out in one order; it knows no segmenter."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from gknlp.errors import UsageError

NAMES = ("stopwords", "terms")


@cache
def load_lexicon(name: str) -> tuple[str, ...]:
    """The words of a shipped list (词表), each once, in code-point order.

    Parameters
    ----------
    name : ``terms`` (领域词, words the segmenter must not split) or ``stopwords`` (停用词, words that tell no topic).

    Raises
    ------
    UsageError : no list has this name.

    >>> "依申请公开" in load_lexicon("terms"), "进一步" in load_lexicon("stopwords")
    (True, True)
    """
    if name not in NAMES:
        raise UsageError(f"no word list is called {name!r}; use one of: {', '.join(NAMES)}")
    text = (resources.files(__name__) / f"{name}.txt").read_text(encoding="utf-8")
    words = (line.strip() for line in text.splitlines())
    return tuple(sorted({word for word in words if word and not word.startswith("#")}))


def hash_lexicon(name: str) -> str:
    """SHA-256 (hex) of a list's words, so that a result can name the list it used; comments and order do not count."""
    return hashlib.sha256("\n".join(load_lexicon(name)).encode()).hexdigest()
