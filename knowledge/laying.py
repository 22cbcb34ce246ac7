"""Subjects that agreements of this family share, and which of them each clause is about.

`subjects/*.md` holds, under a heading `## name: Title`, how people ask about a subject, how agreements word it, and
what is asked near it that they do not settle. `subjects/silences/*.md` holds what is asked of councils and groups every
day and stands in none of them. An agreement's `subjects.toml` lays its clauses to subjects, each with a share, so that
what people say of one agreement serves the others.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.agreement import Agreement, Clause
from knowledge.learning import SILENT, Model, learned
from knowledge.phrasebook import read_labelled

SUBJECTS = Path(__file__).parent / "subjects"
FILE = "subjects.toml"
# How far the surest subject leads the others: a clause may be about several, a question is about one. Chosen on
# agreements held out: with 4 for both, one of twenty questions of the Compact fewer finds its clause.
SHARPNESS, SHARPNESS_ASKED = 4.0, 6.0
LEAST = 0.05  # a share below this is not worth naming
MOST = 4
SAID_ALONE = 0.4  # the share of a subject that an officer names without one
# Of what people say of a clause so many are lent: with more, the subjects of one agreement crowd out the others'.
LENT = 150


@dataclass(frozen=True)
class Subject:
    """One subject: what people ask about it, how agreements word it, and what stays unsettled near it."""

    name: str
    title: str
    asked: tuple[str, ...]
    worded: tuple[str, ...]
    unsettled: tuple[str, ...]


@dataclass(frozen=True)
class Laid:
    """What a subjects.toml says: for each clause its subjects with their shares; and subjects of listed silences."""

    clauses: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    silences: Mapping[str, str] = field(default_factory=dict)


@cache
def read_subjects(folder: Path = SUBJECTS) -> dict[str, Subject]:
    """The subjects by name, in the order of their files; empty where there are none."""
    return {s.name: s for file in sorted(folder.glob("*.md")) for s in _subjects_in(file)}


def _subjects_in(file: Path) -> Iterator[Subject]:
    sections = re.split(r"^## ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for section in sections:
        head, *parts = re.split(r"^### ", section, flags=re.MULTILINE)
        name, _, title = head.strip().partition(": ")
        lines = {part.split("\n", 1)[0].strip(): tuple(re.findall(r"^- (.+)$", part, re.MULTILINE)) for part in parts}
        yield Subject(
            name,
            title.splitlines()[0],
            lines.get("People ask", ()),
            lines.get("Agreements say", ()),
            lines.get("Not settled by it", ()),
        )


def open_laid(folder: Path) -> tuple[Laid, list[str]]:
    """What a folder's subjects.toml says, nothing where there is none; and a line for what is wrong in it."""
    try:
        return read_laid(folder), []
    except (OSError, ValueError) as error:
        return Laid(), [f"{folder / FILE}:1: cannot be read as subjects of clauses: {error}"]


def read_laid(folder: Path) -> Laid:
    """The same. Raises ValueError for what is wrong in it."""
    file = folder / FILE
    if not file.exists():
        return Laid()
    told = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    silences = told.pop("silences", {})
    if not isinstance(silences, dict) or not all(isinstance(name, str) for name in silences.values()):
        raise ValueError("[silences] gives each heading the name of one subject")
    return Laid({number: _shares(number, said) for number, said in told.items()}, silences)


def _shares(number: str, said: object) -> dict[str, float]:
    """["payment-time 0.6", "monitoring"] -> a share for each."""
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise ValueError(f'clause {number}: not a list of subjects such as ["payment-time 0.6"]')
    shares = {}
    for one in said:
        name, _, share = one.strip().partition(" ")
        try:
            shares[name] = float(share) if share else SAID_ALONE
        except ValueError as error:
            raise ValueError(f"clause {number}: {one!r} is no subject with a share") from error
    return shares


def laid_text(laid: Mapping[str, Mapping[str, float]]) -> str:
    """subjects.toml for clauses laid to subjects."""
    lines = ["# The subjects that each clause is about, with a share. To change one, say to compact-bot adopt:"]
    lines += ["# LINE about SUBJECT. What the subjects are stands in knowledge/subjects/.", ""]
    for number, shares in laid.items():
        named = ", ".join(f'"{name} {share:.2f}"' for name, share in shares.items())
        lines.append(f"{_key(number)} = [{named}]")
    return "\n".join(lines) + "\n"


def _key(number: str) -> str:
    return '"' + number.replace("\\", "\\\\").replace('"', '\\"') + '"'


def examples(subjects: Mapping[str, Subject] | None = None, agreements: Iterable[Path] = ()) -> list[tuple[str, str]]:
    """What the model of subjects learns from: our own lines, twice, and what other agreements' phrasebooks lend.

    Lent are the phrasings of clauses that are about one subject alone, and listed silences: those that are a subject of
    ours as its phrasings, and those about none as silences.
    """
    subjects = read_subjects() if subjects is None else subjects
    ours = [(s.name, line) for s in subjects.values() for line in (*s.asked, *s.worded)]
    ours += [(SILENT, line) for s in subjects.values() for line in s.unsettled]
    everyday = [(SILENT, line) for _, line in read_labelled(SUBJECTS / "silences")]
    return ours * 2 + everyday + [one for folder in agreements for one in _lent(folder, subjects)]


def lending() -> list[Path]:
    """The agreements here that lay their clauses to subjects and have a phrasebook to lend."""
    beside = Path(__file__).parent
    return sorted(file.parent for file in beside.glob(f"*/{FILE}") if (file.parent / "phrasebook").is_dir())


def _lent(folder: Path, subjects: Mapping[str, Subject]) -> list[tuple[str, str]]:
    laid = read_laid(folder)
    alone = {number: next(iter(shares)) for number, shares in laid.clauses.items() if len(shares) == 1}
    said: dict[str, list[str]] = {}
    for number, line in read_labelled(folder / "phrasebook"):
        if alone.get(number) in subjects:
            said.setdefault(alone[number], []).append(line)
    silent = []
    for heading, line in read_labelled(folder / "silences"):
        if laid.silences.get(heading) in subjects:
            said.setdefault(laid.silences[heading], []).append(line)
        elif heading not in laid.clauses:
            silent.append((SILENT, line))
    return [(name, line) for name, lines in said.items() for line in _spread(lines)] + silent


def _spread(lines: list[str]) -> list[str]:
    """At most LENT of them, from all points of view."""
    step = max(1.0, len(lines) / LENT)
    return [lines[int(place * step)] for place in range(min(len(lines), LENT))]


def open_subjects(kept_in: Path) -> Model | None:
    """The model that tells subjects: the one kept, or learned now, once. None where there are no subjects."""
    subjects = read_subjects()
    return learned(examples(subjects, lending()), kept_in, what="the subjects of agreements") if subjects else None


def likelihoods(scores: NDArray[np.float32], sharpness: float = SHARPNESS) -> NDArray[np.float32]:
    """Scores of labels as shares of one."""
    raised = np.exp(sharpness * (scores - scores.max()))
    return np.asarray(raised / raised.sum(), dtype=np.float32)


def lay(agreement: Agreement, model: Model) -> dict[str, dict[str, float]]:
    """The subjects of each clause that has words, the likeliest first."""
    return {clause.number: _laid(clause, lead_in(clause, agreement), model) for clause in agreement.parts}


def lead_in(clause: Clause, agreement: Agreement) -> str:
    """The words that a clause goes on from: "Voluntary organisations will report on what was achieved:"."""
    above = agreement.clauses.get(clause.parent)
    return above.text if above is not None and above.text.endswith(":") else ""


def _laid(clause: Clause, lead: str, model: Model) -> dict[str, float]:
    readings = dict.fromkeys([clause.text, f"{clause.heading} {clause.text}", f"{lead} {clause.text}".strip()])
    scores = np.max([model.scores(reading) for reading in readings], axis=0)
    shares = likelihoods(np.where(np.array(model.labels) == SILENT, -np.inf, scores))
    best = np.argsort(-shares, kind="stable")[:MOST]
    return {model.labels[i]: round(float(shares[i]), 2) for i in best if shares[i] >= LEAST or i == best[0]}
