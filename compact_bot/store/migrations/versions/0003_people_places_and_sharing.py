"""people places and sharing"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("route", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_places_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint(
            "organisation_id", "platform", "route", name=op.f("uq_places_organisation_id_platform_route")
        ),
    )
    with op.batch_alter_table("organisation_settings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("set_up_by", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("stopped", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("called", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("direct_route", sa.String(length=400), server_default="", nullable=False))
        batch_op.add_column(sa.Column("nudged_directly", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("is_lead", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("received_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread", sa.String(length=200), server_default="", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_threads_organisation_id_platform_route"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_threads_organisation_id_platform_route_thread"),
            ["organisation_id", "platform", "route", "thread"],
        )
