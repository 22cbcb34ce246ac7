"""Wordings that an organisation's leads tie to a clause: asked before the search, for their organisation alone."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from compact_bot.conversation import Button, Fact, File, Reply
from compact_bot.organisation import only_leads
from compact_bot.store.tables import TaughtPhrasing
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Ask, ShowTaught, Teach, Untaught
from knowledge.search import Finding, Verdict
from knowledge.words import content_stems

LONGEST = 200
FEWEST_WORDS = 2  # one word alone would answer every question that holds it
EXAMPLE = 'teach "lunch club money" 3.4.4'
TAUGHT_NOTE = "Your organisation taught me these words; type taught to see them."
# Made once: every question asks it, and making it takes longer than answering it.
_TAUGHT_HERE = select(TaughtPhrasing.words, TaughtPhrasing.clause, TaughtPhrasing.edition).where(
    TaughtPhrasing.organisation_id == bindparam("organisation")
)
SURE = 10.0  # above every score of the search, as a clause named by number is


def taught_clause(turn: Turn, question: str) -> str:
    """The clause that the organisation tied to a wording in the question, or "".

    Every content word of the wording is in the question, and makes at least half of it: the longest such wording.
    """
    rows = turn.connection.execute(_TAUGHT_HERE, {"organisation": turn.organisation.id}).all()
    asked = set(content_stems(question)) if rows else set()
    if not asked:
        return ""
    chain = turn.agreement.chain
    fitting = [
        (len(stems), row.clause)
        for row in rows
        if row.edition in chain and (stems := set(content_stems(row.words))) <= asked
    ]
    length, clause = max(fitting, default=(0, ""))
    return clause if 2 * length >= len(asked) and turn.agreement.clause(clause) else ""


def put_first(number: str, finding: Finding) -> Finding:
    """What the search found, behind the clause that the organisation taught."""
    others = tuple((other, score) for other, score in finding.ranked if other != number)
    return Finding(((number, SURE), *others), Verdict.ANSWERS)


def teach(turn: Turn, act: Teach) -> Reply:
    words, clause = act.words.strip(), turn.agreement.clause(act.clause)
    if not words:
        raise Refused(Reply("Which words, and which clause? Nothing was saved.", next_step=f"For example: {EXAMPLE}"))
    only_leads(turn, "teach a wording")
    if clause is None or not clause.text:
        raise Refused(
            Reply(
                f"There is no clause {act.clause} with words of its own. Nothing was saved.",
                next_step=f"For example: {EXAMPLE}",
            )
        )
    if len(words) > LONGEST or len(set(content_stems(words))) < FEWEST_WORDS:
        raise Refused(
            Reply(
                f"Give {FEWEST_WORDS} telling words or more, in at most {LONGEST} characters. Nothing was saved.",
                next_step=f"For example: {EXAMPLE}",
            )
        )
    have = _ours(turn)
    same = next((n for n, one in enumerate(have, 1) if one.words.casefold() == words.casefold()), None)
    if same:
        have[same - 1].clause = clause.number
    else:
        turn.session.add(
            TaughtPhrasing(
                organisation_id=turn.organisation.id,
                words=words,
                clause=clause.number,
                edition=turn.agreement.name,
                taught_by=turn.message.sender.name[:100],
                taught_at=turn.message.sent_at,
            )
        )
    number = same or len(have) + 1
    return Reply(
        f'From now on, "{words}" leads everyone in your organisation to {clause.number}.',
        next_step=f"To see what was taught, type taught. To take this away, type: untaught {number}",
        buttons=(Button("Try it", Ask(words)), Button("What was taught", ShowTaught())),
    )


def _ours(turn: Turn) -> Sequence[TaughtPhrasing]:
    ours = select(TaughtPhrasing).where(TaughtPhrasing.organisation_id == turn.organisation.id)
    return turn.session.scalars(ours.order_by(TaughtPhrasing.id)).all()


def show_taught(turn: Turn, act: ShowTaught) -> Reply:
    have = _ours(turn)
    if not have:
        return Reply("Your organisation has taught nothing yet.", next_step=f"For example: {EXAMPLE}")
    lines = phrasebook_lines((one.clause, one.words) for one in have)
    if act.as_lines:
        files = (File("taught.md", "text/markdown", lines.encode()),) if turn.message.takes_files else ()
        return Reply(
            f"What your organisation taught, as lines of a phrasebook: {len(have)}.",
            note=lines,
            next_step="Put them in a file of the agreement's phrasebook folder, and everyone's answers learn them.",
            files=files,
        )
    return Reply(
        f"Your organisation has taught {len(have)} {'wording' if len(have) == 1 else 'wordings'}.",
        facts=tuple(
            Fact(f"{number}. {one.words}", f"leads to {one.clause}, taught by {one.taught_by}")
            for number, one in enumerate(have, start=1)
        ),
        next_step="To take one away, type: untaught 1. For a file of the phrasebook, type: taught export",
        buttons=(Button("As phrasebook lines", ShowTaught(as_lines=True)),),
    )


def phrasebook_lines(taught: Iterable[tuple[str, str]]) -> str:
    """Clauses with their wordings, as `knowledge/phrasebook.py` reads them."""
    by_clause: dict[str, list[str]] = {}
    for clause, words in taught:
        by_clause.setdefault(clause, []).append(f"- {words}")
    return "\n\n".join("\n".join((f"## {clause}", *lines)) for clause, lines in sorted(by_clause.items()))


def untaught(turn: Turn, act: Untaught) -> Reply:
    only_leads(turn, "take a wording away")
    have = _ours(turn)
    if not 1 <= act.number <= len(have):
        raise Refused(
            Reply(
                f"Which one? Your organisation has taught {len(have)}. Nothing was removed.",
                next_step="Type taught to see their numbers, then for example: untaught 1",
            )
        )
    gone = have[act.number - 1]
    turn.session.delete(gone)
    return Reply(
        f'"{gone.words}" no longer leads to {gone.clause}.',
        next_step=f'To put it back, type: teach "{gone.words}" {gone.clause}',
        buttons=(Button("Put it back", Teach(gone.words, gone.clause)),),
    )
