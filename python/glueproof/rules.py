"""Runs `glueproof run` and reads its JSON report. Judges nothing itself, and knows nothing of pytest."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glueproof.program import find_program

JUDGED_EXIT_CODES = (0, 1)


class RunError(Exception):
    """The target was not judged. The text is the program's own."""


@dataclass(frozen=True)
class RuleResult:
    """The result of one rule, out of the JSON report."""

    id: str
    outcome: str
    requirement: str
    sources: Sequence[str]
    level: str
    reason: str | None
    finding: dict[str, Any] | None

    def describe(self) -> str:
        """Return the finding as text: the requirement, the calls, and the commands that repeat them."""
        lines = [self.requirement, f"{self.level}: {', '.join(self.sources)}"]
        if self.reason:
            lines.append(f"reason: {self.reason}")
        finding = self.finding
        if finding is None:
            return "\n".join(lines)
        lines += ["", str(finding["violated"])]
        lines += [f"expected: {finding['expected']}", f"actual:   {finding['actual']}", ""]
        for number, step in enumerate(finding["steps"], start=1):
            lines += _describe_step(number, step)
        reproduce = finding["reproduce"]
        code = reproduce.get("boto3") or reproduce.get("aws_cli", [])
        lines += ["", *code, "", reproduce["replay"]]
        return "\n".join(lines)


def _describe_step(number: int, step: dict[str, Any]) -> list[str]:
    request = json.dumps(step["request"]["body"], ensure_ascii=False)
    lines = [f"{number}. {step['service']}:{step['operation']} {request}"]
    response = step["response"]
    if response is None:
        return [*lines, "   no response"]
    body = json.dumps(response["body"], ensure_ascii=False)
    return [*lines, f"   {response['status']} {response['error'] or ''} {body}"]


def list_rules(arguments: Sequence[str] = ()) -> list[str]:
    """Return the ids of the rules. The `arguments` are those of `glueproof list`."""
    done = subprocess.run([find_program(), "list", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RunError(done.stderr.strip())
    return [line.split()[0] for line in done.stdout.splitlines() if line.strip()]


def run_rules(
    target: str,
    only: Sequence[str] | None = None,
    known: Path | None = None,
    arguments: Sequence[str] = (),
) -> dict[str, RuleResult]:
    """Judge `target` and return the result of each rule by its id.

    `only` names the rules to try, all by default. `known` is a file of known gaps. The further `arguments`
    are those of `glueproof run`.
    """
    with tempfile.TemporaryDirectory(prefix="glueproof-") as folder:
        report = Path(folder) / "report.json"
        command = [find_program(), "run", target, "--json", str(report), *arguments]
        command += [part for rule in only or () for part in ("--only", rule)]
        if known is not None:
            command += ["--known", str(known)]
        environment = {**os.environ, "NO_COLOR": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode not in JUDGED_EXIT_CODES or not report.exists():
            raise RunError(done.stderr.strip() or f"glueproof ended with exit code {done.returncode}")
        results = json.loads(report.read_text(encoding="utf-8"))["results"]
    return {result["id"]: _read_result(result) for result in results}


def _read_result(result: dict[str, Any]) -> RuleResult:
    return RuleResult(
        id=result["id"],
        outcome=result["outcome"],
        requirement=result["requirement"],
        sources=tuple(result["evidence"]["sources"]),
        level=result["evidence"]["level"],
        reason=result.get("reason"),
        finding=result.get("finding"),
    )
