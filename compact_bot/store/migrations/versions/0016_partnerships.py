"""partnerships"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partnerships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partnerships"),
    )
    # Written out, since SQLite takes a reference with a new column, and Alembic only with a whole new table.
    op.execute(
        "ALTER TABLE organisations ADD COLUMN partnership_id INTEGER "
        "CONSTRAINT fk_organisations_partnership_id REFERENCES partnerships (id)"
    )
    op.create_index("ix_organisations_partnership_id", "organisations", ["partnership_id"])
    op.add_column("organisations", sa.Column("called", sa.String(length=100), server_default="", nullable=False))
    op.add_column("organisations", sa.Column("wrong_codes", sa.Integer(), server_default="0", nullable=False))
    op.add_column("organisations", sa.Column("wrong_code_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "link_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_link_codes_organisation_id"),
        sa.ForeignKeyConstraint(["typed_by"], ["organisations.id"], name="fk_link_codes_typed_by", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_link_codes"),
        sa.UniqueConstraint("fingerprint", name="uq_link_codes_fingerprint"),
    )
    op.create_index("ix_link_codes_organisation_id", "link_codes", ["organisation_id"])
    op.create_index("ix_link_codes_typed_by", "link_codes", ["typed_by"])
    op.create_table(
        "former_numbers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("became", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_former_numbers_organisation_id"),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["organisations.id"], name="fk_former_numbers_holder_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_former_numbers"),
        sa.UniqueConstraint(
            "organisation_id", "letter", "number", name="uq_former_numbers_organisation_id_letter_number"
        ),
    )
    op.create_index("ix_former_numbers_holder_id", "former_numbers", ["holder_id"])
