"""The codebook as a page of Markdown to print and hand to coders."""

from __future__ import annotations

from collections.abc import Iterator

from gknlp.themes.codebook import AmbiguousCase, Codebook, Family, Theme


def codebook_markdown(codebook: Codebook) -> str:
    """The codebook as Markdown, themes by family in codebook order; equal codebooks give equal text.

    Cues are left out: they are the dictionary's, and a coder who sees them codes words instead of meaning.
    """
    lines = [
        f"# Codebook {codebook.version}",
        "",
        f"SHA-256 {codebook.hash}",
        "",
        "## Unit of coding",
        "",
        codebook.unit_rule,
        "",
    ]
    for family in codebook.families:
        lines += _family_lines(family, codebook)
    lines += ["## Ambiguous cases", "", "| where | text | labels, primary first | rule |", "| --- | --- | --- | --- |"]
    lines += [_case_line(case) for case in codebook.ambiguous]
    return "\n".join(lines) + "\n"


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
    yield f"- Include: {theme.include}"
    yield f"- Exclude: {theme.exclude}"
    yield from (f"- ✓ {text}" for text in theme.positive)
    yield from (f"- ✗ {example.text} → {example.instead}" for example in theme.negative)
    yield ""


def _case_line(case: AmbiguousCase) -> str:
    where = case.part or case.section
    text = f"{case.heading} ‖ {case.text}" if case.heading else case.text
    return f"| {where} | {text} | {', '.join(case.labels)} | {case.rule} |"
