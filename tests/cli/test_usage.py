from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tui.cli import bise
from tui.cli.usage import _bar, _chart, _short
from tui.core.costs import Prices
from tui.core.message import Completion, Message
from tui.core.session import Session
from tui.core.usage import Used
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions

TODAY = datetime.now(UTC).astimezone().date()
PRICES = Prices(1.0, 2.0)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return Places.from_environment()


def reply(day: date, model: str, provider: str = "mistral") -> Message:
    created = datetime(day.year, day.month, day.day, 12).astimezone(UTC)
    facts = Completion(
        provider=provider, model=model, prompt_tokens=1_000_000, completion_tokens=500_000
    )
    return Message(role=Role.ASSISTANT, content="text", created=created, completion=facts)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(bise, ["usage", *arguments])


def test_nothing_used_is_told(places: Places) -> None:
    assert (
        run().output == "day\tprovider\tmodel\treplies\tprompt\tcached\tcompletion\tcost\tunknown\n"
    )
    assert json.loads(run("--json").output)["total"] is None


def test_a_pipe_gets_lines_and_prices_come_from_the_settings(places: Places) -> None:
    places.ensure(places.config)
    places.settings_file.write_text('[models."big"]\ninput = 1.5\noutput = 2\n')
    session = Session(
        messages=[
            reply(TODAY, "big"),
            reply(TODAY, "odd\x1b[31m"),
            reply(TODAY, "tiny", "local"),
            reply(TODAY - timedelta(days=40), "big"),
        ]
    )
    TomlSessions(places).create(session)
    assert run().output.splitlines()[1:] == [
        f"{TODAY}\tlocal\ttiny\t1\t1000000\t0\t500000\t0.000000\t0",
        f"{TODAY}\tmistral\tbig\t1\t1000000\t0\t500000\t2.500000\t0",
        f"{TODAY}\tmistral\todd␛[31m\t1\t1000000\t0\t500000\tunknown\t1",
    ]
    assert len(run("--days", "60").output.splitlines()) == 5
    assert len(run("--until", str(TODAY - timedelta(days=39))).output.splitlines()) == 2
    shown = json.loads(run("--json", "--since", str(TODAY)).output)
    assert [row["cost"] for row in shown["used"]] == [0.0, 2.5, None]
    assert shown["total"]["unknown"] == 1
    assert (shown["from"], shown["to"]) == (str(TODAY), str(TODAY))


def test_one_reply_without_a_count_hides_not_what_the_others_cost(places: Places) -> None:
    stopped = reply(TODAY, "mistral-medium-3-5")
    stopped.completion = Completion(provider="mistral", model="mistral-medium-3-5")
    session = Session(messages=[reply(TODAY, "mistral-medium-3-5"), stopped])
    TomlSessions(places).create(session)
    assert run().output.splitlines()[1].endswith("\t2\t1000000\t0\t500000\t5.250000\t1")
    shown = json.loads(run("--json").output)
    assert (shown["total"]["cost"], shown["total"]["unknown"]) == (5.25, 1)


def test_a_known_model_of_mistral_has_its_price(places: Places) -> None:
    TomlSessions(places).create(Session(messages=[reply(TODAY, "mistral-medium-3-5")]))
    assert run().output.splitlines()[1].endswith("\t5.250000\t0")


def test_wrong_days_are_wrong_use(places: Places) -> None:
    assert run("--days", "0").exit_code == 2
    assert run("--since", "yesterday").exit_code == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--since", "2026-13-01"], "'2026-13-01' is no day such as 2026-11-01"),
        (["--since", "2026-12-01", "--until", "2026-11-01"], "--since is behind the last day"),
    ],
)
def test_days_that_cannot_be_are_told_in_plain_words(options: list[str], words: str) -> None:
    result = run(*options)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_terminal_gets_a_chart() -> None:
    day = date(2026, 11, 20)
    rows = [
        Used(day, "p", "big", 3, 900, 100, 100, 1),
        Used(day, "p", "small", 1, 200, 0, 50),
        Used(day + timedelta(days=1), None, None, 1, 0, 0, 0, 1),
    ]
    lines = _chart(rows, lambda p, m: PRICES if m != "small" else Prices(), day, day)
    assert lines[2:4] == [
        f"2026-11-20  {'█' * 30}     1.2k tokens  $0.0011 + unknown (2 replies)",
        f"2026-11-21  {' ' * 30}        0 tokens  unknown (1 reply)",
    ]
    assert lines[5].split() == ["Model", "replies", "in", "cached", "out", "cost"]
    cells = ["p", "·", "big", "3", "900", "100", "100", "$0.0011 + unknown (1 reply)"]
    assert lines[6].split(maxsplit=7) == cells
    assert lines[-1].startswith("All")
    assert max(map(len, lines)) < 100


def test_bars_and_numbers_are_short() -> None:
    assert [_bar(share) for share in (0, 0.001, 0.5)] == ["", "▏", "█" * 15]
    assert [_short(n) for n in (0, 999, 1000, 123_456, 2_000_000_000)] == [
        "0",
        "999",
        "1.0k",
        "123k",
        "2.0G",
    ]
