"""Acts of every kind for hypothesis, carrying names and texts that are hard to say and to read again."""

from datetime import date

from hypothesis import strategies as st

from compact_bot.feedback.periods import PeriodError, read_period
from compact_bot.turn import tidied
from compact_bot.understanding import acts
from compact_bot.understanding.commands.asking import ABOUT
from tests.understanding.conftest import TODAY

HOSTILE = (
    "José Álvarez",
    "O'Neill",
    'The "big" grant',
    "a (b) [c] {d}",
    "x, y and z",
    "amina khan",
    "Finance team",
    "because it ends 3",
    "ends 31 March 2027",
    "owner me",
    "due: on",
    "D1",
    "done D1",
    "F7 because",
    "says; check notice",
    "about “us” on behalf of ‘them’",
    "“curly”",
    "‘tis",
    "Children's",
    '"',
    '""x',
    'x"',
    '": as written: "',
    "it ended...",
    "who?!",
    "🎉 party 🎉",
    "日本語の助成金",
    "clause 3.4.4 nudged 1 week",
    "to 31 March 2027",
    "for certain",
    "until",
    "kept, and sent",
    "a, b,",
    "*bold* `code` > quoted",
    "a" * 1000,
    "Advice and support, " * 50,
    '"' * 1000,
)
SENDER = ("me", "myself", "i")  # the names that mean whoever is speaking

letters = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
texts = (
    st.one_of(
        st.sampled_from(HOSTILE),
        st.lists(st.sampled_from(HOSTILE[:32]), min_size=2, max_size=3).map(" ".join),
        st.text(letters, min_size=1, max_size=60),
        st.text(st.sampled_from(" \"'“”‘’.,;:()[]*_abDF1 "), min_size=1, max_size=30),
    )
    .map(tidied)
    .filter(bool)
)
names = texts.filter(lambda text: text.casefold() not in SENDER).map(acts.Named)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
spans = st.tuples(days, st.integers(0, 366)).map(
    lambda one: (one[0], date.fromordinal(min(one[0].toordinal() + one[1], date(2099, 12, 31).toordinal())))
)
numbers = st.integers(1, 999_999)
several = st.lists(numbers, min_size=1, max_size=4, unique=True).map(tuple)
clauses = st.sampled_from(("3.4.4", "3.3.5", "3.2.2", "3.1.3", "3.5.1"))
leads = st.lists(
    st.sampled_from(("3 months", "1 month", "2 weeks", "1 week", "2 working days", "1 day", "the day", "weekly")),
    min_size=1,
    max_size=4,
    unique=True,
).map(tuple)
maybe = st.none()


def _given(anchor: str, many: bool = False) -> st.SearchStrategy[acts.Given]:
    listed = st.lists(days, min_size=1, max_size=3 if many else 1, unique=True).map(tuple)
    return st.builds(acts.Given, st.just(anchor), listed)


_dates_of_kinds = st.one_of(
    st.tuples(st.just("funding-notice"), st.tuples(_given("ends"))),
    st.tuples(st.just("improvement"), st.tuples(_given("found"), _given("review"))),
    st.tuples(st.just("consultation"), st.tuples(_given("opens"), _given("closes"))),
    st.tuples(st.just("consultation"), st.tuples(_given("opens"))),
    st.tuples(st.just("payment"), st.tuples(_given("due", many=True))),
    st.tuples(st.just("monitoring"), st.tuples(_given("starts"), _given("reports", many=True))),
    st.tuples(st.just("early-warning"), st.tuples(_given("known"))),
    st.tuples(st.just("end-plan"), st.tuples(_given("ends"))),
    st.tuples(st.just("other"), st.tuples(_given("date"))),
)
tracks = st.builds(
    lambda dated, title, owner, clause, why, nudges: acts.Track(dated[0], title, dated[1], owner, clause, why, nudges),
    _dates_of_kinds,
    texts,
    st.one_of(maybe, names),
    st.one_of(st.just(""), clauses),
    st.one_of(st.just(""), texts),
    st.one_of(st.just(()), leads),
)
_titles = st.one_of(st.just(""), texts)
_notice_sums = st.builds(acts.NoticeSum, _titles, st.one_of(maybe, days), st.one_of(maybe, days)).filter(
    lambda one: bool(one.given or one.ends)
)
_consultation_sums = st.builds(
    acts.ConsultationSum, _titles, st.one_of(maybe, days), st.one_of(maybe, days), st.sampled_from((0, 8, 12, 100))
).filter(lambda one: bool(one.opens or one.closes))


def _is_period(said: str) -> bool:
    try:
        read_period(said, TODAY)
    except PeriodError:
        return False
    return True


_PERIODS = ("", "2026", "April 2026 to March 2027", "the last 12 months", "2025/26")
_DUTIES = (
    acts.DutiesOf("charities", "about reporting", "what must charities do about reporting"),
    acts.DutiesOf("we", "them", "what do we owe them"),
)

# Every act but Ask: a question is said in its own words, which mean what they mean.
ACTS: dict[type[acts.Act], st.SearchStrategy[acts.Act]] = {
    acts.LookUp: st.one_of(
        st.builds(acts.LookUp, st.lists(clauses, min_size=1, max_size=3, unique=True).map(tuple)),
        st.just(acts.LookUp(("3.3.5",), "3.3.7")),
    ),
    acts.DutiesOf: st.sampled_from(_DUTIES[:1]),
    acts.ChooseAgreement: st.sampled_from(("", "walsall", "The Barth Parish Charter")).map(acts.ChooseAgreement),
    acts.WhatChanged: st.one_of(st.just(acts.WhatChanged()), clauses.map(acts.WhatChanged)),
    acts.FollowUp: st.sampled_from(("for VCOs", "the police", "when a grant ends early")).map(acts.FollowUp),
    acts.SetSide: st.sampled_from(("charities", "council", "police", "")).map(acts.SetSide),
    acts.NoticeDates: st.builds(acts.NoticeDates, st.lists(_notice_sums, min_size=1, max_size=3).map(tuple)),
    acts.ConsultationDates: st.builds(
        acts.ConsultationDates, st.lists(_consultation_sums, min_size=1, max_size=3).map(tuple)
    ),
    acts.Track: tracks,
    acts.Done: st.builds(
        acts.Done,
        several,
        st.sampled_from(("", "all", "minimum-notice", "report-2", "ends")),
        st.one_of(maybe, days),
        st.one_of(st.just(""), texts),
        st.booleans(),
    ),
    acts.Move: st.one_of(
        st.builds(acts.Move, several, days),
        st.builds(acts.Move, several, days, st.sampled_from(("ends", "closes", "reports")), st.one_of(maybe, days)),
    ),
    acts.Renew: st.builds(acts.Renew, numbers, days),
    acts.Snooze: st.builds(acts.Snooze, several, days),
    acts.Drop: st.builds(acts.Drop, several, texts),
    acts.SetOwner: st.builds(acts.SetOwner, several, names),
    acts.Rename: st.builds(acts.Rename, numbers, texts),
    acts.SetKind: st.builds(acts.SetKind, numbers, st.sampled_from(("payment", "end-plan", "funding-notice", "other"))),
    acts.SetClause: st.builds(acts.SetClause, numbers, clauses),
    acts.SetLeads: st.builds(acts.SetLeads, several, leads),
    acts.GiveRationale: st.builds(acts.GiveRationale, numbers, texts),
    acts.Undo: st.builds(acts.Undo, st.integers(0, 10**9)),
    acts.List: st.one_of(
        st.sampled_from((acts.List(), acts.List(acts.Which.MINE), acts.List(acts.Which.OVERDUE, page=2))),
        st.builds(acts.List, st.just(acts.Which.NEXT), st.integers(1, 999), st.integers(1, 999)),
    ),
    acts.Show: st.builds(acts.Show, several, st.sampled_from(acts.Part)),
    acts.LogFeedback: st.builds(
        lambda kind, what, on, about, behalf, when, link, who, as_written: acts.LogFeedback(
            kind,
            what,
            on if isinstance(on, tuple) else (),
            on is True,
            about,
            behalf,
            when,
            link,
            who is True,
            as_written,
            who is False,
        ),
        st.sampled_from(acts.FeedbackKind),
        texts,
        st.one_of(st.booleans(), st.lists(clauses, min_size=1, max_size=3, unique=True).map(tuple)),
        _titles,
        _titles,
        st.one_of(maybe, days),
        _titles,
        st.sampled_from((True, False, None)),
        st.booleans(),
    ),
    acts.ListFeedback: st.one_of(
        st.builds(acts.ListFeedback, st.sampled_from(acts.Listed), page=st.integers(1, 999)),
        st.builds(acts.ListFeedback, st.just(acts.Listed.OPEN), clauses, st.integers(1, 999)),
    ),
    acts.ShowFeedback: st.builds(acts.ShowFeedback, numbers),
    acts.SetStatus: st.builds(acts.SetStatus, numbers, st.sampled_from(acts.FeedbackState), _titles),
    acts.SetFeedbackOwner: st.builds(acts.SetFeedbackOwner, numbers, names),
    acts.SetFeedbackKind: st.builds(acts.SetFeedbackKind, numbers, st.sampled_from(acts.FeedbackKind)),
    acts.EditFeedback: st.builds(acts.EditFeedback, numbers, texts, st.booleans()),
    acts.DeleteFeedback: st.builds(acts.DeleteFeedback, numbers, st.booleans()),
    acts.Review: st.sampled_from(_PERIODS).filter(_is_period).map(acts.Review),
    acts.Teach: st.one_of(st.builds(acts.Teach, texts, clauses), st.just(acts.Teach("", ""))),
    acts.ShowTaught: st.builds(acts.ShowTaught, st.booleans()),
    acts.Untaught: st.builds(acts.Untaught, st.integers(0, 9999)),
    acts.Unhelpful: st.builds(acts.Unhelpful, _titles),
    acts.PassOn: texts.map(acts.PassOn),
    acts.NudgesToMe: st.builds(acts.NudgesToMe, st.booleans()),
    acts.Digest: st.one_of(
        st.just(acts.Digest(None)),
        st.builds(
            lambda day, hour, minute: acts.Digest(day, f"{hour:02}:{minute:02}"),
            st.integers(0, 6),
            st.integers(0, 23),
            st.integers(0, 59),
        ),
    ),
    acts.CloseDays: spans.map(lambda span: acts.CloseDays(*span)),
    acts.OpenDays: spans.map(lambda span: acts.OpenDays(*span)),
    acts.NameLead: st.builds(acts.NameLead, names),
    acts.RemoveLead: st.builds(acts.RemoveLead, names),
    acts.SetContact: st.builds(acts.SetContact, texts),
    acts.RemoveContact: st.builds(acts.RemoveContact, st.integers(0, 9999)),
    acts.ReadList: st.builds(
        acts.ReadList,
        numbers,
        _titles,
        st.sampled_from(("", "payment", "end-plan")),
        st.lists(st.tuples(texts, st.sampled_from(("ends", "title", "not used"))), max_size=3).map(tuple),
    ),
    acts.KeepList: st.builds(acts.KeepList, numbers, st.booleans()),
    acts.LeaveList: st.builds(acts.LeaveList, numbers),
    acts.Export: st.builds(acts.Export, st.sampled_from(acts.Exported), st.sampled_from(acts.ExportFormat)),
    acts.Calendar: st.builds(acts.Calendar, st.sampled_from(acts.Whose)),
    acts.RevokeCalendar: st.builds(acts.RevokeCalendar, st.sampled_from(acts.Whose)),
    acts.CalendarFile: st.builds(acts.CalendarFile, several),
    acts.EmailNudges: st.builds(
        acts.EmailNudges, st.sampled_from(("amina@example.org", "o'neill+compact@council.gov.uk")), st.booleans()
    ),
    acts.ConfirmEmail: st.integers(0, 99_999_999).map(lambda code: acts.ConfirmEmail(f"{code:08}")),
    acts.ForgetMe: st.builds(acts.ForgetMe, st.booleans()),
    acts.LinkWith: st.text("BCDFGHJKMNPQRTVWXZ", min_size=8, max_size=8).map(
        lambda code: acts.LinkWith(f"{code[:4]}-{code[4:]}")
    ),
    acts.Unlink: st.builds(acts.Unlink, st.booleans()),
    acts.NameOrganisation: st.builds(acts.NameOrganisation, _titles),
    acts.ForgetPerson: st.builds(acts.ForgetPerson, names, st.booleans()),
    acts.Help: st.sampled_from(("", "asking", "deadlines", "feedback", "leads", "lists", "settings")).map(acts.Help),
    acts.About: st.sampled_from(ABOUT).map(acts.About),
    acts.Smalltalk: st.sampled_from(("greeting", "thanks", "farewell", "wrong", "nothing")).map(acts.Smalltalk),
    acts.Share: st.sampled_from(("C1:123.45", "1", "19:abc@thread.v2;1732")).map(acts.Share),
    acts.OpenForm: st.one_of(
        st.builds(acts.OpenForm, st.sampled_from(("track", "feedback", "ask", "edit"))),
        st.sampled_from((acts.OpenForm("move", "D1"), acts.OpenForm("outcome", "F7 resolved"))),
    ),
}
for kind in acts.ACTS.values():
    if not getattr(kind, "__dataclass_fields__", {}):
        ACTS[kind] = st.just(kind())
