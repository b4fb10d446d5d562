"""Corpus tables in, topics with words, shares and examples out (话题): unsupervised. Knows no codebook, no page, no file."""

from gknlp.topics.choice import sweep_topics
from gknlp.topics.config import TopicConfig
from gknlp.topics.fit import fit_topics
from gknlp.topics.model_config import ModelConfig, SweepConfig
from gknlp.topics.room import model_topics

__all__ = ["ModelConfig", "SweepConfig", "TopicConfig", "fit_topics", "model_topics", "sweep_topics"]
