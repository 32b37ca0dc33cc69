from __future__ import annotations

import os
import stat
import sys

import pytest

from tui.core.failure import Failure, FailureKind
from tui.core.provider import Provider
from tui.store.config import keys
from tui.store.config.keys import KeyRing

SECRET = "sk-Very-Secret-1234567890"
PYTHON = f"'{sys.executable}' -c"


def ring(places, **environ: str) -> KeyRing:
    return KeyRing(places, environ)


def provider(**members: str) -> Provider:
    return Provider(name="work", **members)


def test_without_any_key_there_is_none(places):
    assert ring(places).key_for(provider(api_key_env="WORK_KEY")) is None


def test_a_stored_key_is_found_again_and_for_the_user_alone(places):
    old = os.umask(0)
    try:
        ring(places).store("work", SECRET)
        ring(places).store("a name.with dots", "other-key")
    finally:
        os.umask(old)
    assert ring(places).key_for(provider()) == SECRET
    assert ring(places).key_for(Provider(name="a name.with dots")) == "other-key"
    assert ring(places).key_for(Provider(name="none")) is None
    assert stat.S_IMODE(places.keys_file.stat().st_mode) == 0o600
    assert places.keys_file.read_text().startswith("[keys]\n")


def test_a_key_that_is_stored_again_is_replaced_and_comments_stay(places):
    places.config.mkdir()
    places.keys_file.write_text('# mine\n[keys]\nwork = "old" # since May\n')
    ring(places).store("work", SECRET)
    assert places.keys_file.read_text() == f'# mine\n[keys]\nwork = "{SECRET}" # since May\n'


def test_the_variable_comes_before_the_command_and_the_command_before_the_file(places):
    ring(places).store("work", "of-the-file")
    both = provider(api_key_env="WORK_KEY", api_key_cmd="echo of-the-command")
    path = os.environ["PATH"]
    assert ring(places, WORK_KEY="of-the-variable", PATH=path).key_for(both) == "of-the-variable"
    assert ring(places, WORK_KEY=" ", PATH=path).key_for(both) == "of-the-command"
    assert ring(places).key_for(provider(api_key_env="WORK_KEY")) == "of-the-file"


def test_other_variables_are_no_key(places):
    environ = {"MISTRAL_API_KEY": SECRET, "OPENAI_API_KEY": SECRET}
    assert KeyRing(places, environ).key_for(provider()) is None


def test_space_around_a_key_is_taken_off(places):
    ring(places).store("work", f"  {SECRET}\n")
    assert ring(places).key_for(provider()) == SECRET
    found = ring(places, K=f"{SECRET}\r\n").key_for(provider(api_key_env="K"))
    assert found == SECRET


@pytest.mark.parametrize(
    "bad", ["", " ", "a b", "a\nb", "a\x00b", "a\x1b[2Jb", "schlüssel", "a\u200bb"]
)
def test_what_can_be_no_key_is_refused_without_being_shown(places, bad):
    with pytest.raises(Failure) as caught:
        ring(places).store("work", f"{SECRET}{bad}{SECRET}" if bad.strip() else bad)
    assert caught.value.kind is FailureKind.CONFIG
    assert SECRET not in caught.value.sentence
    assert not places.keys_file.exists()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (f"{PYTHON} 'import sys; print(\"{SECRET}\", file=sys.stderr); sys.exit(3)'", "status 3"),
        (f"{PYTHON} 'print(\"{SECRET}\"); exit(1)'", "status 1"),
        (f"{PYTHON} 'pass' {SECRET}", "nothing"),
        (f"/no/such/{SECRET}", "could not be run"),
        (f"'{SECRET}", "could not be run"),
        (" ", "could not be run"),
        (f"{PYTHON} 'print(\"{SECRET}\\nmore\")'", "no key has"),
    ],
)
def test_a_command_that_fails_is_told_without_its_output(places, command, words):
    with pytest.raises(Failure, match=words) as caught:
        ring(places).key_for(provider(api_key_cmd=command))
    assert caught.value.kind is FailureKind.CONFIG
    assert SECRET not in caught.value.sentence + repr(caught.value)
    assert caught.value.__cause__ is None


def test_a_command_gets_no_shell(places, tmp_path):
    command = f"{PYTHON} 'import sys; print(sys.argv[1])' $(touch${{IFS}}x);ls"
    found = ring(places).key_for(provider(api_key_cmd=command))
    assert found == "$(touch${IFS}x);ls"


def test_a_command_that_hangs_is_given_up(places, monkeypatch):
    monkeypatch.setattr(keys, "COMMAND_LIMIT_S", 0.2)
    with pytest.raises(Failure, match="longer than"):
        ring(places).key_for(provider(api_key_cmd=f"{PYTHON} 'import time; time.sleep(60)'"))


def test_a_keys_file_that_others_can_read_is_tightened(places):
    ring(places).store("work", SECRET)
    places.keys_file.chmod(0o644)
    assert ring(places).key_for(provider()) == SECRET
    assert stat.S_IMODE(places.keys_file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text", [f"work = {SECRET}", f'keys = "{SECRET}"', f'[keys\nwork = "{SECRET}"', "\0"]
)
def test_a_keys_file_that_does_not_parse_is_told_without_its_content(places, text):
    places.config.mkdir()
    places.keys_file.write_text(text)
    for act in (ring(places).key_for, lambda p: ring(places).store(p.name, "new-key")):
        with pytest.raises(Failure) as caught:
            act(provider())
        assert caught.value.kind is FailureKind.CONFIG
        assert SECRET not in caught.value.sentence
    assert places.keys_file.read_text() == text


def test_no_key_shows_in_a_repr(places):
    kept = ring(places, WORK_KEY=SECRET)
    kept.store("work", SECRET)
    kept.key_for(provider(api_key_env="WORK_KEY"))
    assert SECRET not in repr(kept)
