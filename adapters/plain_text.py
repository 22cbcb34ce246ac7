"""A reply as plain words, whole: for the terminal, for scripts, and for what a screen reader reads elsewhere."""

from dataclasses import replace

from compact_bot.conversation import Citation, Group, Reply
from compact_bot.turn import beginning

LEFT_OUT = (
    "The rest is left out, since this answer is too long to show. Ask for less at once: one section, one number, "
    "one name, or a shorter time."
)
LONGEST = 60_000  # characters of one answer where nothing else limits it


def citation_title(citation: Citation, before: Citation | None = None) -> str:
    """ "3.4.4, Clear arrangements ... (binds the public sector)"; a heading that was just read is not read again."""
    title = f"{citation.number}, {citation.heading}" if citation.number[0].isdigit() else citation.heading
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
    for name in ("citations", "groups", "facts", "note", "see_also", "source"):
        whole = getattr(reply, name)
        pieces = [(piece,) for piece in _parted(whole)] if isinstance(whole, tuple) else [whole]
        for piece in pieces:
            grown = replace(kept, **{name: getattr(kept, name) + piece})
            if len(plain_text(grown)) > room:
                break
            kept = grown
    shown = {name: getattr(kept, name) for name in ("text", "citations", "groups", "facts", "see_also", "source")}
    return replace(reply, **shown, note=f"{kept.note} {LEFT_OUT}".strip(), next_step="", introduction="")


def _parted(whole: tuple[object, ...]) -> list[object]:
    """What may be left out by itself: of a group every row, the first with the heading."""
    return [part for piece in whole for part in (parted(piece) if isinstance(piece, Group) else [piece])]


def parted(group: Group) -> list[Group]:
    """A group in as many groups as it has rows; only the first has the heading."""
    return [Group("" if number else group.heading, (row,)) for number, row in enumerate(group.rows)]


def plain_text(reply: Reply) -> str:
    parts = [reply.text]
    for before, citation in zip((None, *reply.citations), reply.citations, strict=False):
        title = citation_title(citation, before)
        parts.append(f"{title}\n{quoted(citation)}" if citation.quote else title)
    for group in reply.groups:
        parts += [f"{group.heading}:"] if group.heading else []
        parts += [f"{row.label}: {row.value}" for row in group.rows]
    parts += [f"{fact.label}: {fact.value}" for fact in reply.facts]
    if reply.note:
        parts.append(reply.note)
    if reply.see_also:
        parts.append("\n".join(f"See also {c.number}: {quoted(c)}" for c in reply.see_also))
    if reply.source:
        parts.append(f"Source: {reply.source}.")
    if reply.next_step:
        parts.append(reply.next_step)
    if reply.introduction:
        parts.append(reply.introduction)
    return "\n\n".join(parts)
