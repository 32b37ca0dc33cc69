"""The user's settings, as `settings.toml` holds them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tui.core.parameters import Parameters
from tui.core.provider import LOCAL, Provider
from tui.core.stops import SETS
from tui.core.words import Kind, Ring


class LocalSettings(BaseModel):
    """The embedded model."""

    model_config = ConfigDict(extra="allow")

    gguf: str | None = None
    """Path of a model file of the user's own, in GGUF form; None means the one that `bise local setup` fetches."""
    context: int = Field(4096, ge=512)
    """Tokens that one chat's prompt and reply may have together."""


class TitleSettings(BaseModel):
    """Titles of chats."""

    model_config = ConfigDict(extra="allow")

    by_model: bool = False
    """Whether a model makes the title after the first reply; until then, and otherwise, it is the first words."""
    provider: str | None = None
    """Whom to ask; None means the chat's own server."""
    model: str | None = None
    """The model to ask, which may be a cheap one; None means the chat's own."""


class ContextSettings(BaseModel):
    """What a model's context holds."""

    model_config = ConfigDict(extra="allow")

    warn_at: float = Field(0.8, gt=0, le=1)
    """The share of the context from which on the meter warns."""


class ModelFacts(BaseModel):
    """What the user knows better of a model than its server or this program."""

    model_config = ConfigDict(extra="allow")

    context: int | None = Field(None, gt=0)
    """Tokens that prompt and reply may have together."""
    input: float | None = Field(None, ge=0)
    """The price of a million tokens of the prompt."""
    output: float | None = Field(None, ge=0)
    """The price of a million tokens of the reply."""


class Settings(BaseModel):
    """All settings. Unknown members are kept in the file and ignored."""

    model_config = ConfigDict(extra="allow")

    theme: str = "bise-dark"
    provider: str | None = None
    """The provider of new chats; None means the first that is ready."""
    wrap_code: bool = True
    """Whether long lines of code are wrapped; else they go on sideways."""
    vim_keys: bool = True
    """Whether letters move in lists and texts, as j and k do in vi; the arrow keys always do."""
    parallel: int = Field(4, ge=1)
    """How many replies may stream at once; more wait in a queue."""
    ring: Ring = Ring.BELL
    """How a reply tells that it is there, if its chat is not on the screen."""
    retries: int = Field(3, ge=0)
    """How often a request is sent again before its reply begins."""
    longest_wait_s: float = Field(60, ge=0)
    """The longest wait before that; if a server asks for a longer one, the failure is told instead."""
    parameters: Parameters = Field(default_factory=Parameters)
    """What new chats begin with."""
    providers: dict[str, Provider] = {}
    models: dict[str, ModelFacts] = {}
    """By id."""
    local: LocalSettings = Field(default_factory=LocalSettings)
    titles: TitleSettings = Field(default_factory=TitleSettings)
    context: ContextSettings = Field(default_factory=ContextSettings)
    stop_sets: dict[str, list[str]] = {}
    """Stop sequences that are used together, by name."""
    keys: dict[str, str] = {}
    """Keys by command id, such as `"composer.send" = "ctrl+j"`; several stand behind commas, an empty text means none."""

    def all_stop_sets(self) -> dict[str, tuple[str, ...]]:
        """The user's stop sets and those that come with the program, by name."""
        own = {name: tuple(texts) for name, texts in self.stop_sets.items()}
        return {**own, **{name: texts for name, texts in SETS.items() if name not in own}}

    def all_providers(self) -> dict[str, Provider]:
        """The configured providers and the built-in ones (`mistral`, `local`), by name.

        A built-in one may be changed in part: what is not set stays as it is.
        """
        built_in = {
            "mistral": Provider(
                name="mistral",
                kind=Kind.MISTRAL,
                api_key_env="MISTRAL_API_KEY",
                model="mistral-medium-latest",
            ),
            LOCAL: Provider(name=LOCAL, kind=Kind.LLAMACPP, model="smollm2-135m-instruct"),
        }
        changed = {
            name: provider.model_copy(update=own.model_dump(exclude_unset=True, exclude={"name"}))
            for name, provider in built_in.items()
            if (own := self.providers.get(name)) is not None
        }
        return built_in | self.providers | changed
