"""Runs the boto3 program of every cause of a report on a target, and checks that the last response shows the fault.

    reproductions.py PROGRAM REPORT URL

`URL` takes the place of the address in the report. The target is a moto, which is emptied before each program: a finding is
shown on a fresh target. A cause without a program needs bytes that boto3 cannot send.
"""

import gzip
import json
import pathlib
import re
import subprocess
import sys
import textwrap
import urllib.request

# The least share of causes with a program.
LEAST = 0.5


def main(program, report, url):
    path = pathlib.Path(report)
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8") as file:
        reported = json.load(file)
    findings = {result["id"]: result["finding"] for result in reported["results"] if result["finding"]}
    wrong, shown, causes = [], 0, 0
    while text := cause(program, report, causes + 1):
        causes += 1
        code = boto3_program(text)
        if code is None:
            continue
        rule = next(line.strip() for line in text.splitlines() if line.strip() in findings)
        shown += 1
        code = code.replace(reported["target"]["url"], url)
        reset = urllib.request.Request(f"{url}/moto-api/reset", method="POST")
        urllib.request.urlopen(reset).close()
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if problem := differs(findings[rule], ran):
            wrong.append(f"cause {causes}, {rule}: {problem}\n{textwrap.indent(code, '  ')}\n{ran.stdout}{ran.stderr}")
    print("\n".join(wrong))
    print(f"{shown} of {causes} causes have a program on boto3; {shown - len(wrong)} show the fault")
    return 1 if wrong or shown < LEAST * causes else 0


def cause(program, report, number):
    """What `show` prints, or nothing beyond the last cause."""
    command = [program, "show", str(number), "--report", report, "--reproduce", "boto3"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        return ran.stdout
    if "the report has no cause" not in ran.stderr:
        sys.exit(ran.stderr)
    return None


def boto3_program(text):
    found = re.search(r"^ +boto3\n((?: {7}.*\n|\n)+)", text, re.MULTILINE)
    return found and textwrap.dedent(found[1])


def differs(finding, ran):
    """Why the last response is another one than that of the finding."""
    if ran.returncode:
        return f"the program ended with {ran.returncode}"
    last = [line for line in ran.stdout.split("\n") if line.startswith(("{", "An error occurred"))][-1]
    response = finding["steps"][-1]["response"]
    status, code = response["status"], response.get("error")
    if status < 300:
        return None if f"'HTTPStatusCode': {status}" in last else f"expected {status}"
    expected = f"({code})" if code else f"({status})"
    return None if expected in last else f"expected {expected}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
