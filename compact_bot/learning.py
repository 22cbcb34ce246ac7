"""compact-bot learn: everything that is learned from data is learned at set-up, so that nobody waits for it later."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from compact_bot.assemble import ACTS_LEARNED, CLAUSES_LEARNED
from compact_bot.place import home_of
from compact_bot.settings import Settings
from knowledge import laying, meanings, search
from knowledge.learning import is_kept
from knowledge.phrasebook import read_phrasebook
from knowledge.reader import read_agreement
from knowledge.served import folders_named, fullest

Examples = Sequence[tuple[str, str]]


def learn(settings: Settings) -> int:
    """Learn what is not known yet and say so, a line for each; 2 where it could not be kept.

    Raises AgreementError for an agreement that cannot be read.
    """
    folders, home = folders_named(settings["COMPACT_AGREEMENT"]), home_of(settings)
    kept_clauses, kept_acts = home / CLAUSES_LEARNED, home / ACTS_LEARNED
    agreements = [(folder, read_agreement(folder)) for folder in folders]
    books = [read_phrasebook(folder, agreement)[0] for folder, agreement in agreements]
    book = fullest(books)
    steps: list[tuple[str, Examples, Path, Callable[[], object]]] = [
        (
            f"The phrasebook of the {agreement.about.title}",
            search.examples(agreement, own) if search.is_enough(own, agreement) else (),
            kept_clauses,
            partial(search.open_search, folder, kept_clauses),
        )
        for (folder, agreement), own in zip(agreements, books, strict=True)
    ]
    subjects = laying.examples(agreements=laying.lending())
    steps += [
        ("Subjects that agreements share", subjects, kept_clauses, partial(laying.open_subjects, kept_clauses)),
        (
            "How people say what they want done",
            meanings.examples(book),
            kept_acts,
            partial(meanings.open_meanings, book, kept_acts),
        ),
    ]
    kept = [_learn(number, len(steps), *step) for number, step in enumerate(steps, 1)]
    if not all(kept):
        print(f"compact-bot: cannot keep what was learned in {home}; is it writable?", file=sys.stderr)
    return 0 if all(kept) else 2


def _learn(number: int, of: int, what: str, examples: Examples, kept_in: Path, opens: Callable[[], object]) -> bool:
    """One model; whether it is on disk now."""
    if not examples:
        print(f"{number} of {of}. {what}: there is none, so nothing is learned.", flush=True)
        return True
    if is_kept(examples, kept_in):
        print(f"{number} of {of}. {what}: known already, from {len(examples):,} lines.", flush=True)
        return True
    print(f"{number} of {of}. {what}: {len(examples):,} lines to learn from.", flush=True)
    opens()
    return is_kept(examples, kept_in)
