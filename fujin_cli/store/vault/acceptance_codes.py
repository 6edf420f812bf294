"""Make and compare acceptance codes: random, stored as a salted scrypt hash (RFC 7914), compared in constant time.

See docs/reference/contract.md, "Acceptance code".
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fujin_cli.core.cases.case import Code
from fujin_cli.core.cases.operation import NewCode
from fujin_cli.core.text.half_width import to_half_width

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 8
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def new_code() -> NewCode:
    """Make a random code; its plain text is given to the reporter and is not stored."""
    plain = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    salt = secrets.token_hex(16)
    return NewCode(plain, salt, _hash_code(plain, salt))


def code_fits(code: Code, text: str) -> bool:
    """Decide whether ``text`` is the code. Case, lookalikes (``O``, ``0``), width, dashes and spaces do not matter."""
    plain = to_half_width(text).strip().upper().translate(_LOOKALIKES)
    return hmac.compare_digest(_hash_code(plain, code.salt), code.hash)


def _hash_code(plain: str, salt: str) -> str:
    return hashlib.scrypt(plain.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32).hex()
