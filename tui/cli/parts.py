"""Puts the parts together: settings, files, servers and the conductor that works on them."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.chat.attaching import AttachingBackends
from tui.chat.conductor import Conductor
from tui.chat.preparing import PreparedBackends
from tui.cli.servers import Servers
from tui.core.failure import Failure, FailureKind
from tui.core.hosts import with_scheme
from tui.core.provider import LOCAL, Provider
from tui.core.words import Kind
from tui.local.weights import installed
from tui.store.config.keys import KeyRing
from tui.store.config.prompts import PromptFolder
from tui.store.config.settings import SettingsFile
from tui.store.sessions.attachments import FileAttachments

if TYPE_CHECKING:
    from tui.chat.listener import Listener
    from tui.cli.model_book import KnownModels
    from tui.cli.options import Wanted
    from tui.core.ports import Journal, SessionStore
    from tui.core.settings import Settings
    from tui.store.places import Places

RUN_KEY = "BISE_API_KEY"
"""The variable that holds the key of a server given by `--base-url`."""


@dataclass
class Parts:
    """What a face of bise works with."""

    places: Places
    settings: Settings
    settings_file: SettingsFile
    keys: KeyRing
    servers: Servers
    providers: dict[str, Provider]
    provider: str | None
    """The provider of new chats; None if none is ready."""
    model: str | None
    """The model that was asked for."""
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, wanted: Wanted, places: Places) -> Parts:
        """Everything for this run. Raises `Failure(CONFIG)` for a provider that is not there."""
        settings_file = SettingsFile(places)
        settings = settings_file.load()
        keys = KeyRing(places, os.environ)
        providers = settings.all_providers()
        if wanted.base_url is not None:
            run = _run_provider(wanted.base_url, wanted.kind or Kind.OPENAI, wanted.model)
            providers[run.name] = run
            chosen: str | None = run.name
        elif wanted.local:
            chosen = LOCAL
        else:
            chosen = wanted.provider or settings.provider
        if chosen is not None and chosen not in providers:
            known = ", ".join(sorted(providers))
            raise Failure(
                FailureKind.CONFIG, f"No server is named {chosen!r}", advice=f"There are: {known}."
            )
        return cls(
            places=places,
            settings=settings,
            settings_file=settings_file,
            keys=keys,
            servers=Servers(places, settings, keys),
            providers=providers,
            provider=chosen or _first_ready(settings, providers, keys, places),
            model=wanted.model,
            problems=[str(problem) for problem in settings_file.problems],
        )

    @property
    def prompts(self) -> PromptFolder:
        """The library of system prompts."""
        return PromptFolder(self.places)

    @cached_property
    def book(self) -> KnownModels:
        """Contexts and prices of models."""
        from tui.cli.model_book import KnownModels

        return KnownModels(self.places, self.settings, self.providers)

    @property
    def attachments(self) -> FileAttachments:
        """The images and the like that saved messages refer to."""
        return FileAttachments(self.places)

    def conductor(
        self, store: SessionStore, listener: Listener, journal: Journal | None = None
    ) -> Conductor:
        """What runs the conversations, and follows what other instances do where a journal is kept."""
        from tui.store.sessions.watching import FileWatch
        from tui.store.state.drafts import FileDrafts
        from tui.store.state.journal import FileJournal
        from tui.wire.tokenizer import MistralTokenizer

        watch, waiting = None, None
        if isinstance(journal, FileJournal):
            watch = FileWatch(self.places, journal)
            waiting = FileDrafts(self.places, "waiting", journal.skips)
        with_files = AttachingBackends(self.servers, self.attachments)
        backends = PreparedBackends(with_files, self.prompts)
        return Conductor(
            store,
            backends,
            self.settings,
            self.providers,
            listener,
            journal=journal,
            watch=watch,
            waiting=waiting,
            book=self.book,
            tokenizer=MistralTokenizer(),
        )


def _run_provider(url: str, kind: Kind, model: str | None) -> Provider:
    """A provider for this run only. Its key is `BISE_API_KEY`, never another provider's.

    Its name ends with the port, so that it can't be taken for one in the keys file.
    """
    name = url
    with contextlib.suppress(
        ValueError
    ):  # half an address, a port that is no number: the client says so
        parts = urlsplit(with_scheme(url))
        port = parts.port or (443 if parts.scheme == "https" else 80)
        name = f"{parts.hostname}:{port}" if parts.hostname else url
    return Provider(
        name=name, kind=kind, base_url=url, model=model, api_key_env=RUN_KEY, for_this_run=True
    )


def _first_ready(
    settings: Settings, providers: dict[str, Provider], keys: KeyRing, places: Places
) -> str | None:
    """Whom to talk to when nobody was named: a configured server, Mistral if there is a key, the embedded model."""
    others = [name for name in settings.providers if name not in {"mistral", LOCAL}]
    with contextlib.suppress(Failure):  # a key command that fails is told when it is needed
        if keys.key_for(providers["mistral"]) is not None:
            return "mistral"
    if others:
        return others[0]
    if settings.local.gguf or installed(places.local_model):
        return LOCAL
    return None
