"""Settings: each is in the README, and a wrong one is named without showing its value."""

from pathlib import Path

import pytest

from compact_bot.settings import SETTINGS, SettingsError, is_slack_wanted, read_settings
from tests.conftest import ROOT


def test_each_setting_is_named_in_the_readme_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"`{setting.name}`" in readme, setting.name
        if setting.default:
            assert setting.default in readme, setting.name


def test_defaults_are_enough_to_start(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path / ".env")
    assert settings["COMPACT_AGREEMENT"] == "sutton"
    assert settings["COMPACT_DATABASE_URL"] == "sqlite:///var/compact.db"
    assert settings.timezone.key == "Europe/London"


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COMPACT_AGREEMENT=from-file\nCOMPACT_TIMEZONE=Europe/Paris\n")
    settings = read_settings({"COMPACT_AGREEMENT": "from-environment"}, tmp_path / ".env")
    assert settings["COMPACT_AGREEMENT"] == "from-environment"
    assert settings["COMPACT_TIMEZONE"] == "Europe/Paris"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMPACT_DATABASE_URL", "secret-mysql://x"),
        ("COMPACT_TIMEZONE", "secret/Mars"),
        ("COMPACT_PUBLIC_URL", "secret"),
        ("COMPACT_SECRET_KEY", "secret"),
        ("SLACK_BOT_TOKEN", "secret"),
        ("SLACK_APP_TOKEN", "secret"),
        ("SLACK_API_URL", "https://secret.example"),
        ("MICROSOFT_APP_ID", "secret"),
        ("MICROSOFT_APP_TENANT_ID", "secret"),
        ("TEAMS_OPENID_METADATA_URL", "secret"),
        ("TEAMS_LOGIN_URL", "secret"),
    ],
)
def test_a_malformed_setting_is_named_and_its_value_is_not_shown(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({name: value}, tmp_path / ".env")
    assert str(refused.value).startswith(name + ": must ")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET: missing"),
        ({"SLACK_SIGNING_SECRET": "x"}, "SLACK_BOT_TOKEN: missing"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN: missing"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_SIGNING_SECRET": "x"}, "SLACK_CLIENT_SECRET: missing"),
        ({"SLACK_CLIENT_SECRET": "y", "SLACK_SIGNING_SECRET": "x"}, "SLACK_CLIENT_ID: missing"),
    ],
)
def test_a_half_set_slack_stops_the_start_and_names_what_is_missing(
    tmp_path: Path, given: dict[str, str], missing: str
) -> None:
    with pytest.raises(SettingsError, match=missing):
        is_slack_wanted(read_settings(given, tmp_path / ".env"))


def test_slack_needs_no_more_than_a_token_and_a_secret_or_a_socket(tmp_path: Path) -> None:
    nowhere = tmp_path / ".env"
    assert not is_slack_wanted(read_settings({}, nowhere))
    assert is_slack_wanted(read_settings({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x"}, nowhere))
    assert is_slack_wanted(read_settings({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, nowhere))


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="COMPACT_AGREMENT: there is no such setting"):
        read_settings({"COMPACT_AGREMENT": "x"}, tmp_path / ".env")


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"COMPACT_TIMEZONE": "x", "SLACK_BOT_TOKEN": "y"}, tmp_path / ".env")
    assert len(str(refused.value).splitlines()) == 2
