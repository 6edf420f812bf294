"""What each template of guarantees means: a formula over finite traces, evaluated recursively from its definition.

Written from docs/explanation/verification.md and docs/decisions/notes/0007-guarantees.md alone; nothing here
knows of monitors. A trace is a list of events, each a set of the letters a, b, c, r (``since``), x (``except``) and
stays (at the end it stood at).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

Trace = Sequence[frozenset[str]]
Formula = Callable[[Trace, int], bool]


def p(letter: str) -> Formula:
    return lambda t, i: letter in t[i]


def no(f: Formula) -> Formula:
    return lambda t, i: not f(t, i)


def both(*fs: Formula) -> Formula:
    return lambda t, i: all(f(t, i) for f in fs)


def either(*fs: Formula) -> Formula:
    return lambda t, i: any(f(t, i) for f in fs)


def implies(f: Formula, g: Formula) -> Formula:
    return either(no(f), g)


def after(f: Formula) -> Formula:  # strong next
    return lambda t, i: i + 1 < len(t) and f(t, i + 1)


def before(f: Formula) -> Formula:  # strong yesterday
    return lambda t, i: i > 0 and f(t, i - 1)


def until(f: Formula, g: Formula) -> Formula:
    def holds(t: Trace, i: int) -> bool:
        return i < len(t) and (g(t, i) or (f(t, i) and holds(t, i + 1)))

    return holds


def since(f: Formula, g: Formula) -> Formula:
    def holds(t: Trace, i: int) -> bool:
        return i >= 0 and (g(t, i) or (f(t, i) and holds(t, i - 1)))

    return holds


def true(t: Trace, i: int) -> bool:
    return True


def some(f: Formula) -> Formula:
    return until(true, f)


def always(f: Formula) -> Formula:
    return no(some(no(f)))


def once(f: Formula) -> Formula:
    return since(true, f)


A, B, C, R, X = (p(letter) for letter in "abcrx")


def at_least(count: int) -> Formula:
    return some(A if count == 1 else both(A, after(at_least(count - 1))))


def false(t: Trace, i: int) -> bool:
    return False


def fresh(count: int, reset: Formula) -> Formula:
    """So many a's since the last reset; an event that is both counts."""
    return since(no(reset), A if count == 1 else both(A, no(reset), before(fresh(count - 1, reset))))


def unused(count: int, reset: Formula = false) -> Formula:
    """At a b: so many a's since the last reset and after the b before."""
    here = A if count == 1 else both(A, no(reset), before(_unused_before(count - 1, reset)))
    return either(here, both(no(reset), before(_unused_before(count, reset))))


def _unused_before(count: int, reset: Formula) -> Formula:
    here = A if count == 1 else both(A, no(reset), before(_unused_before(count - 1, reset)))
    return since(both(no(B), no(reset)), both(no(B), here))


def together(one: Formula, other: Formula) -> Formula:
    return both(always(implies(one, some(other))), always(implies(other, once(one))))


ALL = (A, B, C)
PAIRS = [both(some(f), some(g)) for f, g in combinations(ALL, 2)]
ENDS_WITH = some(both(A, no(p("stays")), no(after(some(no(p("stays")))))))
FORMULAS: dict[str, tuple[str, Formula]] = {  # YAML of the guarantee → its meaning
    "{eventually: a}": ("a", some(A)),
    "{at_least: {a: 2}}": ("a", at_least(2)),
    "{never: a}": ("a", no(some(A))),
    "{at_most: {a: 2}}": ("a", no(at_least(3))),
    "{exactly: {a: 2}}": ("a", both(at_least(2), no(at_least(3)))),
    "{first: a}": ("a", A),
    "{last: a}": ("a", ENDS_WITH),
    "{one_of: [a, b, c]}": ("abc", either(some(A), some(B), some(C))),
    "{exactly_one_of: [a, b, c]}": ("abc", both(either(*map(some, ALL)), no(either(*PAIRS)))),
    "{both_or_neither: [a, b, c]}": ("abc", either(both(*map(some, ALL)), no(either(*map(some, ALL))))),
    "{never_both: [a, b, c]}": ("abc", no(either(*PAIRS))),
    "{if: a, also: b}": ("ab", implies(some(A), some(B))),
    "{after: a, eventually: b}": ("ab", always(implies(A, some(B)))),
    "{after_each: a, eventually: b}": ("ab", always(implies(A, either(B, after(until(no(A), B)))))),
    "{after: a, next: b}": ("ab", always(implies(A, after(B)))),
    "{after: a, not_next: b}": ("ab", always(implies(A, no(after(B))))),
    "{after: a, never: b}": ("ab", always(implies(A, no(after(some(B)))))),
    "{before: b, require: a}": ("ab", always(implies(B, once(A)))),
    "{before: b, require: a, times: 2}": ("ab", always(implies(B, fresh(2, false)))),
    "{before: b, require: a, since: r}": ("abr", always(implies(B, since(no(R), A)))),
    "{before: b, require: a, since: r, times: 2}": ("abr", always(implies(B, fresh(2, R)))),
    "{before: b, previous: a}": ("ab", always(implies(B, before(A)))),
    "{before_each: b, require: a}": ("ab", always(implies(B, unused(1)))),
    "{before_each: b, require: a, since: r}": ("abr", always(implies(B, unused(1, R)))),
    "{before_each: b, require: a, times: 2}": ("ab", always(implies(B, unused(2)))),
    "{always_together: [a, b]}": ("ab", together(A, B)),
    "{always_together: [a, b, c]}": ("abc", both(together(A, B), together(B, C))),
    "{after: a, eventually: b, except: x}": ("abx", either(some(X), always(implies(A, some(B))))),
    "{before: b, require: a, except: x}": ("abx", either(some(X), always(implies(B, once(A))))),
    "{last: a, except: x}": ("ax", either(some(X), ENDS_WITH)),
}
