"""The codebook as a page of Markdown to print and hand to coders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gknlp.themes.codebook import AmbiguousCase, Codebook, Facet, FacetCase, Family, Theme

ESCAPED_BAR = "\\|"
"""A bar inside a cell of a table."""


def codebook_markdown(codebook: Codebook) -> str:
    """The codebook as Markdown, themes by family in codebook order; equal codebooks give equal text.

    Cues are left out: they are the dictionary's, and a coder who sees them codes words instead of meaning.
    """
    lines = [f"# Codebook {codebook.version}", "", f"SHA-256 {codebook.hash}", ""]
    lines += ["## Unit of coding", "", codebook.unit_rule, ""]
    lines += ["## Rules that hold for every theme", ""]
    lines += [f"{number}. **{rule.name}.** {rule.text}" for number, rule in enumerate(codebook.rules, 1)]
    lines += ["", *_overview_lines(codebook)]
    for family in codebook.families:
        lines += _family_lines(family, codebook)
    lines += ["## Ambiguous cases", "", *_table("where", "heading", "text", "labels, primary first", "rule")]
    lines += [_case_line(case) for case in codebook.ambiguous]
    lines += [
        "",
        "## Facets",
        "",
        "Coded for every unit beside its themes, from the text of the unit and its place.",
        "",
    ]
    for facet in codebook.facets:
        lines += _facet_lines(facet)
    return "\n".join(lines)


def _overview_lines(codebook: Codebook) -> Iterator[str]:
    yield from ("## All themes at a glance", "", *_table("code", "名称", "name", "head"))
    for theme in codebook.themes:
        head = "" if theme.head == "cross" else theme.head
        yield _row(theme.code, theme.name_zh, theme.name_en, head)
    yield ""


def _family_lines(family: Family, codebook: Codebook) -> Iterator[str]:
    sections = "every section" if family.is_structural else ", ".join(family.sections)
    part = f"; part: {family.part}" if family.part else ""
    yield from (f"## {family.name_en} ({family.name_zh})", "", f"Sections: {sections}{part}", "")
    for theme in codebook.themes_of(family.code):
        yield from _theme_lines(theme)


def _theme_lines(theme: Theme) -> Iterator[str]:
    yield from (f"### {theme.code} {theme.name_zh} · {theme.name_en}", "")
    yield from (f"{theme.definition_zh} {theme.definition_en}", "")
    if theme.head != "cross":
        yield f"- Official head: {theme.head}"
    if theme.fallback:
        yield "- Only where no other theme fits"
    if theme.also_in:
        yield f"- May also occur in: {', '.join(theme.also_in)}"
    if theme.whole_sections:
        yield f"- Every unit of: {', '.join(theme.whole_sections)}"
    yield f"- Include: {theme.include}"
    yield f"- Exclude: {theme.exclude}"
    yield from (f"- ✓ {text}" for text in theme.positive)
    yield from (f"- ✗ {example.text} → {example.instead}" for example in theme.negative)
    yield ""


def _case_line(case: AmbiguousCase) -> str:
    return _row(_place(case.section, case.part), case.heading, case.text, ", ".join(case.labels), case.rule)


def _facet_lines(facet: Facet) -> Iterator[str]:
    yield from (f"### {facet.code} {facet.name_zh} · {facet.name_en}", "", facet.question, "")
    yield "- Several values may stand together" if facet.many else "- Exactly one value"
    yield f"- Without evidence: {facet.default}"
    if facet.words:
        yield f"- The words that count: {'、'.join(facet.words)}"
    for value in facet.values:
        yield f"- **{value.value}** {value.name_zh}: {value.definition} ✓ {' ✓ '.join(value.examples)}"
    yield from (f"- Tie: {tie}" for tie in facet.ties)
    yield from ("", *_table("where", "text", facet.code, "rule"))
    yield from (_facet_case_line(case) for case in facet.cases)
    yield ""


def _facet_case_line(case: FacetCase) -> str:
    place = _place(case.section, case.part) if case.section else "anywhere"
    return _row(place, case.text, ";".join(case.values) or "(empty)", case.rule)


def _place(section: str, part: str | None) -> str:
    if section == "problems_improvements":
        return part or "problems_improvements, part unknown"
    return section


def _table(*names: str) -> Sequence[str]:
    return (_row(*names), _row(*("---" for _ in names)))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', ESCAPED_BAR) for cell in cells)} |"
