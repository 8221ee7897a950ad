"""Looks at two reports on moto, the first with known gaps: nothing errored, both agree, and the deviations are found."""

import json
import sys

# The known deviations of moto 5.2.5, and the rules that must find them.
KNOWN = {
    "constraints not enforced on Name": [
        "glue/CreateSecurityConfiguration/invalid/Name/length.max",
        "glue/CreateSecurityConfiguration/invalid/Name/length.min",
        "glue/CreateSecurityConfiguration/invalid/Name/pattern",
    ],
    "unknown enumeration values accepted": [
        "glue/CreateSecurityConfiguration/invalid/EncryptionConfiguration.S3Encryption[].S3EncryptionMode/enum",
        "glue/PutResourcePolicy/invalid/PolicyExistsCondition/enum",
    ],
    "missing EncryptionConfiguration accepted": [
        "glue/CreateSecurityConfiguration/invalid/EncryptionConfiguration/required",
    ],
    "wrong JSON types accepted or answered 500": [
        "glue/CreateSecurityConfiguration/invalid/EncryptionConfiguration/type",
        "glue/PutResourcePolicy/invalid/PolicyInJson/type",
    ],
    "GetResourcePolicy without a policy answers 200": [
        "glue/GetResourcePolicy/errors/EntityNotFoundException",
    ],
    "undeclared error codes for failed conditions": [
        "glue/PutResourcePolicy/condition/present/absent/foreign",
        "glue/PutResourcePolicy/condition/present/NOT_EXIST/absent",
        "glue/PutResourcePolicy/condition/absent/MUST_EXIST/absent",
        "glue/DeleteResourcePolicy/condition/present/foreign",
    ],
    "GetSecurityConfigurations not paginated": [
        "glue/GetSecurityConfigurations/pagination/MaxResults",
    ],
    "a second S3Encryption element accepted": [
        "glue/CreateSecurityConfiguration/invalid/EncryptionConfiguration.S3Encryption/observed.length.max",
    ],
    "CreatedTimeStamp missing from GetSecurityConfiguration": [
        "glue/GetSecurityConfiguration/valid/SecurityConfiguration.CreatedTimeStamp/present",
    ],
}


def shape(report):
    """Outcomes and requests: what must not differ between two runs of one seed.

    Which of several calls made at once comes first is luck, so the rules about those are left out; so are requests
    that name keys, for a target gives those their ids.
    """
    def requests(result):
        finding = result["finding"] if result["capability"] == "core" else None
        return finding and [step["request"] for step in finding["steps"]]

    results = (r for r in report["results"] if r["family"] != "concurrency")
    return {r["id"]: (judged(r), r["cases"], requests(r)) for r in results}


def judged(result):
    """What a known gap is without the file that says so."""
    if result["outcome"] == "known" and result.get("obstacle"):
        return "blocked"
    was = {"known": "failed"} if result["finding"] else {"known": "skipped"}
    assumed = result["evidence"]["level"] == "assumed" and result["finding"]
    return "noted" if assumed else was.get(result["outcome"], result["outcome"])


def main(paths):
    first, second = (json.load(open(path, encoding="utf-8")) for path in paths)
    faults = [f"errored: {r['id']}: {r['reason']}" for r in first["results"] if r["outcome"] == "errored"]
    outcomes = {r["id"]: judged(r) for r in first["results"]}
    for what, rules in KNOWN.items():
        faults += [f"not found: {what} ({rule})" for rule in rules if outcomes.get(rule) != "failed"]
    one, other = shape(first), shape(second)
    faults += [f"two runs differ: {rule}" for rule in one if one[rule] != other.get(rule)]
    for fault in faults:
        print(fault)
    failed = sum(outcome == "failed" for outcome in outcomes.values())
    print(f"moto: {failed} findings, {len(KNOWN)} known deviations looked for, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
