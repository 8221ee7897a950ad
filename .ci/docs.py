"""Checks the documents, and carries out their commands. Must not change them.

    docs.py check                      links, anchors, the contents of the book, words and commands
    docs.py run PROGRAM TARGET ROOM    every command of a document, on a target, in ROOM
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

BOOK = pathlib.Path("docs")
DOCUMENTS = [
    *(pathlib.Path(name) for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]),
    pathlib.Path("python/README.md"),
    pathlib.Path("specs/README.md"),
    *sorted(BOOK.rglob("*.md")),
]
# Pages of the repository that the book links to by their address.
REPOSITORY = "https://github.com/glueproof/glueproof/blob/main/"
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# A word that another word of the glossary stands for.
TERMS = {
    r"\btest double\b": "fake",
    r"\bspecification files?\b": "spec",
    r"\bexpected failures?\b": "known gap",
    r"\broot causes?\b": "cause",
    r"\bsystem under test\b": "target",
    r"\bbug seeds?\b": "fault",
    r"\bbehaviour\b": "behavior",
    r"\bcustomi[sz]ation point\b": "capability",
}
# The glossary says what its words stand for.
EXPLAINS = {BOOK / "glossary.md"}


def prose(text):
    return FENCE.sub("", text)


def anchors(path):
    """The anchors that GitHub and mdBook give the headings of a document."""
    found = set()
    for heading in HEADING.findall(prose(path.read_text())):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", heading).strip().lower()
        found.add(re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain)))
    return found


def links(path):
    for link in LINK.findall(prose(path.read_text())):
        if link.startswith(REPOSITORY):
            yield link, pathlib.Path(link.removeprefix(REPOSITORY).split("#")[0]), ""
        elif not re.match(r"[a-z]+:", link):
            name, _, anchor = link.partition("#")
            yield link, (path.parent / name if name else path), anchor


def problems_of(path):
    for link, place, anchor in links(path):
        if not place.exists():
            yield f"{path}: {link} leads nowhere"
        elif anchor and place.suffix == ".md" and anchor not in anchors(place):
            yield f"{path}: {link}: the document has no such heading"
        elif BOOK in path.parents and not link.startswith("https:") and BOOK.resolve() not in place.resolve().parents:
            yield f"{path}: {link} leaves the book: write {REPOSITORY}…"
    for term, right in TERMS.items():
        if path not in EXPLAINS and (found := re.search(term, prose(path.read_text()))):
            yield f"{path}: “{found[0]}” is “{right}” in the glossary"


def contents():
    """Every page of the book is in its contents, once."""
    listed = [place.resolve() for _, place, _ in links(BOOK / "SUMMARY.md")]
    pages = {page.resolve() for page in BOOK.rglob("*.md")} - {(BOOK / "SUMMARY.md").resolve()}
    yield from (f"docs/SUMMARY.md does not list {page}" for page in sorted(pages - set(listed)))
    yield from (f"docs/SUMMARY.md lists {page} twice" for page in sorted(set(listed)) if listed.count(page) > 1)


def broken_blocks(path):
    """An indented block that starts with a line at the margin: the page would show it as a paragraph."""
    lines = FENCE.sub(lambda block: "\n" * block[0].count("\n"), path.read_text()).split("\n")
    for number, (before, line, after) in enumerate(zip(lines, lines[1:], lines[2:]), start=2):
        starts = not before.strip() and re.match(r"[a-z$]", line) and after.startswith("    ")
        if starts and not re.match(r"\s*[-*\d]", line):
            yield f"{path}:{number}: the first line of a block of code is not indented"


def check():
    problems = [problem for path in DOCUMENTS for problem in [*problems_of(path), *broken_blocks(path)]]
    problems += contents()
    print("\n".join(problems) or f"{len(DOCUMENTS)} documents: links, headings, contents and words are right")
    return 1 if problems else 0


# Documents whose commands are carried out, each in a folder of its own, from top to bottom.
CARRIED_OUT = [
    "README.md",
    "docs/tutorials/ci.md",
    "docs/tutorials/emulator.md",
    "docs/how-to/diff.md",
    "docs/how-to/known-gaps.md",
    "docs/how-to/shards.md",
    "docs/how-to/site.md",
    "docs/how-to/snapshots.md",
    "docs/how-to/triage.md",
    "docs/how-to/troubleshooting.md",
]
# Commands that something else carries out, or that need an account of AWS.
ELSEWHERE = {
    r"^glueproof serve": "`.ci/recipes` serves on ports of its own",
    r"^glueproof( run| cleanup)? aws": "AWS",
    r":5091$": "MiniStack",
    r"--watch": "it does not end by itself; `tests/suite/program/watched.rs`",
    r"…|TARGET$": "no whole command",
}
COMMAND = r"glueproof (?:cases|diff|doctor|explain|init|list|replay|report|run|serve|show|site|snapshot)\b"
BLOCK = re.compile(rf"^ *{COMMAND}.*")
# Between backticks, a name without arguments stands for the command itself.
INLINE = re.compile(rf"`({COMMAND} [^`\n]+)`")


def commands(text):
    """The commands of a document: in blocks, and between backticks."""
    for line in text.split("\n"):
        line = line.replace("- run: ", "").replace("$ glueproof", "glueproof")
        if BLOCK.match(line):
            command = re.sub(r"\s+#.*$", "", line.strip())
            yield from shards(command) if "--shard" in command else [command]
        else:
            yield from INLINE.findall(line)


def shards(command):
    """The command of each machine."""
    return [command.replace("1/4", f"{k}/4").replace("1.json", f"{k}.json") for k in range(1, 5)]


def filled_in(command, target, known):
    """The command of a reader who has `target`: names in capitals get their values."""
    for name, value in {**known, "URL": target, "$TARGET": target, "http://127.0.0.1:5000": target}.items():
        command = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: value, command)
    return command


def run(program, target, room):
    environment = {
        **os.environ,
        "PATH": f"{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}",
        "GLUEPROOF_CASES": "1",
        "GLUEPROOF_CAPABILITY": "core",
        "GLUEPROOF_ONLY": "PutResourcePolicy/invalid/PolicyInJson,CreateSecurityConfiguration/invalid",
    }
    wrong, count = [], 0
    # The text between the commands supposes a first run.
    start = pathlib.Path(room, "start")
    shutil.copytree("reports", start / "reports")
    first = ["glueproof", "run", target, "--write-known", "known.toml"]
    ran = subprocess.run(first, cwd=start, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 1:
        sys.exit(f"the target is known to deviate, but the first run ended with {ran.returncode}: {ran.stderr}")
    shutil.copy(start / "known.toml", start / "glueproof-known.toml")
    for document in CARRIED_OUT:
        folder = pathlib.Path(room, document.replace("/", "-").removesuffix(".md"))
        shutil.copytree(start, folder)
        environment["GITHUB_STEP_SUMMARY"] = str(folder.resolve() / "summary.md")
        for command in dict.fromkeys(commands(pathlib.Path(document).read_text())):
            if any(re.search(pattern, command) for pattern in ELSEWHERE):
                continue
            count += 1
            wrong += carried_out(document, command, folder, target, environment)
    print("\n".join(wrong) or f"{count} commands of {len(CARRIED_OUT)} documents work as written")
    return 1 if wrong else 0


def carried_out(document, command, folder, target, environment):
    cases = sorted(path for path in (folder / "glueproof-findings").glob("*.json") if path.name != "report.json")
    rule = re.search(r'rule = "([^"]+)"', (folder / "known.toml").read_text())[1]
    values = {
        "CASE.json": cases[0].name,
        "CASE": cases[0].stem,
        "RULE": rule,
        "REPORT": "glueproof-findings/report.json",
        "FILE": "glueproof-findings/report.json",
    }
    filled = filled_in(command, target, values)
    ran = subprocess.run(["bash", "-c", filled], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    # 1 says that the target deviates, which it does.
    if ran.returncode in (0, 1) and "unexpected argument" not in ran.stderr:
        return []
    return [f"{document}: `{command}` ended with {ran.returncode}\n  {shlex.quote(filled)}\n{ran.stderr[-2000:]}"]


if __name__ == "__main__":
    sys.exit({"check": check, "run": run}[sys.argv[1]](*sys.argv[2:]))
