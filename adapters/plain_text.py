"""A reply as plain words, whole: for the terminal, for scripts, and for what a screen reader reads elsewhere."""

from compact_bot.conversation import Citation, Reply


def citation_title(citation: Citation, before: Citation | None = None) -> str:
    """ "3.4.4, Clear arrangements ... (binds the public sector)"; a heading that was just read is not read again."""
    title = f"{citation.number}, {citation.heading}" if citation.number[0].isdigit() else citation.heading
    if before and before.heading == citation.heading and citation.party:
        title = citation.number
    return f"{title} (binds the {citation.party})" if citation.party else title


def quoted(citation: Citation) -> str:
    return f"“{citation.quote}{' ...' if citation.shortened else ''}”"


def plain_text(reply: Reply) -> str:
    parts = [reply.text]
    for before, citation in zip((None, *reply.citations), reply.citations, strict=False):
        title = citation_title(citation, before)
        parts.append(f"{title}\n{quoted(citation)}" if citation.quote else title)
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
