"""The sheet in the shapes of two annotation tools, doccano (.jsonl) and Label Studio (.json), there and back.

doccano has one list of labels: the primary is written ``primary=O05``, a facet ``modality=done``. Label Studio has one
control a column; `label_studio_config` makes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from gknlp.errors import UsageError
from gknlp.themes.codebook import Codebook
from gknlp.themes.coding.facets import FACETS, SEPARATOR, SPECIFICITY
from gknlp.themes.coding.rows import (
    CODED,
    LABELS,
    PROTECTED,
    SAID,
    SheetRow,
    admissible_codes,
    code_cells,
    label_of,
    unit_cells,
)
from gknlp.themes.coding.table import RawRow, RawTable

_RENAMED = {"id": "unit_id", "row": "sheet_row"}
"""doccano numbers documents itself and calls that id."""
_OTHERS = "others"
_SEVERAL = "several annotations of one task"


def encode_doccano(rows: Sequence[SheetRow], codebook: Codebook) -> bytes:
    """One JSON object a line: text, label (a list) and the other columns as metadata; no rows give no lines."""
    lines = []
    for row in rows:
        cells = {_RENAMED.get(name, name): value for name, value in unit_cells(row.unit).items()}
        coded = code_cells(row.codes, codebook)
        lines.append(
            json.dumps(
                {**cells, SAID: row.said, "note": coded["note"], "label": _doccano_labels(coded)}, ensure_ascii=False
            )
        )
    return "".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass")


def doccano_labels(codebook: Codebook) -> bytes:
    """The label set to import into doccano before the documents: every theme, every theme as primary, every facet."""
    themes = [label_of(theme) for theme in codebook.themes]
    names = [*(f"primary={name}" for name in themes), *themes]
    names += [f"{facet}={value}" for facet, values in _single_facets().items() for value in values]
    labels = [{"text": name, "suffixKey": None, "backgroundColor": "#e7e6e6", "textColor": "#000000"} for name in names]
    return (json.dumps(labels, ensure_ascii=False, indent=1) + "\n").encode()


def encode_label_studio(rows: Sequence[SheetRow], codebook: Codebook) -> bytes:
    """A JSON list of tasks; the themes that a unit may have are in ``choices``, from which the controls take theirs."""
    tasks = []
    for row in rows:
        codes = admissible_codes(codebook, row.unit.section, row.unit.part)
        choices = [{"value": label_of(codebook.theme(code))} for code in codes]
        task: dict[str, Any] = {"data": {**unit_cells(row.unit), SAID: row.said, "choices": choices}}
        if row.codes is not None:
            task["annotations"] = [{"result": list(_results(code_cells(row.codes, codebook)))}]
        tasks.append(task)
    return (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def label_studio_config() -> str:
    """The labelling configuration (XML) that belongs to `encode_label_studio`."""
    controls = [
        '<Choices name="primary" toName="text" choice="single" value="$choices" required="true"/>',
        f'<Choices name="{_OTHERS}" toName="text" choice="multiple" value="$choices"/>',
    ]
    for facet, values in _single_facets().items():
        kind = "multiple" if facet == "specificity" else "single"
        options = "".join(f"<Choice value={quoteattr(value)}/>" for value in values)
        controls.append(
            f'<Header value="{facet}"/><Choices name="{facet}" toName="text" choice="{kind}">{options}</Choices>'
        )
    return (
        '<View>\n<Header value="$section / $part"/>\n<Header value="$heading"/>\n<Text name="text" value="$text"/>\n'
        + "\n".join(controls)
        + '\n<TextArea name="note" toName="text"/>\n</View>\n'
    )


def decode_doccano(data: bytes, name: str) -> RawTable:
    """The documents of a doccano export (JSONL), one line each; UsageError naming the first line that is no object."""
    rows = []
    for number, line in enumerate(_text(data, name).split("\n"), 1):
        if line.strip():
            item = _load(line, f"{name}, line {number}")
            if not isinstance(item, dict):
                raise UsageError(f"{name}, line {number}: is no JSON object: no export of doccano")
            rows.append((number, _from_doccano(item)))
    return _table(rows)


def decode_label_studio(data: bytes, name: str) -> RawTable:
    """The tasks of a Label Studio export (JSON or JSON-MIN); UsageError for what is no list of tasks.

    A task that several people annotated gives a row that is marked so; the export of one person is one sheet.
    """
    tasks = _load(_text(data, name), name)
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise UsageError(f"{name}: is no list of tasks: no export of Label Studio")
    return _table([(number, _from_label_studio(task)) for number, task in enumerate(tasks, 1)])


def _single_facets() -> dict[str, tuple[str, ...]]:
    """Facet values as tools with several choices offer them: one kind of specificity each."""
    return {**FACETS, "specificity": ("none", *SPECIFICITY)}


def _doccano_labels(coded: Mapping[str, str]) -> list[str]:
    labels = [f"primary={coded['primary']}"] if coded["primary"] else []
    labels += [coded[name] for name in LABELS[1:] if coded[name]]
    facets = [(name, value) for name in FACETS for value in coded[name].split(SEPARATOR) if value]
    return labels + [f"{name}={value}" for name, value in facets]


def _from_doccano(item: Mapping[str, Any]) -> dict[str, str]:
    cells = {name: _plain(item.get(_RENAMED.get(name, name))) for name in PROTECTED}
    labels = _choices(item.get("label") or item.get("labels"))
    primaries = [label.partition("=")[2] for label in labels if label.startswith("primary=")]
    others = [label for label in labels if "=" not in label]
    if not primaries and len(others) == 1:  # one label alone is the primary
        primaries, others = others, []
    for facet in FACETS:
        cells[facet] = SEPARATOR.join(label.partition("=")[2] for label in labels if label.startswith(facet + "="))
    comments = item.get("Comments") or item.get("comments") or []
    note = "; ".join(map(str, comments)) if isinstance(comments, list) else str(comments)
    note = note or _plain(item.get("note"))
    return {**cells, "primary": SEPARATOR.join(primaries), "second": SEPARATOR.join(others), "third": "", "note": note}


def _results(coded: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    chosen = {"primary": [coded["primary"]], _OTHERS: [coded[name] for name in LABELS[1:] if coded[name]]}
    chosen |= {facet: [value for value in coded[facet].split(SEPARATOR) if value] for facet in FACETS}
    for name, values in chosen.items():
        if values:
            yield {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": values}}
    if coded["note"]:
        yield {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": [coded["note"]]}}


def _from_label_studio(task: Mapping[str, Any]) -> dict[str, str]:
    data = task.get("data") if isinstance(task.get("data"), dict) else task
    assert isinstance(data, Mapping)  # noqa: S101  # one of the two branches above; tells mypy
    cells = {name: _plain(data.get(name)) for name in PROTECTED}
    if "data" in task:
        made = [item for item in _dicts(task.get("annotations")) if not item.get("was_cancelled")]
        if len(made) > 1:
            return {**cells, **dict.fromkeys(CODED, ""), "primary": _SEVERAL}
        found = {item.get("from_name"): item.get("value") or {} for one in made for item in _dicts(one.get("result"))}
    else:
        found = {name: task[name] for name in ("primary", _OTHERS, "note", *FACETS) if name in task}
    others = _choices(found.get(_OTHERS))
    cells |= {facet: SEPARATOR.join(_choices(found.get(facet))) for facet in FACETS}
    primary, note = _choices(found.get("primary")), _choices(found.get("note"))
    return {
        **cells,
        "primary": SEPARATOR.join(primary),
        "second": SEPARATOR.join(others),
        "third": "",
        "note": " ".join(note),
    }


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    """The JSON objects in a list; whatever else stands there is none."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _choices(value: Any) -> list[str]:
    """What a control of Label Studio holds, in the full and in the short export."""
    if isinstance(value, Mapping):
        value = value.get("choices") or value.get("text") or []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []


def _table(rows: Sequence[tuple[int, dict[str, str]]]) -> RawTable:
    names = (*PROTECTED, *CODED)
    header = RawRow(0, dict(enumerate(names)))
    body = (RawRow(n, {place: cells[name] for place, name in enumerate(names) if cells[name]}) for n, cells in rows)
    return RawTable((header, *body))


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: is no UTF-8 text: {error}") from error


def _load(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"{where}: is no JSON: {error}") from error
