"""What somebody wants as a file, or in a calendar of their own."""

import re

from compact_bot.understanding.acts import Calendar, CalendarFile, Export, Exported, ExportFormat, Whose
from compact_bot.understanding.context import Context
from compact_bot.understanding.slots import Said, codes_in
from compact_bot.understanding.understood import Understood

_EVERYONE = re.compile(
    r"\b(?:every(?:one|body)(?:['’]?s)?|all (?:of )?(?:our|the)|our|team(?:['’]?s)?|us|whole)\b", re.IGNORECASE
)


def export(message: Said, _: Context) -> Understood:
    words = message.words.casefold()
    what = Exported.FEEDBACK if "feedback" in words else Exported.DEADLINES
    form = next((form for form in (ExportFormat.CSV, ExportFormat.JSON) if form in words), ExportFormat.XLSX)
    return Understood(Export(what, form))


def calendar(message: Said, _: Context) -> Understood:
    if codes := codes_in(message.words):
        return Understood(CalendarFile(codes))
    return Understood(Calendar(Whose.EVERYONES if _EVERYONE.search(message.words) else Whose.MINE))
