"""what a nudge is about, and a quick way to all that waits for one place"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nudges", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=10), server_default="step", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_nudges_milestone_id_platform_route_planned_for"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_nudges_milestone_id_platform_route_planned_for_purpose"),
            ["milestone_id", "platform", "route", "planned_for", "purpose"],
        )
    pending = sa.text("state IN ('waiting', 'sending')")
    op.create_index("ix_nudges_place", "nudges", ["route"], sqlite_where=pending, postgresql_where=pending)
    op.execute("UPDATE nudges SET purpose = 'digest' WHERE milestone_id IS NULL AND feedback_id IS NULL")
    op.execute("UPDATE nudges SET purpose = 'news' WHERE feedback_id IS NOT NULL")
