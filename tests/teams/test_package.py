"""The app package: the manifest for this deployment, checked against what Teams takes, and its icons."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import jsonschema
import pytest

from adapters.teams.package import manifest, write_package
from compact_bot.settings import Settings, SettingsError, read_settings
from tests.conftest import ROOT, Chat
from tests.teams.stand_in import APP

SCHEMA = json.loads((Path(__file__).parent / "manifest.schema.json").read_text())


def settings(**given: str) -> Settings:
    return read_settings(
        {"MICROSOFT_APP_ID": APP, "COMPACT_PUBLIC_URL": "https://bot.example/x/", **given}, ROOT / "no"
    )


def test_the_manifest_is_what_teams_takes() -> None:
    made = manifest(settings())
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    assert (made["id"], made["bots"][0]["botId"], made["validDomains"]) == (APP, APP, ["bot.example"])
    assert made["developer"]["privacyUrl"] == "https://bot.example/x/about"


def test_what_both_platforms_show_names_no_one_agreement_and_none_of_its_numbers() -> None:
    slack = (ROOT / "adapters" / "slack" / "manifest.yaml").read_text()
    shown = json.dumps(manifest(settings())) + slack
    assert not re.search(r"Compact(?! Bot|, charter or covenant)|3\.4\.4", shown)
    assert all(len(name) <= 24 for name in re.findall(r"^    - name: (.+)$", slack, re.MULTILINE))  # Slack's limit


def test_it_works_in_shared_channels_and_promises_no_private_words_unless_asked_to() -> None:
    made = manifest(settings())
    assert (made["manifestVersion"], made["supportsChannelFeatures"]) == ("1.25", "tier1")
    assert "/v1.25/" in made["$schema"]
    assert "supportsTargetedMessages" not in made["bots"][0]


def test_commands_come_after_a_slash_where_answers_to_one_alone_are_wanted() -> None:
    made = manifest(settings(TEAMS_TARGETED="yes"))
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    assert made["manifestVersion"] == "1.29"
    assert "/v1.29/" in made["$schema"]
    (bot,) = made["bots"]
    assert bot["supportsTargetedMessages"]
    assert [(menu["scopes"], menu["triggers"]) for menu in bot["commandLists"]] == [
        (["personal"], ["mention"]),
        (["team", "groupChat"], ["mention", "slash"]),
    ]


def test_the_schema_refuses_what_teams_refuses() -> None:
    made = manifest(settings())
    made["bots"][0]["commandLists"][0]["commands"] *= 2
    made["name"]["short"] = "x" * 31
    assert len(list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(made))) == 2


def test_each_command_of_the_menus_is_understood(chat: Chat) -> None:
    menus = manifest(settings())["bots"][0]["commandLists"]
    assert [menu["scopes"] for menu in menus] == [["personal"], ["team", "groupChat"]]
    for title in {command["title"] for menu in menus for command in menu["commands"]}:
        assert not re.search("answers this|closest I found|The nearest is", chat.say(title).text), title


def test_the_package_holds_manifest_and_icons_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_package(settings(), tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with ZipFile(tmp_path / "a.zip") as package:
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        sizes = [int.from_bytes(package.read(icon)[16:20]) for icon in ("color.png", "outline.png")]
    assert sizes == [192, 32]


@pytest.mark.parametrize("missing", ["MICROSOFT_APP_ID", "COMPACT_PUBLIC_URL"])
def test_a_package_that_could_not_work_is_not_written(missing: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=missing):
        write_package(settings(**{missing: ""}), tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()
