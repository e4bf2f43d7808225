# SPDX-License-Identifier: Apache-2.0
"""Writes what training_compare.py and training_loop.py measured into a page:
training_table.py RESULTS_FOLDER MARKDOWN_FILE."""

import json
import sys
from pathlib import Path

from write_table import megabytes, processor, write_between

BEGIN, END = "<!-- bench/training.sh writes from here -->", "<!-- to here -->"
NAMES = {
    "pix2pix_demo": "demo pix2pix (16 filters, 4 blocks)",
    "unetpp_demo": "demo UNet++",
    "pix2pix_paper": "the paper's pix2pix (64 filters, 9 blocks)",
}


def step_row(result):
    ours, theirs = result["peers"]["lmc"], result["peers"]["torch"]
    throughput = 1e3 * result["batch"] / ours["ms"]
    differences = ", ".join(f"{d:.0e}" for d in result["loss_differences"])
    return (
        f"| {NAMES[result['case']]} | {result['batch']} x {result['crop']}² | {result['rounds']} "
        f"| {theirs['ms']:.0f} | {ours['ms']:.0f} | **{theirs['ratio']:.2f}** "
        f"| {theirs['cpu_ratio']:.2f} | {throughput:.2f} | {megabytes(theirs)} "
        f"| {megabytes(ours)} | {differences} |"
    )


def loop_row(result):
    cache = f"{result['cache_megabytes']} MB" if result["cache_megabytes"] else "none"
    return (
        f"| {NAMES[result['case']]} | {cache} | {result['steps']:.0f} "
        f"| {result['crops_a_second']:.2f} | {result['waiting_percent']} % | {megabytes(result)} |"
    )


def main(folder, page):
    steps = [json.loads(path.read_text()) for path in sorted(folder.glob("step_*.json"))]
    loops = [
        json.loads(path.read_text())
        for path in sorted(folder.glob("loop_*.json"))
        if not path.stem.endswith("_configuration")
    ]
    if not steps or not loops:
        sys.exit(f"{folder}: no results")
    summary = {"processor": processor(), "steps": steps, "loops": loops}
    (folder / "training.json").write_text(json.dumps(summary, indent=2) + "\n")
    peers = steps[0]["peers"]
    table = [
        f"{processor()}, {peers['lmc']['threads']} threads, LibTorch {peers['lmc']['version']}, "
        f"PyTorch {peers['torch']['version'].split('+')[0]}, float32; one step on a batch in memory, "
        "medians:",
        "",
        "| network | batch | rounds | PyTorch ms | lmc ms | times faster | by processor time "
        "| lmc crops/s | PyTorch MB | lmc MB | losses differ in steps 1, 2, 3 by |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *map(step_row, steps),
        "",
        "`lmc train` from files (simulated fields, one prefetching thread):",
        "",
        "| network | cache | steps | crops/s | waiting for data | peak MB |",
        "| --- | --- | --- | --- | --- | --- |",
        *map(loop_row, loops),
    ]
    write_between(page, BEGIN, END, "\n".join(table))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
