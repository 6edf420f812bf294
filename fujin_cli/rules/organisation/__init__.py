"""Judge the organisation (family 2): is there somebody to do what the procedures say?"""
