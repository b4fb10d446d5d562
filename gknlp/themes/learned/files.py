"""Models to and from their folder: ``weights.npz``, ``model.json``, its card ``model.toml`` and ``README.md``, the hashes of all.

Nothing in a model's folder is ever run: arrays are read without pickle, the rest is JSON. A changed byte is refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

import gknlp
from gknlp.errors import UsageError, VerificationError
from gknlp.features.weights import SUMS, decode_arrays, decode_words, encode_arrays, read_checked, write_checked
from gknlp.manifest import canonical_json
from gknlp.themes.codebook import Codebook
from gknlp.themes.learned.calibrate import Calibration
from gknlp.themes.learned.card import model_card, model_markdown
from gknlp.themes.learned.decide import Thresholds
from gknlp.themes.learned.encode import Encoder
from gknlp.themes.learned.masking import masks_hash
from gknlp.themes.learned.model import FORMAT, ThemeModel

WEIGHTS, SETTINGS, CARD, PAGE = "weights.npz", "model.json", "model.toml", "README.md"
_FILES = (PAGE, SETTINGS, CARD, WEIGHTS)
_SHIPPED = "themes-*"  # other rooms ship models of theirs beside them
_TYPES = {
    "bias": ("<f4", 1),
    "calibration_bias": ("<f8", 1),
    "idf": ("<f4", 1),
    "keys": ("<u8", 1),
    "trained_on": ("<u8", 1),
    "weights": ("<f4", 2),
    "words": ("|u1", 1),
}


def write_model(model: ThemeModel, folder: Path) -> None:
    """Put the model into a folder; equal models give equal bytes."""
    contents = {
        WEIGHTS: encode_arrays(model.arrays()),
        SETTINGS: canonical_json({**model.settings(), "hash": model.hash, "about": dict(model.about)}).encode(),
        CARD: model_card(model).encode(),
        PAGE: model_markdown(model).encode(),
    }
    write_checked(folder, contents)


def load_model(name_or_folder: str | Path, *, codebook: Codebook, any_codebook: bool = False) -> ThemeModel:
    """The model in a folder, or the shipped one of this name.

    ``any_codebook`` lets a model pass that was trained by another edition of the codebook, as long as the codes are equal.

    Raises
    ------
    UsageError : there is no such model, it is of another format, or it was trained by another codebook or other masks.
    VerificationError : a byte of it is not what was written.
    """
    folder = Path(name_or_folder)
    if not (folder / SUMS).is_file():
        folder = shipped_model(str(name_or_folder))
    contents = read_checked(folder, _FILES)
    try:
        settings = json.loads(contents[SETTINGS])
        if settings["format"] != FORMAT:
            raise UsageError(
                f"{folder}: format {settings['format']}, this version of gknlp reads {FORMAT}: train it again"
            )
        model = _build_model(settings, _read_arrays(contents[WEIGHTS], folder))
        promised = settings["hash"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{folder}: holds no model of themes: {error}") from error
    if promised != model.hash:
        raise VerificationError(
            f"{folder}: its numbers are not those that {SETTINGS} promises: take it from its source again"
        )
    _check_fit(model, codebook, folder, any_codebook)
    return model


def shipped_model(name: str) -> Path:
    """The folder of a model that comes with the package; UsageError naming those there are for any other name."""
    known = shipped_models()
    if name in known:
        return known[name]
    raise UsageError(
        f"no model at {name!r}, and none of that name comes with gknlp; those that do: {', '.join(known) or 'none'}"
    )


def shipped_models() -> dict[str, Path]:
    """The folders of all models of themes that come with the package, in a checkout or in an installed wheel, by name."""
    package = Path(gknlp.__file__).parent
    roots = [root / "models" for root in (package / "_shipped", package.parent)]
    found = {place.parent.name: place.parent for root in roots for place in root.glob(f"{_SHIPPED}/{SUMS}")}
    return dict(sorted(found.items()))


def _check_fit(model: ThemeModel, codebook: Codebook, folder: Path, any_codebook: bool) -> None:
    if model.masks_hash != masks_hash():
        raise UsageError(
            f"{folder}: was trained on texts masked otherwise than this version of gknlp masks them: train it again"
        )
    if model.codes != codebook.codes or (model.codebook_hash != codebook.hash and not any_codebook):
        raise UsageError(
            f"{folder}: was trained by the codebook {model.codebook_hash[:12]}, this one is {codebook.hash[:12]}: train it again, "
            "or allow another codebook if the themes still mean the same"
        )


def _build_model(settings: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> ThemeModel:
    calibration, thresholds = settings["calibration"], settings["thresholds"]
    model = ThemeModel(
        name=str(settings["name"]),
        codes=tuple(settings["codes"]),
        codebook_hash=str(settings["codebook"]),
        masks_hash=str(settings["masks"]),
        encoder=Encoder(arrays["keys"], decode_words(arrays["words"]), arrays["idf"]),
        weights=arrays["weights"],
        bias=arrays["bias"],
        calibration=Calibration(float(calibration["own"]), float(calibration["rival"]), arrays["calibration_bias"]),
        thresholds=Thresholds(float(thresholds["first"]), float(thresholds["more"])),
        trained_on=arrays["trained_on"],
        about=settings["about"],
    )
    n_features, n_themes = len(model.encoder.keys) + len(model.encoder.words), len(model.codes)
    shapes = (model.weights.shape, model.encoder.idf.shape, model.bias.shape, model.calibration.bias.shape)
    if shapes != ((n_features, n_themes), (n_features,), (n_themes,), (n_themes,)):
        raise ValueError(f"arrays of shapes {shapes} do not fit {n_features} features and {n_themes} themes")
    return model


def _read_arrays(data: bytes, folder: Path) -> dict[str, NDArray[Any]]:
    try:
        arrays = decode_arrays(data)
    except UsageError as error:
        raise UsageError(f"{folder}: holds no model of themes: {error}") from error
    found = {name: (array.dtype.str, array.ndim) for name, array in arrays.items()}
    if found != _TYPES:
        raise UsageError(f"{folder / WEIGHTS}: holds other arrays than a model of themes: {sorted(found)}")
    return arrays
