"""Writes chats to files that the user names on the screen: implements `core.ports.Exports`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.exporting import Exporter, Form, Task, save
from tui.core.failure import Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.ports import SessionStore
    from tui.store.places import Places

_LONGEST = 60
"""Characters of a title that become a file's name."""

_UNFIT = re.compile(r"[^\w .,()+-]+")


class FileExports:
    """Exports with the usual choices of `bise sessions export`."""

    def __init__(self, places: Places, store: SessionStore) -> None:
        self._places, self._store = places, store

    @property
    def forms(self) -> Sequence[str]:
        """What can be written, by the ending of the file."""
        return [str(form) for form in Form]

    def proposed(self, title: str, form: str) -> str:
        """A name for the file: the title as far as it can be one."""
        words = " ".join(_UNFIT.sub(" ", title).split())[:_LONGEST].strip(" .")
        return f"{words or 'chat'}.{form}"

    def target(self, path: str, form: str, title: str) -> tuple[Path, bool]:
        """Which file a path means, and whether it is there already: in a folder, one named by the title. Raises `Failure`."""
        try:
            target = Path(path).expanduser().absolute()
            if path.endswith("/") or target.is_dir():
                target /= self.proposed(title, form or Form.MARKDOWN)
            _form(target, form)
            return target, target.exists()
        except (OSError, RuntimeError, ValueError) as error:
            raise Failure(FailureKind.CONFIG, f"{path!r} is no path: {error}") from error

    def export(self, session_id: str, form: str, target: Path, *, force: bool) -> list[str]:
        """Write a session; gives what is missing of it, in words. Raises `Failure`."""
        task = Task.usual(_form(target, form), to_file=True)
        exporter = Exporter(self._places, self._store, task)
        save(target, exporter.text([session_id], target.parent), force=force)
        return list(exporter.notes)


def _form(target: Path, named: str) -> Form:
    return Form(named) if named else Form.of_ending(target.suffix, "/export md PATH")
