# SPDX-License-Identifier: Apache-2.0
"""Collects the results of lmc_engine_bench: write_table.py RESULTS_FOLDER MARKDOWN_FILE.

Writes cpu.json into the folder, and the table between the two marks of the Markdown file.
"""

import json
import platform
import re
import sys
from pathlib import Path

BEGIN, END = "<!-- bench/cpu.sh writes from here -->", "<!-- to here -->"


def processor():
    names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return names[0] if names else platform.machine()


def row(result):
    height, width = result["window"]
    return (
        f"| {result['architecture']} | {height} x {width} | {result['eager_ms']:.0f} "
        f"| {result['fast_ms']:.0f} | **{result['ratio']:.2f}** | {result['cpu_ratio']:.2f} "
        f"| {result['max_difference']:.1e} |"
    )


def main(folder, page):
    results = [json.loads(path.read_text()) for path in sorted(folder.glob("generator_*.json"))]
    first = results[0]
    summary = {"processor": processor(), "results": results}
    (folder / "cpu.json").write_text(json.dumps(summary, indent=2) + "\n")
    table = "\n".join(
        [
            f"{processor()}, {first['threads']} threads, {first['instruction_set']}, "
            f"LibTorch {first['libtorch']}, medians of {first['rounds']} rounds:",
            "",
            "| network | window | LibTorch ms | engine ms | times faster | by processor time | max difference |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *map(row, results),
        ]
    )
    text = page.read_text()
    if BEGIN not in text or END not in text:
        sys.exit(f"{page}: the marks for the table are missing")
    before, rest = text.split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}")
    print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
