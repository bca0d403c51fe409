"""The key that index files are sealed with: one half kept in the library, one by this user.

The half in the library alone would prove nothing: whoever hands on a hostile
library hands on that half with it.
"""

from __future__ import annotations

import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from warreader.index.storage import Database

SETTING = "search.key"
_LENGTH = 32


def seal_key(database: Database, own: bytes | None = None) -> bytes:
    """The key for this library and this user; both halves are made when first needed.

    Args:
        own: the user's half, where it isn't to be read from the user's state folder.
    """
    connection = database.connection
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    if row is None:
        with database.transaction() as writing:
            writing.execute(
                "INSERT OR IGNORE INTO setting (name, value) VALUES (?, ?)",
                (SETTING, secrets.token_hex(_LENGTH)),
            )
        row = connection.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    return hmac.digest(own or user_secret(), str(row[0]).encode(), "sha256")


@cache
def user_secret() -> bytes:
    """This user's half of every key: a file only the user can read.

    Where it can't be kept, each process has its own, and builds its indexes anew.
    """
    import platformdirs

    path = Path(platformdirs.user_state_dir("warreader", appauthor=False)) / "index.key"
    for _ in range(2):
        try:
            found = path.read_bytes()
            if len(found) >= _LENGTH:
                return found
            path.unlink()
        except FileNotFoundError:
            pass
        except OSError:
            break
        if not _make(path):
            break
    return secrets.token_bytes(_LENGTH)


def _make(path: Path) -> bool:
    """Write the file whole or not at all; another process may be first."""
    new = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_LENGTH))
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        except OSError:  # no hard links here
            new.replace(path)
        new.unlink(missing_ok=True)
    except OSError:
        return False
    return True
