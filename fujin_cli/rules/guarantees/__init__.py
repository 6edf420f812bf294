"""Judge guarantees (family 4): kept, violated, vacuous, or undecided?"""
