"""What a codebook says beside its themes: rules of coding (编码规则) and facets (侧面), read from TOML tables."""

from __future__ import annotations

from dataclasses import dataclass

from gknlp.themes.fields import Fields

MIN_FACET_EXAMPLES = 2

_RULE_KEYS = frozenset({"name", "text"})
_FACET_KEYS = frozenset(
    {"code", "name_en", "name_zh", "question", "many", "default", "words", "values", "ties", "cases"}
)
_VALUE_KEYS = frozenset({"value", "name_zh", "definition", "examples"})
_CASE_KEYS = frozenset({"section", "part", "text", "values", "rule"})


@dataclass(frozen=True, slots=True)
class CodingRule:
    """A rule that holds for every theme, and its name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet as coding sheets write it, with what it means and texts that have it."""

    value: str
    name_zh: str
    definition: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacetCase:
    """A made-up unit, the values that it has (none: the cell stays empty), and the rule; place '' where it is no matter."""

    section: str
    part: str | None
    text: str
    values: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Facet:
    """What is coded of every unit beside its themes.

    ``many``: several values may stand together; ``default`` says in words what holds without evidence; ``words`` is
    the closed list of words that count, () where the list is open.
    """

    code: str
    name_en: str
    name_zh: str
    question: str
    many: bool
    default: str
    words: tuple[str, ...]
    values: tuple[FacetValue, ...]
    ties: tuple[str, ...]
    cases: tuple[FacetCase, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The values as coding sheets write them, in codebook order."""
        return tuple(value.value for value in self.values)


def read_rule(fields: Fields) -> CodingRule:
    """The rule in one ``[[rules]]`` table; UsageError for a missing, unknown or blank key."""
    fields.check_keys(_RULE_KEYS)
    return CodingRule(fields.text("name"), fields.text("text"))


def read_facet(fields: Fields, sections: frozenset[str]) -> Facet:
    """The facet in one ``[[facets]]`` table; UsageError naming the facet and the key for what is missing or wrong."""
    fields = Fields(f"facet {fields.data.get('code', fields.where)}", fields.data)
    fields.check_keys(_FACET_KEYS)
    values = tuple(_read_value(table) for table in fields.tables("values"))
    known = tuple(value.value for value in values)
    if len(set(known)) < max(2, len(known)):
        raise fields.error("values", f"needs two different values or more, found {', '.join(known) or 'none'}")
    many = fields.flag("many")
    return Facet(
        code=fields.text("code"),
        name_en=fields.text("name_en"),
        name_zh=fields.text("name_zh"),
        question=fields.text("question"),
        many=many,
        default=fields.text("default"),
        words=fields.texts("words", ()),
        values=values,
        ties=fields.texts("ties"),
        cases=tuple(_read_case(table, known, many, sections) for table in fields.tables("cases")),
    )


def _read_value(fields: Fields) -> FacetValue:
    fields.check_keys(_VALUE_KEYS)
    examples = fields.texts("examples")
    if len(examples) < MIN_FACET_EXAMPLES:
        raise fields.error("examples", f"needs {MIN_FACET_EXAMPLES} examples or more, found {len(examples)}")
    return FacetValue(fields.text("value"), fields.text("name_zh"), fields.text("definition"), examples)


def _read_case(fields: Fields, known: tuple[str, ...], many: bool, sections: frozenset[str]) -> FacetCase:
    fields.check_keys(_CASE_KEYS)
    values = fields.texts("values")
    section = fields.text("section", "")
    if section and section not in sections:
        raise fields.error("section", f"no section is called {section!r}; known: {', '.join(sorted(sections))}")
    for value in values:
        if value not in known:
            raise fields.error("values", f"no value is called {value!r}; known: {', '.join(known)}")
    if not many and len(values) != 1:
        raise fields.error("values", f"needs exactly one value, found {len(values)}")
    if values != tuple(value for value in known if value in values):
        raise fields.error("values", f"must stand in the order {', '.join(known)}")
    part = fields.text("part", "") or None
    return FacetCase(section, part, fields.text("text"), values, fields.text("rule"))
