"""`bise sessions search`: finds words in all chats."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from tui.cli.numbers import Whole
from tui.cli.sessions_naming import FOLDERS, Cabinet
from tui.cli.sessions_output import print_json, print_lines
from tui.cli.telling import DONE, tell
from tui.core.text import one_line

if TYPE_CHECKING:
    from tui.core.search import Found, Hit, Snippet

LEAST_SHOWN = 200
"""From so many changed chats on it is told how far their reading has come."""


@click.command()
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@click.option(
    "--limit",
    "-n",
    type=Whole(1),
    default=50,
    show_default=True,
    metavar="N",
    help="At most so many hits.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def search(context: click.Context, /, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find words in titles and messages: the best hits first.

    "…" is a phrase, `*` behind a word finds its continuations, `-` excludes. `role:`, `model:`,
    `provider:`, `tag:`, `session:`, `in:` (chats, archive, trash, all), `after:` and `before:` (a day,
    month or year) filter. Put -- before a query that begins with -.
    """
    found = _found(" ".join(map(_quoted, words)) if len(words) > 1 else words[0], limit)
    if found.note:
        tell(found.note)
    if as_json:
        context.exit(print_json([_object(hit) for hit in found.hits]))
    if not found.hits:
        tell("nothing was found")
        context.exit(DONE)
    context.exit(print_lines(line for hit in found.hits for line in _lines(hit)))


def _quoted(word: str) -> str:
    """A word of the shell's as one of a query: if it has spaces it is a phrase."""
    return f'"{word}"' if " " in word and '"' not in word else word


def _found(query: str, limit: int) -> Found:
    from tui.core.search import Query
    from tui.store.search.search import SessionSearch

    sessions = SessionSearch(Cabinet().places)
    sessions.refresh(_progress)
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
    return sessions.search(Query.parse(query), limit)


def _progress(done: int, of_all: int) -> bool:
    if sys.stderr.isatty() and of_all >= LEAST_SHOWN:
        click.echo(f"\rbise: read {done} of {of_all} changed chats", err=True, nl=False)
    return True


def _object(hit: Hit) -> dict[str, Any]:
    return {
        "session": hit.session_id,
        "title": hit.title,
        "place": FOLDERS[hit.place],
        "message": hit.message_id or None,
        "role": hit.role or None,
        "at": datetime.fromtimestamp(hit.at).astimezone().isoformat("T", "seconds"),
        "text": hit.snippet.text,
        "marks": [list(mark) for mark in hit.snippet.marks],
    }


def _lines(hit: Hit) -> list[str]:
    """A hit: where it is, and the words around it. In a pipe one line, with tabs."""
    at = f"{datetime.fromtimestamp(hit.at).astimezone():%Y-%m-%d %H:%M}"
    title, place = one_line(hit.title) or "(no title)", f" ({hit.place})" if hit.place else ""
    where = [hit.session_id, at, one_line(hit.role) or "title", f"{title}{place}"]
    if not sys.stdout.isatty():
        return ["\t".join([*where, one_line(hit.snippet.text)])]
    return ["  ".join(where), f"    {_snippet(hit.snippet)}"]


def _snippet(snippet: Snippet) -> str:
    before = "…" if snippet.is_cut_before else ""
    return before + one_line(_marked(snippet)) + ("…" if snippet.is_cut_behind else "")


def _marked(snippet: Snippet) -> str:
    """The text with what was found in brackets, since plain text has no colours."""
    pieces, at = [], 0
    for start, end in snippet.marks:
        pieces += [snippet.text[at:start], "[", snippet.text[start:end], "]"]
        at = end
    return "".join([*pieces, snippet.text[at:]])
