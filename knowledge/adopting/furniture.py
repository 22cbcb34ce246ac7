"""What a page carries besides the agreement: page numbers, running heads, contents lists, signatures."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from knowledge.adopting.labels import labels_of
from knowledge.adopting.lines import BULLET, Line, bare, has_ended, starts_low

PAGE, HEAD, CONTENTS, SIGNED, STAMP, RULE = (
    "page number",
    "running head or foot",
    "contents list",
    "signatures",
    "stamp of a website or a meeting",
    "line drawn",
)

_PAGE = re.compile(
    r"(?:(?:tudalen|duilleag)\s*\d{1,4}(?:\s*(?:o|de|/)\s*\d{1,4})?\s*[-–—|/]?\s*)?"
    r"(?:[-–—|\[(\s]*(?:page|tudalen|duilleag)\s*:?\s*\d{1,4}(?:\s*(?:of|o|de|/)\s*\d{1,4})?[-–—|\])\s]*|[-–—|•·]\s*\d{1,4}\s*[-–—|•·]"
    r"|\d{1,4}\s*(?:of|/)\s*\d{1,4}"
    r"|[A-Z][^.;:]{0,80}\s(?:page|tudalen)\s\d{1,4}\s(?:of|o)\s\d{1,4}"
    r"|page\s\d{1,4}\sof\s\d{1,4}\s[^.;:]{0,80}"
    r"|.{0,60}\s[|–-]\s*page\s*\d{1,4}(?:\s*of\s*\d{1,4})?|\d{1,4}\s*\|\s*page)$",
    re.IGNORECASE,
)
_LONE = re.compile(r"\d{1,4}$")
_AT = r"\s*(?:p(?:age|\.)?\s?)?"  # "... p3"
_LEADERS = re.compile(
    rf"(?:\.\s?){{4,}}{_AT}\d{{0,4}}$|(?:…\s?){{2,}}{_AT}\d{{1,4}}$|_{{4,}}{_AT}\d{{1,4}}$|\t+\d{{1,4}}$"
)
_CONTENTS = re.compile(r"(?:table of\s+)?contents(?:\s+page)?\s*:?(?P<first>\s+\S.*)?$", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?:signed,?(?:\s+(?:on|by|for|this|and dated)\b.*)?|signatures?|signatories"
    r"|(?:list of )?signator(?:y|ies) (?:to|of) .*"
    r"|this (?:compact|charter|covenant|agreement) (?:is|was|has been) signed\b.*"
    r"|we,? the undersigned\b.*|in witness whereof\b.*"
    r"|(?:agreed|dated|made|adopted) this \d.*)\s*:?$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+ (?:19|20)\d\d$")  # "Leader of the Council, 3 May 2024"
_AGREED = re.compile(r"(?:agreed|adopted|approved|ratified|signed|dated)\b", re.IGNORECASE)
_STAMP = re.compile(
    r"(?:agenda item\b.{0,40}|published (?:by|on|:)\s.{0,60}|last updated\b.{0,40}|updated:?\s.{0,40}|skip to .*content"
    r"|share this page|print this page|cookies?(?: policy)?|back to (?:top|contents)|home\s*[>/»].*"
    r"|was this page (?:useful|helpful)\??(?:\s+yes\b.*)?"
    r"|(?:(?:printed|designed|produced|typeset|translated)(?: and \w+)? (?:by|on)|isbn)\b.{0,80}"
    r"|(?:copyright\b|©).{0,80}|https?://\S+)$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?P<name>\S+\s.{3,60}?)(?P<gap>(?:\s[|–-])?\s+)(?P<page>\d{1,4})$")
_OF_DOCUMENT = re.compile(
    r"\b(?:compact|charter|covenant|concordat|code of \w+|protocol|accord|(?:19|20)\d\d)\b", re.IGNORECASE
)
_RULE = re.compile(r"[^\w£$€%“”\"'()]{3,}$")
_PAGE_AT_END = re.compile(rf"(?:[\s.…_\t]+){_AT}\d{{1,4}}$", re.IGNORECASE)


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each that is no part of the agreement with the reason why."""
    marked = [line if line.aside else line.left_out(_plain_reason(line)) for line in lines]
    marked = _running_heads(marked)
    marked = _lone_page_numbers(marked)
    marked = _contents(_listed_twice(marked))
    return _signatures(marked)


def _plain_reason(line: Line) -> str:
    text = line.text.strip()
    if _PAGE.match(text):
        return PAGE
    if text[:1].isupper() and _STAMP.match(text) and not line.heading and not has_ended(text.rstrip("?")):
        return STAMP
    return RULE if _RULE.match(text) else ""


def _running_heads(lines: list[Line]) -> list[Line]:
    """Lines that stand at the top or foot of page after page; without pages, those beside page numbers."""
    heads = _at_page_edges(lines) | _with_page_numbers(lines)
    beside = _beside_page_numbers(lines)
    return [
        line.left_out(HEAD)
        if not line.aside and (line.number in heads or _shape(line.text) in beside) and not _is_lead_in(line.text)
        else line
        for line in lines
    ]


def _at_page_edges(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines that come again at the edge of many pages, and hardly elsewhere."""
    pages: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.page:
            pages[line.page].append(line)
    edges = [
        line for stood in pages.values() for line in dict.fromkeys((*stood[:2], *stood[-2:])) if _may_be_head(line)
    ]
    at_edge, anywhere = Counter(_shape(line.text) for line in edges), Counter(_shape(line.text) for line in lines)
    often = {s for s, n in at_edge.items() if n >= 3 and n >= 0.4 * len(pages) and n >= 0.7 * anywhere[s]}
    return {line.number for line in edges if _shape(line.text) in often}


def _with_page_numbers(lines: Sequence[Line]) -> set[int]:
    """The numbers of lines that name the document and then count pages: "Wyrevale Charter 2019      2"."""
    counted: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for line in lines:
        found = _COUNTED.match(line.text.strip())
        if found and (_OF_DOCUMENT.search(found["name"]) or len(found["gap"]) > 2):
            counted[bare(found["name"])].append((int(found["page"]), line.number))
    rising = [stood for stood in counted.values() if len(stood) > 1 and sorted(set(stood)) == stood]
    return {number for stood in rising for _, number in stood}


def _may_be_head(line: Line) -> bool:
    """Whether a line could be a running head; one that begins small goes on from a sentence."""
    small = starts_low(line.text) and not re.match(r"www\.|https?:", line.text)
    return len(line.text) < 90 and not labels_of(line.text) and not has_ended(line.text) and not small


def _beside_page_numbers(lines: Sequence[Line]) -> set[str]:
    """What stands beside page numbers again and again, or names a website again and again."""
    beside = Counter(
        _shape(other.text)
        for index, line in enumerate(lines)
        if line.aside == PAGE or _LONE.match(line.text.strip())
        for other in _neighbours(lines, index)
        if not other.aside and _may_be_head(other)
    )
    sites = Counter(
        _shape(line.text) for line in lines if re.search(r"\bwww\.|https?:", line.text) and _may_be_head(line)
    )
    return {shape for shape, times in beside.items() if times >= 3} | {s for s, times in sites.items() if times >= 2}


def _is_lead_in(text: str) -> bool:
    return text.rstrip().endswith(":") or bool(BULLET.match(text))


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", bare(text))


def _neighbours(lines: Sequence[Line], index: int) -> Iterable[Line]:
    for step in (-1, 1):
        other = index + step
        if 0 <= other < len(lines):
            yield lines[other]


def _lone_page_numbers(lines: list[Line]) -> list[Line]:
    """Bare numbers that count pages: they rise, text goes on across them, and they number no clause."""
    lone = [i for i, line in enumerate(lines) if not line.aside and _LONE.match(line.text.strip())]
    counting = _number_nothing(lines, lone)
    for i in lone:
        line = lines[i]
        before = next((lines[j] for j in range(i - 1, -1, -1) if not lines[j].aside), None)
        after = next((lines[j] for j in range(i + 1, len(lines)) if not lines[j].aside), None)
        number = int(line.text)
        on_edge = bool(line.page) and (
            after is None or after.page != line.page or before is None or before.page != line.page
        )
        beside_head = any(other.aside == HEAD for other in _neighbours(lines, i))
        if (on_edge and abs(number - line.page) <= 10) or after is None or beside_head or counting:
            lines[i] = line.left_out(PAGE)
    return lines


def _number_nothing(lines: Sequence[Line], lone: Sequence[int]) -> bool:
    """Whether the bare numbers of a document rise like pages while its clauses count by numbers of their own."""
    numbers = [int(lines[i].text) for i in lone]
    if len(lone) < 2 or any(b != a + 1 for a, b in pairwise(numbers)):
        return False
    labels = [label for line in lines if not line.aside for label in labels_of(line.text) if label.rest]
    apart = all(lines[i].blank_before and (i + 1 == len(lines) or lines[i + 1].blank_before) for i in lone)
    counted = {label.steps for label in labels if label.style.startswith("number")}
    return apart and (1,) in counted and not any((number, step) in counted for number in numbers for step in (0, 1))


def _listed_twice(lines: list[Line]) -> list[Line]:
    """A contents list without that word: lines one below another that name what comes again in the same order."""
    shown = [i for i, line in enumerate(lines) if not line.aside]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i in shown:
        for name in {bare(lines[i].text), *(bare(label.rest) for label in labels_of(lines[i].text))} - {""}:
            places[name].append(i)
    for start in range(len(shown)):
        listed, first, last = list[int](), 0, -1
        for i in shown[start:]:
            later = [place for name in _names(lines[i]) for place in places[name] if place > max(i, last)]
            if not later or (first and i >= first) or (has_ended(lines[i].text) and not lines[i].text.endswith("?")):
                break
            last = min(later)
            first = first or last
            listed.append(i)
        over = lines[shown[start - 1]] if start else None
        if len(listed) < FEWEST_LISTED or listed[-1] >= first or (over and over.text.rstrip().endswith(":")):
            continue
        if over and len(over.text.split()) <= 6 and _CONTENTS_HEAD.search(over.text):
            listed.append(shown[start - 1])
        return [line.left_out(CONTENTS) if i in listed else line for i, line in enumerate(lines)]
    return lines


FEWEST_LISTED = 3
_CONTENTS_HEAD = re.compile(
    r"\b(?:contents|index|cynnwys|clàr-innse|[io]n this|inside|what(?:'|’)s in)\b", re.IGNORECASE
)
_LINKED = re.compile(r"\s*\(#[^)]*\)$")


def _names(line: Line) -> set[str]:
    """What an entry of a contents list names, without its number, bullet and page."""
    text = _LINKED.sub("", BULLET.sub("", line.text.strip(), count=1))
    text = _PAGE_AT_END.sub("", text)
    return {bare(text), *(bare(label.rest) for label in labels_of(text))} - {""}


def _contents(lines: list[Line]) -> list[Line]:
    said_later = Counter(bare(line.text) for line in lines if not line.aside)
    inside, listed = False, set[str]()
    for i, line in enumerate(lines):
        if line.aside:
            continue
        text = line.text.strip()
        if found := _CONTENTS.match(text):
            inside = not found["first"] or bool(_LEADERS.search(text))
            if inside:
                lines[i] = line.left_out(CONTENTS)
            continue
        if _LEADERS.search(text) and not _is_form(text):
            lines[i] = line.left_out(CONTENTS)
        elif inside:
            paged = bool(_PAGE_AT_END.search(text))
            entry = bare(_PAGE_AT_END.sub("", text))
            if not paged and entry in listed:  # what was listed begins
                inside = False
                continue
            listed.add(entry)
            inside = _is_entry(text, said_later, lines[i + 1 :])
            if inside:
                lines[i] = line.left_out(CONTENTS)
    return lines


def _is_form(text: str) -> bool:
    """A line to be filled in or signed has dots but no page: "Wallsea Council ………"."""
    return not re.search(r"\d\s*$", text)


def _is_entry(text: str, said: Counter[str], later: Sequence[Line]) -> bool:
    """Whether a line below "Contents" names a heading that comes again, or a page."""
    entry = bare(_PAGE_AT_END.sub("", text))
    if not entry:
        return True
    if _PAGE_AT_END.search(text) and not has_ended(text):
        return True
    titles = {entry, *(bare(label.rest) for label in labels_of(_PAGE_AT_END.sub("", text)))} - {""}
    return said[bare(text)] > 1 or any(
        bare(line.text) in titles or any(bare(label.rest) in titles for label in labels_of(line.text)) for line in later
    )


def _signatures(lines: list[Line]) -> list[Line]:
    """From "Signed on behalf of" on, names and dotted lines, to the next heading that the file marks or prose."""
    inside = False
    for i, line in enumerate(lines):
        if line.aside:
            continue
        text = line.text.strip()
        if text[:1].isupper() and _SIGNED.match(text) and _is_followed_by_names(lines[i + 1 : i + 8]):
            inside = True
        elif inside and (line.heading or _is_prose(text)):
            inside = False
        dated = line.blank_before or _AGREED.match(text)
        last = i + 1 == len(lines) and dated and _DATED.search(text) and not has_ended(text)
        if inside or last or re.search(r"(?:…{3,}|\.{8,}|_{6,})", text):
            lines[i] = line.left_out(SIGNED)
    return lines


def _is_followed_by_names(lines: Sequence[Line]) -> bool:
    following = [line.text for line in lines if line.text.strip() and not line.aside]
    return not any(_is_prose(text) for text in following[:3])


def _is_prose(text: str) -> bool:
    words = text.split()
    names = sum(word[0].isupper() for word in words) > 0.5 * len(words)
    return (len(words) > 12 and not names) or (len(words) > 6 and has_ended(text)) or bool(_CONTACTS.match(text))


_CONTACTS = re.compile(r"(?:contacts?|contact (?:details|us)|appendix|annexe?|review)\b.{0,40}$", re.IGNORECASE)
