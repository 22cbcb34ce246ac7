"""Rules are data: the Compact's own, and another agreement's, checked with file and line."""

from pathlib import Path

import pytest

from knowledge.agreement import Agreement, AgreementError
from knowledge.reader import read_agreement
from knowledge.rules import Lead, Offset, open_rules, read_lead, read_offset, read_rules
from tests.conftest import SUTTON

GOOD = """
leads = ["1 week"]
[[kind]]
name = "notice"
title = "Notice"
words = ["grant"]
[kind.asks.ends]
label = "when it ends"
[[kind.milestone]]
name = "warn"
title = "Warn them"
clause = "1.1"
when = "20 working days before ends"
"""


def test_the_compacts_kinds_and_the_clauses_they_rest_on(sutton: Agreement) -> None:
    rules, problems = read_rules(SUTTON, sutton)
    assert problems == []
    assert [kind.name for kind in rules.kinds] == [
        *(
            "funding-notice",
            "improvement",
            "consultation",
            "payment",
            "monitoring",
            "early-warning",
            "end-plan",
            "other",
        ),
    ]
    funding = rules.kinds[0]
    dated = {m.name: (m.when, m.clause) for m in funding.milestones}
    assert dated["minimum-notice"] == (Offset(-3, "month", "ends"), "3.4.4")
    assert dated["best-practice-notice"] == (Offset(-6, "month", "ends"), "3.4.4")
    assert {m.clause for m in funding.milestones} == {"3.4.2", "3.4.3", "3.4.4"}
    consultation = rules.kind("consultation")
    assert consultation is not None
    assert Offset(12, "week", "opens") in [m.when for m in consultation.milestones]
    warning = rules.kind("early-warning")
    assert warning is not None
    assert warning.milestones[0].party == "VCOs"


def test_another_agreements_rules_need_no_code(tmp_path: Path) -> None:
    (tmp_path / "agreement.md").write_text("1.1 Give notice.\n")
    (tmp_path / "rules.toml").write_text(GOOD)
    rules = open_rules(tmp_path, read_agreement(tmp_path))
    assert rules.kinds[0].milestones[0].when == Offset(-20, "working day", "ends")
    assert rules.kinds[0].milestones[0].leads == (Lead(1, "week"),)


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ('"20 working days before ends"', '"soon"', r"rules\.toml:4: kind notice: 'soon' must look like"),
        ('"20 working days before ends"', '"2 weeks before starts"', "counts from starts, which is not asked for"),
        ('clause = "1.1"', 'clause = "9.9"', r"names clause 9\.9, which does not exist"),
        ('title = "Notice"\n', "", "'title' is missing"),
        ('leads = ["1 week"]', 'leads = ["a bit"]', r"rules\.toml:2: 'a bit' must look like"),
        ("[[kind]]", "[[kind", r"rules\.toml:1: not readable as rules"),
    ],
)
def test_what_is_wrong_in_rules_stops_the_start_with_file_and_line(
    tmp_path: Path, good: str, bad: str, problem: str
) -> None:
    (tmp_path / "agreement.md").write_text("1.1 Give notice.\n")
    (tmp_path / "rules.toml").write_text(GOOD.replace(good, bad))
    with pytest.raises(AgreementError, match=problem):
        open_rules(tmp_path, read_agreement(tmp_path))


def test_offsets_and_leads_are_read() -> None:
    assert read_offset("on ends") == Offset(0, "day", "ends")
    assert read_offset("12 weeks after opens") == Offset(12, "week", "opens")
    assert read_offset("6 weeks before starts") == Offset(-6, "week", "starts")
    assert read_offset("28 days after invoice-received") == Offset(28, "day", "invoice-received")
    assert read_offset("1 quarter before ends") == Offset(-3, "month", "ends")
    assert str(read_lead("1 quarter")) == "3 months"
    assert str(read_lead("2 working days")) == "2 working days"
    assert str(read_lead("the day")) == "the day"


def test_a_kind_serves_once_an_officer_has_accepted_it(tmp_path: Path) -> None:
    (tmp_path / "agreement.md").write_text("1.1 Give notice.\n")
    agreement = read_agreement(tmp_path)
    for accepted, kinds in (("true", ["notice"]), ("false", [])):
        (tmp_path / "rules.toml").write_text(GOOD.replace("[[kind]]", f"[[kind]]\naccepted = {accepted}", 1))
        assert [kind.name for kind in read_rules(tmp_path, agreement)[0].kinds] == kinds
        assert [kind.name for kind in open_rules(tmp_path, agreement).kinds] == [*kinds, "other"]
