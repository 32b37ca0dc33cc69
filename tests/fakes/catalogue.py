"""Lists of models that a test decides on: what is kept, and what servers answer, when it lets them."""

from __future__ import annotations

import asyncio

from tui.core.failure import Failure, FailureKind
from tui.core.models import ModelList
from tui.core.provider import Provider


class FakeCatalogue:
    """Fills in `core.ports.Catalogue`; a server that is in neither list can't be reached."""

    def __init__(self) -> None:
        self.lists: dict[str, ModelList] = {}
        self.answers: dict[str, ModelList] = {}
        self.asked: list[str] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    def kept(self, provider: Provider) -> ModelList | None:
        return self.lists.get(provider.name)

    async def fetch(self, provider: Provider) -> ModelList:
        self.asked.append(provider.name)
        await self.may_answer.wait()
        if provider.name not in self.answers:
            raise Failure(FailureKind.CONNECT, f"{provider.name} refused the connection")
        return self.answers[provider.name]
