"""Forms with files, read by parsers that know nothing of how they are written.

The forms are those that the unit test composes, with names that try to end a
line, a quoted text or a part.  Three readers must agree on what is in them:
Python's parser of mail, its parser of CGI requests, and one of a few lines that
only looks for the boundary.
"""
import base64
import email.parser
import email.policy
import io
import json
import os
import pathlib
import subprocess
import warnings

import pytest

PROGRAM = pathlib.Path(os.environ["builddir"]) / "tests/unit/push_multipart"


def forms():
    if not PROGRAM.exists():
        pytest.skip("the unit tests were not built")
    out = subprocess.run([PROGRAM, "--forms"], check=True,
                         capture_output=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def by_mail(kind, body):
    """(name, file name or None, bytes) of each part."""
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    assert message.is_multipart() and not message.defects
    for part in message.iter_parts():
        assert not part.defects
        assert set(part.keys()) <= {"Content-Disposition", "Content-Type"}
        assert part.get_content_disposition() == "form-data"
        yield (part.get_param("name", header="content-disposition"),
               part.get_filename(), part.get_payload(decode=True))


def by_cgi(kind, body):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cgi = pytest.importorskip("cgi")
    form = cgi.FieldStorage(
        io.BytesIO(body), headers={"content-type": kind,
                                   "content-length": str(len(body))},
        environ={"REQUEST_METHOD": "POST"}, keep_blank_values=True)
    for part in form.list:
        value = part.value
        yield (part.name, part.filename,
               value if isinstance(value, bytes) else value.encode())


def by_hand(kind, body):
    boundary = b"--" + kind.split("boundary=")[1].encode()
    first, *parts, last = (b"\r\n" + body).split(b"\r\n" + boundary)
    assert first == b"" and last == b"--\r\n"
    for part in parts:
        head, value = part.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        assert lines[0] == ""
        fields = lines[1].split("; ")
        assert fields[0] == "Content-Disposition: form-data"
        values = dict(f.split("=", 1) for f in fields[1:])
        assert len(lines) == (3 if "filename" in values else 2)
        yield (values["name"].strip('"'),
               values["filename"].strip('"') if "filename" in values
               else None, value)


@pytest.mark.parametrize("parse", [by_mail, by_cgi, by_hand])
def test_all_that_was_given_is_there(parse):
    for form in forms():
        parts = list(parse(form["type"], base64.b64decode(form["body"])))
        n = len(form["values"])
        assert [p[0] for p in parts] == \
            [f"value[{i}]" for i in range(n)] + \
            [f"file{i}" for i in range(form["files"])]
        assert [p[2].decode() for p in parts[:n]] == form["values"]
        assert [not p[1] for p in parts[:n]] == [True] * n
        for _, name, value in parts[n:]:
            assert value == base64.b64decode(form["bytes"])
            assert not set(name) & set('"\\/\r\n\0;')


def test_the_readers_agree_on_names():
    for form in forms():
        body = base64.b64decode(form["body"])
        names = [[p[1] or "" for p in parse(form["type"], body)]
                 for parse in (by_cgi, by_hand)]
        assert names[0] == names[1]
