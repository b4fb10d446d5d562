"""What all tests share: the folder of real reports, and the repository's root."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def real_reports() -> Path:
    """The folder of real reports; tests that need it skip where GKNLP_REAL_REPORTS names none."""
    named = os.environ.get("GKNLP_REAL_REPORTS")
    if not named or not (folder := (ROOT / named)).is_dir():
        pytest.skip("GKNLP_REAL_REPORTS names no folder of real reports")
    return folder


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory):
    """The sample corpus, built and run through experiments/overview once a session."""
    from tests.sample import run_sample

    return run_sample(tmp_path_factory.mktemp("sample"))
