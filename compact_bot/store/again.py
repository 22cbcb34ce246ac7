"""Doing once more what lost a race with another transaction: the second try finds what the winner has saved."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

Result = TypeVar("Result")
Given = ParamSpec("Given")

SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


def once_more(work: Callable[[], Result]) -> Result:
    """What `work` returns; it is a whole transaction, and is begun anew, once, when another was in its way."""
    try:
        return work()
    except (DBAPIError, StaleDataError, ObjectDeletedError) as error:
        if not _lost_a_race(error):
            raise
    return work()


def transaction(work: Callable[Given, Result]) -> Callable[Given, Result]:
    """Of a function that is one whole transaction: it is done once more when another was in its way."""

    @wraps(work)
    def done(*given: Given.args, **named: Given.kwargs) -> Result:
        return once_more(lambda: work(*given, **named))

    return done


def _lost_a_race(error: Exception) -> bool:
    """The same row added twice, or gone, or changed meanwhile, or each waiting for the other: not a lock held long."""
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError):
        return True
    return getattr(error.orig, "sqlstate", "") in (SERIALIZATION_FAILURE, DEADLOCK)
