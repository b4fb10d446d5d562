"""spaCy's text classifiers trained from a committed config, as a peer in the comparison; never shipped."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gknlp.themes.codebook import Codebook
from gknlp.themes.learned.examples import Example

CONFIGS = {"spacy_bow": "textcat_bow.cfg", "spacy_cnn": "textcat_cnn.cfg"}
_LEAST = 1e-6


def train_textcat(name: str, train: Sequence[Example], dev: Sequence[Example], codebook: Codebook) -> Any:
    """The spaCy pipeline that did best on ``dev``, trained on ``train`` by the config of this name (``CONFIGS``)."""
    import spacy
    import thinc.api
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as run_training

    import gknlp.features.spacy_tokens  # noqa: F401  # registers the tokenizer that the configs name, installed or not

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source = files("gknlp.themes.learned").joinpath(CONFIGS[name]).read_text(encoding="utf-8")
        config = thinc.api.Config().from_str(source, interpolate=False)
        plain = spacy.util.load_model_from_config(config, auto_fill=True)
        for part, examples in (("train", train), ("dev", dev)):
            _docs(plain, examples, codebook).to_disk(folder / f"{part}.spacy")
            config["paths"][part] = str(folder / f"{part}.spacy")
        nlp = init_nlp(config)
        (folder / "trained").mkdir()
        run_training(nlp, folder / "trained", stdout=io.StringIO(), stderr=io.StringIO())
        return spacy.load(folder / "trained" / "model-best")


def score_textcat(nlp: Any, examples: Sequence[Example], codebook: Codebook) -> NDArray[np.float64]:
    """Examples x themes: the logit of what the pipeline says of each theme."""
    docs = nlp.pipe([example.unit.text for example in examples])
    found = np.array([[doc.cats.get(code, 0.0) for code in codebook.codes] for doc in docs])
    found = np.clip(found, _LEAST, 1 - _LEAST)
    logits: NDArray[np.float64] = np.log(found / (1 - found))
    return logits


def _docs(nlp: Any, examples: Sequence[Example], codebook: Codebook) -> Any:
    from spacy.tokens import DocBin

    kept = DocBin()
    for example in examples:
        doc = nlp.make_doc(example.unit.text)
        doc.cats = {code: float(code in example.labels) for code in codebook.codes}
        kept.add(doc)
    return kept
