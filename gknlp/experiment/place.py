"""Where things lie: the corpus an experiment names, the run folder, the shipped sample."""

from __future__ import annotations

import hashlib
import os
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

    ``override`` replaces what the experiment names under [corpus]: a corpus, or a folder of reports, which is left as it
    is and built below the experiment's ``runs``. A folder that the experiment names is built into ``built`` beside it,
    or below ``built_in`` where that is given, with the experiment's files of corrections and agencies.

    Raises UsageError where nothing is there, and where the experiment names such files for a corpus that is built
    already: it would not be the corpus that others see under its hash.
    """
    folder = declared_at if declared_at.is_dir() else declared_at.parent
    source = override if override is not None else (folder / experiment.corpus.source)
    if not source.is_dir():
        raise UsageError(f"no folder at {source}: name a corpus, or a folder of reports")
    manifest = experiment.corpus.manifest if override is None else None
    card = _read_card(source)
    files = _files_of(experiment, folder)
    if is_corpus(source):
        if files and override is None:
            given = " ".join(f"--agencies {path}" if key == "agencies" else str(path) for key, path in files.items())
            raise UsageError(
                f"[corpus] {' and '.join(files)}: {source} is a corpus already, and keeps such files itself; give them to "
                f"it with: gknlp corpus correct {source} {given}"
            )
        return Corpus.open(source, manifest), card
    if override is not None:
        built = folder / "runs" / _name_corpus(source)
        built.parent.mkdir(exist_ok=True)
    else:
        built = (built_in / f"{source.name}-corpus") if built_in else source / "built"
    reports = source / card.get("reports", "reports")
    sources = [reports if reports.is_dir() else source]
    build_corpus(sources, built, options=BuildOptions(), progress=progress, **files)
    return Corpus.open(built, manifest), card


def default_run_folder(declared_at: Path, experiment: Experiment, corpus: Corpus) -> Path:
    """``runs/<corpus>-<hash of question and corpus>`` beside experiment.toml: equal questions meet in one folder."""
    folder = declared_at if declared_at.is_dir() else declared_at.parent
    name = re.sub(r"[^\w.-]", "_", corpus.folder.resolve().name)
    return folder / "runs" / f"{name}-{experiment.hash[:8]}-{corpus.hash[:8]}"


def _name_corpus(source: Path) -> str:
    """A name of its own for the corpus of each folder, so that two folders of one name do not meet in one corpus."""
    own = source.resolve()
    return f"{own.name}-{hashlib.blake2b(os.fsencode(own), digest_size=4).hexdigest()}-corpus"


def _files_of(experiment: Experiment, folder: Path) -> dict[str, Path]:
    """The files of corrections and agencies that an experiment names, by kind; {} for none."""
    named = {"corrections": experiment.corpus.corrections, "agencies": experiment.corpus.agencies}
    return {kind: folder / path for kind, path in named.items() if path is not None}


def _read_card(source: Path) -> dict[str, Any]:
    for folder in (source, source.parent):
        file = folder / CARD_FILE
        if file.is_file():
            return tomllib.loads(file.read_text(encoding="utf-8"))
    return {}
