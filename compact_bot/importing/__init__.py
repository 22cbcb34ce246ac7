"""The lists that people keep, read into deadlines: columns recognised, each line looked at, all of it kept or nothing."""
