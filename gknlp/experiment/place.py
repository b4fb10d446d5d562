"""Where things lie: the corpus an experiment names, the run folder, the shipped sample."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gknlp
from gknlp.corpus import BuildOptions, Corpus, Progress, build_corpus, is_corpus
from gknlp.errors import UsageError
from gknlp.experiment.config import Experiment

CARD_FILE = "corpus.toml"


def shipped_experiment(name: str) -> Path:
    """The folder of an experiment that comes with the package, in a checkout or in an installed wheel."""
    package = Path(gknlp.__file__).parent
    for root in (package.parent, package / "_shipped"):
        folder = root / "experiments" / name
        if (folder / "experiment.toml").is_file():
            return folder
    raise UsageError(f"the experiment {name!r} does not come with this installation of gknlp")


def corpus_of(
    experiment: Experiment,
    declared_at: Path,
    override: Path | None,
    *,
    built_in: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[Corpus, dict[str, Any]]:
    """The corpus to ask, opened, and its card ({} where it has none).

    ``override`` replaces what the experiment names. A folder of reports that is not built yet is built into ``built``
    beside it, or below ``built_in`` where that is given.
    """
    folder = declared_at if declared_at.is_dir() else declared_at.parent
    source = override if override is not None else (folder / experiment.corpus.source)
    if not source.is_dir():
        raise UsageError(f"no corpus at {source}: build one with gknlp corpus build SOURCE --to DIR")
    manifest = experiment.corpus.manifest if override is None else None
    card = _read_card(source)
    if is_corpus(source):
        return Corpus.open(source, manifest), card
    if override is not None:
        raise UsageError(f"{source} is no corpus yet: gknlp corpus build {source} --to DIR, then --corpus DIR")
    built = (built_in / f"{source.name}-corpus") if built_in else source / "built"
    reports = source / card.get("reports", "reports")
    build_corpus([reports if reports.is_dir() else source], built, options=BuildOptions(), progress=progress)
    return Corpus.open(built, manifest), card


def default_run_folder(declared_at: Path, experiment: Experiment, corpus: Corpus) -> Path:
    """``runs/<corpus>-<hash of question and corpus>`` beside experiment.toml: equal questions meet in one folder."""
    folder = declared_at if declared_at.is_dir() else declared_at.parent
    name = re.sub(r"[^\w.-]", "_", corpus.folder.resolve().name)
    return folder / "runs" / f"{name}-{experiment.hash[:8]}-{corpus.hash[:8]}"


def _read_card(source: Path) -> dict[str, Any]:
    for folder in (source, source.parent):
        file = folder / CARD_FILE
        if file.is_file():
            return tomllib.loads(file.read_text(encoding="utf-8"))
    return {}
