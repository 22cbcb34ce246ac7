"""Who sees whose records is said in one place; what compares the organisation itself is listed, with its reason."""

import ast

from tests.conftest import ROOT

SHARED = {"Deadline", "Feedback"}
# file, function: why this is an organisation's own, or of none in particular
OWN = {
    ("compact_bot/store/scope.py", "of_its_records"): "the place itself",
    ("compact_bot/store/scope.py", "of_others_people"): "the place itself",
    ("compact_bot/partnership/linking.py", "_name_nobody_of_others"): "as partners part",
    ("compact_bot/deadlines/tracking.py", "own_open"): "nudges and closed days are planned for one's own",
    ("compact_bot/deadlines/tracking.py", "_insert"): "rows that were just made",
    ("compact_bot/deadlines/board.py", "_owners"): "names to sift by are of one's own people",
    ("compact_bot/deadlines/owners.py", "owners_named"): "whom a nudge calls on",
    ("compact_bot/feedback/lists.py", "list_feedback"): "what the person logged",
    ("compact_bot/feedback/log.py", "_same_as"): "the same person twice",
    ("compact_bot/nudges/stale.py", "how_it_ended"): "a nudge's own deadline",
    ("compact_bot/nudges/queue.py", "_all_open"): "the digest is of one's own",
    ("compact_bot/nudges/queue.py", "_said_since"): "nudges that were sent",
    ("compact_bot/nudges/waiting.py", "waiting_feedback"): "leads hear alone of what their own people logged",
    ("compact_bot/privacy/subject.py", "is_owner"): "a person is of one organisation",
    ("compact_bot/privacy/subject.py", "is_of"): "what is to be forgotten is one's own",
    ("compact_bot/privacy/retention.py", "_delete_deadlines"): "whose turn is taken",
}


class Comparisons(ast.NodeVisitor):
    """Where `Deadline.organisation_id` or `Feedback.organisation_id` stands outside a call of `shared`."""

    def __init__(self) -> None:
        self.functions: list[str] = []
        self.found: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.functions.append(node.name)
        self.generic_visit(node)
        self.functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        if not (isinstance(node.func, ast.Name) and node.func.id == "shared"):
            self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr == "organisation_id" and isinstance(node.value, ast.Name) and node.value.id in SHARED:
            self.found.add(self.functions[-1] if self.functions else "")
        self.generic_visit(node)


def test_whose_deadlines_and_feedback_are_read_is_said_in_one_place() -> None:
    found = set()
    for room in ("compact_bot", "adapters"):
        for file in (ROOT / room).rglob("*.py"):
            if "migrations" in file.parts:
                continue
            compared = Comparisons()
            compared.visit(ast.parse(file.read_text(encoding="utf-8")))
            found |= {(str(file.relative_to(ROOT)), function) for function in compared.found}
    assert found == set(OWN)


def test_who_is_a_partner_is_asked_of_the_database_alone() -> None:
    """An organisation's row is kept by the bot for long: whom it shares with is never read from that."""
    reads = {
        str(file.relative_to(ROOT))
        for room in ("compact_bot", "adapters")
        for file in (ROOT / room).rglob("*.py")
        if "partnership_id" in file.read_text(encoding="utf-8") and "migrations" not in file.parts
    }
    assert reads == {
        "compact_bot/store/tables.py",
        "compact_bot/store/scope.py",
        "compact_bot/store/records.py",
        "compact_bot/partnership/linking.py",
        "compact_bot/partnership/handlers.py",
    }
