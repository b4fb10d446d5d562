"""The rules, read from their data file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import ClassVar, Literal

from gknlp.errors import UsageError
from gknlp.manifest import hash_text

LEAF_OUTCOMES = "leaf_outcomes"


@dataclass(frozen=True, slots=True)
class Balance:
    """One equation of the form (勾稽关系): the left cells sum to the sum of the right ones, in each row or column."""

    id: str
    table: str
    scope: Literal["each_row", "each_column"]
    left: tuple[str, ...]
    right: tuple[str, ...]
    severity: str
    title_zh: str
    title_en: str
    source: str

    @property
    def expression(self) -> str:
        """The equation in keys, for people: ``a + b = c``."""
        return f"{' + '.join(self.left)} = {' + '.join(self.right)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditConfig:
    """Which rules to check."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    rules: tuple[str, ...] = ()
    """Ids of the rules to check; empty means all of them."""


@cache
def load_rules() -> tuple[Balance, ...]:
    """Every shipped rule, in order of id."""
    data = tomllib.loads(_rules_text())
    rules = [Balance(**{**rule, "left": tuple(rule["left"]), "right": tuple(rule["right"])}) for rule in data["rules"]]
    return tuple(sorted(rules, key=lambda rule: rule.id))


def rules_hash() -> str:
    """SHA-256 of the rules' data file."""
    return hash_text(_rules_text())


def select_rules(config: AuditConfig) -> tuple[Balance, ...]:
    """The rules that a configuration names; UsageError for an id that is not shipped."""
    rules = load_rules()
    unknown = sorted(set(config.rules) - {rule.id for rule in rules})
    if unknown:
        raise UsageError(f"no rule {', '.join(unknown)}; the rules are {', '.join(rule.id for rule in rules)}")
    return tuple(rule for rule in rules if not config.rules or rule.id in config.rules)


def _rules_text() -> str:
    return files("gknlp.audit").joinpath("rules.toml").read_text(encoding="utf-8")
