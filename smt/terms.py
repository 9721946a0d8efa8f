"""Terms: linear real terms with rational coefficients, and Boolean terms over comparisons of them and of squares.

Terms are immutable and compare by structure; ``==`` is not an equation, ``equal`` is. Names are free here:
what they stand for is settled by the declarations of a script (script.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from smt.errors import TermError

Relation = Literal["<", "<=", "=", ">=", ">"]
RELATIONS: tuple[Relation, ...] = ("<", "<=", "=", ">=", ">")

#: Shared, so that most tests for them are tests of identity.
ZERO = Fraction(0)
ONE = Fraction(1)


def _exact(value: int | Fraction) -> Fraction:
    if type(value) is Fraction:
        return value
    if type(value) is int:
        return Fraction(value) if value else ZERO
    raise TermError(f"{value!r} is no exact number; give an int or a Fraction")


@dataclass(frozen=True, slots=True)
class Linear:
    """The real term sum(coefficient * name for name, coefficient in terms) + constant.

    Every name occurs once, every coefficient is nonzero; the operators and ``total`` see to that. The order
    of the summands is kept, so that printed scripts look the way they were built.
    """

    terms: tuple[tuple[str, Fraction], ...]
    constant: Fraction = ZERO

    def __add__(self, other: Linear | int | Fraction) -> Linear:
        if not isinstance(other, Linear):
            return Linear(self.terms, self.constant + _exact(other))
        sums = dict(self.terms)
        for name, coefficient in other.terms:
            sums[name] = sums.get(name, ZERO) + coefficient
        kept = tuple((name, coefficient) for name, coefficient in sums.items() if coefficient)
        return Linear(kept, self.constant + other.constant)

    def __mul__(self, factor: int | Fraction) -> Linear:
        scale = _exact(factor)
        if not scale:
            return Linear(())
        return Linear(tuple((name, c * scale) for name, c in self.terms), self.constant * scale)

    def __neg__(self) -> Linear:
        return self * -1

    def __sub__(self, other: Linear | int | Fraction) -> Linear:
        return self + (other * -1 if isinstance(other, Linear) else -_exact(other))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: int | Fraction) -> Linear:
        return self * -1 + other

    def __lt__(self, other: Linear | int | Fraction) -> Compare:
        return Compare("<", self, _linear(other))

    def __le__(self, other: Linear | int | Fraction) -> Compare:
        return Compare("<=", self, _linear(other))

    def __gt__(self, other: Linear | int | Fraction) -> Compare:
        return Compare(">", self, _linear(other))

    def __ge__(self, other: Linear | int | Fraction) -> Compare:
        return Compare(">=", self, _linear(other))


#: The constant term 0, shared: it stands in most comparisons.
NIL = Linear(())


def _linear(value: Linear | int | Fraction) -> Linear:
    if isinstance(value, Linear):
        return value
    exact = _exact(value)
    return Linear((), exact) if exact else NIL


def number(value: int | Fraction) -> Linear:
    """The constant real term ``value``; TermError for a float."""
    return _linear(_exact(value))


def real(name: str) -> Linear:
    """The real term that is one name, declared or defined elsewhere."""
    return Linear(((name, ONE),))


def total(summands: Iterable[tuple[str, Fraction]], constant: Fraction = ZERO) -> Linear:
    """sum(coefficient * name) + constant; names may repeat, zero coefficients fall away."""
    pairs = [(name, c) for name, c in summands if c]
    sums = dict(pairs)
    if len(sums) < len(pairs):
        return sum((Linear((pair,)) for pair in pairs), Linear((), constant))
    return Linear(tuple(pairs), constant)


@dataclass(frozen=True, slots=True)
class Compare:
    """The Boolean term ``left relation right``."""

    relation: Relation
    left: Linear
    right: Linear


@dataclass(frozen=True, slots=True)
class SquareAtMost:
    """The Boolean term ``root * root <= bound``: the only one that is not linear, for sums of squares."""

    root: Linear
    bound: Linear


@dataclass(frozen=True, slots=True)
class Variable:
    """The Boolean term that is one declared name."""

    name: str


@dataclass(frozen=True, slots=True)
class Truth:
    """true or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The negation of ``argument``."""

    argument: Boolean


@dataclass(frozen=True, slots=True)
class And:
    """A conjunction of two or more terms (``conjunction`` takes any number)."""

    arguments: tuple[Boolean, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """A disjunction of two or more terms (``disjunction`` takes any number)."""

    arguments: tuple[Boolean, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    """``premise`` => ``conclusion``."""

    premise: Boolean
    conclusion: Boolean


Boolean = Compare | SquareAtMost | Variable | Truth | Not | And | Or | Implies
TRUE = Truth(True)
FALSE = Truth(False)


def equal(left: Linear, right: Linear | int | Fraction) -> Compare:
    """The equation of two real terms."""
    return Compare("=", left, _linear(right))


def conjunction(arguments: Iterable[Boolean]) -> Boolean:
    """The conjunction of any number of terms: none is true, one is itself."""
    kept = tuple(arguments)
    return kept[0] if len(kept) == 1 else And(kept) if kept else TRUE


def disjunction(arguments: Iterable[Boolean]) -> Boolean:
    """The disjunction of any number of terms: none is false, one is itself."""
    kept = tuple(arguments)
    return kept[0] if len(kept) == 1 else Or(kept) if kept else FALSE


def value_of(term: Linear, reals: Mapping[str, Fraction]) -> Fraction:
    """The exact value of a real term; KeyError for a name without a value."""
    result = term.constant
    for name, coefficient in term.terms:
        value = reals[name]
        result += value if coefficient is ONE or coefficient == 1 else coefficient * value
    return result


def holds(term: Boolean, reals: Mapping[str, Fraction], booleans: Mapping[str, bool]) -> bool:
    """The exact truth value of a Boolean term; KeyError for a name without a value."""
    match term:
        case Compare(relation, left, right):
            a, b = value_of(left, reals), value_of(right, reals)
            match relation:
                case "<":
                    return a < b
                case "<=":
                    return a <= b
                case "=":
                    return a == b
                case ">=":
                    return a >= b
                case ">":
                    return a > b
        case SquareAtMost(root, bound):
            return value_of(root, reals) ** 2 <= value_of(bound, reals)
        case Variable(name):
            return booleans[name]
        case Truth(value):
            return value
        case Not(argument):
            return not holds(argument, reals, booleans)
        case And(arguments):
            return all(holds(a, reals, booleans) for a in arguments)
        case Or(arguments):
            return any(holds(a, reals, booleans) for a in arguments)
        case Implies(premise, conclusion):
            return not holds(premise, reals, booleans) or holds(conclusion, reals, booleans)
