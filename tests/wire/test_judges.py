from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.test_history import MESSAGES, calls, result, roles, says
from tui.core.completion import CompletionRequest
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.words import Kind
from tui.wire.request import build

PARAMETERS = {"model": "m", "temperature": 0.3, "stop": ["a"], "random_seed": 1}


def request_for_mistral(messages: list[Message], prefix: str | None) -> dict[str, Any]:
    asked = CompletionRequest(messages, Parameters(**PARAMETERS, prefix=prefix))
    try:
        return build(asked, Kind.MISTRAL).body
    except Failure:  # nothing is left to be asked
        return build(
            CompletionRequest([says("user"), *messages, says("user")], asked.parameters),
            Kind.MISTRAL,
        ).body


def as_open_models_take_it(message: dict[str, Any]) -> dict[str, Any]:
    content = message["content"]
    if not isinstance(content, str):
        content = [
            {**c, "thinking": c["thinking"][0]["text"]} if c["type"] == "thinking" else c
            for c in content
            if c["type"] not in {"document_url", "reference"}
            and not (message["role"] == "tool" and c["type"] == "image_url")
        ]
    return {**message, "content": content or "x"}


@settings(deadline=None)
@given(MESSAGES, st.sampled_from([None, "Pre "]))
def test_the_official_client_takes_every_request(messages, prefix):
    models = pytest.importorskip("mistralai.client.models")
    models.ChatCompletionStreamRequest.model_validate(request_for_mistral(messages, prefix))


@settings(deadline=None)
@given(MESSAGES, st.sampled_from([None, "Pre "]))
def test_the_validator_of_the_open_models_takes_every_request(messages, prefix):
    validators = pytest.importorskip("mistral_common.protocol.instruct.validator")
    requests = pytest.importorskip("mistral_common.protocol.instruct.request")
    body = request_for_mistral(messages, prefix)
    shape = {name: body[name] for name in ("model", "temperature", "random_seed")}
    shape["messages"] = [as_open_models_take_it(message) for message in body["messages"]]
    asked = requests.ChatCompletionRequest.model_validate(shape)
    validators.MistralRequestValidatorV13().validate_request(asked)
    validators.MistralRequestValidatorV15().validate_request(asked)


@pytest.mark.parametrize("kind", list(Kind))
def test_calls_before_anything_was_asked_are_left_out(kind):
    assert roles(kind, calls("aaaaaaaa1"), result("aaaaaaaa1"), says("user")) == ["user"]
