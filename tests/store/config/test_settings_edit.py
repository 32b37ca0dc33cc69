from __future__ import annotations

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.core.failure import Failure
from tui.core.specs import OURS, SPECS
from tui.store.config.keymap import key_lines, keymap_of
from tui.store.config.settings import SettingsFile
from tui.store.config.settings_edit import keys_of, read_value

WORD = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
COMMENT = st.from_regex(r"# [a-zé{}\[\]=\"' ]{0,20}", fullmatch=True)
VALUE = st.sampled_from(["1", "true", '"x"', "'y'", "[1, 2]", '"""\na\n"""', "{ a = 1 }", "0.5"])
NAMES = ["theme", "parallel", "parameters.temperature", "parameters.stop", "parameters.model"]
NAMES += ["providers.work.model", "models.a.b.context", "keys.chat.new", "stop_sets.x"]
GOOD = {
    "theme": "ink",
    "parallel": "2",
    "parameters.temperature": "0.5",
    "parameters.stop": '["\\n\\n"]',
    "parameters.model": "m",
    "providers.work.model": "m",
    "models.a.b.context": "9",
    "keys.chat.new": "f8",
    "stop_sets.x": '["a"]',
}


@st.composite
def documents(draw) -> str:
    """A settings file as people write it: comments anywhere, unknown members, tables in any order."""
    lines = []
    for name in draw(st.lists(WORD, unique=True, max_size=3)):
        lines += draw(st.lists(COMMENT, max_size=2))
        lines.append(f"x{name} = {draw(VALUE)} {draw(COMMENT)}")
    for section in draw(
        st.permutations(["parameters", "providers.work", "keys", "other", 'models."a.b"'])
    )[: draw(st.integers(0, 5))]:
        lines += ["", *draw(st.lists(COMMENT, max_size=2)), f"[{section}] {draw(COMMENT)}"]
        for name in draw(st.lists(WORD, unique=True, max_size=2)):
            lines += draw(st.lists(COMMENT, max_size=1))
            lines.append(f"x{name} = {draw(VALUE)}")
    return "\n".join([*lines, draw(COMMENT), *draw(st.sampled_from([[], [""], ["", ""]]))])


def comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("# ")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(documents(), st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=5))
def test_any_edits_keep_comments_order_and_unknown_members(places, text, edits):
    file = SettingsFile(places)
    places.config.mkdir(parents=True, exist_ok=True)
    file.path.write_text(text, "utf-8", newline="")
    before = tomllib.loads(text)
    for name, is_set in edits:
        table = file.glance()
        keys = keys_of(name, table)
        file.set(keys, read_value("f", table, keys, GOOD[name]) if is_set else None)
        at = file.glance()
        for key in keys:
            at = at.get(key, {}) if isinstance(at, dict) else {}
        assert bool(at) == is_set
    after = file.path.read_text("utf-8")
    assert sorted(comments(after)) == sorted(comments(text))
    unknown = [key for key in tomllib.loads(after) if key.startswith("x") or key == "other"]
    assert unknown == [key for key in before if key.startswith("x") or key == "other"]
    assert all(tomllib.loads(after)[key] == before[key] for key in unknown)


@pytest.mark.parametrize("spec", [s for s in SPECS if s.name not in OURS], ids=lambda s: s.name)
def test_every_parameter_is_a_setting(spec):
    if spec.home == "parameters":
        assert keys_of(f"parameters.{spec.name}", {}) == ["parameters", spec.name]


def test_keys_of_commands_stand_where_they_stand():
    assert keys_of("keys.chat.new", {}) == ["keys", "chat.new"]
    assert keys_of("keys.chat.new", {"keys": {"chat": {"new": "f8"}}}) == ["keys", "chat", "new"]
    assert keys_of("keys.chat.new", {"keys": {"chat.new": "f8", "chat": {"new": "f9"}}}) == [
        "keys",
        "chat.new",
    ]


@pytest.mark.parametrize("name", ["keys.", ".", "a b", "'x", 'x."y', "theme.\n", "paramters"])
def test_what_is_no_name_is_told(name):
    with pytest.raises(Failure):
        keys_of(name, {})


def test_several_keys_and_none_are_read():
    table = {"keys": {"a.b": ["f8", "x"], "c": {"d": "", "e": []}, "f": [1], "g": 1}}
    assert keymap_of(table) == {"a.b": "f8,x", "c.d": "", "c.e": ""}


def test_the_lines_of_keys_are_found():
    text = (
        'theme = "x"\n[keys]\n"chat.new" = "f8"\nchat.next = "f9"\n\n[keys.sidebar]\nopen = "x"\n'
    )
    assert key_lines(text, ["chat.new", "chat.next", "sidebar.open", "composer.send"]) == {
        "chat.new": 3,
        "chat.next": 4,
        "sidebar.open": 7,
        "composer.send": 2,
    }


def test_several_settings_are_changed_in_one_go_or_none(places):
    file = SettingsFile(places)
    assert file.stamp() is None
    file.set_all([(["parameters", "stop"], ["a"]), (["parameters", "stop_off"], {"2": "b"})])
    stamp = file.stamp()
    text = file.path.read_text()
    assert tomllib.loads(text) == {"parameters": {"stop": ["a"], "stop_off": {"2": "b"}}}
    with pytest.raises(Failure):
        file.set_all(
            [
                (["parameters", "stop"], None),
                (["parameters", "stop", "x"], 1),
                (["parameters", "stop_off", "2", "y"], 1),
            ]
        )
    assert file.path.read_text() == text
    assert file.stamp() == stamp
    file.set(["theme"], "ink")
    assert file.stamp() not in {stamp, None}
