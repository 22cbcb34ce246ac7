"""The agreement, and how a question finds its clause. Knows nothing of chat, databases or clocks."""
