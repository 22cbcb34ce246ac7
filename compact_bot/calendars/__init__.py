"""Deadlines where people live: private addresses of calendars, and a file for each deadline."""
