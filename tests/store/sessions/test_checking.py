from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.sessions.test_attachments import asked, image, saved
from tests.store.sessions.test_toml_sessions import talk
from tui.core.failure import Failure
from tui.store.sessions.checking import check

WELL = """# mine
schema = 1
title = "Cheese"
created = 2026-11-23T11:44:55Z
tags = ["food"]

[parameters]
temperature = 0.3

[[message]]
id = "a1"
role = "user"
content = "What is best?"

[[message]]
id = "a2"
role = "assistant"
content = [{ type = "text", text = "None." }]

[message.completion]
seconds = 2.71
"""


@pytest.fixture
def file(places):
    return places.ensure(places.sessions) / "s.toml"


def found(places, file, text: str) -> list[tuple[int, str]]:
    file.write_text(text, "utf-8")
    return [(finding.line, finding.what) for finding in check(places, file)]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_file_that_is_well_has_nothing_to_tell(places, file, store):
    assert found(places, file, WELL) == []
    session = talk(store)
    assert check(places, store.path_of(session.id)) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('tags = ["food"]', "tags = 5", "`tags` should be a list"),
        ("created = 2026-11-23T11:44:55Z", "created = 2026-11-23", "not a date alone"),
        ("temperature = 0.3", 'temperature = "hot"', "`parameters.temperature` should be a number"),
        ('role = "assistant"', 'role = "judge"', "message 2: `role` should be one of"),
        (
            "seconds = 2.71",
            'seconds = "long"',
            "message 2: `completion.seconds` should be a number",
        ),
        (
            'content = "What is best?"',
            "content = 5",
            "message 1: `content` should be text or a list",
        ),
        ('title = "Cheese"', 'title = "Cheese', "a quotation mark is missing"),
        ('id = "a2"', 'id = "a1"', "stands twice"),
        ('title = "Cheese"', 'title = "Cheese"\nid = "other"', "the file's name counts"),
        ('content = "What is best?"', 'content = "What', "a quotation mark is missing"),
    ],
)
def test_what_is_wrong_is_told_by_line(places, file, before, after, words):
    text = WELL.replace(before, after)
    [(line, what)] = found(places, file, text)
    assert words in what
    near = line_of(text, after)
    assert near <= line <= near + 1 + text.count("\n", 0, 1) + after.count("\n") or line == line_of(
        text, '[[message]]\nid = "a1"\nrole = "assistant"'
    )


def test_several_things_are_told_in_the_order_of_the_file(places, file):
    text = WELL.replace('role = "user"', "role = 5").replace("0.3", '"hot"')
    lines = [line for line, _ in found(places, file, text)]
    assert lines == [line_of(text, "temperature"), line_of(text, "role = 5")]


def test_a_newer_file_asks_for_a_newer_bise(places, file):
    file.write_text(WELL.replace("schema = 1", "schema = 2"))
    [finding] = check(places, file)
    assert "newer version" in finding.what
    assert "Update bise" in finding.advice


def test_a_missing_image_is_told(places, store):
    session = saved(store, asked(image()))
    path = store.path_of(session.id)
    assert check(places, path) == []
    [file] = places.files.iterdir()
    file.unlink()
    [finding] = check(places, path)
    assert str(file) in finding.what
    assert "Put the file back" in finding.advice


def test_a_file_of_which_nothing_can_be_read_is_told_once(places, file):
    assert (
        found(places, file, "[[[\n") == [(1, "Invalid statement")]
        or len(found(places, file, "[[[\n")) == 1
    )


def test_an_empty_file_is_told(places, file):
    assert any("empty" in what for _, what in found(places, file, ""))


def test_a_file_that_is_not_there_is_a_failure(places, file):
    with pytest.raises(Failure, match="not there"):
        check(places, file)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, len(WELL)), put=st.text(max_size=5), cut=st.integers(0, 40))
def test_no_damage_makes_it_fail_and_what_the_chat_tells_is_told(places, store, file, at, put, cut):
    file.write_bytes((WELL[:at] + put + WELL[at + cut :]).encode("utf-8", "replace"))
    findings = check(places, file)
    try:
        problems = store.load("s").problems
    except Failure:
        problems = [None]
    assert not problems or findings
