"""The web server: Dagster's application behind the guard, on a socket that is bound already.

python -m pact_pipeline.orchestration.ui.web SOCKET-FD PORT WORKSPACE
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import dagster as dg
import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context

from pact_pipeline.orchestration.ui.guard import Guard
from pact_pipeline.orchestration.ui.links import links_folder, redeem
from pact_pipeline.settings import Settings

SECONDS_TO_END = 3


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
        guarded = Guard(app, (f"127.0.0.1:{port}", f"localhost:{port}"), partial(redeem, links_folder(settings)))
        uvicorn.run(
            guarded,
            fd=descriptor,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=SECONDS_TO_END,
        )


@asynccontextmanager
async def _lifespan(_: object) -> AsyncIterator[None]:
    # What is cut off when the server ends is cut off without a traceback.
    try:
        yield
    except asyncio.CancelledError:
        pass


if __name__ == "__main__":
    main()
