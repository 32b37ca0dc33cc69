from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tui.cli.params import params
from tui.cli.presets import presets
from tui.core.spec_fit import readme_table
from tui.core.specs import SPECS
from tui.store.places import Places

README = Path(__file__).parent.parent.parent / "README.md"


def run(command, *words: str, status: int = 0) -> str:
    done = CliRunner().invoke(command, words)
    assert done.exit_code == status, done.output
    return done.output


def test_every_parameter_is_listed():
    lines = run(params).splitlines()
    assert [line.split()[0] for line in lines] == [spec.name for spec in SPECS]
    assert len(json.loads(run(params, "--json"))) == len(SPECS)


def test_what_a_kind_of_server_does_not_know_is_not_listed_for_it():
    names = [line.split()[0] for line in run(params, "--kind", "openai").splitlines()]
    assert "safe_prompt" not in names
    assert "temperature" in names


def test_all_that_is_known_of_one_is_told():
    words = run(params, "temperature", "--kind", "mistral")
    assert "number, 0 to 1.5" in words
    assert "Mistral advises 0 to 0.7" in words
    assert "--temperature" in words
    assert "vLLM does not know safe_prompt" in run(params, "safe_prompt", "--kind", "vllm")
    assert "--param top_k=VALUE" in run(params, "top-k")


def test_a_misspelt_parameter_is_answered_with_the_nearest():
    assert "is it temperature?" in run(params, "temprature", status=2)


def test_the_readme_has_the_table_of_parameters():
    assert readme_table() in README.read_text("utf-8"), "run: python -m tests.renew_readme"


def test_presets_are_listed_and_shown():
    assert "precise" in run(presets)
    assert 'stop: ["\\n\\n"]' in run(presets, "completion")
    assert json.loads(run(presets, "--json", "json"))["json"]["own"] is False
    assert "no preset is called 'nope'" in run(presets, "nope", status=2)


@pytest.fixture
def own():
    folder = Places.from_environment().presets
    folder.mkdir(parents=True)
    return folder


def test_own_presets_are_marked_and_their_mistakes_told(own):
    (own / "mine.toml").write_text('description = "\\u001b[1mHi"\n[parameters]\ntemprature = 1\n')
    words = run(presets)
    assert "mine          ␛[1mHi  (yours)" in words
    assert "line 3" in words
