from __future__ import annotations

import stat
import subprocess
import sys
import tomllib

import filelock
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.toml.test_text import TEXT, TREES, scrubbed
from tui.core.failure import Failure, FailureKind
from tui.core.settings import Settings
from tui.core.words import Kind
from tui.store.config.keymap import keymap_of
from tui.store.config.settings import SettingsFile
from tui.store.toml import edit as toml_edit
from tui.store.toml.edit import edited

BY_HAND = """\
# How I like it.
theme = 'ink'   # calm
parallel = 2
something = "of a later version"

[parameters]
temperature = 0.3 # not too wild

[providers.work]
kind = "vllm"
base_url = "https://llm.example/v1"
api_key_env = "WORK_KEY"

[providers.home]
kind = "ollama"

[keys]
"composer.send" = "ctrl+j"
"""


@pytest.fixture
def file(places):
    return SettingsFile(places)


@pytest.fixture
def write(places):
    def write(text):
        places.config.mkdir(parents=True, exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode()
        places.settings_file.write_bytes(data)

    return write


def test_what_is_wrong_is_as_it_was_before(file, write):
    write(BY_HAND)
    before = file.load()
    write(
        'parallel = "many"\n[parameters]\ntemperature = "hot"\ntop_p = "x"\n'
        '[providers.work]\nkind = "nonsense"\n[providers.new]\nkind = "nonsense"\n'
    )
    now = file.load(before)
    assert (now.parallel, now.parameters.temperature, now.parameters.top_p) == (2, 0.3, None)
    assert now.providers == {"work": before.providers["work"]}
    assert lines(file) == [1, 3, 4, 6, 8]
    assert ["what was in force stays" in p.message for p in file.problems] == [True, True, False, True, False]  # fmt: skip
    assert not file.is_broken


def lines(file: SettingsFile) -> list[int]:
    return [problem.line for problem in file.problems]


def test_without_a_file_there_are_the_defaults(file):
    assert file.load() == Settings()
    assert file.glance() == {}
    assert file.problems == []
    assert not file.path.exists()


def test_what_is_written_is_in_force(file, write):
    write(BY_HAND)
    loaded = file.load()
    assert (loaded.theme, loaded.parallel, loaded.parameters.temperature) == ("ink", 2, 0.3)
    assert loaded.providers["work"].kind is Kind.VLLM
    assert loaded.providers["work"].name == "work"
    assert loaded.keys == {"composer.send": "ctrl+j"}
    assert file.problems == []


def test_a_glance_gives_theme_and_keys_without_models(file, write, places):
    write(BY_HAND)
    assert file.glance()["theme"] == "ink"
    source = (
        "import sys; from pathlib import Path; from tui.store.places import Places;"
        "from tui.store.config.settings import SettingsFile;"
        f"f = SettingsFile(Places(*[Path({str(places.config)!r})] * 4));"
        "assert f.glance()['theme'] == 'ink';"
        "print({'pydantic', 'tomlkit', 'filelock', 'tui.core.settings'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


@pytest.mark.parametrize(
    "keys", ['[keys]\n"a.b.c" = "x"', "[keys]\na.b.c = 'x'", "[keys.a]\nb.c = 'x'"]
)
def test_keys_may_be_quoted_or_dotted(file, write, keys):
    write(keys)
    assert file.load().keys == keymap_of(file.glance()) == {"a.b.c": "x"}
    assert file.problems == []


# Mistakes


@pytest.mark.parametrize(
    ("good", "bad", "line", "word"),
    [
        ("parallel = 2", "parallel = two", 3, "parallel"),
        ("parallel = 2", "parallel = 0", 3, "parallel"),
        ("parallel = 2", "parallel 2", 3, "parallel"),
        ("parallel = 2", "parallel = 2\nparallel = 3", 4, "parallel"),
        ("temperature = 0.3", 'temperature = "hot"', 7, "temperature"),
        ("temperature = 0.3", "temprature = 0.3", 7, "temprature"),
        ('"ctrl+j"', "7", 18, "composer.send"),
        ("theme = 'ink'", "theem = 'ink'", 2, "theme"),
    ],
)
def test_a_mistake_is_told_with_line_and_name_and_the_rest_is_in_force(
    file, write, good, bad, line, word
):
    text = BY_HAND.replace(good, bad)
    assert text != BY_HAND
    write(text)
    loaded = file.load()
    assert line in lines(file)
    assert len(file.problems) == 1
    assert word in str(file.problems[0])
    assert loaded.provider is None
    assert loaded.providers["work"].base_url == "https://llm.example/v1"
    assert file.path.read_text() == text


@pytest.mark.parametrize(
    ("good", "bad", "line"),
    [
        ('kind = "vllm"', 'kind = "vlm"', 10),
        ('kind = "vllm"', "kind = vllm", 10),
        ('https://llm.example/v1"', "https://llm.example/v1", 11),
        ("[providers.work]", "[providers.work", 9),
        ("[providers.work]", "[providers work]", 9),
        ('kind = "vllm"', 'kind = "vllm"\nallow_http = "maybe"', 11),
    ],
)
def test_nothing_of_a_provider_with_a_mistake_is_used(file, write, good, bad, line):
    write(BY_HAND.replace(good, bad))
    loaded = file.load()
    assert "work" not in loaded.providers
    assert all(provider.api_key_env != "WORK_KEY" for provider in loaded.providers.values())
    assert loaded.theme == "ink"
    assert loaded.keys == {"composer.send": "ctrl+j"}
    assert lines(file) == [line]


@pytest.mark.parametrize("member", ["api_key", "api_key_env"])
def test_a_key_in_the_settings_is_refused_without_showing_it(file, write, member):
    write(f'[providers.work]\nbase_url = "https://llm.example"\n{member} = "sk-not-to-be-seen"\n')
    loaded = file.load()
    [problem] = file.problems
    assert problem.line == 3
    assert "keys.toml" in str(problem)
    assert "not-to-be-seen" not in str(problem)
    assert ("work" in loaded.providers) == (member == "api_key")


@pytest.mark.parametrize(
    ("tail", "line"),
    [
        ('note = """never closed\n[providers.x]\n', 3),
        ("stop = [1,\n2,\n", 3),
        ("[providers.x]\nkind = '''\n", 4),
    ],
)
def test_what_is_never_closed_costs_what_follows_and_no_more(file, write, tail, line):
    write('theme = "ink"\n\n' + tail)
    assert file.load().theme == "ink"
    assert file.load().providers == {}
    assert lines(file) == [line]


@pytest.mark.parametrize(
    "text", [b"\xff\xfe", b"= = =\n[[[[\n]]\n", b"\0\0\0", b"x = " + b"[" * 9999, b"<html>\n" * 50]
)
def test_rubbish_gives_the_defaults_and_a_problem(file, write, text):
    write(text)
    assert file.load().theme == Settings().theme
    assert file.problems
    assert file.path.read_bytes() == text


def test_a_folder_in_its_place_gives_the_defaults_and_a_problem(file, places):
    places.settings_file.mkdir(parents=True)
    assert file.load() == Settings()
    assert "folder" in str(file.problems[0])


def test_tables_and_values_in_each_others_place_are_told(file, write):
    write('providers = "x"\nparameters = 5\nkeys = []\n[theme]\n[local]\ncontext = 1\n')
    assert file.load() == Settings()
    assert sorted(lines(file)) == [1, 2, 3, 4, 6]


# Changes


def test_a_change_touches_one_line(file, write):
    write(BY_HAND)
    file.set(("theme",), "paper")
    file.set(("parameters", "temperature"), 0.5)
    file.set(("parallel",), None)
    assert file.path.read_text() == BY_HAND.replace("'ink'", '"paper"').replace(
        "0.3 #", "0.5 #"
    ).replace("parallel = 2\n", "")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_first_setting_makes_the_file(file, places):
    file.set(("providers", "work", "kind"), "vllm")
    file.set(("providers", "work", "base_url"), "http://localhost:1")
    file.set(("theme",), "ink")
    loaded = file.load()
    assert (loaded.providers["work"].kind, loaded.theme) == (Kind.VLLM, "ink")
    assert file.problems == []
    assert stat.S_IMODE(places.config.stat().st_mode) == 0o700


def test_a_whole_provider_is_written_as_a_section(file, write):
    write("theme = 'ink'\n")
    file.set(("providers", "my work"), {"kind": "vllm", "base_url": "http://localhost:1/v1"})
    file.set(("provider",), "my work")
    file.set(("providers", "home"), {"kind": "ollama"})
    assert (
        file.path.read_text()
        == """\
theme = 'ink'
provider = "my work"

[providers."my work"]
kind = "vllm"
base_url = "http://localhost:1/v1"

[providers.home]
kind = "ollama"
"""
    )
    assert set(file.load().providers) == {"my work", "home"}


def test_an_edit_by_hand_between_two_changes_stays(file, write):
    write(BY_HAND)
    file.load()
    write(BY_HAND + '"other" = "x" # mine\n')
    file.set(("theme",), "paper")
    assert '"other" = "x" # mine\n' in file.path.read_text()


@pytest.mark.parametrize("text", ["theme = ink\n", b"theme = '\xff'\n"])
def test_a_file_that_does_not_parse_is_never_overwritten(file, write, text):
    write(text)
    before = file.path.read_bytes()
    with pytest.raises(Failure, match="line 1") as caught:
        file.set(("theme",), "paper")
    assert caught.value.kind is FailureKind.CONFIG
    assert file.path.read_bytes() == before


def test_a_value_in_the_place_of_a_table_is_not_overwritten(file, write):
    write('providers = "mine"\n')
    with pytest.raises(Failure, match="table"):
        file.set(("providers", "work", "kind"), "vllm")
    assert file.path.read_text() == 'providers = "mine"\n'


def test_a_settings_file_that_cannot_be_read_or_stays_locked_is_told(file, places, monkeypatch):
    monkeypatch.setattr(toml_edit, "_LOCK_WAIT_S", 0.05)
    places.ensure(places.locks)
    with (
        filelock.FileLock(places.locks / "settings.toml.lock"),
        pytest.raises(Failure, match="locked") as caught,
    ):
        file.set(("theme",), "ink")
    assert caught.value.retryable
    places.settings_file.mkdir()
    with pytest.raises(Failure, match="folder"):
        file.set(("theme",), "ink")


def test_a_link_to_a_settings_file_elsewhere_stays_a_link(file, places, tmp_path):
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "settings.toml"
    real.write_text("theme = 'ink'\n")
    places.config.mkdir()
    places.settings_file.symlink_to(real)
    file.set(("theme",), "paper")
    assert places.settings_file.is_symlink()
    assert real.read_text() == 'theme = "paper"\n'


KEYS = st.lists(
    st.sampled_from(["theme", "parameters", "a b", "keys", "x"]), min_size=1, max_size=3
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(KEYS, st.one_of(st.none(), TREES, TEXT)), max_size=5))
def test_any_row_of_changes_keeps_the_comments_and_the_rest(tmp_path, changes):
    data = BY_HAND.encode()
    for keys, value in changes:
        before = tomllib.loads(data.decode())
        try:
            data = edited(tmp_path / "settings.toml", data, keys, scrubbed(value))
        except Failure as failure:
            assert failure.kind is FailureKind.CONFIG  # noqa: PT017  # the other way is right too
        after = tomllib.loads(data.decode())
        before.pop(keys[0], None)
        after.pop(keys[0], None)
        assert after == before
    text = data.decode()
    assert text.startswith("# How I like it.\n")
    assert 'something = "of a later version"' in text
