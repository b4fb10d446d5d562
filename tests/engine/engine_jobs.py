"""Jobs for the engine's tests; imported by worker processes under this name."""

import ctypes
import json
import os
import signal
import sys
import time


class Echo:
    """Gives text back in capitals, or does what a poisonous item asks for."""

    def run(self, item):
        match item:
            case "loop":
                while True:
                    pass
            case "sleep":
                time.sleep(60)
            case "exit":
                os._exit(3)
            case "memory":
                return len(bytearray(8 << 30))
            case "segfault":
                ctypes.string_at(0)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "raise":
                raise ValueError("no such thing")
            case "system-exit":
                sys.exit(5)
        return item.upper()

    def pack(self, values):
        if "UNPACKABLE" in values:
            raise TypeError("cannot be packed")
        if "PACK-EXIT" in values:
            os._exit(4)
        return json.dumps(values).encode()


class Pids:
    def run(self, item):
        if item == "hang":
            time.sleep(60)
        return os.getpid()

    def pack(self, values):
        return json.dumps(values).encode()


class Nothing:
    def run(self, item):
        return None

    def pack(self, values):
        return b"x"


def broken():
    raise RuntimeError("the lexicon is missing")
