"""questions counted by agreement

Two agreements have clauses of the same number: a question near 3.4.4 of the one is no question near 3.4.4 of the other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BEFORE = "uq_question_counts_organisation_id_month_verdict_clause_subject"
COLUMNS = ["organisation_id", "month", "verdict", "clause", "subject", "edition"]


def upgrade() -> None:
    with op.batch_alter_table("question_counts") as table:
        table.add_column(sa.Column("edition", sa.String(length=100), server_default="", nullable=False))
        table.drop_constraint(BEFORE, type_="unique")
        table.create_unique_constraint("uq_question_counts_of_a_month", COLUMNS)
