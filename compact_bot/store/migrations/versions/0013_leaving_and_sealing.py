"""when an organisation left, in which month a person was seen, room for sealed tokens, and what is watched"""

import sqlalchemy as sa
from alembic import op

from compact_bot.store.tables import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SEALED = {
    "slack_bots": ("bot_token", "bot_refresh_token"),
    "slack_installations": (
        "bot_token",
        "bot_refresh_token",
        "user_token",
        "user_refresh_token",
        "incoming_webhook_url",
        "incoming_webhook_configuration_url",
    ),
}


def upgrade() -> None:
    op.add_column("organisations", sa.Column("left_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("seen_in", sa.Date(), nullable=True))
    op.add_column("nudges", sa.Column("trace", sa.String(length=16), server_default="", nullable=False))
    op.create_table(
        "heartbeats",
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("beat_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeats")),
    )
    # Whoever is known today counts from today: nobody is forgotten for having spoken before this was kept.
    op.execute(
        "UPDATE people SET seen_in = CAST(date_trunc('month', CURRENT_DATE) AS DATE)"
        if op.get_bind().dialect.name == "postgresql"
        else "UPDATE people SET seen_in = date('now', 'start of month')"
    )
    for table, columns in _SEALED.items():
        with op.batch_alter_table(table) as altered:
            for column in columns:
                altered.alter_column(column, type_=sa.Text(), existing_type=sa.String(200))
