"""Somebody at this machine's pages and in its terminal is one person

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TWIN = (
    "EXISTS (SELECT 1 FROM people AS twin WHERE twin.organisation_id = people.organisation_id "
    "AND twin.person_id = people.person_id AND twin.platform = "
)


def upgrade() -> None:
    op.execute(
        f"UPDATE people SET is_lead = true WHERE platform = 'console' AND {_TWIN}'web' AND twin.is_lead)"  # noqa: S608
    )
    op.execute(f"UPDATE people SET platform = 'console' WHERE platform = 'web' AND NOT {_TWIN}'console')")  # noqa: S608
    for table in ("changes", "feedback", "imports"):
        op.execute(f"UPDATE {table} SET platform = 'console' WHERE platform = 'web'")  # noqa: S608  # our own names


def downgrade() -> None:
    """They stay one: who did what where is not known any more."""
