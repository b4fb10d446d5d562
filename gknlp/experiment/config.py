"""experiment.toml: the question, the corpus, the steps with their parameters, the seed."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gknlp.errors import UsageError
from gknlp.experiment.steps import STEPS, Step
from gknlp.manifest import hash_value
from gknlp.schemas import CORPUS, DERIVED


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CorpusChoice(_Strict):
    """Which corpus the question is put to."""

    source: str = Field(description="a corpus folder, or a folder of reports to build one from; relative to the file")
    manifest: int | None = Field(default=None, ge=1, description="pin this manifest number; none means the newest")
    corrections: str | None = Field(
        default=None, description="a corrections file, where a corpus is built from a folder"
    )
    agencies: str | None = Field(default=None, description="an agencies file, where a corpus is built from a folder")


class ReferenceChoice(_Strict):
    """Files whose wording is known to be prescribed or offered; relative to the experiment's file, in any format that is read."""

    mandated: tuple[str, ...] = Field(default=(), description="statutes and notices (法规、通知)")
    model_text: tuple[str, ...] = Field(default=(), description="model texts (范文)")


class StepChoice(_Strict):
    """One step by its versioned name, with the parameters that differ from its defaults."""

    use: str
    parameters: dict[str, Any] = Field(default_factory=dict)


class Experiment(_Strict):
    """A declared question; equal experiments have equal hashes."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    question: str = Field(min_length=1)
    expectation: str = ""
    seed: int = Field(ge=0, lt=2**32)
    corpus: CorpusChoice
    references: ReferenceChoice = ReferenceChoice()
    steps: tuple[StepChoice, ...] = Field(min_length=1)

    @property
    def hash(self) -> str:
        """SHA-256 of what is asked: everything but where the corpus lies."""
        return hash_value(self.model_dump(mode="json", exclude={"corpus"}))


_KNOWN = {
    "": list(Experiment.model_fields),
    "corpus": list(CorpusChoice.model_fields),
    "references": list(ReferenceChoice.model_fields),
    "steps": list(StepChoice.model_fields),
}
"""The keys of the file by the table they stand in."""


def load_experiment(path: Path) -> Experiment:
    """The experiment declared in a file, or in ``experiment.toml`` of a folder.

    Raises UsageError with the key, the value found and what is allowed.
    """
    file = path / "experiment.toml" if path.is_dir() else path
    if not file.is_file():
        raise UsageError(f"no experiment at {path}: give a folder that holds experiment.toml, or the file itself")
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}") from error
    return check_experiment(data, str(file))


def check_experiment(data: dict[str, Any], where: str) -> Experiment:
    """The experiment in parsed TOML; every step's name and parameters are checked, too."""
    try:
        experiment = Experiment.model_validate(data)
    except ValidationError as error:
        raise UsageError(f"{where}: {_say(error, _KNOWN)}") from error
    there = {*CORPUS, *DERIVED, "references"}
    for choice in experiment.steps:
        step_config(choice, experiment.seed, where)
        step = find_step(choice.use, where)
        missing = [name for name in step.reads if name not in there]
        if missing:
            makers = sorted(name for name, other in STEPS.items() if set(missing) & set(other.writes))
            raise UsageError(
                f"{where}: step {choice.use} reads {', '.join(missing)}: name {' and '.join(makers)} before it"
            )
        there |= set(step.writes)
    return experiment


def find_step(name: str, where: str = "experiment.toml") -> Step:
    """The step with this versioned name; UsageError naming the nearest for any other."""
    if name not in STEPS:
        near = difflib.get_close_matches(name, STEPS, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"{where}: no step is called {name!r}{hint} The steps are: {', '.join(sorted(STEPS))}")
    return STEPS[name]


def step_config(choice: StepChoice, seed: int, where: str = "experiment.toml") -> Any:
    """The step's own configuration value, its parameters checked; the experiment's seed where the step takes one."""
    step = find_step(choice.use, where)
    known = list(step.config.__dataclass_fields__)
    parameters = dict(choice.parameters)
    if "seed" in known:
        parameters.setdefault("seed", seed)
    try:
        return TypeAdapter(step.config).validate_python(parameters)
    except ValidationError as error:
        raise UsageError(f"{where}: step {choice.use}: {_say(error, {'': known})}") from error


def _say(error: ValidationError, known_in: dict[str, list[str]]) -> str:
    problems = []
    for item in error.errors(include_url=False):
        key = ".".join(str(part) for part in item["loc"])
        if item["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            known = known_in.get(str(item["loc"][0]) if len(item["loc"]) > 1 else "", known_in[""])
            near = difflib.get_close_matches(str(item["loc"][-1]), known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"allowed here: {', '.join(known)}"
            problems.append(f"unknown key {key!r}; {hint}")
        elif item["type"] == "missing":
            problems.append(f"the key {key!r} is missing")
        else:
            problems.append(f"{key} = {item['input']!r}: {item['msg']}")
    return "; ".join(problems)
