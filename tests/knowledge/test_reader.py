"""Another council's agreement: the common numbering styles, in Markdown and in plain text, without code."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.agreement import Agreement, AgreementError
from knowledge.check import main as check
from knowledge.reader import find_folder, read_agreement


def read(folder: Path, text: str, name: str = "agreement.md", about: str = "") -> Agreement:
    (folder / name).write_text(text, encoding="utf-8")
    if about:
        (folder / "about.toml").write_text(about, encoding="utf-8")
    return read_agreement(folder)


def texts(agreement: Agreement) -> dict[str, str]:
    return {clause.number: clause.text for clause in agreement.parts}


def test_two_and_three_steps_under_markdown_headings(tmp_path: Path) -> None:
    agreement = read(
        tmp_path,
        "# Our Compact\n\n## 1 Aims\n\n1.1 We work together.\n\n## 2 Money\n\n### 2.1 Grants\n\n"
        "#### Commitments by the Council\n\n- 2.1.1 Pay on time.\n- 2.1.2 Give notice,\nin writing.\n\n"
        "#### Commitments by the voluntary sector\n\n2.1.3 Report.\n",
    )
    assert texts(agreement) == {
        "1.1": "We work together.",
        "2.1.1": "Pay on time.",
        "2.1.2": "Give notice,\nin writing.",
        "2.1.3": "Report.",
    }
    assert agreement.clauses["2.1.2"].party == "Council"
    assert agreement.clauses["2.1.3"].party == "voluntary sector"
    assert agreement.clauses["1.1"].party == ""
    assert agreement.clauses["2.1.3"].heading == "Grants"


def test_letters_and_roman_numerals_become_clauses_of_their_own(tmp_path: Path) -> None:
    agreement = read(
        tmp_path,
        "4. The Council will:\n(a) pay promptly, that is\n(i) within 30 days, and\n(ii) in full;\n(b) give notice.\n"
        "5. The parties meet yearly.\n",
        name="agreement.txt",
    )
    assert list(texts(agreement)) == ["4", "4(a)", "4(a)(i)", "4(a)(ii)", "4(b)", "5"]
    assert agreement.clauses["4(a)(ii)"].text == "in full;"
    assert agreement.clauses["4(b)"].party == "Council"
    assert [c.number for c in agreement.children("4(a)")] == ["4(a)(i)", "4(a)(ii)"]


def test_numbers_written_out_whole(tmp_path: Path) -> None:
    agreement = read(tmp_path, "4(a) Pay.\n\n4(a)(ii) In full.\n\n4(b) Give notice.\n")
    assert list(texts(agreement)) == ["4(a)", "4(a)(ii)", "4(b)"]
    assert agreement.clauses["4(a)(ii)"].parent == "4(a)"


def test_the_letter_i_after_h_is_a_letter(tmp_path: Path) -> None:
    items = "".join(f"({letter}) item {letter}\n" for letter in "abcdefghij")
    assert list(texts(read(tmp_path, f"1. The Council will:\n{items}")))[-2:] == ["1(i)", "1(j)"]


def test_the_word_clause_before_a_number(tmp_path: Path) -> None:
    agreement = read(tmp_path, "Clause 7 Payment\n\nThe council pays.\n\nClause 8\n\nThe council listens.\n")
    assert texts(agreement) == {"7": "The council pays.", "8": "The council listens."}
    assert agreement.clauses["7"].title == "Payment"


def test_headings_in_capitals_in_plain_text_say_who_is_bound(tmp_path: Path) -> None:
    agreement = read(
        tmp_path,
        "1. FUNDING\n\nUNDERTAKINGS FOR THE COUNCIL\n\n1.1 Pay.\n\nUNDERTAKINGS FOR THE GROUPS\n\n1.2 Report.\n",
        name="agreement.txt",
    )
    assert agreement.clauses["1.1"].party == "COUNCIL"
    assert agreement.clauses["1.2"].party == "GROUPS"
    assert agreement.clauses["1.2"].heading == "FUNDING"


def test_the_editor_can_name_the_parties(tmp_path: Path) -> None:
    agreement = read(
        tmp_path,
        "## 1 Money\n\nUndertakings for the groups:\n\n1.1 Report.\n",
        name="agreement.txt",
        about='[[party]]\nname = "VCOs"\nwords = ["groups"]\n',
    )
    assert agreement.clauses["1.1"].party == "VCOs"


def test_a_quantity_at_the_start_of_a_line_is_not_a_clause(tmp_path: Path) -> None:
    agreement = read(tmp_path, "1.1 Consultations last\n12 weeks, and\n2003 was the first year.\n")
    assert texts(agreement) == {"1.1": "Consultations last\n12 weeks, and\n2003 was the first year."}


def test_a_part_without_a_number_can_be_named(tmp_path: Path) -> None:
    agreement = read(tmp_path, "1.1 Aim.\n\n<!-- part contact: Contacts -->\n\nRing the council.\n")
    assert agreement.clauses["contact"].title == "Contacts"
    assert agreement.clauses["contact"].text == "Ring the council."


def test_a_duplicate_number_stops_the_start_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match=r"agreement\.md:3: clause 1\.1 stands twice; it is first on line 1"):
        read(tmp_path, "1.1 One.\n\n1.1 Another.\n")


def test_a_document_without_clauses_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="no clause was found"):
        read(tmp_path, "Just some words.\n")


def test_a_folder_without_a_document_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match=r"no agreement\.md or agreement\.txt"):
        read_agreement(tmp_path)
    with pytest.raises(AgreementError, match="no agreement called"):
        find_folder("atlantis")


def test_notes_that_cannot_be_read_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match=r"about\.toml:1"):
        read(tmp_path, "1.1 One.\n", about="title = \n")


CHECKED = [
    ("1.1 One.\n\n1.3 Three.\n", "agreement.md:3: clause 1.3 follows 1.1; is something missing between?"),
    ("1.2 Two.\n\n1.1 One.\n", "agreement.md:3: clause 1.1 comes after 1.2, out of order"),
    ("1.1 One.\n\n1.2\n\n1.3 Three.\n", "agreement.md:3: clause 1.2 has no words and nothing under it"),
    ("1.1 One, see clause 9.9.\n", "agreement.md:1: clause 1.1 refers to 9.9, which does not exist"),
    ("1.1 One.\n\n1.1 Again.\n", "agreement.md:3: clause 1.1 stands twice; it is first on line 1"),
]


@pytest.mark.parametrize(("text", "problem"), CHECKED)
def test_check_names_each_problem_with_its_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    (tmp_path / "agreement.md").write_text(text)
    assert check([str(tmp_path)]) == 1
    assert problem in capsys.readouterr().out


def test_check_names_phrasebook_lines_for_clauses_that_do_not_exist(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "agreement.md").write_text("1.1 One.\n")
    (tmp_path / "phrasebook").mkdir()
    (tmp_path / "phrasebook" / "us.md").write_text("## 1.1\n\n- one\n\n## 9.9\n\n- nine\n")
    (tmp_path / "silences").mkdir()
    (tmp_path / "silences" / "them.md").write_text("## Parking\n\nNearby: 8.8\n\n- where do I park\n")
    assert check([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "us.md:5: phrasings for clause 9.9, which does not exist" in said
    assert "them.md:1: nearby clause 8.8, which does not exist" in said


def test_check_finds_nothing_wrong_in_the_sutton_compact(capsys: pytest.CaptureFixture[str]) -> None:
    assert check([]) == 0
    assert capsys.readouterr().out == "sutton: 57 parts, nothing wrong.\n"


def test_check_refuses_what_it_does_not_understand(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(["--all"]) == 2
    assert check(["/no/such/folder"]) == 2
    assert "no agreement called" in capsys.readouterr().err


def folder(tmp_path: Path, text: str, **others: str) -> Path:
    """An agreement's folder; `about` and `rules` become .toml, `phrasebook` and `silences` a file in such a folder."""
    (tmp_path / "agreement.md").write_text(text)
    for name, content in others.items():
        file = tmp_path / (f"{name}.toml" if name in ("about", "rules") else f"{name}/ours.md")
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    return tmp_path


CLAUSES = "1.1 The Council will pay.\n\n1.2 Groups will report.\n"
MORE_CHECKED = [
    ({"text": CLAUSES + "\n# Annex\n\nNobody reads this line.\n"}, "agreement.md:7: stands in no clause: Nobody reads"),
    ({"text": "1.1 Pay.\n" + "A line of one clause.\n" * 60}, "agreement.md:1: only 1 clauses were read from 61 lines"),
    ({"text": "1.\n\n1.1 Pay.\n"}, "agreement.md:1: clause 1 has no title and no words, only clauses under it"),
    (
        {"text": CLAUSES, "about": '[[party]]\nname = "Police"\nwords = ["police"]\n'},
        "about.toml:2: no clause binds Police",
    ),
    (
        {"text": CLAUSES, "phrasebook": "lost\n\n## 1.1\n\n- pay\nhow quickly\n"},
        "ours.md:6: ignored, for it is no “- phrasing” below a “## number”: how quickly",
    ),
    (
        {"text": CLAUSES, "phrasebook": "## 1.1\n\n- when is it paid\n"},
        "phrasebook:1: phrasings without any silences/*.md",
    ),
    (
        {"text": CLAUSES, "rules": '[[kind]]\nname = "pay"\ntitle = "Pay"\nasks = {}\nmilestone = []\n'},
        "rules.toml:2: kind pay: has no milestone, so it would give no date",
    ),
    (
        {
            "text": CLAUSES,
            "rules": '[[kind]]\nname = "pay"\ntitle = "Pay"\n[kind.asks.due]\nlabel = "due"\n'
            '[[kind.milestone]]\nname = "paid"\ntitle = "Paid"\nwhen = "2 fortnights after due"\n',
        },
        "rules.toml:2: kind pay: '2 fortnights after due' must look like",
    ),
    ({"text": CLAUSES, "rules": "kind = 3\n"}, "rules.toml:1: kinds must be written as [[kind]]"),
]


@pytest.mark.parametrize(("files", "problem"), MORE_CHECKED)
def test_check_names_what_would_be_lost_or_never_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], problem: str
) -> None:
    assert check([str(folder(tmp_path, **files))]) == 1
    assert problem in capsys.readouterr().out


@pytest.mark.parametrize(
    ("about", "problem"),
    [
        ('[[party]]\nname = "Council"\nwords = "council"\n', "about.toml:3: words must be a list, such as words ="),
        ("[[party]]\nname = 3\n", "about.toml:1: not readable as the editor's notes"),
        ("title = 3\n", "about.toml:1: title must be words in quotation marks"),
        ("party = 3\n", "about.toml:1: not readable"),
        ('title = "x"\n\nshort = \n', "about.toml:3: not readable"),
        ('colour = "red"\n', "about.toml:1: not readable"),
    ],
)
def test_check_names_the_line_of_notes_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], about: str, problem: str
) -> None:
    assert check([str(folder(tmp_path, CLAUSES, about=about))]) == 2
    assert problem in capsys.readouterr().err


PIECES = [
    *(
        "[[kind]]",
        "[kind.asks.ends]",
        "[[kind.milestone]]",
        "[[party]]",
        "[[remark]]",
        "kind = 3",
        "leads = [3]",
        "leads = 3",
    ),
    *('name = "a"', "name = 3", 'title = "a"', 'when = "on ends"', "when = 3", 'label = "a"', "words = 3", "asks = []"),
    *("milestone = {}", 'clauses = "a"', "clauses = [1]", 'text = "a"', 'party = "a"', "accepted = 3", "optional = 3"),
    *(
        "## 1.1",
        "- how",
        "Nearby: 9",
        "<!-- clause 1 | in 2 -->",
        "<!-- clause  -->",
        "<!-- part x: y -->",
        "1.1 Pay.",
        "1)",
    ),
    *(
        "# 3",
        "(a) pay",
        "Section 2",
        "- ",
        "",
        "The Council will:",
        "4(a)(ii) Pay.",
        "<!-- no clause: x -->",
        "٣.٣ x",
        "² x",
    ),
]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["agreement.md", "about.toml", "rules.toml", "phrasebook/a.md", "silences/a.md"]),
    st.one_of(
        st.binary(max_size=80),
        st.lists(st.sampled_from(PIECES), max_size=12).map("\n".join).map(str.encode),
    ),
)
def test_check_says_what_is_wrong_in_any_file_and_never_breaks(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    made = folder(tmp_path_factory.mktemp("any"), CLAUSES)
    (made / name).parent.mkdir(exist_ok=True)
    (made / name).write_bytes(content)
    assert check([str(made)]) in (0, 1, 2)
