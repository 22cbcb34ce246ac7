"""Words are alike in meaning though they share no letters: what ranks clauses beside words and subjects in common."""

import numpy as np

from knowledge.likeness import open_likeness


def test_what_means_much_the_same_is_nearer_than_what_does_not() -> None:
    likeness = open_likeness()

    def alike(one: str, other: str) -> float:
        return float(likeness.of(one) @ likeness.of(other))

    assert alike("cops", "police") > alike("cops", "invoice")
    assert alike("the kids", "children") > alike("the kids", "rent")
    assert alike("we're broke", "money") > alike("we're broke", "soldiers")


def test_texts_without_a_known_word_are_like_nothing() -> None:
    likeness = open_likeness()
    assert not likeness.of("").any()
    assert not likeness.of("zzqqx 3.4.4").any()
    assert likeness.knows("bells")
    assert not likeness.knows("zzqqx")


def test_every_direction_of_a_text_has_length_one() -> None:
    said = open_likeness().of("how much notice before a grant ends")
    assert np.isclose(np.linalg.norm(said), 1, atol=1e-5)
