"""The connection: made as the provider's settings say, and its troubles in words."""

from __future__ import annotations

import os
import re
import socket
import ssl
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass

import httpx
from httpx import codes

from tui import __version__
from tui.core.failure import Failure, FailureKind
from tui.core.hosts import is_loopback
from tui.wire import network
from tui.wire.address import base_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.core.provider import Provider

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_NO_HTTP = re.compile("illegal|too long|too many", re.IGNORECASE)
"""What the HTTP library says of an answer that is none, beside a connection that was closed."""
USER_AGENT = f"bise/{__version__}"


def open_client(provider: Provider, base: httpx.URL, *, keep_alive: bool) -> httpx.AsyncClient:
    """A connection pool for one provider. Raises `Failure` if its settings cannot be followed."""
    kept = 4 if keep_alive else 0
    idle = provider.idle_timeout_s
    connect = provider.connect_timeout_s
    try:
        client = httpx.AsyncClient(
            verify=_trust(provider) if base.scheme == "https" else False,
            http2=base.scheme == "https" and find_spec("h2") is not None,  # an extra
            proxy=_proxy(provider),
            trust_env=not is_loopback(base.host),  # a proxy cannot reach this computer's servers
            timeout=httpx.Timeout(connect=connect, read=idle, write=idle, pool=connect),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=kept),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            follow_redirects=False,
        )
    except (ValueError, httpx.InvalidURL, ImportError) as error:
        # neither the address nor the error's words are shown: a proxy's password may be in them
        socks = ": for SOCKS the package socksio is needed" if type(error) is ImportError else ""
        raise Failure(
            FailureKind.CONFIG,
            f"The proxy of the provider {provider.name} cannot be used{socks}",
            advice="Check its proxy in the settings, and HTTPS_PROXY and ALL_PROXY.",
        ) from None
    network.use_in(client)
    return client


def _proxy(provider: Provider) -> str | None:
    """Its proxy's address, which needs no scheme, as is usual of proxies."""
    if provider.proxy is None or "://" in provider.proxy:
        return provider.proxy
    return f"http://{provider.proxy}"


def _trust(provider: Provider) -> ssl.SSLContext:
    try:
        context = httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        named = [f"{name}={os.environ[name]}" for name in _CERTIFICATES if os.environ.get(name)]
        raise Failure(
            FailureKind.CONFIG,
            f"The certificates to trust cannot be read: {error.strerror or error}",
            advice=f"Check {' and '.join(named) or 'the installation of certifi'}.",
        ) from None
    if provider.ca_file:
        with _told(provider, "ca_file", provider.ca_file):
            context.load_verify_locations(_file(provider.ca_file))
        # Python 3.13 and newer also check the form of certificates, at which older authorities fail
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if provider.client_cert:
        with _told(provider, "client_cert", provider.client_cert):
            # an empty password, so that OpenSSL does not ask for one on the terminal
            context.load_cert_chain(
                _file(provider.client_cert),
                _file(provider.client_key) if provider.client_key else None,
                password="",
            )
    return context


def _file(path: str) -> str:
    return os.path.expanduser(path)  # noqa: PTH111 - Path's own raises for a user who is not there


@contextmanager
def _told(provider: Provider, setting: str, path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ssl.SSLError) as error:
        raise Failure(
            FailureKind.CONFIG,
            f"The certificates in {path} cannot be used: {error.strerror or error}",
            advice=f"Check {setting} of the provider {provider.name}.",
        ) from None


def failure_of(error: httpx.HTTPError, host: str, provider: Provider) -> Failure:
    """The failure that a broken line means, before the answer began or in the middle of it."""
    cause = _root(error)
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        seconds = f"{provider.connect_timeout_s:g}"
        return _connect(
            f"{host} did not take the connection within {seconds} s",
            "Check the base URL and the network, and send it again.",
        )
    if isinstance(error, httpx.TimeoutException):
        return Failure(
            FailureKind.TIMEOUT,
            f"{host} said nothing for {provider.idle_timeout_s:g} s",
            advice="Send it again, or raise idle_timeout_s of the provider.",
            retryable=True,
        )
    if isinstance(cause, ssl.SSLError) or "SSL" in str(error):
        return _tls(cause, host)
    if isinstance(error, httpx.ProxyError):
        return _refused_by_proxy(str(error), host)
    if isinstance(error, httpx.ConnectError) and _is_by_proxy(provider):
        return _connect(
            f"The proxy on the way to {host} cannot be reached",
            "Check the provider's proxy, HTTPS_PROXY and ALL_PROXY, and the network.",
        )
    if isinstance(cause, socket.gaierror):
        return _connect(
            f"There is no address for {host}",
            "Check the base URL's spelling, and the network.",
            "dns",
        )
    if isinstance(cause, ConnectionRefusedError) or "refused" in str(error).lower():
        return _connect(
            f"{host} refused the connection",
            "Is the server running, and is the port right?",
            "refused",
        )
    if isinstance(error, httpx.ConnectError):
        return _connect(f"{host} cannot be reached", "Check the base URL and the network.")
    if isinstance(error, httpx.DecodingError):
        return Failure(FailureKind.PROTOCOL, f"{host} sent a body that cannot be unpacked")
    if isinstance(error, httpx.RemoteProtocolError) and _NO_HTTP.search(str(error)):
        return Failure(
            FailureKind.PROTOCOL,
            f"{host} answered something that is no HTTP",
            advice=f"Check {provider.setting('base_url')}: is the port right, and is it https?",
        )
    return _connect(f"{host} closed the connection without an answer", "Send it again.")


def _refused_by_proxy(words: str, host: str) -> Failure:
    """A proxy's refusal, by its status; its words are its own and not repeated."""
    what = f"The proxy refused the way to {host}"
    advice = "Check the base URL and the proxy."
    if status := re.match(r"\d{3}\b", words):
        code = int(status[0])
        what += f" ({f'{code} {codes.get_reason_phrase(code)}'.strip()})"
        if code == codes.PROXY_AUTHENTICATION_REQUIRED:
            advice = "Write it as http://NAME:PASSWORD@HOST:PORT."
    return _connect(what, advice)


def _is_by_proxy(provider: Provider) -> bool:
    """Whether the connection is made to a proxy, by the settings or the environment."""
    base = base_url(provider)
    if provider.proxy or is_loopback(base.host) or proxy_bypass(base.host):
        return provider.proxy is not None
    return bool(getproxies().keys() & {base.scheme, "all"})


def _root(error: BaseException) -> BaseException:
    """What is at the bottom of a chain of exceptions."""
    seen: set[int] = set()
    while (inner := error.__cause__ or error.__context__) and id(inner) not in seen:
        seen.add(id(inner))
        error = inner
        if isinstance(error, ssl.SSLError | socket.gaierror | ConnectionRefusedError):
            break
    return error


def _connect(message: str, advice: str, code: str | None = None) -> Failure:
    return Failure(FailureKind.CONNECT, message, advice=advice, code=code, retryable=True)


def _tls(cause: Any, host: str) -> Failure:
    reason = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or ""
    return Failure(
        FailureKind.TLS,
        f"{host} could not prove who it is, or speaks no TLS"
        + (f" ({str(reason).replace('_', ' ').lower()})" if reason else ""),
        advice="Check the base URL; for a private authority set ca_file of the provider.",
    )
