from __future__ import annotations

from tui.core.parameters import Parameters
from tui.core.presets import Difference, Preset, applied, differences, preset_of

LETTERS = Preset(
    "letters",
    provider="mistral",
    stop_set="paragraph",
    parameters={"temperature": 0.2, "system_prompt": "You write\nletters."},
    unset=("top_p",),
)


def test_a_preset_changes_what_it_names_and_nothing_else():
    kept = {"temperature": 1.0, "top_p": 0.5, "max_tokens": 9}
    assert applied(LETTERS, kept) == {
        "temperature": 0.2,
        "max_tokens": 9,
        "stop": ["\n\n"],
        "system_prompt": "You write\nletters.",
    }
    assert kept == {"temperature": 1.0, "top_p": 0.5, "max_tokens": 9}


def test_its_fields_can_be_applied_one_by_one():
    kept = {"temperature": 1.0, "top_p": 0.5}
    assert applied(LETTERS, kept, ["temperature"]) == {"temperature": 0.2, "top_p": 0.5}
    assert applied(LETTERS, kept, ["top_p"]) == {"temperature": 1.0}
    assert applied(LETTERS, kept, []) == kept


def test_the_difference_is_told_before():
    kept = {"temperature": 1.0, "top_p": 0.5, "model": "m"}
    assert differences(LETTERS, kept, "local") == [
        Difference("provider", "local", "mistral"),
        Difference("system_prompt", "", "You write letters."),
        Difference("stop", "", r'["\n\n"]'),
        Difference("temperature", "1", "0.2"),
        Difference("top_p", "0.5", ""),
    ]


def test_what_is_in_force_is_no_difference():
    kept = applied(LETTERS, {})
    assert differences(LETTERS, kept, "mistral") == []
    assert differences(preset_of("mine", kept, "mistral"), kept, "mistral") == []


def test_stop_sequences_that_are_off_stay_off_but_for_those_of_the_preset():
    kept = {"stop": ["END"], "stop_off": {"1": "\n\n", "3": "Paris"}}
    assert applied(LETTERS, kept, ["stop"]) == {"stop": ["\n\n"], "stop_off": {"2": "Paris"}}


def test_a_stop_set_of_the_settings_comes_before_ours():
    sets = {"paragraph": ["***"]}
    assert applied(LETTERS, {}, sets=sets)["stop"] == ["***"]
    assert "stop" not in applied(LETTERS, {}, sets={})


def test_members_that_we_do_not_know_are_kept_and_told():
    preset = Preset("x", parameters={"of_tomorrow": 1})
    assert differences(preset, {}) == [Difference("of_tomorrow", "", "1")]
    assert Parameters.model_validate(applied(preset, {})).kept() == {"of_tomorrow": 1}
