"""The command line: words in, one library call, words out. Every heavy library is imported inside a command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``gknlp``; an error of ours is one line on stderr and its exit code, never a traceback."""
    from gknlp.cli.app import app
    from gknlp.errors import GknlpError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except GknlpError as error:
        print(f"gknlp: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
