from __future__ import annotations

import pytest

from tui.store.themes import COLORS, DEFAULT, built_in, is_color, load_theme, load_themes

SHIPPED = sorted(path.stem for path in built_in().glob("*.toml"))
ROLES = [
    "message-user",
    "message-assistant",
    "message-foot",
    *(
        f"code-{name}"
        for name in (
            ["keyword", "string", "comment", "number", "function", "type", "operator", "background"]
        )
    ),
    *(f"md-{name}" for name in ["heading", "link", "quote", "table", "rule", "emphasis"]),
]
TEXT_ROLES = [name for name in ROLES if name.startswith(("message-", "md-"))]
LINES = {"md-table", "md-rule"}


def luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def own(places):
    places.themes.mkdir(parents=True)

    def write(name: str, text: str) -> None:
        (places.themes / name).write_text(text, "utf-8")

    return write


def test_contrast_is_as_wcag_defines_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


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
    assert set(ROLES) <= set(theme.variables)


@pytest.mark.parametrize("name", SHIPPED)
def test_text_of_a_shipped_theme_can_be_read_everywhere_it_stands(places, name):
    theme = load_theme(places, name)
    assert theme is not None
    colors, roles = theme.colors, theme.variables
    least = 7.0 if name == "high-contrast" else 4.5
    grounds = [colors[ground] for ground in ("background", "surface", "panel")]
    texts = {"foreground": colors["foreground"]}
    texts |= {name: roles[name] for name in TEXT_ROLES if name not in LINES}
    words = ("primary", "secondary", "accent", "warning", "error", "success")
    texts |= {name: colors[name] for name in words}
    low = {
        (text, ground): round(contrast(color, ground), 2)
        for text, color in texts.items()
        for ground in grounds
        if contrast(color, ground) < least
    }
    low |= {
        (role, "code"): round(contrast(roles[role], roles["code-background"]), 2)
        for role in roles
        if role.startswith("code-")
        and role != "code-background"
        and contrast(roles[role], roles["code-background"]) < least
    }
    assert low == {}


@pytest.mark.parametrize("name", SHIPPED)
def test_lines_of_a_shipped_theme_are_seen_but_stay_behind_the_text(places, name):
    theme = load_theme(places, name)
    assert theme is not None
    ground, text = theme.colors["background"], theme.colors["foreground"]
    for line in LINES:
        assert 1.3 < contrast(theme.variables[line], ground) < contrast(text, ground)


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
