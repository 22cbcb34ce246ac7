"""compact-bot learn: everything that is learned from data is learned at set-up, so that nobody waits for it later."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from compact_bot.assemble import ACTS_LEARNED, CLAUSES_LEARNED
from compact_bot.place import home_of
from compact_bot.settings import Settings
from knowledge import meanings, search
from knowledge.learning import is_kept
from knowledge.phrasebook import read_phrasebook
from knowledge.reader import find_folder, read_agreement

Examples = Sequence[tuple[str, str]]


def learn(settings: Settings) -> int:
    """Learn what is not known yet and say so, a line for each; 2 where it could not be kept.

    Raises AgreementError for an agreement that cannot be read.
    """
    folder, home = find_folder(settings["COMPACT_AGREEMENT"]), home_of(settings)
    kept_clauses, kept_acts = home / CLAUSES_LEARNED, home / ACTS_LEARNED
    agreement = read_agreement(folder)
    phrasebook, _ = read_phrasebook(folder, agreement)
    clauses = search.examples(agreement, phrasebook) if phrasebook.phrasings else ()
    acts = meanings.examples(phrasebook)
    steps: list[tuple[str, Examples, Path, Callable[[], object]]] = [
        (
            f"The phrasebook of the {agreement.about.title}",
            clauses,
            kept_clauses,
            lambda: search.open_search(folder, kept_clauses),
        ),
        ("How people say what they want done", acts, kept_acts, lambda: meanings.open_meanings(phrasebook, kept_acts)),
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
