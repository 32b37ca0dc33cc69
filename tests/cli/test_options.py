from __future__ import annotations

import io
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from tui.cli import bise


def commands(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, info_name="bise")
    for inner in group.list_commands(context):
        command = group.get_command(context, inner)
        assert command is not None
        yield f"{name} {inner}".lstrip(), command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {inner}".lstrip())


COMMANDS = dict(commands(bise))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_is_told_on_one_line_and_every_option_in_words(command):
    told = command.get_short_help_str(limit=66)
    assert not told.endswith("...")
    assert told.endswith(".")
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert not [option.name for option in options if not option.help]


def test_the_end_of_a_command_is_told_in_its_help():
    result = CliRunner().invoke(bise, ["ask", "--help"])
    assert "130 interrupted" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ephemeral", "--session", "x"], "without --session"),
        (["--ephemeral", "models"], "for the full screen"),
        (["--model", "x", "models"], "put --model after 'models'"),
        (["--local", "--provider", "x"], "exclude each other"),
        (["ask", "--base-url", "", "hello"], "--base-url is empty"),
        (["ask", "--temperature", "warm", "hello"], "'warm' is not a valid number."),
        (["ask", "--n", "1.5", "hello"], "'1.5' is not a valid whole number."),
    ],
)
def test_options_that_do_not_go_together_are_told(arguments, words):
    result = CliRunner().invoke(bise, arguments, prog_name="bise")
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://[::1", "“http://[::1” is no URL. Write it like https://api.example.com/v1 (--base-url)."),
        ("http://", "“http://” names no host."),
        ("http://127.0.0.1:99999", "There is no port 99999."),
        ("http://192.0.2.1", "add this server to the settings with allow_http = true (--base-url)."),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_told_in_a_sentence(bise, address, words):
    _, told = bise("ask", "--base-url", address, "hello", status=2)
    assert words in told
    assert len(told.splitlines()) == 1


class Interrupted(io.BytesIO):
    """A pipe on which somebody waits in vain until Ctrl+C."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size:  # click itself reads nothing first, to see what it has
            raise KeyboardInterrupt
        return b""


@pytest.mark.parametrize("command", ["ask", "fim", "moderate"])
def test_an_interrupt_while_the_prompt_is_read_ends_quietly_with_130(command):
    result = CliRunner().invoke(bise, [command], input=Interrupted(b"x"))
    assert (result.exit_code, result.output) == (130, "")
