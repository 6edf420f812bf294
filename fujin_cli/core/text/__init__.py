"""Hold sentences as templates and values until a screen shows them in its language."""
