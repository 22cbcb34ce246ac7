"""What the assistant says of itself: help, questions about how it works, and small talk. Always with a way on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from compact_bot.conversation import Button, Fact, Reply
from compact_bot.its_words import called, with_its_numbers
from compact_bot.turn import LONGEST_MESSAGE, Turn
from compact_bot.understanding.acts import (
    About,
    Act,
    Ask,
    Contents,
    Help,
    List,
    OpenForm,
    Settings,
    ShowContacts,
    Smalltalk,
)
from compact_bot.understanding.commands.table import said_in_help
from compact_bot.way_in import signs_in, way_in

_TRY = (
    Button("How much notice before a grant ends?", Ask("how much notice before a grant ends?")),
    Button("What is due?", List()),
    Button("Help", Help()),
)
TOPICS = {
    "asking": "Asking",
    "deadlines": "Deadlines",
    "feedback": "Feedback",
    "leads": "For Compact leads",
    "lists": "Lists, calendars and e-mail",
    "settings": "Settings",
}


def what_i_do(turn: Turn) -> str:
    about = turn.agreement.about
    return f"I answer questions about the {about.title} with its exact words, or tell you when it does not say."


def help_(turn: Turn, act: Help) -> Reply:
    """Five things on one phone screen; each topic behind a button."""
    more = tuple(Button(label, Help(topic)) for topic, label in TOPICS.items() if topic != act.topic)
    if act.topic in TOPICS:
        return Reply(
            f"{TOPICS[act.topic]}: what you can type. Your own words do as well.",
            facts=_in_help(turn, act.topic),
            buttons=more,
        )
    short = turn.agreement.about.short
    return Reply(
        "Say it in your own words. Five things I do:",
        facts=(
            Fact(f"Ask the {short}", "how much notice before a grant ends?"),
            Fact("Work out dates", "funding ends 31 March, by when is notice due?"),
            Fact("Keep a deadline and nudge you", "remind us that the library consultation closes on 3 March"),
            Fact("Say what is done", "notice went out on Friday by letter"),
            Fact(f"Log how the {short} is kept", "the council paid us five weeks late"),
        ),
        typed=f"For more, type help and a topic: {', '.join(TOPICS)}.",
        buttons=more,
    )


def about(turn: Turn, act: About) -> Reply:
    told = _ABOUT.get(act.topic, _bot)(turn)
    return replace(told, facts=tuple(Fact(fact.label, called(fact.value, turn.agreement)) for fact in told.facts))


def _start(turn: Turn) -> Reply:
    short = turn.agreement.about.short
    return Reply(
        f"Welcome. Three steps put you in the picture: read what the {short} asks of your side, see what is tracked, "
        "and choose where your team's nudges go.",
        facts=(
            Fact("Read", "type: what have we undertaken"),
            Fact("See what is tracked", "type: deadlines"),
            Fact("Choose the place of nudges", "in the channel where you want them, type: nudges here"),
            Fact(f"If you lead on the {short}", "type: lead me"),
        ),
        next_step="Ask me anything on the way in your own words.",
        buttons=(
            Button("What is due?", List()),
            Button("Contents", Contents()),
            Button("For Compact leads", Help("leads")),
        ),
    )


def _in_help(turn: Turn, topic: str) -> tuple[Fact, ...]:
    """What can be said of a topic, with what each does, in the words and numbers of the agreement."""
    return tuple(
        Fact(with_its_numbers(example, turn.agreement), called(with_its_numbers(does, turn.agreement), turn.agreement))
        for example, does in said_in_help(topic)
    )


def _asking(turn: Turn) -> Reply:
    return Reply(
        "Ask as you would ask a colleague, in a sentence or a few words. I answer with the clause, word for word, "
        "or say that it does not say.",
        facts=(
            Fact("In your own words", "can we end a grant in six weeks?"),
            Fact("By number", with_its_numbers("3.4.4", turn.agreement)),
            Fact("For one side", "what must charities do about reporting"),
        ),
        buttons=(_TRY[0], Button("More on asking", Help("asking"))),
    )


def _tracking(_: Turn) -> Reply:
    return Reply(
        "Tell me what it is and its date, and I work out the steps, keep them and nudge your team before each.",
        facts=(
            Fact("Keep it", "the youth club grant ends 31 March 2027, remind us"),
            Fact("Say what is done", "notice went out on Friday by letter"),
            Fact("Change it", "move D1 to 30 April 2027, or: Ben looks after D1 now"),
            Fact("Be quiet for a while, or end it", "snooze D1 1 week; drop D1 because it was renewed"),
        ),
        next_step="Whatever you change can be undone for 10 minutes: type undo.",
        buttons=(Button("Track a deadline", OpenForm("track")), Button("More on deadlines", Help("deadlines"))),
    )


def _feedback(turn: Turn) -> Reply:
    return Reply(
        f"Tell me what happened, and I log it under the clause of the {turn.agreement.about.short} that it is about. "
        "Your organisation can read it; only Compact leads see your name.",
        facts=(
            Fact("In a line", "the council paid us five weeks late"),
            Fact("With nothing kept of who you are", "in a direct message to me, type: anonymous feedback ..."),
        ),
        buttons=(Button("Log feedback", OpenForm("feedback")), Button("More on feedback", Help("feedback"))),
    )


def _privacy(_: Turn) -> Reply:
    return Reply(
        "I read only what is said to me: a mention, a direct message, a command or a form.",
        facts=(
            Fact("What you ask", "kept for a day at most, so that I can go on from it; nobody else sees it"),
            Fact("A question I could not answer", "counted without who asked; its words only if you say so"),
            Fact("Deadlines and feedback", "read by your own organisation, never by another"),
            Fact("Who logged feedback", "seen by Compact leads alone; an anonymous entry keeps nothing of you"),
            Fact("What I keep of you", "in a direct message, type: my data. To have it deleted: forget me"),
        ),
        next_step="Nothing is sent to any other service, and no AI service is used.",
    )


def _text(turn: Turn) -> Reply:
    return Reply(
        f"I hold the whole text of the {turn.agreement.about.title}. Type a number to read a clause, or"
        f" contents for its headings.",
        source=turn.agreement.about.source,
        buttons=(Button("Contents", Contents()),),
    )


def _nudges(_: Turn) -> Reply:
    return Reply(
        "A nudge is a message before a date that your team tracks. What is due together comes in one message, on "
        "working days, at your team's hour, to the place your team chose, until somebody says that the step is done.",
        facts=(
            Fact("To have them here", "type: nudges here"),
            Fact("To have your own as well", "type: nudges me"),
            Fact("To be left alone for a while", "snooze D1 1 week"),
            Fact("To stop them for everybody", "type: nudges stop"),
        ),
        buttons=(Button("What is due?", List()), Button("Settings", Settings())),
    )


def _undo(_: Turn) -> Reply:
    return Reply(
        "Type undo within 10 minutes of a change of yours, or press Undo under it. Later, change it again or drop it; "
        "the history keeps both.",
        next_step="Anonymous feedback cannot be taken back, since I do not know whose it is.",
    )


def _bot(turn: Turn) -> Reply:
    return Reply(
        f"I am Compact Bot, a program, not a person. {what_i_do(turn)} I quote and never make up a"
        f" clause, and I use no AI service.",
        source=turn.agreement.about.source,
        next_step="I write no letters, and read no attachment but a list to import. To reach a person: contacts",
        buttons=(_TRY[0], Button("Help", Help()), Button("Who to contact", ShowContacts())),
    )


def _settings(turn: Turn) -> Reply:
    link = way_in(turn, "/settings")
    return Reply(
        "What can be set here, and what to type:",
        facts=_in_help(turn, "settings"),
        note=signs_in(link) if link else "",
        next_step="Who leads here: type leads.",
        buttons=(
            *((Button("Open the page of settings", Settings(), link),) if link else ()),
            Button("For Compact leads", Help("leads")),
        ),
        private=bool(link),
    )


_ABOUT: dict[str, Callable[[Turn], Reply]] = {
    "start": _start,
    "asking": _asking,
    "tracking": _tracking,
    "feedback": _feedback,
    "privacy": _privacy,
    "text": _text,
    "nudges": _nudges,
    "settings": _settings,
    "undo": _undo,
    "bot": _bot,
}


def smalltalk(turn: Turn, act: Smalltalk) -> Reply:
    match act.what:
        case "greeting":
            return Reply(
                f"Hello. {what_i_do(turn)}",
                next_step='Ask in your own words, for example: "can we end a grant in six weeks?"',
                buttons=_TRY,
            )
        case "thanks":
            return Reply("You are welcome.", next_step="Ask another question whenever you like, or type help.")
        case "farewell":
            return Reply("Goodbye.", next_step="Ask again whenever you like.")
        case "wrong":
            return not_helpful(turn)
    return _no_words(turn)


def _no_words(turn: Turn) -> Reply:
    if turn.message.with_files and not turn.text:
        return Reply(
            "I cannot open files, so I have read nothing of it.",
            next_step="Tell me in a sentence what you would like to know, or paste the words that matter.",
            buttons=_TRY,
        )
    if any(character.isalnum() for character in turn.text):
        return Reply(
            "I can only read English, and I found no English words in that.",
            next_step="Ask in English, in your own words, or type help.",
            buttons=_TRY,
        )
    empty = "I found no words in that." if turn.text else "Your message was empty."
    return Reply(f"{empty} {what_i_do(turn)}", next_step="Ask in your own words, or type help.", buttons=_TRY)


def too_long(turn: Turn) -> Reply:
    return Reply(
        f"That message has {len(turn.text):,} characters; I can read {LONGEST_MESSAGE:,}. Nothing was saved.",
        next_step="Put the question in a sentence or two, or type help.",
    )


def not_helpful(_: Turn) -> Reply:
    return Reply(
        "Sorry that did not help.",
        next_step="Ask again in other words.",
        typed="Type contents to see what there is, or contacts to ask a person.",
        buttons=(Button("Contents", Contents()), Button("Who to contact", ShowContacts())),
    )


HANDLERS: dict[type[Act], Callable[[Turn, Any], Reply]] = {
    Help: help_,
    About: about,
    Settings: lambda turn, _: _settings(turn),
    Smalltalk: smalltalk,
}
