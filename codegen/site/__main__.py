"""The command: ``python -m codegen.site`` builds the site, writes ``llms.txt`` and checks all pages.

Exit status: 0 if the site is right, 1 if it could not be built or a check failed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from codegen.site.html import CLICKS, Page, faults, foreign_in_styles, reached, read_pages
from codegen.site.llms import LARGEST, llms_text

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "zensical.toml"


def main() -> int:
    """Build and check the site; return the exit status."""
    project = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]
    site, docs = ROOT / project["site_dir"], ROOT / project["docs_dir"]
    shutil.rmtree(site, ignore_errors=True)
    began = monotonic()
    config = _config()
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "-f", str(config)]
    try:
        done = subprocess.run(command, cwd=ROOT, check=False)
    finally:
        config.unlink()
    if done.returncode:
        return 1
    built = monotonic() - began
    text = llms_text(docs, project["nav"])
    (site / "llms.txt").write_text(text, encoding="utf-8")
    (site / "openapi.json").write_bytes((ROOT / "src" / "aioemnify" / "openapi.json").read_bytes())
    pages = read_pages(site)
    found = [*faults(site, pages), *foreign_in_styles(site), *far_away(docs, pages)]
    if len(text.encode()) > LARGEST:
        found.append(f"llms.txt: {len(text.encode()):,} bytes, more than {LARGEST:,}")
    for fault in found:
        print(fault, file=sys.stderr)
    largest = max(pages, key=lambda name: pages[name].size)
    links = sum(len(page.links) for page in pages.values())
    print(
        f"{site.relative_to(ROOT)}: {len(pages)} pages in {built:.1f} s, {links:,} links, {len(found)} faults"
        f"; largest page {largest} with {pages[largest].size:,} bytes; llms.txt {len(text.encode()):,} bytes"
    )
    return 1 if found else 0


def far_away(docs: Path, pages: dict[str, Page]) -> Iterator[str]:
    """Yield the pages and the names of the reference that are more than some clicks away."""
    near = reached(pages)
    for path in sorted(pages.keys() - {path for path, _ in near} - {"404.html"}):
        yield f"{path}: more than {CLICKS} clicks from the first page"
    names = docs / "reference" / "library" / "names.md"
    listed = {line for line in names.read_text(encoding="utf-8").splitlines() if line.startswith("- [")}
    for line in sorted(listed):
        link = line.rpartition("](")[2].rstrip(")").replace(".md#", ".html#")
        path, _, anchor = link.partition("#")
        path = path.removeprefix("../") if path.startswith("../") else f"library/{path}"
        if (f"reference/{path}", anchor) not in near:
            yield f"{line}: more than {CLICKS} clicks from the first page"


def _config() -> Path:
    """Write the whole configuration to a file, and return it."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    commands = (ROOT / "docs" / "commands" / "index.md").read_text(encoding="utf-8")
    address = pyproject["tool"]["aioemnify"]["repository"]
    made = ROOT / ".zensical-complete.toml"
    made.write_text(completed(CONFIG.read_text(encoding="utf-8"), commands, address), encoding="utf-8")
    return made


def completed(config: str, commands: str, address: str) -> str:
    """Return the configuration with what other files say: the pages of the commands, and the repository."""
    if address:
        config = config.replace("[project]\n", f'[project]\nrepo_url = "{address}"\n', 1)
    index = '"commands/index.md"'
    names = re.findall(r"^- \[([\w-]+)\]\(\1\.md\)", commands, re.MULTILINE)
    pages = [f'{{ "emnify {name}" = "commands/{name}.md" }}' for name in names]
    return config.replace(index, f"[{', '.join([index, *pages])}]")


if __name__ == "__main__":
    sys.exit(main())
