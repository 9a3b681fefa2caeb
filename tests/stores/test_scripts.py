"""The Lua scripts travel with the package, also where it lies in a zip."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import aioemnify

PACKAGE = Path(aioemnify.__file__).parent
READ = "import aioemnify.stores._redis_scripts as scripts\nprint(scripts.__file__)\nprint(scripts.RESERVE)"


def test_they_are_read_from_a_zip(tmp_path: Path) -> None:
    archive = tmp_path / "aioemnify.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(PACKAGE.rglob("*")):
            if path.suffix in (".py", ".lua"):
                file.write(path, f"aioemnify/{path.relative_to(PACKAGE)}")
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(archive)!r})\n{READ}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(archive))
    assert (PACKAGE / "stores" / "lua" / "reserve.lua").read_text(encoding="utf-8").strip() in done.stdout
