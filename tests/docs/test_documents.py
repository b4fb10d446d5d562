"""Documents cannot lie: commands, files and steps they name are there, and what is there is named."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest
import typer

from gknlp.audit import load_rules
from gknlp.audit.checks import CHECKS, GRID_CHECKS
from gknlp.cli.app import app
from gknlp.experiment.steps import STEPS
from gknlp.forms import load_forms
from gknlp.schemas import CORPUS, DERIVED, RESULTS, SORT_KEYS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def command_names() -> list[str]:
    group = typer.main.get_command(app)
    names = []
    for name, command in group.commands.items():
        names += [f"{name} {below}" for below in command.commands] if hasattr(command, "commands") else [name]
    return names


def test_every_command_stands_in_the_readme():
    missing = [name for name in command_names() if not all(word in README for word in name.split())]
    assert missing == []


@pytest.mark.parametrize("text", [README, CHINESE])
def test_every_command_of_the_readme_is_there(text):
    known = {name.split()[0] for name in command_names()}
    assert set(re.findall(r"gknlp ([a-z]+)(?= )", text)) <= known


@pytest.mark.parametrize("text", [README, CHINESE, ARCHITECTURE])
def test_every_linked_file_is_there(text):
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_of_the_readme_is_there_and_has_help():
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"make ([a-z]+)", README)) <= targets


def test_every_room_stands_in_the_map():
    rooms = sorted(p.name for p in (ROOT / "gknlp").iterdir() if (p / "__init__.py").exists())
    assert [room for room in rooms if f"`{room}/`" not in ARCHITECTURE] == []


def test_every_room_says_what_may_enter():
    for room in (ROOT / "gknlp").iterdir():
        if (room / "__init__.py").exists():
            first = (room / "__init__.py").read_text("utf-8").split('"""')[1]
            assert len(first) > 30, room.name


def test_every_step_stands_in_the_overview_and_its_readme():
    declared = tomllib.loads((ROOT / "experiments/overview/experiment.toml").read_text("utf-8"))
    used = [step["use"] for step in declared["steps"]]
    assert used == [name for name in STEPS if name in used]
    assert {name.split(".")[0] for name in used} == {name.split(".")[0] for name in STEPS}, "an analysis of every room"
    readme = (ROOT / "experiments/overview/README.md").read_text("utf-8")
    assert [name for name in STEPS if name not in readme] == []


def test_every_table_has_a_total_order_on_columns_it_has():
    tables = {**CORPUS, **DERIVED, **RESULTS}
    assert set(SORT_KEYS) == set(tables)
    assert all(set(SORT_KEYS[name]) <= set(schema.names) for name, schema in tables.items())


def test_every_table_is_described_with_its_columns():
    for name, schema in {**CORPUS, **DERIVED, **RESULTS}.items():
        line = next((line for line in ARCHITECTURE.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert [column for column in schema.names if f"`{column}`" not in line] == [], name


def test_each_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = text.split("\ndependencies = [")[1].split("\n]")[0]
    assert [line for line in block.splitlines() if '"' in line and "#" not in line] == []


def test_the_lock_names_no_index_and_hashes_everything():
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith(("-i ", "--index", "--extra", "-f "))]
    pins = [line for line in lines if "==" in line]
    assert len(pins) > 50
    assert all(line.rstrip().endswith("\\") for line in pins)


def test_no_machine_path_or_registry_is_committed():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    bad = re.compile(
        rb"(pypi|pythonhosted|npmjs)\.(org|com)|index" + rb"-url|/root/|" + str(ROOT.parent).encode() + b"/"
    )
    found = [
        name
        for name in listed.stdout.decode().split("\0")
        if name
        and name != "tests/docs/test_documents.py"
        and (ROOT / name).is_file()
        and bad.search((ROOT / name).read_bytes())
    ]
    assert found == []


def test_the_number_of_rules_is_the_one_told():
    assert f"{len(load_rules())} rules" in README
    assert {rule.check for rule in load_rules()} <= {*CHECKS, *GRID_CHECKS}


def test_forms_have_the_counts_of_the_printed_form():
    sizes = {key: [len(list(table.slots())) for table in form.tables] for key, form in load_forms().items()}
    assert sizes == {"legacy_2008": [50], "trial_2019": [22, 161, 15], "revised_2021": [10, 175, 15]}
