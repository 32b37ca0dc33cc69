import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.server import Answer, FakeServer
from tui.core.failure import Failure, FailureKind
from tui.core.provider import Provider
from tui.wire.client import Client

LIST = b'{"data":[{"id":"m"}]}'
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s" % (len(LIST), LIST)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *names], cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem"


@asynccontextmanager
async def tls_server(certificate: Path, asks: bool = False) -> AsyncIterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificate)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def models_of(provider: Provider, key: str | None = None) -> list[str]:
    client = Client(provider, key)
    try:
        return [card.id for card in await client.models()]
    finally:
        await client.aclose()


async def test_a_private_authority_is_trusted_when_it_is_named(certificate):
    async with tls_server(certificate) as url:
        provider = Provider(name="p", base_url=url, ca_file=str(certificate))
        assert await models_of(provider) == ["m"]


async def test_an_older_private_authority_will_do_on_newer_pythons_too(tmp_path, monkeypatch):
    authority = _signed_by_an_older_authority(tmp_path)
    as_before = ssl.create_default_context

    def strict(**given):
        context = as_before(**given)
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        return context

    monkeypatch.setattr(ssl, "create_default_context", strict)  # as it is from Python 3.13 on
    async with tls_server(tmp_path / "cert.pem") as url:
        assert await models_of(Provider(name="p", base_url=url, ca_file=str(authority))) == ["m"]
        with pytest.raises(Failure) as caught:
            await models_of(Provider(name="p", base_url=url))
    assert caught.value.kind is FailureKind.TLS


def _signed_by_an_older_authority(folder: Path) -> Path:
    """Writes `cert.pem`, which does not tell by which key it was signed, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    (folder / "names").write_text(
        "[req]\ndistinguished_name=name\n[name]\n[authority]\nbasicConstraints=CA:TRUE\n"
        "[server]\nsubjectAltName=IP:127.0.0.1\nauthorityKeyIdentifier=none\n"
    )
    new = "-newkey rsa:2048 -nodes -config names"
    for command in (
        f"req -x509 {new} -subj /CN=authority -extensions authority -keyout ca.key -out ca.pem",
        f"req {new} -subj /CN=localhost -keyout key.pem -out asked.pem",
        "x509 -req -in asked.pem -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names"
        " -extensions server -out cert.pem",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return folder / "ca.pem"


async def test_certificates_may_lie_in_the_home_folder(certificate, monkeypatch):
    monkeypatch.setenv("HOME", str(certificate.parent))
    async with tls_server(certificate, asks=True) as url:
        provider = Provider(
            name="p",
            base_url=url,
            ca_file="~/cert.pem",
            client_cert="~/cert.pem",
            client_key="~/key.pem",
        )
        assert await models_of(provider) == ["m"]


async def test_a_certificate_that_nobody_signed_is_refused(certificate):
    async with tls_server(certificate) as url:
        with pytest.raises(Failure) as caught:
            await models_of(Provider(name="p", base_url=url))
    assert caught.value.kind is FailureKind.TLS
    assert "self-signed" in caught.value.message


async def test_a_client_proves_who_it_is(certificate):
    async with tls_server(certificate, asks=True) as url:
        provider = Provider(
            name="p",
            base_url=url,
            ca_file=str(certificate),
            client_cert=str(certificate),
            client_key=str(certificate.with_name("key.pem")),
        )
        assert await models_of(provider) == ["m"]


async def test_a_client_certificate_that_is_missing_is_told(tmp_path):
    provider = Provider(name="p", base_url="https://api.test", client_cert=str(tmp_path / "none"))
    with pytest.raises(Failure) as caught:
        await models_of(provider)
    assert caught.value.kind is FailureKind.CONFIG
    assert "client_cert" in caught.value.advice


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_file_without_certificates_is_told(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    provider = Provider(name="p", base_url="https://api.test", ca_file=str(path))
    with pytest.raises(Failure) as caught:
        await models_of(provider)
    assert caught.value.kind is FailureKind.CONFIG
    assert str(path) in caught.value.message


@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_a_proxy_is_used(scheme):
    with FakeServer() as proxy:
        proxy.on("GET", "http://api.test/v1/models", Answer(200, {}, [LIST]))
        address = scheme + proxy.root.removeprefix("http://")
        provider = Provider(name="p", base_url="http://api.test", allow_http=True, proxy=address)
        assert await models_of(provider) == ["m"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (407, "(407 Proxy Authentication Required). Write it as http://NAME:PASSWORD@HOST:PORT."),
        (502, "(502 Bad Gateway). Check the base URL and the proxy."),
        (799, "(799). Check"),
    ],
)
async def test_why_a_proxy_refuses_is_told(status, words):
    with FakeServer() as proxy:
        proxy.on("CONNECT", "api.test:443", Answer(status, {}, []))
        provider = Provider(name="p", base_url="https://api.test", proxy=proxy.root)
        with pytest.raises(Failure) as caught:
            await models_of(provider)
    assert f"The proxy refused the way to api.test {words}" in caught.value.sentence


async def test_a_proxy_of_the_environment_is_used(monkeypatch):
    with FakeServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.root)
        proxy.on("GET", "http://api.test/v1/models", Answer(200, {}, [LIST]))
        provider = Provider(name="p", base_url="http://api.test", allow_http=True)
        assert await models_of(provider) == ["m"]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY", None])
async def test_a_proxy_that_is_not_there_is_told_in_place_of_the_server(monkeypatch, variable):
    gone = "http://x:secret@127.0.0.1:9"
    if variable:
        monkeypatch.setenv(variable, gone)
    provider = Provider(name="p", base_url="https://api.test", proxy=None if variable else gone)
    with pytest.raises(Failure, match="The proxy on the way to") as caught:
        await models_of(provider)
    assert "secret" not in caught.value.sentence


async def test_certificates_of_the_environment_that_are_not_there_are_told(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file.pem")
    with pytest.raises(Failure) as caught:
        await models_of(Provider(name="p", base_url="https://api.test"))
    assert caught.value.kind is FailureKind.CONFIG
    assert "Check SSL_CERT_FILE=/no/such/file.pem" in caught.value.sentence


async def test_no_proxy_stands_before_this_computer(monkeypatch):
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with FakeServer() as server:
        assert await models_of(Provider(name="p", base_url=server.url)) == ["fake-model"]


@pytest.mark.parametrize(
    "proxy", ["http://x:secret@host:port", "gopher://x:secret@y", "socks5://x:secret@localhost:1"]
)
async def test_a_proxy_that_cannot_be_used_is_told_without_its_password(proxy):
    with pytest.raises(Failure) as caught:
        await models_of(Provider(name="p", base_url="https://api.test", proxy=proxy))
    assert caught.value.kind is FailureKind.CONFIG
    assert "secret" not in caught.value.sentence


async def test_the_providers_own_headers_are_sent():
    with FakeServer() as server:
        provider = Provider(name="p", base_url=server.url, headers={"X-Team": "blue"})
        await models_of(provider, "sk-1")
        assert server.requests[0].headers["x-team"] == "blue"
        assert server.requests[0].headers["authorization"] == "Bearer sk-1"


@asynccontextmanager
async def http2_server(certificate: Path) -> AsyncIterator[str]:
    config = pytest.importorskip("h2.config")
    connection = pytest.importorskip("h2.connection")
    events = pytest.importorskip("h2.events")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    context.set_alpn_protocols(["h2"])

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        http = connection.H2Connection(config.H2Configuration(client_side=False))
        http.initiate_connection()
        while data := await reader.read(65536):
            for event in http.receive_data(data):
                if isinstance(event, events.StreamEnded):
                    http.send_headers(event.stream_id, [(":status", "200")])
                    http.send_data(event.stream_id, LIST, end_stream=True)
            writer.write(http.data_to_send())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_http2_is_spoken_where_its_extra_is_installed(certificate):
    async with http2_server(certificate) as url:
        provider = Provider(name="p", base_url=url, ca_file=str(certificate))
        assert await models_of(provider) == ["m"]
