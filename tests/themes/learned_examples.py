"""Labelled units for tests: the codebook's own examples, dealt out to made-up agencies."""

from functools import cache

from gknlp.themes import UnitText, load_codebook
from gknlp.themes.learned import EncoderConfig, Example, TrainConfig

CODEBOOK = load_codebook()
PLACES = {
    "structural": ("overview", None),
    "overview": ("overview", None),
    "problems": ("problems_improvements", "problems"),
    "improvements": ("problems_improvements", "improvements"),
    "other": ("other_matters", None),
}
AGENCIES = [f"{name}县{kind}局" for name in "甲乙丙丁戊己庚辛" for kind in ("史志", "茶业")]
CONFIG = TrainConfig(name="toy", encoder=EncoderConfig(min_agencies=2), n_folds=2, held_out=0.4)


@cache
def examples() -> tuple[Example, ...]:
    """Every positive example of the codebook, once as it is and once with a tail."""
    found = []
    for theme in CODEBOOK.themes:
        section, part = PLACES[theme.family]
        for number, text in enumerate(theme.positive):
            for turn, tail in enumerate(("", "各科室照此办理。")):
                agency = AGENCIES[(number * 5 + int(theme.code[1:]) * 3) % len(AGENCIES)]
                unit = UnitText(section, part, "", text + tail)
                found.append(Example(f"{theme.code}.{number}.{turn}", agency, unit, (theme.code,)))
    return tuple(found)
