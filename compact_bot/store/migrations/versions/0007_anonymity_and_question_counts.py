"""anonymity and question counts

Entries to come lose what tells their order. What was asked in vain becomes counts; its words are forgotten, since which
of them were asked of the assistant alone is not known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_question_counts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_counts")),
        sa.UniqueConstraint(
            "organisation_id",
            "month",
            "verdict",
            "clause",
            "subject",
            name=op.f("uq_question_counts_organisation_id_month_verdict_clause_subject"),
        ),
    )
    _count_what_was_asked()
    if op.get_bind().dialect.name == "sqlite":
        _without_row_numbers()


def _count_what_was_asked() -> None:
    connection = op.get_bind()
    asked = sa.table(
        "asked_questions",
        *(sa.column(name) for name in ("organisation_id", "verdict", "times")),
        sa.column("asked_on", sa.Date()),
    )
    counts: dict[tuple[object, ...], int] = {}
    for row in connection.execute(sa.select(asked)):
        key = (row.organisation_id, row.asked_on.replace(day=1), row.verdict)
        counts[key] = counts.get(key, 0) + row.times
    kept = sa.table(
        "question_counts",
        *(sa.column(name) for name in ("organisation_id", "verdict", "clause", "subject", "times")),
        sa.column("month", sa.Date()),
    )
    for (organisation, month, verdict), times in counts.items():
        values = {"organisation_id": organisation, "month": month, "verdict": verdict, "times": times}
        connection.execute(sa.insert(kept).values(**values, clause="", subject=""))
    connection.execute(sa.delete(asked))


def _without_row_numbers() -> None:
    """The same table, kept by its key: made anew, since SQLite cannot change that of a table."""
    op.rename_table("feedback_clauses", "feedback_clauses_before")
    op.create_table(
        "feedback_clauses",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_clauses_feedback_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feedback_id", "clause", name=op.f("pk_feedback_clauses")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "insert into feedback_clauses (feedback_id, clause, place) "
        "select feedback_id, clause, place from feedback_clauses_before"
    )
    op.drop_table("feedback_clauses_before")
