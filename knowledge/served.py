"""The agreements that one deployment serves, each with the editions that it replaces.

A renewed agreement is a folder of its own: its about.toml names the folder that it `replaces`, and its `edition`. What
was made under the earlier one keeps it; questions are asked of the new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.agreement import Agreement, AgreementError
from knowledge.laying import lending
from knowledge.phrasebook import Phrasebook, read_phrasebook
from knowledge.reader import find_folder, read_agreement
from knowledge.rules import Rules, open_rules
from knowledge.search import Search, open_search


@dataclass(frozen=True)
class Served:
    """One agreement as it is asked and reckoned with."""

    search: Search
    rules: Rules

    @property
    def name(self) -> str:
        return self.search.agreement.name


def folders_named(setting: str) -> list[Path]:
    """The folders of a setting such as "sutton, /srv/walsall". Raises AgreementError for one that is not there."""
    return [find_folder(name.strip()) for name in setting.split(",") if name.strip()] or [find_folder(setting)]


def open_served(folders: Sequence[Path], kept_in: Path) -> tuple[Served, ...]:
    """Each agreement with its search and rules. Raises AgreementError for what cannot be served."""
    texts: dict[str, Agreement] = {}
    reckoned: dict[str, Rules] = {}
    serving: dict[str, Agreement] = {}
    for folder in folders:
        if folder.name in texts:
            raise AgreementError(f"{folder}: another agreement here has a folder called {folder.name}; rename one")
        _take_in(folder, texts, reckoned, serving)
    serving |= {folder.name: texts[folder.name] for folder in folders}
    for folder in folders:
        serving |= {name: texts[folder.name] for name in texts[folder.name].chain if name and name not in serving}
    served = [Served(open_search(folder, kept_in), reckoned[folder.name]) for folder in folders]
    for one, folder in zip(served, folders, strict=True):
        one.search.agreement = texts[folder.name]
    return tuple(served)


def _take_in(
    folder: Path, texts: dict[str, Agreement], reckoned: dict[str, Rules], serving: dict[str, Agreement]
) -> None:
    """The text and rules of a folder and of every edition that it replaces."""
    agreement = read_agreement(folder)
    texts[folder.name] = replace(agreement, name=folder.name, editions=texts, serving=serving)
    reckoned[folder.name] = replace(open_rules(folder, agreement), name=folder.name, editions=reckoned)
    if not (earlier := agreement.about.replaces):
        return
    beside = folder.parent / earlier
    before = beside if beside.is_dir() else Path(earlier)
    if not before.is_dir():
        raise AgreementError(f"{folder / 'about.toml'}:1: replaces {earlier}, but there is no such folder beside it")
    if before.name not in texts:
        _take_in(before, texts, reckoned, serving)


def fullest(phrasebooks: Sequence[Phrasebook]) -> Phrasebook:
    """What is asked of agreements, beside which acts are told apart: the fullest of these, or else one that is lent."""
    best = max(phrasebooks, key=lambda book: len(book.phrasings))
    if best.phrasings or not (lent := lending()):
        return best
    return read_phrasebook(lent[0], read_agreement(lent[0]))[0]
