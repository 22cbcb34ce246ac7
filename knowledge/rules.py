"""What the agreement's dates demand, as data: "3 months before ends", "12 weeks after opens", each tied to its clause.

A folder's rules.toml lists kinds of deadline. Each kind asks for some dates and turns them into milestones.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.agreement import Agreement, AgreementError

SUMS = ("notice", "consultation", "payment")
_UNITS = r"working day|day|week|month|quarter"
_OFFSET = re.compile(rf"(?P<number>\d{{1,3}}) (?P<unit>{_UNITS})s? (?P<way>before|after) (?P<anchor>[\w-]+)")
_AGAIN = re.compile(r"(?:weekly|every week|each week)(?: until [a-z' ]{1,40})?")
_LEAD = re.compile(rf"(?P<number>\d{{1,3}}) (?P<unit>{_UNITS})s?|the day")


@dataclass(frozen=True)
class Offset:
    """So many units after an anchor date; negative before it; 0 days on it."""

    number: int
    unit: str
    anchor: str


@dataclass(frozen=True)
class Lead:
    """How long before a milestone a nudge goes out; 0 days is the day itself; `again` each week until it is done."""

    number: int
    unit: str
    again: bool = False

    def __str__(self) -> str:
        if self.again:
            return "weekly"
        if not self.number:
            return "the day"
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"


@dataclass(frozen=True)
class Asked:
    """A date that the person gives. `otherwise` stands in where it may be left out; `many` takes several.

    `past` says that a day gone by makes sense (when a problem was found); `renews` that it moves when a thing goes on.
    """

    name: str
    label: str
    words: tuple[str, ...] = ()
    optional: bool = False
    many: bool = False
    past: bool = False
    renews: bool = False
    otherwise: Offset | None = None


@dataclass(frozen=True)
class MilestoneRule:
    """One date that follows. `advised` says that the clause prints no date and this one is only our advice.

    `happens` says that the day comes by itself, so that nobody is late with it. `words` are how people name the step
    when they say that it is done. `best_practice_of` names the step that the same act meets at the latest. `written`,
    `exception` and `reason` are the clause's own words: what form it asks for, when it allows for less, and what it
    asks for then.
    """

    name: str
    title: str
    clause: str
    party: str
    when: Offset
    advised: bool = False
    happens: bool = False
    names_lead: bool = False
    leads: tuple[Lead, ...] = ()
    words: tuple[str, ...] = ()
    best_practice_of: str = ""
    written: str = ""
    exception: str = ""
    reason: str = ""

    @property
    def binds(self) -> bool:
        """Whether the agreement itself dates it, and nothing later serves as well."""
        return not self.advised and not self.best_practice_of


@dataclass(frozen=True)
class Kind:
    """`sum` says what is reckoned with it: "notice", "consultation" or "payment"."""

    name: str
    title: str
    words: tuple[str, ...]
    asks: tuple[Asked, ...]
    milestones: tuple[MilestoneRule, ...]
    sum: str = ""

    def asked(self, name: str) -> Asked:
        return next(asked for asked in self.asks if asked.name == name)

    def milestone(self, name: str) -> MilestoneRule | None:
        """The rule of a step."""
        return self._rules.get(name) or self._rules.get(rule_name(name))

    @cached_property
    def _rules(self) -> dict[str, MilestoneRule]:
        return {rule.name: rule for rule in self.milestones}

    @property
    def notices(self) -> list[MilestoneRule]:
        """The notices that the agreement dates before one end, the shortest first."""
        dated = [r for r in self.milestones if self.sum == "notice" and r.when.number < 0 and not r.advised]
        ends = [rule for rule in dated if rule.when.anchor == dated[0].when.anchor]
        return sorted(ends, key=lambda rule: -rule.when.number * _ABOUT_DAYS[rule.when.unit])

    @property
    def length(self) -> MilestoneRule | None:
        """The length in weeks that the agreement names for a consultation; 28 days are four of them."""
        dated = (rule for rule in self.milestones if rule.when.number > 0 and not rule.advised)
        return next((in_weeks for rule in dated if (in_weeks := _in_weeks(rule))), None)

    @property
    def lasts(self) -> MilestoneRule | None:
        """The length that the agreement names for a consultation, in weeks where it is whole weeks."""
        dated = (rule for rule in self.milestones if rule.when.number > 0 and not rule.advised)
        return self.length or next(dated, None)

    @property
    def opening(self) -> str:
        """The date from which its length counts."""
        return self.lasts.when.anchor if self.lasts else self.asks[0].name

    @property
    def closing(self) -> str:
        """The other date that it asks for, "" where it asks for none."""
        return next((asked.name for asked in self.asks if asked.name != self.opening), "")


_ABOUT_DAYS = {"day": 1.0, "working day": 1.4, "week": 7.0, "month": 30.4}


def _in_weeks(rule: MilestoneRule) -> MilestoneRule | None:
    if rule.when.unit == "day" and rule.when.number % 7 == 0:
        return replace(rule, when=Offset(rule.when.number // 7, "week", rule.when.anchor))
    return rule if rule.when.unit == "week" else None


def rule_name(step: str) -> str:
    """The rule that a step came from: "report-2" is the second of "report"."""
    bare, _, position = step.rpartition("-")
    return bare if position.isdigit() else step


@dataclass(frozen=True)
class Rules:
    """`name` is the agreement's; `editions` are the rules of all that are served here, by name."""

    kinds: tuple[Kind, ...] = ()
    leads: tuple[Lead, ...] = ()
    name: str = ""
    editions: Mapping[str, "Rules"] = field(default_factory=dict, repr=False, compare=False)

    def under(self, name: str) -> "Rules":
        """The rules under which something was made; these where the name tells nothing."""
        return self.editions.get(name, self)

    def kind(self, name: str) -> Kind | None:
        return next((kind for kind in self.kinds if kind.name == name), None)

    def summed(self, what: str) -> Kind | None:
        """The kind that sums of "notice" or "consultation" are made with, or that is reviewed as "payment"."""
        return next((kind for kind in self.kinds if kind.sum == what), None)

    def kind_called(self, word: str) -> Kind | None:
        """The kind that an everyday word names: "grant" -> funding-notice."""
        word = word.casefold()
        return next((kind for kind in self.kinds if word == kind.name or word in kind.words), None)


def read_offset(text: str) -> Offset:
    """ "3 months before ends", "on opens". Raises ValueError saying how it must look."""
    if text.startswith("on "):
        return Offset(0, "day", text[3:])
    found = _OFFSET.fullmatch(text)
    if not found:
        raise ValueError(f'{text!r} must look like "3 months before ends" or "on ends"')
    number, unit = _counted(found)
    return Offset(-number if found["way"] == "before" else number, unit, found["anchor"])


def read_lead(text: str) -> Lead:
    """ "1 month", "2 working days", "the day", "weekly". Raises ValueError saying how it must look."""
    if _AGAIN.fullmatch(text.strip().casefold()):
        return Lead(1, "week", again=True)
    found = _LEAD.fullmatch(text.strip().casefold())
    if not found:
        raise ValueError(f'{text!r} must look like "1 month", "2 working days", "the day" or "weekly"')
    return Lead(*_counted(found)) if found["number"] else Lead(0, "day")


def _counted(found: re.Match[str]) -> tuple[int, str]:
    """A quarter counts as three months."""
    number, unit = int(found["number"]), found["unit"]
    return (3 * number, "month") if unit == "quarter" else (number, unit)


def read_rules(folder: Path, agreement: Agreement) -> tuple[Rules, list[str]]:
    """The rules of a folder (none is fine), and a line with file and line number for each thing wrong in them."""
    file = folder / "rules.toml"
    if not file.exists():
        return Rules(), []
    text = file.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Rules(), [f"{file}:1: not readable as rules: {error}"]
    problems: list[str] = []
    kinds: list[Kind] = []
    leads: tuple[Lead, ...] = ()
    try:
        leads = tuple(map(read_lead, data.get("leads", ())))
    except (ValueError, TypeError, AttributeError) as error:
        problems.append(f"{file}:{_line_of(text, 'leads')}: {error}")
    entries = data.get("kind", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return Rules(), [f"{file}:{_line_of(text, 'kind')}: kinds must be written as [[kind]]"]
    for entry in entries:
        if entry.get("accepted") is False:  # drafted by adopt; an officer has not said yes to it
            continue
        name = entry.get("name", "?")
        named = f'name = "{name}"'
        place = f"{file}:{_line_of(text, named)}"
        try:
            kind = _kind(entry, leads, agreement)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"{place}: kind {name}: {_what(error)}")
            continue
        problems += (f"{place}: kind {name}: {wrong}" for wrong in _wrong_in(kind, agreement))
        if any(kind.name == other.name for other in kinds):
            problems.append(f"{place}: kind {name} stands twice")
        kinds.append(kind)
    return Rules(tuple(kinds), leads), problems


def open_rules(folder: Path, agreement: Agreement) -> Rules:
    """The rules of a folder. Raises AgreementError with file and line for what is wrong in them."""
    rules, problems = read_rules(folder, agreement)
    if problems:
        raise AgreementError("\n".join(problems))
    return _with_any_date(rules)


# A date of no particular kind, which fits where nothing else does. It comes last.
ANY_DATE = Kind(
    "other",
    "Another date",
    ("other", "date", "deadline", "reminder", "meeting"),
    (Asked("date", "the date", ("on", "by", "date", "due", "for"), renews=True),),
    (MilestoneRule("date", "The date itself", "", "", Offset(0, "day", "date")),),
)


def _with_any_date(rules: Rules) -> Rules:
    """The rules, with a last kind for any date: else a consultation would be kept as the last thing they know."""
    last = rules.kinds[-1] if rules.kinds else None
    if last and not last.sum and len(last.asks) == 1 and not any(step.clause for step in last.milestones):
        return rules
    name = ANY_DATE.name if rules.kind(ANY_DATE.name) is None else "any-date"
    step = replace(ANY_DATE.milestones[0], leads=rules.leads or (Lead(1, "week"), Lead(0, "day")))
    return replace(rules, kinds=(*rules.kinds, replace(ANY_DATE, name=name, milestones=(step,))))


def _kind(entry: dict[str, Any], leads: tuple[Lead, ...], agreement: Agreement) -> Kind:
    asks = tuple(
        Asked(
            name,
            fields["label"],
            tuple(fields.get("words", ())),
            fields.get("optional", False),
            fields.get("many", False),
            fields.get("past", False),
            fields.get("renews", False),
            read_offset(fields["otherwise"]) if "otherwise" in fields else None,
        )
        for name, fields in entry["asks"].items()
    )
    milestones = tuple(_milestone(fields, leads, agreement) for fields in entry["milestone"])
    return Kind(entry["name"], entry["title"], tuple(entry.get("words", ())), asks, milestones, entry.get("sum", ""))


def _milestone(fields: dict[str, Any], leads: tuple[Lead, ...], agreement: Agreement) -> MilestoneRule:
    clause = agreement.clause(fields.get("clause", ""))
    return MilestoneRule(
        name=fields["name"],
        title=fields["title"],
        clause=fields.get("clause", ""),
        party=fields.get("party", clause.party if clause else ""),
        when=read_offset(fields["when"]),
        advised=fields.get("advised", False),
        happens=fields.get("happens", False),
        names_lead=fields.get("names_lead", False),
        leads=tuple(map(read_lead, fields["leads"])) if "leads" in fields else leads,
        words=tuple(fields.get("words", ())),
        best_practice_of=fields.get("best_practice_of", ""),
        written=fields.get("written", ""),
        exception=fields.get("exception", ""),
        reason=fields.get("reason", ""),
    )


def _wrong_in(kind: Kind, agreement: Agreement) -> list[str]:
    anchors = {asked.name for asked in kind.asks}
    wrong = [] if kind.milestones else ["has no milestone, so it would give no date"]
    wrong += [] if anchors else ["asks for no date"]
    for milestone in kind.milestones:
        if milestone.clause and not agreement.clause(milestone.clause):
            wrong.append(f"milestone {milestone.name} names clause {milestone.clause}, which does not exist")
        clause = agreement.clause(milestone.clause)
        for quoted in filter(None, (milestone.written, milestone.exception, milestone.reason)):
            if clause is None or quoted not in clause.text:
                wrong.append(f"milestone {milestone.name} quotes {quoted!r}, which its clause does not say")
        if milestone.best_practice_of and not any(m.name == milestone.best_practice_of for m in kind.milestones):
            wrong.append(f"milestone {milestone.name} is best practice of {milestone.best_practice_of}, not of a step")
        if milestone.when.anchor not in anchors:
            wrong.append(f"milestone {milestone.name} counts from {milestone.when.anchor}, which is not asked for")
    for asked in kind.asks:
        if asked.otherwise and asked.otherwise.anchor not in anchors:
            wrong.append(f"{asked.name} is otherwise counted from {asked.otherwise.anchor}, which is not asked for")
    if kind.sum not in ("", *SUMS):
        wrong.append(f"sum must be {' or '.join(SUMS)}, not {kind.sum}")
    names = [milestone.name for milestone in kind.milestones]
    wrong += (f"milestone {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1}))
    return wrong


def _line_of(text: str, needle: str) -> int:
    return next((n for n, line in enumerate(text.splitlines(), start=1) if line.strip().startswith(needle)), 1)


def _what(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
