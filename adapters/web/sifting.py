"""Reading what the address of a list asks for; what it does not know is left out."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

MOST_PAGES = 100_000
LONGEST_WORDS = 200


def one_of(query: Mapping[str, str], name: str, known: Iterable[str], otherwise: str = "") -> str:
    value = query.get(name, "")
    return value if value in set(known) else otherwise


def words_in(query: Mapping[str, str], name: str) -> str:
    return query.get(name, "").replace("\0", "")[:LONGEST_WORDS].strip()


def page_in(query: Mapping[str, str]) -> int:
    page = query.get("page", "")
    return min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 10 else 1


def address(path: str, held: Mapping[str, str], **changes: str | int) -> str:
    """The list with something else wanted of it, from its first page on."""
    wanted = {name: value for name, value in {**held, **changes}.items() if value not in ("", 1)}
    return f"{path}?{urlencode(wanted)}" if wanted else path
