"""Prints the sudoku of order 2 whose solution is on the line "v ..." of stdin.

certify prove --from sat --to threshold examples/sudoku.cnf -o sudoku.cert
certify extract sudoku.cert | python examples/sudoku.py

Variable 16 r + 4 c + d, rows and columns from 0: the cell in row r and column c has the digit d.
"""

import sys

words = next(line for line in sys.stdin if line.startswith("v ")).split()
cells = [int(word) - 1 for word in words[1:] if int(word) > 0]
for row in range(4):
    print(*(cell % 4 + 1 for cell in sorted(cells) if cell // 16 == row))
