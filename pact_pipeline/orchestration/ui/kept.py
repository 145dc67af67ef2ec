"""Runs a module as a program for as long as the process that started it lives; what it starts ends with it.

    python -m pact_pipeline.orchestration.ui.kept PIPE-FD MODULE ARGUMENT…

The starter holds the other end of the pipe and never writes: when it ends, however it ends, the pipe does. It starts this in a
process group of its own, so that runs and their workers, which are children's children, are reached too.
"""

import os
import runpy
import signal
import sys
import threading
import time

SECONDS_TO_END = 5.0


def main() -> None:
    pipe = int(sys.argv[1])
    os.set_inheritable(pipe, False)
    threading.Thread(target=_end_with, args=(pipe,), daemon=True, name="ends with its starter").start()
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)
    end_group(os.getpgrp())


def end_group(group: int) -> None:
    """End every process of a group: asked first, and soon not asked any more."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < deadline:
            time.sleep(0.1)
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return


if __name__ == "__main__":
    main()
