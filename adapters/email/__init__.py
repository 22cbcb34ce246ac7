"""E-mail as a place of nudges: for those who live neither in Slack nor in Teams."""
