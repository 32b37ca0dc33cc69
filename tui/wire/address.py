"""Where a provider's server is: its base URL, checked and brought into one form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

import httpx

from tui.core.failure import Failure, FailureKind
from tui.core.hosts import is_loopback
from tui.core.provider import DEFAULT_BASE

if TYPE_CHECKING:
    from tui.core.provider import Provider

_VERSION: Final = re.compile(r"/v\d+[a-z0-9]*(/|$)")
_HOST: Final = re.compile(rb"[A-Za-z0-9._:-]+")
_ENDPOINTS: Final = ("/chat/completions", "/models", "/completions")


def base_url(provider: Provider) -> httpx.URL:
    """The URL that paths such as `/chat/completions` are put behind.

    `https://host`, `https://host/` and `https://host/v1` mean the same. Raises `Failure` if it is
    no http URL, or plain http to another computer without the provider's `allow_http`.
    """
    text = DEFAULT_BASE[provider.kind] if provider.base_url is None else provider.base_url
    if not text:
        _refuse(provider, "The base URL is empty", "Write it like https://api.example.com/v1")
    if "?" in text or "#" in text:
        _refuse(provider, "The base URL has a part behind ? or #", "Leave that part out")
    if "@" in text:  # a password may be in it: it is not shown again
        _refuse(provider, "The base URL holds a user name or password", "Give the key separately")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        _refuse(provider, f"“{text}” is no URL", "Write it like https://api.example.com/v1")
    if url.scheme not in {"http", "https"}:
        _refuse(provider, f"“{url.scheme}” is no way to reach a server", "Use https or http")
    if not _HOST.fullmatch(url.raw_host):
        _refuse(provider, f"“{text}” names no host", "Write it like https://api.example.com/v1")
    if (url.port or 0) > 65535:
        _refuse(provider, f"There is no port {url.port}", "Ports end at 65535")
    if url.scheme == "http" and not (is_loopback(url.host) or provider.allow_http):
        how = "add this server to the settings with" if provider.for_this_run else "set"
        _refuse(
            provider,
            f"{url.host} would be spoken to in plain http, which anybody on the way can read",
            f"Use https, or {how} allow_http = true",
        )
    return url.copy_with(path=_path(url.path))


def _path(path: str) -> str:
    path = path.rstrip("/")
    for endpoint in _ENDPOINTS:
        path = path.removesuffix(endpoint)
    return path if _VERSION.search(path) else f"{path}/v1"


def _refuse(provider: Provider, what: str, advice: str) -> NoReturn:
    raise Failure(
        FailureKind.CONFIG, what, advice=f"{advice} ({provider.setting('base_url')})."
    ) from None


def below(base: httpx.URL, path: str) -> httpx.URL:
    """The URL of a path below the base URL."""
    return base.copy_with(path=base.path + path)


def host_of(url: httpx.URL) -> str:
    """The host as people are told it, with its port if that is not the usual one."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return host if url.port is None else f"{host}:{url.port}"
