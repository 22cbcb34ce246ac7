"""What OPERATING.md, the Procfile, the Dockerfile and the hosted checks say is so.

Their examples are tried by their own checkers where those are installed, and read here everywhere.
"""

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from compact_bot.__main__ import _parser
from compact_bot.settings import SETTINGS
from tests.conftest import ROOT

NGINX, CADDY = (shutil.which(name) or "" for name in ("nginx", "caddy"))
OPERATING = (ROOT / "OPERATING.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
CI = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
COMMANDS = set(next(action.choices for action in _parser()._actions if action.choices and "run" in action.choices))


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", OPERATING, re.DOTALL)
    assert found, language
    return found[1]


def test_every_command_that_is_written_down_is_one() -> None:
    written = OPERATING + DOCKERFILE + (ROOT / "Procfile").read_text() + (ROOT / "PRIVACY.md").read_text() + CI
    named = set(re.findall(r"compact-bot ([a-z][a-z-]+)\b", written)) - {"compact-bot", "run"}
    assert named <= COMMANDS, named - COMMANDS


def test_every_setting_that_is_written_down_is_one() -> None:
    named = set(re.findall(r"\b(?:COMPACT|SLACK|TEAMS|MICROSOFT)_[A-Z_]+\b", OPERATING + DOCKERFILE))
    assert named <= {setting.name for setting in SETTINGS}


def test_every_metric_that_is_written_down_is_told() -> None:
    told = (ROOT / "adapters" / "web" / "watched.py").read_text()
    for name in re.findall(r"`(compact_\w+?)(?:_total)?(?:\{[^}]*\})?`", OPERATING):
        assert f'"{name}"' in told, name


def test_both_proxies_keep_back_what_is_for_this_machine_and_nothing_else() -> None:
    caddy = re.search(r"@own path (.*)", block("caddy"))
    nginx = re.search(r"location ~ \^/\((.*)\)\$ \{\n\s+return 404;", block("nginx"))
    assert caddy
    assert nginx
    assert caddy[1].split() == [f"/{one}" for one in nginx[1].split("|")] == ["/healthz", "/readyz", "/metrics"]


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    text = re.sub(r"^Environment=", "Environment_=", block("systemd"), count=0, flags=re.MULTILINE)
    unit.read_string(text)
    assert {"Unit", "Service", "Install"} == set(unit.sections())
    assert unit["Service"]["ExecStart"].endswith("/compact-bot run")
    if systemd := shutil.which("systemd-analyze"):
        installed = block("systemd").replace("/opt/compact-bot/.venv/bin/compact-bot", "/bin/true")
        file = tmp_path / "compact-bot.service"
        file.write_text(installed.replace("User=compact", "User=root"))
        checked = subprocess.run([systemd, "verify", str(file)], capture_output=True, text=True, check=False)
        assert [line for line in checked.stderr.splitlines() if "compact-bot.service" in line] == []


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
def test_nginx_takes_its_example(tmp_path: Path) -> None:
    plain = re.sub(r"\n\s+ssl_certificate\S*\s+\S+;", "", block("nginx")).replace("443 ssl", "127.0.0.1:18443")
    file = tmp_path / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    file.write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{plain}}}\n"
    )
    checked = subprocess.run([NGINX, "-t", "-c", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.skipif(not CADDY, reason="Caddy is not installed")
def test_caddy_takes_its_example(tmp_path: Path) -> None:
    file = tmp_path / "Caddyfile"
    file.write_text(block("caddy"))
    checked = subprocess.run(
        [CADDY, "validate", "--adapter", "caddyfile", "--config", str(file)],
        capture_output=True, text=True, check=False, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_the_container_is_built_from_locked_packages_and_runs_as_nobody() -> None:
    assert "pip install --require-hashes --requirement requirements.txt" in DOCKERFILE
    _, _, run_stage = DOCKERFILE.partition("\nFROM python:3.12-slim-bookworm\n")
    assert "USER nobody" in run_stage
    assert run_stage.index("USER nobody") < run_stage.index("CMD")
    assert "compact-bot learn" in DOCKERFILE
    assert ".env\n" in (ROOT / ".dockerignore").read_text()


def test_the_hosted_checks_do_what_ours_do_on_every_python_that_is_supported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    first, last = (int(one) for one in re.findall(r"3\.(\d+)", project["requires-python"]))
    named = re.search(r"python: \[(.*)\]", CI)
    assert named
    assert re.findall(r'"3\.(\d+)"', named[1]) == [str(minor) for minor in range(first, last)]
    assert "- run: .ci/run" in CI
    for target in re.findall(r"- run: make ([a-z ]+)", CI):
        for one in target.split():
            assert f"\n{one}:" in (ROOT / "Makefile").read_text(), one


def test_the_licence_is_what_the_project_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License\n")


def test_every_threat_names_the_test_that_stands_against_it() -> None:
    text = (ROOT / "MAINTAINING.md").read_text(encoding="utf-8").partition("## Threats")[2]
    rows = [row for row in text.splitlines() if row.startswith("| ") and not row.startswith("| threat")]
    assert len(rows) > 20
    for row in rows:
        (named,) = re.findall(r"`(tests/\S+\.py)::(\w+)`", row)
        assert f"def {named[1]}(" in (ROOT / named[0]).read_text(encoding="utf-8"), named
