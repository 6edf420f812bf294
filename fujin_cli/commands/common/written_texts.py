"""Check texts of the command line that events keep as they are: remarks and request ids."""

from __future__ import annotations

from fujin_cli.core.model.values import LONGEST_TEXT
from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.session import WrongUsage


def trim_remark(text: str) -> str:
    """Return a remark without the blanks around it. Raises WrongUsage for an empty or a very long one."""
    remark = text.strip()
    if not remark:
        raise WrongUsage(say("the remark is empty"))
    if len(remark) > LONGEST_TEXT:
        raise WrongUsage(
            say("a remark has at most {most} characters; this one has {count}", most=LONGEST_TEXT, count=len(remark)),
            say("attach a longer text as a file: `fujin case attach CASE FILE`"),
        )
    return remark


def refuse_long_request_id(id: str, most: int) -> WrongUsage:
    """Make the error for a request id that the ledger does not take."""
    return WrongUsage(say("a request id has at most {most} characters; this one has {count}", most=most, count=len(id)))
