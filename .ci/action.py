"""Carries out the steps of action.yml as written: `run` steps in bash, with inputs as GitHub gives them.

    action.py ROOM INPUT=VALUE…

Steps that use other actions are checked for what they need: the folder of reports that they upload. Prints the outputs, and
ends with the exit code of the step that failed. Conditions other than `always()` are not understood.
"""

import os
import pathlib
import re
import subprocess
import sys

import yaml

EXPRESSION = re.compile(r"\$\{\{ *inputs\.(\w+) *\}\}")


def main(room, *given):
    action = yaml.safe_load(pathlib.Path("action.yml").read_text())
    inputs = {name: str(definition.get("default", "")) for name, definition in action["inputs"].items()}
    values = dict(pair.split("=", 1) for pair in given)
    if unknown := values.keys() - inputs.keys():
        sys.exit(f"action.yml has no input {', '.join(sorted(unknown))}")
    required = {name for name, definition in action["inputs"].items() if definition.get("required")}
    if missing := required - values.keys():
        sys.exit(f"action.yml requires {', '.join(sorted(missing))}")
    inputs.update(values)
    room = pathlib.Path(room).resolve()
    files = {name: room / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.touch()
    environment = {**os.environ, **{name: str(path) for name, path in files.items()}}
    failed = 0
    for step in action["runs"]["steps"]:
        condition = step.get("if")
        if condition not in (None, "always()"):
            sys.exit(f"the condition `{condition}` is not understood")
        if failed and condition is None:
            continue
        code = uses(step, inputs, room) if "uses" in step else run(step, inputs, environment, room)
        failed = failed or code
    print(files["GITHUB_OUTPUT"].read_text(), end="")
    return failed


def run(step, inputs, environment, room):
    own = {name: filled(value, inputs) for name, value in step.get("env", {}).items()}
    if step["shell"] != "bash" or "${{" in step["run"]:
        sys.exit(f"the step `{step['name']}` must run in bash, and take inputs by its environment")
    bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(bash, cwd=room, env={**environment, **own}, check=False).returncode


def uses(step, inputs, room):
    if not step["uses"].startswith("actions/upload-artifact@"):
        sys.exit(f"the action {step['uses']} is not understood")
    folder = room / filled(step["with"]["path"], inputs)
    reports = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if not {"report.json", "report.html", "report.xml"} <= set(reports):
        print(f"there is nothing whole to upload in {folder}: {reports}")
        return 1
    return 0


def filled(value, inputs):
    return EXPRESSION.sub(lambda found: inputs[found[1]], value)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
