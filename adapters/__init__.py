"""The doors. Only compact_bot.assemble and the command line know them."""
