"""cvc5 in a process of its own, which can be killed: run as a program, by cvc5_solver.py alone.

Standard input: a script in SMT-LIB text, read by cvc5's own parser. Arguments: the options to set, as name=value.
Standard output: a line with the status and, for "unknown", the explanation; after "sat" a line
``name sort value`` for every declared constant.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def main(options: list[str], text: str) -> None:
    """Decides the script ``text``, with (check-sat) in it once."""
    cvc5: Any = import_module("cvc5")
    manager = cvc5.TermManager()
    solver = cvc5.Solver(manager)
    for option in options:
        name, _, value = option.partition("=")
        solver.setOption(name, value)
    symbols = cvc5.SymbolManager(manager)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "script")
    while True:
        command = parser.nextCommand()
        if command.isNull():
            return
        if command.getCommandName() == "check-sat":
            result = solver.checkSat()
            if result.isUnknown():
                print("unknown", result.getUnknownExplanation())
            elif result.isUnsat():
                print("unsat")
            else:
                print("sat")
                for term in symbols.getDeclaredTerms():
                    print(term.getSymbol(), term.getSort(), solver.getValue(term))
            return
        said = command.invoke(solver, symbols)
        if said.strip():
            raise SystemExit(said)


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdin.read())
