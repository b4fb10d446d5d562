"""Findings (plain dicts) come in, SVG figures go out; they know neither tables nor pages."""

from gknlp.pages.figures.svg import Figure, draw_file, draw_inline

__all__ = ["Figure", "draw_file", "draw_inline"]
