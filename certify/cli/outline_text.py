"""The outline of a refutation (outline.py) in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

from certify.certificate import Certificate
from certify.cli.common import plural
from certify.cli.steps import literal, sum_of
from certify.exact import render
from certify.problems.poits import Formula

#: So many entries of a list are shown; of signs in a search.
MOST, MOST_SIGNS = 6, 24
COLUMNS = 112
#: A space at which no line is broken.
_STUCK = "\N{NO-BREAK SPACE}"
NAMES = {"+": "positive", "-": "negative", "*": ""}


def told(record: Certificate, outline: dict[str, Any]) -> list[str]:
    """The lines of the text."""
    return [row for text in _Text(record, outline).lines() for line in text.split("\n") for row in _wrapped(line)]


class _Text:
    def __init__(self, record: Certificate, outline: dict[str, Any]) -> None:
        self.record, self.outline, self.claim = record, outline, record.claim
        self.relu, self.gamma = self.claim.activation == "relu", render(self.claim.gamma)
        self.short = False  # points without their coordinates

    def lines(self) -> Iterator[str]:
        method = self.outline["method"]
        if method == "none":
            yield "There is no proof: the certificate is INCOMPLETE."
            return
        if self.outline["source"] is not None:
            yield from self.source()
        if method == "theorem":
            yield (
                f"By {self.outline['theorem']}, from the data to the source, a network of the claimed width for the"
                " data would give a solution of the source. So there is none."
            )
            return
        yield from self.direct()

    def source(self) -> Iterator[str]:
        """What the refutation of the source uses."""
        told = self.outline["source"]
        yield f"The source has no solution, by {plural(told['steps'], 'step')} of unit propagation (LRAT)."
        if isinstance(self.record.source, Formula):
            used = sorted({(number - 1) // 4 for number in told["clauses"]})
            every = "all" if len(used) == len(self.record.source.clauses) else f"{len(used)}"
            count = plural(len(self.record.source.clauses), "clause")
            yield f"They use {every} of its {count}, of which exactly one literal is to be true:"
            clauses = [" ".join(f"v{v}" for v in self.record.source.clauses[n]) for n in used]
            yield from _some((f"  ({clause})" for clause in clauses), len(clauses), "clauses")
        if self.outline["method"] == "direct":
            yield "The refutation of the data does not rest on that:"
            yield ""

    # -- From the data

    def direct(self) -> Iterator[str]:
        outline, neurons = self.outline, plural(self.claim.width, f"{self.claim.activation} neuron")
        exact, one = self.claim.loss == "exact", self.claim.width == 1
        meets = "meets" if one else "meet"
        goal = ("fits" if one else "fit") if exact else f"{meets} a total loss {self.claim.loss} of {self.gamma} on"
        yield (
            f"Suppose that {neurons} {goal} the {plural(self.claim.points, 'point')} p1, p2, ...; z_j is the affine"
            " function of neuron j, which is on where z_j > 0."
        )
        if outline["forced"]:
            yield "The loss allowed is the least that the labels themselves cost, so values are forced."
            if not outline["lines"] and not outline["splits"]:
                yield "It is even less than that: a contradiction."
                return
        if outline["contradiction"] is not None:
            i, j = outline["contradiction"]
            points = f"{self.point(i)} and {self.point(j)}"
            yield f"{points} are one point with two labels, {self.label(i)} and {self.label(j)}: a contradiction."
            return
        yield from self.data_lines()
        for number, split in enumerate(outline["splits"], start=1):
            yield from self.split(split, number)

    def data_lines(self) -> Iterator[str]:
        lines = self.outline["lines"]
        if not lines:
            return
        yield ""
        yield "Lines of data points:"
        yield from _some((f"  line {line['line']}: {self.geometry(line)}" for line in lines), len(lines), "lines")
        most = {
            sign: max((len(line["places"].get(sign, ())) for line in lines), default=0) for sign in ("+", "-", "*")
        }
        if not any(most.values()):
            return
        yield ""
        if self.relu:
            yield (
                "On a line a neuron bends once at most. Where the labels kink upwards a positive neuron (output sign +)"
                " bends, where they kink downwards a negative one; disjoint places need different neurons."
            )
            yield from self.kinks(lines)
            need = " and ".join(f"{most[sign]} {NAMES[sign]}" for sign in "+-" if most[sign])
            one = most["+"] + most["-"] == 1
            yield f"So the network has at least {need} neuron{'' if one else 's'}."
            if not self.outline["splits"]:
                every = {"free": "", "convex": ", all of them positive", "concave": ", all of them negative"}
                signs = every[self.claim.signs]
                yield f"It has {self.claim.width}{signs}: a contradiction."
            elif most["+"] + most["-"] == self.claim.width:
                yield "It has no more, so on a line with so many places every place has its one neuron."
        else:
            yield (
                "On a line a neuron switches once at most. Where labels differ some neuron switches between; disjoint"
                " places need different neurons."
            )
            yield from self.kinks(lines)
            yield f"So the network has at least {plural(most['*'], 'neuron')}."
            if most["*"] > self.claim.width:
                yield f"It has {self.claim.width}: a contradiction."

    def kinks(self, lines: Sequence[dict[str, Any]]) -> Iterator[str]:
        """Where the labels kink or jump, with the labels."""
        rows = []
        for line in lines:
            for sign, places in line["places"].items():
                what = {"+": "upwards", "-": "downwards", "*": "jump"}[sign]
                rows.append(f"  line {line['line']}, {what}: {self.places(places)}")
        yield from _some(rows, len(rows), "families of places")

    def places(self, places: Sequence[Sequence[int]]) -> str:
        texts = [self.place(place) for place in places[: 3 if len(places) > 4 else 4]]
        more = f", ... {len(places)} in all" if len(places) > len(texts) else ""
        return "; ".join(texts) + more

    def place(self, place: Sequence[int]) -> str:
        points = ", ".join(self.point(i) for i in place)
        return f"labels {' '.join(self.label(i) for i in place)} at {points}"

    def geometry(self, line: dict[str, Any]) -> str:
        points = line["points"]
        first, last = (self.coordinates(i) for i in (points[0], points[-1]))
        constant = [f"x{c} = {a}" for c, (a, b) in enumerate(zip(first, last, strict=True), start=1) if a == b]
        where = f" ({', '.join(constant)})" if constant and len(first) <= 4 else ""
        return f"{len(points)} points from {self.point(points[0])} to {self.point(points[-1])}{where}"

    # -- A split

    def split(self, split: dict[str, Any], number: int) -> Iterator[str]:
        yield ""
        k = self.claim.width
        if split["split"] != "*":
            positive = int(split["split"])
            yield f"Case {number}: {_range(1, positive, 'positive')}, {_range(positive + 1, k, 'negative')}."
        steps = split["steps"]
        rows: list[str] = []
        if steps.get("n"):
            rows.append(
                f"{plural(steps['n'], 'flat triple')} (three points in line with labels in line, between which one sign"
                " does not bend, so neither does the other) narrow the places."
            )
        for label in split["labels"]:
            first, last = label["neurons"]
            kind = " ".join(word for word in (NAMES[label["class"]], "neurons" if last > first else "neuron") if word)
            names = f"{first} ... {last}" if last > first else f"{first}"
            does = "bend" if self.relu else "switch"
            rows.append(f"Name {kind} {names} by the places on line {label['line']} where they {does}, in its order.")
        rows += map(self.order, split["orders"])
        if split["pairs"]:
            pairs = ", ".join(f"{a} and {b}" for a, b in split["pairs"][:MOST])
            more = ", ..." if len(split["pairs"]) > MOST else ""
            rows.append(f"Lines {pairs}{more} are parallel: from line to line the zero of z_j moves affinely.")
        if steps.get("b"):
            rows.append(f"{plural(steps['b'], 'bound')} on the places that a neuron can have on a full line.")
        if steps.get("k"):
            rows.append(f"{plural(steps['k'], 'place')} of lines: some neuron is the one there.")
        yield from rows
        yield from self.signs_that_follow(split)
        yield from self.cases(split)
        yield from self.end(split)

    def order(self, order: dict[str, Any]) -> str:
        """What neurons without a label are named by."""
        where = ", then ".join(map(self.point, order["points"]))
        by = {"values": f"values at {where}", "signs": f"signs, off before on, at {where}"}
        by["coefficients"] = "coefficients" + (f", equal ones by their {by['signs']}" if where else "")
        return f"Name the others of class {order['class']} by their {by[order['by']]}."

    def signs_that_follow(self, split: dict[str, Any]) -> Iterator[str]:
        """Clauses on signs of single neurons; where there are groups with cases only how many."""
        rows = [(fact["step"] or 0, [fact["literal"]], fact) for fact in split["facts"]]
        rows += [(row["step"], row["one_of"], row) for row in split["patterns"]]
        if not rows:
            return
        if split["covers"]:
            yield f"{plural(len(rows), 'clause')} on signs at single points say what is possible."
            return
        rows.sort(key=lambda row: row[0])
        shown = rows[: len(rows) if len(rows) <= MOST_SIGNS + 1 else MOST_SIGNS]
        yield f"Points: {self.legend(shown)}."
        yield "In each row one of the signs holds:"
        self.short = True
        texts = (
            f"  {f'[{number}] ' if number else ''}{' or '.join(map(self.sign, words))}{self.because(row)}"
            for number, words, row in rows
        )
        yield from _some(texts, len(rows), "rows", MOST_SIGNS)
        self.short = False

    def legend(self, rows: Iterable[tuple[int, list[str], dict[str, Any]]]) -> str:
        """The points that the rows name, with labels."""
        named: set[int] = set()
        for _, words, row in rows:
            named.update(row["points"])
            named.update(int(word.replace(">", "<").replace("=", "").partition("<")[2] or 0) for word in words)
        texts = (f"{self.point(i)} with label {self.label(i)}" for i in sorted(named - {0}))
        return ", ".join(text.replace(" ", _STUCK) for text in texts)

    def cases(self, split: dict[str, Any]) -> Iterator[str]:
        """Groups of neurons, their cases, and what excludes them."""
        cases = {case["case"]: case for case in split["cases"]}
        if split["covers"]:
            yield "Groups of neurons have few choices of signs left; one of these cases holds in each:"
            yield from _some(self.covers(split["covers"], cases), len(split["covers"]), "groups")
        if split["sums"]:
            yield "Where just some neurons are on, their coefficients and the constant alpha add up to the label:"
            yield from _some(map(self.sum_with_points, split["sums"]), len(split["sums"]), "sums")
        if split["derived"]:
            yield "Sums that follow from others:"
            yield from _some(map(self.derived, split["derived"]), len(split["derived"]), "sums")
        sums = {row["case"] for row in split["sums"]}
        if split["exclusions"]:
            yield "Cases that exclude each other:"
            ranked = any(order["by"] == "coefficients" for order in split["orders"])
            texts = (self.exclusion(row, sums, ranked) for row in split["exclusions"])
            yield from _some(texts, len(split["exclusions"]), "exclusions")

    def covers(self, covers: Sequence[dict[str, Any]], cases: dict[str, Any]) -> Iterator[str]:
        for row in covers:
            neurons = sorted({j for name in row["cases"] for j in cases[name]["neurons"]})
            rows = [f"  [{row['step']}] neurons {', '.join(map(str, neurons))}: {' or '.join(row['cases'])}"]
            rows += [f"      {name}: {self.signs(cases[name]['literals'])}" for name in row["cases"]]
            yield "\n".join(rows)

    def signs(self, literals: Sequence[str]) -> str:
        """On, off or zero, point by point."""
        seen: dict[str, dict[str, str]] = {}
        for word in literals:
            neuron, _, point = word.replace(">=", ">").replace("<=", "<").replace("<", ">").partition(">")
            if not point.isdigit():
                continue
            state = "on" if ">" in word else "off"
            before = seen.setdefault(point, {}).get(neuron, state)
            seen[point][neuron] = state if before == state else "zero"
        texts = [
            f"at {self.point(int(point))} {', '.join(f'{j} {state}' for j, state in neurons.items())}"
            for point, neurons in seen.items()
        ]
        return "; ".join(texts[:3]) + (f"; ... at {len(texts)} points in all" if len(texts) > 3 else "")

    def sum_with_points(self, row: dict[str, Any]) -> str:
        points = ", ".join(self.point(i) for i in row["points"][:4])
        more = f" and {plural(len(row['points']) - 4, 'more point')}" if len(row["points"]) > 4 else ""
        neurons = [str(j) for j in row["neurons"]]
        where = f" (at {points}{more})" if points else ""
        return f"  {row['case']}: {sum_of(neurons)} = {_short(row['value'])}{where}"

    def derived(self, row: dict[str, Any]) -> str:
        unless = row["unless"]
        if unless and all(word.startswith("-d") for word in unless):
            return f"  [{row['step']}] {row['case']} from {' and '.join(word[1:].upper() for word in unless)}"
        return f"  [{row['step']}] {' or '.join([row['case'], *map(self.sign, unless)])}"

    def exclusion(self, row: dict[str, Any], sums: set[str], ranked: bool) -> str:
        cases = row["cases"]
        what = f"{cases[0]} is impossible" if len(cases) == 1 else f"not {' and '.join(cases)} together"
        by_sums = not row["points"] and not row["from"] and sums.issuperset(cases)
        sums_clash = f" (no coefficients{' in this order' if ranked else ''} have these sums)"
        return f"  [{row['step']}] {what}{sums_clash if by_sums else self.because(row)}"

    def because(self, row: dict[str, Any]) -> str:
        points = row["points"]
        if not points:
            steps = row["from"]
            more = ", ..." if len(steps) > 8 else ""
            return f" (from {', '.join(steps[:8])}{more})" if steps else " (by signs alone)"
        most = 12 if self.short else 4
        texts = [self.point(i) if self.short else f"{self.point(i)} with label {self.label(i)}" for i in points[:most]]
        if len(points) > most:
            texts.append(plural(len(points) - most, "more point"))
        if len(texts) == 1:
            return f" (else the equation at {texts[0]} fails)"
        return f" (else the equations at {', '.join(texts[:-1])} and {texts[-1]} contradict each other)"

    def sign(self, word: str) -> str:
        for relation in (">=", "<=", ">", "<"):
            neuron, found, point = word.partition(relation)
            if found and point.isdigit():
                return f"z_{neuron} {relation} 0 at ".replace(" ", _STUCK) + self.point(int(point))
        return literal(word)

    def end(self, split: dict[str, Any]) -> Iterator[str]:
        """The last step."""
        end = split["end"]
        if end is None:
            return
        if end["kind"] == "v":
            lemmas = split["steps"].get("v", 0)
            yield f"Together these leave no choice: {plural(lemmas, 'step')} of propagation end in the empty clause."
        elif end["kind"] == "b":
            yield f"Neuron {end['words'][0]} has no place left on line {end['words'][1]}: a contradiction."
        elif end["kind"] == "n":
            triple = ", ".join(self.point(int(i)) for i in end["words"][1:])
            yield f"The flat triple {triple} leaves a place empty: a contradiction."
        elif end["kind"] == "k":
            yield "A place needs a neuron of a class that has none: a contradiction."
        else:
            yield f"What is left is a contradiction{self.because(end).replace('(else ', '(')}."

    # -- Points

    def coordinates(self, i: int) -> list[str]:
        found: list[str] = self.outline["points"][str(i)]["x"]
        return found

    def point(self, i: int) -> str:
        """``p4 = (1/2, 3)``."""
        if self.short or str(i) not in self.outline["points"]:
            return f"p{i}"
        values = [_short(value) for value in self.coordinates(i)]
        if len(values) > 6:
            values = [*values[:5], "..."]
        return f"p{i} = ({', '.join(values)})".replace(" ", _STUCK)

    def label(self, i: int) -> str:
        return _short(self.outline["points"][str(i)]["y"])


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    hanging = indent + ("    " if indent else "")
    rows = textwrap.wrap(line, COLUMNS, subsequent_indent=hanging, break_on_hyphens=False, break_long_words=False)
    return [row.replace(_STUCK, " ") for row in rows] or [""]


def _short(value: str) -> str:
    """A rational; a long one as a decimal, marked as rounded."""
    return value if len(value) <= 24 else f"~{float(Fraction(value)):.6g}"


def _range(first: int, last: int, kind: str) -> str:
    if last < first:
        return f"no {kind} neurons"
    return f"neuron {first} {kind}" if first == last else f"neurons {first} ... {last} {kind}"


def _some(texts: Iterable[str], count: int, noun: str, most: int = MOST) -> Iterator[str]:
    """The first ones, all if one more would be left out."""
    shown = count if count <= most + 1 else most
    yield from islice(texts, shown)
    if count > shown:
        yield f"  ... {count - shown:,} more {noun}"
