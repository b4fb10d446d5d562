"""The codebook (编码本): themes and their families, read from TOML, checked as a whole, looked up by code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from gknlp.errors import UsageError
from gknlp.manifest import hash_value
from gknlp.themes.cues import Cue
from gknlp.themes.entries import AmbiguousCase, Counterexample, Family, Theme, read_case, read_family, read_theme
from gknlp.themes.fields import Fields
from gknlp.themes.rules import CodingRule, Facet, FacetCase, FacetValue, read_facet, read_rule

__all__ = [
    "AmbiguousCase",
    "Codebook",
    "CodingRule",
    "Counterexample",
    "Cue",
    "Facet",
    "FacetCase",
    "FacetValue",
    "Family",
    "Theme",
    "load_codebook",
    "read_codebook",
]

_KEYS = frozenset({"version", "sections", "unit", "rules", "facets", "lists", "families", "themes", "ambiguous"})


@dataclass(frozen=True, slots=True)
class Codebook:
    """A checked codebook; ``hash`` is the SHA-256 of its content, whatever its layout and comments."""

    version: str
    hash: str
    unit_rule: str
    rules: tuple[CodingRule, ...]
    facets: tuple[Facet, ...]
    families: tuple[Family, ...]
    themes: tuple[Theme, ...]
    ambiguous: tuple[AmbiguousCase, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every theme's code, in codebook order."""
        return tuple(theme.code for theme in self.themes)

    @property
    def structural(self) -> tuple[Theme, ...]:
        """The themes that are recognised before all others, in every section."""
        families = {family.code for family in self.families if family.is_structural}
        return tuple(theme for theme in self.themes if theme.family in families)

    def theme(self, code: str) -> Theme:
        """The theme with this code; UsageError naming the known ones for any other."""
        for theme in self.themes:
            if theme.code == code:
                return theme
        raise UsageError(f"no theme has the code {code!r}; the codes are: {', '.join(self.codes)}")

    def facet(self, code: str) -> Facet:
        """The facet with this code; UsageError naming the known ones for any other."""
        for facet in self.facets:
            if facet.code == code:
                return facet
        raise UsageError(f"no facet is called {code!r}; known: {', '.join(item.code for item in self.facets)}")

    def family(self, code: str) -> Family:
        """The family with this code; UsageError naming the known ones for any other."""
        for family in self.families:
            if family.code == code:
                return family
        raise UsageError(f"no family is called {code!r}; known: {', '.join(item.code for item in self.families)}")

    def themes_of(self, family: str) -> tuple[Theme, ...]:
        """The themes of a family, in codebook order; UsageError for an unknown family."""
        known = self.family(family).code
        return tuple(theme for theme in self.themes if theme.family == known)

    def families_of(self, section: str, part: str | None) -> tuple[Family, ...]:
        """The families, structural ones aside, that code this section and part; () for none."""
        return tuple(family for family in self.families if not family.is_structural and family.holds(section, part))

    def admissible(self, section: str, part: str | None) -> tuple[Theme, ...]:
        """The themes, structural ones aside, that a unit of this section and part may have; () for none."""
        families = {family.code for family in self.families_of(section, part)}
        return tuple(theme for theme in self.themes if theme.family in families or section in theme.also_in)


def load_codebook(path: Path | None = None) -> Codebook:
    """The codebook in a TOML file; the shipped one where no path is given.

    Raises
    ------
    UsageError if the file cannot be read, is no TOML, or breaks a rule; the message names the theme and the key.

    >>> load_codebook().theme("O05").name_zh
    '政策解读'
    """
    try:
        source = path.read_text(encoding="utf-8") if path else _shipped()
        data = tomllib.loads(source)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"codebook: {path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"codebook: {path}: is no TOML: {error}") from error
    return read_codebook(data)


def _shipped() -> str:
    return files("gknlp.themes").joinpath("codebook.toml").read_text(encoding="utf-8")


def read_codebook(data: Mapping[str, Any]) -> Codebook:
    """The codebook that a parsed TOML document describes; UsageError naming the theme and the key if it breaks a rule."""
    top = Fields("top level", data)
    top.check_keys(_KEYS)
    version, rule = top.text("version"), top.table("unit").text("rule")
    sections = frozenset(top.texts("sections"))
    lists = top.table("lists")
    phrases = {name: lists.texts(name) for name in lists.data}
    rules = tuple(read_rule(fields) for fields in top.tables("rules"))
    facets = tuple(read_facet(fields, sections) for fields in top.tables("facets"))
    families = tuple(read_family(fields, sections) for fields in top.tables("families"))
    themes = tuple(read_theme(fields, sections, phrases) for fields in top.tables("themes"))
    _check_codes(themes, families)
    codes = frozenset(theme.code for theme in themes)
    cases = tuple(read_case(fields, sections, codes) for fields in top.tables("ambiguous"))
    return Codebook(version, hash_value(data), rule, rules, facets, families, themes, cases)


def _check_codes(themes: tuple[Theme, ...], families: tuple[Family, ...]) -> None:
    letters = {family.code: family.letter for family in families}
    codes = [theme.code for theme in themes]
    for theme in themes:
        fields = Fields(f"theme {theme.code}", {})
        if codes.count(theme.code) > 1:
            raise fields.error("code", "is given to two themes")
        if theme.key.split("_")[0] != theme.code:
            raise fields.error("key", f"must begin with the code and an underscore, found {theme.key!r}")
        if theme.family not in letters:
            raise fields.error("family", f"no family is called {theme.family!r}; known: {', '.join(letters)}")
        if not theme.code.startswith(letters[theme.family]):
            raise fields.error("code", f"codes of the family {theme.family} begin with {letters[theme.family]}")
        for example in theme.negative:
            if example.instead not in codes or example.instead == theme.code:
                raise fields.error("negative", f"instead must be another theme's code, found {example.instead!r}")
