"""Columns of the corpus in, numbers out: counts, shingles, tokens for spaCy. Knows neither files nor research questions."""
