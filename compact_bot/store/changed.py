"""Whether a session has saved something that people would call a change: it follows from what was flushed."""

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from compact_bot.store.tables import AskedQuestion, KnownPerson, Table

_CHANGED = "changed"
_COUNTED = AskedQuestion  # a question in vain is counted, which changes nothing for anybody
_CHOSEN = ("side", "nudged_directly", "is_lead")  # what people choose; their names are only noted as they speak


def has_changed(session: Session) -> bool:
    return bool(session.info.get(_CHANGED))


@event.listens_for(Session, "before_flush")
def _note(session: Session, _: UOWTransaction, __: object) -> None:
    touched = (*session.new, *session.deleted, *filter(session.is_modified, session.dirty))
    if not session.info.get(_CHANGED) and any(map(_is_change, touched)):
        session.info[_CHANGED] = True


def _is_change(row: Table) -> bool:
    if isinstance(row, KnownPerson):
        attributes = inspect(row).attrs
        return any(attributes[name].history.has_changes() for name in _CHOSEN)
    return not isinstance(row, _COUNTED)
