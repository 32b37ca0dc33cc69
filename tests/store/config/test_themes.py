from __future__ import annotations

import pytest

from tui.core.contrast import Rgb
from tui.core.contrast import contrast as wcag
from tui.store.config.themes import (
    COLORS,
    COMMON,
    DEFAULT,
    ROLES,
    built_in,
    is_color,
    load_theme,
    load_themes,
    read_theme,
    theme_stamp,
)

SHIPPED = sorted(path.stem for path in built_in().glob("*.toml"))
OWN_COLOURS = [name for name in SHIPPED if name != "terminal"]
"""The themes whose colours are known; those of a terminal are its own."""
LINES = {"md-table", "md-rule"}
GROUNDS = {"code-background", "selected", "shown", "hit-background"}
TEXT_ROLES = [name for name in ROLES if name.startswith(("message-", "md-"))]
MARKED = "screen-selection-background"


def rgb(color: str) -> Rgb:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def contrast(one: str, other: str) -> float:
    return wcag(rgb(one), rgb(other))


def least_of(name: str) -> float:
    return 7.0 if name.startswith("high-contrast") else 4.5


@pytest.fixture
def own(places):
    places.themes.mkdir(parents=True)

    def write(name: str, text: str) -> None:
        (places.themes / name).write_text(text, "utf-8")

    return write


def test_the_default_is_among_the_themes_that_come_with_the_program(places):
    themes = load_themes(places)
    assert not themes.problems
    assert sorted(themes.found) == SHIPPED
    assert DEFAULT in SHIPPED
    assert {theme.dark for theme in themes.found.values()} == {True, False}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_theme_names_every_colour_and_role(places, name):
    theme = load_theme(places, name)
    assert theme is not None
    assert set(theme.colors) == set(COLORS)
    assert set(ROLES) <= set(theme.variables) <= {*ROLES, *COMMON}


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_text_of_a_shipped_theme_can_be_read_everywhere_it_stands(places, name):
    theme = load_theme(places, name)
    assert theme is not None
    colors, roles, least = theme.colors, theme.variables, least_of(name)
    plain = {ground: colors[ground] for ground in ("background", "surface", "panel")}
    rows = {ground: roles[ground] for ground in ("selected", "shown")}
    found = {ground: roles[ground] for ground in ("hit-background", MARKED)}
    words = ("primary", "secondary", "accent", "warning", "error", "success")
    signs = {word: colors[word] for word in words} | {"muted": roles["muted"]}
    text = {"foreground": colors["foreground"]}
    prose = {role: roles[role] for role in TEXT_ROLES if role not in LINES}
    code = {role: roles[role] for role in ROLES if role.startswith("code-")}
    del code["code-background"]
    pairs = [
        (signs, {**plain, **rows}),
        (text, {**plain, **rows, **found, "boost": colors["boost"]}),
        (prose, plain),
        (code, {"code": roles["code-background"], MARKED: roles[MARKED]}),
    ]
    low = {
        (one, ground): round(contrast(color, under), 2)
        for inks, grounds in pairs
        for one, color in inks.items()
        for ground, under in grounds.items()
        if contrast(color, under) < least
    }
    assert low == {}


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_lines_of_a_shipped_theme_are_seen_but_stay_behind_the_text(places, name):
    theme = load_theme(places, name)
    assert theme is not None
    ground, text = theme.colors["background"], theme.colors["foreground"]
    for line in LINES:
        assert 1.3 < contrast(theme.variables[line], ground) < contrast(text, ground)


@pytest.mark.parametrize("name", OWN_COLOURS)
def test_a_selected_row_of_a_shipped_theme_is_told_from_the_others(places, name):
    theme = load_theme(places, name)
    assert theme is not None
    assert theme.variables["selected"] not in {theme.colors["panel"], theme.colors["surface"]}
    assert contrast(theme.variables["selected"], theme.colors["panel"]) > 1.1


def test_there_are_themes_for_all_eyes_and_terminals(places):
    found = load_themes(places).found
    assert len(found) >= 8
    assert {"bise-dark", "bise-light", "high-contrast", "high-contrast-light"} <= set(found)
    assert found["terminal"].ansi
    values = (*found["terminal"].colors.values(), *found["terminal"].variables.values())
    assert all(value.startswith("ansi_") for value in values)
    greys = {
        value
        for value in (*found["monochrome"].colors.values(), *found["monochrome"].variables.values())
        if len(set(rgb(value))) > 1
    }
    assert greys == set()


@pytest.mark.parametrize("name", [n for n in SHIPPED if "MIT" in (built_in() / f"{n}.toml").read_text()])  # fmt: skip
def test_palettes_of_others_name_who_made_them(name):
    first = (built_in() / f"{name}.toml").read_text("utf-8").splitlines()[0]
    assert " by " in first
    assert "MIT licence" in first


GOOD = 'name = "mine"\n[colors]\nprimary = "#f80"\n[variables]\nmessage-user = "ansi_bright_red"\n'


def test_a_theme_of_the_users_own_is_found(places, own):
    own(
        "mine.toml",
        GOOD + 'input-selection-background = "#fff 30%"\nlink-style = "bold underline"\n',
    )
    themes = load_themes(places)
    assert not themes.problems
    assert themes.found["mine"].colors == {"primary": "#f80"}
    assert load_theme(places, "mine") == themes.found["mine"]


def test_a_theme_of_the_users_own_takes_the_place_of_a_shipped_one(places, own):
    own(f"{DEFAULT}.toml", GOOD.replace("mine", DEFAULT))
    assert load_themes(places).found[DEFAULT].colors == {"primary": "#f80"}
    assert load_theme(places, DEFAULT) == load_themes(places).found[DEFAULT]


@pytest.mark.parametrize(
    ("good", "bad", "line"),
    [
        ("#f80", "notacolor", 3),
        ("#f80", "#f8", 3),
        ('"#f80"', "7", 3),
        ("#f80", "red; } * { color: blue", 3),
        ("#f80", "$accent", 3),
        ("primary", "primarry", 3),
        ("primary", "secondary", 2),
        ("ansi_bright_red", "ansi_pink", 5),
        ("ansi_bright_red", "bold", 5),
        ("ansi_bright_red", "}", 5),
        ("message-user", "Message-User", 5),
        ("message-user", '"a: b; c"', 5),
        ("message-user", "mesage-user", 5),
        ("[colors]", "nmae = 'x'\n[colors]", 2),
        ('"mine"', '"mine"\nansi = 1', 2),
        ('"mine"', '"My Theme"', 1),
        ('"mine"', "5", 1),
        ('"mine"', '"mine"\ndark = "yes"', 2),
        ("[colors]", "[colors", 2),
        ("[variables]\nmessage-user", "variables", 4),
    ],
)
def test_a_wrong_theme_is_told_with_its_line_and_hides_no_other(places, own, good, bad, line):
    text = GOOD.replace(good, bad, 1)
    own("mine.toml", text)
    themes = load_themes(places)
    assert sorted(themes.found) == SHIPPED
    (problem,) = themes.problems
    assert problem.path.endswith("mine.toml")
    assert problem.line == line
    assert load_theme(places, "mine") is None


def test_a_changed_theme_has_another_stamp(places, own):
    shipped = theme_stamp(places, "ink")
    assert shipped is not None
    assert shipped == theme_stamp(places, "ink")
    own("ink.toml", GOOD.replace("mine", "ink"))
    first = theme_stamp(places, "ink")
    assert first != shipped
    own("ink.toml", GOOD.replace("mine", "ink") + "# more\n")
    assert theme_stamp(places, "ink") not in {first, shipped, None}
    assert theme_stamp(places, "none") is None
    assert theme_stamp(places, "../x") is None


def test_one_file_can_be_read_alone(places, own):
    own("mine.toml", GOOD)
    theme, problems = read_theme(places.themes / "mine.toml")
    assert theme is not None
    assert (theme.name, problems) == ("mine", [])
    own("mine.toml", "[")
    assert read_theme(places.themes / "mine.toml")[1][0].line == 1


def test_files_that_are_no_themes_are_told(places, own):
    own("empty.toml", "")
    (places.themes / "latin.toml").write_bytes(b"\xff")
    (places.themes / "folder.toml").mkdir()
    (places.themes / "loop.toml").symlink_to("loop.toml")
    (places.themes / "notes.txt").write_text("not mine to judge")
    themes = load_themes(places)
    assert sorted(themes.found) == SHIPPED
    assert len(themes.problems) == 4


@pytest.mark.parametrize("name", ["", "..", "../keys", "no-such-theme", "a/b", "x\0"])
def test_a_name_that_is_no_theme_gives_none(places, name):
    assert load_theme(places, name) is None


@pytest.mark.parametrize("value", ["#fff", "#1a2b3c", "#1a2b3c80", "ansi_default", "red"])
def test_colours(value):
    assert is_color(value)


@pytest.mark.parametrize(
    "value", ["", "fff", "#ggg", "#fffff", "ansi_", "reddish", None, 0, "#fff "]
)
def test_no_colours(value):
    assert not is_color(value)
