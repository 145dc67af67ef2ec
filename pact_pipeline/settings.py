"""Where things lie: one place for every folder and environment variable.

`PACT_HOME` holds all that a run makes (default `var/` beside the package's checkout); `PACT_CONTRACTS` the contracts
(default `data_contracts/` there); `PACT_WAREHOUSE_URL` a PostgreSQL server (default: the embedded one under `PACT_HOME`);
`PACT_PSEUDONYM_KEY_FILE` the pseudonym key (default `PACT_HOME/keys/pseudonym.key`; in production on another volume);
`PACT_SECRETS_FILE` and `PACT_KNOWN_HOSTS` the secrets and host keys of suppliers' servers (default `secrets.yaml` and
`known_hosts` in `PACT_HOME/keys`).
"""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


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
        home = Path(os.environ.get("PACT_HOME", CHECKOUT / "var")).resolve()
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


def restricted_folder(path: Path) -> Path:
    """Make `path` (and what is missing above it) and close it to everybody else (mode 0700)."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path
