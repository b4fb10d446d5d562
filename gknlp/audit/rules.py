"""The rules, read from their data files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar, Literal

from gknlp.errors import UsageError
from gknlp.manifest import hash_value

Scope = Literal["cells", "report", "series", "corpus"]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule (规则) as data: what it checks, how grave a failure is, where it comes from.

    ``forms``: keys of the forms that it applies to, () for all. ``details``: what its check takes beside that.
    """

    id: str
    scope: Scope
    check: str
    severity: str
    title_zh: str
    title_en: str
    source: str
    forms: tuple[str, ...]
    exception: str
    details: Mapping[str, Any]

    @property
    def expression(self) -> str:
        """The equation or condition in keys, for people."""
        if "left" in self.details:
            return f"{' + '.join(self.details['left'])} = {' + '.join(self.details['right'])}"
        return str(self.details.get("expression", ""))

    def applies_to(self, form: str | None) -> bool:
        """Whether the rule says anything about reports of this form."""
        return form is not None and (not self.forms or form in self.forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditConfig:
    """Which rules to check."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    rules: tuple[str, ...] = ()
    """Ids of the rules to check; empty means all of them."""


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every shipped rule, in order of id."""
    entries = [entry for text in _rule_files().values() for entry in tomllib.loads(text)["rules"]]
    return tuple(sorted((_rule(entry) for entry in entries), key=lambda rule: rule.id))


def rules_hash() -> str:
    """SHA-256 of the rules' data files."""
    return hash_value(_rule_files())


def select_rules(config: AuditConfig) -> tuple[Rule, ...]:
    """The rules that a configuration names; UsageError for an id that is not shipped."""
    rules = load_rules()
    known = [rule.id for rule in rules]
    unknown = sorted(set(config.rules) - set(known))
    if unknown:
        near = [match for name in unknown for match in get_close_matches(name.upper(), known, n=1)]
        meant = f"did you mean {', '.join(near)}? " if near else ""
        raise UsageError(f"no rule {', '.join(unknown)}; {meant}the rules are {', '.join(known)}")
    return tuple(rule for rule in rules if not config.rules or rule.id in config.rules)


def _rule(entry: Mapping[str, Any]) -> Rule:
    own = {field.name for field in fields(Rule)}
    given = {key: value for key, value in entry.items() if key in own}
    given["forms"] = tuple(entry.get("forms", ()))
    given["exception"] = entry.get("exception", "")
    return Rule(**given, details={key: value for key, value in entry.items() if key not in own})


def _rule_files() -> dict[str, str]:
    """Every file of rules by name: balances of the form, rules on cells, rules on text."""
    found = (
        file for file in files("gknlp.audit").iterdir() if file.name.startswith("rules") and file.name.endswith(".toml")
    )
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(found, key=lambda file: file.name)}
