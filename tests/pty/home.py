"""The home folder of a user of the program, seen with plain tools."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Home:
    """A home folder, with the XDG folders that `harness.environment` puts into it."""

    path: Path

    @property
    def config(self) -> Path:
        """The program's configuration folder."""
        return self.path / "config" / "bise"

    @property
    def data(self) -> Path:
        """The program's data folder."""
        return self.path / "data" / "bise"

    @property
    def local_model(self) -> Path:
        """Where the embedded model's weights are kept."""
        return self.data / "local"

    @property
    def session_files(self) -> list[Path]:
        """All files of sessions, oldest first."""
        return sorted((self.data / "sessions").glob("*.toml"))

    def sessions(self) -> list[dict[str, Any]]:
        """All sessions, oldest first, read by a plain TOML reader."""
        return [tomllib.loads(path.read_text("utf-8")) for path in self.session_files]

    def said(self) -> list[list[tuple[str, str]]]:
        """Who said what, in each session."""
        return [
            [(message["role"], message["content"]) for message in session.get("message", [])]
            for session in self.sessions()
        ]

    def settle(self, text: str) -> None:
        """Write the settings."""
        self.config.mkdir(parents=True, exist_ok=True)
        (self.config / "settings.toml").write_text(text, "utf-8")
