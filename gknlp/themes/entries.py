"""What a codebook holds - families, themes, ambiguous cases - and how each is read from its TOML table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gknlp.themes.cues import Cue, read_cues
from gknlp.themes.fields import Fields

EVERY_SECTION = "*"
MIN_EXAMPLES = 3
"""Examples of each sign a theme needs: with fewer a coder cannot tell a rule from an instance."""

_FAMILY_KEYS = frozenset({"code", "letter", "name_en", "name_zh", "sections", "part"})
_THEME_KEYS = frozenset(
    [
        "code",
        "key",
        "family",
        "head",
        "name_zh",
        "name_en",
        "definition_en",
        "definition_zh",
        "include",
        "exclude",
        "positive",
        "negative",
        "cues",
        "fallback",
        "also_in",
        "whole_sections",
    ]
)
_CASE_KEYS = frozenset({"section", "part", "heading", "text", "primary", "labels", "rule"})


@dataclass(frozen=True, slots=True)
class Family:
    """Themes that code the same sections; ``part`` narrows section five to its problems or its improvements."""

    code: str
    letter: str
    name_en: str
    name_zh: str
    sections: tuple[str, ...]
    part: str | None = None

    @property
    def is_structural(self) -> bool:
        """Whether the family is recognised in every section, before the others and outside their shares."""
        return self.sections == (EVERY_SECTION,)

    def holds(self, section: str, part: str | None) -> bool:
        """Whether a unit of this section and part is coded by this family; an unknown part (None) is held by both."""
        if self.is_structural:
            return True
        return section in self.sections and (self.part is None or part is None or part == self.part)


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A text that is not of the theme, and the code that it has instead."""

    text: str
    instead: str


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme (主题).

    ``head`` is the official head of section one or ``cross``; ``fallback`` themes are given only where nothing else
    is; ``also_in`` are sections of other families where the theme may occur; every unit of ``whole_sections`` has it.
    """

    code: str
    key: str
    family: str
    head: str
    name_zh: str
    name_en: str
    definition_en: str
    definition_zh: str
    include: str
    exclude: str
    positive: tuple[str, ...]
    negative: tuple[Counterexample, ...]
    cues: tuple[Cue, ...]
    fallback: bool = False
    also_in: tuple[str, ...] = ()
    whole_sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmbiguousCase:
    """A made-up unit that two coders would code differently, its labels (primary first), and the rule."""

    section: str
    part: str | None
    heading: str
    text: str
    primary: str
    labels: tuple[str, ...]
    rule: str


def read_family(fields: Fields, sections: frozenset[str]) -> Family:
    """The family in one ``[[families]]`` table; UsageError for a missing, unknown or wrong key."""
    fields.check_keys(_FAMILY_KEYS)
    own = fields.texts("sections")
    _check_sections(fields, "sections", (section for section in own if section != EVERY_SECTION), sections)
    return Family(
        code=fields.text("code"),
        letter=fields.text("letter"),
        name_en=fields.text("name_en"),
        name_zh=fields.text("name_zh"),
        sections=own,
        part=fields.text("part", "") or None,
    )


def read_theme(fields: Fields, sections: frozenset[str], lists: Mapping[str, tuple[str, ...]]) -> Theme:
    """The theme in one ``[[themes]]`` table; UsageError naming the theme and the key for what is missing or wrong."""
    fields = Fields(f"theme {fields.data.get('code', fields.where)}", fields.data)
    fields.check_keys(_THEME_KEYS)
    for key in ("also_in", "whole_sections"):
        _check_sections(fields, key, fields.texts(key, ()), sections)
    return Theme(
        code=fields.text("code"),
        key=fields.text("key"),
        family=fields.text("family"),
        head=fields.text("head"),
        name_zh=fields.text("name_zh"),
        name_en=fields.text("name_en"),
        definition_en=fields.text("definition_en"),
        definition_zh=fields.text("definition_zh"),
        include=fields.text("include"),
        exclude=fields.text("exclude"),
        positive=_read_positive(fields),
        negative=_read_negative(fields),
        cues=_read_all_cues(fields, lists),
        fallback=fields.flag("fallback"),
        also_in=fields.texts("also_in", ()),
        whole_sections=fields.texts("whole_sections", ()),
    )


def read_case(fields: Fields, sections: frozenset[str], codes: frozenset[str]) -> AmbiguousCase:
    """The case in one ``[[ambiguous]]`` table; UsageError for a missing or wrong key or an unknown code."""
    fields.check_keys(_CASE_KEYS)
    case = AmbiguousCase(
        section=fields.text("section"),
        part=fields.text("part", "") or None,
        heading=fields.text("heading", ""),
        text=fields.text("text"),
        primary=fields.text("primary"),
        labels=fields.texts("labels"),
        rule=fields.text("rule"),
    )
    _check_sections(fields, "section", [case.section], sections)
    for code in case.labels:
        if code not in codes:
            raise fields.error("labels", f"no theme has the code {code!r}")
    if case.labels[:1] != (case.primary,):
        raise fields.error("labels", f"must begin with the primary {case.primary!r}")
    return case


def _read_positive(fields: Fields) -> tuple[str, ...]:
    examples = fields.texts("positive")
    _check_enough(fields, "positive", len(examples))
    return examples


def _read_negative(fields: Fields) -> tuple[Counterexample, ...]:
    tables = fields.tables("negative")
    _check_enough(fields, "negative", len(tables))
    for table in tables:
        table.check_keys(frozenset({"text", "instead"}))
    return tuple(Counterexample(table.text("text"), table.text("instead")) for table in tables)


def _read_all_cues(fields: Fields, lists: Mapping[str, tuple[str, ...]]) -> tuple[Cue, ...]:
    cues = tuple(cue for table in fields.tables("cues") for cue in read_cues(table, lists))
    if not cues:
        raise fields.error("cues", "needs one cue or more")
    return cues


def _check_enough(fields: Fields, key: str, found: int) -> None:
    if found < MIN_EXAMPLES:
        raise fields.error(key, f"needs {MIN_EXAMPLES} examples or more, found {found}")


def _check_sections(fields: Fields, key: str, found: Iterable[str], known: frozenset[str]) -> None:
    for section in found:
        if section not in known:
            raise fields.error(key, f"no section is called {section!r}; known: {', '.join(sorted(known))}")
