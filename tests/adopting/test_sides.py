"""Who is bound, in all the forms in which agreements say it; where it cannot be told, nobody."""

import pytest

from knowledge.adopting.sides import settle, sides_in, subjects_of

HEADINGS = [
    ("Council Undertakings", "Council"),
    ("The Tenant's obligations", "Tenant"),
    ("The Tenants’ responsibilities", "Tenants"),
    ("Commitments by the Statutory Sector", "Statutory Sector"),
    ("Commitments to be made by Marstow Town Council", "Marstow Town Council"),
    ("UNDERTAKINGS OF THE HEALTH BOARD", "HEALTH BOARD"),
    ("In signing this the Council undertakes to", "Council"),
    ("In signing this Charter, the Parish Councils agree to:", "Parish Councils"),
    ("In return, community groups agree to:", "community groups"),
    ("The Council, the Police and the Fire Service will:", "Council, the Police and the Fire Service"),
    ("What the Borough Council will do", "Borough Council"),
    ("What we expect of providers", "providers"),
    ("Each Community Council shall:", "Community Council"),
    ("The London Borough of Sutton will:", "London Borough of Sutton"),
    ("Voluntary organisations are responsible for:", "Voluntary organisations"),
    ("Public sector undertakings for volunteers", "Public sector"),
    ("Statutory partners will ensure that", "Statutory partners"),
    ("Citizens Advice will:", "Citizens Advice"),
    ("As a landlord, the Council will:", "Council"),
]


@pytest.mark.parametrize(("text", "side"), HEADINGS)
def test_headings_and_lead_ins_name_a_side(text: str, side: str) -> None:
    assert sides_in(text) == side


@pytest.mark.parametrize(
    "text",
    [
        "We will:",
        "Both tiers will:",
        "All partners agree to:",
        "Shared commitments",
        "Organisations who have signed up to the Local Compact will:",
        "TOGETHER, THE COMPACT WILL",
        "UNDERTAKINGS OF PARTNERS",
        "All councils will:",
    ],
)
def test_what_everybody_promises_binds_no_side_in_particular(text: str) -> None:
    assert sides_in(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Funding",
        "Consultation and policy",
        "What is a Compact?",
        "Our vision",
        "The role of volunteers",
        "Commitments on Funding",
        "Monitoring and Evaluation will:",
    ],
)
def test_other_headings_bind_nobody(text: str) -> None:
    assert sides_in(text) is None


SENTENCES = [
    ("A minute of each meeting of the Council will be on the web.", [None]),
    ("Circulars will be sent out each month by the County Council in two languages.", ["County Council"]),
    ("A parish which runs a service will publish its accounts.", ["parish"]),
    ("The Mayor and the Chair of the Groups' Forum will decide.", [""]),
    ("Parishes will answer within 21 days.", ["Parishes"]),
    ("The District Council will, where it can, send plans.", ["District Council"]),
    ("Where it objects, the Council will say why.", ["Council"]),
    ("The Council will give notice. Groups will reply in 28 days.", ["Council", "Groups"]),
    ("Both partners will release staff.", [""]),
    ("Parishes will be told within 10 days.", []),
    ("Groups will be given twelve weeks to reply.", []),
    ("Groups will receive reasons in writing.", []),
    ("They will also tell the Board.", []),
    ("This Compact will be read each year.", []),
    ("A reply will be given within 15 working days.", []),
    ("Changes to the Council will be published.", []),
    ("Any decision by the Council will stand.", [None]),
    ("Government should expect civil society to be honest.", []),
    ("Disputes will go to the panel.", [None]),
]


@pytest.mark.parametrize(("text", "sides"), SENTENCES)
def test_the_subject_of_a_sentence_is_bound_unless_something_is_done_to_it(text: str, sides: list[str | None]) -> None:
    assert subjects_of(text) == sides


def test_one_side_goes_by_one_name() -> None:
    sides = settle(["Parish Councils", "Parish Councils", "Parishes", "the Hill District Council", "Council"])
    assert sides.name("Parishes") == "Parish Councils"
    assert sides.name("the Hill District Council") == sides.name("Council") == "Council"


def test_two_sides_that_are_bound_apart_are_both_bound_by_one_name() -> None:
    sides = settle(["Council", "Parish Councils", "Council and the Parish Councils", "Council and Health Board"])
    assert sides.name("Council and the Parish Councils") == ""
    assert sides.name("Council and Health Board") == "Council and Health Board"
