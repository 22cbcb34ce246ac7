"""What a caller needs beside the day: whether it was written whole, what was left unread, how dates belong together."""

from datetime import date

import pytest

from compact_bot.dates import Duration, find_dates, find_durations, in_order, read

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    "words",
    [
        "18 June 2027",
        "18/6/27",
        "2027-06-18",
        "Friday 18 June 2027",
        "18 June '27",
        "18 June 27",
        "the eighteenth of June twenty twenty-seven",
        "closes 18 June 2027 at 5pm",
        "18 June 2027 17:00",
        "D12 18 June 2027",
        "D12 ends 18 June 2027 owner Amina",
        "£500 paid 18 June 2027",
        "clause 3.4.4, 18 June 2027",
        "due 18 June 2027. 3 copies please",
        "the 3-17 June 2027",
        "4, 11 and 18 June 2027",
        "Midsummer (24 June 2027)",
    ],
)
def test_a_date_written_whole_is_exact(words: str) -> None:
    found = find_dates(words, TODAY)
    assert found
    assert all(one.exact and not one.doubt for one in found)


@pytest.mark.parametrize(
    "words",
    [
        "18 June",
        "18 June next year",
        "Friday",
        "next month",
        "Christmas 2027",
        "8 weeks after 18 June 2027",
        "June 2027",
    ],
)
def test_a_date_that_was_worked_out_is_not_exact(words: str) -> None:
    (found,) = find_dates(words, TODAY)
    assert not found.exact


@pytest.mark.parametrize(
    ("words", "doubt"),
    [
        ("opens 18 June 2027 for 8 weeks", "8 weeks"),
        ("opens 18 June 2027, 8 weeks", "8 weeks"),
        ("opens 18 June 2027 (8 weeks)", "8 weeks"),
        ("opens 18 June 2027 and 8 weeks", "8 weeks"),
        ("8 weeks from the 18th: 18 June 2027, 2 months", "2 months"),
        ("for 8 weeks from 18 June 2027", "8 weeks"),
        ("lot 2, 18 June 2027", "2"),
        ("2 to 18 June 2027 to 4", "4"),
        ("18 June 202", "202"),
        ("18 June 28 groups lost out", "28"),
        ("18 June ٢٠٢٧", "٢"),
        ("40 - 18 June 2027", "40"),
        ("a few days after 18 June 2027", "days"),
        ("weeks before 18 June 2027", "weeks"),
        ("fifteen June 2027", "fifteen"),
        ("about 18 June 2027", "about"),
        ("c. 18 June 2027", "c"),
        ("every 18 June", "every"),
        ("every year on 18 June 2027", "every year"),
        ("reports quarterly from 18 June 2027", "quarterly"),
        ("18 June 2027 annually", "annually"),
        ("mid to late June", "mid to"),
        ("June 27", "June 27"),
        ("Thu 16th", "Thu 16th"),
        ("8 or 9 weeks before 18 June 2027", "or 9"),
    ],
)
def test_a_part_of_a_phrase_is_never_the_whole_date(words: str, doubt: str) -> None:
    found = find_dates(words, TODAY)
    assert doubt in [one.doubt for one in found]
    assert not any(one.exact for one in found if one.doubt)


@pytest.mark.parametrize(
    ("words", "day", "other"),
    [
        ("next Friday", date(2026, 11, 27), date(2026, 12, 4)),
        ("next Tuesday", date(2026, 12, 1), None),
        ("Q1 2027", date(2027, 4, 1), date(2027, 1, 1)),
        ("Thu 15th", date(2027, 4, 15), date(2026, 12, 15)),
        ("Fri 31 December", date(2027, 12, 31), date(2026, 12, 31)),
        ("Eid al-Fitr 2027", date(2027, 3, 9), date(2027, 3, 10)),
    ],
)
def test_words_that_mean_two_days_give_both(words: str, day: date, other: date | None) -> None:
    (found,) = find_dates(words, TODAY)
    assert (found.day, found.other) == (day, other)
    assert bool(found.doubt) == bool(other)


def test_the_two_ends_of_a_range_know_each_other() -> None:
    assert [one.part for one in find_dates("consulting 3-17 June, report 1 July", TODAY)] == ["from", "to", ""]
    assert [one.part for one in find_dates("3 June or 17 June", TODAY)] == ["", ""]


def test_each_date_keeps_its_place_in_the_words() -> None:
    words = "opens Mon 4, Tues 5 and Wed 6 January, shuts the 3rd of next month or two weeks today"
    assert [words[one.start : one.end] for one in find_dates(words, TODAY)] == [
        "Mon 4",
        "Tues 5",
        "Wed 6 January",
        "the 3rd of next month",
        "two weeks today",
    ]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("for 6 weeks", (6, "week", "")),
        ("10 wks", (10, "week", "")),
        ("ten-week", (10, "week", "")),
        ("a 10-week consultation", (10, "week", "")),
        ("its a 10 weeker", (10, "week", "")),
        ("two months' notice", (2, "month", "")),
        ("half a year", (6, "month", "")),
        ("a fortnight", (2, "week", "")),
        ("70 days", (70, "day", "")),
        ("twenty-one days", (21, "day", "")),
        ("5 clear working days", (5, "working day", "")),
        ("a year and a half", (18, "month", "")),
        ("1 year and 6 months", (18, "month", "")),
        ("2 quarters", (6, "month", "")),
        ("2 months and 11 days", (2, "month", "11 day")),
        ("8-10 weeks", (8, "week", "-10")),
        ("between 8 and 10 weeks", (10, "week", "8 and")),
        ("4/12 notice", (4, "month", "")),
        ("6 weeks from receipt", (6, "week", "")),
        ("within 30 days", (30, "day", "")),
        ("6 weeks later", (6, "week", "")),
    ],
)
def test_periods_that_stand_by_themselves(words: str, wanted: tuple[int, str, str]) -> None:
    (found,) = find_durations(words)
    assert (found.number, found.unit, found.doubt) == wanted
    assert find_dates(words, TODAY) == []


@pytest.mark.parametrize(
    "words",
    ["6 weeks before 18 June", "in 6 weeks", "6 weeks ago", "twice a year", "quarterly", "D6 weeks", "£6 weekly"],
)
def test_a_period_within_a_date_is_none_of_its_own(words: str) -> None:
    assert find_durations(words) == []


def test_a_period_may_be_counted_from_the_date_before_it() -> None:
    opens, closes = find_dates("opens 4 January 2027, closes 6 weeks later", TODAY)
    assert (opens.exact, closes.day, closes.base, closes.exact) == (True, date(2027, 2, 15), date(2027, 1, 4), False)
    given, ends = find_dates("notice given on 4 January, support ends three months thereafter", TODAY)
    assert (ends.day, ends.base) == (date(2027, 4, 4), given.day)
    _, after = find_dates("cabinet is on Tuesday 15 December and the letter goes the day after", TODAY)
    assert (after.day, after.base) == (date(2026, 12, 16), date(2026, 12, 15))


def test_dates_and_periods_are_read_in_one_pass() -> None:
    reading = read("opens 4 January 2027 for 6 weeks, results by 31 March", TODAY)
    assert [one.day for one in reading.dates] == [date(2027, 1, 4), date(2027, 3, 31)]
    assert reading.durations == (Duration(25, 32, 6, "week"),)


@pytest.mark.parametrize(
    ("earlier", "later", "wanted"),
    [
        ("3 November", "31 March", ("2026-11-03", "2027-03-31")),
        ("20 January", "31 March", ("2027-01-20", "2027-03-31")),
        ("3 November", "31 March 2027", ("2026-11-03", "2027-03-31")),
        ("3 November 2026", "1 November", ("2026-11-03", "2027-11-01")),
        ("7 December", "1 March", ("2026-12-07", "2027-03-01")),
        ("29 February", "1 January 2027", ("2024-02-29", "2027-01-01")),
        ("31 March 2027", "1 January 2027", ("2027-03-31", "2027-01-01")),
    ],
)
def test_the_open_years_of_a_pair_make_sense(earlier: str, later: str, wanted: tuple[str, str]) -> None:
    (first,), (last,) = find_dates(earlier, TODAY), find_dates(later, TODAY)
    assert tuple(str(one.day) for one in in_order(first, last, TODAY)) == wanted


def test_a_month_of_an_open_year_moves_whole() -> None:
    (given,), (end,) = find_dates("in March 2029", TODAY), find_dates("in February", TODAY)
    _, moved = in_order(given, end, TODAY)
    assert (moved.day, moved.until) == (date(2030, 2, 1), date(2030, 2, 28))


def test_a_pair_whose_first_date_is_read_as_past_ends_soon_after() -> None:
    (told,), (end,) = find_dates("12 August", TODAY, prefer_past=True), find_dates("31 October", TODAY)
    assert [one.day for one in in_order(told, end, TODAY)] == [date(2026, 8, 12), date(2026, 10, 31)]
