"""What tests of more than one folder share: workspaces, cases, random things to draw, and programs to run."""
