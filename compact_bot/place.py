"""Where the program keeps things: the same place, whichever folder it is started from."""

from pathlib import Path

from compact_bot.settings import DEFAULT_DATABASE, Settings, SettingsError

INSTALLED = Path(__file__).resolve().parent.parent  # of a checkout, which has its own var/
DATABASE = "compact.db"


def home_of(settings: Settings) -> Path:
    """COMPACT_HOME, else var/ of the checkout that is installed, else the user's own folder for data.

    Raises SettingsError where this machine names no such folder.
    """
    if settings["COMPACT_HOME"]:
        return Path(settings["COMPACT_HOME"]).expanduser().absolute()
    if (INSTALLED / "pyproject.toml").exists():
        return INSTALLED / "var"
    try:
        return Path.home() / ".local" / "share" / "compact-bot"
    except RuntimeError:
        raise SettingsError("COMPACT_HOME: this machine has no home folder, so say where to keep data") from None


def database_of(settings: Settings) -> str:
    """The database's address; unless one is set, a file in the home."""
    address = settings["COMPACT_DATABASE_URL"]
    return f"sqlite:///{home_of(settings) / DATABASE}" if address == DEFAULT_DATABASE else address


def left_behind(settings: Settings) -> Path | None:
    """A database in ./var/, which earlier versions made wherever they were started, and which is not the one in use."""
    here = Path("var") / DATABASE
    used = home_of(settings) / DATABASE
    is_other = settings["COMPACT_DATABASE_URL"] == DEFAULT_DATABASE and here.absolute() != used
    return here.absolute() if is_other and here.exists() else None
