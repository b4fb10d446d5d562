"""What themes are called: by the codebook (编码手册) of the run, else by their code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gknlp.pages.findings.run import Run
from gknlp.pages.words import Words, say


def name_themes(run: Run) -> dict[str, Words]:
    """The name of each theme the run's codebook knows, by code."""
    return {str(theme["code"]): _name(theme) for theme in run.about.get("themes") or () if theme.get("code")}


def name_theme(run: Run, code: str | None) -> Words:
    """What a theme is called in the codebook of the run; its code where the run names none."""
    for theme in run.about.get("themes") or ():
        if theme.get("code") == code:
            return _name(theme)
    return say(code or "—", code or "—")


def _name(theme: Mapping[str, Any]) -> Words:
    code = theme["code"]
    return say(theme.get("name_zh") or code, theme.get("name_en") or theme.get("name_zh") or code)
