"""Labelled units in, trained classifiers and honest scores out, kept as plain numbers in ``models/``; knows no corpus, no page."""

from gknlp.themes.learned.card import comparison_markdown, model_markdown
from gknlp.themes.learned.classifier import LearnedClassifier
from gknlp.themes.learned.compare import Candidate, compare_candidates
from gknlp.themes.learned.encode import EncoderConfig
from gknlp.themes.learned.evaluate import Evaluation, evaluate_codings
from gknlp.themes.learned.examples import Example, load_examples, load_spans
from gknlp.themes.learned.files import load_model, shipped_model, shipped_models, write_model
from gknlp.themes.learned.model import ThemeModel, unseen_examples
from gknlp.themes.learned.step import LearnedConfig, classify_by_model, classify_learned, model_data
from gknlp.themes.learned.train import TrainConfig, Trained, train_model

__all__ = [
    "Candidate",
    "EncoderConfig",
    "Evaluation",
    "Example",
    "LearnedClassifier",
    "LearnedConfig",
    "ThemeModel",
    "TrainConfig",
    "Trained",
    "classify_by_model",
    "classify_learned",
    "compare_candidates",
    "comparison_markdown",
    "evaluate_codings",
    "load_examples",
    "load_model",
    "load_spans",
    "model_data",
    "model_markdown",
    "shipped_model",
    "shipped_models",
    "train_model",
    "unseen_examples",
    "write_model",
]
