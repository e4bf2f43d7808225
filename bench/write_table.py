# SPDX-License-Identifier: Apache-2.0
"""Collects what compare.py and whole.py measured: write_table.py RESULTS_FOLDER MARKDOWN_FILE.

Writes cpu.json into the folder, and the tables between the two marks of the Markdown file.
"""

import json
import platform
import re
import sys
from pathlib import Path

BEGIN, END = "<!-- bench/cpu.sh writes from here -->", "<!-- to here -->"
NAMES = {
    "generator_64_9": "generator, 64 filters, 9 blocks",
    "generator_64_12": "generator, 64 filters, 12 blocks",
    "unetpp_resnext101": "UNet++, resnext101 32x16d",
    "demo_bright_field": "demo generator, 16 filters, 4 blocks",
    "demo_unified": "demo UNet++",
}
PEERS = {
    "plain module": "LibTorch",
    "torch": "PyTorch",
    "onnxruntime": "ONNX Runtime",
    "openvino": "OpenVINO",
    "python": "Python reference",
}


def processor():
    names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return names[0] if names else platform.machine()


def megabytes(side):
    return f"{side['peak_bytes'] / 2**20:.0f}"


def window_rows(result):
    """One row a peer."""
    engine = result["peers"]["engine"]
    for name, peer in result["peers"].items():
        if name == "engine":
            continue
        yield (
            f"| {NAMES[result['network']]} | {PEERS[name]} | {peer['ms']:.0f} | {engine['ms']:.0f} "
            f"| **{peer['ratio']:.2f}** | {peer['cpu_ratio']:.2f} | {peer['max_difference']:.1e} "
            f"| {megabytes(peer)} | {megabytes(engine)} |"
        )


def window_table(results):
    first = results[0]["peers"]
    versions = ", ".join(
        f"{PEERS[name]} {peer['version'].split('-')[0]}"
        for name, peer in first.items()
        if name != "engine"
    )
    engine = first["engine"]
    differences = ", ".join(
        f"{NAMES[r['network']]} {r['peers']['engine']['max_difference']:.1e}" for r in results
    )
    rounds = sorted({r["rounds"] for r in results})
    rounds = " or ".join(map(str, rounds))
    return [
        f"{processor()}, {engine['threads']} threads, engine {engine['engine']}, {versions}; one "
        f"window of 512 x 512, medians of {rounds} rounds:",
        "",
        "| network | peer | peer ms | engine ms | times faster | by processor time "
        "| peer's difference | peer MB | engine MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(row for result in results for row in window_rows(result)),
        "",
        f"Largest difference of the engine to LibTorch: {differences}.",
    ]


def whole_row(result):
    """One row a peer."""
    programs = result["programs"]
    engine = programs["engine"]
    for name, peer in programs.items():
        if name == "engine":
            continue
        yield (
            f"| {NAMES[result['network']]} | {result['size']} x {result['size']} | {PEERS[name]} "
            f"| {peer['s']:.1f} | {engine['s']:.1f} | **{peer['ratio']:.2f}** "
            f"| {peer['cpu_ratio']:.2f} | {megabytes(peer)} | {megabytes(engine)} |"
        )


def whole_table(results):
    if not results:
        return []
    preset, rounds = results[0]["preset"], sorted({r["rounds"] for r in results})
    largest = max(r["largest_grey_difference"] for r in results)
    return [
        "",
        f"Whole images, preset {preset}, from process start to exit, medians of "
        f"{' or '.join(map(str, rounds))} rounds; outputs of engine and Python reference differ by "
        f"at most {largest} of 65535 grey values:",
        "",
        "| network | image | peer | peer s | lmc s | times faster | by processor time "
        "| peer MB | lmc MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(row for result in results for row in whole_row(result)),
    ]


def write_between(page, begin, end, table):
    """Replaces what stands between two marks of a page."""
    text = page.read_text()
    if begin not in text or end not in text:
        sys.exit(f"{page}: the marks for the table are missing")
    before, rest = text.split(begin)
    page.write_text(f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}")
    print(table)


def main(folder, page):
    windows = [
        json.loads(path.read_text())
        for name in NAMES
        if (path := folder / f"windows_{name}.json").exists()
    ]
    whole = [json.loads(path.read_text()) for path in sorted(folder.glob("whole_*.json"))]
    if not windows:
        sys.exit(f"{folder}: no results")
    summary = {"processor": processor(), "windows": windows, "whole": whole}
    (folder / "cpu.json").write_text(json.dumps(summary, indent=2) + "\n")
    table = "\n".join([*window_table(windows), *whole_table(whole)])
    write_between(page, BEGIN, END, table)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
