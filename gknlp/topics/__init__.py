"""Corpus tables in, topics with words, shares and examples out (话题): unsupervised. Knows no codebook, no page, no file."""

from gknlp.topics.config import TopicConfig
from gknlp.topics.fit import fit_topics

__all__ = ["TopicConfig", "fit_topics"]
