"""Judge privacy (family 5): where can the data of a case go?"""
