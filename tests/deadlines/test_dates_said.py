"""Dates that people leave half open, with the real bot. It is Monday 23 November 2026."""

from tests.conftest import Chat


def test_notice_that_was_given_lies_before_the_end_it_is_for(chat: Chat) -> None:
    said = chat.hear("check notice given 3 November for 31 March")
    assert "3 November 2026" in said
    assert "31 March 2027" in said
    assert "is after" not in said


def test_a_whole_week_can_be_closed(chat: Chat) -> None:
    kept = chat.say("closed next week")
    assert kept.text.startswith("Kept as closed: Monday 30 November 2026 to Sunday 6 December 2026. ")


def test_days_in_a_range_are_closed_from_the_first_to_the_last(chat: Chat) -> None:
    kept = chat.say("closed 24-31 December")
    assert kept.text.startswith("Kept as closed: Thursday 24 December 2026 to Thursday 31 December 2026. ")


def test_closed_days_with_a_part_unread_are_not_saved(chat: Chat) -> None:
    asked = chat.say("closed 24 December 2026 for 2 weeks").text
    assert 'I am not sure what "2 weeks" means beside Thursday 24 December 2026.' in asked
    assert asked.endswith("Nothing is changed yet.")
    assert chat.say("closed").text == "Your organisation's own closed days: none."
