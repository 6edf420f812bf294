"""Judge references (family 1): does each name stand for something of the right kind?"""
