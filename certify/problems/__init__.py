"""The source problems, one module each, and their registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from certify.errors import UnknownProblem
from certify.problems import (
    clique,
    clique_generate,
    mcclique,
    mcclique_generate,
    poits,
    poits_generate,
    sat,
    sat_generate,
    twohyp,
    twohyp_generate,
    twohyp_search,
)


@dataclass(frozen=True)
class Problem:
    """A source problem: its texts and its functions. P is its type of instance, S its type of solution."""

    name: str
    #: The class of its instances.
    kind: type
    title: str
    #: One paragraph: what an instance is, and what is asked.
    question: str
    #: File name suffixes of its text forms, the usual one first.
    suffixes: tuple[str, ...]
    #: (text, source name or None) -> P; raises InputError.
    parse: Callable[[str, str | None], Any]
    #: P -> text that ``parse`` reads back.
    write: Callable[[Any], str]
    #: (P, S) -> bool
    is_solution: Callable[[Any, Any], bool]
    #: P -> S or None: exhaustive search, for small instances.
    search: Callable[[Any], Any]
    #: S -> text, and (P, text, source name or None) -> S.
    write_solution: Callable[[Any], str]
    parse_solution: Callable[[Any, str, str | None], Any]
    #: P -> its sizes by name, for reports.
    measure: Callable[[Any], dict[str, int]]
    #: (kind, seed, sizes by name) -> P, deterministic.
    generate: Callable[..., Any]
    kinds: tuple[str, ...]
    #: Named instances with their verdict: is there a solution?
    classics: Mapping[str, tuple[Any, bool]]


def _search_twohyp(sets: twohyp.PointSets) -> twohyp.Hyperplanes | None:
    """A restricted solution for (Q, P) or else for (P, Q), which networks can use, or else any solution."""
    return (
        twohyp_search.restricted_solution(sets)
        or twohyp_search.restricted_solution(sets.swapped)
        or twohyp_search.general_solution(sets)
    )


PROBLEMS: dict[str, Problem] = {
    "sat": Problem(
        name="sat",
        kind=sat.Cnf,
        title="Propositional satisfiability",
        question="A formula in conjunctive normal form. Is there an assignment under which every clause has a true "
        "literal?",
        suffixes=(".cnf",),
        parse=sat.parse,
        write=sat.write,
        is_solution=sat.is_solution,
        search=sat.search,
        write_solution=sat.write_solution,
        parse_solution=sat.parse_solution,
        measure=lambda cnf: {"variables": cnf.variables, "clauses": len(cnf.clauses)},
        generate=sat_generate.generate,
        kinds=sat_generate.KINDS,
        classics=sat_generate.CLASSICS,
    ),
    "poits": Problem(
        name="poits",
        kind=poits.Formula,
        title="Positive one-in-three 3-SAT",
        question="A formula of clauses with three positive literals each. Is there an assignment under which "
        "every clause has exactly one true literal occurrence?",
        suffixes=(".cnf",),
        parse=poits.parse,
        write=poits.write,
        is_solution=poits.is_solution,
        search=lambda formula: next(poits.solutions(formula), None),
        write_solution=poits.write_solution,
        parse_solution=poits.parse_solution,
        measure=lambda formula: {"variables": formula.variables, "clauses": len(formula.clauses)},
        generate=poits_generate.generate,
        kinds=poits_generate.KINDS,
        classics=poits_generate.CLASSICS,
    ),
    "clique": Problem(
        name="clique",
        kind=clique.Graph,
        title="Clique",
        question="A graph and a number k. Are there k vertices with an edge between any two of them?",
        suffixes=(".col",),
        parse=clique.parse,
        write=clique.write,
        is_solution=clique.is_solution,
        search=clique.search,
        write_solution=clique.write_solution,
        parse_solution=clique.parse_solution,
        measure=lambda graph: {"vertices": graph.vertices, "edges": len(graph.edges), "size": graph.size},
        generate=clique_generate.generate,
        kinds=clique_generate.KINDS,
        classics=clique_generate.CLASSICS,
    ),
    "mcclique": Problem(
        name="mcclique",
        kind=mcclique.ColouredGraph,
        title="Multicoloured clique",
        question="A graph whose vertices have colours. Is there a clique with one vertex of every colour?",
        suffixes=(".col",),
        parse=mcclique.parse,
        write=mcclique.write,
        is_solution=mcclique.is_solution,
        search=mcclique.search,
        write_solution=mcclique.write_solution,
        parse_solution=mcclique.parse_solution,
        measure=lambda graph: {
            "vertices": len(graph.colours),
            "edges": len(graph.edges),
            "colours": graph.classes,
        },
        generate=mcclique_generate.generate,
        kinds=mcclique_generate.KINDS,
        classics=mcclique_generate.CLASSICS,
    ),
    "twohyp": Problem(
        name="twohyp",
        kind=twohyp.PointSets,
        title="Two-hyperplane separability",
        question="Two finite point sets Q and P in rational space. Are there two hyperplanes, avoiding all "
        "points, such that every segment from Q to P meets one of them?",
        suffixes=(".csv", ".json"),
        parse=twohyp.parse,
        write=twohyp.write,
        is_solution=twohyp.is_solution,
        search=_search_twohyp,
        write_solution=twohyp.write_solution,
        parse_solution=twohyp.parse_solution,
        measure=lambda sets: {"points in Q": len(sets.q), "points in P": len(sets.p)},
        generate=twohyp_generate.generate,
        kinds=twohyp_generate.KINDS,
        classics={name: (entry.sets, entry.general) for name, entry in twohyp_generate.CLASSICS.items()},
    ),
}


def problem_named(name: str) -> Problem:
    """The problem of that name; UnknownProblem if there is none."""
    if name not in PROBLEMS:
        raise UnknownProblem(f"no source problem {name!r}", hint="choose one of " + ", ".join(PROBLEMS))
    return PROBLEMS[name]
