"""The ports: what conversations need of the world, as Protocols that other parts fill in."""

from tui.core.ports.library import PresetShelf, PromptLibrary, Prompts, ThemeShelf
from tui.core.ports.program import Clock, Memory, NewsKeeper, SettingsKeeper, Setup
from tui.core.ports.replies import Claim, Diary, Journal, Watch
from tui.core.ports.requests import Inspector, PrintedRequest, SentRequest
from tui.core.ports.servers import Backend, Backends, Catalogue, ModelBook, ProviderShelf, Tokenizer
from tui.core.ports.sessions import Attachments, Exports, Filing, Search, SessionStore, Usage
from tui.core.ports.typed import Drafts, History, NamedFiles

__all__ = [
    "Attachments",
    "Backend",
    "Backends",
    "Catalogue",
    "Claim",
    "Clock",
    "Diary",
    "Drafts",
    "Exports",
    "Filing",
    "History",
    "Inspector",
    "Journal",
    "Memory",
    "ModelBook",
    "NamedFiles",
    "NewsKeeper",
    "PresetShelf",
    "PrintedRequest",
    "PromptLibrary",
    "Prompts",
    "ProviderShelf",
    "Search",
    "SentRequest",
    "SessionStore",
    "SettingsKeeper",
    "Setup",
    "ThemeShelf",
    "Tokenizer",
    "Usage",
    "Watch",
]
