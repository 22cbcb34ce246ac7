"""Greetings, thanks, help, and what cannot be read: always with a way on."""

import re

from compact_bot.conversation import Button, Fact, Reply
from compact_bot.turn import LONGEST_MESSAGE, Turn

_TAIL = (
    r"(?:[ ,]+(?:there|all|everyone|team|bot|compact ?bot|again|mate|folks|you|so much|very much|a lot"
    r"|for (?:that|your help|this)|that(?:'s| is| was)? (?:great|helpful|perfect|brilliant|all)))*"
)
GREETING = rf"(?:hi+|hello|hey+|hiya|howdy|yo|good (?:morning|afternoon|evening)|morning|afternoon|evening){_TAIL}"
THANKS = (
    rf"(?:many |ok |okay |great |perfect |brilliant |lovely |no |yes )*"
    rf"(?:thanks|thank you|thx|ta|cheers|tyvm|ty){_TAIL}"
    r"|(?:great|perfect|brilliant|lovely|excellent|ok|okay|got it|nice one|cool|fab|super)(?: thanks)?"
)
FAREWELL = rf"(?:bye+|goodbye|good ?night|see (?:you|ya)(?: later)?|cya|that(?:'s| is) all){_TAIL}"
WHO_ARE_YOU = (
    r"(?:who|what) (?:are|r) (?:you|u)(?: exactly)?|who (?:made|built|runs) you|what is this(?: bot| thing)?"
    r"|are (?:you|u) (?:a |an )?(?:real |actual )?(?:bot|robot|human|person|real|ai|computer|machine)(?: .*)?"
    r"|what(?:'s| is) your name|introduce yourself|what do you do|who are you,? are you .*"
)
WRONG = (
    r"(?:no|nope|that(?:'s| is)(?: just)? (?:wrong|not right|not it|not what i asked|not what i meant|rubbish|useless)"
    r"|not what i asked|not helpful|that didn'?t help|wrong|you(?:'re| are) (?:wrong|useless|rubbish|stupid)"
    r"|this is (?:useless|rubbish|stupid)|rubbish|useless)"
)

_TRY = (
    Button("How much notice before a grant ends?", "how much notice before a grant ends?"),
    Button("Who signed up?", "who signed up to the compact"),
    Button("Help", "help"),
)


def _what_i_do(turn: Turn) -> str:
    return (
        f"I answer questions about the {turn.agreement.about.title} with its exact words, "
        "or tell you when it does not say."
    )


def nothing_said(turn: Turn, _: re.Match[str]) -> Reply:
    return Reply(
        f"Your message was empty. {_what_i_do(turn)}",
        next_step="Ask in your own words, or type help.",
        buttons=_TRY,
    )


def too_long(turn: Turn, _: re.Match[str] | None = None) -> Reply:
    return Reply(
        f"That message has {len(turn.text):,} characters; I can read {LONGEST_MESSAGE:,}. Nothing was saved.",
        next_step="Put the question in a sentence or two, or type help.",
    )


def no_words(turn: Turn, _: re.Match[str]) -> Reply:
    if any(character.isalnum() for character in turn.text):
        return Reply(
            "I can only read English, and I found no English words in that.",
            next_step="Ask in English, in your own words, or type help.",
            buttons=_TRY,
        )
    return Reply(
        f"I found no words in that. {_what_i_do(turn)}",
        next_step="Ask in your own words, or type help.",
        buttons=_TRY,
    )


def help_reply(turn: Turn, sayings: list[tuple[str, str]]) -> Reply:
    return Reply(
        f"{_what_i_do(turn)} Ask in any words, or type one of these.",
        facts=tuple(Fact(example, does) for example, does in sayings),
        next_step="Try one now: how much notice before a grant ends?",
        buttons=_TRY[:2],
    )


def greeting(turn: Turn, _: re.Match[str]) -> Reply:
    return Reply(
        f"Hello. {_what_i_do(turn)}",
        next_step='Ask in your own words, for example: "can we end a grant in six weeks?"',
        buttons=_TRY,
    )


def thanks(_turn: Turn, _: re.Match[str]) -> Reply:
    return Reply("You are welcome.", next_step="Ask another question whenever you like, or type help.")


def farewell(_turn: Turn, _: re.Match[str]) -> Reply:
    return Reply("Goodbye.", next_step="Ask again whenever you like.")


def who_are_you(turn: Turn, _: re.Match[str]) -> Reply:
    return Reply(
        f"I am Compact Bot, a program, not a person. {_what_i_do(turn)} "
        "I quote and never make up a clause, and I use no AI service.",
        source=turn.agreement.about.source,
        next_step="Ask in your own words, or type help. To reach a person, type contacts.",
        buttons=(*_TRY[:2], Button("Who to contact", "contacts")),
    )


def not_helpful(_turn: Turn, _: re.Match[str]) -> Reply:
    return Reply(
        "Sorry that did not help.",
        next_step="Ask again in other words, name a clause such as 3.4.4, type contents to see what there is, "
        "or type contacts to ask a person.",
        buttons=(Button("Contents", "contents"), Button("Who to contact", "contacts")),
    )
