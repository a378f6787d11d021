"""The recipes of the guide to options, run as they stand: a forward proxy, and mutual TLS."""

from __future__ import annotations

import datetime as dt
import inspect
import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fences import fences
from socket_server import read_request

from intelgraph import AsyncIntelGraph, ConnectError, IntelGraph, TransportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GUIDE = "docs/guides/options.md"
DAY = dt.timedelta(days=1)
TILES = b'{"data":{"trustTiles":[]}}'


class Answering(BaseHTTPRequestHandler):
    """Answers every question, and notes whose certificate asked."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        peer = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        self.server.peers.append(peer)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(TILES)))
        self.end_headers()
        self.wfile.write(TILES)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


class AnsweringServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.peers: list[Any] = []

    def handle_error(self, *_: object) -> None:
        """A handshake that fails is the client's to tell."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[AnsweringServer]:
    with AnsweringServer() as server:
        if context is not None:
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class ForwardProxy:
    """Passes requests on, by their whole URL or through a tunnel, and notes what was asked."""

    def __init__(self, refusal: bytes | None = None) -> None:
        self.asked: list[str] = []
        self._refusal = refusal
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=[connection], daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client:
            request = read_request(client)
            line = request.partition(b"\r\n")[0].decode()
            self.asked.append(line)
            if self._refusal is not None:
                client.sendall(self._refusal)
                return
            method, target, _ = line.split(" ")
            where = httpx.URL(f"https://{target}" if method == "CONNECT" else target)
            with socket.create_connection((where.host, where.port or 80)) as server:
                if method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    server.sendall(request.replace(target.encode(), where.raw_path, 1))
                there = threading.Thread(target=relay, args=[client, server], daemon=True)
                there.start()
                relay(server, client)

    def close(self) -> None:
        # Who waits for a connection is only woken by its end.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def relay(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture(autouse=True)
def _key_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_API_KEY", "key")


@pytest.fixture
def proxy() -> Iterator[ForwardProxy]:
    made = ForwardProxy()
    yield made
    made.close()


class Authority:
    """Signs the certificates of one test, and writes them where a recipe reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        own = self._builder(self._name, self._key.public_key())
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            **dict.fromkeys(
                (
                    "content_commitment",
                    "key_encipherment",
                    "data_encipherment",
                    "key_agreement",
                    "encipher_only",
                    "decipher_only",
                ),
                False,
            ),
        )
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        own = own.add_extension(usage, critical=True)
        self._write("authority.pem", own.sign(self._key, hashes.SHA256()))

    def _builder(self, name: x509.Name, key: ec.EllipticCurvePublicKey) -> Any:
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(self._name, name, key, x509.random_serial_number())
        return builder.not_valid_before(now - DAY).not_valid_after(now + DAY)

    def _write(self, file: str, certificate: x509.Certificate) -> None:
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        (self.folder / file).write_bytes(pem)

    def certify(self, name: str) -> None:
        """Writes `<name>.pem` and `<name>.key`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = self._builder(subject, key.public_key())
        builder = builder.add_extension(x509.SubjectAlternativeName([host]), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
            critical=False,
        )
        self._write(f"{name}.pem", builder.sign(self._key, hashes.SHA256()))
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        pem = key.private_bytes(serialization.Encoding.PEM, form, plain)
        (self.folder / f"{name}.key").write_bytes(pem)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority's certificate, and with those of a server and of a client."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = Authority(folder)
    authority.certify("server")
    authority.certify("client")
    return folder


@pytest.fixture
def closed_server(certificates: Path) -> Iterator[AnsweringServer]:
    """Talks to nobody without a certificate of the authority."""
    context = ssl.create_default_context(
        ssl.Purpose.CLIENT_AUTH, cafile=certificates / "authority.pem"
    )
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    with serving(context) as server:
        yield server


def recipe(file: str, **places: str) -> dict[str, Any]:
    """What a block of the guide defines, with places of this machine for those of the page."""
    (body,) = [fence.body for fence in fences(GUIDE) if fence.file == file]
    for shown, real in zip(SHOWN[file], places.values(), strict=True):
        assert body.count(f'"{shown}"') == 1, f"{shown} is not on the page"
        body = body.replace(f'"{shown}"', repr(real))
    defined: dict[str, Any] = {}
    exec(compile(body, GUIDE, "exec"), defined)  # noqa: S102 - the page's own code.
    return defined


SHOWN = {
    "through_a_proxy.py": ("http://proxy.example:3128", "https://graph.example/graphql"),
    "mutual_tls.py": (
        "authority.pem",
        "client.pem",
        "client.key",
        "https://graph.example/graphql",
    ),
}


def closed_recipe(certificates: Path, server: AnsweringServer) -> dict[str, Any]:
    files = {
        name.replace(".", "_"): str(certificates / name)
        for name in ("authority.pem", "client.pem", "client.key")
    }
    return recipe("mutual_tls.py", **files, url=url_of(server, "https"))


def url_of(server: AnsweringServer, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{server.server_port}/graphql"


def test_calls_go_through_the_proxy_of_the_recipe(proxy: ForwardProxy) -> None:
    with serving() as server:
        made = recipe("through_a_proxy.py", proxy=proxy.address, url=url_of(server))
        assert made["client"].trust_tiles() == []
        made["http_client"].close()

    assert proxy.asked == [f"POST {url_of(server)} HTTP/1.1"]
    assert server.peers == [None]


def test_a_proxy_of_the_environment_needs_no_code(
    proxy: ForwardProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.address)

    with serving() as server, IntelGraph(url=url_of(server), api_key=None) as client:
        assert client.trust_tiles() == []

    assert proxy.asked == [f"POST {url_of(server)} HTTP/1.1"]


@pytest.mark.parametrize("kind", [IntelGraph, AsyncIntelGraph])
async def test_a_proxy_that_refuses_is_a_connect_error_without_its_password(kind: Any) -> None:
    refusing = ForwardProxy(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    proxy = refusing.address.replace("//", "//team:s3cret@")
    asynchronous = kind is AsyncIntelGraph
    http_client = (httpx.AsyncClient if asynchronous else httpx.Client)(proxy=proxy)
    client = kind(url="https://a.example/g", http_client=http_client, max_retries=0, api_key=None)

    with pytest.raises(ConnectError, match=r"could not connect to a\.example:443") as caught:
        await awaited(client.trust_tiles)
    await awaited(http_client.aclose if asynchronous else http_client.close)
    refusing.close()

    assert isinstance(caught.value.__cause__, httpx.ProxyError)
    assert "s3cret" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert refusing.asked == ["CONNECT a.example:443 HTTP/1.1"]


async def awaited(call: Any) -> Any:
    told = call()
    return await told if inspect.isawaitable(told) else told


def test_the_recipe_for_mutual_tls_shows_the_clients_certificate(
    certificates: Path, closed_server: AnsweringServer
) -> None:
    made = closed_recipe(certificates, closed_server)

    assert made["client"].trust_tiles() == []
    made["http_client"].close()

    (peer,) = closed_server.peers
    assert peer["subject"] == ((("commonName", "client"),),)


async def test_certificates_go_through_a_proxys_tunnel(
    certificates: Path, closed_server: AnsweringServer, proxy: ForwardProxy
) -> None:
    made = closed_recipe(certificates, closed_server)
    url = url_of(closed_server, "https")

    async with httpx.AsyncClient(proxy=proxy.address, verify=made["context"]) as http_client:
        client = AsyncIntelGraph(url=url, api_key=None, http_client=http_client)
        assert await client.trust_tiles() == []
    made["http_client"].close()

    assert proxy.asked == [f"CONNECT 127.0.0.1:{closed_server.server_port} HTTP/1.1"]
    assert [peer["subject"] for peer in closed_server.peers] == [((("commonName", "client"),),)]


def test_a_server_of_an_unknown_authority_is_sent_nothing(closed_server: AnsweringServer) -> None:
    url = url_of(closed_server, "https")

    with (
        IntelGraph(url=url, api_key="s3cret", max_retries=0) as client,
        pytest.raises(ConnectError) as caught,
    ):
        client.trust_tiles()

    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value.__cause__)
    assert closed_server.peers == []


def test_a_client_without_a_certificate_is_turned_away(
    certificates: Path, closed_server: AnsweringServer
) -> None:
    context = ssl.create_default_context(cafile=certificates / "authority.pem")
    url = url_of(closed_server, "https")

    with httpx.Client(verify=context) as http_client:
        client = IntelGraph(url=url, api_key=None, http_client=http_client, max_retries=0)
        with pytest.raises(TransportError):
            client.trust_tiles()

    assert closed_server.peers == []
