"""A reply as plain words, whole: for the terminal, for scripts, and for what a screen reader reads elsewhere."""

from collections.abc import Callable
from dataclasses import replace

from compact_bot.conversation import Citation, Reply, Table
from compact_bot.turn import beginning
from knowledge.agreement import is_printed

LEFT_OUT = (
    "The rest is left out, since this answer is too long to show. Ask for less at once: one section, one number, "
    "one name, or a shorter time."
)
LONGEST = 60_000  # characters of one answer where nothing else limits it


def citation_title(citation: Citation, before: Citation | None = None) -> str:
    """ "3.4.4, Clear arrangements ... (binds the public sector)"; a heading that was just read is not read again."""
    title = citation.heading
    if is_printed(citation.number):  # "Money 1" has its heading in it
        title = citation.number if citation.number.startswith(title) else f"{citation.number}, {title}"
    if before and before.heading == citation.heading and citation.party:
        title = citation.number
    return f"{title} (binds the {citation.party})" if citation.party else title


def quoted(citation: Citation) -> str:
    return f"“{citation.quote}{' ...' if citation.shortened else ''}”"


def within(reply: Reply, longest: int = LONGEST) -> Reply:
    """The reply, cut where it holds more than anybody can be shown; it then says so, and how to get the rest."""
    if len(plain_text(reply)) <= longest:
        return reply
    room, kept = longest - len(LEFT_OUT), Reply(beginning(reply.text, longest // 4)[0])
    for name in ("citations", "tables", "facts", "note", "see_also", "source"):
        whole = getattr(reply, name)
        pieces = [(piece,) for piece in whole] if isinstance(whole, tuple) else [whole]
        for piece in pieces:
            grown = replace(kept, **{name: getattr(kept, name) + piece})
            if len(plain_text(grown)) > room:
                break
            kept = grown
    shown = {name: getattr(kept, name) for name in ("text", "citations", "tables", "facts", "see_also", "source")}
    return replace(reply, **shown, note=f"{kept.note} {LEFT_OUT}".strip(), next_step="", introduction="", typed="")


def table_said(table: Table) -> str:
    """Its heading, then each row as a line of its own."""
    return "\n".join([*([table.heading] if table.heading else []), *map(table.said, table.rows)])


def plain_text(reply: Reply, shows: Callable[[Table], str] = table_said) -> str:
    """`shows` is for where a table can be more than its rows read one after the other."""
    parts = [reply.text]
    for before, citation in zip((None, *reply.citations), reply.citations, strict=False):
        title = citation_title(citation, before)
        parts.append(f"{title}\n{quoted(citation)}" if citation.quote else title)
    parts += map(shows, reply.tables)
    parts += [f"{fact.label}: {fact.value}" for fact in reply.facts]
    if reply.note:
        parts.append(reply.note)
    if reply.see_also:
        parts.append("\n".join(f"See also {c.number}: {quoted(c)}" for c in reply.see_also))
    if reply.source:
        parts.append(f"Source: {reply.source}.")
    if reply.next_step:
        parts.append(reply.next_step)
    if reply.typed:
        parts.append(reply.typed)
    if reply.introduction:
        parts.append(reply.introduction)
    if reply.form and reply.form.says:
        parts.append(reply.form.says)
    return "\n\n".join(parts)
