"""python -m knowledge.check [FOLDER]: what is wrong in an agreement's folder, each with its file and line."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from knowledge.agreement import Agreement, AgreementError, Clause, number_key
from knowledge.laying import open_laid, read_subjects
from knowledge.phrasebook import Phrasebook, read_phrasebook
from knowledge.reader import document_of, find_folder, read_document
from knowledge.rules import read_rules

# A document with more lines than this for each clause was hardly read.
FEWEST_OF = 40


def problems_in(folder: Path) -> list[str]:
    """One line for each problem; an empty list when the folder is fit to serve.

    Raises AgreementError when the document cannot be read at all.
    """
    if unreadable := list(not_text(folder)):
        return unreadable
    agreement, problems = read_document(folder)
    book, wrong_in_phrasebook = read_phrasebook(folder, agreement)
    _, wrong_in_rules = read_rules(folder, agreement)
    return [
        *problems,
        *gaps(agreement),
        *empty_clauses(agreement),
        *lines_in_no_clause(agreement, document_of(folder)),
        *sides_without_clauses(agreement, folder),
        *references_nowhere(agreement, folder),
        *wrong_in_phrasebook,
        *ignored_in_phrasebook(folder),
        *never_silent(book, folder),
        *wrong_in_rules,
        *wrong_in_subjects(agreement, folder),
    ]


def gaps(agreement: Agreement) -> Iterator[str]:
    """Numbers that a sequence skips: 3.1.1, 3.1.3. A first number other than 1 is left be: extracts begin anywhere."""
    siblings: defaultdict[str, list[Clause]] = defaultdict(list)
    for clause in agreement.clauses.values():
        if clause.is_numbered:
            siblings[clause.parent].append(clause)
    for clauses in siblings.values():
        for before, after in pairwise(clauses):
            first, second = number_key(before.number)[-1][1], number_key(after.number)[-1][1]
            if before.number.rstrip("0123456789.") != after.number.rstrip("0123456789."):  # C1 after P2
                continue
            if len(number_key(before.number)) == len(number_key(after.number)) and second != first + 1:
                if second > first + 1:
                    yield f"{after.place}: clause {after.number} follows {before.number}; is something missing between?"
                else:
                    yield f"{after.place}: clause {after.number} comes after {before.number}, out of order"


def empty_clauses(agreement: Agreement) -> Iterator[str]:
    for clause in agreement.clauses.values():
        if not clause.text and not agreement.children(clause.number):
            yield f"{clause.place}: clause {clause.number} has no words and nothing under it"
        elif not clause.text and not clause.title:
            yield f"{clause.place}: clause {clause.number} has no title and no words, only clauses under it"


def not_text(folder: Path) -> Iterator[str]:
    for file in sorted(f for f in folder.rglob("*") if f.suffix in (".md", ".txt", ".toml")):
        if file.is_dir():
            yield f"{file}: a folder; a file of this name is expected"
            continue
        try:
            file.read_text(encoding="utf-8-sig")
        except OSError as error:
            yield f"{file}: cannot be read ({error.strerror})"
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            yield f"{file}:{line}: not text in UTF-8; save it as UTF-8"


def lines_in_no_clause(agreement: Agreement, file: Path) -> Iterator[str]:
    """Words below the first clause that no clause holds, and a document of which hardly anything was read."""
    if not agreement.clauses:
        return
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    held = " ".join(_bare(f"{c.number} {c.title} {c.text}") for c in agreement.clauses.values())
    named = {_bare(block.text) for block in agreement.blocks if block.kind == "heading"}
    start = min(clause.place.line for clause in agreement.clauses.values())
    known_to_be_none = False
    for number, line in enumerate(lines, start=1):
        if line.startswith("<!--"):
            known_to_be_none = line.startswith("<!-- no clause")
            continue
        words = _bare(re.sub(r"<!--.*?-->", "", line))
        if number > start and words and not known_to_be_none and words not in named and not _is_held(words, held):
            yield f"{file}:{number}: stands in no clause: {line.strip()[:80]}"
    printed = sum(bool(line.strip()) for line in lines)
    if len(agreement.parts) * FEWEST_OF < printed:
        yield (
            f"{file}:1: only {len(agreement.parts)} clauses were read from {printed} lines; "
            f"to see what they are, try: compact-bot adopt {file}"
        )


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _is_held(words: str, held: str) -> bool:
    """Whether a line stands in a clause, be it without the number that it begins with."""
    steps = words.split()
    return any(" ".join(steps[n:]) in held for n in range(min(len(steps), 6)))


def sides_without_clauses(agreement: Agreement, folder: Path) -> Iterator[str]:
    file = folder / "about.toml"
    text = file.read_text(encoding="utf-8-sig") if agreement.about.parties else ""
    for party in agreement.about.parties:
        if not agreement.bound(party.name):
            line = next((n for n, said in enumerate(text.splitlines(), 1) if party.name in said), 1)
            yield f"{file}:{line}: no clause binds {party.name}"


def ignored_in_phrasebook(folder: Path) -> Iterator[str]:
    """Lines that are neither a heading with a clause, nor one phrasing, nor a field that is read."""
    for kind in ("phrasebook", "silences"):
        for file in sorted((folder / kind).glob("*.md")):
            heading = False
            for number, raw in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1):
                line = raw.strip()
                heading = heading or line.startswith("## ")
                read = line.startswith(("## ", "<!--")) or (heading and line.startswith("- ") and line[2:].strip())
                field = heading and kind == "silences" and line.startswith(("Nearby: ", "Missing: ", "Ask: "))
                if line and not read and not field and not (number == 1 and line.startswith("# ")):
                    yield f"{file}:{number}: ignored, for it is no “- phrasing” below a “## number”: {line[:60]}"


def never_silent(book: Phrasebook, folder: Path) -> Iterator[str]:
    if book.phrasings and not any(silence.questions for silence in book.silences):
        yield (
            f"{folder / 'phrasebook'}:1: phrasings without any silences/*.md: no question would ever be told that the "
            "agreement does not say; list some that it does not answer"
        )


def wrong_in_subjects(agreement: Agreement, folder: Path) -> Iterator[str]:
    """Clauses of subjects.toml that do not exist, and subjects that nobody knows."""
    laid, wrong = open_laid(folder)
    yield from wrong
    file = folder / "subjects.toml"
    named = {name for shares in laid.clauses.values() for name in shares} | set(laid.silences.values())
    for number in laid.clauses:
        if not agreement.clause(number):
            yield f"{file}:1: lays clause {number} to a subject, which does not exist"
    for name in sorted(named - read_subjects().keys()):
        yield f"{file}:1: {name} is no subject; they stand in knowledge/subjects/"


def references_nowhere(agreement: Agreement, folder: Path) -> Iterator[str]:
    """Clauses named in the text ("see clause 9.9") or in about.toml that do not exist."""
    for clause in agreement.parts:
        for number in re.findall(r"\b(?:clause|paragraph|section)\s+(\d+(?:\.\d+)+)", clause.text, re.IGNORECASE):
            if not agreement.clause(number):
                yield f"{clause.place}: clause {clause.number} refers to {number}, which does not exist"
    named = [*agreement.about.remarks, *filter(None, [agreement.about.status])]
    for number in named:
        if not agreement.clause(number):
            yield f"{folder / 'about.toml'}:1: names clause {number}, which does not exist"


def main(arguments: Sequence[str] = ()) -> int:
    """Print the problems. Returns 0 when there are none, 1 when there are some, 2 when there is nothing to check."""
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        print("Usage: python -m knowledge.check [FOLDER]    (without one: the Sutton Compact)", file=sys.stderr)
        return 2
    try:
        folder = find_folder(arguments[0] if arguments else "sutton")
        problems = problems_in(folder)
        parts = 0 if problems else len(read_document(folder)[0].parts)
    except (AgreementError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(problems) or f"{folder.name}: {parts} parts, nothing wrong.")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
