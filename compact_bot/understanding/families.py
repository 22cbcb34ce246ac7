"""The family of an act by one plain word, as measurements and `say --json` name it."""

from compact_bot.understanding import acts
from knowledge.rules import Rules

_FAMILIES: dict[str, tuple[type[acts.Act], ...]] = {
    "ask": (acts.Ask, acts.DutiesOf, acts.FollowUp, acts.Why),
    "lookup": (acts.LookUp, acts.Contents, acts.ShowContacts, acts.WhatChanged),
    "date-notice": (acts.NoticeDates,),
    "date-consultation": (acts.ConsultationDates,),
    "list": (acts.List, acts.Show, acts.Home, acts.Board),
    "done": (acts.Done,),
    "change-date": (
        acts.Move,
        acts.Renew,
        acts.SetOwner,
        acts.Rename,
        acts.SetKind,
        acts.SetClause,
        acts.SetLeads,
        acts.GiveRationale,
    ),
    "snooze": (acts.Snooze,),
    "drop": (acts.Drop, acts.Undo),
    "feedback": (
        acts.LogFeedback,
        acts.ListFeedback,
        acts.ShowFeedback,
        acts.SetStatus,
        acts.SetFeedbackOwner,
        acts.SetFeedbackKind,
        acts.EditFeedback,
        acts.DeleteFeedback,
        acts.Review,
        acts.Gaps,
        acts.Teach,
        acts.ShowTaught,
        acts.Untaught,
    ),
    "settings": (
        acts.SetSide,
        acts.NudgesHere,
        acts.NudgesStop,
        acts.NudgesToMe,
        acts.Digest,
        acts.CloseDays,
        acts.OpenDays,
        acts.ShowClosedDays,
        acts.NameLead,
        acts.RemoveLead,
        acts.ShowLeads,
        acts.SetContact,
        acts.RemoveContact,
        acts.Settings,
        acts.ChooseAgreement,
        acts.SignOutEverywhere,
        acts.MyData,
        acts.ForgetMe,
        acts.ForgetPerson,
        acts.Link,
        acts.LinkWith,
        acts.JoinPartnership,
        acts.Unlink,
        acts.ShowPartnership,
        acts.NameOrganisation,
    ),
    "import": (acts.Import, acts.ReadList, acts.KeepList, acts.LeaveList),
    "export": (acts.Export,),
    "calendar": (acts.Calendar, acts.RevokeCalendar, acts.CalendarFile),
    "email": (acts.EmailNudges, acts.ConfirmEmail, acts.EmailStop),
    "smalltalk": (acts.Smalltalk, acts.Helped, acts.Unhelpful, acts.PassOn, acts.Leave, acts.Yes),
    "help": (acts.Help, acts.About, acts.Share),
}
_OF = {kind: family for family, kinds in _FAMILIES.items() for kind in kinds}
_FORMS = {
    "track": "track-other",
    "feedback": "feedback",
    "ask": "ask",
    "outcome": "feedback",
    "reword": "feedback",
    "give": "feedback",
    "list": "import",
}
_FORMS |= dict.fromkeys(("digest", "closed", "contact", "lead", "organisation", "link"), "settings")


def family_of(act: acts.Act, rules: Rules) -> str:
    """ "ask", "track-notice", "done": what was understood, in one word."""
    if isinstance(act, acts.Track):
        for name in ("notice", "consultation"):
            if (kind := rules.summed(name)) and kind.name == act.kind:
                return f"track-{name}"
        return "track-other"
    if isinstance(act, acts.OpenForm):
        return _FORMS.get(act.form, "change-date")
    return _OF[type(act)]
