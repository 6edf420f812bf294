"""Change configuration files: new workspaces, new units, and ids that get another name."""
