"""Dates as people in the UK write them, a table for each way. Today is Wednesday 25 November 2026."""

from datetime import date

import pytest

from compact_bot.dates import Written, find_dates

TODAY = date(2026, 11, 25)


def days(words: str, prefer_past: bool = False) -> list[str]:
    """The days in some words; "2027-01-01..2027-01-31" for a span, "refused" for what cannot be a date."""
    return [_said(one) for one in find_dates(words, TODAY, prefer_past)]


def _said(one: Written) -> str:
    if one.wrong:
        return "refused"
    return f"{one.day}..{one.until}" if one.until else f"{one.day}"


def table(text: str) -> list[tuple[str, str]]:
    """Lines of "words | days"; the words are what stands before the last bar."""
    lines = (line.rpartition("|") for line in text.strip().splitlines())
    return [(words.strip(), wanted.strip()) for words, _, wanted in lines]


IN_FIGURES = """
18/6/27 | 2027-06-18
05/01/2027 | 2027-01-05
5-1-27 | 2027-01-05
5-1-2027 | 2027-01-05
18.6.2027 | 2027-06-18
18.06.27 | 2027-06-18
18·06·27 | 2027-06-18
18 / 6 / 2027 | 2027-06-18
18 06 2027 | 2027-06-18
2027-06-18 | 2027-06-18
2027/6/18 | 2027-06-18
2027-06-18T09:30:00Z | 2027-06-18
the 18/6 | 2027-06-18
Deadline: 18/6 | 2027-06-18
by 18/6, please | 2027-06-18
(18/6/27) | 2027-06-18
“18/6/27” | 2027-06-18
18/6/27,25/6/27 | 2027-06-18 2027-06-25
Fri 18/6 | 2027-06-18
by 5pm on 18/6/27 | 2027-06-18
18/6/27 17:00 | 2027-06-18
1/1/1990 | 1990-01-01
31/12/2100 | 2100-12-31
"""

IN_WORDS = """
18 June | 2027-06-18
18th June 2027 | 2027-06-18
18th of June | 2027-06-18
the 18th of June, 2027 | 2027-06-18
Friday 18 June 2027 | 2027-06-18
Fri. 18 Jun. 2027 | 2027-06-18
Friday, the 18th of June | 2027-06-18
18 June 2027 (Friday) | 2027-06-18
18 Jun, Fri | 2027-06-18
June 18 | 2027-06-18
June the 18th | 2027-06-18
June 18th, 2027 | 2027-06-18
2027 June 18 | 2027-06-18
18jun27 | 2027-06-18
18-Jun-2027 | 2027-06-18
18/Jun/2027 | 2027-06-18
18 June 29 | 2029-06-18
18 June '29 | 2029-06-18
18 June ’29 | 2029-06-18
18 June ‘29 | 2029-06-18
18 June `29 | 2029-06-18
18 June of 2029 | 2029-06-18
18 June next year | 2027-06-18
18 June last year | 2025-06-18
second of June | 2027-06-02
the eighteenth of June | 2027-06-18
the twenty-second of June twenty twenty-eight | 2028-06-22
twenty second of june two thousand and twenty eight | 2028-06-22
thirtieth June | 2027-06-30
18 june at noon | 2027-06-18
18 Febuary | 2027-02-18
wensday 2 december | 2026-12-02
29 February | 2028-02-29
Monday 16 November | 2026-11-16
"""

RANGES_AND_LISTS = """
3-17 January | 2027-01-03 2027-01-17
3–17 January 2028 | 2028-01-03 2028-01-17
3rd - 17th Jan | 2027-01-03 2027-01-17
from the 3rd to the 17th of January | 2027-01-03 2027-01-17
between 3 and 17 January | 2027-01-03 2027-01-17
between 3 January and 4 March | 2027-01-03 2027-03-04
January 3-17 | 2027-01-03 2027-01-17
Jan 3rd to 17th, 2028 | 2028-01-03 2028-01-17
January 3 through January 17 | 2027-01-03 2027-01-17
5 Dec 26 - 9 Jan 27 | 2026-12-05 2027-01-09
5 December to 9 January 2027 | 2026-12-05 2027-01-09
5 December until 9 January | 2026-12-05 2027-01-09
5 March to 9 June 2029 | 2029-03-05 2029-06-09
2 November to 4 January | 2026-11-02 2027-01-04
5/12/26 to 9/1/27 | 2026-12-05 2027-01-09
5/12-9/1 | 2026-12-05 2027-01-09
3-17/1 | 2027-01-03 2027-01-17
3-17/1/28 | 2028-01-03 2028-01-17
Mon 4 - Fri 8 January | 2027-01-04 2027-01-08
Monday 14th to Friday 18th | 2026-12-14 2026-12-18
from tomorrow to Friday | 2026-11-26 2026-11-27
Tuesday to Friday | 2026-12-01 2026-12-04
from the 7th to the 9th | 2026-12-07 2026-12-09
from 1 Dec to the 8th | 2026-12-01 2026-12-08
May 2027 to July 2027 | 2027-05-01 2027-07-31
from November to February | 2026-11-01 2027-02-28
from October to December | 2026-10-01 2026-12-31
from November to February 2029 | 2028-11-01 2029-02-28
4, 11 and 18 January | 2027-01-04 2027-01-11 2027-01-18
4th, 11th & 18th January 2028 | 2028-01-04 2028-01-11 2028-01-18
Mon 4, Tues 5 and Wed 6 January | 2027-01-04 2027-01-05 2027-01-06
4 or 11 January | 2027-01-04 2027-01-11
4/5 January | 2027-01-04 2027-01-05
January 4, 11 and 18 | 2027-01-04 2027-01-11 2027-01-18
4 January, 5 March and 6 May | 2027-01-04 2027-03-05 2027-05-06
4 January/5 March | 2027-01-04 2027-03-05
4,11,18 January | 2027-01-04 2027-01-11 2027-01-18
4Jan-9Jan | 2027-01-04 2027-01-09
on the 4th, 11th and 18th | 2026-12-04 2026-12-11 2026-12-18
"""

NEAR_TODAY = """
today | 2026-11-25
tonight | 2026-11-25
this afternoon | 2026-11-25
tmrw | 2026-11-26
tomorrow week | 2026-12-03
the day before yesterday | 2026-11-23
last night | 2026-11-24
Saturday | 2026-11-28
by sat | 2026-11-28
Wednesday | 2026-12-02
this Saturday | 2026-11-28
this coming Monday | 2026-11-30
last Saturday | 2026-11-21
Saturday just gone | 2026-11-21
Tuesday week | 2026-12-08
Thursday fortnight | 2026-12-10
Saturday after next | 2026-12-05
Tuesday before last | 2026-11-17
Thursday next week | 2026-12-03
Thursday of this week | 2026-11-26
next week Thursday | 2026-12-03
last week's Thursday | 2026-11-19
Tuesday's board | 2026-12-01
before Tuesday's panel | 2026-12-01
Thursday the 17th | 2026-12-17
Tues 8th | 2026-12-08
the 8th | 2026-12-08
the 25th | 2026-11-25
due 30th | 2026-11-30
8th of next month | 2026-12-08
the 8th of this month | 2026-11-08
8th of the month | 2026-12-08
the next working day | 2026-11-26
8th next month | 2026-12-08
next month on the 8th | 2026-12-08
Tues 5 Jan 10-12 | 2027-01-05
tomorrow, Thursday | 2026-11-26
"""

COUNTED = """
in 4 weeks | 2026-12-23
in four wks | 2026-12-23
in 2 mths | 2027-01-25
in three months' time | 2027-02-25
eight weeks' time | 2027-01-20
in a year and a half | 2028-05-25
in 5 working days | 2026-12-02
ten weeks today | 2027-02-03
a week tomorrow | 2026-12-03
a fortnight on Monday | 2026-12-14
two weeks on Saturday | 2026-12-12
a week last Monday | 2026-11-16
five weeks hence | 2026-12-30
5 weeks from today | 2026-12-30
5 weeks ago | 2026-10-21
a fortnight back | 2026-11-11
2 Mondays from now | 2026-12-07
three Saturdays ago | 2026-11-07
in 2 Mondays' time | 2026-12-07
4 weeks from Tuesday | 2026-12-29
4 weeks after 18 January 2027 | 2027-02-15
4 weeks before 18 January 2027 | 2026-12-21
4 weeks back from 18 January | 2026-12-21
2 months and 3 days after 18 January 2027 | 2027-03-21
a month before the end of May | 2027-04-30
6 weeks prior to 18 June | 2027-05-07
a fortnight ahead of 18 June | 2027-06-04
ten days before Easter Monday | 2027-03-19
the day after Boxing Day | 2026-12-27
day before 18 June 2027 | 2027-06-17
the Monday after 18 June | 2027-06-21
the Friday before Easter | 2027-03-26
second Monday after Easter | 2027-04-05
28 days after the letter of 4 January | 2027-02-01
28 days after we wrote to them on 4 January | 2027-02-01
within 28 days of the invoice dated 4/1/27 | 2027-02-01
two days before the day after tomorrow | 2026-11-25
the working day before 1 January 2027 | 2026-12-31
the first working day after Easter | 2027-03-30
the nearest Friday to 18 July 2027 | 2027-07-16
"""

WITHIN_A_MONTH = """
first Tuesday in June | 2027-06-01
3rd Thursday of January 2028 | 2028-01-20
last Monday in May | 2027-05-31
the second last Friday of June | 2027-06-18
penultimate Thursday of June | 2027-06-17
last day of February | 2027-02-28
last day of next month | 2026-12-31
first day of June 2028 | 2028-06-01
last working day of May 2027 | 2027-05-28
first working day of January 2028 | 2028-01-04
first Monday of next month | 2026-12-07
first Thursday of last month | 2026-10-01
end of May | 2027-05-31
end-May | 2027-05-31
end of May 2029 | 2029-05-31
end of next month | 2026-12-31
month-end | 2026-11-30
start of June | 2027-06-01
early June | 2027-06-01..2027-06-10
the middle of June | 2027-06-15..2027-06-20
late June | 2027-06-20..2027-06-30
mid-January 2028 | 2028-01-15..2028-01-20
"""

SPANS = """
January 2028 | 2028-01-01..2028-01-31
Jan '28 | 2028-01-01..2028-01-31
Jan-28 | 2028-01-01..2028-01-31
01/2028 | 2028-01-01..2028-01-31
2028-01 | 2028-01-01..2028-01-31
in January | 2027-01-01..2027-01-31
by may | 2027-05-01..2027-05-31
in november | 2026-11-01..2026-11-30
next January | 2027-01-01..2027-01-31
it ends next may | 2027-05-01..2027-05-31
last May | 2026-05-01..2026-05-31
this week | 2026-11-23..2026-11-29
the week after next | 2026-12-07..2026-12-13
week commencing 11 January | 2027-01-11..2027-01-17
w/c 11/1/27 | 2027-01-11..2027-01-17
w.c. 11 Jan | 2027-01-11..2027-01-17
w/e 15 January | 2027-01-15
week ending Friday 15 January 2027 | 2027-01-15
the week before Easter | 2027-03-21..2027-03-27
end of the week | 2026-11-27..2026-11-29
end of next week | 2026-12-04..2026-12-06
early next week | 2026-11-30..2026-12-02
last month | 2026-10-01..2026-10-31
next quarter | 2027-01-01..2027-03-31
Q4 27/28 | 2028-01-01..2028-03-31
by the end of Q3 | 2026-12-31
2027/28 | 2027-04-01..2028-03-31
FY27/28 | 2027-04-01..2028-03-31
FY 2027-2028 | 2027-04-01..2028-03-31
financial year 2027-28 | 2027-04-01..2028-03-31
end of FY27/28 | 2028-03-31
next financial year | 2027-04-01..2028-03-31
end of next financial year | 2028-03-31
start of the financial year | 2027-04-01
FYE | 2027-03-31
year-end | 2027-03-31
end of the tax year | 2027-04-05
end of 2028 | 2028-12-31
this weekend | 2026-11-28..2026-11-29
the next 10 days | 2026-11-26..2026-12-05
"""

NAMED = """
Christmas | 2026-12-25
Xmas Eve | 2026-12-24
by Christmas 2028 | 2028-12-25
last Christmas | 2025-12-25
Christmas next year | 2027-12-25
New Year's Eve | 2026-12-31
new years day | 2027-01-01
before the new year | 2027-01-01
Shrove Tuesday | 2027-02-09
Mothering Sunday | 2027-03-07
Maundy Thursday | 2027-03-25
Easter Monday 2028 | 2028-04-17
Orthodox Easter 2027 | 2027-05-02
Whit Sunday | 2027-05-16
Father's Day | 2027-06-20
Midsummer Day | 2027-06-24
Michaelmas | 2027-09-29
Lady Day (25 March 2028) | 2028-03-25
St. Andrew's Day | 2026-11-30
saint george’s day | 2027-04-23
bonfire night | 2027-11-05
Remembrance Sunday 2027 | 2027-11-14
early May bank holiday | 2027-05-03
the summer bank holiday 2028 | 2028-08-28
next bank holiday | 2026-12-25
Diwali 2028 | 2028-10-17
Chinese New Year | 2027-02-06
"""

NO_DATE = """
3/4 of the award |
7/10 members said no |
spent 23/24 |
split 70/30 |
section 106 |
24/7 |
open 24/7, June House |
Saturday Morning Club |
the Wednesday lunch club |
our Friday group |
every Thursday |
on Mondays |
we sat with them for weeks |
they sun themselves |
newly wed |
we'd tell them after we'd met |
May I ask |
you may wish to |
all 31 may apply |
march on the town hall |
on the march |
April told us |
3.4.4 |
3.4.12 |
3.4.1 to 3.4.99 |
clause 3.5.27 |
£3.40 |
£12/6/27 |
version 1.10.30 |
second |
the second |
the third sector |
the 2nd instalment |
the 21st century |
in 6 |
2027 |
room 4/5 |
ref CH/3/27 |
COVID-19 |
1-2-1 |
020 8770 5000 |
650-650-6500 |
https://example.org/2027/06/18/notes |
Christmas lunch club |
the Easter egg hunt |
happy new year |
Islamic new year |
six weeks |
the last months of a grant |
²1 June |
2² June |
٣ June |
31 ٣ 2027 |
"""


@pytest.mark.parametrize(("words", "wanted"), table(IN_FIGURES + IN_WORDS))
def test_a_day_of_the_calendar(words: str, wanted: str) -> None:
    assert days(words) == wanted.split()


@pytest.mark.parametrize(("words", "wanted"), table(RANGES_AND_LISTS))
def test_ranges_and_lists_share_their_month_and_year(words: str, wanted: str) -> None:
    assert [str(one.day) for one in find_dates(words, TODAY)] == wanted.split()


@pytest.mark.parametrize(("words", "wanted"), table(NEAR_TODAY))
def test_days_near_today(words: str, wanted: str) -> None:
    assert days(words) == wanted.split()


@pytest.mark.parametrize(("words", "wanted"), table(COUNTED))
def test_days_counted_from_a_day(words: str, wanted: str) -> None:
    assert days(words) == wanted.split()


@pytest.mark.parametrize(("words", "wanted"), table(WITHIN_A_MONTH))
def test_days_within_a_month_and_its_edges(words: str, wanted: str) -> None:
    assert days(words) == wanted.split()


@pytest.mark.parametrize(("words", "wanted"), table(SPANS))
def test_spans_give_their_first_and_last_day(words: str, wanted: str) -> None:
    assert days(words) == wanted.split()


@pytest.mark.parametrize(("words", "wanted"), table(NAMED))
def test_days_that_have_a_name(words: str, wanted: str) -> None:
    assert days(words) == wanted.split()


@pytest.mark.parametrize(("words", "wanted"), table(NO_DATE))
def test_what_is_no_date_is_left_alone(words: str, wanted: str) -> None:
    assert days(words) == wanted.split()


@pytest.mark.parametrize(
    ("words", "wanted"), [pair for pair in table(IN_WORDS + COUNTED + NAMED) if "," not in pair[0]]
)
def test_a_date_is_read_inside_a_sentence(words: str, wanted: str) -> None:
    assert days(f"the funding is due to stop {words}, we think") == wanted.split()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("31 February 2028", "there is no 31 February 2028: that month has 29 days"),
        ("30/2", "there is no 30 February"),
        ("31 April", "there is no 31 April"),
        ("32 January", "there is no 32 January"),
        ("31st of February", "there is no 31 February"),
        ("4/31/27", "there is no month 31; the day comes first, then the month"),
        ("2027-13-01", "there is no month 13"),
        ("Friday 31 December 2026", "31 December 2026 is a Thursday"),
        ("31 December 2026, Friday", "31 December 2026 is a Thursday"),
        ("Fri 31/12/26", "31 December 2026 is a Thursday"),
        ("1/6/9999", "I read years from 1990 to 2100, and 9999 is none of them"),
        ("1 June 0001", "I read years from 1990 to 2100, and 0001 is none of them"),
        ("1 June 20227", "I read years from 1990 to 2100, and 20227 is none of them"),
        ("1 June 2127", "I read years from 1990 to 2100, and 2127 is none of them"),
        ("1/6/0027", "I read years from 1990 to 2100, and 0027 is none of them"),
        ("1/6/202", "I read years from 1990 to 2100, and 202 is none of them"),
        ("31 December 1989", "I read years from 1990 to 2100, and 1989 is none of them"),
        ("Christmas 1985", "I read years from 1990 to 2100, and 1985 is none of them"),
        ("1/6/99", "I cannot tell which year 99 is; write it with four figures, such as 2026"),
        ("1 June '99", "I cannot tell which year 99 is; write it with four figures, such as 2026"),
        ("a year after 31 December 2100", "that day is not in the years 1990 to 2100"),
        ("the Monday after 31 December 2100", "that day is not in the years 1990 to 2100"),
        ("900 years after 1 June 2027", "that day is not in the years 1990 to 2100"),
    ],
)
def test_what_cannot_be_a_date_says_why(words: str, why: str) -> None:
    (found,) = find_dates(words, TODAY)
    assert found.day is None
    assert found.wrong == why
    assert not found.exact


@pytest.mark.parametrize(
    ("words", "wanted"),
    table("""
3 November | 2026-11-03
26 November | 2025-11-26
Monday | 2026-11-23
the 10th | 2026-11-10
the 30th | 2026-10-30
in June | 2026-06-01..2026-06-30
Easter | 2026-04-05
29 Feb | 2024-02-29
from 1 October to 13 November | 2026-10-01 2026-11-13
"""),
)
def test_what_lies_in_the_past_is_read_back(words: str, wanted: str) -> None:
    assert days(words, prefer_past=True) == wanted.split()


def test_what_a_thing_has_lasted_since_lies_in_the_past() -> None:
    assert days("unpaid since August, and the grant stops in August") == [
        "2026-08-01..2026-08-31",
        "2027-08-01..2027-08-31",
    ]
