"""From what somebody typed, pressed or filled in to one act: understood once, carried as a value ever after."""
