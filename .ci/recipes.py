"""Takes the recipes out of docs/how-to/recipes.md, file by file, and the shell steps out of a workflow among them.

    recipes.py files ROOM           writes every file of a recipe beneath ROOM
    recipes.py steps WORKFLOW JOB   prints the `run` steps of a job as one shell script
    recipes.py program REPORT       prints the Rust program of the first finding that has one
"""

import json
import pathlib
import re
import sys

import yaml

BLOCK = re.compile(r"<!-- file: (\S+)(?: \((added)\))? -->\n```[^\n]*\n(.*?)```", re.DOTALL)


def files(room):
    found = BLOCK.findall(pathlib.Path("docs/how-to/recipes.md").read_text())
    if len(found) < 7:
        sys.exit(f"only {len(found)} files in docs/how-to/recipes.md: has its form changed?")
    for name, added, text in found:
        path = pathlib.Path(room, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() + "\n" if added else "") + text)


def steps(workflow, job):
    """What needs GitHub itself (`uses`) is left out; `${{ … }}` become shell variables.

    Behind every step, `running` has the ids of the processes that the job has left running.
    """
    steps = yaml.safe_load(pathlib.Path(workflow).read_text())["jobs"][job]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    print("set -euo pipefail")
    for run in runs:
        print(re.sub(r"\$\{\{ *matrix\.(\w+) *\}\}", r"${\1}", run))
        print("jobs -p >running")


def program(report):
    results = json.loads(pathlib.Path(report).read_text())["results"]
    programs = (rule["finding"]["reproduce"].get("rust") for rule in results if rule["outcome"] == "failed")
    print("\n".join(next(lines for lines in programs if lines)))


if __name__ == "__main__":
    {"files": files, "steps": steps, "program": program}[sys.argv[1]](*sys.argv[2:])
