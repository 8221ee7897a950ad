"""Rules as pytest items, on moto in process and as a server of its own, and on the fake with a fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from glueproof import Cloud

HELD = "GetResourcePolicy and errors and EntityNotFoundException"
CONDITION = "PutResourcePolicy and condition"


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_moto_in_process_fails_with_its_findings(pytester: pytest.Pytester, moto: str) -> None:
    result = pytester.runpytest_subprocess("--glueproof-target", moto, "-k", CONDITION)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*expected: *", "*actual: *", "*glueproof replay *"])


def test_known_gaps_of_moto_are_expected(pytester: pytest.Pytester, moto: str) -> None:
    known = Path(__file__).parents[2] / ".ci" / "moto.known.toml"
    result = pytester.runpytest_subprocess(
        "--glueproof-target", moto, "--glueproof-known", str(known), "-k", CONDITION
    )
    outcomes = result.parseoutcomes()
    assert "failed" not in outcomes
    assert outcomes["xfailed"] > 0


def test_the_right_fake_passes(pytester: pytest.Pytester, glueproof_cloud: Cloud) -> None:
    result = pytester.runpytest_subprocess("--glueproof-target", glueproof_cloud.url, "-k", HELD)
    result.assert_outcomes(
        passed=result.parseoutcomes()["passed"], deselected=result.parseoutcomes()["deselected"]
    )
    assert result.ret == pytest.ExitCode.OK


def test_last_failed_tries_only_what_failed(pytester: pytest.Pytester, glueproof_cloud: Cloud) -> None:
    glueproof_cloud.faults.add("conflict-is-accepted")
    first = pytester.runpytest_subprocess("--glueproof-target", glueproof_cloud.url, "-k", CONDITION)
    failed = first.parseoutcomes()["failed"]
    glueproof_cloud.faults.clear()
    again = pytester.runpytest_subprocess("--glueproof-target", glueproof_cloud.url, "--lf")
    assert again.parseoutcomes()["passed"] == failed


def test_junit_names_the_rules(pytester: pytest.Pytester, glueproof_cloud: Cloud) -> None:
    pytester.runpytest_subprocess(
        "--glueproof-target", glueproof_cloud.url, "-k", HELD, "--junitxml", "report.xml"
    )
    assert (
        "glue/GetResourcePolicy/errors/EntityNotFoundException" in (pytester.path / "report.xml").read_text()
    )


def test_a_target_that_is_not_there_is_an_error(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--glueproof-target", "http://127.0.0.1:9", "-k", HELD)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*127.0.0.1:9*"])


def test_workers_are_refused(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--glueproof-target", "http://127.0.0.1:9", "-n", "2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*leave out -n*"])


def test_known_gaps_need_a_target(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--glueproof-known", "known.toml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--glueproof-known needs --glueproof-target*"])
