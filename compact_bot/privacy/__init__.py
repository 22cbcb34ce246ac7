"""What is kept of people and organisations: shown to whom it is about, and erased when they wish or in time."""
