"""Judge behaviour (family 3): what is unreachable, stuck, or endless?"""
