"""A rule and a view in, findings out: one function a kind of check, by the name that rules.toml uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gknlp.audit.checks.balances import check_balance
from gknlp.audit.finding import Finding
from gknlp.audit.rules import Rule

Check = Callable[[Rule, Any], Iterator[Finding]]

CHECKS: Mapping[str, Check] = {
    "balance": check_balance,
}
