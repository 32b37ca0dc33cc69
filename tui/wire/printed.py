"""The request as text that people can run: JSON, HTTP, curl, Python, TypeScript.

The key never stands in it: it is the variable that holds it.
"""

from __future__ import annotations

import json
import pprint
import re
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from tui.core.text import UNSAFE, scrub
from tui.core.words import Kind
from tui.wire.address import base_url, below
from tui.wire.request import build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui.core.completion import CompletionRequest
    from tui.core.provider import Provider

_PRIVATE: Final = re.compile(r"auth|key|token|secret|cookie|pass", re.IGNORECASE)
"""Names of headers whose values are not printed either."""
_VARIABLE: Final = re.compile(r"(Bearer )?\$\w+")
_IMPORT_OS: Final = "import os\n\n"
_MISTRAL_TAKES: Final = frozenset(
    [
        "model",
        "messages",
        "temperature",
        "top_p",
        "max_tokens",
        "stream",
        "stop",
        "random_seed",
        "metadata",
        "response_format",
        "tools",
        "tool_choice",
        "presence_penalty",
        "frequency_penalty",
        "min_tokens",
        "repetition_penalty",
        "top_k",
        "logprobs",
        "top_logprobs",
        "prompt_logprobs",
        "top_prompt_logprobs",
        "n",
        "prediction",
        "parallel_tool_calls",
        "reasoning_effort",
        "prompt_mode",
        "guardrails",
        "prompt_cache_key",
        "service_tier",
        "safe_prompt",
    ]
)
"""Arguments of the official client's `chat.complete` and `chat.stream`."""
_OPENAI_TAKES: Final = frozenset(
    [
        "model",
        "messages",
        "frequency_penalty",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "metadata",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "reasoning_effort",
        "response_format",
        "seed",
        "service_tier",
        "stop",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
    ]
)
_LONGEST_ARGUMENT: Final = 100_000
"""Bytes that one argument of a command may have; Linux takes 131,071."""
_AS_THEY_ARE: Final = {"metadata", "schema", "parameters", "arguments", "customCategoryThresholds"}
"""Members whose insides are the user's own, with names of the user's own."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A request and where it goes."""

    kind: Kind
    url: str
    """The whole address of the endpoint."""
    body: dict[str, Any]
    key_variable: str | None
    """What stands for the key; None if none is sent."""
    headers: Mapping[str, str]
    """The provider's own headers; values that look private are variables."""
    timeout_s: float
    notes: list[str]
    """What was left out, changed or repaired, in words."""

    @classmethod
    def of(
        cls, request: CompletionRequest, provider: Provider, key_variable: str | None
    ) -> Printed:
        """The request as it would be sent. Raises `Failure` for what cannot be sent."""
        built = build(request, provider.kind)
        url = str(below(base_url(provider), built.path))
        return cls.sent(url, built.body, provider, key_variable, built.notes)

    @classmethod
    def sent(
        cls,
        url: str,
        body: dict[str, Any],
        provider: Provider,
        key_variable: str | None,
        notes: list[str],
    ) -> Printed:
        """A request that was built."""
        return cls(
            kind=provider.kind,
            url=url,
            body=json.loads(scrub(json.dumps(body, ensure_ascii=False))),
            key_variable=key_variable,
            headers={name: _shown(name, value) for name, value in provider.headers.items()},
            timeout_s=provider.idle_timeout_s,
            notes=notes,
        )

    def as_form(self, name: str) -> str:
        """The request in one of the `FORMS`."""
        return FORMS[name](self)

    def with_body(self, body: dict[str, Any], note: str = "") -> Printed:
        """The same with another body."""
        notes = [*self.notes, note] if note else self.notes
        return replace(self, body=body, notes=notes)

    @property
    def all_headers(self) -> dict[str, str]:
        """Every header that says something, the key as its variable."""
        accept = "text/event-stream" if self.body.get("stream") else "application/json"
        key = {"Authorization": f"Bearer ${self.key_variable}"} if self.key_variable else {}
        return {**self.headers, **key, "Content-Type": "application/json", "Accept": accept}


def key_variable(provider: Provider) -> str:
    """The variable that stands for a provider's key: its own, or the usual one of its kind.

    The usual one holds a key for the usual host, and is not named for any other.
    """
    usual = {Kind.MISTRAL: "MISTRAL_API_KEY", Kind.OPENAI: "OPENAI_API_KEY"}
    known = usual.get(provider.kind, "API_KEY") if provider.base_url is None else "API_KEY"
    return provider.api_key_env or known


def _shown(name: str, value: str) -> str:
    variable = re.sub(r"\W", "_", name).upper()
    return f"${variable}" if _PRIVATE.search(name) else value


def as_json(request: Printed) -> str:
    """The body alone."""
    return _json(request.body) + "\n"


def as_http(request: Printed) -> str:
    """The request as it goes over the line, but for the key."""
    scheme, _, rest = request.url.partition("://")
    host, _, path = rest.partition("/")
    lines = [f"POST /{path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in request.all_headers.items()]
    return "\n".join([*lines, "", as_json(request)]) if scheme else ""


def as_curl(request: Printed) -> str:
    """A shell command."""
    parts = ["curl -sS --no-buffer", shlex.quote(request.url)]
    for name, value in request.all_headers.items():
        parts.append(f"-H {_header(name, value)}")
    body = _json(request.body)
    if len(body.encode()) > _LONGEST_ARGUMENT:
        return " \\\n  ".join([*parts, f"--data-binary @- <<'END'\n{body}\nEND\n"])
    return " \\\n  ".join([*parts, f"--data-raw {_quoted(body)}\n"])


def _header(name: str, value: str) -> str:
    header = f"{name}: {value}"
    return f'"{header}"' if _VARIABLE.fullmatch(value) else shlex.quote(header)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def as_python(request: Printed) -> str:
    """A program with the official client, or with httpx where that client would send something else."""
    if request.kind is Kind.MISTRAL and _mistral_sends_it(request):
        return _python_mistral(request)
    if request.kind is not Kind.MISTRAL and not request.headers:
        return _python_openai(request)
    return _python_httpx(request)


def _mistral_sends_it(request: Printed) -> bool:
    """Whether the official client sends this body unchanged: it adds members to replies of the history."""
    replies = [m for m in request.body["messages"] if m.get("role") == "assistant"]
    return (
        request.url.endswith("/v1/chat/completions")
        and request.body.keys() <= _MISTRAL_TAKES
        and not request.headers
        and all(reply.get("prefix") is True and "tool_calls" not in reply for reply in replies)
    )


def _python_mistral(request: Printed) -> str:
    body = {name: value for name, value in request.body.items() if name != "stream"}
    root = request.url.removesuffix("/v1/chat/completions")
    head = f"""{_IMPORT_OS if request.key_variable else ""}from mistralai.client import Mistral

client = Mistral(
    api_key={_key_in_python(request)},
    server_url={root!r},
    timeout_ms={round(request.timeout_s * 1000)},
)
"""
    if request.body.get("stream"):
        return f"""{head}with client.chat.stream(
{_arguments(body)}) as events:
    for event in events:
        for choice in event.data.choices:
            if isinstance(choice.delta.content, str):
                print(choice.delta.content, end="", flush=True)
print()
"""
    return f"""{head}reply = client.chat.complete(
{_arguments(body)})
print(reply.choices[0].message.content)
"""


def _python_openai(request: Printed) -> str:
    body = {name: value for name, value in request.body.items() if name in _OPENAI_TAKES}
    extra = {name: value for name, value in request.body.items() if name not in _OPENAI_TAKES}
    if "model" not in body:  # the client asks for one
        return _python_httpx(request)
    if extra:
        body["extra_body"] = extra
    base = request.url.removesuffix("/chat/completions")
    head = f"""{_IMPORT_OS if request.key_variable else ""}from openai import OpenAI

client = OpenAI(
    api_key={_key_in_python(request)},
    base_url={base!r},
    timeout={request.timeout_s!r},
)
reply = client.chat.completions.create(
{_arguments(body)})
"""
    if request.body.get("stream"):
        return f"""{head}for event in reply:
    for choice in event.choices:
        print(choice.delta.content or "", end="", flush=True)
print()
"""
    return f"{head}print(reply.choices[0].message.content)\n"


def _key_in_python(request: Printed) -> str:
    """Without a key the official clients are told so: else they send one that they look for themselves."""
    return f"os.environ[{request.key_variable!r}]" if request.key_variable else '"none"'


def _python_httpx(request: Printed) -> str:
    headers = {
        name: value for name, value in request.all_headers.items() if not _VARIABLE.fullmatch(value)
    }
    private = "".join(
        f"headers[{name!r}] = {_from_environment(value)}\n"
        for name, value in request.all_headers.items()
        if _VARIABLE.fullmatch(value)
    )
    return f"""{_IMPORT_OS if private else ""}import httpx

# the official client would add members to this request, or cannot send some of it
headers = {_literal(headers)}
{private}body = {_literal(request.body)}
with httpx.stream(
    "POST", {request.url!r}, headers=headers, json=body, timeout={request.timeout_s!r}
) as reply:
    for text in reply.iter_text():
        print(text, end="", flush=True)
print()
"""


def _from_environment(value: str) -> str:
    before, _, variable = value.partition("$")
    return f"{before!r} + os.environ.get({variable!r}, 'none')"


def _literal(value: Any) -> str:
    return pprint.pformat(value, width=88, sort_dicts=False)


def _arguments(body: Mapping[str, Any]) -> str:
    lines = []
    for name, value in body.items():
        text = _literal(value).replace("\n", "\n    ")
        lines.append(f"    {name}={text},\n")
    return "".join(lines)


def as_typescript(request: Printed) -> str:
    """A program with the official client, or without it where that would not send all of it."""
    if request.headers:
        return _typescript_fetch(request)
    if request.kind is not Kind.MISTRAL:
        return _typescript(request)
    is_known = request.body.keys() <= _MISTRAL_TAKES
    is_usual = request.url.endswith("/v1/chat/completions")
    return _typescript_mistral(request) if is_known and is_usual else _typescript_fetch(request)


def _typescript_mistral(request: Printed) -> str:
    streams = bool(request.body.get("stream"))
    body = _camel({name: value for name, value in request.body.items() if name != "stream"})
    root = request.url.removesuffix("/v1/chat/completions")
    end = _LOOP.format(choices="event.data.choices") if streams else _WHOLE
    return f"""import {{ Mistral }} from "@mistralai/mistralai";

const client = new Mistral({{
  apiKey: {_key_in_typescript(request)},
  serverURL: {json.dumps(root)},
  timeoutMs: {round(request.timeout_s * 1000)},
}});
const reply = await client.chat.{"stream" if streams else "complete"}({_json(body)});
{end}"""


def _typescript(request: Printed) -> str:
    base = request.url.removesuffix("/chat/completions")
    end = _LOOP.format(choices="event.choices") if request.body.get("stream") else _WHOLE
    return f"""import OpenAI from "openai";

const client = new OpenAI({{
  apiKey: {_key_in_typescript(request)},
  baseURL: {json.dumps(base)},
  timeout: {round(request.timeout_s * 1000)},
}});
const reply = await client.chat.completions.create({_json(request.body)});
{end}"""


def _key_in_typescript(request: Printed) -> str:
    return f"process.env.{request.key_variable}" if request.key_variable else '"none"'


def _typescript_fetch(request: Printed) -> str:
    headers = "".join(
        f"    {json.dumps(name)}: {_from_process(value)},\n"
        for name, value in request.all_headers.items()
    )
    body = _json(request.body).replace("\n", "\n  ")
    return f"""// the official client would not send all of this request
const reply = await fetch({json.dumps(request.url)}, {{
  method: "POST",
  headers: {{
{headers}  }},
  body: JSON.stringify({body}),
}});
if (reply.body) for await (const piece of reply.body) process.stdout.write(piece);
"""


def _from_process(value: str) -> str:
    if not _VARIABLE.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    before, _, variable = value.partition("$")
    return f'{json.dumps(before)} + (process.env.{variable} ?? "none")'


_LOOP: Final = """for await (const event of reply) {{
  for (const choice of {choices}) {{
    if (typeof choice.delta.content === "string") process.stdout.write(choice.delta.content);
  }}
}}
"""
_WHOLE: Final = "console.log(reply.choices[0].message.content);\n"


def _json(value: Any) -> str:
    """JSON to be read, and printed on a terminal: what acts on one, or hides, is written as an escape."""
    return UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=2))


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]


def _camel(value: Any) -> Any:
    """The same with the names that the client for TypeScript uses."""
    if isinstance(value, list):
        return [_camel(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    renamed = {}
    for name, inner in value.items():
        camel = re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)
        is_own = camel in _AS_THEY_ARE
        camel = "schemaDefinition" if camel == "schema" else camel
        renamed[camel] = inner if is_own else _camel(inner)
    return renamed


FORMS: Final[Mapping[str, Callable[[Printed], str]]] = {
    "json": as_json,
    "http": as_http,
    "curl": as_curl,
    "python": as_python,
    "typescript": as_typescript,
}
"""The forms by name."""
