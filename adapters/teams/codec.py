"""What Teams sends, as plain values. Pure: reads wire JSON, and says so when it is no activity."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from compact_bot.conversation import Address, Audience, Filled, Person
from compact_bot.turn import tidied

PLATFORM = "teams"
CHANNEL = "msteams"
FILE = "application/vnd.microsoft.teams.file.download.info"
FORWARDED = ("forwardedMessageReference", "messageReference")
INPUT = "input_"  # before the name of a form's field, so that no field can be taken for a key of ours
LONGEST_ID = 360  # with the tenant before it, an id of a conversation fits the 400 characters of a route
LONGEST_NAME = 100
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

Wire = Mapping[str, Any]


class NotAnActivity(Exception):  # noqa: N818  # named for what arrived
    """What was posted is no activity. Holds nothing of what was posted."""


def parsed(body: bytes) -> object:
    """The JSON of a body, or None when it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # RecursionError: 100,000 nested brackets
        return None


def part(wire: object, *names: str) -> dict[str, Any]:
    """An object within an object, {} when there is none."""
    for name in names:
        wire = wire.get(name) if isinstance(wire, dict) else None
    return wire if isinstance(wire, dict) else {}


def words(value: object, longest: int | None = None) -> str:
    """A string without what no database keeps: NUL and half a surrogate pair. "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "ignore").decode()[:longest]


@dataclass(frozen=True)
class Activity:
    """One activity that arrived. `wire` is as it came; everything else here is read from it and checked."""

    wire: Wire
    kind: str
    id: str
    service_url: str
    conversation: str
    tenant: str

    @property
    def organisation(self) -> str:
        return f"teams:{self.tenant}"

    @property
    def is_personal(self) -> bool:
        return part(self.wire, "conversation").get("conversationType") == "personal"

    @property
    def team(self) -> str:
        return words(part(self.wire, "channelData", "team").get("id"), 200)

    @property
    def bot(self) -> str:
        return words(part(self.wire, "recipient").get("id"))

    @property
    def place(self) -> Address:
        """The conversation without its thread: a channel, a group, or a personal chat; the tenant keeps them apart."""
        gone = words(part(self.wire, "channelData", "channel").get("id"), LONGEST_ID)
        conversation = gone if self.event == "channelDeleted" and gone else self.conversation
        return Address(PLATFORM, f"{self.tenant}/{conversation.partition(';messageid=')[0]}")

    @property
    def address(self) -> Address:
        thread = self.conversation.partition(";messageid=")[2]
        return Address(PLATFORM, self.place.route, thread[:200])

    @property
    def is_targeted(self) -> bool:
        """Whether only its sender and we see it, in a place where others are too."""
        return not self.is_personal and part(self.wire, "recipient").get("isTargeted") is True

    @property
    def audience(self) -> Audience:
        if self.is_targeted:
            return Audience.APART
        return Audience.ALONE if self.is_personal else Audience.EVERYONE

    @property
    def sender(self) -> Person:
        who = part(self.wire, "from")
        name = tidied(words(who.get("name"), LONGEST_NAME)) or "a colleague"
        identity = words(who.get("aadObjectId"), 200) or words(who.get("id"), 200)
        return Person(identity, name, direct=self.place if self.is_personal and not self._may_be_without_us else None)

    @property
    def _may_be_without_us(self) -> bool:
        """A message extension works in the chats of others, too, where the bot is not."""
        return words(self.wire.get("name")).startswith("composeExtension/")

    def named(self, name: str) -> "Activity":
        """The same with its sender's name, which Teams leaves out when it tells of an installation."""
        return replace(self, wire={**self.wire, "from": {**part(self.wire, "from"), "name": name}})

    @property
    def identity(self) -> str:
        """The same when Teams posts the activity again; ids of activities are unique in their conversation only.

        An edit has the id of the message that it edits.
        """
        edit = f"\n{words(self.wire.get('timestamp'))}\n{self.text}" if self.is_edit else ""
        return blake2b(f"{self.conversation}\n{self.id}{edit}".encode(), digest_size=16).hexdigest()

    @property
    def value(self) -> dict[str, Any]:
        return part(self.wire, "value")

    @property
    def data(self) -> dict[str, Any]:
        """What a pressed button holds, whichever way it was pressed."""
        return part(self.value, "action", "data") or part(self.value, "data") or self.value

    @property
    def pressed_on(self) -> str:
        """The message that holds the button; "" where it is no message."""
        return words(self.wire.get("replyToId"))

    @property
    def event(self) -> str:
        return words(part(self.wire, "channelData").get("eventType"))

    @property
    def text(self) -> str:
        """What was typed, without the mention that called the bot; others who are mentioned stay by name."""
        text = words(self.wire.get("text"))
        for entity in self._mentions():
            written, name = words(entity.get("text")), words(part(entity, "mentioned").get("name"))
            if written and part(entity, "mentioned").get("id") == self.bot:
                text = text.replace(written, " ", 1)
            elif written and name:
                text = text.replace(written, name, 1)
        return html.unescape(text).replace("\xa0", " ").strip()

    @property
    def has_files(self) -> bool:
        return any(words(one.get("contentType")) == FILE for one in self._attached())

    @property
    def passed_on(self) -> str:
        """The words of a message that somebody passed on without a word of their own; "" for any other."""
        forwarded = (one for one in self._attached() if words(one.get("contentType")) in FORWARDED)
        said = "" if self.text else "\n".join(_forwarded_words(one.get("content")) for one in forwarded)
        return said.strip()

    @property
    def is_edit(self) -> bool:
        return self.kind == "messageUpdate" and self.event == "editMessage"

    @property
    def mentioned(self) -> list[dict[str, Any]]:
        """The people whom a message names, the bot apart."""
        return [one for one in (part(entity, "mentioned") for entity in self._mentions()) if one.get("id") != self.bot]

    def _attached(self) -> list[dict[str, Any]]:
        found = self.wire.get("attachments")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def _mentions(self) -> list[dict[str, Any]]:
        entities = self.wire.get("entities")
        found = entities if isinstance(entities, list) else []
        return [entity for entity in found if isinstance(entity, dict) and entity.get("type") == "mention"]

    def is_about_the_bot(self, key: str) -> bool:
        """Whether the bot is among `membersAdded` or `membersRemoved`."""
        members = self.wire.get(key)
        return isinstance(members, list) and any(part(member).get("id") == self.bot for member in members)

    def reference(self) -> dict[str, Any]:
        """How to write to this place without being asked. Kept for the place, so without thread and sender."""
        bot, conversation = part(self.wire, "recipient"), part(self.wire, "conversation")
        return {
            "serviceUrl": self.service_url,
            "channelId": CHANNEL,
            "bot": {"id": self.bot, "name": words(bot.get("name"), LONGEST_NAME)},
            "conversation": {
                "id": self.conversation.partition(";messageid=")[0],
                "conversationType": words(conversation.get("conversationType"), 20),
                "tenantId": self.tenant,
            },
        }


def read(wire: object, of_the_token: object = None) -> Activity:
    """Raises NotAnActivity for what lacks something that every activity of Teams has.

    In a channel that is shared between tenants two may be named: then the token's counts, else the one of the sender.
    """
    if not isinstance(wire, dict):
        raise NotAnActivity("not an object")
    for name in ("conversation", "from", "recipient", "channelData"):
        if wire.get(name) is not None and not isinstance(wire[name], dict):
            raise NotAnActivity(f"{name} is not an object")
    kind, identity, service_url = (words(wire.get(name)) for name in ("type", "id", "serviceUrl"))
    conversation = words(part(wire, "conversation").get("id"))
    named = (part(wire, "conversation").get("tenantId"), part(wire, "channelData", "tenant").get("id"))
    tenants = [tenant for tenant in (words(tenant, 36) for tenant in named) if tenant]
    sender = part(wire, "from").get("aadObjectId") or part(wire, "from").get("id")
    required = {"type": kind, "id": identity, "serviceUrl": service_url, "conversation": conversation}
    required["from"] = words(sender)
    if missing := [name for name, value in required.items() if not value]:
        raise NotAnActivity(f"without {missing[0]}")
    if len(conversation) > LONGEST_ID or not tenants:
        raise NotAnActivity("of no conversation or tenant that there is")
    tenant = words(of_the_token, 36) if len(set(tenants)) > 1 else ""
    return Activity(wire, kind, identity[:1000], service_url, conversation, tenant or tenants[-1])


def picked(data: Mapping[str, Any], filled: Filled) -> dict[str, str]:
    """The ids of people who were picked in a form, by the names of its fields."""
    values = {name: filled.values.get(name, "") for name in words(data.get("people")).split()}
    return {name: value for name, value in values.items() if _ID.fullmatch(value)}


@dataclass(frozen=True)
class Pressed:
    """The value of a button, as it was posted."""

    value: str


def said(data: Mapping[str, Any]) -> Pressed | Filled | None:
    """What a pressed button carries, or the form that it sends; None for data that no card of ours holds."""
    form = words(data.get("form"), 100)
    if not form:
        pressed = words(data.get("press")) or words(data.get("says"))
        return Pressed(pressed) if pressed else None
    values = {name.removeprefix(INPUT): words(value) for name, value in data.items() if name.startswith(INPUT)}
    for name in words(data.get("lists")).split():
        values[name] = "\n".join(filter(None, values.get(name, "").split(",")))
    return Filled(form, words(data.get("subject"), 100), values)


def _forwarded_words(content: object) -> str:
    """Teams gives what was forwarded as an object or as its JSON, with the words as HTML or shortened."""
    held = part(parsed(content.encode()) if isinstance(content, str) else content)
    return without_markup(words(held.get("originalMessageContent")) or words(held.get("messagePreview")))


def without_markup(content: str) -> str:
    """The words of a message that Teams gives as HTML."""
    spaced = re.sub(r"<(?:br|/p|/div|/li)[^<>]*>", "\n", content)
    return html.unescape(re.sub(r"<[!/a-zA-Z][^<>]*>", "", spaced)).replace("\xa0", " ").strip()
