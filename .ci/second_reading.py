"""A second reading of the API's constraints: botocore's model and validator, on what glueproof generates.

Takes the lines of `glueproof cases` on standard input. What botocore's own validator does not look at (longest
lengths, patterns, values of enumerations, largest numbers) is read here from the same model. What glueproof calls
valid must be valid here; what it calls invalid must be refused, or be of a kind about which botocore has no rule.
"""

import json
import re
import sys
from collections import Counter

import botocore.session
from botocore.validate import ParamValidator

# Kinds of violation that a model states. What else the service refuses, such as a policy that is no JSON or one
# element more than it takes, is known from elsewhere.
STATED = (
    "required", "null", "type", "type.lenient", "pattern", "enum",
    "length.min", "length.max", "length.units", "range.min", "range.max",
)
FEWEST = 10_000


def anchored(pattern):
    """A pattern of the model takes the whole text, and writes characters above U+FFFF as UTF-16 does."""
    return re.compile(pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"))


class Reading:
    """What botocore's model says about inputs."""

    def __init__(self):
        self.service = botocore.session.get_session().get_service_model("glue")
        self.validator = ParamValidator()
        self.patterns = {}

    def faults(self, operation, value):
        shape = self.service.operation_model(operation).input_shape
        report = self.validator.validate(value, shape)
        faults = [report.generate_report()] if report.has_errors() else []
        return faults + list(self.beyond(shape, value, ""))

    def beyond(self, shape, value, at):
        """What the validator leaves to the service."""
        if shape.type_name == "structure" and isinstance(value, dict):
            for name, member in shape.members.items():
                if name in value:
                    yield from self.beyond(member, value[name], f"{at}.{name}")
        elif shape.type_name == "list" and isinstance(value, list):
            for item in value:
                yield from self.beyond(shape.member, item, f"{at}[]")
        if type(value) is bool and shape.type_name in ("integer", "long"):
            # To Python, and so to the validator, it is a number.
            yield f"{at}: a boolean"
        if isinstance(value, (str, list)) and len(value) > shape.metadata.get("max", len(value)):
            yield f"{at}: longer than {shape.metadata['max']}"
        if type(value) is int and value > shape.metadata.get("max", value):
            yield f"{at}: more than {shape.metadata['max']}"
        if isinstance(value, str):
            if shape.metadata.get("enum") and value not in shape.metadata["enum"]:
                yield f"{at}: {value!r} is none of the values"
            pattern = shape.metadata.get("pattern")
            if pattern and not self.patterns.setdefault(pattern, anchored(pattern)).fullmatch(value):
                yield f"{at}: {value[:60]!r} does not match {pattern}"


def holds_reference(value):
    """Returns whether a part comes from an answer, so that it is unknown before the call."""
    if isinstance(value, dict):
        return any(key.startswith("$") for key in value) or any(map(holds_reference, value.values()))
    return isinstance(value, list) and any(map(holds_reference, value))


def without_nulls(value):
    """JSON's null stands for a member that is left out; what Python calls so, botocore takes for no value at all."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


def inputs(case):
    """Operation, input, and the constraint it violates (`None`: valid) of the calls that were labelled."""
    _, _, family, *_, last = case["rule"].split("/")
    if family == "wire":
        return
    for step in case["steps"]:
        if step["service"] != "glue":
            continue
        kind, body = next(iter(step["body"].items()))
        value = json.loads(body) if kind == "text" else body
        spoilt = family == "invalid" and step.get("role", "act") == "act"
        if case["label"].startswith("control"):
            spoilt = False
        if spoilt:
            yield step["operation"], value, last
        elif isinstance(step["expect"], dict) and "ok" in step["expect"] or step["expect"] == "ok":
            yield step["operation"], value, None


def main():
    reading, counts, wrong = Reading(), Counter(), []
    for line in sys.stdin:
        case = json.loads(line)
        for operation, value, violated in inputs(case):
            if holds_reference(value):
                counts["not known before the call"] += 1
                continue
            faults = reading.faults(operation, without_nulls(value))
            counts["valid" if violated is None else "invalid"] += 1
            if violated is None and faults:
                wrong.append((case["rule"], "we call it valid", operation, value, faults))
            elif violated is not None and not faults:
                if violated not in STATED:
                    counts["invalid for a reason that no model states"] += 1
                else:
                    wrong.append((case["rule"], f"we say it violates {violated}", operation, value, case["label"]))
    shown = {}
    for rule, *details in wrong:
        shown.setdefault(rule, details)
    for rule, (what, operation, value, why) in list(shown.items())[:20]:
        print(f"{rule}: {what}: {operation} {json.dumps(value)[:300]}\n    {str(why)[:300]}")
    print(f"botocore {botocore.__version__}: {dict(counts)}, {len(wrong)} disagreements")
    return 1 if wrong or counts["valid"] + counts["invalid"] < FEWEST else 0


if __name__ == "__main__":
    sys.exit(main())
