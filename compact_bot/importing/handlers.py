"""Lists in chat: brought with a message or at the page, looked at, corrected, kept or left."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from compact_bot.asking_back import ask_back
from compact_bot.conversation import Button, Field, FieldKind, File, Filled, Form, Option, Reply
from compact_bot.forms import FormKind, Problems
from compact_bot.importing import replies
from compact_bot.importing.columns import Role
from compact_bot.importing.importer import Importer, NotKeptError
from compact_bot.importing.lines import Choices, NoListError, Read, unseen
from compact_bot.importing.template import TEMPLATE, template
from compact_bot.organisation import actor
from compact_bot.sheets.reading import UnreadableFileError
from compact_bot.store.tables import Import as Brought
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Act, Import, KeepList, LeaveList, ReadList
from compact_bot.understanding.understood import Understood
from compact_bot.way_in import signs_in, way_in

MOST_FIELDS = 20  # columns in a form: more have no place on a phone; the command takes any
_UNSAVED = "Nothing was saved."


def importer(turn: Turn) -> Importer:
    return Importer(
        turn.session, turn.organisation, turn.agreement, turn.rules, turn.timezone, actor(turn), turn.person,
        turn.readings,
    )  # fmt: skip


def bring(turn: Turn, _: Import) -> Reply:
    """The list that came with the message, read; without one, how to bring it."""
    if turn.message.unread:
        raise Refused(_where_to(turn, turn.message.unread))
    if not turn.message.attached:
        return _where_to(turn, "")
    file, lists = turn.message.attached[0], importer(turn)
    read = _read(turn, lists, file.name, file.content, Choices())
    brought = lists.bring(file.name, file.content)
    return replies.preview(read, brought.file, brought.id)


def _where_to(turn: Turn, problem: str) -> Reply:
    link = way_in(turn, "/import")
    files = (File(TEMPLATE, XLSX, template(turn.rules)),) if turn.message.takes_files else ()
    text = (
        "I read a list of grants, contracts, consultations or payments from an Excel file or CSV, show you each line, "
        "and keep nothing until you say so."
    )
    how = "Open the page, choose the file and press Read it." if link else (
        "Whoever looks after me can import it: compact-bot import FILE --dry-run shows what would be kept."
    )  # fmt: skip
    return Reply(
        f"{problem} {_UNSAVED} {text}" if problem else text,
        note=signs_in(link) if link else "",
        next_step=how + (" A template is attached." if files else ""),
        buttons=(Button("Open the import page", Import(), link),) if link else (),
        files=files,
        private=bool(link),
    )


def read_again(turn: Turn, act: ReadList) -> Reply:
    """With what somebody said about its sheet, its kind and its columns; what they said before stays."""
    lists = importer(turn)
    brought = _waiting(lists, act.number)
    before = choices_of(brought)
    said = {name: _role(role) for name, role in act.columns}
    if act.kind and turn.rules.kind_called(act.kind) is None:
        kinds = ", ".join(kind.words[0] for kind in turn.rules.kinds)
        raise Refused(Reply(f"I do not know the kind {act.kind!r}. {_UNSAVED}", next_step=f"Kinds are: {kinds}"))
    called = turn.rules.kind_called(act.kind) if act.kind else None
    choices = Choices(act.sheet or before.sheet, called.name if called else before.kind, {**before.columns, **said})
    read = _read(turn, lists, brought.file, brought.content or b"", choices)
    known = {c.name.casefold() for c in read.layout.columns} | {c.letter.casefold() for c in read.layout.columns}
    if strange := [name for name, _ in act.columns if name.casefold() not in known]:
        names = ", ".join(f'"{column.name or column.letter}"' for column in read.layout.columns)
        raise Refused(Reply(f'There is no column "{strange[0]}". {_UNSAVED}', next_step=f"Columns are: {names}"))
    brought.choices = {"sheet": choices.sheet, "kind": choices.kind, "columns": dict(choices.columns)}
    return replies.preview(read, brought.file, brought.id)


def keep(turn: Turn, act: KeepList) -> Reply:
    lists = importer(turn)
    brought = _waiting(lists, act.number)
    read = _read(turn, lists, brought.file, brought.content or b"", choices_of(brought))
    try:
        return replies.kept(lists.keep(read, brought, act.leave_out, turn.message.progress or unseen), read)
    except NotKeptError as problem:
        again = replies.preview(read, brought.file, brought.id)
        raise Refused(replace(again, text=f"{problem} {_UNSAVED} {again.text}")) from problem


def leave(turn: Turn, act: LeaveList) -> Reply:
    lists = importer(turn)
    lists.leave(_waiting(lists, act.number))
    return Reply(f"Left as it was: the file is forgotten. {_UNSAVED}", next_step="To bring another, type: import")


def _waiting(lists: Importer, number: int) -> Brought:
    """The list with this number, which waits. Raises Refused."""
    brought = lists.brought(number)
    if brought is None:
        raise Refused(
            Reply(
                f"There is no such list of yours here any more: each waits for a day. {_UNSAVED}",
                next_step="To bring it again, type: import",
            )
        )
    if brought.content is None:
        raise Refused(Reply(f"This list was imported already. {_UNSAVED}", next_step="To see it, type: deadlines"))
    return brought


def _read(turn: Turn, lists: Importer, name: str, content: bytes, choices: Choices) -> Read:
    try:
        return lists.read(name, content, choices, turn.message.progress or unseen)
    except (UnreadableFileError, NoListError) as problem:
        raise Refused(
            Reply(
                f"{name}: {problem} {_UNSAVED}",
                next_step="To see how a list may look, type import and get the template.",
            )
        ) from problem


def choices_of(brought: Brought) -> Choices:
    kept = brought.choices
    columns = {name: Role(role) for name, role in kept.get("columns", {}).items()}
    return Choices(kept.get("sheet", ""), kept.get("kind", ""), columns)


def _role(said: str) -> Role:
    """Raises Refused for what no column can hold."""
    try:
        return Role(said)
    except ValueError:
        roles = ", ".join(Role)
        raise Refused(Reply(f"A column cannot be {said!r}. {_UNSAVED}", next_step=f"It can be: {roles}")) from None


# ---- the form that corrects what columns hold -----------------------------------------------------------------------


def list_form(turn: Turn, subject: str) -> Form:
    """A choice for each column, for the kind of all lines, and for the sheet where there are several."""
    lists = importer(turn)
    brought = _waiting(lists, int(subject) if subject.isdigit() else 0)
    read = _read(turn, lists, brought.file, brought.content or b"", choices_of(brought))
    sheets = (read.sheet.name, *read.others)
    kinds = tuple(Option(kind.name, kind.title) for kind in turn.rules.kinds)
    roles = tuple(Option(role, ROLES[role]) for role in Role)
    columns = [column for column in read.layout.columns if column.name or column.role is not Role.UNUSED]
    fields = (
        *([Field("sheet", "Which sheet", FieldKind.CHOICE, read.sheet.name, tuple(Option(s, s) for s in sheets))]
          if len(sheets) > 1 else []),
        Field("kind", "What the lines are, unless they say", FieldKind.CHOICE, read.kind.name, kinds),
        *(
            Field(f"column-{c.letter}", ", ".join(filter(None, (f"Column {c.letter}", c.name))), FieldKind.CHOICE,
                  c.role, roles)
            for c in columns[:MOST_FIELDS]
        ),
    )  # fmt: skip
    return Form("list", "Correct what the columns hold", fields, submit="Read it again", subject=str(brought.id))


ROLES: Mapping[Role, str] = {
    Role.TITLE: "What it is called",
    Role.ORGANISATION: "Whom it is for: the organisation",
    Role.KIND: "What kind it is",
    Role.OWNER: "Who sees to it: the owner",
    Role.CLAUSE: "The clause",
    Role.STATE: "Whether it is over",
    Role.STARTS: "When it starts or opens",
    Role.ENDS: "When it ends or closes",
    Role.DUE: "When a payment is due",
    Role.REPORTS: "When a report is due",
    Role.ANOTHER: "Another date, such as a review",
    Role.DATE: "Its date",
    Role.UNUSED: "Not used",
}


def corrected(turn: Turn, filled: Filled) -> Act | Problems:
    values = filled.values
    form = list_form(turn, filled.subject)
    held = {field.name: field.value for field in form.fields}
    columns = tuple(
        (name.removeprefix("column-"), values[name])
        for name in held
        if name.startswith("column-") and values.get(name, "") != held[name]
    )
    sheet = values.get("sheet", "") if values.get("sheet", "") != held.get("sheet", "") else ""
    kind = values["kind"] if values["kind"] != held["kind"] else ""
    return ReadList(int(form.subject), sheet, kind, columns)


def show_form(turn: Turn, subject: str) -> Reply:
    form = list_form(turn, subject)
    return Reply(
        f"What do the columns hold? {replies.UNSAVED}",
        next_step=f'Or type for example: read list {form.subject} column "End date" is ends',
        form=form,
    )


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {
    Import: bring,
    ReadList: read_again,
    KeepList: keep,
    LeaveList: leave,
}
ASKS_BACK: Mapping[type[Act], Callable[[Turn, Understood], Reply]] = dict.fromkeys(HANDLERS, ask_back)
FORMS: Mapping[str, FormKind] = {"list": FormKind(list_form, corrected)}
OPENERS: Mapping[str, Callable[[Turn, str], Reply]] = {"list": show_form}
