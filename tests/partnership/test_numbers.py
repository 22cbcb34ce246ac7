"""One series of numbers: no number, typed, remembered or on an old button, ever leads to another's record."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.store.tables import Deadline, Feedback, FormerNumber
from tests.partnership.conftest import Colleague, button, colleague_of, linked


def numbers(engine: Engine, table: type[Deadline] | type[Feedback]) -> list[int]:
    with Session(engine) as session:
        return list(session.scalars(select(table.number).order_by(table.number)))


def test_a_number_that_both_had_leads_to_neither(council: Colleague, carers: Colleague) -> None:
    council.say('track payment "Grant" due 10 February 2027')
    saved = carers.say('track payment "Rent" due 10 December 2026')
    carers.say("feedback 3.3.4 council paid us five weeks late")
    council.say("feedback 3.3.4 the charity told us late")
    reply = linked(council, carers)
    assert [(fact.label, fact.value) for fact in reply.facts] == [("D1, Rent", "is D3 now"), ("F1", "is F3 now")]
    for asked in ("D1", "done D1", "drop D1 because it is over", "D1 history"):
        said = carers.say(asked)
        assert said.text == (
            "D1 has a new number, since organisations were linked that both had one: that of Sutton Council is D2 now, "
            "that of Sutton Carers is D3 now. Nothing was changed."
        )
    assert '"Rent"' in carers.press(button(said, "Show D3, Sutton Carers")).text
    assert "that of Sutton Council is F2 now" in council.hear("acknowledge F1")
    carers.press(button(saved, "Undo"))  # by the change itself, which is still their own
    assert carers.heard[-1].text.startswith("Taken back, D3:")


def test_an_old_button_does_nothing_to_a_partners_deadline(council: Colleague, carers: Colleague) -> None:
    council.say('track payment "Grant" due 10 February 2027')
    carers.say('track payment "Rent" due 10 December 2026')
    listed = carers.say("deadlines").tables[0].rows[0].offers
    linked(council, carers)
    for offer in listed:
        said = carers.press(offer)
        assert "D1" in said.text, offer.label
        assert "Done" not in said.text
    assert carers.hear("deadlines").count("Owner:") == 2


def test_what_was_just_spoken_of_is_meant_by_it_still(council: Colleague, carers: Colleague) -> None:
    council.say('track payment "Grant" due 10 February 2027')
    carers.say('track payment "Rent" due 10 December 2026')
    linked(council, carers)
    said = carers.say("push it back to 20 January 2027")
    assert "D3" in said.text
    assert "D2" not in said.text


def test_both_count_on_together_and_go_on_so_when_they_have_parted(
    council: Colleague, carers: Colleague, engine: Engine
) -> None:
    council.say('track payment "Grant" due 10 February 2027')
    linked(council, carers)
    assert "Saved as D2" in carers.hear('track payment "Rent" due 10 December 2026')
    assert "Saved as D3" in council.hear('track payment "Other" due 10 March 2027')
    assert "Logged as F1" in carers.hear("feedback 3.3.4 council paid us five weeks late")
    assert "Logged as F2" in council.hear("feedback 3.3.4 the charity told us late")
    carers.say("unlink")
    carers.say("yes")
    assert "D1 was of Sutton Council, which you are no longer linked with." in carers.hear("done D1")
    assert "F2 was of Sutton Council" in carers.hear("F2")
    assert "Saved as D4" in carers.hear('track payment "Mine" due 10 April 2027')
    assert "Saved as D4" in council.hear('track payment "Ours" due 10 April 2027')
    linked(council, carers)  # again: what had a number of its own keeps it, what clashes does not
    assert numbers(engine, Deadline) == [1, 2, 3, 5, 6]
    assert '"Grant"' in carers.hear("D1")
    assert "D4 has a new number" in carers.hear("D4")


def test_a_third_ones_number_is_not_what_an_old_one_meant(
    council: Colleague, carers: Colleague, mind: Colleague
) -> None:
    council.say('track payment "Grant" due 10 February 2027')
    linked(council, carers)
    carers.say("unlink")
    carers.say("yes")
    mind.say('track payment "Heating" due 12 December 2026')  # D1, as Grant is, which carers knew
    linked(mind, carers)
    assert '"Heating"' not in carers.hear("D1")
    assert "that of Sutton Mind is D2 now" in carers.hear("D1")


def test_anonymous_feedback_keeps_a_number_that_says_nothing(
    council: Colleague, carers: Colleague, engine: Engine
) -> None:
    council.say("anonymous feedback 3.3.4 they told us late")
    with Session(engine) as session, session.begin():
        session.scalars(select(Feedback)).one().number = 4821
    carers.say("anonymous feedback 3.3.4 council paid us far too late")
    with Session(engine) as session, session.begin():
        session.scalars(select(Feedback).where(Feedback.number != 4821)).one().number = 4821
    linked(council, carers)
    found = numbers(engine, Feedback)
    assert 4821 not in found
    assert all(1_000 <= number < 10_000 for number in found)
    said = carers.hear("F4821")
    assert all(f"F{number}" in said for number in found)
    assert "Sutton" not in said
    assert not any("Sutton" in one.label for one in carers.heard[-1].buttons)
    for number in found:
        shown = carers.hear(f"F{number}")
        assert "logged anonymously" in shown
        assert "Sutton" not in shown.replace("Sutton Compact", "")  # nor is its organisation told from a partner's
        refused = [colleague_of(one, "Dan", "U7").hear(f"delete F{number}") for one in (council, carers)]
        assert refused[0].startswith("Only a Compact lead can delete feedback")
        assert refused[1].startswith("Only a Compact lead can delete feedback")
    with Session(engine) as session:
        kept = session.scalars(select(FormerNumber.number).where(FormerNumber.letter == "F")).all()
    assert kept == [4821, 4821]
    parted = carers.say("unlink for good") and found
    assert any(f"F{number} was of a partner" in carers.hear(f"F{number}") for number in parted)
