"""what a nudge is about, and a quick way to all that waits for one place"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nudges", sa.Column("purpose", sa.String(length=10), server_default="step", nullable=False))
    op.execute("UPDATE nudges SET purpose = 'digest' WHERE milestone_id IS NULL AND feedback_id IS NULL")
    op.execute("UPDATE nudges SET purpose = 'news' WHERE feedback_id IS NOT NULL")
