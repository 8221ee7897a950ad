"""The glueproof program for Python: a fake cloud for tests, and the rules as pytest items.

The package starts the `glueproof` program that the same wheel installs.
It contains no rule and no fake itself.
"""

from __future__ import annotations

from glueproof.cloud import AdminError, Cloud, KmsEndpoint, StartError, StoredItem
from glueproof.program import ProgramError, find_program
from glueproof.rules import RuleResult, RunError, list_rules, run_rules

__all__ = [
    "AdminError",
    "Cloud",
    "KmsEndpoint",
    "ProgramError",
    "RuleResult",
    "RunError",
    "StartError",
    "StoredItem",
    "find_program",
    "list_rules",
    "run_rules",
]
