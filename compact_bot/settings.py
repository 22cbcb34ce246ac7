"""The environment as frozen settings. A missing or malformed one is named at start, never its value."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from dotenv.parser import parse_stream


class SettingsError(Exception):
    """One line for each setting that is wrong, ready to be shown."""


# Written out so that mypy finds a name that is no setting.
Name = Literal[
    "COMPACT_DATABASE_URL",
    "COMPACT_HOME",
    "COMPACT_AGREEMENT",
    "COMPACT_TIMEZONE",
    "COMPACT_PUBLIC_URL",
    "COMPACT_SECRET_KEY",
    "COMPACT_GAPS_DAYS",
    "COMPACT_DEADLINES_YEARS",
    "COMPACT_FEEDBACK_YEARS",
    "COMPACT_NUDGES_DAYS",
    "COMPACT_PEOPLE_MONTHS",
    "COMPACT_ERASE_DAYS",
    "COMPACT_LOG",
    "COMPACT_METRICS_KEY",
    "HOST",
    "PORT",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
    "MICROSOFT_APP_ID",
    "MICROSOFT_APP_PASSWORD",
    "MICROSOFT_APP_TENANT_ID",
    "TEAMS_OPENID_METADATA_URL",
    "TEAMS_LOGIN_URL",
    "TEAMS_TENANTS",
    "TEAMS_SERVICE_HOSTS",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "SMTP_FROM",
    "SMTP_SECURITY",
    "TEAMS_TARGETED",
    "TEAMS_LOCAL",
]


@dataclass(frozen=True)
class Setting:
    """`check` returns what is wrong with a value, or ""; the value itself is never shown, it may be a secret."""

    name: Name
    default: str
    meaning: str
    check: Callable[[str], str] = lambda _: ""


def _url(value: str) -> str:
    return "" if re.fullmatch(r"https?://[^\s/]+(/\S*)?", value) else "must be an address such as https://example.org"


def _url_with_slash(value: str) -> str:
    return _url(value) or ("" if value.endswith("/") else "must end with a slash")


def _database(value: str) -> str:
    known = re.match(r"(sqlite(\+pysqlite)?:///|postgres(ql)?(\+psycopg)?://[^\s/]+/)\S+", value)
    return "" if known else "must look like sqlite:///var/compact.db or postgresql+psycopg://user@host/name"


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "must be a time zone such as Europe/London"
    return ""


def _prefix(*prefixes: str) -> Callable[[str], str]:
    return lambda value: "" if value.startswith(prefixes) else f"must begin with {' or '.join(prefixes)}"


def _uuid(value: str) -> str:
    return "" if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value) else "must be a GUID"


def _each(check: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: next(filter(None, map(check, value.split())), "")


def _yes(value: str) -> str:
    return "" if value == "yes" else "must be yes, or not set"


def _port(value: str) -> str:
    return "" if re.fullmatch("[0-9]{1,5}", value) and int(value) <= 65_535 else "must be a number from 1 to 65535"


def _mail_address(value: str) -> str:
    known = re.fullmatch(r"[^\s@<>\",;]{1,64}@[A-Za-z0-9.-]{1,190}", value)
    return "" if known else "must be an e-mail address such as compact@example.org"


def _security(value: str) -> str:
    return "" if value in ("starttls", "tls", "none") else "must be starttls, tls or none"


def _long_secret(value: str) -> str:
    return "" if len(value) >= 32 else "must have at least 32 characters"


def keys_in(value: str) -> tuple[str, ...]:
    """The keys in a setting, the one in use first. A passphrase of short words is one key, as it always was."""
    keys = tuple(value.split())
    return keys if all(len(key) >= 32 for key in keys) else (value,)


def _log(value: str) -> str:
    return "" if value in ("quiet", "plain", "json") else "must be quiet, plain or json"


def _count(of_what: str) -> Callable[[str], str]:
    return lambda value: "" if re.fullmatch(r"[1-9]\d{0,3}", value) else f"must be a number of {of_what} from 1 to 9999"


DEFAULT_DATABASE = "sqlite:///var/compact.db"  # var/ is then the home: see compact_bot/place.py

SETTINGS = (
    Setting("COMPACT_DATABASE_URL", DEFAULT_DATABASE, "where data is kept", _database),
    Setting("COMPACT_HOME", "", "the folder of the database, of what is learned and of the terminal's history"),
    Setting("COMPACT_AGREEMENT", "sutton", "a folder in knowledge/, or the path of one; several with commas between"),
    Setting("COMPACT_TIMEZONE", "Europe/London", "the time zone of dates and nudges", _zone),
    Setting("COMPACT_PUBLIC_URL", "", "the address under which others reach the web process", _url),
    Setting("COMPACT_SECRET_KEY", "", "signs links and seals tokens; any 32 characters or more", _long_secret),
    Setting("COMPACT_GAPS_DAYS", "90", "how many days questions without a helpful answer are kept", _count("days")),
    Setting("COMPACT_DEADLINES_YEARS", "6", "how many years a closed deadline is kept", _count("years")),
    Setting("COMPACT_FEEDBACK_YEARS", "6", "how many years settled feedback is kept", _count("years")),
    Setting("COMPACT_NUDGES_DAYS", "365", "how many days a nudge is kept after it was sent", _count("days")),
    Setting("COMPACT_PEOPLE_MONTHS", "24", "after how many months of silence a person is forgotten", _count("months")),
    Setting("COMPACT_ERASE_DAYS", "30", "after how many days an organisation that left is erased", _count("days")),
    Setting("COMPACT_LOG", "quiet", "quiet, or plain or json for a line of each message and nudge", _log),
    Setting("COMPACT_METRICS_KEY", "", "who may read /metrics from elsewhere; 32 characters or more", _long_secret),
    Setting("HOST", "127.0.0.1", "where the web process listens; 0.0.0.0 for everywhere"),
    Setting("PORT", "8000", "the port of the web process", _port),
    Setting("SLACK_BOT_TOKEN", "", "Slack: the bot's token", _prefix("xoxb-")),
    Setting("SLACK_SIGNING_SECRET", "", "Slack: proves that a request is Slack's"),
    Setting("SLACK_APP_TOKEN", "", "Slack: for Socket Mode", _prefix("xapp-")),
    Setting("SLACK_CLIENT_ID", "", "Slack: for installing in many workspaces"),
    Setting("SLACK_CLIENT_SECRET", "", "Slack: for installing in many workspaces"),
    Setting("SLACK_API_URL", "https://slack.com/api/", "Slack: the Web API's base, with its slash", _url_with_slash),
    Setting("MICROSOFT_APP_ID", "", "Teams: the bot's application id", _uuid),
    Setting("MICROSOFT_APP_PASSWORD", "", "Teams: the bot's client secret"),
    Setting("MICROSOFT_APP_TENANT_ID", "", "Teams: the tenant the bot is registered in", _uuid),
    Setting(
        "TEAMS_OPENID_METADATA_URL",
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        "Teams: where the keys that sign requests are published",
        _url,
    ),
    Setting("TEAMS_LOGIN_URL", "https://login.microsoftonline.com", "Teams: where tokens are asked for", _url),
    Setting("TEAMS_TENANTS", "", "Teams: other tenants that may use the bot, with spaces between", _each(_uuid)),
    Setting("TEAMS_SERVICE_HOSTS", "", "Teams: other hosts that answers may go to, with spaces between"),
    Setting("SMTP_HOST", "", "E-mail: the server that takes it"),
    Setting("SMTP_PORT", "587", "E-mail: the server's port", _port),
    Setting("SMTP_USER", "", "E-mail: who signs in there, where it asks for that"),
    Setting("SMTP_PASSWORD", "", "E-mail: the password of that user"),
    Setting("SMTP_FROM", "", "E-mail: the address that it comes from", _mail_address),
    Setting("SMTP_SECURITY", "starttls", "E-mail: `starttls`, `tls`, or `none` on this machine", _security),
    Setting("TEAMS_TARGETED", "", "Teams: `yes` lets it answer one person alone in a channel, where Teams can", _yes),
    Setting("TEAMS_LOCAL", "", "Teams: `yes` serves a test client on this machine, without authentication", _yes),
)


@dataclass(frozen=True)
class Settings:
    values: Mapping[Name, str]

    def __getitem__(self, name: Name) -> str:
        """The setting's value, "" when it has none."""
        return self.values[name]

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self["COMPACT_TIMEZONE"])

    @property
    def secret_keys(self) -> tuple[str, ...]:
        return keys_in(self["COMPACT_SECRET_KEY"])

    @property
    def port(self) -> int:
        return int(self["PORT"])

    @property
    def smtp_port(self) -> int:
        return int(self["SMTP_PORT"])

    def days(self, name: Name) -> timedelta:
        """A setting that counts days, months or years, the latter two as whole days that are never too few."""
        each = {"YEARS": 366, "MONTHS": 31, "DAYS": 1}[name.rpartition("_")[2]]
        return timedelta(days=each * int(self[name]))


def _env_file() -> Path:
    """The .env file of the folder that the program is started in, else that of the checkout it is installed from."""
    here = Path(".env")
    return here if here.exists() else Path(__file__).resolve().parent.parent / ".env"


def read_settings(environment: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Settings from the environment, then from a .env file, then the defaults.

    Raises SettingsError with a line for each setting that is wrong or unknown.
    """
    given = dict(os.environ) if environment is None else dict(environment)
    from_file = _from_file(env_file or _env_file())
    known = {setting.name for setting in SETTINGS}
    problems = [
        f"{name}: there is no such setting; see README for the names"
        for name in sorted({*given, *from_file})
        if name.startswith("COMPACT_") and name not in known
    ]
    values: dict[Name, str] = {}
    for setting in SETTINGS:
        value = (given.get(setting.name) or from_file.get(setting.name) or setting.default).strip()
        if value and (wrong := setting.check(value)):
            problems.append(f"{setting.name}: {wrong}")
        values[setting.name] = value
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(values)


def _from_file(env_file: Path) -> dict[str, str]:
    """Raises SettingsError, in a line of its own, for a file that is there and cannot be read."""
    try:
        text = env_file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file.name}: is not text in UTF-8. Please save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{env_file.name}: cannot be read ({error.strerror})") from None
    wrong = [binding.original.line for binding in parse_stream(StringIO(text)) if binding.error]
    if wrong or "\0" in text:
        where = f"line {wrong[0]}" if wrong else "a line with a NUL character"
        raise SettingsError(f"{env_file.name}: {where} cannot be read. Write NAME=value, one a line")
    return {name: value or "" for name, value in dotenv_values(stream=StringIO(text)).items()}


def is_slack_wanted(settings: Settings) -> bool:
    """Whether Slack is set up. Raises SettingsError, naming what is missing, when it is only half so."""
    given = {name for name, value in settings.values.items() if name.startswith("SLACK_") and value} - {"SLACK_API_URL"}
    if not given:
        return False
    missing = []
    if not given & {"SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}:
        missing.append("SLACK_BOT_TOKEN: missing, though other Slack settings are there")
    if "SLACK_APP_TOKEN" not in given and "SLACK_SIGNING_SECRET" not in given:
        missing.append("SLACK_SIGNING_SECRET: missing; or set SLACK_APP_TOKEN to use Socket Mode")
    for one, other in (("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"), ("SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID")):
        if one in given and other not in given:
            missing.append(f"{other}: missing, though {one} is there")
    if missing:
        raise SettingsError("\n".join(missing))
    return True


def is_email_wanted(settings: Settings) -> bool:
    """Whether e-mail is set up. Raises SettingsError, naming what is missing, when it is only half so."""
    given = [name for name in ("SMTP_HOST", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM") if settings[name]]
    needed = ["SMTP_HOST", "SMTP_FROM"]
    if settings["SMTP_USER"] or settings["SMTP_PASSWORD"]:
        needed += ["SMTP_USER", "SMTP_PASSWORD"]
    missing = [f"{name}: missing, though {given[0]} is there" for name in needed if name not in given] if given else []
    if settings["SMTP_SECURITY"] == "none" and settings["SMTP_HOST"] not in ("", "127.0.0.1", "localhost", "::1"):
        missing.append("SMTP_SECURITY: without encryption, SMTP_HOST must be this machine")
    if missing:
        raise SettingsError("\n".join(missing))
    return bool(given)


def is_teams_wanted(settings: Settings) -> bool:
    """Whether Teams is set up. Raises SettingsError for half a set-up, and for none at all where others can connect."""
    needed: tuple[Name, ...] = ("MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID")
    given = [name for name in needed if settings[name]]
    if settings["TEAMS_LOCAL"]:
        if beside := [*given, *(["COMPACT_PUBLIC_URL"] if settings["COMPACT_PUBLIC_URL"] else [])]:
            raise SettingsError(f"TEAMS_LOCAL: turns authentication off, so it cannot be set beside {beside[0]}")
        if settings["HOST"] not in ("127.0.0.1", "localhost", "::1"):
            raise SettingsError("TEAMS_LOCAL: turns authentication off, so HOST must be 127.0.0.1")
        return True
    if given and len(given) < len(needed):
        missing = [f"{name}: missing, though {given[0]} is there" for name in needed if name not in given]
        raise SettingsError("\n".join(missing))
    return bool(given)
