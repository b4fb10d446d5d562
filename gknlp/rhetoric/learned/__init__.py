"""Marks, words and place of a unit in, its modality and actor out, by weights learned from coded units; knows no tables, no corpora, no codebook."""
