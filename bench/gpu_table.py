# SPDX-License-Identifier: Apache-2.0
"""Puts the results of bench/gpu.sh into one JSON file and one Markdown table: gpu_table.py RESULTS_FOLDER."""

import json
import sys
from pathlib import Path

TERA = 1e12
# Of a window of 512: generators with 64 filters, the UNet++ with a resnext101 32x16d.
WINDOW_FLOP = {"9": 453e9, "12": 569e9, "unet": 794e9}


def read(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None  # this part failed or was cut off; its .log says why


def error_rows(results):
    rows = ["| differences to float32 | rms | 50 % | 90 % | 99 % | max |", "| --- | --- | --- | --- | --- | --- |"]
    for name, found in results.items():
        if name.startswith("differences") and found:
            for kind in ("native", "tf32", "native_dark"):
                q = found["result"][kind]
                numbers = " | ".join(f"{q[k]:.1e}" for k in ("rms", "50", "90", "99", "max"))
                rows.append(f"| {name}, {kind} | {numbers} |")
    return rows


def time_rows(results, network):
    """Both sides at their best batch size."""
    reference = results.get(f"reference_{network}")
    rows = []
    for name, found in results.items():
        if not (name.startswith(f"times_{network}") and found):
            continue
        best = min(found["result"], key=lambda row: row["native_ms"])
        share = WINDOW_FLOP[network] / (best["native_ms"] * 1e-3) / TERA
        python = min(reference["ms"].values()) if reference else None
        ratio = f"**{python / best['native_ms']:.2f}**" if python else "-"
        rows.append(
            f"| {name} | {best['batch']} | {best['native_ms']:.2f} | {best['plain_tf32_ms']:.2f} "
            f"| {f'{python:.2f}' if python else '-'} | {ratio} | {share:.0f} |"
        )
    return rows


def image_rows(results, blocks):
    found, reference = results.get(f"image_{blocks}"), results.get(f"reference_{blocks}")
    if not (found and reference and reference["image_s"]):
        return []
    ours, python = found["result"]["native_s"], reference["image_s"]
    side, windows = found["result"]["side"], found["result"]["windows"]
    share = windows * WINDOW_FLOP[blocks] / ours / TERA
    return [
        f"| {blocks} blocks, {side} x {side}, {windows} windows | {found['result']['first_s']:.2f} | {ours:.2f} "
        f"| {python:.2f} | **{python / ours:.2f}** | {share:.0f} |"
    ]


def profile_rows(results, network):
    found = results.get(f"profile_{network}")
    if not found:
        return []
    kernels = found["result"]["kernels"]
    total = sum(kernel["ms_per_window"] for kernel in kernels)
    rows = ["", f"| {network}: kernel | calls a batch | ms a window | share |", "| --- | --- | --- | --- |"]
    for kernel in kernels[:20]:
        name = kernel["kernel"].replace("|", "/")[:90]
        part = kernel["ms_per_window"]
        rows.append(f"| `{name}` | {kernel['calls']} | {part:.4f} | {100 * part / total:.1f} % |")
    return rows


def main(folder):
    results = {path.stem: read(path) for path in sorted(folder.glob("*.json")) if path.stem != "gpu"}
    (folder / "gpu.json").write_text(json.dumps(results, indent=2) + "\n")
    reference = next((r for n, r in results.items() if n.startswith("reference") and r), None)
    lines = [f"{reference['gpu']}, PyTorch {reference['torch']}" if reference else "The reference did not run.", ""]
    lines += [*error_rows(results), ""]
    lines += [
        "| window 512 | batch | engine ms | plain module TF32 ms | Python reference ms | times faster | TFLOP/s |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *[row for network in WINDOW_FLOP for row in time_rows(results, network)],
        "",
        "| whole image | first s | engine s | Python reference s | times faster | TFLOP/s |",
        "| --- | --- | --- | --- | --- | --- |",
        *image_rows(results, "9"),
        *image_rows(results, "12"),
        *profile_rows(results, "12"),
        *profile_rows(results, "unet"),
    ]
    table = "\n".join(lines) + "\n"
    (folder / "gpu.md").write_text(table)
    print(table)
    missing = [name for name, found in results.items() if found is None]
    if missing:
        sys.exit(f"failed or cut off: {', '.join(missing)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
