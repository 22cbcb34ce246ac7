"""What stands in an agreement is never denied: every word and pair of words of it, asked for as people ask."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest

from knowledge.adopting.adoption import adopt, files_of, write
from knowledge.agreement import Agreement
from knowledge.frames import Asked, topic_of
from knowledge.mentions import sentences
from knowledge.reader import FOLDER
from knowledge.search import Finding, Search, Verdict, open_search
from knowledge.words import STOP_WORDS, words_of
from tests.conftest import ROOT

ABSENT = (ROOT / "tests" / "questions" / "absent.txt").read_text().splitlines()
PUT = (
    "what does the compact say about {}",
    "does it mention {}?",
    "is there anything on {}",
    "{}?",
    "tell me about {}",
    "where does it talk about {}",
    "Hi, anything on {} in the agreement please",
    "{} in the compact",
)
A_SMALL_AGREEMENT = """HILLTOWN CHARTER

1. INTRODUCTION

1.1 The charter was agreed by Hilltown Council and its charities in 2019. It is reviewed by a forum of both.

2. MONEY

2.1 The Council will pay grants on time, and will co-operate with trustees on multi-year budgets.
2.2 The Council will give three months' notice before ending a grant; reasons are given in writing.

3. VOICE

3.1 Charities will answer consultations, and will say whom they represent.
"""


def standing(agreement: Agreement) -> dict[str, set[str]]:
    """Each content word, and each two that follow each other in a sentence, with the clauses in which they stand."""
    found = defaultdict(set)
    for clause in agreement.parts:
        for sentence in sentences(clause):
            said = [w for w in words_of(sentence) if w not in STOP_WORDS and len(w) > 2 and not w.isdigit()]
            for topic in (*said, *map(" ".join, pairwise(said))):
                found[topic].add(clause.number)
    return dict(found)


AS_PUBLISHED = ROOT / "tests" / "agreements"


def folders() -> list[Path]:
    """Every agreement that is here: those of the program, and those that tests bring, as councils publish them."""
    homes = (FOLDER, AS_PUBLISHED)
    return sorted(
        {file.parent for home in homes for kind in ("md", "txt") for file in home.glob(f"*/agreement.{kind}")}
    )


def servable(folder: Path, made_in: Path) -> Path:
    """The folder itself, or what adopt makes of an agreement as it was published."""
    if folder.parent != AS_PUBLISHED:
        return folder
    write(made_in / folder.name, files_of(adopt(list(folder.glob("agreement.*")))))
    return made_in / folder.name


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("hilltown")
    (folder / "agreement.txt").write_text(A_SMALL_AGREEMENT)
    return open_search(folder, ROOT / "var" / "learned")


def assert_nothing_is_denied(search: Search) -> None:
    topics = standing(search.agreement)
    found = [(numbers, search.find(put.format(topic))) for topic, numbers in topics.items() for put in PUT]
    assert mean(finding.silent for _, finding in found) <= 0.01
    few = [bool(numbers & set(finding.numbers[:3])) for numbers, finding in found if len(numbers) <= 3]
    assert mean(few) >= 0.97
    assert mean(finding.numbers[0] in numbers for numbers, finding in found) >= 0.95


def share_silent(search: Search) -> float:
    return mean(search.find(put.format(topic)).silent for topic in ABSENT for put in PUT)


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_word_and_pair_of_words_is_found_however_it_is_asked_for(folder: Path, tmp_path: Path) -> None:
    assert_nothing_is_denied(open_search(servable(folder, tmp_path), ROOT / "var" / "learned"))


def test_so_it_is_in_an_agreement_without_a_phrasebook(small: Search) -> None:
    assert_nothing_is_denied(small)
    assert share_silent(small) >= 0.92


def test_topics_that_are_not_there_are_called_silent(search: Search) -> None:
    assert len(set(ABSENT)) >= 150
    assert share_silent(search) >= 0.92


@pytest.mark.parametrize(
    "asked",
    [
        "carers",
        "CARERS???",
        "carers, pls",
        "about carers",
        "re: carers",
        "on the subject of carers - what does it say?",
        "what about carers",
        "Does the Compact mention carers?",
        "does it say anything about carers",
        "Could you please tell me whether the agreement says anything about carers? Thanks",
        "hi, can you point me to the bit on carers pls",
        "are carers covered in the compact",
        "are carers mentioned anywhere?",
        "where are carers mentioned",
        "carers in the compact",
        "carers - is that in the agreement?",
        "the compact and carers - what does it say?",
        "clause on carers",
        "which clauses deal with carers",
        "Which section covers carers?",
        "any mention of carers",
        "any reference to carers in the document?",
        "is there something in there re carers",
        "I'm looking for what it says on carers",
        "just wondering if the compact says anything with regard to carers",
        "look up carers",
        "search for carers",
        "find me everything on carers please",
        "got anything on carers?",
        "does the agreement touch on carers at all?",
        "does the word carers come up",
        "is the term carers used",
        "what has the compact got to say on the matter of carers?",
        "Good morning team, where can I read about carers?",
        "what's in it about carers",
        "need the bit on carers",
        "waht dose it say abuot carers",
        "is ther anythign on carers",
        "tel me aobut carers",
        "carers in the compct",
    ],
)
def test_a_topic_is_taken_out_of_its_frame(search: Search, asked: str) -> None:
    finding = search.find(asked)
    assert finding.verdict is not Verdict.SILENT
    assert set(finding.numbers[:2]) == {"3.2.2", "3.2.6"}


@pytest.mark.parametrize(
    "question",
    ["what do we owe carers under the compact", "how much notice before a grant ends", "do we need to consult"],
)
def test_a_question_of_its_own_is_no_frame(question: str) -> None:
    assert topic_of(words_of(question), words_of(question)).asked is Asked.WITHIN


@pytest.mark.parametrize(
    ("topic", "first"),
    [
        ("coproduction", {"3.2.5"}),
        ("co-produce", {"3.2.2"}),
        ("co production", {"3.2.5"}),
        ("multiyear funding", {"3.3.3"}),
        ("multi year funding", {"3.3.3"}),
        ("timeframes", {"3.2.2"}),
        ("trustee", {"3.2.2", "3.2.6"}),
        ("volunters", {"1.4", "3.1.4", "3.2.2", "3.2.6", "3.4.2"}),
        ("red tape", {"3.2.4"}),
        ("ten compact principles", {"2"}),
        ("non-governmental", {"def-vco"}),
        ("civic offices", {"contact"}),
        ("equal and fair society", {"3.5", "2"}),
        ("Sutton", {"1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "3.5", "def-vco", "def-public-sector", "contact"}),
    ],
)
def test_forms_of_a_word_slips_everyday_words_and_headings_count(search: Search, topic: str, first: set[str]) -> None:
    finding = search.find(f"does it mention {topic}?")
    assert finding.verdict is not Verdict.SILENT
    assert finding.numbers[0] in first


def test_words_that_only_look_alike_are_not_mentioned(search: Search) -> None:
    mentions = search.find("does it mention trustees").mentions
    assert {"3.2.2", "3.2.6"} <= {m.number for m in mentions}
    assert "1.3" not in {m.number for m in mentions}  # it says "trust and confidence"
    assert search.find("does it mention wills").silent
    assert search.find("what can we say to them").mentions == ()


def test_a_mention_is_a_sentence_of_its_clause(search: Search) -> None:
    for topic in standing(search.agreement):
        for mention in search.find(f"does it mention {topic}?").mentions:
            assert mention.sentence in search.agreement.clauses[mention.number].text


def test_beside_a_frame_a_printed_sentence_speaks_against_silence(small: Search, search: Search) -> None:
    finding = small.find("will reasons be given in writing")
    assert not finding.silent
    assert finding.numbers[0] == "2.2"
    assert search.find("is a clear rationale a must").verdict is Verdict.MENTIONS
    assert silent_about(search, "how long is it good for")
    assert search.find("how long is a consultation").numbers[0] == "3.2.2"
    assert not search.find("how long is a consultation").silent
    assert not search.find("what is the notice period for grants").silent


def test_what_the_agreement_is_stands_in_its_introduction(search: Search, small: Search) -> None:
    for asked in ("what is the compact", "What's this compact all about?", "explain the agreement to me please"):
        assert search.find(asked).numbers[:3] == ("1.1", "1.2", "1.3")
        assert search.find(asked).itself == ("1.1", "1.2", "1.3")
    assert small.find("what is the charter").numbers[0] == "1.1"
    assert search.find("what does it say about trustees").itself == ()


EMAIL = """Hello,

We heard on Friday that our funding will stop at the end of January with no warning at all. They are also two
months late paying our last instalment. Can you help?

Thanks, Jo"""


def test_each_subject_of_a_longer_message_gets_its_clause(search: Search) -> None:
    subjects = search.subjects(EMAIL)
    assert [finding.numbers[0] for _, finding in subjects] == ["3.4.4", "3.3.4"]
    assert subjects[1][0] == "They are also two months late paying our last instalment."


@pytest.mark.parametrize(
    "message",
    [
        "How much notice do we get before a grant ends?",
        "Hi there. I am new in the grants team. How much notice do we give before a grant ends?",
        "How much notice do we get before a grant ends? Is three months the minimum for ending a grant?",
        "Our dog is ill. The weather is bad.",
        "We have been going for twenty years. I am new in the grants team and like it. Our trustees met last week. "
        "How much notice do we get before a grant ends?",
        "We have been going for twenty years. They are late paying our last instalment.",
        "Please treat this as urgent. We do good work in the borough. They are late paying our last instalment.",
        "",
    ],
)
def test_a_message_about_one_thing_has_no_subjects(search: Search, message: str) -> None:
    assert search.subjects(message) == ()


def silent_about(search: Search, question: str) -> Finding:
    finding = search.find(question)
    assert finding.silent, question
    return finding


@pytest.mark.parametrize("question", ["where can I get the pdf", "what time is it", "who can see what I type"])
def test_a_word_in_common_does_not_make_it_a_listed_subject(search: Search, question: str) -> None:
    silent_about(search, question)
    assert search.silence(question) is None
