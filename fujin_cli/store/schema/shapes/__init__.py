"""Define the shapes of workspace files as pydantic models: closed, described, and without checks of references.

They follow docs/decisions/notes/0003-files-and-language.md key by key and are the source of the JSON Schemas; the data
itself stays in plain trees. pydantic is imported only here and in ``schema.recover``, so that reading unchanged files
does not pay for it.
"""

import os

# An installed plugin of pydantic must not change what is valid; searching for plugins costs more than all shapes.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
