"""Code that was compiled from another source is never met again."""

import shutil
from pathlib import Path

import pytest

import gknlp
from gknlp.features.compiled import hash_sources

PACKAGE = Path(gknlp.__file__).parent


@pytest.mark.parametrize("module", ["reuse/align.py", "features/fingerprints.py"])
def test_a_change_in_any_module_names_another_folder(module, tmp_path):
    for room in ("features", "reuse"):
        shutil.copytree(PACKAGE / room, tmp_path / room)
    assert hash_sources(tmp_path) == hash_sources(PACKAGE)
    (tmp_path / module).write_text((tmp_path / module).read_text("utf-8") + "\n", "utf-8")
    assert hash_sources(tmp_path) != hash_sources(PACKAGE)
