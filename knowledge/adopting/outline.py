"""Which printed numbers open a clause: those that go on from the number before, or begin a list.

A number in running text ("at / 7.30", "section / 149 of the Act") follows nothing, and so stays text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.adopting.labels import Label
from knowledge.adopting.lines import dangles, has_ended, is_measured, joins_items, starts_low

LARGEST_GAP = 4
_SECTIONS = (
    "roman upper",
    "letter upper",
    *(f"word {n}" for n in "section part chapter appendix annex schedule".split()),
)


@dataclass
class Run:
    """A sequence of numbers of one style, `base` being the number of the clause that it stands under."""

    style: str
    last: Label
    base: str
    key: int
    lists: bool = False  # its items begin with small letters


@dataclass(frozen=True)
class Placed:
    label: Label
    number: str
    run: int
    how: str  # "next", "first", "gap" or "again"


@dataclass(frozen=True)
class Before:
    """What stands before a line: the words of the last unit, and whether an empty line or a heading came between."""

    text: str = ""
    blank: bool = True
    heading: bool = True
    lead_in: bool = False

    @property
    def ended(self) -> bool:
        return self.heading or self.lead_in or not self.text or has_ended(self.text) or self.text.endswith(":")


@dataclass
class Outline:
    runs: list[Run] = field(default_factory=list)
    current: str = ""
    style: str = ""
    broken: str = "heading"  # the heading or lead-in without a number that came since the last number
    begun: int = 0

    def break_off(self, by: str = "heading") -> None:
        """A heading or a lead-in without a number: what comes next may start numbers of its own."""
        self.broken = "heading" if "heading" in (by, self.broken) else by
        if by == "heading":
            self.runs = [run for run in self.runs if not run.base]

    def place(self, readings: Sequence[Label], before: Before, coming: Sequence[Sequence[Label]]) -> Placed | None:
        """Where a label goes, or None when it is only a number in the text."""
        found = [choice for reading in readings for choice in self._choices(reading, coming, before.heading)]
        found = [(how, run, label) for how, run, label in found if self._is_plausible(label, how, run, before, coming)]
        if not found:
            return None
        supported = [choice for choice in found if _goes_on(choice[2], coming)]
        how, run, label = min(supported or found, key=lambda choice: "next again first gap".split().index(choice[0]))
        return self._take(label, how, run)

    def _choices(
        self, label: Label, coming: Sequence[Sequence[Label]], begins: bool = False
    ) -> list[tuple[str, Run | None, Label]]:
        fitting = [run for run in reversed(self.runs) if _compatible(run, label)]
        exact = [run for run in fitting if follows(run.last.steps, label.steps)]
        if len(exact) > 1 and any(_is_under(label, other) for others in coming[:3] for other in others):
            exact = exact[-1:]
        choices: list[tuple[str, Run | None, Label]] = [("next", run, label) for run in exact[:1]]
        opens = label.is_first or self._opens_letters(label, coming)
        if not exact and (opens or (begins and label.marked and _goes_on(label, coming))):
            choices.append(("first", None, label))
        if not exact:
            choices += [("gap", run, label) for run in fitting[:1] if _skips(run.last.steps, label.steps)]
            choices += [("again", run, label) for run in fitting[:1] if not label.is_first and _repeats(run, label)]
        if not self.runs and len(label.steps) > 1 and not label.is_first:
            choices.append(("first", None, label))
        return choices

    def _opens_letters(self, label: Label, coming: Sequence[Sequence[Label]]) -> bool:
        """Whether C1 or V1 opens numbers of its own, beside P1 and P2."""
        first = label.style == "alpha" and len(label.steps) == 2 and label.steps[-1] in (0, 1)
        return first and (_goes_on(label, coming) or any(run.style == "alpha" for run in self.runs))

    def _is_plausible(
        self, label: Label, how: str, run: Run | None, before: Before, coming: Sequence[Sequence[Label]]
    ) -> bool:
        """Whether the words around a number leave room for a new clause."""
        rest, alone = label.rest, not label.rest
        low = starts_low(rest)
        fresh = before.ended or before.blank
        if is_measured(rest) and not (label.marked and fresh):
            return False
        if (
            how != "first"
            and not before.ended
            and dangles(before.text)
            and not ((label.marked or self._is_deeper(label)) and joins_items(before.text))
        ):
            return False
        if how in ("gap", "again"):
            return not alone and not low and fresh
        if label.style in ("alpha",) or label.style.startswith("word"):
            titled = is_section(label.style) and how == "next" and 0 < len(rest.split()) <= 8 and not has_ended(rest)
            listed = before.lead_in or before.text.rstrip().endswith((";", ":", "; and", "; or"))
            deeper = self._is_deeper(label) and joins_items(before.text)
            return (fresh or titled or deeper) and (not low or deeper or (listed and how in ("next", "first")))
        if label.marked:
            listed = low and (run is None or run.lists)
            return fresh or not low or listed
        if label.style == "number":
            listed = run is not None and run.lists and how == "next"
            begun = before.ended if how == "first" and low else fresh
            return begun or listed if low or alone else True
        if label.style == "letter lower" and alone and _goes_on(label, coming):
            return True
        return fresh and not low and (not alone or before.ended)

    def _is_deeper(self, label: Label) -> bool:
        """Whether a number of several steps goes on from the one that stands open, as B3.1 and 3.3.1 do."""
        depth = len(label.steps) - 1 - (label.style == "alpha")
        return depth > 0 and self.current.split(".")[:depth] == label.shown.split(".")[:depth]

    def _take(self, label: Label, how: str, run: Run | None) -> Placed:
        if run is None:
            base = self._base_for(label)
            self.begun += 1
            run = Run(label.style, label, base, self.begun, starts_low(label.rest))
            self.runs = [
                r for r in self.runs if not (r.base == base and _compatible(r, label)) and (base or not r.base)
            ]
            self.runs.append(run)
        else:
            place = self.runs.index(run)
            self.runs = [r for i, r in enumerate(self.runs) if i <= place or not r.base]
            if run.style == "number" and len(label.steps) == 1:
                run.style = label.style
            run.last = label
        self.broken, self.style = "", label.style
        self.current = _number(run.base, label)
        return Placed(label, self.current, run.key, how)

    def _base_for(self, label: Label) -> str:
        """The clause that a list beginning here stands under; none where a heading came between."""
        if self.broken == "heading" or not self.current or len(label.steps) > 1:
            return ""
        if label.style == "alpha" or label.style.startswith("word"):
            return ""
        if label.style.startswith("number") and is_section(self.style):
            return ""
        if self.broken:
            again = next((run for run in reversed(self.runs) if _compatible(run, label)), None)
            if again:
                return again.base
        return self.current


def is_section(style: str) -> bool:
    """Whether a label numbers whole sections, so that other numbers may run on through them."""
    return style.startswith(_SECTIONS)


def _number(base: str, label: Label) -> str:
    if not base:
        return label.shown
    return f"{base}({label.shown})"


def _compatible(run: Run, label: Label) -> bool:
    if run.style.startswith("number") and label.style.startswith("number"):
        if len(label.steps) > 1:
            return not run.base
        return run.style in ("number", label.style)
    return run.style == label.style


def follows(last: tuple[int, ...], steps: tuple[int, ...]) -> bool:
    """Whether a number comes right after another: 3.4 after 3.3 or 3.3.7; 3.4.1 after 3.4 or 3.3; 4 after 3.9."""
    if steps[:-1] == last and steps[-1] in (0, 1):
        return True
    for depth in range(min(len(last), len(steps))):
        up = (*last[:depth], last[depth] + 1)
        if steps == up or (steps[: depth + 1] == up and all(step in (0, 1) for step in steps[depth + 1 :])):
            return True
    return False


def _skips(last: tuple[int, ...], steps: tuple[int, ...]) -> bool:
    depth = len(steps) - 1
    if len(last) > depth and steps[:-1] == last[:depth]:
        return 1 < steps[-1] - last[depth] <= LARGEST_GAP
    return len(steps) > 1 and steps > last and steps[0] - last[0] <= LARGEST_GAP


def _repeats(run: Run, label: Label) -> bool:
    """A number printed twice, or out of order, beside its neighbours."""
    same_list = len(run.last.steps) == len(label.steps) and run.last.steps[:-1] == label.steps[:-1]
    return same_list and label.steps <= run.last.steps and (len(label.steps) > 1 or run.last.steps == label.steps)


def _goes_on(label: Label, coming: Sequence[Sequence[Label]]) -> bool:
    after = (*label.steps[:-1], label.steps[-1] + 1)
    return any(other.style == label.style and other.steps == after for others in coming[:2] for other in others)


def _is_under(label: Label, other: Label) -> bool:
    return len(other.steps) == len(label.steps) + 1 and other.steps[:-1] == label.steps
