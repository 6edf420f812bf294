"""Make and compare acceptance codes before a lock is taken."""

from __future__ import annotations

from fujin_cli.core.cases.case import Code
from fujin_cli.core.cases.operation import NewCode, NotPrepared
from fujin_cli.store.vault.acceptance_codes import code_fits, new_code


class PreparedCodes:
    """Make and compare acceptance codes while no lock is held, because scrypt takes some 50 ms.

    Inside a transaction they are only looked up; one that is missing raises NotPrepared.
    """

    def __init__(self) -> None:
        self._codes: list[NewCode] = []
        self._taken = 0
        self._fits: dict[tuple[str, str, str], bool] = {}

    def begin(self) -> None:
        """Begin another attempt of a transaction: the codes of the one before were given to nobody."""
        self._taken = 0

    def take_code(self) -> NewCode:
        """Take the next new code."""
        if self._taken == len(self._codes):
            raise NotPrepared(self.make_code)
        self._taken += 1
        return self._codes[self._taken - 1]

    def code_fits(self, code: Code, text: str) -> bool:
        """Decide whether ``text`` is the code."""
        key = (code.salt, code.hash, text)
        if key not in self._fits:
            raise NotPrepared(lambda: self._compare(code, text))
        return self._fits[key]

    def make_code(self) -> None:
        """Make one more new code."""
        self._codes.append(new_code())

    def _compare(self, code: Code, text: str) -> None:
        self._fits[code.salt, code.hash, text] = code_fits(code, text)
