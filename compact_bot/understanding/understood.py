"""What was made of a message: the act, and whether it may be carried out as it stands."""

from dataclasses import dataclass, replace

from compact_bot.understanding.acts import Act


@dataclass(frozen=True)
class Understood:
    """`missing` names what the act still lacks: "title", "step", the name of a date.

    `doubts` say in plain words what was not read for certain: with one, an act that changes something is echoed
    before it is carried out. `instead` are other acts that may be meant as well. `answers` tells that it settles what
    was asked back.
    """

    act: Act
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    instead: tuple[Act, ...] = ()
    answers: bool = False

    def doubts_beside(self, shown: str) -> str:
        """The doubts as sentences, without those that only tell what is shown already: "I read Friday 22 January"."""
        untold = tuple(one for one in self.doubts if one.removeprefix("I read ") not in shown)
        return replace(self, doubts=untold).doubts_said

    @property
    def doubts_said(self) -> str:
        """The doubts as sentences; "" where there are none."""
        return " ".join(f"{doubt[0].upper()}{doubt[1:].rstrip('.')}." for doubt in self.doubts if doubt)
