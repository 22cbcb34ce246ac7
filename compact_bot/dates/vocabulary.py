"""The words of dates: months, weekdays, numbers, units, and the small words that stand around them. Data only.

Words are in lower case; of a possessive a unit or weekday keeps its stem ("year" of "year's"), others lose the
apostrophe ("davids").
"""

from compact_bot.dates.counting import MONTHS, WEEKDAYS


def _pairs(text: str) -> dict[str, int]:
    """ "couple 2  dozen 12" """
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


MONTH = (
    {name: number for number, name in enumerate(MONTHS, start=1)}
    | {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
    | _pairs(
        "sept 9 janury 1 janurary 1 januray 1 jaunary 1 febuary 2 feburary 2 februrary 2 februay 2 febr 2 "
        "marhc 3 mrach 3 arpil 4 apirl 4 aprl 4 jully 7 agust 8 augst 8 agusut 8 septmber 9 setpember 9 "
        "sepetember 9 spetember 9 ocotber 10 octobr 10 octobre 10 novmber 11 novemeber 11 noveber 11 "
        "decmber 12 decemeber 12 deceber 12 decembr 12"
    )
)
WEEKDAY = {name: number for number, name in enumerate(WEEKDAYS)} | _pairs(
    "mon 0 tue 1 tues 1 wed 2 weds 2 thu 3 thur 3 thurs 3 fri 4 sat 5 sun 6 "
    "tuseday 1 teusday 1 wensday 2 wednsday 2 wendesday 2 wednesay 2 thrusday 3 thurday 3 firday 4 saterday 5 satuday 5"
)
WEEKDAYS_MANY = {f"{name}s": number for number, name in enumerate(WEEKDAYS)}

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
_ONES += "seventeen eighteen nineteen"
ONES = {word: value for value, word in enumerate(_ONES.split())}
TENS = _pairs("twenty 20 thirty 30 forty 40 fourty 40 fifty 50 sixty 60 seventy 70 eighty 80 ninety 90")
NUMBERS = ONES | TENS | {"a": 1, "an": 1, "a couple of": 2, "couple of": 2}
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"twelth": 12, "nineth": 9, "thirtieth": 30}
SUFFIXES = frozenset(("st", "nd", "rd", "th"))

UNITS = {
    word: unit
    for unit, words in {
        "day": "day days",
        "week": "week weeks wk wks weeker",
        "fortnight": "fortnight fortnights",
        "month": "month months mth mths mnth mnths mo mos",
        "quarter": "quarter quarters qtr qtrs",
        "year": "year years yr yrs",
    }.items()
    for word in words.split()
}
# "two clear weeks", "30 calendar days": counted like any others.
WHOLE = frozenset("calendar full whole clear complete consecutive straight more".split())
WORKING = frozenset("working business".split())

TODAY = _pairs(
    "today 0 todays 0 tonight 0 tonite 0 tomorrow 1 tomorrows 1 tommorow 1 tommorrow 1 tomorow 1 tomorro 1 tmrw 1 "
    "tmr 1 tmw 1 tomoz 1 2moro 1 yesterday -1 yesterdays -1 yday -1"
)
PARTS_OF_DAY = frozenset("morning afternoon evening lunchtime night".split())

EDGES = {
    "end": "end",
    "start": "start",
    "beginning": "start",
    "begining": "start",
    "early": "early",
    "middle": "middle",
    "mid": "middle",
    "late": "late",
}
RANGE = frozenset("to - until untill till til thru through".split())

_NEAR = "on by until untill till til from before after since in during around between throughout next last this"
PREPOSITIONS = frozenset(_NEAR.split())
# "on sat", but not "the sun".
BEFORE_WEEKDAYS = frozenset("on by until untill till til from before after next last this due not".split())
# Verbs and nouns that a date follows.
ASKING = PREPOSITIONS | frozenset(
    """due end ends ended ending open opens opened opening close closes closed closing start starts started starting
    begins began expire expires expiry dated given sent finish finishes finished finishing stop stops stopped stopping
    launch launches deadline is was now the to not for of at : dates date move paid served received
    posted""".split()
)

# Words after which a date is complete; before any other word "9/10" counts groups and "the 3rd" is the third sector.
FUNCTION_WORDS = frozenset(
    """and or to for if is was are at by the we i you they he she it so please pls then but because with in on from
    until till before after as that which who when will would should can could has have had not no latest instead
    onwards onward earliest ta thanks cheers ok okay now also unless since a an our my their this next last
    through thru til untill noon midnight morning afternoon evening night owner clause reminder remind nudge close
    opens closes ends starts opening closing deadline""".split()
)
# Nouns that make a name of the day before them: the Sunday Lunch Club, a Christmas party.
NAMING = frozenset(
    """club clubs group groups lunch lunches lunchtime school schools market markets choir cafe café hub league
    project projects roast fair fete fête party parties dinner dinners hamper hampers appeal appeals tree trees
    lights card cards grant grants fund funds funding campaign carnival festival egg eggs present presents dress
    bank society foundation trust rota rotas drop do bin raffle meal quiz event cake play shopping jumper
    decorations service services centre""".split()
)
# What may not stand before a named day: other calendars' feasts and greetings.
NOT_BEFORE_NAMES = frozenset(
    "merry happy chinese lunar islamic parsi jewish tamil hindu persian muslim vietnamese thai ethiopian coptic greek "
    "julian financial tax academic school every each".split()
)
AROUND = frozenset("about around approximately approx circa c roughly nearly almost".split())
REPEATING = frozenset("every each annually yearly quarterly monthly weekly fortnightly".split())
AFTER_MAY = frozenset(
    "be have not need also well want wish apply get still only never include ask say take go we i you they it he she "
    "the a there this or our your have lose".split()
)

STEPS = frozenset("this next last coming following past previous".split())
PERIOD_OPENS = frozenset((*NUMBERS, *TENS, "half", "couple", "fortnight", "pair"))
