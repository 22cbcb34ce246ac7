"""compact-bot learn: everything that is learned from data is learned at set-up, so that nobody waits for it later."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from compact_bot.assemble import KEPT_ACTS, KEPT_CLAUSES
from knowledge import meanings, search
from knowledge.learning import is_kept
from knowledge.phrasebook import Phrasebook, read_phrasebook
from knowledge.reader import find_folder, read_agreement

Examples = Sequence[tuple[str, str]]


def learn(agreement_folder: str) -> int:
    """Learn what is not known yet and say so, a line for each; 2 where it could not be kept.

    Raises AgreementError for an agreement that cannot be read.
    """
    folder = find_folder(agreement_folder)
    agreement = read_agreement(folder)
    phrasebook, _ = read_phrasebook(folder, agreement)
    clauses = search.examples(agreement, phrasebook) if phrasebook.phrasings else ()
    steps: list[tuple[str, Examples, Path, Callable[[], object]]] = [
        (f"The phrasebook of the {agreement.about.title}", clauses, KEPT_CLAUSES, lambda: _search(folder)),
        ("How people say what they want done", meanings.examples(phrasebook), KEPT_ACTS, lambda: _acts(phrasebook)),
    ]
    kept = [_learn(number, len(steps), *step) for number, step in enumerate(steps, 1)]
    if not all(kept):
        print(f"compact-bot: cannot keep what was learned in {KEPT_CLAUSES.parent}; is it writable?", file=sys.stderr)
    return 0 if all(kept) else 2


def _search(folder: Path) -> object:
    return search.open_search(folder, KEPT_CLAUSES)


def _acts(phrasebook: Phrasebook) -> object:
    return meanings.open_meanings(phrasebook, KEPT_ACTS)


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
