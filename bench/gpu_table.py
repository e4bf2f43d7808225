# SPDX-License-Identifier: Apache-2.0
"""Puts the results of bench/gpu.sh into one JSON file and one Markdown table: gpu_table.py RESULTS_FOLDER."""

import json
import sys
from pathlib import Path

TERA = 1e12
WINDOW_FLOP = {9: 453e9, 12: 569e9}  # of the generator with 64 filters, window 512


def read(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None  # this part failed or was cut off; its .log says why


def error_rows(results):
    rows = ["| differences to float32 | rms | 50 % | 90 % | 99 % | max |", "| --- | --- | --- | --- | --- | --- |"]
    for name, found in results.items():
        if name.startswith("differences") and found:
            for kind in ("fast", "tf32", "fast_dark"):
                q = found["result"][kind]
                numbers = " | ".join(f"{q[k]:.1e}" for k in ("rms", "50", "90", "99", "max"))
                rows.append(f"| {name}, {kind} | {numbers} |")
    return rows


def time_rows(results, blocks):
    """Both sides at their best batch size."""
    reference = results.get(f"reference_{blocks}")
    rows = []
    for name, found in results.items():
        if not (name.startswith(f"times_{blocks}") and found):
            continue
        best = min(found["result"], key=lambda row: row["fast_ms"])
        share = WINDOW_FLOP[blocks] / (best["fast_ms"] * 1e-3) / TERA
        python = min(reference["ms"].values()) if reference else None
        ratio = f"**{python / best['fast_ms']:.2f}**" if python else "-"
        rows.append(
            f"| {name} | {best['batch']} | {best['fast_ms']:.2f} | {best['plain_tf32_ms']:.2f} "
            f"| {f'{python:.2f}' if python else '-'} | {ratio} | {share:.0f} |"
        )
    return rows


def image_rows(results, blocks):
    found, reference = results.get(f"image_{blocks}"), results.get(f"reference_{blocks}")
    if not (found and reference and reference["image_s"]):
        return []
    ours, python = found["result"]["fast_s"], reference["image_s"]
    side, windows = found["result"]["side"], found["result"]["windows"]
    share = windows * WINDOW_FLOP[blocks] / ours / TERA
    return [
        f"| {blocks} blocks, {side} x {side}, {windows} windows | {found['result']['first_s']:.2f} | {ours:.2f} "
        f"| {python:.2f} | **{python / ours:.2f}** | {share:.0f} |"
    ]


def profile_rows(results):
    found = results.get("profile_12")
    if not found:
        return []
    kernels = found["result"]["kernels"]
    total = sum(kernel["ms_per_window"] for kernel in kernels)
    rows = ["| kernel | calls a batch | ms a window | share |", "| --- | --- | --- | --- |"]
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
        "| window 512, 64 filters | batch | engine ms | plain module TF32 ms | Python reference ms | times faster | TFLOP/s |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *time_rows(results, 9),
        *time_rows(results, 12),
        "",
        "| whole image | first s | engine s | Python reference s | times faster | TFLOP/s |",
        "| --- | --- | --- | --- | --- | --- |",
        *image_rows(results, 9),
        *image_rows(results, 12),
        "",
        *profile_rows(results),
    ]
    table = "\n".join(lines) + "\n"
    (folder / "gpu.md").write_text(table)
    print(table)
    missing = [name for name, found in results.items() if found is None]
    if missing:
        sys.exit(f"failed or cut off: {', '.join(missing)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
