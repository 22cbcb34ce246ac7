"""What Teams wants answered in the same breath: a pressed button, a search, a dialog."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, Response

from adapters.teams import cards
from adapters.teams.codec import Activity, part, said, without_markup, words
from adapters.teams.talk import Talk
from compact_bot.answers import NEAR, cite, cite_opening, label
from compact_bot.conversation import Audience, MessageKind, Reply
from compact_bot.outbox.sending import Sent
from knowledge.agreement import About, Clause
from knowledge.search import Search

MOST_FOUND = 10
LONGEST_QUESTION = 500
TITLES = {"ask": "Ask about this", "feedback": "Log as feedback"}
SHARED = {
    Sent.NOW: "Shared with everyone here.",
    Sent.LATER: "Teams did not take it just now. I will share it here as soon as it does.",
    Sent.NEVER: "I could not post here, so nothing was shared. Add me here first.",
}
ANSWERED_BEFORE = "This was answered before."


class Invokes:
    """Answers leave at once; whatever else is to be posted is posted after them."""

    def __init__(self, talk: Talk, searching: Callable[[str], Search], how_it_ended: Callable[[str, str], str]) -> None:
        self._talk = talk
        self._searching = searching
        self._how_it_ended = how_it_ended
        self._known: dict[str, Callable[[Activity], Awaitable[Response]]] = {
            "adaptiveCard/action": self._pressed,
            "composeExtension/query": self._searched,
            "composeExtension/fetchTask": self._about_a_message,
            "composeExtension/submitAction": self._in_a_dialog,
        }

    async def answer(self, activity: Activity) -> Response:
        known = self._known.get(words(activity.wire.get("name")))
        return await known(activity) if known else Response(status_code=501)

    async def _pressed(self, activity: Activity) -> Response:
        """A form comes in the place of the card, for whoever pressed; any other reply is posted for all to read."""
        if activity.data.get("refresh"):
            return await self._refreshed(activity)
        spoken = said(activity.data)
        if not spoken:
            return _card_answer("application/vnd.microsoft.error", {"code": "BadRequest", "message": "No such button."})
        reply = await self._talk.reply_to(activity, spoken, MessageKind.PRESSED, is_posted=True)
        if reply is None:
            return _card_message(ANSWERED_BEFORE)
        if reply.form and not reply.private:
            await self._talk.outbox.shown(reply.letter)
            return _card_answer(cards.CARD, cards.card(cards.in_one(reply)))
        if reply.private and not reply.changed and not activity.is_personal and len(reply.buttons) == 0:
            return _card_message(f"{reply.text} {reply.next_step}".strip())
        after = BackgroundTask(self._talk.show, activity, reply)
        if activity.data.get("form") and reply.changed:
            return _card_answer(cards.CARD, cards.card(Reply(reply.text)), after)
        return _card_message("My answer is below.", after)

    async def _refreshed(self, activity: Activity) -> Response:
        """Somebody opened a nudge: when its step is over they read that, even where the message was not changed."""
        step = words(activity.data["refresh"], 100)
        line = await asyncio.to_thread(self._how_it_ended, activity.organisation, step)
        return _card_answer(cards.CARD, cards.card(Reply(line))) if line else _card_message("")

    async def _searched(self, activity: Activity) -> Response:
        """Clauses by word or number; picking one inserts its exact words."""
        given = activity.value.get("parameters")
        asked = given[0] if isinstance(given, list) and given else {}
        question = words(part(asked).get("value"), LONGEST_QUESTION).strip()
        if not question or part(asked).get("name") == "initialRun":
            return _search_message("Type a word, or a number such as 3.4.4.")
        search = await asyncio.to_thread(self._searching, activity.organisation)
        found = await asyncio.to_thread(search.find, question)
        printed = {mention.number for mention in found.mentions}
        best = [] if found.silent else found.ranked[:MOST_FOUND]
        near = [number for number, score in best if score > NEAR or number in printed]
        clauses = [clause for number in near if (clause := search.agreement.clauses[number]).text]
        if not clauses:
            return _search_message(f"The {search.agreement.about.short} does not say. Try other words.")
        attachments = [_found(clause, search.agreement.about) for clause in clauses]
        return _answer({"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": attachments}})

    async def _about_a_message(self, activity: Activity) -> Response:
        """An action on somebody's message: its words are looked up, or are what the feedback form begins with."""
        payload, command = part(activity.value, "messagePayload"), words(activity.value.get("commandId"))
        text, link = without_markup(words(part(payload, "body").get("content"))), words(payload.get("linkToMessage"))
        if command not in TITLES:
            return Response(status_code=501)
        where = _in_dialog(activity)
        if command == "ask":
            reply = await self._talk.reply_to(activity, text, MessageKind.ASKED_ABOUT, where)
        else:
            reply = await self._talk.reply_to(activity, "log feedback", MessageKind.PRESSED, where, text, link)
        return _dialog(TITLES[command], reply)

    async def _in_a_dialog(self, activity: Activity) -> Response:
        """A button or form in a dialog: the next answer in the same place, or shared with everyone behind it."""
        spoken = said(activity.data)
        title = TITLES.get(words(activity.value.get("commandId")), TITLES["ask"])
        if not spoken:
            return Response(status_code=400)
        reply = await self._talk.reply_to(activity, spoken, MessageKind.PRESSED, _in_dialog(activity))
        if reply and reply.shared:
            return _dialog_message(SHARED[await self._talk.show(activity, reply)])
        after = BackgroundTask(self._talk.settle, activity, reply) if reply else None
        return _dialog(title, reply, after)


def _in_dialog(activity: Activity) -> Audience:
    return Audience.ALONE if activity.is_personal else Audience.APART


def _answer(body: dict[str, Any], after: BackgroundTask | None = None) -> Response:
    return JSONResponse(body, background=after)


def _card_answer(kind: str, value: object, after: BackgroundTask | None = None) -> Response:
    status = 400 if kind.endswith(".error") else 200
    return _answer({"statusCode": status, "type": kind, "value": value}, after)


def _card_message(text: str, after: BackgroundTask | None = None) -> Response:
    return _card_answer("application/vnd.microsoft.activity.message", text, after)


def _found(clause: Clause, about: About) -> dict[str, Any]:
    """What is inserted when it is picked, and the two lines by which it is picked."""
    reply = Reply(f"From the {about.title}:", citations=(cite(clause),), source=about.source)
    binds = f", binds the {clause.party}" if clause.party else ""
    preview = {"title": f"{label(clause)}{binds}", "text": cite_opening(clause).quote}
    return {
        **cards.attachment(cards.card(reply)),
        "preview": {"contentType": "application/vnd.microsoft.card.thumbnail", "content": preview},
    }


def _search_message(text: str) -> Response:
    return _answer({"composeExtension": {"type": "message", "text": text}})


def _dialog(title: str, reply: Reply | None, after: BackgroundTask | None = None) -> Response:
    if reply is None:
        return _dialog_message(ANSWERED_BEFORE)
    shown = cards.attachment(cards.card(cards.in_one(reply), in_dialog=True))
    value = {"title": title, "height": "large", "width": "medium", "card": shown}
    return _answer({"task": {"type": "continue", "value": value}}, after)


def _dialog_message(text: str) -> Response:
    return _answer({"task": {"type": "message", "value": text}})
