"""Shows requests: as they would be sent, or as they were, with what came of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.chat.preparing import prepared
from tui.core.failure import Failure, FailureKind
from tui.core.provider import LOCAL
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.wire.dialects import DIALECTS
from tui.wire.printed import Printed, key_variable
from tui.wire.request import translations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.cli.parts import Parts
    from tui.core.completion import CompletionRequest
    from tui.core.provider import Provider
    from tui.wire.recording import Recording

_EMBEDDED = "the embedded model has another address and key at every start, and only while it runs"


class RequestInspector:
    """Implements `core.ports.Inspector`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def preview(self, request: CompletionRequest, provider: Provider) -> Printed:
        """The request as it would be sent now. Blocks on the disk; raises `Failure` if it can't be sent."""
        ready, filled = prepared(request, self._parts.prompts)
        messages, missing = self._parts.attachments.inlined(ready.messages)
        ready = replace(ready, messages=messages)
        sends_key = self._parts.servers.sends_key(provider)
        printed = Printed.of(ready, provider, key_variable(provider) if sends_key else None)
        where = [_EMBEDDED] if provider.is_local else []
        renamed = translations(ready.parameters, DIALECTS[provider.kind])
        notes = [*filled, *missing, *printed.notes, *renamed, *where]
        return replace(printed, notes=notes)

    def sent(self, message_id: str) -> Sent | None:
        """What was sent for a reply of this run; None if that is not known any more."""
        recording = self._parts.servers.recorder.find(message_id)
        return Sent.of(recording) if recording is not None else None

    def save(self, path: str, text: str) -> Path:
        """Write a text to a file that is not there yet. Blocks on the disk; raises `Failure`."""
        target = Path(path).expanduser()
        if target.exists():
            raise Failure(
                FailureKind.DISK, f"There is a file {target} already", advice="Name another."
            )
        try:
            atomic.replace(target, text.encode("utf-8", "replace"))
        except OSError as error:
            raise disk_failure(error, target, "write") from error
        return target


@dataclass(frozen=True, slots=True)
class Sent:
    """Implements `core.ports.SentRequest`."""

    printed: Printed
    at: float
    recording: Recording

    @classmethod
    def of(cls, recording: Recording) -> Sent:
        """What was recorded of a reply."""
        provider = recording.provider
        notes = [*recording.notes, *([_EMBEDDED] if provider.name == LOCAL else [])]
        variable = key_variable(provider) if recording.key else None
        printed = Printed.sent(recording.url, recording.body, provider, variable, notes)
        return cls(printed, recording.at, recording)

    def lines(self) -> Iterable[tuple[float, str]]:
        """What came, line by line, each with the seconds from sending until then."""
        return self.recording.lines()
