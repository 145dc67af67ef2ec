"""Where things lie: one place for every folder and environment variable.

`PACT_HOME` is the home, which holds all that a run makes (default `var/` in the checkout; see `home`);
`PACT_CONTRACTS` the contracts (default `data_contracts/` there); `PACT_WAREHOUSE_URL` a PostgreSQL server (default: the
embedded one of the home), `PACT_WAREHOUSE_ANALYST_URL` the same with a person's own login;
`PACT_PSEUDONYM_KEY_FILE` the pseudonym key (default `PACT_HOME/keys/pseudonym.key`; in production on another volume);
`PACT_SECRETS_FILE` and `PACT_KNOWN_HOSTS` the secrets and host keys of suppliers' servers (default `secrets.yaml` and
`known_hosts` in `PACT_HOME/keys`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pact_pipeline.failures import PactFailure

CHECKOUT = Path(__file__).resolve().parents[1]
ANALYST_URL = "PACT_WAREHOUSE_ANALYST_URL"


@dataclass(frozen=True)
class Settings:
    """The folders of one installation."""

    home: Path
    contracts: Path
    warehouse_url: str | None = None
    pseudonym_key_file: Path | None = None
    supplier_secrets_file: Path | None = None
    known_hosts_file: Path | None = None

    @classmethod
    def from_environment(cls) -> "Settings":
        """What the environment says. Makes nothing and looks at nothing. Raises PactFailure HOME-001 for an empty home."""
        named = os.environ.get("PACT_HOME", str(CHECKOUT / "var"))
        if not named.strip():
            raise PactFailure(
                "HOME-001",
                "PACT_HOME is set and empty",
                mend=f"set it to the folder of your home, or unset it for the default ({CHECKOUT / 'var'}).",
            )
        home = Path(named).resolve()
        key = os.environ.get("PACT_PSEUDONYM_KEY_FILE")
        return cls(
            home=home,
            contracts=Path(os.environ.get("PACT_CONTRACTS", CHECKOUT / "data_contracts")).resolve(),
            warehouse_url=os.environ.get("PACT_WAREHOUSE_URL") or None,
            pseudonym_key_file=Path(key) if key else None,
            supplier_secrets_file=_path_from("PACT_SECRETS_FILE"),
            known_hosts_file=_path_from("PACT_KNOWN_HOSTS"),
        )

    @property
    def arrivals(self) -> Path:
        """Where suppliers put their files, one folder a supplier."""
        return self.home / "arrivals"

    @property
    def archive(self) -> Path:
        """Every file that ever arrived, by its SHA-256. Restricted."""
        return self.home / "archive"

    @property
    def lake_open(self) -> Path:
        return self.home / "lake" / "open"

    @property
    def lake_restricted(self) -> Path:
        return self.home / "lake" / "restricted"

    @property
    def builds(self) -> Path:
        """Computed core and measures, one folder a build."""
        return self.home / "builds"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def drafts(self) -> Path:
        """Draft reports, a folder a month. Restricted: nothing in them was let out."""
        return self.reports / "draft"

    @property
    def feedback(self) -> Path:
        """What each supplier is told about each submission. Restricted."""
        return self.home / "feedback"

    @property
    def truth(self) -> Path:
        """The generator's true journeys. The pipeline never reads this folder."""
        return self.home / "truth"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse"

    @property
    def analyst_url(self) -> str | None:
        """The server with a person's own login (`PACT_WAREHOUSE_ANALYST_URL`)."""
        return os.environ.get(ANALYST_URL) or None

    @property
    def office_contact(self) -> str:
        """How a supplier reaches the programme office, for feedback (`PACT_OFFICE_CONTACT`)."""
        return os.environ.get("PACT_OFFICE_CONTACT") or "answer the message that brought you this feedback."

    @property
    def dagster_home(self) -> Path:
        return Path(os.environ.get("DAGSTER_HOME", self.home / "dagster"))

    @property
    def key_file(self) -> Path:
        return self.pseudonym_key_file or self.home / "keys" / "pseudonym.key"

    @property
    def secrets_file(self) -> Path:
        """The secrets that open suppliers' places. Restricted."""
        return self.supplier_secrets_file or self.home / "keys" / "secrets.yaml"

    @property
    def known_hosts(self) -> Path:
        """The host keys of suppliers' servers, as OpenSSH writes them."""
        return self.known_hosts_file or self.home / "keys" / "known_hosts"


def _path_from(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value).resolve() if value else None


@contextmanager
def closed_to_others() -> Iterator[None]:
    """What is made in here is closed to everybody else (0600, folders 0700), whatever the umask was."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def restricted_folder(path: Path) -> Path:
    """Make `path` (and what is missing above it) and close it to everybody else (mode 0700)."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path
