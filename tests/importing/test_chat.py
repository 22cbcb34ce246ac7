"""A list in chat: brought, looked at, corrected, kept or left, and taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from adapters.plain_text import plain_text
from compact_bot.bot import Bot
from compact_bot.conversation import Audience, Button, File, Filled, MessageKind, Reply
from compact_bot.forgetting import forget_old
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.attack.test_words_of_others import kept
from tests.conftest import Chat
from tests.importing.made import BROKEN, REGISTER, many, workbook


def bring(chat: Chat, content: str | bytes = REGISTER, name: str = "grants.csv") -> Reply:
    content = content.encode() if isinstance(content, str) else content
    reply = chat.bot.reply_to(replace(chat.message("import"), attached=(File(name, "", content),)))
    assert reply is not None
    return reply


def button(reply: Reply, begins: str) -> Button:
    return next(one for one in reply.buttons if one.label.startswith(begins))


def fill(chat: Chat, reply: Reply, **values: str) -> Reply:
    assert reply.form is not None
    held = {field.name: field.value for field in reply.form.fields}
    filled = Filled(reply.form.name, reply.form.subject, {**held, **values})
    answer = chat.bot.reply_to(replace(chat.message(""), filled=filled, kind=MessageKind.FILLED))
    assert answer is not None
    return answer


def test_what_was_read_is_shown_and_nothing_is_kept(chat: Chat) -> None:
    reply = bring(chat)
    assert reply.text == "grants.csv: 4 lines: 2 new, 1 in the file twice, 1 past. Nothing is saved yet."
    said = plain_text(reply)
    assert '"End date" is its end' in said
    assert 'not used: "Grant amount"' in said
    assert "Line 4, Youth club, Sutton Youth Trust: funding, ends Wednesday 31 March 2027." in said
    assert "Next: Minimum notice, in writing, with a rationale, Thursday 31 December 2026." in said
    assert "Twice, left out: line 6 (the same as line 5)." in said
    assert chat.hear("deadlines").startswith("There are no open deadlines.")


def test_what_is_kept_comes_back_with_its_numbers_its_dates_and_its_owner(chat: Chat) -> None:
    made = chat.press(button(bring(chat), "Import 2"))
    assert made.text == "Imported: D1 to D2, 2 deadlines."
    assert made.changed
    shown = chat.hear("D1")
    assert 'D1, "Youth club, Sutton Youth Trust": Minimum notice' in shown
    assert "Owner: Amina Khan." in shown
    assert "Amina: imported from grants.csv, from test" in chat.hear("D1 history")


def test_an_imported_deadline_has_the_same_steps_and_nudges_as_one_that_was_typed(chat: Chat, engine: Engine) -> None:
    chat.say('track funding "Youth club, Sutton Youth Trust" ends 31 March 2027 owner "Amina Khan"')
    chat.say("drop D1 because it is imported")
    chat.press(button(bring(chat), "Import 2"))
    steps = "select name, title, clause, due_on, state from milestones where deadline_id = {} order by name"
    nudges = (
        "select m.name, n.planned_for, n.due_at, n.platform, n.route from nudges n"
        " join milestones m on m.id = n.milestone_id where m.deadline_id = {} order by 1, 2"
    )
    with engine.connect() as connection:
        for question in (steps, nudges):
            typed, imported = (connection.execute(text(question.format(number))).all() for number in (1, 2))
            assert typed == imported
            assert typed


def test_broken_lines_keep_all_others_out_until_they_are_left_out_on_purpose(chat: Chat) -> None:
    reply = bring(chat, REGISTER + BROKEN)
    assert "3 cannot be read" in reply.text
    said = plain_text(reply)
    assert 'Line 8, Hall, Bad Group: End date: "TBC" is no date.' in said
    assert "Mend these lines in your file and bring it again" in said
    assert [one.label for one in reply.buttons][:1] == ["Import 2, leave out 3"]
    refused = chat.say(button(reply, "Import").says.removesuffix(" without broken lines"))
    assert refused.text.startswith("3 lines cannot be read, so none was kept. Nothing was saved.")
    assert "There are no open deadlines" in chat.hear("deadlines")
    made = chat.press(button(reply, "Import"))
    assert made.text == "Imported: D1 to D2, 2 deadlines. 3 lines that could not be read were left out."


def test_a_list_that_is_brought_again_adds_nothing(chat: Chat) -> None:
    chat.press(button(bring(chat), "Import"))
    again = bring(chat)
    assert again.text.startswith("grants.csv: 4 lines: 3 tracked already, 1 past.")
    assert "Import" not in [one.label.split()[0] for one in again.buttons]
    assert "line 4 (as D1)" in plain_text(again)


def test_a_list_is_kept_once(chat: Chat) -> None:
    keep = button(bring(chat), "Import")
    chat.press(keep)
    assert chat.press(keep).text == "That was done already, so nothing was done again."
    assert chat.say(keep.says).text == "This list was imported already. Nothing was saved."
    assert "D3" not in chat.hear("deadlines")


def test_what_was_tracked_meanwhile_is_not_kept_twice(chat: Chat) -> None:
    keep = button(bring(chat), "Import")
    chat.say('track funding "Core costs, Lunch Club" ends 30 June 2027')
    assert chat.press(keep).text == "Imported: D2, 1 deadline."


def test_it_is_taken_back_within_a_day_but_for_what_was_changed_since(chat: Chat) -> None:
    made = chat.press(button(bring(chat), "Import"))
    chat.now += timedelta(hours=20)
    chat.say("owner D2 Ben Okoro")
    back = chat.press(button(made, "Undo"))
    assert back.text == (
        "Taken back: D1, imported from grants.csv. D2 stay, since somebody has changed them meanwhile."
    )
    assert "D1," not in chat.hear("deadlines")
    assert "D2, Core costs, Lunch Club" in chat.hear("deadlines")


def test_after_a_day_it_stays(chat: Chat) -> None:
    made = chat.press(button(bring(chat), "Import"))
    chat.now += timedelta(days=1, minutes=1)
    assert "can no longer be taken back" in chat.press(button(made, "Undo")).text
    assert "D1" in chat.hear("deadlines")


def test_undo_alone_takes_back_the_whole_list(chat: Chat, engine: Engine) -> None:
    chat.press(button(bring(chat), "Import"))
    assert chat.say("undo").text == "Taken back: D1 to D2, imported from grants.csv."
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from nudges where state = 'waiting' and milestone_id > 0")) == 0
    assert "undone: imported from grants.csv" in chat.hear("D1 history")


def test_nobody_keeps_sees_or_takes_back_anothers_list(chat: Chat) -> None:
    keep = button(bring(chat), "Import")
    for other in (replace(chat, name="Ben", thread="his"), replace(chat, organisation="Merton Council")):
        assert other.say(keep.says).text.startswith("There is no such list of yours here any more")
    made = chat.press(keep)
    ben = replace(chat, name="Ben", thread="his")
    assert "can no longer be taken back here" in ben.say(button(made, "Undo").says).text


def test_columns_are_corrected_in_a_form_or_in_words(chat: Chat) -> None:
    reply = bring(chat, "Grant,Ours,Theirs\nHall,31/03/2027,30/04/2027\n")
    opened = chat.press(button(reply, "Correct the columns"))
    assert opened.form is not None
    assert [field.label for field in opened.form.fields][1:] == [
        "Column A, Grant",
        "Column B, Ours",
        "Column C, Theirs",
    ]
    read = fill(chat, opened, **{"column-B": "not used", "column-C": "ends"})
    assert "ends Friday 30 April 2027" in plain_text(read)
    number = opened.form.subject
    assert "payment, due Friday 30 April 2027" in chat.hear(f'read list {number} kind payment, column "theirs" is due')
    assert chat.press(button(chat.heard[-1], "Import")).text == "Imported: D1, 1 deadline."


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('column "Nowhere" is ends', 'There is no column "Nowhere".'),
        ('column "Grant" is purple', "A column cannot be 'purple'."),
        ("kind spaceship", "I do not know the kind 'spaceship'."),
        ('sheet "Other"', 'There is no sheet "Other" in the file.'),
    ],
)
def test_a_correction_that_cannot_be_is_refused(chat: Chat, engine: Engine, said: str, words: str) -> None:
    reply = bring(chat)
    before = kept(engine)
    number = reply.buttons[-1].says.rsplit(" ", 1)[1]
    refused = chat.say(f"read list {number} {said}")
    assert words in refused.text
    assert "Nothing was saved." in refused.text
    assert kept(engine) == before


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"", workbook(["Grant", "End date"])])
def test_a_file_that_is_no_list_is_refused_and_not_kept(chat: Chat, engine: Engine, content: bytes) -> None:
    reply = bring(chat, content, "grants.csv")
    assert "Nothing was saved." in reply.text
    assert reply.next_step
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from imports")) == 0


def test_a_file_that_is_left_is_forgotten_and_so_is_one_that_waits_for_a_day(chat: Chat, engine: Engine) -> None:
    chat.press(button(bring(chat), "Leave it"))
    bring(chat)
    bring(chat)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from imports")) == 1
    forget_old(engine, chat.now + timedelta(days=1, minutes=1), "Europe/London", 90)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from imports")) == 0


def test_without_a_file_it_says_how_to_bring_one(chat: Chat) -> None:
    reply = chat.say("import")
    assert reply.text.startswith("I read a list of grants, contracts, consultations or payments")
    assert "compact-bot import FILE --dry-run" in reply.next_step
    assert not reply.changed


def test_where_files_are_taken_the_template_comes_with_it(chat: Chat) -> None:
    reply = chat.bot.reply_to(replace(chat.message("import"), takes_files=True))
    assert reply is not None
    assert [file.name for file in reply.files] == ["compact-deadlines-template.xlsx"]


def test_a_file_that_could_not_be_had_is_said_to_be_so(chat: Chat) -> None:
    reply = chat.bot.reply_to(replace(chat.message("import"), unread="I may not read files here."))
    assert reply is not None
    assert reply.text.startswith("I may not read files here. Nothing was saved.")


def test_words_of_others_import_nothing(chat: Chat, engine: Engine) -> None:
    chat.say("contents")
    before = kept(engine)
    asked = replace(
        chat.message("import"), kind=MessageKind.ASKED_ABOUT, attached=(File("g.csv", "", REGISTER.encode()),),
        audience=Audience.ALONE,
    )  # fmt: skip
    reply = chat.bot.reply_to(asked)
    assert reply is not None
    assert kept(engine) == before


def test_a_list_is_kept_and_taken_back_on_both_databases(
    both: Engine, search: Search, rules: Rules, meanings: Meanings
) -> None:
    chat = Chat(Bot(both, search, rules, meanings, "Europe/London"))
    chat.say("nudges here")
    made = chat.press(button(bring(chat, many(1_200), "many.xlsx"), "Import 1200"))
    assert made.text == "Imported: D1 to D1200, 1200 deadlines."
    with both.connect() as connection:
        assert connection.scalar(text("select count(*) from nudges where milestone_id > 0")) > 5_000
        assert connection.scalar(text("select count(distinct part_of) from changes")) == 1
    assert chat.press(button(made, "Undo")).text == "Taken back: D1 to D1200, imported from many.xlsx."
    with both.connect() as connection:
        assert connection.scalar(text("select count(*) from deadlines where state = 'open'")) == 0
