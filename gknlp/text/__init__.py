"""Strings in, strings or spans out: lines, numerals, sentences, folding, tokens. Knows no report."""
