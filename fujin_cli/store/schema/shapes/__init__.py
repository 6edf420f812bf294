"""The shapes of workspace files as pydantic models: closed, described, and only about shape; references are for rules.

They follow docs/decisions/notes/0003-files-and-language.md key by key, give the JSON Schemas, and carry no data
further. pydantic is imported here and in ``store.shape_check`` alone, so that a read of unchanged files never pays
for it.
"""

import os

# A plugin that happens to be installed must not change what is valid here; looking for one costs more than all shapes.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
