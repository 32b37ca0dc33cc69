"""Where everything lies: the folders of this program, by the customs of the platform."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tui.core.failure import Failure, FailureKind
from tui.store.disk import cause_of

APP = "bise"


@dataclass(frozen=True, slots=True)
class Places:
    """The four folders, and what lies where in them. Nothing is made until `ensure` is called."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @classmethod
    def from_environment(cls) -> Places:
        """The platform's own folders; `XDG_CONFIG_HOME` and its like move them."""
        import platformdirs

        return cls(
            config=Path(platformdirs.user_config_dir(APP, appauthor=False)),
            data=Path(platformdirs.user_data_dir(APP, appauthor=False)),
            state=Path(platformdirs.user_state_dir(APP, appauthor=False)),
            cache=Path(platformdirs.user_cache_dir(APP, appauthor=False)),
        )

    @property
    def settings_file(self) -> Path:
        """The settings, which the user edits too."""
        return self.config / "settings.toml"

    @property
    def keys_file(self) -> Path:
        """API keys, readable by the user alone."""
        return self.config / "keys.toml"

    @property
    def themes(self) -> Path:
        """The user's own colour themes."""
        return self.config / "themes"

    @property
    def presets(self) -> Path:
        """The user's own presets."""
        return self.config / "presets"

    @property
    def prompts(self) -> Path:
        """The user's library of system prompts."""
        return self.config / "prompts"

    @property
    def sessions(self) -> Path:
        """One TOML file per session."""
        return self.data / "sessions"

    @property
    def files(self) -> Path:
        """Images, documents and sounds that belong to messages, named by their content."""
        return self.sessions / "files"

    @property
    def backup(self) -> Path:
        """Session files as they were before they were repaired or migrated."""
        return self.sessions / "backup"

    @property
    def history_file(self) -> Path:
        """The prompts of all chats, newest last."""
        return self.data / "history.toml"

    @property
    def usage_cache(self) -> Path:
        """What the sessions have used, summed up; derived from them."""
        return self.cache / "usage.sqlite3"

    @property
    def local_model(self) -> Path:
        """The embedded model's weights."""
        return self.data / "local"

    @property
    def journal(self) -> Path:
        """Replies in flight."""
        return self.state / "journal"

    @property
    def drafts(self) -> Path:
        """What was typed and not sent, per chat."""
        return self.state / "drafts"

    @property
    def waiting(self) -> Path:
        """What was sent while a reply was still coming, per chat."""
        return self.state / "waiting"

    @property
    def unread(self) -> Path:
        """Which chats nobody has looked at since something came in them."""
        return self.state / "unread"

    @property
    def locks(self) -> Path:
        """Lock files; they hold nothing and may be deleted while no bise runs."""
        return self.state / "locks"

    @property
    def log_file(self) -> Path:
        """The log."""
        return self.state / "bise.log"

    def ensure(self, folder: Path) -> Path:
        """Make the folder, for the user alone, unless it is there; give it back.

        Raises `Failure` if it can't be made or written to.
        """
        try:
            _make(folder)
        except OSError as error:
            raise self._unusable(folder, cause_of(error)) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise self._unusable(folder, "you may not write there")
        return folder

    def _unusable(self, folder: Path, cause: str) -> Failure:
        variable = next(
            (
                name
                for name, root in (
                    ("XDG_CONFIG_HOME", self.config),
                    ("XDG_DATA_HOME", self.data),
                    ("XDG_STATE_HOME", self.state),
                    ("XDG_CACHE_HOME", self.cache),
                )
                if folder.is_relative_to(root)
            ),
            None,
        )
        advice = "Mend its permissions"
        advice += f", or set {variable} to a folder that you may write to." if variable else "."
        return Failure(
            FailureKind.DISK, f"The folder {folder} can't be used: {cause}", advice=advice
        )


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    if not folder.parent.exists():
        _make(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(0o700)  # whatever the umask took away
