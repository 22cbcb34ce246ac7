"""Nothing that anybody types, whatever characters it holds, calls on people: only whom a platform names is named."""

import html
import json
import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.slack.blocks import MOST_IN_BLOCK, messages, view_blocks
from adapters.slack.views import Opened as SlackOpened
from adapters.slack.views import form_view, home_view
from adapters.slack.wording import MENTION, heard, mentioned
from adapters.teams import cards
from adapters.teams.codec import read
from compact_bot.bot import Bot
from compact_bot.conversation import Citation, Fact, Reply
from compact_bot.turn import tidied
from tests.conftest import Chat

AMINA, BEN, VICTIM = "U00000001", "U00000002", "U99999999"
UNSEEN = list("\u200b\u200d\u2060\ufeff\u00ad\u180e\u061c\u202e\U000e0041\x00\x07\x7f\x85\u2028\ufe0f\u034f\u3164")
PIECES = [
    *f"@ @@ {VICTIM} @{VICTIM} {VICTIM[:4]} {VICTIM[4:]} W{VICTIM[1:]} {VICTIM.lower()} {VICTIM}_x {20 * 'A'}".split(),
    *f"< > <b> <at> </at> <!channel> <!here> <@{VICTIM}> <!subteam^S1> | ! & &lt; &amp; * _ ` . , ( ) : jo".split(),
    *'3.3.4/D1/1 May 2027/@channel/ends/because/owner/(about: /on behalf of / /"'.split("/"),
    *UNSEEN,
]
TYPED = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40)


def in_slack(typed: str) -> str:
    """As Slack sends what somebody typed."""
    return html.escape(typed, quote=False)


# What Slack itself writes into a message, with labels that somebody chose.
WRITTEN = st.lists(
    TYPED.map(in_slack)
    | st.sampled_from(
        [f"<@{BEN}>", f"<@{BEN}|ben>", "<http://x.example|@>", "<#C1|@>", "<!subteam^S1|@>", "<mailto:a@b.c>"]
    )
    | TYPED.map(lambda label: f"<http://x.example|{re.sub('[<>|]', '', label)}>"),
    max_size=6,
).map("".join)


def named(shown: object) -> Iterator[str]:
    """Whom blocks call on, and anything else in them that Slack makes a link, a broadcast or markup of."""
    if isinstance(shown, dict):
        kind = shown.get("type", "")
        if kind == "user":
            yield shown["user_id"]
        if kind == "mrkdwn":  # of an owner alone, with nothing around it; or bold words that hold no markup
            assert re.fullmatch(r"<@\w+>|\*[A-Za-z0-9 ,]+\*\n?[A-Za-z0-9 ,]*", shown["text"]), shown
            yield from re.findall(r"<@(\w+)>", shown["text"])
        assert kind not in ("usergroup", "broadcast", "channel", "link", "emoji", "date"), shown
        for value in shown.values():
            yield from named(value)
    elif isinstance(shown, list):
        for one in shown:
            yield from named(one)


def called_on(reply: Reply) -> set[str]:
    """Everybody whom a reply calls on in Slack, wherever it is shown."""
    people: set[str] = set()
    for said in messages(reply):
        people |= set(named(said.blocks))
        for bracketed in re.findall(r"<[^<>]*>?|<", said.text):
            person = re.fullmatch(r"<@([UW]\w+)>", bracketed)
            assert person, bracketed
            people.add(person[1])
    people |= set(named(view_blocks(reply))) | set(named(home_view(reply)["blocks"]))
    if reply.form:
        people |= set(named(form_view(reply.form, SlackOpened("T1/C1"))["blocks"]))
    return people


def everywhere(words: str) -> Reply:
    words = words or "x"
    cited = (Citation("3.4.4", words, words, words),)
    return Reply(words, cited, (Fact(words, words),), words, cited, words, words, introduction=words)


@settings(max_examples=400, deadline=None)
@given(WRITTEN)
@example(f"@\u200b{VICTIM}")
@example(f"@\x07{VICTIM}")
@example(f"<http://x|@>{VICTIM}")
@example(f"<http://x|@><http://y|{VICTIM}>")
@example(f"<@{BEN}>99")
@example(f"x<@{BEN}>")
@example(f"@&lt;b&gt;{VICTIM}")
@example(f"3.3.4@{VICTIM}")
@example(f"@{VICTIM}AAAAAAAAAAAAAAAAAAAA")
def test_what_is_typed_in_slack_names_nobody_but_whom_slack_names(text: str) -> None:
    allowed = set(mentioned(text))
    assert allowed <= {BEN}
    words = tidied(heard(text))
    inside = {n for found in MENTION.finditer(words) for n in range(found.start() + 1, found.end())}
    cuts = [n for n in range(len(words)) if n not in inside]  # the core may take away what is before or after
    for piece in {words, *(words[n:] for n in cuts), *(words[:n] for n in cuts)}:
        assert called_on(Reply(piece or "x")) <= allowed, (text, piece)
    assert called_on(everywhere(words)) <= allowed


def test_a_text_is_never_parted_within_a_mention() -> None:
    for room in range(30):
        assert called_on(Reply("(" * (MOST_IN_BLOCK - room) + f"@{BEN}" + ")" * 200)) == {BEN}


def said_about(words: str) -> Iterable[str]:
    yield from (
        words,
        f'track payment "{words}" due 1 December 2026',
        f"track funding {words} ends 31 March 2027 owner {words}",
        f"remind us that {words} is due 3 March",
        f"when the grant to {words} ends 31 March 2027",
        f"rationale D1 because {words}",
        f"done D1 {words}",
        f"feedback 3.3.4{words} paid us late",
        f"feedback {words}",
        f"feedback 3.3.4 they paid late (about: {words}) (link: {words})",
        f"owner F1 {words}",
        f"resolve F1 because {words}",
        f"set contact {words}",
        f'teach "{words} lunch club" 3.4.4',
        f"lead {words}",
        f"not what I asked: {words}",
    )


LOOKED_AT = ("D1", "D2", "deadlines", "F1", "feedback", "contacts", "leads", "gaps", "taught", "review", "undo", "yes")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
@example(f"@\u200b{VICTIM}")
@example(f"@{VICTIM}")
@example(f"@@{VICTIM}")
def test_what_the_bot_keeps_and_says_again_names_nobody_either(bot: Bot, typed: str) -> None:
    chat = Chat(bot, f"@{AMINA}")
    for words in (*said_about(typed), *LOOKED_AT):
        said = heard(in_slack(words))
        reply = bot.reply_to(chat.message(said))
        assert reply is not None
        assert called_on(reply) <= {AMINA}, words


def test_a_tag_is_taken_out_whatever_hides_in_it() -> None:
    for hidden in ("a<b>c", "a<\u200bb>c", "a<\x07!here>c", "a</\u00adat>c"):
        assert tidied(hidden) == "a c"
    assert tidied("a<at<b>>c") == "a< at >c"
    assert tidied("3 < 4 and 5<6") == "3 < 4 and 5<6"


# ---- Teams ---------------------------------------------------------------------------------------------------------


def is_only_text(shown: object) -> None:
    """No mention, which Teams makes of an entity together with its tag; no text that Teams reads as markup."""
    if isinstance(shown, dict):
        assert "entities" not in shown
        assert "msteams" not in shown
        assert shown.get("type") != "mention"
        assert shown.get("textFormat", "plain") == "plain"
        for value in shown.values():
            is_only_text(value)
    elif isinstance(shown, list):
        for one in shown:
            is_only_text(one)
    elif isinstance(shown, str):
        assert not re.search(r"</?at\b[^<>]*>", shown, re.IGNORECASE), shown


def activity(text: str, name: str = "Amina") -> dict[str, object]:
    return {
        "type": "message",
        "id": "1",
        "serviceUrl": "https://smba.trafficmanager.net/",
        "from": {"id": "29:amina", "name": name},
        "recipient": {"id": "28:bot"},
        "conversation": {"id": "a:1", "tenantId": "t"},
        "text": text,
        "entities": [{"type": "mention", "text": "<at>Ben</at>", "mentioned": {"id": "29:ben", "name": name}}],
    }


TAGGED = st.lists(
    st.sampled_from(
        ["<at>", "</at>", "<", ">", "at", "/at", "<at id='1'>", "Ben", "<at>Ben</at>", "&lt;at&gt;", " ", *UNSEEN]
    )
    | st.text(max_size=5),
    max_size=10,
).map("".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TAGGED, TAGGED)
@example("<\u200bat>Everyone</\u200bat>", "Amina")
@example("<at<b>>Everyone</at<b>>", "Amina")
@example("&lt;at&gt;Everyone&lt;/at&gt;", "<at>Everyone</at>")
@example("&amp;lt;at&amp;gt;Everyone", "<\u200bat>Everyone</at>")
def test_what_is_typed_in_teams_makes_no_mention(bot: Bot, typed: str, name: str) -> None:
    heard_there = read(activity(typed, name))
    chat = Chat(bot, heard_there.sender.name)
    for words in (
        heard_there.text,
        f'track payment "{heard_there.text}" due 1 December 2026',
        "D1",
        "leads",
        "lead me",
    ):
        reply = bot.reply_to(chat.message(words))
        assert reply is not None
        for one in cards.messages(reply):
            is_only_text(json.loads(json.dumps(one)))


@pytest.mark.parametrize("kept", ["<at>Everyone</at>", "< at >", "<AT id='0'>x</AT>"])
def test_the_cards_of_teams_break_up_what_was_kept_of_a_tag(kept: str) -> None:
    for one in cards.messages(everywhere(kept)):
        is_only_text(one)
