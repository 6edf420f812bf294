"""Load a workspace from its folder, from git revisions, or from the template."""
