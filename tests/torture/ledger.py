"""What a killed bise had shown, held against what is on disk."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.torture.victim import BEAT_S, TOLD, places_in
from tui.chat.recovery import AGAIN, recover
from tui.core.message import Message
from tui.store.sessions.head_clash import NOTE
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.state.journal import FileJournal

BEHIND_S = 1.0
"""How far behind the screen the disk may be."""
LATE_S = 0.05
"""A beat that is late by less is no sign of anything."""

Which = tuple[str, str]


@dataclass
class Ledger:
    """What must be on disk in one folder; `counts` is for people."""

    root: Path
    is_shared: bool = False
    """Whether two work there at once, so that they may clash."""
    counts: Counter[str] = field(default_factory=Counter)
    texts: dict[Which, list[tuple[float, str | None]]] = field(default_factory=dict)
    """By session and message (or "" for the title): what it said, and since when; None if it was taken back."""
    lengths: dict[Which, list[tuple[float, int]]] = field(default_factory=dict)
    replies: dict[Which, str] = field(default_factory=dict)
    """By session and reply: the whole of what the server says."""
    _read: int = 0
    _beats: list[tuple[float, float]] = field(default_factory=list)

    def settle(self, killed: float) -> None:
        """Repair as a start does, and compare. Raises `AssertionError` for anything that is lost."""
        self._take_in()
        places = places_in(self.root)
        store = TomlSessions(places)
        self.counts["cut replies kept"] += len(recover(store, FileJournal(places)))
        left = [path.name for path in places.journal.glob("*.jsonl")]
        assert not left, f"journals were left: {left}"
        found: dict[str, tuple[str, dict[str, Message]]] = {}
        for path in places.sessions.rglob("*.toml"):
            tomllib.loads(path.read_text("utf-8"))
            session = store.load(path.stem)
            assert session.problems == [], session.problems
            messages = {message.id: message for message in session.messages}
            assert len(messages) == len(session.messages), f"{path}: a message stands twice"
            lost = [m.id for m in session.messages if m.parent and m.parent not in messages]
            assert not lost, f"{path}: these follow nothing: {lost}"
            found[path.stem] = session.title, messages
        horizon = killed - BEHIND_S - self._held_up(killed)
        self._check_texts(found, horizon)
        self._check_replies(found, horizon)
        self.counts["kills"] += 1

    def _held_up(self, killed: float) -> float:
        """For how long, of the last seconds, the system did not let it run, as a busy machine does."""
        recent = [(moment, late) for moment, late in self._beats if moment > killed - 3 * BEHIND_S]
        last = max((moment for moment, _ in recent), default=killed)
        late = [late for _, late in recent] + [killed - last - BEAT_S]
        self._beats.clear()
        return sum(one for one in late if one > LATE_S)

    def _take_in(self) -> None:
        file = self.root / TOLD
        data = file.read_bytes() if file.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        for moment, word, *about in sorted(map(json.loads, whole[self._read :].splitlines())):
            self.counts[word] += word != "beat"
            self._note(moment, word, about)
        self._read = len(whole)

    def _note(self, moment: float, word: str, about: list[Any]) -> None:
        match word, about:
            case "beat", [late]:
                self._beats.append((moment, late))
            case "said", [session_id, message_id, text]:
                self.texts.setdefault((session_id, message_id), []).append((moment, text))
            case "title", [session_id, text]:
                self.texts.setdefault((session_id, ""), []).append((moment, text))
            case "undone", [session_id, gone]:
                for message_id in gone:
                    self.texts.setdefault((session_id, message_id), []).append((moment, None))
            case "begun", [session_id, message_id, text]:
                self.replies[session_id, message_id] = text
            case "grew", [session_id, message_id, length]:
                self.lengths.setdefault((session_id, message_id), []).append((moment, length))
            case "trouble", _:
                raise AssertionError(about)

    def _check_texts(
        self, found: dict[str, tuple[str, dict[str, Message]]], horizon: float
    ) -> None:
        for which, values in list(self.texts.items()):
            session_id, message_id = which
            old = [text for moment, text in values if moment <= horizon]
            new = [text for moment, text in values if moment > horizon]
            title, messages = found.get(session_id, ("", {}))
            there = messages.get(message_id)
            text = title if not message_id else (there.text if there is not None else None)
            if old:
                self.counts["texts checked"] += 1
                assert session_id in found, f"the session {session_id} is lost"
                kept = text in {old[-1], *new} or self._is_beside(old[-1], messages, session_id)
                assert kept, f"{which}: {text!r} instead of {old[-1]!r}, {new!r}"
            if text is None or session_id not in found:
                del self.texts[which]
            else:
                self.texts[which] = [(0.0, text)]

    def _is_beside(self, text: str | None, messages: dict[str, Message], session_id: str) -> bool:
        """Whether a text stands beside what another instance wrote at the same time."""
        if not self.is_shared or text is None:
            return False
        self.counts["kept beside another's"] += 1
        if any(message.text == text for message in messages.values()):
            return True
        [path] = places_in(self.root).sessions.rglob(f"{session_id}.toml")
        return f'{NOTE}title = "{text}"' in path.read_text("utf-8")

    def _check_replies(
        self, found: dict[str, tuple[str, dict[str, Message]]], horizon: float
    ) -> None:
        for which, values in list(self.lengths.items()):
            session_id, message_id = which
            _, messages = found.get(session_id, ("", {}))
            there = messages.get(message_id + AGAIN) or messages.get(message_id)
            text = there.text if there is not None else ""
            least = max((length for moment, length in values if moment <= horizon), default=0)
            self.counts["replies checked"] += bool(least)
            assert self.replies[which].startswith(text), f"{which}: {text!r} was never said"
            assert len(text) >= least, f"{which}: {len(text)} of {least} characters"
            self.lengths[which] = [(0.0, len(text))]
