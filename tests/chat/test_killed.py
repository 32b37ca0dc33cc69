"""Kills a talking process again and again; `BISE_KILLS=500` makes it a long run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.chat.killed import reply_to
from tui.chat.recovery import recover
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.state.journal import FileJournal

KILLS = int(os.environ.get("BISE_KILLS", "12"))
ROOT = Path(__file__).parents[2]


def told_before_the_kill(root: Path, seed: int, wait_s: float) -> list[list[str]]:
    """Run the talking process, kill it a moment after its first word, and give what it had said."""
    command = [sys.executable, "-m", "tests.chat.killed", str(root), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(wait_s)  # the moment of death, not a wait for something
        process.kill()
        return [line.split() for line in [first, *process.stdout]]


def replies_in(store: TomlSessions) -> Iterable[tuple[str, str, str | None]]:
    """Every prompt on disk, with its reply and why that ended; one that has none gives an empty one."""
    for header in store.listing().headers:
        session = store.load(header.id)
        assert session.problems == []
        ids = [message.id for message in session.messages]
        assert len(set(ids)) == len(ids), "a message stands twice"
        replies = {m.parent: m for m in session.messages if m.role == "assistant"}
        assert sum(m.role == "assistant" for m in session.messages) == len(replies)
        for message in session.messages:
            if message.role == "user":
                reply = replies.get(message.id)
                yield message.text, reply.text if reply else "", reply.ended if reply else None


def test_whatever_the_moment_nothing_that_was_told_is_lost(tmp_path: Path) -> None:
    chance = random.Random(4)
    places = Places(*(tmp_path / name for name in ("config", "data", "state", "cache")))
    store = TomlSessions(places)
    asked: set[str] = set()
    kept: set[str] = set()
    for seed in range(KILLS):
        for word, prompt in told_before_the_kill(tmp_path, seed, chance.random() * 0.3):
            (asked if word == "asked" else kept).add(prompt)
        recover(store, FileJournal(places))
        assert list(places.journal.glob("*.jsonl")) == []
        found = {prompt: (text, ended) for prompt, text, ended in replies_in(store)}
        assert asked <= found.keys()
        for prompt, (text, ended) in found.items():
            assert reply_to(prompt).startswith(text)
            assert ended in {"stop", "stopped", "interrupted", None}
            if prompt in kept:
                assert text == reply_to(prompt) or ended == "stopped"
            if ended == "stop":
                assert text == reply_to(prompt)
    for path in places.sessions.glob("*.toml"):
        tomllib.loads(path.read_text("utf-8"))
    assert kept
    print(f"{KILLS} kills, {len(asked)} prompts, {len(kept)} replies kept, none lost")
