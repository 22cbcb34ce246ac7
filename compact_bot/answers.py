"""Replies that quote the agreement, or say that it is silent. Every quotation is a slice of a clause's text."""

import re
from collections.abc import Iterable
from functools import lru_cache

from compact_bot.conversation import Button, Citation, Fact, Reply
from compact_bot.understanding.acts import Contents, LookUp, ShowContacts, Why
from knowledge.agreement import Agreement, Clause
from knowledge.mentions import Closeness, Mention
from knowledge.phrasebook import Silence
from knowledge.search import Finding, Search

OPENING_WORDS = 14
WHOLE_CLAUSES = 4  # more than this in one reply are shown by their opening words
# Scores run from about -1 to 1. On held-out questions the first clause is right in 99 of 100 when it scores over 0.3,
# in half when it scores under -0.4 or leads by less than 0.2, and a clause under -0.75 has nothing to do with it.
CLOSE_CALL = 0.2
SURE = -0.4
NEAR = -0.75
NEAR_SILENCE = -0.45  # silence already speaks against the clauses, so only a closer one is worth showing


def label(clause: Clause) -> str:
    return clause.number if clause.is_numbered else clause.title


def cite(clause: Clause) -> Citation:
    return Citation(clause.number, clause.heading, clause.party, clause.text)


@lru_cache(maxsize=1000)
def cite_opening(clause: Clause) -> Citation:
    """The opening words of a clause, still a substring of it; none where it only heads others."""
    words = list(re.finditer(r"\S+", clause.text))
    if len(words) <= OPENING_WORDS:
        return cite(clause)
    quote = clause.text[: words[OPENING_WORDS - 1].end()].rstrip(",;:")
    return Citation(clause.number, clause.heading, clause.party, quote, shortened=True)


def whose(clause: Clause, agreement: Agreement) -> str:
    """ "a Compact commitment of the public sector", or what the part is when it binds nobody by name."""
    if clause.party:
        article = "an" if agreement.about.short[:1].casefold() in "aeiou" else "a"
        return f"{article} {agreement.about.short} commitment of the {clause.party}"
    if clause.title and clause.is_numbered and not agreement.children(clause.number):
        return f'the part headed "{clause.title}"'
    if agreement.children(clause.number):
        return f"the introduction to section {clause.number}"
    return f"part of the {agreement.about.short}"


def remarks_on(clauses: tuple[Clause, ...], agreement: Agreement) -> str:
    """What the editors say of these clauses, each remark once."""
    found = (agreement.about.remarks.get(clause.number, "") for clause in clauses)
    return " ".join(f"Please note: {remark}" for remark in dict.fromkeys(filter(None, found)))


def answered(agreement: Agreement, finding: Finding) -> Reply:
    """The best clause word for word; both when two are too close to choose between."""
    ranked = [(agreement.clauses[number], score) for number, score in finding.ranked]
    best, score = ranked[0]
    near = [
        (clause, other) for clause, other in ranked[1:4] if other > NEAR and clause.number != agreement.about.contact
    ]
    close = [clause for clause, other in near[:1] if score - other < CLOSE_CALL]
    quoted = (best, *close)
    further = [clause for clause, _ in near if clause not in close][:2]
    return Reply(
        _lead(agreement, quoted, score),
        citations=tuple(map(cite, quoted)),
        note=remarks_on(quoted, agreement),
        see_also=tuple(map(cite_opening, further)),
        source=agreement.about.source,
        typed='Type a number to read that clause, or "why" to see how this one was found.',
        buttons=(
            Button("Why this clause?", Why()),
            *section_button(best, agreement),
            *read_buttons(further),
        ),
    )


def _lead(agreement: Agreement, quoted: tuple[Clause, ...], score: float) -> str:
    """The first sentence: which clause, whose, and how sure."""
    best = quoted[0]
    if score < SURE:
        names = " and ".join(map(label, quoted))
        what = whose(best, agreement) if len(quoted) == 1 else "quoted here"
        return f"The closest I found is {names}, {what}. It may not be what you mean."
    if len(quoted) > 1:
        return f"{label(best)} and {label(quoted[1])} both bear on this. Here are their words."
    if not best.is_numbered:
        return f"The {agreement.about.short} defines this: {best.title}."
    return f"{label(best)} answers this: {whose(best, agreement)}."


def section_button(clause: Clause, agreement: Agreement) -> tuple[Button, ...]:
    section = clause.parent if not agreement.children(clause.number) else clause.number
    return (Button(f"All of section {section}", LookUp((section,))),) if section else ()


def read_buttons(clauses: Iterable[Clause]) -> tuple[Button, ...]:
    """One to read each clause whole."""
    return tuple(Button(f"Read {label(clause)}", LookUp((clause.number,))) for clause in clauses)


MENTIONED = 3  # sentences quoted where a topic is only mentioned
LONGEST_TOPIC = 6  # words; a longer one is not said back


def mentioned(agreement: Agreement, finding: Finding) -> Reply:
    """Where the words of a topic stand, each with its sentence, when no clause settles what was asked."""
    shown = finding.mentions[:MENTIONED]
    clauses = tuple(agreement.clauses[mention.number] for mention in shown)
    names = _named([label(clause) for clause in clauses])
    more = len(finding.mentions) - len(shown)
    where = f"{names}, and in {more} more" if more else names
    short = agreement.about.short
    opens = f"The {short} does not settle that. It" if finding.unsettled else f"The {short}"
    others = [number for number, _ in finding.ranked if number not in {m.number for m in finding.mentions}]
    likely = [agreement.clauses[number] for number in others[:1] if not finding.unsettled]
    return Reply(
        f"{opens} {_mentions(finding)} {where}:",
        citations=tuple(map(_cite_mention, clauses, shown)),
        note=remarks_on(clauses, agreement),
        see_also=tuple(map(cite_opening, likely)),
        source=agreement.about.source,
        typed="Type a number to read that clause whole, or ask in other words.",
        buttons=read_buttons(clauses),
    )


def _mentions(finding: Finding) -> str:
    words = [word for word in finding.topic.split() if word not in ("the", "a", "an", "any", "our", "your")]
    if finding.mentions[0].closeness is Closeness.EVERYDAY:
        return "comes nearest to it in"
    return f"mentions {' '.join(words)} in" if 0 < len(words) <= LONGEST_TOPIC else "uses those words in"


def _named(labels: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))


def _cite_mention(clause: Clause, mention: Mention) -> Citation:
    """The sentence around the words; the opening words where they stand in the clause's heading."""
    if not mention.sentence:
        return cite_opening(clause)
    shortened = mention.sentence != clause.text
    return Citation(clause.number, clause.heading, clause.party, mention.sentence, shortened=shortened)


def introduced(agreement: Agreement, numbers: tuple[str, ...]) -> Reply:
    """What the agreement says that it is."""
    clauses = tuple(agreement.clauses[number] for number in numbers)
    names = _named([label(clause) for clause in clauses])
    return Reply(
        f"The {agreement.about.title} says what it is in {names}.",
        citations=tuple(map(cite, clauses)),
        note=remarks_on(clauses, agreement),
        source=agreement.about.source,
        typed="Type contents to see every section, or ask in your own words.",
        buttons=(Button("Contents", Contents()),),
    )


def on_each(agreement: Agreement, subjects: tuple[tuple[str, Finding], ...]) -> Reply:
    """The best clause for each thing that a longer message is about."""
    clauses = tuple(agreement.clauses[finding.numbers[0]] for _, finding in subjects)
    names = _named([label(clause) for clause in clauses])
    return Reply(
        f"Your message is about {('two', 'three', 'four')[len(clauses) - 2]} things. {names} answer them.",
        citations=tuple(map(cite, clauses)),
        facts=tuple(
            Fact(f"Answered by {label(clause)}", opening(said))
            for clause, (said, _) in zip(clauses, subjects, strict=True)
        ),
        note=remarks_on(clauses, agreement),
        source=agreement.about.source,
        next_step="To hear more about one of them, ask about it alone.",
        buttons=read_buttons(clauses),
    )


def opening(said: str) -> str:
    """The first words of what somebody wrote, to know it again."""
    words = said.split()
    return " ".join(words[:OPENING_WORDS]) + (" ..." if len(words) > OPENING_WORDS else "")


def silent(search: Search, question: str, finding: Finding) -> Reply:
    """ "It does not say" first; then what it does say nearby and what is missing; then whom to ask.

    What is missing and whom to ask are said only of a listed subject that the question is really about.
    """
    agreement, about = search.agreement, search.agreement.about
    listed = search.silence(question)
    near = nearby_clauses(agreement, finding, listed)
    missing = (listed.missing or search.missing_from(listed.subject)) if listed else ""
    text = f"The {about.short} does not say."
    if near:
        text += f" The nearest is {label(near[0])}." + (f" {missing}" if missing else " It does not settle this.")
    elif missing:
        text += f" {missing}"
    ask = (listed.ask or about.ask) if listed else ""
    return Reply(
        text,
        citations=tuple(map(cite, near)),
        note=" ".join(filter(None, [f"For that, ask {ask}." if ask else "", remarks_on(near, agreement)])),
        source=about.source if near else "",
        next_step="If you meant something else, ask again in other words.",
        buttons=(Button("Who to contact", ShowContacts()),),
        silent=True,
    )


def nearby_clauses(agreement: Agreement, finding: Finding, listed: Silence | None) -> tuple[Clause, ...]:
    if listed and (listed.nearby or listed.missing):
        return tuple(agreement.clauses[number] for number in listed.nearby[:2])
    number, score = finding.ranked[0]
    return (agreement.clauses[number],) if score > NEAR_SILENCE and number != agreement.about.contact else ()


def by_number(agreement: Agreement, clauses: tuple[Clause, ...]) -> Reply:
    """Clauses somebody asked for by number, with what stands under a section."""
    about = agreement.about
    if len(clauses) == 1 and agreement.children(clauses[0].number):
        return section(agreement, clauses[0])
    whole = len(clauses) <= WHOLE_CLAUSES
    first, last = label(clauses[0]), label(clauses[-1])
    if len(clauses) == 1:
        text = f"{first} is {whose(clauses[0], agreement)}."
    else:
        text = f"Here are {len(clauses)} clauses, from {first} to {last}." + (
            "" if whole else " Each is shown by its opening words."
        )
    return Reply(
        text,
        citations=tuple(map(cite if whole else cite_opening, clauses)),
        note=remarks_on(clauses, agreement),
        source=about.source,
        next_step="" if whole else "Type a number to read that clause whole.",
        typed="Type another number, or ask in your own words." if whole else "",
        buttons=section_button(clauses[0], agreement) if len(clauses) == 1 else (),
    )


def section(agreement: Agreement, clause: Clause) -> Reply:
    """A section: its introduction whole, then each child by its opening words."""
    children = agreement.children(clause.number)
    shown = [child if child.text else next(iter(agreement.descendants(child.number)), child) for child in children]
    return Reply(
        f"Section {clause.number}, {clause.title}, has {len(children)} parts: "
        f"{label(children[0])} to {label(children[-1])}.",
        citations=((cite(clause),) if clause.text else ()) + tuple(map(cite_opening, children)),
        note=remarks_on((clause, *shown), agreement),
        source=agreement.about.source,
        next_step="Type a number to read that part whole.",
        buttons=tuple(
            Button(f"Section {child.number}", LookUp((child.number,)))
            for child in children
            if agreement.children(child.number)
        )[:5],
    )


HOW_TO_SET = "To set your own, type: set contact NAME, EMAIL OR PHONE. To take one away, type: remove contact 1."


def contacts(agreement: Agreement, current: tuple[str, ...]) -> Reply:
    """The organisation's own contacts first, then those printed in the agreement, said to be so."""
    about = agreement.about
    clause = agreement.clauses.get(about.contact)
    lead, *entries = [line for line in clause.text.splitlines() if line != "Or"] if clause else [""]
    facts = [Fact("Current contact, set by your organisation", details) for details in current]
    facts += [Fact(f"As printed in the {about.short}", entry) for entry in entries]
    if not facts:
        return Reply(f"The {about.short} prints no contacts, and your organisation has set none.", silent=True)
    return Reply(
        f"Here is whom to contact about the {about.title}.",
        citations=(Citation(clause.number, clause.heading, "", lead),) if clause else (),
        facts=tuple(facts),
        note="" if current else "Printed contacts can be out of date.",
        source=about.source,
        next_step=HOW_TO_SET,
    )
