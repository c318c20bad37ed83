"""Every event that a webhook can send, against the schema that is shipped.

The events are those that the unit test composes (of every kind, in every form)
and those in the exchange files.  The validator is Python's: it knows nothing of
how they were written.

The schema leaves room for members to be added, as receivers should; here there
is none, so that a member nobody wrote down is found.
"""
import copy
import json
import os
import pathlib
import subprocess

import pytest

jsonschema = pytest.importorskip(
    "jsonschema", reason="python3-jsonschema is missing")

TESTS = pathlib.Path(__file__).resolve().parents[1]
SCHEMA = json.loads(
    (TESTS.parent / "docs" / "webhook-event.schema.json").read_text())
PROGRAM = pathlib.Path(os.environ["builddir"]) / "tests/unit/push_webhook"


def strict(node):
    """The same schema, with no member that is not named in it."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: strict(value) for key, value in node.items()}
    if "properties" in node and "type" in node:
        node["additionalProperties"] = False
    return node


def validator(schema):
    kind = jsonschema.validators.validator_for(schema)
    assert kind is jsonschema.Draft202012Validator
    kind.check_schema(schema)
    return kind(schema, format_checker=jsonschema.FormatChecker())


@pytest.fixture(scope="module")
def composed():
    if not PROGRAM.exists():
        pytest.skip("the unit tests were not built")
    out = subprocess.run([PROGRAM, "--events"], check=True,
                         capture_output=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def bodies(path):
    """The bodies of an exchange file's requests."""
    sections = path.read_text().split("\n== ")
    for section in sections[1:]:
        if section.startswith("request\n"):
            body = section.split("\n\n", 1)[1]
            yield json.loads("".join(
                line.strip() for line in body.split("\n")))


def exchanged():
    return [event for path in sorted(TESTS.glob("push/webhook*.exchange"))
            for event in bodies(path)]


def test_every_event_is_of_the_schema(composed):
    as_shipped, as_written = validator(SCHEMA), validator(strict(SCHEMA))
    events = composed + exchanged()
    for event in events:
        as_shipped.validate(event)
        as_written.validate(event)
    assert {e["type"] for e in composed} == set(
        SCHEMA["properties"]["type"]["enum"])


def test_every_member_of_an_article_is_seen(composed):
    """What the schema describes and no event has is dead, or untested."""
    seen = {key for event in composed if "article" in event["data"]
            for key in event["data"]["article"]}
    assert seen == set(SCHEMA["$defs"]["article"]["properties"])


def broken(event, path, value):
    event = copy.deepcopy(event)
    node = event
    for key in path[:-1]:
        node = node[key]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return event


@pytest.mark.parametrize("kind, path, value", [
    ("article.published", ["version"], 2),
    ("article.published", ["type"], "article.deleted"),
    ("article.published", ["timestamp"], "yesterday"),
    ("article.published", ["data", "seq"], None),
    ("article.published", ["data", "action"], "withdrawn"),
    ("article.published", ["data", "article"], None),
    ("article.published", ["data", "article", "url"], "javascript:x"),
    ("article.published", ["data", "article", "revision"], "3"),
    ("article.withdrawn", ["data", "article", "title"], "A bridge"),
    ("article.withdrawn", ["data", "article", "id"], None),
    ("series.updated", ["data", "series", "name"], None),
    ("series.updated", ["data", "article"], {}),
    ("ping", ["data", "site"], None),
], ids=lambda p: ".".join(p) if isinstance(p, list) else None)
def test_the_schema_tells_what_is_wrong(composed, kind, path, value):
    event = next(e for e in composed if e["type"] == kind)
    with pytest.raises(jsonschema.ValidationError):
        validator(strict(SCHEMA)).validate(broken(event, path, value))
