"""What a server's refusal says: its body, in any of the shapes in use, as one `Failure`."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from html import unescape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure, FailureKind
from tui.core.models import age_words
from tui.core.nesting import read_json
from tui.core.text import scrub
from tui.wire.sse import Decoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.wire.secret import Secret

_LONGEST = 4000
"""Characters of a server's message that are kept."""

_KINDS = {
    401: FailureKind.AUTH,
    402: FailureKind.PAYMENT,
    403: FailureKind.PERMISSION,
    404: FailureKind.NOT_FOUND,
    408: FailureKind.SERVER,
    410: FailureKind.NOT_FOUND,
    422: FailureKind.VALIDATION,
    425: FailureKind.SERVER,
    429: FailureKind.RATE_LIMIT,
}
_CONTEXT = re.compile(
    r"context too long|maximum context length|input too large|couldn't fit with truncation"
    r"|prompt is too long|model_context_exceeded|prompt_too_long|exceed_context_size_error"
    r"|exceeds the available context size|context_length_exceeded",
    re.IGNORECASE,
)
_EVENT_STARTS = ("data:", "event:", "error:")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_REQUEST_ID = ("mistral-correlation-id", "x-kong-request-id", "x-request-id")

_ADVICE = {
    FailureKind.BAD_REQUEST: "{host} did not accept the request: check the model and the parameters.",
    FailureKind.CONTEXT_LENGTH: "The conversation is too long for the model: begin a new chat, or choose a model with more context.",
    FailureKind.AUTH: "{host} did not accept the key: it is missing, wrong or expired, or its quota is used up. Check the key.",
    FailureKind.PAYMENT: "{host} asks for payment: check the account's billing.",
    FailureKind.PERMISSION: "{host} does not allow this with the present key, model or content: check what the account may use.",
    FailureKind.NOT_FOUND: "{host} does not know this model (it may have been retired) or address: choose another model, or check the base URL.",
    FailureKind.VALIDATION: "{host} does not know or accept one of the parameters: change it or leave it out.",
    FailureKind.RATE_LIMIT: "{host} asks for fewer requests: wait a little and send it again.",
    FailureKind.SERVER: "{host} is in trouble: send it again in a while.",
    FailureKind.STREAM_ERROR: "{host} gave up in the middle of the reply: what had arrived is kept.",
}


def is_retryable_status(status: int) -> bool:
    """Whether the same request may succeed later."""
    return status in {408, 425, 429} or status >= 500


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """The server's name for this request, for bug reports."""
    found = next((headers[name] for name in _REQUEST_ID if headers.get(name)), None)
    return scrub(found[:200]) if found else None


def from_response(
    status: int, headers: Mapping[str, str], body: bytes, *, host: str, key: Secret, now: float
) -> Failure:
    """The failure that an HTTP error status and its body tell of; `now` in seconds since the epoch."""
    text = body.decode("utf-8", "replace")
    data = _parse(text)
    if data is None and text.startswith(_EVENT_STARTS):
        events = [*(decoder := Decoder()).feed(body), *decoder.close()]
        data = _parse(events[0].data) if events else None
    words = _words(data) if data is not None else words_of_page(text)
    kind = _kind(status, words, data)
    return _failure(
        kind,
        words,
        host=host,
        key=key,
        status=status,
        code=_code(data),
        request_id=request_id_of(headers),
        retry_after_s=retry_after(headers, now),
        retryable=is_retryable_status(status),
    )


def is_error(data: dict[str, Any], name: str) -> bool:
    """Whether an event's object, or a whole body, reports an error; `name` is the event's name."""
    if name.endswith("error") or data.get("error"):
        return True
    if str(data.get("object")).lower() == "error":
        return True
    return "choices" not in data and "detail" in data


def from_event(data: Any, *, host: str, key: Secret, has_begun: bool) -> Failure:
    """The failure that an event in the middle of a stream tells of; `has_begun`: whether anything of the reply has come."""
    words = _words(data) if isinstance(data, dict | list) else str(data or "") or None
    status = _status_within(data)
    hopeless = bool(_CONTEXT.search(f"{words} {_type(data)}")) or "invalid_request" in _type(data)
    return _failure(
        FailureKind.STREAM_ERROR,
        words,
        host=host,
        key=key,
        code=_code(data),
        retryable=not hopeless if status is None else is_retryable_status(status),
        advice="" if has_begun else f"{host} made no reply: send it again, or change the request.",
    )


def _failure(
    kind: FailureKind,
    words: str | None,
    *,
    host: str,
    key: Secret,
    code: str | None,
    retryable: bool,
    status: int | None = None,
    request_id: str | None = None,
    retry_after_s: float | None = None,
    advice: str = "",
) -> Failure:
    if kind is FailureKind.RATE_LIMIT and retry_after_s is not None and retry_after_s >= 1:
        advice = f"{host} asks to wait for {age_words(retry_after_s)}, then send it again."
    words = key.scrub(scrub(words[:_LONGEST]).strip()) if words else None
    return Failure(
        kind,
        words or _without_words(status, host),
        advice=advice or _ADVICE[kind].format(host=host),
        words=words or None,
        status=status,
        code=key.scrub(scrub(code[:200])) if code else None,
        request_id=key.scrub(request_id) if request_id else None,
        retry_after_s=retry_after_s,
        retryable=retryable,
    )


def _without_words(status: int | None, host: str) -> str:
    if status is None:
        return f"{host} reported an error and did not say which"
    try:
        name = HTTPStatus(status).phrase
    except ValueError:
        name = ""
    return f"{host} answered {status} {name}".rstrip()


def _kind(status: int, words: str | None, data: Any) -> FailureKind:
    if status in {400, 413, 422} and _CONTEXT.search(f"{words} {_type(data)} {_code(data)}"):
        return FailureKind.CONTEXT_LENGTH
    if status >= 500:
        return FailureKind.SERVER
    return _KINDS.get(status, FailureKind.BAD_REQUEST)


def _parse(text: str) -> Any:
    try:
        data = read_json(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict | list | str) else None


def _words(data: Any, depth: int = 0) -> str | None:
    """The message for people in an error body, wherever it stands."""
    if depth > 4:
        return None
    if isinstance(data, str):
        inner = _parse(data) if data.lstrip()[:1] in {"{", "["} else None
        return (_words(inner, depth + 1) if inner else None) or data.strip() or None
    if isinstance(data, list):
        return "; ".join(_detail(entry) for entry in data) or None
    if isinstance(data, dict):
        for member in ("error", "message", "detail", "reason", "errors"):
            if data.get(member) and (words := _words(data[member], depth + 1)):
                return words
    return None


def _detail(entry: Any) -> str:
    """One entry of a list of validation errors: where, and what."""
    if not isinstance(entry, dict):
        return str(entry)
    where = entry.get("loc")
    path = ".".join(str(step) for step in where) if isinstance(where, list) else str(where or "")
    what = str(entry.get("msg") or entry.get("message") or entry.get("type") or "")
    return ": ".join(part for part in (path, what) if part)


def words_of_page(text: str) -> str | None:
    """The title of an HTML page, or the first line of plain text."""
    head = text[:65536]
    if "<" in head and (found := _TITLE.search(head)):
        return " ".join(unescape(found[1]).split()) or None
    if head.lstrip().startswith("<"):
        return None
    return next((line.strip() for line in head.splitlines() if line.strip()), None)


def _inner(data: Any) -> dict[str, Any]:
    """The object that says what went wrong: the `error` member, if it is an object, or the body."""
    if not isinstance(data, dict):
        return {}
    inner = data.get("error")
    return inner if isinstance(inner, dict) else data


def _code(data: Any) -> str | None:
    code = _inner(data).get("code")
    if isinstance(code, bool) or not isinstance(code, int | str):
        return None
    return str(code)[:200] or None


def _type(data: Any) -> str:
    kind = _inner(data).get("type")
    return kind if isinstance(kind, str) else ""


def _status_within(data: Any) -> int | None:
    """The HTTP status that an error event names, if it does."""
    inner = _inner(data)
    for member in ("raw_status_code", "status", "status_code", "code"):
        value = inner.get(member)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 3:
            value = int(value)
        if isinstance(value, int) and 400 <= value < 600:
            return value
    return None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """How long the server asks to wait, in seconds: `retry-after-ms`, or `retry-after` as seconds or a date."""
    if (wait := _number(headers.get("retry-after-ms"))) is not None:
        return wait / 1000
    value = headers.get("retry-after", "")
    if not value or (wait := _number(value)) is not None:
        return wait
    try:
        date = parsedate_to_datetime(value)
        return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None
