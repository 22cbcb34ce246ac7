"""Acts are stored and pressed as JSON. What is made up, damaged or of another version is refused, and nothing else."""

import json
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compact_bot.understanding import acts
from compact_bot.understanding.acts import Act, Ask, Done, OpenForm, UnreadableActError, from_json, to_json
from compact_bot.understanding.waiting import Choice, Waiting
from tests.understanding.acts_of_all_kinds import ACTS, texts

FIXED_BUDGET = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
EVERY = {**ACTS, Ask: texts.map(Ask)}
OF_EVERY_KIND = st.one_of(*EVERY.values())
WRONG = (None, True, -1, 1.5, "x", "2027-02-31", [], ["x"], [[]], {}, {"name": 1})
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(WRONG))
flat = st.one_of(scalars, st.lists(scalars, max_size=3))
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


def is_refused(stored: str) -> bool:
    """Whether it is no act; any other error than that of an unreadable act is a fault, and any act is one we know."""
    try:
        act = from_json(stored)
    except UnreadableActError:
        return True
    assert type(act) in acts.ACTS.values()
    return False


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
@FIXED_BUDGET
@given(data=st.data())
def test_an_act_is_the_same_after_storing(kind: type[Act], data: st.DataObject) -> None:
    act = data.draw(EVERY[kind])
    assert from_json(to_json(act)) == act


def test_what_a_form_holds_already_is_stored_with_it() -> None:
    act = OpenForm("track", "payment", (("title", 'The "big" grant'), ("due", "2027-03-31")))
    assert from_json(to_json(act)) == act


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "null",
        "[]",
        '"Done"',
        "5",
        "NaN",
        "{",
        "{}",
        "\ud800",
        "[" * 100_000,
        '{"a":' * 100_000,
        "1" * 10_000,
        '{"v":1}',
        '{"act":"Undo"}',
        '{"v":1,"act":"Destroy"}',
        '{"v":1,"act":null}',
        '{"v":1,"act":["Undo"]}',
        '{"v":1,"act":{"Undo":1}}',
        '{"v":1,"act":"undo"}',
        '{"v":0,"act":"Undo"}',
        '{"v":2,"act":"Undo"}',
        '{"v":"1","act":"Undo"}',
        '{"v":[1],"act":"Undo"}',
        '{"v":null,"act":"Undo"}',
        '{"v":1,"act":"Done"}',
        '{"v":1,"act":"Done","numbers":"1"}',
        '{"v":1,"act":"Done","numbers":[1.5]}',
        '{"v":1,"act":"Done","numbers":["D1"]}',
        '{"v":1,"act":"Done","numbers":[1],"on":"tomorrow"}',
        '{"v":1,"act":"Done","numbers":[1],"on":"2027-02-31"}',
        '{"v":1,"act":"Done","numbers":[1],"sure":"yes"}',
        '{"v":1,"act":"List","which":"everything"}',
        '{"v":1,"act":"SetOwner","numbers":[1],"owner":"Ben"}',
        '{"v":1,"act":"Track","kind":"other","title":"x","given":{"date":"2027-01-01"}}',
        '{"v":1,"act":"ACTS"}',
        '{"v":1,"act":"__class__"}',
    ],
    ids=lambda stored: stored[:50].encode("ascii", "replace").decode() or "nothing",
)
def test_what_is_no_act_of_this_program_is_refused(stored: str) -> None:
    assert is_refused(stored)


@FIXED_BUDGET
@given(OF_EVERY_KIND)
def test_in_brief_it_is_the_same_act(act: Act) -> None:
    assert acts.from_builtins(acts.in_brief(act)) == act


@FIXED_BUDGET
@given(st.one_of(st.text(max_size=200), anything.map(json.dumps)))
def test_garbage_is_refused(stored: str) -> None:
    assert is_refused(stored)


@FIXED_BUDGET
@given(OF_EVERY_KIND, st.integers(0, 5), anything)
def test_another_version_is_refused(act: Act, field: int, version: object) -> None:
    stored = json.loads(to_json(act))
    stored["v"] = version
    assert is_refused(json.dumps(stored)) or version == acts.VERSION


@pytest.mark.parametrize("kind", [kind for kind in EVERY if fields(kind)], ids=lambda kind: kind.__name__)
@settings(FIXED_BUDGET, max_examples=30)
@given(data=st.data())
def test_a_field_of_a_wrong_type_is_refused(kind: type[Act], data: st.DataObject) -> None:
    act = data.draw(EVERY[kind])
    field = data.draw(st.sampled_from(fields(kind))).name
    stored = json.loads(to_json(act))
    stored[field] = data.draw(flat)
    if not is_refused(json.dumps(stored)):
        kept = json.loads(to_json(from_json(json.dumps(stored))))[field]
        assert kept == stored[field]


@pytest.mark.parametrize("kind", [kind for kind in EVERY if fields(kind)], ids=lambda kind: kind.__name__)
@settings(FIXED_BUDGET, max_examples=10)
@given(data=st.data())
def test_an_act_without_a_field_that_it_needs_is_refused(kind: type[Act], data: st.DataObject) -> None:
    stored = json.loads(to_json(data.draw(EVERY[kind])))
    first = fields(kind)[0]
    del stored[first.name]
    needed = first.default is first.default_factory
    assert is_refused(json.dumps(stored)) is needed


@FIXED_BUDGET
@given(st.lists(OF_EVERY_KIND, min_size=1, max_size=4), st.lists(texts, max_size=3))
def test_what_waits_is_the_same_after_storing(several: list[Act], labels: list[str]) -> None:
    choices = tuple(Choice(label, act) for label, act in zip(labels, several, strict=False))
    waiting = Waiting(several[0], ("title", "ends"), choices)
    assert Waiting.from_json(waiting.to_json()) == waiting


@pytest.mark.parametrize(
    "damage", ["", "null", "[]", "{}", '{"act":{}}', '{"act":5,"missing":[],"choices":[]}', "[" * 99]
)
def test_what_waits_in_another_shape_is_nothing_that_waits(damage: str) -> None:
    assert Waiting.from_json(damage) is None


@FIXED_BUDGET
@given(st.data())
def test_damaged_waiting_raises_nothing(data: st.DataObject) -> None:
    stored = json.loads(Waiting(Done((1,)), ("step",), (Choice("Yes", Done((1,), "all")),)).to_json())
    stored[data.draw(st.sampled_from(("act", "missing", "choices")))] = data.draw(anything)
    Waiting.from_json(json.dumps(stored))
