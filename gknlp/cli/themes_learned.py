"""``gknlp themes train | evaluate | compare``: trained classifiers of themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gknlp.cli.output import print_json, print_json_lines, say

if TYPE_CHECKING:
    from gknlp.themes import Codebook
    from gknlp.themes.learned import Evaluation, Example

Labelled = Annotated[
    Path,
    typer.Argument(
        help="Labelled units: a folder of units.jsonl and labels.csv, or one .csv / .jsonl with section, part, heading, text, labels.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Spans = Annotated[
    Path | None,
    typer.Option(
        help="A corpus: the labelled units are a .csv of spans (doc_sha256, start, end, ...) into its reports."
    ),
]

Real = Annotated[
    Path | None, typer.Option(help="Further labelled units, never learned from: a .csv of spans into --corpus.")
]


def train(  # typer: each option a parameter
    data: Labelled,
    to: Annotated[
        Path, typer.Option(help="The folder to write the model to; its name is the model's.", show_default=False)
    ],
    method: Annotated[str, typer.Option(help="choice, logistic, margin or bayes.")] = "choice",
    penalty: Annotated[
        float | None, typer.Option(help="Ridge of the fit, smoothing of bayes.", show_default=False)
    ] = None,
    held_out: Annotated[float, typer.Option(help="Share of the agencies kept for the evaluation.")] = 0.25,
    real: Real = None,
    corpus: Spans = None,
    notes: Annotated[Path | None, typer.Option(help="A Markdown file to put on the model's card.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train a classifier of themes on labelled units; agencies are held out, and the scores are theirs.

    Example: gknlp themes train corpora/gold --to models/mine
    """
    from gknlp.themes import load_codebook
    from gknlp.themes.learned import TrainConfig, load_examples, train_model, write_model

    codebook = load_codebook()
    given: dict[str, Any] = {"penalty": penalty} if penalty is not None else {}
    config = TrainConfig(name=to.resolve().name, method=_method(method), held_out=held_out, **given)
    trained = train_model(
        load_examples(data, codebook=codebook),
        codebook=codebook,
        config=config,
        others={"real": _load(real, corpus, codebook)} if real is not None else {},
        notes=notes.read_text(encoding="utf-8") if notes else "",
    )
    write_model(trained.model, to)
    say(f"wrote {to}: {trained.model.id}")
    found = {**trained.scores, "crossed": trained.crossed}
    _show({**found, **{f"dictionary, {name}": scores for name, scores in trained.dictionary.items()}}, as_json)


def evaluate(  # typer: each option a parameter
    data: Labelled,
    model: Annotated[
        str, typer.Option(help="A shipped model by its name, or a model's folder; 'dictionary' for the cues.")
    ],
    corpus: Spans = None,
    to: Annotated[Path | None, typer.Option(help="Also write scores a theme (.csv, .parquet) there.")] = None,
    any_codebook: Annotated[bool, typer.Option(help="Take a model of another edition of the codebook.")] = False,
    as_json: AsJson = False,
) -> None:
    """What a classifier is worth on labelled units; units that the model has learned from are left out and counted.

    Example: gknlp themes evaluate corpora/gold --model themes-v1
    """
    from gknlp.corpus import write_table
    from gknlp.themes import DictionaryClassifier, load_codebook
    from gknlp.themes.learned import LearnedClassifier, evaluate_codings, load_model, unseen_examples

    codebook = load_codebook()
    examples: Sequence[Example] = _load(data, corpus, codebook)
    if model == "dictionary":
        codings = DictionaryClassifier(codebook).classify([example.unit for example in examples])
    else:
        loaded = load_model(model, codebook=codebook, any_codebook=any_codebook)
        n_all, examples = len(examples), unseen_examples(loaded, examples)
        say(f"{n_all - len(examples)} of {n_all} units left out: {loaded.id} has learned from them")
        codings = LearnedClassifier(loaded, codebook).classify([example.unit for example in examples])
    found = evaluate_codings(examples, codings, codebook=codebook, probabilities=model != "dictionary")
    if to is not None:
        write_table(found.table(), to)
        say(f"wrote {to}")
    _show({model: found}, as_json)


def compare(
    data: Labelled,
    to: Annotated[Path, typer.Option(help="The folder for comparison.md and comparison.jsonl.", show_default=False)],
    real: Annotated[
        Path | None, typer.Option(help="Further labelled units, only asked about: a .csv of spans.")
    ] = None,
    corpus: Spans = None,
    peers: Annotated[bool, typer.Option(help="Train spaCy's classifiers, too; takes minutes.")] = True,
) -> None:
    """Compare ways to classify on the same held-out agencies: dictionary, linear models, spaCy's, shuffled labels.

    Example: gknlp themes compare corpora/gold --to comparison
    """
    from gknlp.tables import write_aside
    from gknlp.themes import load_codebook
    from gknlp.themes.learned import TrainConfig, compare_candidates, comparison_markdown, load_examples

    codebook = load_codebook()
    others = {"real": _load(real, corpus, codebook)} if real is not None else {}
    examples = load_examples(data, codebook=codebook)
    found = []
    for candidate in compare_candidates(
        examples, codebook=codebook, config=TrainConfig(), others=others, **({} if peers else {"peers": ()})
    ):
        say(f"{candidate.name}: macro-F1 {candidate.held_out.macro_f1.value}")
        found.append(candidate)
    write_aside(to / "comparison.md", comparison_markdown(found).encode())
    from gknlp.manifest import canonical_json

    write_aside(to / "comparison.json", canonical_json([candidate.as_dict() for candidate in found]).encode())
    typer.echo(comparison_markdown(found))


def _load(data: Path, corpus: Path | None, codebook: Codebook) -> tuple[Example, ...]:
    from gknlp.corpus import Corpus
    from gknlp.themes.learned import load_examples, load_spans

    if corpus is None:
        return load_examples(data, codebook=codebook)
    opened = Corpus.open(corpus)
    text_of = dict(zip(*(opened.table("reports").column(name).to_pylist() for name in ("doc_id", "text")), strict=True))
    rows = opened.table("sources").select(["doc_id", "sha256"]).to_pylist()
    texts = {row["sha256"]: text_of[row["doc_id"]] for row in rows if row["doc_id"] in text_of}
    return load_spans(data, texts, codebook=codebook)


def _method(method: str) -> Any:
    from gknlp.errors import UsageError
    from gknlp.themes.learned.fit import METHODS

    if method not in METHODS:
        raise UsageError(f"--method {method!r}: use one of {', '.join(METHODS)}")
    return method


def _show(found: Mapping[str, Evaluation], as_json: bool) -> None:  # a command's own flag
    from gknlp.themes.learned.card import score_table

    values = {name: asdict(evaluation) for name, evaluation in found.items()}
    if as_json:
        print_json(values) if len(values) > 1 else print_json_lines(values.values())
        return
    typer.echo("\n".join(score_table(values)))
