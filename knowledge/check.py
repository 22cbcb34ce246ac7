"""python -m knowledge.check [FOLDER]: what is wrong in an agreement's folder, each with its file and line."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from knowledge.agreement import Agreement, AgreementError, Clause, number_key
from knowledge.phrasebook import read_phrasebook
from knowledge.reader import find_folder, read_document
from knowledge.rules import read_rules


def problems_in(folder: Path) -> list[str]:
    """One line for each problem; an empty list when the folder is fit to serve.

    Raises AgreementError when the document cannot be read at all.
    """
    agreement, problems = read_document(folder)
    _, wrong_in_phrasebook = read_phrasebook(folder, agreement)
    _, wrong_in_rules = read_rules(folder, agreement)
    return [
        *problems,
        *gaps(agreement),
        *empty_clauses(agreement),
        *references_nowhere(agreement, folder),
        *wrong_in_phrasebook,
        *wrong_in_rules,
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
            if len(number_key(before.number)) == len(number_key(after.number)) and second != first + 1:
                if second > first + 1:
                    yield f"{after.place}: clause {after.number} follows {before.number}; is something missing between?"
                else:
                    yield f"{after.place}: clause {after.number} comes after {before.number}, out of order"


def empty_clauses(agreement: Agreement) -> Iterator[str]:
    for clause in agreement.clauses.values():
        if not clause.text and not agreement.children(clause.number):
            yield f"{clause.place}: clause {clause.number} has no words and nothing under it"


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
        parts = len(read_document(folder)[0].parts)
    except AgreementError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(problems) or f"{folder.name}: {parts} parts, nothing wrong.")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
