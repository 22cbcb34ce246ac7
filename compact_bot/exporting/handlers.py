"""`export` in chat: the file where the place takes files, else the page that has it."""

from collections.abc import Callable, Mapping
from typing import Any

from compact_bot.conversation import Button, Reply
from compact_bot.dates import counted
from compact_bot.exporting.files import exported
from compact_bot.feedback.finding import not_for_sharing
from compact_bot.organisation import is_lead, today
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Act, Export, Exported, ExportFormat
from compact_bot.way_in import signs_in, way_in

_NAMED = {ExportFormat.XLSX: "a spreadsheet", ExportFormat.CSV: "CSV", ExportFormat.JSON: "JSON"}


def export(turn: Turn, act: Export) -> Reply:
    if not turn.message.takes_files:
        return _at_the_page(turn, act)
    names = act.what is Exported.FEEDBACK and is_lead(turn)
    file, count = exported(turn.session, turn.organisation.id, turn.rules, today(turn), act.what, act.form, names)
    said = (
        counted(count, "deadline")
        if act.what is Exported.DEADLINES
        else f"{count} {'entry' if count == 1 else 'entries'} of feedback"
    )
    who = " It names who logged each, so keep it among Compact leads." if names else ""
    return not_for_sharing(
        turn,
        Reply(
            f"Here is {_NAMED[act.form]} of {said}: {file.name}.{who}",
            next_step="An exported list of deadlines can be imported again.",
            buttons=tuple(
                Button(f"As {_NAMED[form]}", Export(act.what, form)) for form in ExportFormat if form is not act.form
            ),
            files=(file,),
        ),
    )


def _at_the_page(turn: Turn, act: Export) -> Reply:
    link = way_in(turn, f"/export/{act.what}.{act.form}")
    if not link:
        return Reply(
            "I cannot send files here, and there are no pages that I could link to.",
            next_step=f"Whoever looks after me can write it: compact-bot export {act.what} --out {act.what}.{act.form}",
        )
    return Reply(
        f"Your {act.what} as {_NAMED[act.form]} are behind this link.",
        note=signs_in(link),
        next_step="Press it to download the file.",
        buttons=(Button("Download", act, link),),
        private=True,
    )


HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {Export: export}
