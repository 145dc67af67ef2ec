"""The web server: Dagster's application behind the guard, on a socket that is bound already.

python -m pact_pipeline.orchestration.ui.web SOCKET-FD PORT WORKSPACE
"""

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import dagster as dg
import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from pact_pipeline.failures import PactFailure
from pact_pipeline.orchestration.ui import links, login_links
from pact_pipeline.orchestration.ui.guard import Guard
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse.connect import warehouse_engine

SECONDS_TO_END = 3
log = logging.getLogger(__name__)


def main() -> None:
    descriptor, port, workspace = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("pact_pipeline.orchestration.ui").setLevel(logging.INFO)
    settings = Settings.from_environment()
    with (
        dg.DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, WorkspaceFileTarget([workspace])) as context,
    ):
        app = create_app_from_workspace_process_context(context, lifespan=_lifespan)
        guarded = Guard(app, (f"127.0.0.1:{port}", f"localhost:{port}"), _Links(settings).redeem)
        uvicorn.run(
            guarded,
            fd=descriptor,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=SECONDS_TO_END,
        )


class _Links:
    """Links that lie in the home's folder, and those that people left in the warehouse. That is opened meanwhile: the UI is
    there, and has to be, also when the warehouse isn't."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine: Engine | None = None
        threading.Thread(target=self._open, daemon=True, name="links by login").start()

    def _open(self) -> None:
        try:
            engine = warehouse_engine(self._settings)
            login_links.prepare(engine)
            self._engine = engine
        except PactFailure as failure:
            log.warning("no links by database login: %s", failure)
        except SQLAlchemyError as failure:  # its message may hold a statement
            log.warning("no links by database login (%s)", type(failure).__name__)

    def redeem(self, token: str) -> str | None:
        person = links.redeem(links.links_folder(self._settings), token)
        if person is None and self._engine is not None:
            person = login_links.redeem(self._engine, token)
        return person


@asynccontextmanager
async def _lifespan(_: object) -> AsyncIterator[None]:
    # What is cut off when the server ends is cut off without a traceback.
    try:
        yield
    except asyncio.CancelledError:
        pass


if __name__ == "__main__":
    main()
