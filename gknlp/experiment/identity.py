"""What a result rests on beside its inputs: this package's code and the packages below it."""

from __future__ import annotations

import os
import time
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import gknlp
from gknlp.manifest import hash_value
from gknlp.tables import hash_bytes

_PACKAGES = ("duckdb", "jieba", "jinja2", "numpy", "pandas", "pyarrow", "pydantic", "scikit-learn", "scipy", "spacy")
_CODE = frozenset({".py", ".toml", ".txt", ".j2", ".css", ".js"})


@cache
def code_hash() -> str:
    """SHA-256 over every source and data file of the package, by relative path."""
    root = Path(gknlp.__file__).parent
    files = sorted(p for p in root.rglob("*") if p.suffix in _CODE and "_shipped" not in p.relative_to(root).parts)
    return hash_value({file.relative_to(root).as_posix(): hash_bytes(file.read_bytes()) for file in files})


@cache
def package_versions() -> dict[str, str]:
    """Versions of the packages that results depend on; 'absent' for one that is not installed."""
    return {name: _version(name) for name in _PACKAGES}


def created_date() -> str | None:
    """The day that SOURCE_DATE_EPOCH names (UTC), None without it: the only clock a result may show."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%d", time.gmtime(int(epoch))) if epoch.isdigit() else None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
