"""Judge a workspace: one module per finding code, grouped by family; its docstring is its page."""
