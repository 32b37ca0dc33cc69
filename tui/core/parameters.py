"""All that shapes a completion beside its messages, in the API's own words."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tui.core.specs import OURS


class Parameters(BaseModel):
    """The parameters of a completion. None means: not sent, the server decides.

    Names and meanings are those of `POST /v1/chat/completions` of the Mistral API; the request
    builders translate them for other kinds of servers and leave out what a kind does not know.
    """

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    model: str | None = None
    temperature: float | None = Field(None, ge=0)
    top_p: float | None = Field(None, ge=0, le=1)
    max_tokens: int | None = Field(None, ge=0)
    stop: list[str] | None = None
    """Stop sequences; the reply ends before the first one that would appear."""
    prefix: str | None = None
    """The beginning of the reply, given to the model to continue."""
    safe_prompt: bool | None = None
    random_seed: int | None = Field(None, ge=0)
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    n: int | None = Field(None, ge=1)
    response_format: dict[str, Any] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    prediction: dict[str, Any] | None = None
    reasoning_effort: str | None = None
    prompt_mode: str | None = None
    metadata: dict[str, Any] | None = None
    guardrails: list[dict[str, Any]] | None = None
    prompt_cache_key: str | None = None
    service_tier: str | None = None
    min_tokens: int | None = Field(None, ge=0)
    top_k: int | None = None
    repetition_penalty: float | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    prompt_logprobs: bool | None = None
    top_prompt_logprobs: int | None = None
    stream: bool | None = None
    """Whether the reply is streamed; None means yes."""
    extra: dict[str, Any] = {}
    """Members that are merged into the request last, as they are."""

    system_prompt: str | None = None
    """Put in front of the conversation; `{{…}}` in it is filled in when the request is made."""
    prompt: str | None = None
    """The name of a prompt of the library, put in front of that."""
    stop_off: list[str] | dict[str, str] | None = None
    """Stop sequences that are kept and not sent, by the number of their row among all: see `core.stops`."""
    cut_here: bool | None = None
    """Whether this program ends the reply at a stop sequence itself."""
    prefix_once: bool | None = None
    """Whether the prefix is for the next reply only."""

    @field_validator("stop", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    def given(self) -> dict[str, Any]:
        """The parameters of the API that are set, by name."""
        return self.model_dump(exclude_none=True, exclude_defaults=True, exclude=set(OURS))

    def kept(self) -> dict[str, Any]:
        """All that is set, by name: also what is no member of a request."""
        return self.model_dump(exclude_none=True, exclude_defaults=True)
