from __future__ import annotations

import json
import stat
import sys

import pytest
from click.testing import CliRunner

from tui.cli.config import config
from tui.store.places import Places

BY_HAND = """\
# How I like it.
theme = "ink"   # calm
something = "of a later version"

[parameters]
temperature = 0.3 # not too wild

[keys]
"composer.send" = "ctrl+j"
"""


@pytest.fixture
def places():
    return Places.from_environment()


@pytest.fixture
def write(places):
    def write(text: str) -> None:
        places.config.mkdir(parents=True, exist_ok=True)
        places.settings_file.write_text(text, "utf-8")

    return write


def run(*words: str, status: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(config, words, prog_name="bise config")
    assert done.exit_code == status, done.output
    return done.stdout, done.stderr


def test_the_path_is_printed(places):
    assert run("path")[0] == f"{places.settings_file}\n"


def test_a_value_is_set_and_everything_else_stays(write, places):
    write(BY_HAND)
    run("set", "parameters.temperature", "0.5")
    assert places.settings_file.read_text() == BY_HAND.replace("0.3", "0.5")
    run("set", "theme", "moss")
    run("set", "parameters.temperature", "0.3")
    run("set", "theme", "ink")
    assert places.settings_file.read_text() == BY_HAND


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("theme", "moss", 'theme = "moss"'),
        ("parallel", "2", "parallel = 2"),
        ("provider", "42", 'provider = "42"'),
        ("wrap_code", "false", "wrap_code = false"),
        ("longest_wait_s", "1.5", "longest_wait_s = 1.5"),
        ("parameters.stop", '["\\n\\n", "a, b"]', 'stop = ["\\n\\n", "a, b"]'),
        ("parameters.stop", "END", 'stop = ["END"]'),
        ("parameters.safe_prompt", "on", "safe_prompt = true"),
        (
            "parameters.response_format",
            "json_object",
            '[parameters.response_format]\ntype = "json_object"',
        ),
        ("providers.my-vllm.base_url", "http://x/v1", 'base_url = "http://x/v1"'),
        ("models.mistral-large-4.0.context", "9", '[models."mistral-large-4.0"]\ncontext = 9'),
        ('models."a.b".context', "9", '[models."a.b"]\ncontext = 9'),
        ("stop_sets.mine", '["\\n", "END"]', 'mine = ["\\n", "END"]'),
        ("keys.chat.new", "f12", '"chat.new" = "f12"'),
        ("keys.chat.new", '["f12", "ctrl+n"]', '"chat.new" = ["f12", "ctrl+n"]'),
        ("local.gguf", "~/m.gguf", 'gguf = "~/m.gguf"'),
    ],
)
def test_a_value_is_read_by_the_type_of_its_setting(places, name, text, line):
    run("set", name, text)
    assert line in places.settings_file.read_text()
    assert stat.S_IMODE(places.settings_file.stat().st_mode) == 0o600
    run("validate")
    run("unset", name)
    assert line not in places.settings_file.read_text()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("paralel", "3", "No setting is called 'paralel'. Is it parallel?"),
        ("parameters.temprature", "1", "Is it temperature?"),
        ("providers.x.bse_url", "1", "Is it base_url?"),
        ("models.x.contxt", "1", "Is it context?"),
        ("nonsense", "1", "bise config list --all"),
        ("a..b", "1", "is no name of a setting"),
        ("", "1", "is no name of a setting"),
        ("parameters.temperature", "hot", "temperature is a number, and “hot” is none"),
        ("parameters.temperature", "nan", "NaN is none"),
        ("parameters.temperature", "1e400", "too large"),
        ("parallel", "0", "should be at least 1"),
        ("parallel", "many", "should be a whole number"),
        ("parallel", "1\ntheme = 'x'", "should be a whole number"),
        ("providers.x.kind", "foo", "'vllm'"),
        ("keys.chat.nonsense", "f8", "chat.nonsense"),
        ("keys.chat.new", "enter", "bound to both 'chat.new'"),
        ("theme", "", "no theme is called ''; there are bise-dark"),
    ],
)
def test_what_is_wrong_is_told_and_the_file_stays(write, places, name, text, words):
    write(BY_HAND)
    assert words in run("set", name, text, status=2)[1]
    assert places.settings_file.read_text() == BY_HAND


def test_a_broken_file_is_named_with_its_line_and_stays(write, places):
    write("theme = 'ink'\nparallel = \n")
    for words in (("set", "theme", "moss"), ("unset", "theme")):
        assert "line 2" in run(*words, status=1)[1]
    assert "line 2" in run("validate", status=1)[1]
    assert places.settings_file.read_text() == "theme = 'ink'\nparallel = \n"


def test_values_in_force_are_printed(write):
    write(BY_HAND)
    assert run("get", "theme")[0] == "ink\n"
    assert run("get", "parallel")[0] == "4\n"
    assert run("get", "parameters.temperature")[0] == "0.3\n"
    assert json.loads(run("get", "parameters", "--json")[0]) == {"temperature": 0.3}
    assert run("get", "keys.composer.send")[0] == "ctrl+j\n"
    assert "not set" in run("get", "parameters.top_p", status=1)[1]
    assert "No setting" in run("get", "nonsense", status=1)[1]


def test_settings_are_listed_with_and_without_defaults(write):
    write(BY_HAND)
    assert run("list")[0].splitlines() == [
        'theme = "ink"',
        "parameters.temperature = 0.3",
        'keys."composer.send" = "ctrl+j"',
        'something = "of a later version"',
    ]
    everything = run("list", "--all")[0]
    assert "# parallel = 4\n" in everything
    assert "# parameters.top_p is not set\n" in everything
    assert json.loads(run("list", "--json")[0])["theme"] == "ink"


def test_everything_wrong_is_told_with_its_line(write, places):
    write(
        'theme = "nowhere"\n[parameters]\ntemperature = -1\ntop_q = 1\npresence_penalty = 7\n'
        '[keys]\n"chat.new" = "enter"\n'
    )
    places.themes.mkdir()
    (places.themes / "bad.toml").write_text('[colors]\nprimary = "#12}"\n')
    places.presets.mkdir()
    (places.presets / "bad.toml").write_text("[parameters]\ntemprature = 1\n")
    lines = run("validate", status=1)[1].splitlines()
    for where, words in (
        ("settings.toml, line 1: ", "no theme is called 'nowhere'"),
        ("settings.toml, line 3: ", "temperature"),
        ("settings.toml, line 4: ", "top_q"),
        ("settings.toml, line 5: ", "presence_penalty is -2 to 2, not 7"),
        ("settings.toml, line 7: ", "composer.send"),
        ("themes/bad.toml, line 2: ", "'#12}' is no colour"),
        ("presets/bad.toml, line 2: ", "is it temperature?"),
    ):
        assert any(where in line and words in line for line in lines), (where, lines)


def test_keys_that_may_not_arrive_are_warned_of_and_set(places):
    words = run("set", "keys.chat.new", "ctrl+b")[1]
    assert "'ctrl+b' for 'chat.new' may not arrive: tmux" in words
    assert "ctrl+b" in places.settings_file.read_text()
    assert "tmux" in run("validate")[1]


def test_without_a_file_all_is_well():
    assert "defaults are in force" in run("validate")[0]


def test_the_editor_is_opened_and_what_is_wrong_is_told(monkeypatch, places, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text(
        f"#!{sys.executable}\nimport sys\nopen(sys.argv[1], 'a').write('parallel = 0\\n')\n"
    )
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    assert "line 2" in run("edit", status=1)[1]
    assert places.settings_file.read_text().endswith("parallel = 0\n")
    assert stat.S_IMODE(places.settings_file.stat().st_mode) == 0o600
    for wrong in ("/nowhere/at-all", "vi 'not closed"):
        monkeypatch.setenv("EDITOR", wrong)
        assert "VISUAL or EDITOR names it" in run("edit", status=1)[1]
