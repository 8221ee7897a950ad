"""The pytest plugin: a fake cloud as a fixture, and every rule as a pytest item. Judges nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from glueproof.cloud import Cloud
from glueproof.rules import RuleResult, RunError, list_rules, run_rules

RULES_NODE = "glueproof"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options that judge a target."""
    group = parser.getgroup("glueproof", "conformance of AWS Glue's security API")
    group.addoption("--glueproof-target", metavar="URL", help="judge this target, each rule as a test")
    group.addoption("--glueproof-known", metavar="FILE", type=Path, help="the target's known gaps, in TOML")
    group.addoption(
        "--glueproof-argument",
        metavar="ARGUMENT",
        action="append",
        default=[],
        help="a further argument of `glueproof run`, such as --edition=2018; may be repeated",
    )


@pytest.fixture(scope="session")
def glueproof_server() -> Iterator[Cloud]:
    """Start a fake cloud on a free port, once a session; each worker of pytest-xdist has its own."""
    with Cloud() as cloud:
        yield cloud


@pytest.fixture
def glueproof_cloud(glueproof_server: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Return an empty fake cloud, and send the AWS clients of this test to it."""
    glueproof_server.reset()
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    for name, value in glueproof_server.environment().items():
        monkeypatch.setenv(name, value)
    return glueproof_server


class Judgement:
    """One run of the program for all selected rules, made when the first result is asked for."""

    def __init__(self, config: pytest.Config) -> None:
        """Read the options of the run."""
        self._target: str = config.getoption("--glueproof-target")
        self._known: Path | None = config.getoption("--glueproof-known")
        self._arguments: list[str] = config.getoption("--glueproof-argument")
        self._results: dict[str, RuleResult] | None = None
        self._failure: RunError | None = None
        self.selected: list[str] = []
        self.all_selected = True

    def result(self, rule: str) -> RuleResult:
        """Return the result of `rule`, and judge the target first if that has not been done."""
        if self._failure is not None:
            raise self._failure
        if self._results is None:
            only = None if self.all_selected else self.selected
            try:
                self._results = run_rules(self._target, only, self._known, self._arguments)
            except RunError as error:
                self._failure = error
                raise
        if rule not in self._results:
            pytest.skip("the target does not have the capability of this rule")
        return self._results[rule]


class RuleViolationError(Exception):
    """A rule that the target does not hold."""


class RuleItem(pytest.Item):
    """One rule."""

    def __init__(self, *, judgement: Judgement, **arguments: Any) -> None:
        """Take the result from `judgement`."""
        super().__init__(**arguments)
        self._judgement = judgement

    def runtest(self) -> None:
        """Pass, fail, skip or expect the failure, as the report says."""
        result = self._judgement.result(self.name)
        if result.outcome == "known":
            pytest.xfail(result.reason or "a known gap")
        if result.outcome in ("skipped", "noted"):
            pytest.skip(result.reason or f"{result.outcome}: {result.requirement}")
        if result.outcome != "passed":
            raise RuleViolationError(result.describe())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str | Any:
        """Show the finding alone: a traceback through this plugin helps no reader."""
        if isinstance(excinfo.value, (RuleViolationError, RunError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Name the rule in the summary."""
        return self.path, None, self.name


class RuleCollector(pytest.Collector):
    """All rules."""

    def collect(self) -> Iterable[RuleItem]:
        """Return an item for each rule that the program lists."""
        judgement = self.config.stash[JUDGEMENT]
        editions = [a for a in self.config.getoption("--glueproof-argument") if a.startswith("--edition=")]
        return [RuleItem.from_parent(self, name=rule, judgement=judgement) for rule in list_rules(editions)]


JUDGEMENT = pytest.StashKey[Judgement]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run, if a target is named."""
    if not config.getoption("--glueproof-target"):
        if config.getoption("--glueproof-known"):
            raise pytest.UsageError("--glueproof-known needs --glueproof-target")
        return
    if config.getoption("numprocesses", None):
        raise pytest.UsageError("--glueproof-target tries rules side by side itself: leave out -n")
    config.stash[JUDGEMENT] = Judgement(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the rules before `-k` and `--lf` select among the items."""
    if JUDGEMENT not in config.stash:
        return
    collector = RuleCollector.from_parent(session, name=RULES_NODE, nodeid=RULES_NODE)
    items[:0] = collector.collect()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which rules are left after selection, so that the program tries no others."""
    if JUDGEMENT not in session.config.stash:
        return
    judgement = session.config.stash[JUDGEMENT]
    judgement.selected = [item.name for item in session.items if isinstance(item, RuleItem)]
    editions = [a for a in session.config.getoption("--glueproof-argument") if a.startswith("--edition=")]
    judgement.all_selected = len(judgement.selected) == len(list_rules(editions))
