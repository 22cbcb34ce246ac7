"""The app package that a Teams administrator uploads: the manifest with this deployment's ids, and two icons."""

import json
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from compact_bot.settings import Settings, SettingsError

HERE = Path(__file__).parent / "manifest"
ICONS = ("color.png", "outline.png")
TARGETED_VERSION = "1.29"  # the first in which bots take targeted messages and commands have triggers
MADE = (2026, 1, 1, 0, 0, 0)  # the same input gives the same file


def manifest(settings: Settings) -> dict[str, Any]:
    """Raises SettingsError when Teams could not reach what it would describe."""
    address = settings["COMPACT_PUBLIC_URL"].rstrip("/")
    problems = [] if settings["MICROSOFT_APP_ID"] else ["MICROSOFT_APP_ID: is needed for the package"]
    if not address.startswith("https://"):
        problems.append("COMPACT_PUBLIC_URL: must be the https:// address under which Teams reaches this program")
    if problems:
        raise SettingsError("\n".join(problems))
    values = {
        "APP_ID": settings["MICROSOFT_APP_ID"].lower(),
        "ADDRESS": address,
        "DOMAIN": urlsplit(address).hostname or "",
        "VERSION": version("compact-bot"),
    }
    filled = Template((HERE / "manifest.json").read_text(encoding="utf-8")).substitute(
        {name: json.dumps(value)[1:-1] for name, value in values.items()}
    )
    made: dict[str, Any] = json.loads(filled)
    return _targeted(made) if settings["TEAMS_TARGETED"] else made


def _targeted(made: dict[str, Any]) -> dict[str, Any]:
    """The same for Teams that lets people speak to a bot in a channel unseen: typed after a slash, seen by them alone.

    In a personal chat there is nobody to hide it from.
    """
    bots = [
        {
            **bot,
            "supportsTargetedMessages": True,
            "commandLists": [
                {**menu, "triggers": ["mention"] if menu["scopes"] == ["personal"] else ["mention", "slash"]}
                for menu in bot["commandLists"]
            ],
        }
        for bot in made["bots"]
    ]
    schema = made["$schema"].replace(f"/v{made['manifestVersion']}/", f"/v{TARGETED_VERSION}/")
    return {**made, "$schema": schema, "manifestVersion": TARGETED_VERSION, "bots": bots}


def write_package(settings: Settings, file: Path) -> None:
    described = json.dumps(manifest(settings), indent=2, ensure_ascii=False).encode()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr(ZipInfo("manifest.json", MADE), described, ZIP_DEFLATED)
        for icon in ICONS:
            package.writestr(ZipInfo(icon, MADE), (HERE / icon).read_bytes(), ZIP_DEFLATED)
