"""A question -> ranked clauses, a mention, or an honest silence; and, on request, why.

Two voices decide: the learned one knows what people mean, the literal one (`mentions.py`) knows what is printed.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.agreement import Agreement, AgreementError
from knowledge.carried import Carried, known_words
from knowledge.frames import Asked, Topic, frame_words, topic_of
from knowledge.index import Index
from knowledge.laying import Laid, lay, open_laid, open_subjects
from knowledge.learning import SILENT, Model, learned
from knowledge.likeness import open_likeness
from knowledge.mentions import Closeness, Mention, Mentions
from knowledge.numbers import clauses_asked
from knowledge.phrasebook import Phrasebook, Silence, read_phrasebook
from knowledge.reader import read_agreement
from knowledge.words import STOP_WORDS, Spelling, read_vocabulary, stem, words_of

# Without a phrasebook and without subjects: silence where fewer of a question's content words occur in the agreement.
COVERED_ENOUGH = 0.5
# A phrasebook with fewer phrasings for each clause teaches too little to stand on its own.
ENOUGH_PHRASINGS = 10
# A listed silence is about what was asked when each shares this much of its weight with the other; one rare word in
# common ("pdf") is not enough.
SAME_SUBJECT = 0.55
# How much of the last question's scores a follow-up takes over.
CARRIED_OVER = 0.4


# What is asked in a frame and stands nowhere is answered by likeness alone only when that is surer than this (without a
# phrasebook: when all of it occurs somewhere): of topics that are not there it calls 19 in 20 silent.
SURE_OF_A_TOPIC = 0.6
# Above this the learned voice calls a whole sentence silent whatever words of it are printed somewhere.
SURE_OF_SILENCE = 1.0
FIRST = 10.0  # the score of what was asked for by number: above all that is learned
# A sentence of a longer message is a subject of its own when one clause scores over this, and leads by that.
SURE_OF_A_SUBJECT = 0.1
AHEAD = 0.4
FEWEST_WORDS = 4
MOST_SUBJECTS = 4
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\w)[^.!?\n]*)*[.!?]*")
_WRAPPED = re.compile(r"(?<=[\w,;])\n(?=[a-z0-9])")  # a line that goes on, as in a pasted e-mail
INTRODUCED_BY = 3  # clauses that say what the agreement is


class Verdict(StrEnum):
    """Whether a clause answers, the topic only stands somewhere, or neither."""

    ANSWERS = "answers"
    MENTIONS = "mentions"
    SILENT = "silent"


@dataclass(frozen=True)
class Finding:
    """Clause numbers, best first, each with a learned score of about -1 (no) to 1 (yes).

    `topic` are the words that were looked up, and `mentions` the clauses in which they stand, best first; `unsettled`
    when likeness alone finds no answer. `itself` are the clauses that say what the agreement is, when that was asked.
    """

    ranked: tuple[tuple[str, float], ...]
    verdict: Verdict
    topic: str = ""
    mentions: tuple[Mention, ...] = ()
    unsettled: bool = False
    itself: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(number for number, _ in self.ranked)

    @property
    def silent(self) -> bool:
        return self.verdict is Verdict.SILENT


@dataclass(frozen=True)
class Explanation:
    """The words that spoke most for a clause, and the phrasing on record that is closest."""

    words: tuple[str, ...]
    phrasing: str


class Voice(Protocol):
    """What knows what people mean: a score for each label, and how much silence is likelier than any clause."""

    labels: tuple[str, ...]

    def scores(self, said: str) -> NDArray[np.float32]: ...
    def quiet(self, said: str, scores: NDArray[np.float32], /) -> float: ...


class Taught:
    """What an agreement's own phrasebook taught."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.labels = model.labels
        self.scores = model.scores

    def quiet(self, _: str, scores: NDArray[np.float32]) -> float:
        if SILENT not in self.labels:
            return -1.0
        silent = self.labels.index(SILENT)
        return float(scores[silent] - np.delete(scores, silent).max())


class OwnWords:
    """Words alone, where nothing was ever learned."""

    def __init__(self, agreement: Agreement, vocabulary: dict[str, str]) -> None:
        self.labels = tuple(clause.number for clause in agreement.parts)
        self._index = Index([f"{c.heading} {c.text}" for c in agreement.parts], vocabulary)

    def scores(self, said: str) -> NDArray[np.float32]:
        return self._index.shared(said) * 2 - 1

    def quiet(self, said: str, _: NDArray[np.float32]) -> float:
        return COVERED_ENOUGH - self._index.covered(said)


class Search:
    """Everything needed to find clauses of one agreement. Built once, then only read."""

    def __init__(self, agreement: Agreement, phrasebook: Phrasebook, kept_in: Path, laid: Laid | None = None) -> None:
        self.agreement = agreement
        self.phrasebook = phrasebook
        self._vocabulary = read_vocabulary()
        self._voice = self._voice_of(laid or Laid(), kept_in)
        self._labels = self._voice.labels

    def _voice_of(self, laid: Laid, kept_in: Path) -> Voice:
        agreement, book = self.agreement, self.phrasebook
        if is_enough(book, agreement):
            return Taught(learned(examples(agreement, book), kept_in))
        subjects = open_subjects(kept_in)
        if subjects is None:
            return OwnWords(agreement, self._vocabulary)
        return Carried(agreement, {**lay(agreement, subjects), **laid.clauses}, subjects, book)

    @cached_property
    def _spelling(self) -> Spelling:
        said = (text for _, text in examples(self.agreement, self.phrasebook))
        known = {word for text in said for word in words_of(text)} | frame_words() | STOP_WORDS
        if isinstance(self._voice, Carried):
            return Spelling(known | known_words(), open_likeness().knows)
        return Spelling(known)

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(self.agreement, self._vocabulary)

    def find(self, question: str, party: str = "", after: str = "") -> Finding:
        """The clauses that answer, best first; with a party, only clauses that bind it.

        `after` is what was asked before in the same conversation: it tips the scales.
        """
        if asked := clauses_asked(question, self.agreement):
            return self._found(self._put_first(asked, self._voice.scores(question)), Verdict.ANSWERS, party)
        typed = words_of(question)
        said = list(map(self._spelling.mend, typed))
        topic = topic_of(typed, said)
        scores = self._voice.scores(" ".join(said))
        if topic.asked is Asked.ITSELF:
            introduced = self._introduced_by
            return self._found(self._put_first(introduced, scores), Verdict.ANSWERS, party, itself=tuple(introduced))
        quiet = self._quiet(" ".join(said), topic, scores)
        if after:
            scores = scores + CARRIED_OVER * self._voice.scores(self.mend(after))
            quiet = min(quiet, self._quiet(after, Topic((), Asked.WITHIN), scores))
        topic, mentions = self._looked_for(topic)
        return self._weighed(topic, scores, quiet, self._likeliest_first(mentions, scores, party), party)

    def _weighed(
        self, topic: Topic, scores: NDArray[np.float32], quiet: float, mentions: list[Mention], party: str
    ) -> Finding:
        """What the two voices say together: silence needs both to be silent."""
        looked_up = topic.asked is not Asked.WITHIN
        if not mentions or (not looked_up and (quiet <= 0 or quiet > SURE_OF_SILENCE)):
            enough = -SURE_OF_A_TOPIC if topic.asked is Asked.FRAMED and not mentions else 0
            return self._found(scores, Verdict.SILENT if quiet > enough else Verdict.ANSWERS, party)
        if quiet <= 0 and mentions[0].closeness < Closeness.KIN:
            return self._found(scores, Verdict.ANSWERS, party)
        found = self._found(scores, Verdict.MENTIONS, party)
        first = {mention.number for mention in mentions}
        best = found.numbers[0] if found.numbers else ""
        score_of = dict(found.ranked)
        ranked = [(m.number, score_of[m.number]) for m in mentions]
        ranked += [(number, score) for number, score in found.ranked if number not in first]
        answers = quiet <= 0 and best == mentions[0].number
        return Finding(
            tuple(ranked),
            Verdict.ANSWERS if answers else Verdict.MENTIONS,
            topic=" ".join(topic.words) if looked_up else "",
            mentions=tuple(mentions),
            unsettled=quiet > 0,
        )

    def _found(
        self, scores: NDArray[np.float32], verdict: Verdict, party: str, itself: tuple[str, ...] = ()
    ) -> Finding:
        order = np.argsort(-scores, kind="stable")
        ranked = [(self._labels[i], float(scores[i])) for i in order if self._labels[i] != SILENT]
        if party:
            bound = {clause.number for clause in self.agreement.bound(party)}
            ranked = [(number, score) for number, score in ranked if number in bound]
        return Finding(tuple(ranked), verdict, itself=itself)

    def _looked_for(self, topic: Topic) -> tuple[Topic, dict[str, Mention]]:
        """Where a topic stands, and the topic in the spelling in which it does: as typed, or else mended."""
        words = topic.words
        if topic.asked is Asked.WITHIN:
            words = tuple(word for word in words if word not in STOP_WORDS)
            if len(words) < 2:  # "how long is it good for" would be about "long"
                return topic, {}
        if found := self._mentions.of(words):
            return topic, found
        mended = tuple(map(self._spelling.mend, words))
        found = self._mentions.of(mended) if mended != words else {}
        return (Topic(mended, topic.asked) if found else topic), found

    def _likeliest_first(self, mentions: dict[str, Mention], scores: NDArray[np.float32], party: str) -> list[Mention]:
        """What is printed as it was asked before other forms of its words, and of those the likeliest clause first."""
        bound = {clause.number for clause in self.agreement.bound(party)} if party else mentions.keys()
        score_of = dict(zip(self._labels, scores.tolist(), strict=True))
        standing = [m for m in mentions.values() if m.number in bound and m.number in score_of]
        return sorted(standing, key=lambda m: (-m.closeness, -score_of[m.number]))

    @cached_property
    def _introduced_by(self) -> list[str]:
        """The first numbered clauses that name the agreement: they say what it is."""
        numbered = [clause for clause in self.agreement.parts if clause.is_numbered]
        named = [c for c in numbered if self.agreement.about.short.casefold() in c.text.casefold()]
        return [clause.number for clause in (named or numbered)[:INTRODUCED_BY]]

    def _quiet(self, question: str, topic: Topic, scores: NDArray[np.float32]) -> float:
        """How much silence is likelier than any clause, by likeness alone; over 0 is silent.

        A frame sounds like the questions that nothing answers, so what stands in one is judged without it.
        """
        if topic.asked is not Asked.FRAMED:
            return self._voice.quiet(question, scores)
        said = self.mend(" ".join(topic.words))
        return self._voice.quiet(said, self._voice.scores(said))

    def _put_first(self, asked: list[str], scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Clauses named by number come before all others, in the order named."""
        scores = scores.copy()
        for place, number in enumerate(asked):
            scores[self._labels.index(number)] = FIRST - place / len(asked)
        return scores

    def mend(self, question: str) -> str:
        return " ".join(map(self._spelling.mend, words_of(question)))

    def explain(self, question: str, number: str) -> Explanation:
        """Which words of the question led to a clause, and the closest phrasing in its list, if any."""
        mine = [p.words for p in self.phrasebook.phrasings if p.number == number]
        closest = Index(mine, self._vocabulary).closest(question) if mine else None
        phrasing = mine[closest] if closest is not None else ""
        mentioned = self.find(question).verdict is Verdict.MENTIONS
        if not isinstance(self._voice, Taught) or number not in self._labels or mentioned:
            clause = self.agreement.clauses[number]
            stems = {stem(word) for word in words_of(f"{clause.heading} {clause.text}")}
            said = dict.fromkeys(words_of(question))
            return Explanation(tuple(w for w in said if w not in STOP_WORDS and stem(w) in stems), phrasing)
        gains = self._voice.model.evidence(self.mend(question), number)
        best = sorted((word for word, gain in gains.items() if gain > 0.02), key=lambda word: -gains[word])
        telling = [word for word in best if word not in STOP_WORDS] or best
        return Explanation(tuple(telling[:4]), phrasing)

    @cached_property
    def _silence_index(self) -> tuple[Index, list[Silence]]:
        listed = [(question, silence) for silence in self.phrasebook.silences for question in silence.questions]
        return Index([question for question, _ in listed], self._vocabulary), [silence for _, silence in listed]

    def missing_from(self, number: str) -> str:
        """What people ask near a clause that its words do not give, or "" where nobody wrote that down."""
        found = (s.missing for s in self.phrasebook.silences if s.subject == number and s.missing)
        return next(found, "")

    def silence(self, question: str) -> Silence | None:
        """The listed subject that a question without an answer is really about."""
        index, silences = self._silence_index
        typed = words_of(question)
        closest = index.alike(" ".join(topic_of(typed, typed).words), enough=SAME_SUBJECT)
        return None if closest is None else silences[closest]

    def subjects(self, message: str) -> tuple[tuple[str, Finding], ...]:
        """The sentences of a longer message that are surely about different commitments, each with its finding.

        One sentence is about one thing, and so is a story that only leads up to its question: then there are none.
        """
        said = [found[0].strip() for found in _SENTENCE.finditer(_WRAPPED.sub(" ", message))]
        if len(said) < 2:
            return ()
        committed = {clause.number for clause in self.agreement.parts if clause.party}
        found: dict[str, tuple[str, Finding]] = {}
        for sentence in said:
            if len(words_of(sentence)) < FEWEST_WORDS:
                continue
            finding = self.find(sentence)
            (number, score), (_, second) = finding.ranked[0], finding.ranked[1]
            sure = score > SURE_OF_A_SUBJECT and score - second > AHEAD
            if finding.verdict is Verdict.ANSWERS and sure and number in committed:
                found.setdefault(number, (sentence, finding))
        return tuple(found.values())[:MOST_SUBJECTS] if len(found) > 1 else ()


def is_enough(phrasebook: Phrasebook, agreement: Agreement) -> bool:
    """Whether a phrasebook teaches enough to answer from it alone."""
    return len(phrasebook.phrasings) >= ENOUGH_PHRASINGS * len(agreement.parts)


def examples(agreement: Agreement, phrasebook: Phrasebook) -> list[tuple[str, str]]:
    """What the model learns from: each clause's own words, its phrasings, and the silent questions."""
    own = [(clause.number, clause.text) for clause in agreement.parts]
    said = [(phrasing.number, phrasing.words) for phrasing in phrasebook.phrasings]
    silent = [(SILENT, question) for silence in phrasebook.silences for question in silence.questions]
    return own + said + silent


def open_search(folder: Path, kept_in: Path) -> Search:
    """The search over an agreement's folder. Raises AgreementError with file and line for what is wrong in it."""
    agreement = read_agreement(folder)
    phrasebook, problems = read_phrasebook(folder, agreement)
    laid, wrong = open_laid(folder)
    if problems or wrong:
        raise AgreementError("\n".join([*problems, *wrong]))
    return Search(agreement, phrasebook, kept_in, laid)
