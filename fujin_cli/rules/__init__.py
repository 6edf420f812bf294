"""One file per finding code; its docstring is its documentation page. Pure."""
