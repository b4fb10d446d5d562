"""Write the sample corpus: reports/, truth.json and corpus.toml. ``python corpora/sample/recipe.py [FOLDER]``.

Everything here is fictional. Needs only the standard library; the same bytes on every run and every Python >= 3.11.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from recipe_parts.corpus import write_corpus  # noqa: E402  the folder beside this file must be on the path first


def main(argv: list[str]) -> int:
    """Write into the named folder, by default the one this file stands in."""
    target = Path(argv[0]) if argv else HERE
    write_corpus(target)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
