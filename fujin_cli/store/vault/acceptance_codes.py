"""Acceptance codes: made of the system's randomness, kept as salted scrypt, compared in constant time.

See docs/reference/contract.md, "Acceptance code".
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fujin_cli.core.cases.case import Code
from fujin_cli.core.cases.operation import NewCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 8
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def new_code() -> NewCode:
    """A fresh code; the plain text is handed to the reporter and never kept."""
    plain = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    salt = secrets.token_hex(16)
    return NewCode(plain, salt, _scrypt(plain, salt))


def code_fits(code: Code, given: str) -> bool:
    """Whether ``given`` is the code, read as people write it: any case, lookalikes, dashes and spaces."""
    plain = given.strip().upper().translate(_LOOKALIKES)
    return hmac.compare_digest(_scrypt(plain, code.salt), code.hash)


def _scrypt(plain: str, salt: str) -> str:
    return hashlib.scrypt(plain.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32).hex()
