"""agreements and editions"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = (
    ("organisation_settings", "agreement"),
    ("deadlines", "edition"),
    ("feedback", "edition"),
    ("taught_phrasings", "edition"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(length=100), server_default="", nullable=False))
