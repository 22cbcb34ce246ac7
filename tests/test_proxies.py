"""The examples of OPERATING.md for HTTPS, run as they stand in front of the real program; only ports are changed."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.attack.program import Running, running
from tests.slack.workspace import wait_until
from tests.test_deploying import CADDY, NGINX, block

HOST = "compact.example.gov.uk"
PROXIES = [
    pytest.param("nginx", marks=pytest.mark.skipif(not NGINX, reason="nginx is not installed")),
    pytest.param("caddy", marks=pytest.mark.skipif(not CADDY, reason="Caddy is not installed")),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("behind")
    environment = {"COMPACT_PUBLIC_URL": f"https://{HOST}", "COMPACT_SECRET_KEY": "k" * 40}
    with running("web", f"sqlite:///{folder}/compact.db", folder, environment) as one:
        yield one


@pytest.fixture(params=PROXIES)
def front(request: pytest.FixtureRequest, program: Running, tmp_path: Path) -> Iterator[httpx2.Client]:
    """A browser that reaches the program by HTTPS, under the name that the examples serve."""
    port, upstream = free_port(), program.base.removeprefix("http://")
    command = {"nginx": nginx, "caddy": caddy}[request.param](tmp_path, port, upstream)
    with started(command, tmp_path), httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=False) as client:
        client.headers["Host"] = HOST
        wait_until(lambda: answers(client), 20)
        yield client


def ask(client: httpx2.Client, method: str, path: str, **more: str) -> httpx2.Response:
    return client.request(method, path, headers=more, extensions={"sni_hostname": HOST})


def answers(client: httpx2.Client) -> bool:
    try:
        return ask(client, "GET", "/compact").status_code > 0
    except httpx2.TransportError:
        return False


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def started(command: list[str], folder: Path) -> Iterator[None]:
    environment = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def nginx(folder: Path, port: int, upstream: str) -> list[str]:
    certificate(folder)
    example = block("nginx").replace("listen 443", f"listen 127.0.0.1:{port}").replace("127.0.0.1:8000", upstream)
    example = example.replace("/etc/ssl/compact.", f"{folder}/compact.")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}{example}}}\n"
    )
    return [NGINX, "-c", str(file)]


def caddy(folder: Path, port: int, upstream: str) -> list[str]:
    """With certificates of its own making, since none is to be fetched here."""
    own = f"admin off\nlocal_certs\nskip_install_trust\nhttp_port {free_port()}\nhttps_port {port}\n"
    file = folder / "Caddyfile"
    file.write_text(f"{{\n{own}}}\n{block('caddy').replace('127.0.0.1:8000', upstream)}")
    return [CADDY, "run", "--adapter", "caddyfile", "--config", str(file)]


def certificate(folder: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "compact.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kinds = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "compact.key").write_bytes(key.private_bytes(*kinds))


def test_the_pages_are_reached_and_what_is_for_this_machine_is_not(front: httpx2.Client) -> None:
    shown = ask(front, "GET", "/compact")
    assert shown.status_code == 200
    assert "Sutton Compact" in shown.text
    assert [ask(front, "GET", path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [404, 404, 404]


def test_the_local_page_is_closed_and_a_board_needs_a_link(front: httpx2.Client) -> None:
    assert ask(front, "GET", "/").status_code == 403
    assert ask(front, "POST", "/say").status_code == 403
    assert ask(front, "GET", "/board").status_code == 403


def test_a_redirect_stays_on_the_public_address(front: httpx2.Client) -> None:
    answer = ask(front, "POST", "/sign-in/x", Origin="https://elsewhere.example")
    assert answer.status_code == 403
    assert "127.0.0.1" not in answer.text + str(answer.headers)


def test_it_is_found_where_the_examples_look_for_it() -> None:
    assert re.findall(r"127\.0\.0\.1:\d+", block("nginx") + block("caddy")) == ["127.0.0.1:8000"] * 2
