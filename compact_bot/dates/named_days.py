"""Days that have a name: Christmas Eve, Easter Monday, the August bank holiday, Diwali.

Fixed days are data; what moves is asked of dateutil (Easter) and holidays (bank holidays, feasts of other faiths).
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from compact_bot.dates.bank_holidays import bank_holidays, easter

DayOfYear = Callable[[int], date | None]

_FIXED = {
    "1/1": "new year, new years, new years day, new year day",
    "25/1": "burns night",
    "27/1": "holocaust memorial day",
    "14/2": "valentines day, valentine day, valentines, st valentines day",
    "1/3": "st davids day",
    "8/3": "international womens day",
    "17/3": "st patricks day, st paddys day",
    "25/3": "lady day",
    "23/4": "st georges day",
    "24/6": "midsummer day, midsummers day",
    "29/9": "michaelmas, michaelmas day",
    "31/10": "halloween, all hallows eve",
    "1/11": "all saints day",
    "5/11": "guy fawkes day, guy fawkes night, guy fawkes, bonfire night, fireworks night",
    "11/11": "armistice day, remembrance day",
    "30/11": "st andrews day",
    "24/12": "christmas eve, xmas eve",
    "25/12": "christmas, christmas day, xmas, xmas day",
    "26/12": "boxing day, st stephens day",
    "31/12": "new years eve, new year eve, hogmanay, nye",
}
# Days from Easter Sunday.
_EASTER = {
    -47: "shrove tuesday, pancake day, pancake tuesday, mardi gras",
    -46: "ash wednesday",
    -21: "mothers day, mothering sunday",
    -7: "palm sunday",
    -3: "maundy thursday",
    -2: "good friday",
    -1: "easter saturday, holy saturday, easter eve",
    0: "easter, easter sunday, easter day, easter sun",
    1: "easter monday, easter mon",
    39: "ascension day",
    49: "pentecost, whitsunday, whit sunday, whitsun",
    50: "whit monday",
    56: "trinity sunday",
}
# The nth weekday of a month: (month, weekday, nth).
_NTH = {
    (6, 6, 3): "fathers day",
    (11, 6, 2): "remembrance sunday",
    (11, 3, 4): "thanksgiving, thanksgiving day",
}
# As the library calls them.
_BANK = {
    "May Day": "early may bank holiday, may day bank holiday, may day holiday",
    "Spring Bank Holiday": "spring bank holiday, late may bank holiday, end of may bank holiday, whitsun bank holiday",
    "Late Summer Bank Holiday": "august bank holiday, summer bank holiday, late summer bank holiday, "
    "august bank holiday monday",
}
# Feasts that people here keep too, by the country and the name under which the library knows them.
_FEASTS = {
    ("TR", "Eid al-Fitr"): "eid al fitr, eid ul fitr",
    ("TR", "Eid al-Adha"): "eid al adha, eid ul adha, id ul adha, bakr id, bakra eid",
    ("IN", "Diwali"): "diwali, deepavali, divali, lakshmi puja",
    ("IN", "Holika Dahan"): "holika dahan",
    ("IN", "Holi"): "holi",
    ("IN", "Raksha Bandhan"): "raksha bandhan, rakhi",
    ("IN", "Ganesh Chaturthi / Vinayak Chaturthi"): "ganesh chaturthi",
    ("IN", "Maha Shivaratri"): "maha shivaratri, mahashivratri",
    ("IN", "Ram Navami"): "ram navami, rama navami",
    ("IN", "Pongal"): "pongal, thai pongal",
    ("IN", "Vaisakhi"): "vaisakhi, baisakhi",
    ("IN", "Guru Nanak's Birthday"): "guru nanak jayanti, guru nanak gurpurab, guru nanaks birthday",
    ("IN", "Guru Gobind Singh's Birthday"): "guru gobind singh jayanti, guru gobind singh birthday, "
    "guru gobind singhs birthday, guru govind singh jayanti",
    ("IN", "Maharishi Valmiki's Birthday"): "valmiki jayanti, maharishi valmiki jayanti, pargat diwas",
    ("IN", "Guru Rabindranath's Birthday"): "rabindra jayanti, rabindranath jayanti",
    ("IN", "Guru Ravi Das's Birthday"): "guru ravidas jayanti, guru ravidass jayanti, "
    "guru ravidas birthday, guru ravidass birthday",
    ("IN", "Mahavira's Birthday"): "mahavir jayanti",
    ("IN", "Rath Yatra"): "rath yatra, ratha yatra",
    ("IN", "Ugadi"): "ugadi, yugadi",
    ("IN", "Parsi New Year"): "parsi new year",
    ("IN", "Karaka Chaturthi (Karwa Chouth)"): "karva chauth, karwa chauth",
    ("IN", "Bhai Duj"): "bhai dooj, bhai duj",
    ("TW", "Chinese New Year"): "chinese new year, lunar new year, chinese lunar new year, chinese new years, "
    "chinese new year day, chinese lunar new year day",
}
# The years for which the library knows India's days; beyond them it warns and gives few.
_INDIA_FROM, _INDIA_TO = 2001, 2035


def _fixed(text: str) -> DayOfYear:
    number, month = map(int, text.split("/"))
    return lambda year: date(year, month, number)


def _from_easter(days: int, orthodox: bool = False) -> DayOfYear:
    return lambda year: easter(year, orthodox) + timedelta(days=days)


def _nth_weekday(month: int, weekday: int, nth: int, later: int = 0) -> DayOfYear:
    def day(year: int) -> date:
        first = (weekday - date(year, month, 1).weekday()) % 7
        return date(year, month, 1 + first + 7 * (nth - 1) + later)

    return day


def _advent(year: int) -> date:
    """The fourth Sunday before Christmas Day."""
    christmas = date(year, 12, 25)
    return christmas - timedelta(days=christmas.weekday() + 1 + 21)


def _bank_holiday(name: str) -> DayOfYear:
    return lambda year: next((day for day, found in bank_holidays(year).items() if found == name), None)


@lru_cache(maxsize=64)
def _feasts(country: str, year: int) -> dict[str, date]:
    """The feasts of a country in one year. A day that is only estimated is left out: the moon may move it."""
    import holidays

    if country == "IN":
        known = _INDIA_FROM <= year <= _INDIA_TO
        found = holidays.country_holidays(country, years=year, categories=("public", "optional")) if known else {}
    else:
        found = holidays.country_holidays(country, years=year, language="en_US")
    return {name: day for day in sorted(found, reverse=True) for name in found[day].split("; ")}


def _feast(country: str, name: str) -> DayOfYear:
    return lambda year: _feasts(country, year).get(name)


def _table() -> dict[str, DayOfYear]:
    table: dict[str, DayOfYear] = {}
    sources: list[tuple[str, DayOfYear]] = [
        *((names, _fixed(key)) for key, names in _FIXED.items()),
        *((names, _from_easter(key)) for key, names in _EASTER.items()),
        *((names, _nth_weekday(*key)) for key, names in _NTH.items()),
        *((names, _bank_holiday(key)) for key, names in _BANK.items()),
        *((names, _feast(*key)) for key, names in _FEASTS.items()),
        ("black friday", _nth_weekday(11, 3, 4, later=1)),
        ("advent sunday", _advent),
    ]
    for names, day_of in sources:
        for name in names.split(", "):
            table[name] = day_of
            if name.startswith("st "):
                table[f"saint {name[3:]}"] = day_of
    for days, names in _EASTER.items():
        table |= {f"orthodox {name}": _from_easter(days, orthodox=True) for name in names.split(", ")}
    return table


NAMED_DAYS = _table()
# Other feasts are named after them ("Choti Diwali", "Mattu Pongal"), so no unknown word may stand before.
FEASTS = frozenset(name for names in _FEASTS.values() for name in names.split(", "))
# Here they begin when the moon is seen, which may be a day after the one published.
BY_THE_MOON = frozenset(
    name for (country, _), names in _FEASTS.items() if country == "TR" for name in names.split(", ")
)
LONGEST_NAME = max(len(name.split()) for name in NAMED_DAYS)
OPENING_WORDS = frozenset(name.split()[0] for name in NAMED_DAYS)


def bank_holiday_after(day: date, back: bool, weekday: int = -1) -> date | None:
    """The next bank holiday from a day on, or the last one before it; on a weekday where one is given."""
    for year in (day.year, day.year - 1 if back else day.year + 1):
        days = [one for one in sorted(bank_holidays(year), reverse=back) if weekday in (-1, one.weekday())]
        if found := next((one for one in days if (one < day if back else one >= day)), None):
            return found
    return None
