"""Bank holidays and other days on which England is at rest."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=128)
def bank_holidays(year: int) -> dict[date, str]:
    """The bank holidays of one year in England and Wales, by name."""
    import holidays

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


def closed_in_england(day: date) -> bool:
    """Whether a day is a Saturday, a Sunday or a bank holiday."""
    return day.weekday() >= 5 or day in bank_holidays(day.year)


def easter(year: int, orthodox: bool = False) -> date:
    """Easter Sunday as the western churches and the law in the UK keep it, or as the orthodox ones do."""
    import dateutil.easter

    found: date = dateutil.easter.easter(year, 2 if orthodox else 3)
    return found
