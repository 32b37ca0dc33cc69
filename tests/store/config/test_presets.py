from __future__ import annotations

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.core.failure import Failure
from tui.core.parameters import Parameters
from tui.core.presets import Preset, applied, preset_of
from tui.core.stops import SETS
from tui.store.config.presets import PresetFolder, built_in

SHIPPED = {"precise", "creative", "json", "code", "completion"}


@pytest.fixture
def presets(places):
    return PresetFolder(places)


@pytest.fixture
def own(places):
    places.presets.mkdir(parents=True)

    def write(name: str, text: str) -> None:
        (places.presets / name).write_text(text, "utf-8")

    return write


def test_some_presets_come_with_the_program(presets):
    loaded = presets.load()
    assert set(loaded.found) == SHIPPED == {path.stem for path in built_in().iterdir()}
    assert loaded.problems == []
    for preset in loaded.found.values():
        assert preset.description
        assert not preset.is_own
        assert preset.stop_set is None or preset.stop_set in SETS
        Parameters.model_validate(applied(preset, {}))
    assert applied(loaded.found["completion"], {})["stop"] == ["\n\n"]


def test_an_own_preset_takes_the_place_of_one_of_ours(presets, own):
    own("json.toml", "[parameters]\ntemperature = 0.5\n")
    preset = presets.named("json")
    assert preset.is_own
    assert preset.parameters == {"temperature": 0.5}


def test_what_is_wrong_is_told_with_its_line_and_the_rest_works(presets, own, places):
    own(
        "mine.toml",
        'descripton = "x"\n'
        "provider = 3\n"
        'unset = ["top_p", "nonsense"]\n'
        "[parameters]\n"
        "temprature = 1\n"
        'temperature = "hot"\n'
        "max_tokens = \n"
        'stop = "END"\n',
    )
    loaded = presets.load()
    assert [(problem.line, problem.message) for problem in loaded.problems] == [
        (
            7,
            "`max_tokens`: this is no value; a text stands in quotation marks; this line is not used",
        ),
        (1, "`descripton` is no member of a preset; it is not used"),
        (2, "`provider` must be a text; it is not used"),
        (5, "no parameter is called 'temprature' (is it temperature?); it is not used"),
        (
            6,
            "`temperature` should be a number; it is not used",
        ),
        (3, "no parameter is called 'nonsense'; it is not used"),
    ]
    assert {problem.path for problem in loaded.problems} == {str(places.presets / "mine.toml")}
    assert loaded.found["mine"].parameters == {"stop": ["END"]}
    assert loaded.found["mine"].unset == ("top_p",)


def test_a_file_that_is_no_preset_hides_no_other(presets, own, places):
    own("broken.toml", "[[[")
    (places.presets / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (places.presets / "folder.toml").mkdir()
    own("good.toml", "")
    assert "good" in presets.load().found


def test_a_saved_preset_comes_back(presets):
    kept = Parameters(temperature=0.3, stop=["\n\n", "a\u2028"], extra={"a": None}).kept()
    preset = preset_of("My letters", kept, "mistral", "For letters")
    path = presets.save(preset)
    assert path.stat().st_mode & 0o777 == 0o600
    again = presets.named("My letters")
    assert (again.description, again.provider, again.parameters) == ("For letters", "mistral", kept)


def test_saving_anew_keeps_comments_and_removes_what_is_no_more(presets, own, places):
    own(
        "mine.toml",
        '# for letters\ndescription = "old"\n[parameters]\n# warm\ntemperature = 1.0 # very\ntop_p = 0.5\n',
    )
    presets.save(Preset("mine", "new", parameters={"temperature": 0.2}))
    text = (places.presets / "mine.toml").read_text()
    assert (
        text
        == '# for letters\ndescription = "new"\n[parameters]\n# warm\ntemperature = 0.2 # very\n'
    )


def test_a_broken_file_is_not_written_over(presets, own, places):
    own("mine.toml", "[parameters\n")
    with pytest.raises(Failure, match="line 1"):
        presets.save(Preset("mine", parameters={"temperature": 0.2}))
    assert (places.presets / "mine.toml").read_text() == "[parameters\n"


def test_a_removed_preset_is_kept_beside(presets):
    presets.save(Preset("mine", "x"))
    kept = presets.remove("mine")
    assert kept.exists()
    with pytest.raises(Failure, match="No preset is called 'mine'"):
        presets.named("mine")
    with pytest.raises(Failure, match="remove"):
        presets.remove("mine")
    presets.restore("mine")
    assert presets.named("mine").description == "x"
    with pytest.raises(Failure, match="another preset"):
        presets.restore("mine")


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "x\n"])
def test_what_is_no_name_reaches_no_file(presets, name):
    with pytest.raises(Failure, match="can't be the name"):
        presets.save(Preset(name))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    stop=st.lists(TEXT.filter(bool), min_size=1, max_size=3),
    prompt=TEXT,
    extra=st.dictionaries(TEXT, TEXT | st.integers() | st.none() | st.lists(st.booleans()), min_size=1, max_size=3),
)  # fmt: skip
def test_any_parameters_survive_a_save(presets, stop, prompt, extra):
    kept = Parameters(stop=stop, system_prompt=prompt, extra=extra).kept()
    path = presets.save(preset_of("mine", kept))
    assert presets.named("mine").parameters == kept
    tomllib.loads(path.read_text("utf-8"))
