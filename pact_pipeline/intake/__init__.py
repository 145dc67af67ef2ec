"""Intake: from a registered submission to valid rows in the lake, refused rows beside them with every reason, and feedback.

In the order of the flow: `reading/` (bytes to columns of text), `mapping/` (a supplier's columns and words to the contract's),
`judging/` (every rule on every row, the verdict; pure), `feedback/` (what the supplier is told), `runs/` (one submission, many,
one again: archive in, lake, feedback and ledger out). Not here: finding files (`arrival`), what rules say (`contracts`), what is
in force (`ledger`).
"""
