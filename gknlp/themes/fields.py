"""One TOML table read field by field; every error names the table and the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gknlp.errors import UsageError


@dataclass(frozen=True, slots=True)
class Fields:
    """A TOML table and its name in messages, such as ``theme O05``."""

    where: str
    data: Mapping[str, Any]

    def check_keys(self, allowed: frozenset[str]) -> None:
        """Raise UsageError for a key outside ``allowed``."""
        for key in self.data:
            if key not in allowed:
                raise self.error(key, f"unknown key; allowed: {', '.join(sorted(allowed))}")

    def text(self, key: str, default: str | None = None) -> str:
        """The text at ``key``, never blank; ``default`` where the key is absent and a default is given."""
        value = self._value(key, default)
        if not isinstance(value, str) or not (value.strip() or value == default):
            raise self.error(key, f"expected a text, found {value!r}")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """The list of distinct, non-blank texts at ``key``; may be empty."""
        value = self._value(key, default)
        if isinstance(value, str) or not isinstance(value, (list, tuple)):
            raise self.error(key, f"expected a list of texts, found {value!r}")
        for item in value:
            if not isinstance(item, str) or not item.strip():
                raise self.error(key, f"expected a list of texts, found {item!r} in it")
        if len(set(value)) < len(value):
            twice = next(item for item in value if value.count(item) > 1)
            raise self.error(key, f"{twice!r} is listed twice")
        return tuple(value)

    def number(self, key: str, default: float) -> float:
        """The positive number at ``key``."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
            raise self.error(key, f"expected a number above 0, found {value!r}")
        return float(value)

    def flag(self, key: str) -> bool:
        """The boolean at ``key``; False where absent."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, f"expected true or false, found {value!r}")
        return value

    def tables(self, key: str) -> tuple[Fields, ...]:
        """The list of tables at ``key``, each named after this one, the key and its number from 1."""
        value = self._value(key, None)
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            raise self.error(key, f"expected a list of tables, found {value!r}")
        return tuple(Fields(f"{self.where}, {key} {number}", item) for number, item in enumerate(value, 1))

    def table(self, key: str) -> Fields:
        """The table at ``key``."""
        value = self._value(key, None)
        if not isinstance(value, Mapping):
            raise self.error(key, f"expected a table, found {value!r}")
        return Fields(f"{self.where}, {key}", value)

    def error(self, key: str, message: str) -> UsageError:
        """A UsageError that begins with the table's name and the key."""
        return UsageError(f"codebook: {self.where}: {key}: {message}")

    def _value(self, key: str, default: Any) -> Any:
        value = self.data.get(key, default)
        if value is None:
            raise self.error(key, "is missing")
        return value
