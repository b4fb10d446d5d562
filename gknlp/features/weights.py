"""Learned numbers to and from a folder: arrays without pickle or clock, every file's hash beside it; a changed byte is refused.

Knows nothing of what was learned: rooms bring arrays and texts, and get back what they wrote.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import gknlp
from gknlp.errors import UsageError, VerificationError
from gknlp.tables import hash_bytes, write_aside

SUMS = "SHA256SUMS"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def encode_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The bytes of an .npz: members sorted, no clock, not compressed, so that every zlib gives the same."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, array in sorted(arrays.items()):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), member.getvalue())
    return sink.getvalue()


def decode_arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of such bytes; UsageError where they are none, or hold objects."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise UsageError(f"holds no arrays of numbers: {error}") from None


def encode_words(words: tuple[str, ...]) -> NDArray[np.uint8]:
    """Words without line ends as an array of bytes.

    >>> decode_words(encode_words(("公开", "解读")))
    ('公开', '解读')
    """
    return np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)


def decode_words(array: NDArray[np.uint8]) -> tuple[str, ...]:
    """The words of such an array; none for an empty one."""
    return tuple(array.tobytes().decode("utf-8").split("\n")) if array.size else ()


def write_checked(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put files into a folder, and ``SHA256SUMS`` beside them; equal contents give equal bytes."""
    for name, data in sorted(contents.items()):
        write_aside(folder / name, data)
    write_aside(folder / SUMS, _list_sums(contents))


def read_checked(folder: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    """The named files of a folder.

    Raises
    ------
    UsageError : one cannot be read.
    VerificationError : the files, or their list of hashes, are not what was written.
    """
    try:
        contents = {name: (folder / name).read_bytes() for name in names}
        sums = (folder / SUMS).read_bytes()
    except OSError as error:
        raise UsageError(f"{folder}: cannot be read as a model: {error}") from error
    for name, data in contents.items():
        if _list_sums({name: data}) not in sums:
            raise VerificationError(
                f"{folder / name}: its bytes are not those that {SUMS} lists; it was changed or damaged: "
                "take it from its source again"
            )
    if sums != _list_sums(contents):
        raise VerificationError(f"{folder / SUMS}: was changed or damaged: take the model from its source again")
    return contents


def shipped_folder(name: str) -> Path:
    """The folder of a model that comes with the package, in a checkout or an installed wheel; UsageError for an unknown name."""
    package = Path(gknlp.__file__).parent
    for root in (package / "_shipped", package.parent):
        if (root / "models" / name / SUMS).is_file():
            return root / "models" / name
    raise UsageError(f"no model called {name!r} comes with gknlp")


def _list_sums(contents: Mapping[str, bytes]) -> bytes:
    return "".join(f"{hash_bytes(data)}  {name}\n" for name, data in sorted(contents.items())).encode()
