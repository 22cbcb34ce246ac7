"""How the Compact was kept: logged in a line, followed through, and gathered in the yearly review."""
