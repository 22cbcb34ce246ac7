"""Every example that help shows is read as a command, and every command of the first version is the act it was."""

import re
from datetime import date

import pytest

from compact_bot.understanding.acts import (
    Act,
    CloseDays,
    ConsultationDates,
    ConsultationSum,
    Contents,
    Digest,
    Done,
    Drop,
    DutiesOf,
    FeedbackKind,
    FeedbackState,
    FollowUp,
    Gaps,
    Given,
    GiveRationale,
    Help,
    Helped,
    Home,
    Leave,
    List,
    Listed,
    ListFeedback,
    LogFeedback,
    LookUp,
    Move,
    Named,
    NameLead,
    NoticeDates,
    NoticeSum,
    NudgesHere,
    NudgesStop,
    NudgesToMe,
    OpenForm,
    RemoveContact,
    RemoveLead,
    Review,
    SetContact,
    SetFeedbackKind,
    SetFeedbackOwner,
    SetLeads,
    SetSide,
    SetStatus,
    Share,
    Show,
    ShowContacts,
    ShowFeedback,
    ShowLeads,
    ShowTaught,
    Smalltalk,
    Snooze,
    Teach,
    Track,
    Undo,
    Unhelpful,
    Untaught,
    Which,
    Why,
    Yes,
)
from compact_bot.understanding.commands.table import COMMANDS, said_in_help
from tests.understanding.conftest import AMINA, Listener

TOPICS = ("asking", "deadlines", "feedback", "leads", "lists", "settings")
MARCH = date(2027, 3, 31)
EXAMPLES = sorted({one.example for one in COMMANDS if one.example})


@pytest.mark.parametrize("topic", TOPICS)
def test_help_on_a_topic_shows_examples(topic: str) -> None:
    shown = said_in_help(topic)
    assert shown
    assert all(example and does for example, does in shown)


def test_every_example_stands_under_a_topic_of_help() -> None:
    assert {one.topic for one in COMMANDS if one.example} == set(TOPICS)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_help_is_a_command(example: str, amina: Listener) -> None:
    heard = amina.hear(example)
    assert heard.act == amina.command(example) or (isinstance(heard.act, Done) and heard.act.numbers == (12,))
    assert not heard.missing


FIRST_VERSION: tuple[tuple[str, Act], ...] = (
    ("help", Help()),
    ("help me", Help()),
    ("menu", Help()),
    ("commands", Help()),
    ("what can you do", Help()),
    ("what can i say here?", Help()),
    ("yes", Yes()),
    ("yep", Yes()),
    ("save it", Yes()),
    ("confirm", Yes()),
    ("do it", Yes()),
    ("no", Leave()),
    ("nope", Leave()),
    ("cancel", Leave()),
    ("leave it", Leave()),
    ("no thanks", Leave()),
    ("hello", Smalltalk("greeting")),
    ("thank you", Smalltalk("thanks")),
    ("goodbye", Smalltalk("farewell")),
    ("this helped", Helped()),
    ("not what I asked", Unhelpful()),
    ("share 1732.55", Share("1732.55")),
    ("feedback", ListFeedback()),
    ("show feedback", ListFeedback()),
    ("feedback mine", ListFeedback(Listed.MINE)),
    ("my feedback", ListFeedback(Listed.MINE)),
    ("all feedback", ListFeedback(Listed.ALL)),
    ("feedback by clause", ListFeedback(Listed.BY_CLAUSE)),
    ("feedback resolved", ListFeedback(Listed.RESOLVED)),
    ("feedback no action", ListFeedback(Listed.NO_ACTION)),
    ("feedback 3.3.4", ListFeedback(clause="3.3.4")),
    ("feedback on clause 3.3.4", ListFeedback(clause="3.3.4")),
    (
        "feedback 3.3.4 council paid us five weeks late",
        LogFeedback(FeedbackKind.NOT_KEPT, "council paid us five weeks late", ("3.3.4",)),
    ),
    ("praise 3.2.3 they told us early", LogFeedback(FeedbackKind.KEPT, "they told us early", ("3.2.3",))),
    ("suggest 3.3.5 agree measures in May", LogFeedback(FeedbackKind.SUGGESTION, "agree measures in May", ("3.3.5",))),
    (
        "anonymous feedback 3.3.4 council paid us five weeks late",
        LogFeedback(FeedbackKind.NOT_KEPT, "council paid us five weeks late", ("3.3.4",), anonymous=True),
    ),
    ("F7", ShowFeedback(7)),
    ("show F7", ShowFeedback(7)),
    ("f7", ShowFeedback(7)),
    ("resolve F7 because the invoice was paid", SetStatus(7, FeedbackState.RESOLVED, "the invoice was paid")),
    ("acknowledge F7", SetStatus(7, FeedbackState.ACKNOWLEDGED)),
    ("no action F7", SetStatus(7, FeedbackState.NO_ACTION)),
    ("reopen F7", SetStatus(7, FeedbackState.OPEN)),
    ("F7 resolved", SetStatus(7, FeedbackState.RESOLVED)),
    ("F7 is not kept", SetFeedbackKind(7, FeedbackKind.NOT_KEPT)),
    ("F7 is a suggestion", SetFeedbackKind(7, FeedbackKind.SUGGESTION)),
    ("owner F7 Amina", SetFeedbackOwner(7, Named("Amina"))),
    ("assign F7 to Ben", SetFeedbackOwner(7, Named("Ben"))),
    ("owner F7 me", SetFeedbackOwner(7, AMINA)),
    ("lead Amina", NameLead(Named("Amina"))),
    ("settings lead Amina Khan", NameLead(Named("Amina Khan"))),
    ("remove lead Amina", RemoveLead(Named("Amina"))),
    ("leads", ShowLeads()),
    ("review", Review()),
    ("review April 2026 to March 2027", Review("April 2026 to March 2027")),
    ("review for the last 12 months", Review("the last 12 months")),
    ("review 2026", Review("2026")),
    ("yearly review", Review()),
    ("gaps", Gaps()),
    ("show gaps", Gaps()),
    ('teach "lunch club money" 3.4.4', Teach("lunch club money", "3.4.4")),
    ("teach 'lunch club money' is clause 3.4.4", Teach("lunch club money", "3.4.4")),
    ("taught", ShowTaught()),
    ("taught export", ShowTaught(True)),
    ("untaught 1", Untaught(1)),
    ("unteach 1", Untaught(1)),
    (
        "check notice given 20 January 2027 for 31 March 2027",
        NoticeDates((NoticeSum("", date(2027, 1, 20), MARCH),)),
    ),
    ("check notice 20 Jan 2027 for 31 March 2027", NoticeDates((NoticeSum("", date(2027, 1, 20), MARCH),))),
    (
        "check consultation 7 December 2026 to 1 February 2027",
        ConsultationDates((ConsultationSum("", date(2026, 12, 7), date(2027, 2, 1)),)),
    ),
    (
        "check consultation 7 December to 1 February",
        ConsultationDates((ConsultationSum("", date(2026, 12, 7), date(2027, 2, 1)),)),
    ),
    (
        'track funding "Youth club grant" ends 31 March 2027 owner Amina',
        Track("funding-notice", "Youth club grant", (Given("ends", (MARCH,)),), Named("Amina")),
    ),
    (
        'track consultation "Parking" opens 1 February 2027 closes 30 April 2027',
        Track(
            "consultation",
            "Parking",
            (Given("opens", (date(2027, 2, 1),)), Given("closes", (date(2027, 4, 30),))),
        ),
    ),
    ('track payment "Rent" due 31 March 2027', Track("payment", "Rent", (Given("due", (MARCH,)),))),
    (
        'track monitoring "Lunch club" starts 1 April 2027 reports 1 July 2027, 1 October 2027',
        Track(
            "monitoring",
            "Lunch club",
            (Given("starts", (date(2027, 4, 1),)), Given("reports", (date(2027, 7, 1), date(2027, 10, 1)))),
        ),
    ),
    (
        'track early warning "Move" known 20 November 2026',
        Track("early-warning", "Move", (Given("known", (date(2026, 11, 20),)),)),
    ),
    ('track end plan "Exit" ends 31 March 2027', Track("end-plan", "Exit", (Given("ends", (MARCH,)),))),
    (
        'track improvement "Hub" found 3 November 2026 review 31 March 2027',
        Track("improvement", "Hub", (Given("found", (date(2026, 11, 3),)), Given("review", (MARCH,)))),
    ),
    ('track other "AGM" date 31 March 2027', Track("other", "AGM", (Given("date", (MARCH,)),))),
    ("track", OpenForm("track")),
    ("track funding", OpenForm("track", "funding-notice")),
    ("deadlines", List()),
    ("show deadlines", List()),
    ("all deadlines", List()),
    ("our deadlines", List()),
    ("deadlines mine", List(Which.MINE)),
    ("my deadlines", List(Which.MINE)),
    ("deadlines overdue", List(Which.OVERDUE)),
    ("overdue deadlines", List(Which.OVERDUE)),
    ("deadlines next 30 days", List(Which.NEXT, 30)),
    ("deadlines in the next 14 days", List(Which.NEXT, 14)),
    ("D12", Show((12,))),
    ("show D12", Show((12,))),
    ("done D1", Done((1,))),
    ("mark done D1", Done((1,))),
    ("done D1 and D2", Done((1, 2))),
    ("snooze D1 1 week", Snooze((1,), date(2026, 12, 2))),
    ("snooze D1 until 7 December 2026", Snooze((1,), date(2026, 12, 7))),
    ("move D1 30 April 2027", Move((1,), date(2027, 4, 30))),
    ("move D1 to 30 April 2027", Move((1,), date(2027, 4, 30))),
    ("move D2 closes 30 April 2027", Move((2,), date(2027, 4, 30), "closes")),
    ("move D2 Closes 30 April 2027", Move((2,), date(2027, 4, 30), "closes")),
    ("move D1", OpenForm("move", "D1")),
    ("drop D1 because the grant was renewed", Drop((1,), "the grant was renewed")),
    ("drop D1", OpenForm("drop", "D1")),
    ("leads D12 3 months, 1 month, 1 week", SetLeads((12,), ("3 months", "1 month", "1 week"))),
    ("rationale D1 because the budget was cut", GiveRationale(1, "the budget was cut")),
    ("undo", Undo()),
    ("undo that", Undo()),
    ("digest on Mondays 09:30", Digest(0, "09:30")),
    ("digest on Friday at 8", Digest(4, "08:00")),
    ("settings nudges here", NudgesHere()),
    ("settings nudges stop", NudgesStop()),
    ("nudges off", NudgesStop()),
    ("settings nudges me", NudgesToMe()),
    ("nudges me stop", NudgesToMe(False)),
    ("home", Home()),
    ("overview", Home()),
    ("what's due", Home()),
    ("what is due for me", Home()),
    ("closed 24 December 2026 to 1 January 2027", CloseDays(date(2026, 12, 24), date(2027, 1, 1))),
    ("we are closed on 24 December 2026", CloseDays(date(2026, 12, 24), date(2026, 12, 24))),
    ("3.4.4", LookUp(("3.4.4",))),
    ("clause 3.4.4", LookUp(("3.4.4",))),
    ("what does 3.4.4 say?", LookUp(("3.4.4",))),
    ("3.3.5 to 3.3.7", LookUp(("3.3.5",), "3.3.7")),
    ("section 3.2", LookUp(("3.2",))),
    ("3.4.4/3.4.5", LookUp(("3.4.4", "3.4.5"))),
    ("contents", Contents()),
    ("contacts", ShowContacts()),
    ("show contacts", ShowContacts()),
    ("contact us", ShowContacts()),
    ("set contact Amina Khan, amina@example.org", SetContact("Amina Khan, amina@example.org")),
    ("remove contact", RemoveContact()),
    ("remove contact 2", RemoveContact(2)),
    ("we are a charity", SetSide("charity")),
    ("we are the council", SetSide("council")),
    ("forget my side", SetSide("")),
    (
        "what must charities do about reporting",
        DutiesOf("charities", "about reporting", "what must charities do about reporting"),
    ),
    ("what do we owe them", DutiesOf("we", "them", "what do we owe them")),
    ("why", Why()),
    ("and for VCOs", FollowUp("for VCOs")),
)


@pytest.mark.parametrize(("said", "act"), FIRST_VERSION, ids=[said for said, _ in FIRST_VERSION])
def test_a_command_of_the_first_version_is_the_act_it_was(said: str, act: Act, amina: Listener) -> None:
    heard = amina.hear(said)
    assert heard.act == act
    assert not heard.missing


@pytest.mark.parametrize("said", ["when funding ends 31 March 2027", "what if funding ends 31 March 2027"])
def test_a_what_if_is_a_sum(said: str, amina: Listener) -> None:
    heard = amina.act(said)
    assert isinstance(heard, NoticeDates)
    assert [(one.given, one.ends) for one in heard.sums] == [(None, MARCH)]


@pytest.mark.parametrize(
    ("said", "act"), [(said, act) for said, act in FIRST_VERSION if not re.search(r"[A-Z\"'?].*\w", said.lstrip("DF"))]
)
def test_letter_case_and_a_full_stop_do_not_matter(said: str, act: Act, amina: Listener) -> None:
    heard = amina.act(f"{said.upper()}.")
    assert type(heard) is type(act)
    assert heard == act or not isinstance(act, List | Show | Done | Snooze | SetStatus | ListFeedback)


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("done D1 notice given by letter 12 Nov", Done((1,), "minimum-notice", date(2026, 11, 12))),
        ("done D2: opened on Monday", Done((2,), "opens")),
        ("remind us that the library consultation closes 3 March", Track),
        ("D1 done", Done((1,))),
        ("*done D1*", Done((1,))),
        ("mark D1 as done", Done((1,))),
        ("please undo", Undo()),
        ("?", Help()),
        ("hlep", Help()),
        ("deadlnes", List()),
        ("overdeu deadlines", List(Which.OVERDUE)),
        ("contatcs", ShowContacts()),
        ("feedbak", ListFeedback()),
    ],
)
def test_what_is_nearly_a_command_is_understood_as_one(said: str, act: Act | type[Act], amina: Listener) -> None:
    heard = amina.act(said)
    if isinstance(act, type):
        assert isinstance(heard, act)
    elif isinstance(act, Done):
        assert isinstance(heard, Done)
        assert heard.numbers == act.numbers
        assert heard.on == act.on or act.on is None
    else:
        assert heard == act
