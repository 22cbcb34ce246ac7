"""Run by Alembic, always on the connection that compact_bot.store.database hands over."""

from alembic import context

from compact_bot.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
