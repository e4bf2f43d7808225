# SPDX-License-Identifier: Apache-2.0
"""Checks that every file and folder that a document names in code marks, and every file that it links to, exists.

A name is that of a file of the project when it ends like source, build or document files do; it may be given by its last
parts alone (`generator.cpp`, `cpu/generator.cpp`)."""

import os
import pathlib
import re
import sys

SUFFIXES = "hpp|cpp|cu|cmake|sh|py|md"
NAME = re.compile(rf"(?<![\w/.*<>${{}}-])(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:{SUFFIXES})(?![\w*{{}}<])")
FOLDER = re.compile(r"^(?:[\w-]+/)+$")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")

# Not of this project: the platform's own script, and what programs and builds write.
ELSEWHERE = {"do_test_run.sh", "results/gpu.md", "bin/"}


def existing(top):
    """Every tail of the paths of the project's files and folders."""
    tails = set()
    for folder, folders, files in os.walk(top):
        parts = pathlib.Path(folder).relative_to(top).parts
        if not parts:  # what is built or fetched is not the project's
            folders[:] = [name for name in folders if not re.match(r"build|third_party|output|\.(?!ci$)", name)]
        for name in [*files, *(name + "/" for name in folders)]:
            path = (*parts, name)
            tails.update("/".join(path[i:]) for i in range(len(path)))
    return tails


def faults(document, top, tails):
    text = document.read_text(encoding="utf-8")
    for mark in re.findall(r"`([^`\n]+)`", text):
        names = NAME.findall(mark) + FOLDER.findall(mark)
        yield from (name for name in names if name not in tails and name not in ELSEWHERE)
    for link in LINK.findall(text):
        if not (document.parent / link).exists():
            yield link


def main():
    top = pathlib.Path(sys.argv[1])
    tails = existing(top)
    documents = [top / "README.md", top / "CONTRIBUTING.md", *sorted(top.glob("docs/*.md")), *sorted(top.glob("*/README.md"))]
    missing = [f"{document.relative_to(top)} names {name}" for document in documents for name in faults(document, top, tails)]
    print("\n".join(missing) or f"{len(documents)} documents name existing files only")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
