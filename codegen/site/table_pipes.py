"""A Markdown extension for code in tables: a pipe that is escaped for the table is shown as a pipe."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString


class _Pipes(Treeprocessor):
    def run(self, root: Element) -> None:
        for kind in ("td", "th"):
            for cell in root.iter(kind):
                for span in cell.iter("code"):
                    span.text = AtomicString((span.text or "").replace("\\|", "|"))


class TablePipes(Extension):
    """Registers the processor behind that of inline code."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name of the library
        """Add the processor."""
        md.treeprocessors.register(_Pipes(md), "table_pipes", 5)


def makeExtension(**settings: object) -> TablePipes:  # noqa: N802 - the name of the library
    """Return the extension."""
    return TablePipes(**settings)
