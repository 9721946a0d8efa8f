"""Real arithmetic for SMT solvers: linear terms and bounds of squares, SMT-LIB 2.6 text, Z3 and cvc5 alike.

Exact rationals both ways: terms hold Fractions, and model values come back as Fractions, checked against
the script. This package knows nothing of networks and needs nothing but the solvers, each loaded on first
use.
"""

from smt.errors import MissingSolverError, SmtError, SmtParseError, SolverError, TermError
from smt.script import Assert, Command, Comment, Declare, Define, Script
from smt.smtlib import parse, render
from smt.solvers import Answer, Model, Solver, Status, available, check, solver
from smt.terms import (
    FALSE,
    NIL,
    ONE,
    TRUE,
    ZERO,
    And,
    Boolean,
    Compare,
    Implies,
    Linear,
    Not,
    Or,
    SquareAtMost,
    Truth,
    Variable,
    conjunction,
    disjunction,
    equal,
    number,
    real,
    total,
)

__all__ = [
    "FALSE",
    "NIL",
    "ONE",
    "TRUE",
    "ZERO",
    "And",
    "Answer",
    "Assert",
    "Boolean",
    "Command",
    "Comment",
    "Compare",
    "Declare",
    "Define",
    "Implies",
    "Linear",
    "MissingSolverError",
    "Model",
    "Not",
    "Or",
    "Script",
    "SmtError",
    "SmtParseError",
    "Solver",
    "SolverError",
    "SquareAtMost",
    "Status",
    "TermError",
    "Truth",
    "Variable",
    "available",
    "check",
    "conjunction",
    "disjunction",
    "equal",
    "number",
    "parse",
    "real",
    "render",
    "solver",
    "total",
]
