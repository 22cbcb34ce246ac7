"""Questions in any words; one side's duties; and what goes on from the last answer."""

import re
from dataclasses import replace

from compact_bot import answers
from compact_bot.contacts import show_contacts
from compact_bot.conversation import Button, Citation, Fact, Pending, Reply
from compact_bot.feedback import unanswered
from compact_bot.feedback.taught import TAUGHT_NOTE, put_first, taught_clause
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Ask, DutiesOf, FollowUp, ShowContacts, Why
from compact_bot.understanding.commands.asking import BOTH_SIDES, FIRST_PERSON, OTHER_SIDE
from knowledge.agreement import Party
from knowledge.search import Finding, Verdict
from knowledge.words import content_stems

SAME_SECTION = 3  # clauses quoted when somebody asks the same for the other side
_NO_SUBJECT = frozenset(content_stems("them us others under within according agreement document terms"))


def ask(turn: Turn, act: Ask) -> Reply:
    """The clause that answers, where the words are only mentioned, or that the agreement does not say."""
    if subjects := turn.search.subjects(act.question):
        first = subjects[0][1]
        turn.thread.question, turn.thread.number = act.question, first.numbers[0]
        return answers.on_each(turn.agreement, subjects)
    return _answer(turn, act.question, turn.search.find(act.question))


def _answer(turn: Turn, asked: str, finding: Finding) -> Reply:
    taught = taught_clause(turn, asked)
    if taught:
        finding = put_first(taught, finding)
    turn.thread.question, turn.thread.number = asked, finding.numbers[0]
    if finding.silent:
        reply = answers.silent(turn.search, asked, finding)
        if turn.message.only_asks:  # words of others are nobody's question here
            return reply
        return replace(reply, buttons=(*reply.buttons, *unanswered.silence_met(turn, asked, finding)))
    if finding.itself:
        return answers.introduced(turn.agreement, finding.itself)
    if finding.verdict is Verdict.MENTIONS or (finding.mentions and finding.ranked[0][1] < answers.SURE):
        return _mentioned(turn, asked, finding)
    if finding.numbers[0] == turn.agreement.about.contact:
        return show_contacts(turn, ShowContacts())
    reply = answers.answered(turn.agreement, finding)
    note = f"{reply.note} {TAUGHT_NOTE}".strip() if taught else reply.note
    if turn.message.only_asks:
        return _without_memory(replace(reply, note=note))
    return replace(reply, note=note, buttons=(*reply.buttons, *unanswered.verdict_buttons(asked)))


def _mentioned(turn: Turn, asked: str, finding: Finding) -> Reply:
    """A question that the agreement does not settle is kept as unanswered; a topic that was looked up is not one."""
    reply = answers.mentioned(turn.agreement, finding)
    if not finding.unsettled or finding.topic or turn.message.only_asks:
        return reply
    return replace(reply, buttons=(*reply.buttons, *unanswered.silence_met(turn, asked, finding)))


def _without_memory(reply: Reply) -> Reply:
    """An answer to words that are not remembered, so nothing can go on from them."""
    typed = "Type a number to read that clause, or ask me in your own words."
    return replace(reply, typed=typed, buttons=tuple(b for b in reply.buttons if b.act != Why()))


def duties(turn: Turn, act: DutiesOf) -> Reply:
    """What one side has undertaken, on a subject or altogether; asks which side when it matters and is not known."""
    if act.who == BOTH_SIDES:
        return _for_both(turn, act.question)
    first_person = act.who in FIRST_PERSON + OTHER_SIDE
    if turn.message.only_asks and first_person:
        return ask(turn, Ask(act.question))  # "we" is then not who asks
    if told := turn.agreement.party(act.side):
        turn.person.side = told.name
    party = _party_meant(turn, act.who)
    if party:
        return duties_of(turn, act, party)
    subject = set(content_stems(act.subject)) - _NO_SUBJECT
    sides = turn.agreement.about.parties
    if not first_person or not sides or (subject and not _depends_on_side(turn, act.question)):
        return ask(turn, Ask(act.question))
    *most, last = (side.name for side in sides)
    named = f"{', '.join(most)} or {last}" if most else last
    choices = tuple(Button(side.name[0].upper() + side.name[1:], replace(act, side=side.name)) for side in sides)
    return Reply(
        f"Which side are you on: {named}? Each has commitments of its own.",
        next_step="I will remember your answer for next time.",
        buttons=(*choices, Button("Both sides", replace(act, who=BOTH_SIDES))),
        pending=Pending(act, ("side",)),
    )


def _party_meant(turn: Turn, who: str) -> Party | None:
    if who in FIRST_PERSON:
        return turn.side
    if who in OTHER_SIDE:
        return other_side(turn)
    return turn.agreement.party_called(who)


def other_side(turn: Turn) -> Party | None:
    others = [party for party in turn.agreement.about.parties if party != turn.side]
    return others[0] if turn.side and len(others) == 1 else None


def _depends_on_side(turn: Turn, question: str) -> bool:
    """Whether more than one side has a clause that may answer."""
    finding = turn.search.find(question)
    best: dict[str, float] = {}
    for number, score in finding.ranked:
        best.setdefault(turn.agreement.clauses[number].party, score)
    return not finding.silent and all(best.get(p.name, -1) > answers.NEAR for p in turn.agreement.about.parties)


def duties_of(turn: Turn, act: DutiesOf, party: Party) -> Reply:
    """The clauses that bind a side and fit what was asked; all of them when nothing in particular was asked."""
    subject = set(content_stems(act.subject)) - set(content_stems(act.who)) - _NO_SUBJECT
    if not subject:
        return _everything_that_binds(turn, party)
    finding = turn.search.find(act.question)
    if finding.silent:
        return _answer(turn, act.question, finding)
    return _for_party(turn, act.question, turn.search.find(act.subject, party.name, after=act.question), party)


def _for_party(turn: Turn, asked: str, finding: Finding, party: Party) -> Reply:
    if not finding.ranked:
        return ask(turn, Ask(asked))
    turn.thread.question, turn.thread.number = asked, finding.numbers[0]
    reply = answers.answered(turn.agreement, finding)
    reply = _without_memory(reply) if turn.message.only_asks else reply
    return replace(reply, text=f"For the {party.name}, {reply.text[0].lower()}{reply.text[1:]}")


def _for_both(turn: Turn, asked: str) -> Reply:
    """The best clause of each side, when the person wants both."""
    parties = turn.agreement.about.parties
    best = [turn.agreement.clauses[turn.search.find(asked, party.name).numbers[0]] for party in parties]
    turn.thread.question, turn.thread.number = asked, best[0].number
    return Reply(
        "; ".join(f"for the {clause.party}, {clause.number}" for clause in best).capitalize() + ".",
        citations=tuple(map(answers.cite, best)),
        source=turn.agreement.about.source,
        next_step="Type a number to read another clause, or contents to see every section.",
    )


def _everything_that_binds(turn: Turn, party: Party) -> Reply:
    clauses = turn.agreement.bound(party.name)
    cited: tuple[Citation, ...] = tuple(map(answers.cite_opening, clauses))
    return Reply(
        f"The {turn.agreement.about.short} has {len(clauses)} commitments of the {party.name}. "
        "Each is shown by its opening words.",
        citations=cited,
        source=turn.agreement.about.source,
        next_step="Type a number to read that clause whole, or ask about one subject, "
        f'for example: "what must the {party.name} do about monitoring?"',
    )


def why(turn: Turn, _: Why) -> Reply:
    """Which words, and which phrasing on record, led to the last answer here."""
    asked, number = turn.thread.question, turn.thread.number
    clause = turn.agreement.clauses.get(number)
    if not asked or clause is None:
        return Reply(
            "There is no answer of mine here to explain yet.",
            next_step='Ask a question first, then type "why".',
        )
    reasons = turn.search.explain(asked, number)
    facts = [Fact("Words that led there", ", ".join(reasons.words) or "no single word stood out")]
    if reasons.phrasing:
        facts.append(Fact("Closest phrasing in the phrasebook", reasons.phrasing))
    return Reply(
        f"Of all clauses, {answers.label(clause)} came first for what you asked.",
        facts=tuple(facts),
        next_step="If it is the wrong clause, ask again in other words, or type contents.",
        buttons=answers.read_buttons((clause,)),
    )


def follow_up(turn: Turn, act: FollowUp) -> Reply:
    """Goes on from the last answer in this conversation; a question of its own where the words carry one."""
    before = turn.thread.question or _text_of(turn, turn.thread.number)
    named = re.sub(r"^(?:for|with|to|on|by|from|does|do|what|is|are)\s+", "", act.rest.casefold())
    party = _party_meant(turn, named)
    if not before and (party or not content_stems(act.rest)):
        return _ABOUT_WHAT
    if not before or (not content_stems(act.rest) and not party):
        return ask(turn, Ask(act.rest))
    if party:
        return _same_for(turn, before, party)
    return _answer(turn, act.rest, turn.search.find(act.rest, after=before))


_ABOUT_WHAT = Reply(
    "About what? There is no earlier question in this conversation for me to go on from.",
    next_step='Ask it whole, for example: "what must charities do about reporting?"',
)


def _same_for(turn: Turn, before: str, party: Party) -> Reply:
    """What binds another side where the last answer stands: its section's clauses, closest first."""
    last = turn.agreement.clauses.get(turn.thread.number)
    finding = turn.search.find(before, party.name, after=last.text if last else "")
    clauses = [turn.agreement.clauses[number] for number in finding.numbers]
    beside = [clause for clause in clauses if last and last.is_numbered and clause.parent in (last.parent, last.number)]
    if not beside:
        return _for_party(turn, before, finding, party)
    quoted = beside[:SAME_SECTION]
    turn.thread.number = quoted[0].number
    few = f", of {len(beside)}" if len(beside) > len(quoted) else ""
    return Reply(
        f"For the {party.name}, section {quoted[0].parent} has {len(quoted)}{few} to read beside this.",
        citations=tuple(map(answers.cite, quoted)),
        source=turn.agreement.about.source,
        typed="Type a number to read another clause, or ask in your own words.",
        buttons=answers.section_button(quoted[0], turn.agreement),
    )


def _text_of(turn: Turn, number: str) -> str:
    clause = turn.agreement.clauses.get(number)
    return clause.text or clause.title if clause else ""
