"""A run's tables come in, self-contained static pages for people go out; it computes no analysis and opens no file of a run."""

from gknlp.pages.render import render_pages

__all__ = ["render_pages"]
