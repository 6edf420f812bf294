"""Declare the options of a command as the fields of a dataclass, where they are too many for a list of parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

from fujin_cli.commands.common.console import Console

Group = TypeVar("Group")
Result = TypeVar("Result")


def takes_options(group: type[Group]) -> Callable[[Callable[[Console, Group], Result]], Callable[..., Result]]:
    """Let a command take the fields of ``group`` as its options, and its function take one ``group`` of them."""

    def decorate(function: Callable[[Console, Group], Result]) -> Callable[..., Result]:
        def run(console: Console, **values: Any) -> Result:
            return function(console, group(**values))

        console = inspect.Parameter("console", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [console, *inspect.signature(group).parameters.values()]
        )
        run.__annotations__ = get_type_hints(group, include_extras=True)
        run.__name__ = function.__name__
        return run

    return decorate
