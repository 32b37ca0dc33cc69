"""The options that shape a question; `bise ask` and `bise request` share them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.cli.numbers import Number, Whole
from tui.core.nesting import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.cli.asking import Question

F = TypeVar("F", bound="Callable[..., Any]")

_ELSEWHERE = {"extra", "prefix", "stream", "model"}
"""Parameters that have options of their own."""

LONGEST_PROMPT = 32_000_000
"""Bytes of standard input that are taken; it may have no end."""


def question_options(command: F) -> F:
    """Adds the options to a command."""
    for option in reversed(
        [
            click.option("--preset", metavar="NAME", help="Parameters with a name; other options come before them. bise presets lists them."),
            click.option("-s", "--system", metavar="TEXT", help="A system prompt."),
            click.option("--stop", multiple=True, metavar="TEXT", help="A stop sequence; may be given several times."),
            click.option("--prefix", metavar="TEXT", help="The beginning of the reply."),
            click.option("--safe-prompt", is_flag=True, help="Ask Mistral to put its safety prompt in front."),
            click.option("--temperature", type=Number(min=0), metavar="X", help="How freely words are chosen; 0 takes the likeliest ones."),
            click.option("--top-p", type=Number(min=0, max=1), metavar="X", help="Choose among the likeliest words that make up this share."),
            click.option("--max-tokens", type=Whole(min=0), metavar="N", help="The longest reply, in tokens."),
            click.option("--seed", type=Whole(min=0), metavar="N", help="The same number gives the same reply again, more or less."),
            click.option("--n", type=Whole(min=1), metavar="N", help="How many replies."),
            click.option("--param", multiple=True, metavar="NAME=VALUE", help="Any parameter of the API, such as reasoning_effort=high; may be given several times. bise params lists them."),
            click.option("--schema", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", help="A JSON Schema that the reply follows."),
            click.option("--image", multiple=True, metavar="FILE|URL", help="An image that goes with the prompt; may be given several times."),
            click.option("--document", multiple=True, metavar="FILE|URL", help="A document that goes with the prompt; may be given several times."),
            click.option("--extra", metavar="JSON", help="An object that is merged into the request last, as it is."),
            click.option("--timeout", type=Number(min=0, min_open=True), metavar="S", help="The longest silence to wait for, in seconds."),
            click.option("--no-stream", is_flag=True, help="Ask for the reply in one piece."),
        ]
    ):  # fmt: skip
        command = option(command)
    return command


def prompt_of(argument: str | None) -> str:
    """The prompt: the argument, with standard input behind it. Raises `UsageError` if there is none."""
    is_piped = sys.stdin is not None and not sys.stdin.isatty()
    piped = sys.stdin.buffer.read(LONGEST_PROMPT + 1) if is_piped else b""
    if len(piped) > LONGEST_PROMPT:
        raise click.UsageError(
            f"standard input is longer than {LONGEST_PROMPT // 1_000_000} MB, more than any model takes"
        )
    text = "\n\n".join(part for part in (argument, piped.decode("utf-8", "replace")) if part)
    if not text.strip():
        raise click.UsageError("there is nothing to ask: give a PROMPT, or standard input")
    return text


def question_of(text: str, options: dict[str, Any]) -> Question:
    """The question that click's options describe. Raises `UsageError` for what cannot be."""
    from tui.cli.asking import Question
    from tui.cli.attachments import document_chunk, image_chunk

    parameters = {
        "stop": list(options["stop"]) or None,
        "prefix": options["prefix"],
        "safe_prompt": options["safe_prompt"] or None,
        "temperature": options["temperature"],
        "top_p": options["top_p"],
        "max_tokens": options["max_tokens"],
        "random_seed": options["seed"],
        "n": options["n"],
        "stream": False if options["no_stream"] else None,
        "response_format": _schema(options["schema"]) if options["schema"] else None,
        "extra": _extra(options["extra"]) if options["extra"] else None,
    }
    given = {name: value for name, value in parameters.items() if value is not None}
    return Question(
        text=text,
        preset=options["preset"],
        system=options["system"],
        parameters=given | parameters_of(options["param"]),
        chunks=[
            *map(image_chunk, options["image"]),
            *map(document_chunk, options["document"]),
        ],
        timeout_s=options["timeout"],
        retries=options.get("retries"),
        longest_wait_s=options.get("longest_wait"),
        save=options.get("save", False),
        as_json=options.get("as_json", False),
        thinking=options.get("thinking", False),
    )


def parameters_of(words: Iterable[str]) -> dict[str, Any]:
    """Parameters from `name=value` words, in their right types. Raises `BadParameter`."""
    given: dict[str, Any] = {}
    for word in words:
        name, is_there, text = word.partition("=")
        if not is_there:
            raise _bad("--param", f"write {word!r} as NAME=VALUE")
        given[name.strip()] = _value(name.strip(), text)
    return given


def _value(name: str, text: str) -> Any:
    from tui.core.spec import Home
    from tui.core.spec_text import parse
    from tui.core.specs import spec_of

    try:
        spec = spec_of(name)
        if spec.name in _ELSEWHERE or spec.home is not Home.PARAMETERS:
            raise ValueError(f"{spec.name} is no parameter of the request; use {spec.option}")
        return parse(spec, text)
    except ValueError as error:
        raise _bad("--param", str(error)) from None


def _schema(path: Path) -> dict[str, Any]:
    from tui.core.spec_text import schema_format

    try:
        schema = read_json(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise _bad("--schema", f"{path} holds no JSON: {error}") from None
    if not isinstance(schema, dict):
        raise _bad("--schema", f"{path} holds no JSON Schema: it is no object")
    return schema_format(schema, path.stem)


def _extra(text: str) -> dict[str, Any]:
    try:
        extra = read_json(text)
    except (ValueError, RecursionError) as error:
        raise _bad("--extra", f"this is no JSON: {error}") from None
    if not isinstance(extra, dict):
        raise _bad("--extra", "this is no JSON object")
    return extra


def _bad(option: str, words: str) -> click.BadParameter:
    return click.BadParameter(words, param_hint=f"'{option}'")
