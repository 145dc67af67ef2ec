"""Contracts: what each table promises, read from `data_contracts/`, and what is made from them.

Everything that needs a column list takes it from here. Suppliers and their layouts:
`pact_pipeline.suppliers`. Judging rows (`validate`, `pandera_schema`), the lake's schema and the warehouse's
tables are modules of their own, so that reading a contract doesn't import pandera, pyarrow and SQLAlchemy.
"""

from pact_pipeline.contracts.load import load_contracts
from pact_pipeline.contracts.model import Code, Column, Contract, Contracts, Rule

__all__ = ["Code", "Column", "Contract", "Contracts", "Rule", "load_contracts"]
