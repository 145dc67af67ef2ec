"""Keyed pseudonyms: what stands in the open tree for a supplier's own reference.

`HMAC-SHA-256("<kind>|<supplier>|<reference>")`, the first 32 hexadecimal characters. Without the key file nobody can go
from a reference to its key; a bare or unsalted hash could be undone by trying every case number. The key file is made
when absent, has mode 0600, and may lie neither in the lake nor in the warehouse's folder.
"""

import hmac
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa

from pact_pipeline.disk import write_text_whole
from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings, restricted_folder

Kind = Literal["child", "carer", "case"]

KEY_CHECK = "key_check"
KEY_BYTES = 32
HEX_CHARACTERS = 32


class Pseudonyms:
    """Makes keys. One instance remembers the keys it made, since a child comes again in every table and month."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < KEY_BYTES:
            raise PactFailure("KEY-003", f"the pseudonym key is shorter than {KEY_BYTES} bytes")
        self._secret = secret
        self._known: dict[tuple[Kind, str], dict[str, str]] = {}

    @classmethod
    def from_settings(cls, settings: Settings) -> "Pseudonyms":
        """Read the key file, making it when absent. Raises PactFailure KEY-001 to KEY-003 when it isn't safe to use."""
        path = settings.key_file
        forbidden = (settings.lake_open, settings.lake_restricted, settings.warehouse)
        if any(path.resolve().is_relative_to(folder.resolve()) for folder in forbidden):
            raise PactFailure(
                "KEY-001",
                "the pseudonym key lies inside the lake or the warehouse, beside what it protects",
                where=str(path),
                mend="move it to another volume and name it in PACT_PSEUDONYM_KEY_FILE.",
            )
        check = settings.lake_restricted / KEY_CHECK
        if not path.exists():
            if check.exists():
                raise PactFailure(
                    "KEY-004",
                    "the pseudonym key is gone, and the lake holds children known by it",
                    where=str(path),
                    mend="mount the volume or restore the key: with a new one every child would be counted twice.",
                )
            _make_key(path)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise PactFailure(
                "KEY-002",
                "the pseudonym key can be read by others",
                where=str(path),
                mend=f"run: chmod 600 {path}",
            )
        text = path.read_text(encoding="ascii", errors="replace").strip()
        if not re.fullmatch(r"([0-9a-f]{2})+", text):
            raise PactFailure(
                "KEY-003", "the pseudonym key isn't the key we wrote", where=str(path), mend="restore it."
            )
        made = cls(bytes.fromhex(text))
        made._prove_same_key(check)
        return made

    def _prove_same_key(self, check: Path) -> None:
        """The lake remembers a proof of its key, never the key: another key would give every child a second name."""
        proof = self.key("child", "KEY", "CHECK")
        if not check.exists():
            restricted_folder(check.parent)
            write_text_whole(check, proof, mode=0o600)
        elif check.read_text(encoding="ascii") != proof:
            raise PactFailure(
                "KEY-005",
                "the pseudonym key isn't the one this lake was written with",
                mend="restore the former key: with another one every child would be counted twice.",
            )

    def key(self, kind: Kind, supplier: str, reference: str) -> str:
        message = f"{kind}|{supplier}|{reference}".encode()
        return hmac.digest(self._secret, message, "sha256").hex()[:HEX_CHARACTERS]

    def keys(self, kind: Kind, supplier: str, references: "pd.Series[str]") -> "pd.Series[str]":
        """The key of every reference (null stays null); each different reference is hashed once."""
        known = self._known.setdefault((kind, supplier), {})
        codes, uniques = pd.factorize(references, sort=False)
        made = []
        for reference in uniques.tolist():
            key = known.get(reference)
            if key is None:
                key = known[reference] = self.key(kind, supplier, reference)
            made.append(key)
        indices = pa.array(codes, mask=codes < 0)
        taken = pa.array(made, pa.string()).take(indices)
        return pd.Series(pd.array(taken, dtype="str"), index=references.index, name=f"{kind}_key")

    def keys_for_suppliers(
        self, kind: Kind, suppliers: "pd.Series[str]", references: "pd.Series[str]"
    ) -> "pd.Series[str]":
        """Like `keys`, with the supplier in a column of its own (CLAS: a child's key is that of its council)."""
        keys = pd.Series(pd.NA, index=references.index, dtype="str", name=f"{kind}_key")
        for supplier, rows in references.groupby(suppliers, sort=False):
            keys.loc[rows.index] = self.keys(kind, str(supplier), rows)
        return keys


def _make_key(path: Path) -> None:
    """Write a new key to a file that never had a wider mode. Two runs starting at once end with one key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(KEY_BYTES) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        # A hard link fails where the name is taken: the key that was first stays.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
