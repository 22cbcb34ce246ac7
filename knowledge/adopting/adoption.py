"""One agreement being taken in: its lines, what was read from them, and the folder that it becomes."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from knowledge.adopting.clauses import assemble
from knowledge.adopting.converting import convert
from knowledge.adopting.drafting import Draft, drafts_from
from knowledge.adopting.drafting import written as rules_written
from knowledge.adopting.errors import AdoptError
from knowledge.adopting.furniture import without_furniture
from knowledge.adopting.lines import Line
from knowledge.adopting.mending import FILE as MENDED_FILE
from knowledge.adopting.mending import Mend, mended, subjects_said
from knowledge.adopting.mending import written as mends_written
from knowledge.adopting.parts import Aside, Part, Read
from knowledge.adopting.sides import family, legible
from knowledge.adopting.units import read_units
from knowledge.agreement import About
from knowledge.laying import FILE as SUBJECTS_FILE
from knowledge.laying import SAID_ALONE, laid_text, lay
from knowledge.learning import Model
from knowledge.marked import as_words, is_marked, no_clause, note, read_marked

_EVERYDAY = {
    "voluntary": (
        "voluntary sector", "voluntary and community sector", "third sector", "VCOs", "VCO", "VCS", "VCSE", "charities",
        "charity", "voluntary groups", "voluntary organisations", "community groups", "community organisations", "CVS",
    ),
    "parish": ("parish councils", "parish council", "parishes", "parish", "town councils", "local councils", "clerks"),
    "council": ("council", "the council", "local authority", "officers", "town hall", "councillors"),
    "public": ("public bodies", "public body", "statutory partners", "authorities", "funders"),
}  # fmt: skip
_KINDS = ("compact", "charter", "covenant", "concordat", "protocol", "accord")


@dataclass(frozen=True)
class Adoption:
    """What was read from one agreement's files."""

    lines: list[Line]
    read: Read
    drafts: list[Draft]
    mends: tuple[Mend, ...] = ()

    def laid(self, model: Model | None) -> dict[str, dict[str, float]]:
        """The subjects of each clause with words, those that an officer said before those that the model finds."""
        if model is None:
            return {}
        agreement, _ = read_marked(agreement_text(self.read), Path(), About(self.read.title, ""))
        said = subjects_said(self.lines, self.mends)
        told = {
            part.number: dict.fromkeys(said[line.number], SAID_ALONE)
            for part in self.read.parts
            for unit in part.units
            for line in unit.lines
            if line.number in said
        }
        return lay(agreement, model) | told

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.aside]


def adopt(
    files: Sequence[Path], mends: Sequence[Mend] = (), progress: Callable[[str], None] = lambda _: None
) -> Adoption:
    """Read an agreement's files. Raises AdoptError with one line that says what to do."""
    adoption = read_lines(convert(files, progress), mends)
    if not adoption.read.parts:
        raise AdoptError(f"{files[0]}: no sentence was found in it; is it the right file?")
    return adoption


def read_lines(lines: Sequence[Line], mends: Sequence[Mend] = ()) -> Adoption:
    marked, kinds, bound = mended(without_furniture(lines), mends)
    units = read_units(marked, kinds)
    for unit in units:
        unit.binds = next((bound[line.number] for line in unit.lines if line.number in bound), None)
    read = assemble(units)
    return Adoption(marked, read, drafts_from(read.parts), tuple(mends))


def files_of(
    adoption: Adoption,
    accepted: frozenset[int] = frozenset(),
    laid: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
) -> dict[str, str]:
    """What the folder holds, by file name."""
    files = {
        "source.txt": source_text(adoption.lines),
        "agreement.md": agreement_text(adoption.read),
        "about.toml": about_text(adoption.read),
        "rules.toml": rules_written(adoption.drafts, accepted),
        "left-out.md": left_out_text(adoption),
    }
    if laid:
        files[SUBJECTS_FILE] = laid_text(laid)
    if adoption.mends:
        files[MENDED_FILE] = mends_written(adoption.mends)
    return files


def source_text(lines: Sequence[Line]) -> str:
    """The source's words, line by line, with each line at its number."""
    said: list[str] = []
    for line in lines:
        said += [""] * (line.number - len(said) - 1) + [line.text]
    return "\n".join(said) + "\n"


def agreement_text(read: Read) -> str:
    said = [f"# {read.title}" if not read.entries else ""]
    for entry in read.entries:
        said += _part_lines(entry) if isinstance(entry, Part) else _aside_lines(entry)
    return "\n".join(said).strip() + "\n"


def _part_lines(part: Part) -> list[str]:
    known = {
        "printed": part.printed,
        "under": "" if part.title else part.heading,
        "in": part.parent,
        "binds": part.side,
    }
    lines = [note(part.number, known)]
    if part.title and part.printed:
        lines.append(f"{'#' * min(part.depth + 1, 6)} {part.printed} {part.title}")
    elif part.title:
        lines.append(f"{'#' * min(max(part.depth, 2), 6)} {part.title}")
    else:
        lines += [] if part.text else [as_words(part.printed)]
    if part.text:
        lead = f"{part.printed} " if part.printed and not part.title else ""
        lines += map(as_words, (lead + part.text).split("\n"))
    return [*lines, ""]


def _aside_lines(aside: Aside) -> list[str]:
    words = aside.unit.text.replace("\n", " ")
    titled = aside.level and aside.kind != "title page"
    return [no_clause(aside.kind), f"{'#' * aside.level} {words}" if titled else as_words(words), ""]


def about_text(read: Read) -> str:
    title = legible(re.sub(r"^the\s+", "", read.title, flags=re.IGNORECASE))
    short = next((kind for kind in _KINDS if kind in title.casefold()), "agreement").capitalize()
    lines = ["# Drafted by compact-bot adopt. The words of each side are how people call it; add yours.", ""]
    lines += [f"title = {_quoted(title)}", f"source = {_quoted(title)}", f'short = "{short}"']
    if status := next(
        (
            p.number
            for p in read.parts
            if re.search(r"\blegally binding\b|\blegal(?:ly)? (?:contract|status|force)", p.text)
        ),
        "",
    ):
        lines.append(f"status = {_quoted(status)}    # quoted when someone asks whether it is binding")
    for side in read.sides.all():
        forms = dict.fromkeys([side, *read.sides.printed_as(side), *_EVERYDAY.get(family(side), ())])
        others = {
            form.casefold()
            for other in read.sides.all()
            if other != side
            for form in (other, *read.sides.printed_as(other))
        }
        words = ", ".join(_quoted(form) for form in forms if form.casefold() not in others)
        lines += ["", "[[party]]", f"name = {_quoted(side)}", f"words = [{words}]"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip(), ensure_ascii=False)


def left_out_text(adoption: Adoption) -> str:
    """Every line of the source that stands in no clause, with the reason."""
    rows = [(line.number, line.aside, line.text) for line in adoption.left_out]
    rows += [
        (line.number, entry.kind, line.text)
        for entry in adoption.read.entries
        if isinstance(entry, Aside)
        for line in entry.unit.lines
    ]
    lines = ["# Lines of source.txt that stand in no clause", ""]
    lines += [f"- line {number}, {reason}: {text}" for number, reason, text in sorted(rows)]
    return "\n".join(lines) + "\n"


def write(folder: Path, files: dict[str, str]) -> None:
    """Write a folder whole, or leave everything as it was. What an officer wrote in it before is kept.

    Raises AdoptError where the folder holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise AdoptError(f"{folder}: a file, not a folder; give another name after --into")
    try:
        if folder.exists() and any(folder.iterdir()):
            _renew(folder, files)
        else:
            _make(folder, files)
    except OSError as error:
        raise AdoptError(f"{folder}: cannot be written ({error.strerror}); nothing was saved") from error


def _make(folder: Path, files: dict[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".adopting-", dir=folder.parent))
    try:
        for name, text in files.items():
            (made / name).write_text(text, encoding="utf-8", newline="\n")
        made.chmod(0o755)
        made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _renew(folder: Path, files: dict[str, str]) -> None:
    agreement = folder / "agreement.md"
    if not agreement.exists() or not is_marked(agreement.read_text(encoding="utf-8", errors="replace")):
        raise AdoptError(f"{folder}: holds files that adopt did not make; give the name of a new folder after --into")
    kept = {name for name in ("about.toml", "rules.toml") if (folder / name).exists()}
    changed = {name: text for name, text in files.items() if name not in kept}
    made = Path(tempfile.mkdtemp(prefix=".adopting-", dir=folder))
    try:
        for name, text in changed.items():
            (made / name).write_text(text, encoding="utf-8", newline="\n")
        for name in changed:
            (made / name).replace(folder / name)
    finally:
        shutil.rmtree(made, ignore_errors=True)
