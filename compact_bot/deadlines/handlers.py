"""What this room does with each of its acts."""

from collections.abc import Callable, Mapping
from typing import Any

from compact_bot.conversation import Reply
from compact_bot.deadlines import changes, choices
from compact_bot.deadlines.asking_back import ask_back
from compact_bot.deadlines.done import done
from compact_bot.deadlines.forms import DEADLINE_FORMS
from compact_bot.deadlines.lists import list_deadlines, show
from compact_bot.deadlines.sums import ask_for_dates, consultation_dates, notice_dates
from compact_bot.deadlines.track import ask_to_track, track
from compact_bot.turn import Turn
from compact_bot.understanding import acts
from compact_bot.understanding.acts import READING, Act
from compact_bot.understanding.understood import Understood

HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {
    acts.NoticeDates: notice_dates,
    acts.ConsultationDates: consultation_dates,
    acts.Track: track,
    acts.Done: done,
    acts.Move: changes.move,
    acts.Renew: changes.renew,
    acts.Snooze: changes.snooze,
    acts.Drop: changes.drop,
    acts.SetOwner: changes.set_owner,
    acts.Rename: changes.rename,
    acts.SetKind: changes.set_kind,
    acts.SetClause: changes.set_clause,
    acts.SetLeads: changes.set_leads,
    acts.GiveRationale: changes.give_rationale,
    acts.List: list_deadlines,
    acts.Show: show,
    acts.NudgesHere: choices.nudges_here,
    acts.NudgesStop: choices.nudges_stop,
    acts.NudgesToMe: choices.nudges_to_me,
    acts.Digest: choices.digest,
    acts.CloseDays: choices.close_days,
    acts.OpenDays: choices.open_days,
    acts.ShowClosedDays: choices.show_closed_days,
}

ASKS_BACK: Mapping[type[Act], Callable[[Turn, Understood], Reply]] = {
    **{act: ask_back for act in HANDLERS if act not in READING},
    acts.Track: ask_to_track,
    acts.NoticeDates: ask_for_dates,
    acts.ConsultationDates: ask_for_dates,
    acts.Undo: ask_back,
}

FORMS = DEADLINE_FORMS
