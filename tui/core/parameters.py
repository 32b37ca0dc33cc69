"""All that shapes a completion beside its messages, in the API's own words."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator


class Parameters(BaseModel):
    """The parameters of a completion. None means: not sent, the server decides.

    Names and meanings are those of `POST /v1/chat/completions` of the Mistral API; the request
    builders translate them for other kinds of servers and leave out what a kind does not know.
    """

    model_config = ConfigDict(extra="allow")

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

    @field_validator("stop", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    def given(self) -> dict[str, Any]:
        """The parameters that are set, by name."""
        return self.model_dump(exclude_none=True, exclude_defaults=True)


def value_of(name: str, text: str) -> Any:
    """The value that a parameter is given by some text, such as `0.3`, `high` or `{"a": 1}`.

    Raises `ValueError`, saying in words what is wrong.
    """
    readings = [_json(text), text] if text[:1] in {"[", "{", '"'} else [text, _json(text)]
    wrong = ""
    for reading in readings:
        try:
            return getattr(Parameters.model_validate({name: reading}), name)
        except ValidationError as error:
            wrong = wrong or error.errors()[0]["msg"]
    raise ValueError(wrong)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
