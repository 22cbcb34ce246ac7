"""From a learned label and the parts of a sentence to an act: a room a subject; `table` says which reads what."""
