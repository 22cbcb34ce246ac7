"""one history of changes, owners and leads as people, what was asked back as an act"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# A name becomes a person only where exactly one person of the organisation is called so.
_PERSON = (
    "UPDATE {table} SET {column}_id = (SELECT MIN(people.id) FROM people"
    " WHERE people.organisation_id = {table}.organisation_id AND LOWER(people.name) = LOWER({table}.{column})"
    " HAVING COUNT(*) = 1) WHERE {column} <> ''"
)
_KEPT = ("who", "person_id", "platform", "at", "what", "before", "undone")


def upgrade() -> None:
    # Written out, since SQLite takes a reference with a new column, and Alembic only with a whole new table, whose
    # making would take the deadlines' milestones with it.
    op.execute(
        "ALTER TABLE deadlines ADD COLUMN owner_id INTEGER CONSTRAINT fk_deadlines_owner_id REFERENCES people (id)"
    )
    op.add_column("deadlines", sa.Column("snoozed_until", sa.Date(), nullable=True))
    with op.batch_alter_table("organisation_settings", schema=None) as batch_op:
        batch_op.alter_column("digest_weekday", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("lead_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_organisation_settings_lead_id"), "people", ["lead_id"], ["id"])
        batch_op.add_column(sa.Column("stopped_by", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("stopped_on", sa.Date(), nullable=True))
    op.execute(_PERSON.format(table="deadlines", column="owner"))
    op.execute(_PERSON.format(table="organisation_settings", column="lead"))
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("deadline", sa.Integer(), server_default="0", nullable=False))
        batch_op.drop_column("waiting_for_side")
        batch_op.drop_column("waiting_for_yes")
    _one_history()


def _one_history() -> None:
    op.execute("CREATE TABLE earlier_changes AS SELECT * FROM changes")
    op.drop_table("changes")
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("feedback_id", sa.Integer(), nullable=True),
        sa.Column("part_of", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_changes_organisation_id")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_changes_deadline_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_changes_feedback_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["part_of"], ["changes.id"], name=op.f("fk_changes_part_of"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    for column in ("organisation_id", "deadline_id", "feedback_id"):
        op.create_index(op.f(f"ix_changes_{column}"), "changes", [column])
    _copy("earlier_changes", "deadlines", "deadline_id", with_id=True)
    if op.get_bind().dialect.name == "postgresql":
        last = "(SELECT COALESCE(MAX(id), 0) + 1 FROM changes)"
        op.execute(f"SELECT setval(pg_get_serial_sequence('changes', 'id'), {last}, false)")
    _copy("feedback_changes", "feedback", "feedback_id", with_id=False)
    op.drop_table("earlier_changes")
    op.drop_table("feedback_changes")


def _copy(earlier: str, subject: str, key: str, with_id: bool) -> None:
    columns = [*(["id"] if with_id else []), key, *_KEPT]
    op.execute(
        f"INSERT INTO changes (organisation_id, {', '.join(columns)})"  # noqa: S608  # names of our own
        f" SELECT {subject}.organisation_id, {', '.join(f'{earlier}.{column}' for column in columns)}"
        f" FROM {earlier} JOIN {subject} ON {subject}.id = {earlier}.{key} ORDER BY {earlier}.id"
    )
