"""What people say of how the Compact was kept, with the real bot on a real database file. Monday 23 November 2026."""

import asyncio
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from adapters.local import LocalCourier
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Audience, Filled, Message, Person, Reply
from compact_bot.membership import installed
from compact_bot.nudges.sending import Sender
from knowledge.agreement import Agreement
from knowledge.phrasebook import read_phrasebook
from knowledge.rules import Rules
from tests.conftest import NOW, Chat

LATE = "feedback 3.3.4 council paid us five weeks late"


def facts(reply: Reply) -> dict[str, str]:
    return {fact.label: fact.value for fact in reply.facts}


def count(engine: Engine, what: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(text(f"select count(*) from {what}")) or 0  # noqa: S608  # our own words


def send(bot: Bot, message: Message) -> Reply:
    reply = bot.reply_to(message)
    assert reply is not None
    return reply


# ---- logging --------------------------------------------------------------------------------------------------------


def test_a_line_is_enough_and_a_number_comes_back(chat: Chat, sutton: Agreement) -> None:
    reply = chat.say(LATE)
    assert reply.text.startswith("Logged as F1: not kept, 3.3.4.")
    assert reply.citations[0].quote == sutton.clauses["3.3.4"].text
    assert facts(reply) == {
        "What happened": "council paid us five weeks late",
        "About": "council",
        "When": "Monday 23 November 2026",
    }
    assert "Your name is shown to your Compact leads alone" in reply.note
    assert reply.changed


@pytest.mark.parametrize(
    ("said", "kind", "clauses"),
    [
        ("praise 3.2.2 they gave us the whole twelve weeks", "kept", "3.2.2"),
        ("suggest 3.2.2: publish a calendar of consultations", "a suggestion", "3.2.2"),
        ("log that the council paid us 5 weeks late under 3.3.4", "not kept", "3.3.4"),
        ("log a breach of 3.3.4: paid five weeks late", "not kept", "3.3.4"),
        ("log praise 3.2.2 for the early talk", "kept", "3.2.2"),
        ("feedback 3.3.4, 3.4.4: cut without a word", "not kept", "3.3.4, 3.4.4"),
        ("feedback 3.3.4 and 3.3.5 nothing was agreed", "not kept", "3.3.4, 3.3.5"),
        ("feedback kept 3.3.4 paid on the day", "kept", "3.3.4"),
        ("feedback no clause: nobody answers the phone", "not kept", "no clause"),
        ("please log that 3.3.4 was not kept", "not kept", "3.3.4"),
    ],
)
def test_the_ways_to_say_it(chat: Chat, said: str, kind: str, clauses: str) -> None:
    assert chat.say(said).text.startswith(f"Logged as F1: {kind}, {clauses}.")


def test_without_a_number_up_to_three_clauses_are_proposed_and_no_clause(chat: Chat, engine: Engine) -> None:
    reply = chat.say("log that the council paid us 5 weeks late")
    assert reply.text.startswith("Which clause is this about? It may be 3.3.4")
    assert 1 <= len(reply.citations) <= 3
    assert "Before you send it: Everyone in your organisation" in reply.note
    assert reply.buttons[-1].label == "No clause"
    assert count(engine, "feedback") == 0
    assert chat.say(reply.buttons[0].says).text.startswith("Logged as F1: not kept, 3.3.4.")
    assert chat.say(reply.buttons[-1].says).text.startswith("Logged as F2: not kept, no clause.")


@pytest.mark.parametrize(
    "said",
    [
        "feedback on a consultation",
        "feedback after consultation",
        "feedback to respondents",
        "what does it say about feedback after consultation?",
        "feedback must be given when",
        "feedback forms for users",
        "feedback from our members about their services (not our own opinion)",
        "feedback the other way: us about them",
        "feedback 12 weeks after a consultation?",
        "praise as well as brickbats?",
        "suggest who to ask",
        "suggestion cards from our drop-in, send to the fire service or not",
        "suggestion box at the food bank to send on to the borough, good idea?",
        "reports from charities",
        "log in",
        "log out please",
        "review of the small grants scheme",
        "teach me about notice",
        "lead contractor pushing all the risk on to us",
    ],
)
def test_questions_that_only_begin_like_it_are_questions(chat: Chat, engine: Engine, said: str) -> None:
    reply = chat.say(said)
    assert reply.citations or reply.silent
    assert reply.form is None
    assert count(engine, "feedback") == 0


@pytest.mark.parametrize(
    ("said", "shown"), [("reviews", "The review of "), ("leads for the compact", "Nobody is named as Compact lead")]
)
def test_words_near_a_list_show_it_and_save_nothing(chat: Chat, engine: Engine, said: str, shown: str) -> None:
    reply = chat.say(said)
    assert reply.text.startswith(shown)
    assert not reply.changed
    for table in ("feedback", "changes", "taught_phrasings", "nudges"):
        assert count(engine, table) == 0


def test_when_whom_and_for_whom_are_read(chat: Chat) -> None:
    shown = facts(chat.say("feedback 3.3.4 paid late on 3 November on behalf of Sutton Carers"))
    assert shown["When"] == "Tuesday 3 November 2026"
    assert shown["On behalf of"] == "Sutton Carers"
    whole = "feedback 3.3.4: paid late (about: the police) (when: 2 November 2026) (link: https://example.org/a)"
    shown = facts(chat.say(whole))
    assert shown["About"] == "the police"
    assert shown["When"] == "Monday 2 November 2026"
    assert shown["Link"] == "https://example.org/a"


def test_the_same_by_one_person_within_ten_minutes_is_folded(chat: Chat, bot: Bot, engine: Engine) -> None:
    chat.say(LATE)
    assert "logged by you a moment ago as F1" in chat.say(LATE).text
    assert Chat(bot, name="Sam", now=chat.now).say(LATE).text.startswith("Logged as F2")
    assert chat.say("feedback 3.4.4 council paid us five weeks late").text.startswith("Logged as F3")
    chat.now += timedelta(minutes=11)
    assert chat.say(LATE).text.startswith("Logged as F4")
    assert count(engine, "feedback") == 4


def test_personal_details_are_pointed_out_and_the_person_decides(chat: Chat, engine: Engine) -> None:
    said = "feedback 3.3.4 jo@example.org of SM1 1EA, 020 8770 5779, QQ 12 34 56 C was paid late"
    reply = chat.say(said)
    assert reply.text.startswith("This holds what may identify a person: an email address (jo@example.org), a postcode")
    for kind in ("a telephone number (020 8770 5779)", "a National Insurance number (QQ 12 34 56 C)"):
        assert kind in reply.text
    assert count(engine, "feedback") == 0
    without, kept = reply.buttons
    assert facts(chat.say(kept.says))["What happened"].startswith("jo@example.org of SM1 1EA")
    what = facts(chat.say(without.says))["What happened"]
    assert what.startswith("[email address left out] of [postcode left out], [telephone number left out]")


def test_a_message_action_opens_the_form_with_its_words_and_link(chat: Chat, bot: Bot, engine: Engine) -> None:
    message = replace(chat.message("feedback They paid us late again"), link="https://chat.example/p1")
    reply = send(bot, message)
    assert reply.form is not None
    values = {field.name: field.value for field in reply.form.fields}
    assert values["what"] == "They paid us late again"
    assert values["link"] == "https://chat.example/p1"
    assert reply.form.says.startswith("Before you send it: Everyone in your organisation")
    assert count(engine, "feedback") == 0


def test_the_form_logs_what_it_holds_and_says_what_is_wrong(chat: Chat, bot: Bot) -> None:
    form = chat.say("log feedback").form
    assert form is not None
    values = {field.name: field.value for field in form.fields}
    good = {
        **values, "what": "Paid five\nweeks late.", "clauses": "3.3.4, 3.4.4", "about": "The council",
        "behalf": "Sutton Carers", "when": "2026-11-02", "link": "https://chat.example/p1",
    }  # fmt: skip
    bad = {**good, "clauses": "9.9.9", "when": "2026-12-24"}
    refused = send(bot, replace(chat.message(""), filled=Filled("feedback", values=bad)))
    assert refused.form is not None
    assert {f.name for f in refused.form.fields if f.problem} == {"clauses", "when"}
    assert "Nothing was saved yet" in refused.text
    long = send(bot, replace(chat.message(""), filled=Filled("feedback", values={**good, "about": "x" * 101})))
    assert long.form is not None
    assert {f.name for f in long.form.fields if f.problem} == {"about"}
    logged = send(bot, replace(chat.message(""), filled=Filled("feedback", values=good)))
    assert logged.text.startswith("Logged as F1: not kept, 3.3.4, 3.4.4.")
    assert facts(logged) == {
        "What happened": "Paid five weeks late.", "About": "The council", "On behalf of": "Sutton Carers",
        "When": "Monday 2 November 2026", "Link": "https://chat.example/p1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "feedback 9.9.9 council paid us late",
        f"feedback 3.3.4 {'x' * 1_500}",
        f"feedback 3.3.4 paid late (about: {'x' * 300})",
        "feedback 3.3.4 paid late (when: 31 February 2026)",
        "feedback 3.3.4 paid late (when: 1 March 2027)",
        "F9",
        "resolve F9 because done",
        "owner F9 Amina",
        "F9 kept",
        "untaught 1",
        'teach "lunch club money" 3.4.4',
        "gaps",
        "teach",
        "remove lead Amina",
    ],
)
def test_bad_input_says_what_to_type_and_changes_nothing(chat: Chat, engine: Engine, said: str) -> None:
    reply = chat.say(said)
    assert reply.next_step
    assert not reply.citations
    assert not reply.changed
    for table in ("feedback", "changes", "taught_phrasings", "nudges"):
        assert count(engine, table) == 0


# ---- lists ----------------------------------------------------------------------------------------------------------


def rows(reply: Reply) -> list[tuple[str, ...]]:
    return [row.cells for table in reply.tables for row in table.rows]


def offered(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row.offers] for table in reply.tables for row in table.rows]


def test_a_list_comes_five_a_page_and_the_last_page_is_the_last_that_there_is(chat: Chat) -> None:
    for number in range(7):
        chat.say(f"feedback 3.3.4 paid {number + 2} weeks late")
    first = chat.say("feedback")
    assert first.text == "Open feedback: 7 entries. Here are 1 to 5."
    following = next(button.says for button in first.buttons if button.label == "Next")
    for said in (following, "feedback open page 9", "feedback 3.3.4 page 2"):
        last = chat.say(said)
        assert (last.text.partition(". ")[2], len(rows(last))) == ("Here are 6 to 7.", 2)
        assert "Next" not in [button.label for button in last.buttons]


def test_the_menu_of_a_row_is_what_this_person_may_do_with_it(chat: Chat, bot: Bot) -> None:
    chat.say(LATE)
    sam = Chat(bot, name="Sam", now=chat.now)
    assert offered(chat.say("feedback")) == [["Reword", "Delete", "Open F1"]]
    assert offered(sam.say("feedback")) == [["Open F1"]]
    assert offered(send(bot, replace(chat.message("feedback"), audience=Audience.EVERYONE))) == [["Open F1"]]
    sam.say("lead me")
    assert offered(sam.say("feedback")) == [["Acknowledge", "Resolve", "No action", "Give an owner", "Open F1"]]
    give = sam.say("form give F1").form
    assert give is not None
    assert give.subject == "F1"
    filled = Filled("give", "F1", {"owner": "Priya"})
    assert send(bot, replace(sam.message(""), filled=filled)).text.startswith("Priya sees to F1 now.")
    for refused in (chat.say("owner F1"), send(bot, replace(chat.message(""), filled=filled))):
        assert refused.text.startswith("Only a Compact lead can give feedback an owner.")
    assert sam.say("owner F9").text == "There is no F9 here. Nothing was changed."


def test_lists_are_open_mine_and_by_clause(chat: Chat, bot: Bot) -> None:
    assert chat.say("feedback").text == "There is no open feedback."
    chat.say(LATE)
    Chat(bot, name="Sam", now=chat.now).say("praise 3.2.2 a whole twelve weeks")
    late, whole = "F1, 3.3.4, not kept", "F2, 3.2.2, kept"
    assert [cells[1].partition("\n")[0] for cells in rows(chat.say("feedback"))] == [whole, late]
    assert rows(chat.say("feedback mine")) == [
        ("Monday 23 November 2026", f"{late}\ncouncil paid us five weeks late", "Open", "Nobody yet")
    ]
    assert [cells[1].partition("\n")[0] for cells in rows(chat.say("feedback 3.2"))] == [whole]
    assert rows(chat.say("feedback by clause")) == [("3.2.2", "1 kept"), ("3.3.4", "1 not kept")]
    assert chat.say("feedback resolved").text == "There is no resolved feedback."


def test_names_are_for_leads_and_the_reporter_and_never_before_others(chat: Chat, bot: Bot) -> None:
    chat.say(LATE)
    sam = Chat(bot, name="Sam", now=chat.now)
    assert "logged by Amina" in chat.hear("F1")
    assert "logged by a colleague" in sam.hear("F1")
    sam.say("lead me")
    assert "logged by Amina" in sam.hear("F1")
    assert "Amina" not in send(bot, replace(sam.message("F1"), audience=Audience.EVERYONE)).text


def test_another_organisations_numbers_are_unknown(bot: Bot) -> None:
    ours, theirs = Chat(bot, organisation="Ours"), Chat(bot, organisation="Theirs")
    ours.say(LATE)
    for said in ("F1", "resolve F1 because x", "owner F1 me", "F1 kept"):
        assert theirs.say(said).text == "There is no F1 here. Nothing was changed."
    assert theirs.say("feedback all").text == "There is no feedback."
    assert theirs.say("praise 3.2.2 a good talk").text.startswith("Logged as F1")
    assert "5 weeks" not in theirs.hear("review")


# ---- following through ----------------------------------------------------------------------------------------------


def test_only_leads_change_the_status(chat: Chat, bot: Bot, engine: Engine) -> None:
    chat.say(LATE)
    assert "nobody leads here yet" in chat.say("resolve F1 because it was paid").text
    chat.say("lead me")
    sam = Chat(bot, name="Sam", now=chat.now)
    for said in ("resolve F1 because it was paid", "owner F1 Sam", "lead Sam", "gaps", 'teach "a b c" 3.4.4'):
        assert "Only a Compact lead can" in sam.say(said).text
    assert count(engine, "feedback where state != 'open' or owner != ''") == 0
    assert chat.say("acknowledge F1").text == "F1 is acknowledged now."
    assert "What came of F1?" in chat.say("resolve F1").text
    assert chat.say("resolve F1 because it was paid").text == "F1 is resolved now. Outcome: it was paid."
    assert "is resolved already" in chat.say("resolve F1").text
    assert chat.say("owner F1 Sam").text == "Sam sees to F1 now. I cannot write to them alone, so please tell them."
    history = [fact.value for fact in chat.say("F1").facts[3:]]
    assert history == [
        "logged", "acknowledged, by Amina", "resolved: it was paid, by Amina", "owner: Sam, by Amina",
    ]  # fmt: skip


def test_the_outcome_form_changes_the_status(chat: Chat, bot: Bot) -> None:
    chat.say(LATE)
    chat.say("lead me")
    form = chat.say("no action F1").form
    assert form is not None
    filled = Filled(form.name, form.subject, {"outcome": "The invoice never came."})
    reply = send(bot, replace(chat.message(""), filled=filled))
    assert reply.text == "F1 is no action now. Outcome: The invoice never came."


def test_the_installer_leads_first_and_leads_name_others(chat: Chat, bot: Bot, engine: Engine) -> None:
    installed(engine, "Sutton Council", "test", Person("Priya", "Priya"))
    installed(engine, "Sutton Council", "test", Person("Sam", "Sam"))
    assert chat.say("leads").text == "Compact lead here: Priya."
    assert "Only a Compact lead can name another" in chat.say("lead me").text
    priya = Chat(bot, name="Priya", now=chat.now)
    assert priya.say("lead Amina").text.startswith("Amina is a Compact lead now.")
    assert chat.say("leads").text == "Compact leads here: Priya, Amina."
    assert "no Compact lead any more" in chat.say("remove lead Priya").text
    assert "is the only Compact lead" in chat.say("remove lead me").text


def test_a_lead_who_never_spoke_is_known_when_they_do(chat: Chat, bot: Bot) -> None:
    chat.say(LATE)
    assert "I have not met them yet" in chat.say("lead Priya").text
    priya = Chat(bot, name="Priya", now=chat.now)
    assert priya.say("acknowledge F1").text.startswith("F1 is acknowledged now.")


def test_the_reporter_is_told_and_an_anonymous_one_never(
    chat: Chat, bot: Bot, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    alone = Person("Amina", "Amina", direct=Address("test", "Amina alone"))
    send(bot, replace(chat.message(LATE), sender=alone))
    nameless = chat.say("anonymous feedback 3.3.4 paid six weeks late").buttons[0].says
    sam = Chat(bot, name="Sam", now=chat.now)
    sam.say("lead me")
    assert sam.say("acknowledge F1").text.endswith("I will tell its reporter on the next working morning.")
    sam.say("resolve F1 because it was paid")
    assert "I can tell nobody" in sam.say(f"acknowledge {nameless}").text
    out = io.StringIO()
    for later, leave in ((timedelta(minutes=5), 0), (timedelta(hours=1), 1)):
        at = NOW + later
        sender = Sender(engine, sutton, rules, {"test": LocalCourier(out)}, lambda at=at: at, "w")  # type: ignore[misc]
        assert asyncio.run(sender.send_due()).sent == leave
    assert "F1, which you logged, is resolved now. Outcome: it was paid." in out.getvalue()
    assert count(engine, "nudges where state = 'sent' and route = 'Amina alone'") == 1
    assert count(engine, "nudges join feedback on feedback.id = feedback_id where anonymous") == 0


def test_news_is_no_digest(chat: Chat, bot: Bot, engine: Engine) -> None:
    chat.say(LATE)
    sam = Chat(bot, name="Sam", now=chat.now)
    sam.say("lead me")
    sam.say("acknowledge F1")
    sam.say("settings nudges here")
    sam.say("settings nudges stop")
    assert count(engine, "nudges where feedback_id is not null and state = 'waiting'") == 1


def test_undo_deletes_ones_own_submission_and_takes_back_a_change(chat: Chat, bot: Bot, engine: Engine) -> None:
    chat.say(LATE)
    assert "nothing of yours" in Chat(bot, name="Sam", now=chat.now).say("undo").text
    assert "F1: it is deleted" in chat.say("undo").text
    assert count(engine, "feedback") == count(engine, "changes") == count(engine, "feedback_clauses") == 0
    chat.say(LATE)
    chat.say("lead me")
    chat.say("acknowledge F2")
    assert chat.say("undo").text == "Taken back, F2: acknowledged."
    assert "Status: open" in chat.hear("F2")
    chat.now += timedelta(minutes=11)
    assert "nothing of yours" in chat.say("undo").text


def test_undo_takes_the_last_change_whether_deadline_or_feedback(chat: Chat) -> None:
    chat.say(LATE)
    chat.say('track funding "Youth club grant" ends 31 March 2027')
    assert chat.say("undo").text.startswith("Taken back, D1")
    assert chat.say("undo").text.startswith("Taken back, F1")


def test_its_reporter_says_that_it_was_kept_while_they_could_undo_it(chat: Chat, bot: Bot) -> None:
    reply = chat.say("feedback 3.3.4 paid on the very day")
    kept = next(button for button in reply.buttons if button.label == "It was kept")
    assert "Only a Compact lead" in Chat(bot, name="Sam", now=chat.now).say(kept.says).text
    assert chat.say(kept.says).text == "F1 is kept now."
    assert chat.say("undo").text == "Taken back, F1: is kept."


# ---- answers learn --------------------------------------------------------------------------------------------------


def _lead_of_another(bot: Bot) -> Chat:
    other = Chat(bot, organisation="Theirs")
    other.say("lead me")
    return other


def test_a_taught_wording_leads_to_its_clause_at_once_for_this_organisation_alone(
    chat: Chat, bot: Bot, sutton: Agreement, tmp_path: object
) -> None:
    asked = "what about the lunch club money?"
    assert chat.numbers(asked)[0] != "3.4.4"
    chat.say("lead me")
    assert chat.say('teach "lunch club money" 3.4.4').changed
    reply = chat.say(asked)
    assert reply.text.startswith("3.4.4 answers this")
    assert reply.citations[0].quote == sutton.clauses["3.4.4"].text
    assert "taught me these words" in reply.note
    assert chat.numbers("who insures the money that the lunch club keeps in a tin at the town hall")[:1] != ["3.4.4"]
    assert _lead_of_another(bot).numbers(asked)[0] != "3.4.4"
    assert facts(chat.say("taught")) == {"1. lunch club money": "leads to 3.4.4, taught by Amina"}
    assert chat.say("untaught 1").text == '"lunch club money" no longer leads to 3.4.4.'
    assert chat.numbers(asked)[0] != "3.4.4"


def test_what_was_taught_is_exported_as_the_phrasebook_reads_it(
    chat: Chat, bot: Bot, sutton: Agreement, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chat.say("lead me")
    chat.say('teach "lunch club money" 3.4.4')
    chat.say("teach 'pay us on time' 3.3.4")
    assert chat.say("taught export").files == ()
    (file,) = send(bot, replace(chat.message("taught export"), takes_files=True)).files
    folder = tmp_path_factory.mktemp("agreement")
    (folder / "phrasebook").mkdir()
    (folder / "phrasebook" / file.name).write_bytes(file.content)
    book, problems = read_phrasebook(folder, sutton)
    assert problems == []
    assert {(p.number, p.words) for p in book.phrasings} == {("3.4.4", "lunch club money"), ("3.3.4", "pay us on time")}


def test_every_quotation_is_a_slice_and_nothing_is_called_lawful(chat: Chat, sutton: Agreement) -> None:
    for said in (LATE, "log that the council paid us 5 weeks late", "F1", "feedback", "praise 3.2 a good section"):
        reply = chat.say(said)
        for citation in reply.citations:
            assert citation.quote in sutton.clauses[citation.number].text
        assert "lawful" not in chat.hear(said)
