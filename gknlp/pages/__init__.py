"""A run's tables come in, self-contained static pages for people go out; it computes no analysis and opens no file of a run."""

from gknlp.pages.comparison import align_texts, render_comparison
from gknlp.pages.render import render_pages

__all__ = ["align_texts", "render_comparison", "render_pages"]
