"""The lists that people keep, read into deadlines: columns known by name, each line looked at, all kept or nothing."""
