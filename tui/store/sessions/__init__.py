"""Sessions as files: reading, writing, checking, mending, and seeing what other hands do to them."""
