"""API keys: from the environment, a command, or a file that only the user can read."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess  # runs the user's own `api_key_cmd`, never through a shell
import tomllib
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.store.disk import disk_failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.provider import Provider
    from tui.store.places import Places

COMMAND_LIMIT_S = 10.0
"""How long an `api_key_cmd` may take, in seconds."""


class KeyRing:
    """Finds and keeps API keys. No key ever shows in its `repr` or in a `Failure`."""

    def __init__(self, places: Places, environ: Mapping[str, str]) -> None:
        self._places = places
        self._environ = environ

    def __repr__(self) -> str:
        return f"<KeyRing {self._places.keys_file}>"

    def key_for(self, provider: Provider) -> str | None:
        """The key of a provider: from its variable, else its command, else the keys file; None if there is none.

        Raises `Failure` if the command fails or what it found can't be a key.
        """
        if provider.api_key_env and self._environ.get(provider.api_key_env, "").strip():
            return _checked(self._environ[provider.api_key_env], f"in {provider.api_key_env}")
        if provider.api_key_cmd:
            return _checked(self._ask(provider.name, provider.api_key_cmd), "from `api_key_cmd`")
        return self._stored(provider.name)

    def is_set(self, provider: Provider) -> bool:
        """Whether a provider has a key, as far as that can be told without running its command. Raises `Failure`."""
        named = self._environ.get(provider.api_key_env or "", "").strip()
        return bool(named or provider.api_key_cmd) or self.is_stored(provider.name)

    def store(self, name: str, key: str) -> None:
        """Keep a provider's key in the keys file, which only the user can read. Raises `Failure`."""
        from tui.store.toml.edit import set_member

        path = self._places.keys_file
        key = _checked(key, "that was given")
        if path.exists():
            self._tighten()
        set_member(self._places, path, ("keys", name), key)

    def forget(self, name: str) -> str | None:
        """Take a provider's key out of the keys file, and give it; None if there was none. Raises `Failure`."""
        from tui.store.toml.edit import set_member

        if not self._places.keys_file.exists():
            return None
        key = self._written(name)
        set_member(self._places, self._places.keys_file, ("keys", name), None)
        return key

    def is_stored(self, name: str) -> bool:
        """Whether the keys file has a key of that provider. Raises `Failure`."""
        return self._stored(name) is not None

    def _stored(self, name: str) -> str | None:
        key = self._written(name)
        return key if key is None else _checked(key, f"for {name} in {self._places.keys_file}")

    def _written(self, name: str) -> str | None:
        """What the keys file has of a provider, right or not."""
        path = self._places.keys_file
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise disk_failure(error, path, "read") from error
        self._tighten()
        try:
            key = tomllib.loads(data.decode("utf-8-sig")).get("keys", {}).get(name)
        except (ValueError, AttributeError, RecursionError):  # words of a parser may hold a key
            raise Failure(
                FailureKind.CONFIG,
                f"The keys file {path} can't be parsed",
                advice='It should look like: [keys], and below it mistral = "…".',
            ) from None
        return key if isinstance(key, str) else None

    def _tighten(self) -> None:
        path = self._places.keys_file
        try:
            mode = path.stat().st_mode
            if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
                path.chmod(0o600)
        except OSError as error:
            raise Failure(
                FailureKind.CONFIG,
                f"Others can read the keys in {path}",
                advice=f"Run `chmod 600 {path}`.",
            ) from error

    def _ask(self, name: str, command: str) -> str:
        try:
            words = shlex.split(command)
            done = subprocess.run(
                words,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=COMMAND_LIMIT_S,
                check=False,
                env=dict(self._environ),
            )
        except subprocess.TimeoutExpired:
            raise _no_answer(name, f"took longer than {COMMAND_LIMIT_S:.0f} s") from None
        except (OSError, ValueError, IndexError) as error:
            cause = error.strerror if isinstance(error, OSError) else "it is no command line"
            raise _no_answer(name, f"could not be run: {cause}") from None
        if done.returncode:
            raise _no_answer(name, f"ended with status {done.returncode}")
        if not done.stdout.strip():
            raise _no_answer(name, "printed nothing")
        return done.stdout.decode(errors="replace")


def _no_answer(name: str, words: str) -> Failure:
    return Failure(
        FailureKind.CONFIG,
        f"The command for the key of {name} {words}",
        advice=f"Run `api_key_cmd` of [providers.{name}] in a terminal to see why.",
    )


def _checked(key: str, where: str) -> str:
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise Failure(
            FailureKind.CONFIG,
            f"The key {where} is empty or holds characters that no key has",
            advice="Copy it once more, whole and alone.",
        )
    return key
