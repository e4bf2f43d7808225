#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts the tables of the experiments into a page, between its lines `<!-- NAME -->` and `<!-- end -->`.

    tables.py FOLDER PAGE.md

Every number comes from FOLDER/reports: the mean over the images of a run, then the mean over the runs (seeds), with half of the
range of the runs after the sign +-. Comparisons name what was not run. Needs nothing but Python.
"""

import json
import pathlib
import re
import sys

ORGANELLES = ("mitochondria", "nucleus", "tubulin", "actin")
MODALITIES = ("BF", "PC", "DIC")
PRESETS = {"paper": 64, "balanced": 8, "fast": 4}
reports = pathlib.Path()


def read(path):
    return json.loads(path.read_text()) if path.exists() else None


def pairs_of(name, seed):
    """Evaluated pairs of a run, or of the three of an experiment per modality; None where one is missing."""
    whole = read(reports / f"{name}_{seed}" / "report.json")
    parts = [whole] if whole else [read(reports / f"{name}_{seed}_{m}" / "report.json") for m in MODALITIES]
    return None if None in parts else [pair for part in parts for pair in part["pairs"]]


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else None


def spread(values, digits=3):
    """Mean of the seeds and half of their range."""
    values = [value for value in values if value is not None]
    if not values:
        return "-"
    text = f"{sum(values) / len(values):.{digits}f}"
    return text + (f" ± {(max(values) - min(values)) / 2:.{digits}f}" if len(values) > 1 else "")


def seeds_of(name):
    found = {int(match[1]) for path in reports.glob(f"{name}_*") if (match := re.match(rf"{name}_(\d+)(_|$)", path.name))}
    return [seed for seed in sorted(found) if pairs_of(name, seed)]


def metric(pairs, key, organelle, modalities=MODALITIES):
    return mean([p[key] for p in pairs if p["organelle"] == organelle and p["modality"] in modalities])


def compared(pairs, key):
    """Mean of each organelle; of actin without DIC, which has a table of its own."""
    return [metric(pairs, key, o, ("BF", "PC") if o == "actin" else MODALITIES) for o in ORGANELLES]


def by_organelle(runs):
    """Cells PCC M, N, T, A, SSIM M, N, T, A with the spread of the runs."""
    return [spread(values) for key in ("pcc", "ssim") for values in zip(*[compared(run, key) for run in runs])]


HEAD = [f"{key} {letter}" for key in ("PCC", "SSIM") for letter in "MNTA"]


def table(head, rows):
    return "\n".join(["| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows)])


def comparison(*names):
    """PCC and SSIM of every organelle, a row per experiment."""
    rows = []
    for title, name in names:
        runs = [pairs_of(name, seed) for seed in seeds_of(name)]
        rows.append([title, str(len(runs)), *by_organelle(runs)] if runs else [title, "not run yet", *["-"] * len(HEAD)])
    return table(["", "seeds", *HEAD], rows)


def dic_actin():
    rows = []
    for title, pattern, paper in (("separate DIC UNet++", "separate_*_DIC", (".065", ".003")),
                                  ("separate DIC pix2pix", "pix2pix_*_DIC", ("-", "-")),
                                  ("unified UNet++", "unified_*", (".5548", ".5620")),
                                  ("unified UNet++, missing labels as zero", "zero_*", ("-", "-"))):
        runs = [run for path in sorted(reports.glob(pattern)) if (run := read(path / "report.json"))]
        values = [[metric(run["pairs"], key, "actin", ("DIC",)) for run in runs] for key in ("ssim", "pcc")]
        if runs:
            rows.append([title, str(len(runs)), *map(spread, values), ", ".join(f"{value:.3f}" for value in values[1]), *paper])
    return table(["network", "seeds", "SSIM", "PCC", "PCC of each seed", "paper: SSIM", "PCC"], rows)


def sharpness():
    rows = []
    for title, name in (("separate UNet++", "separate"), ("separate pix2pix", "pix2pix")):
        runs = []
        for seed in seeds_of(name):
            parts = [read(reports / f"{name}_{seed}_{m}" / "sharpness.json") for m in MODALITIES]
            if None not in parts:
                runs.append([row for part in parts for row in part])
        rows.append([title, str(len(runs)), *[spread([metric(run, "ratio", o) for run in runs]) for o in ORGANELLES]])
    return table(["", "seeds", *[o[0].upper() for o in ORGANELLES]], rows)


def presets():
    rows = []
    best = read(reports / "preset_paper" / "report.json")
    for name, windows in PRESETS.items():
        report, cost = read(reports / f"preset_{name}" / "report.json"), read(reports / f"preset_{name}" / "cost.json")
        if not (report and cost and best):
            continue
        seconds = cost["processor_seconds"] / cost["images"]
        cells = [f"{metric(report['pairs'], 'pcc', o):.4f} / {metric(report['pairs'], 'ssim', o):.4f}" for o in ORGANELLES]
        change = [mean([metric(report["pairs"], key, o) - metric(best["pairs"], key, o) for o in ORGANELLES]) for key in ("pcc", "ssim")]
        rows.append([f"`{name}`", str(windows), f"{seconds:.1f}", *cells, *[f"{value:+.4f}" for value in change]])
    head = ["preset", "windows", "processor s an image", *[f"{o[0].upper()} PCC / SSIM" for o in ORGANELLES], "mean change of PCC", "of SSIM"]
    models = (read(reports / "preset_paper" / "cost.json") or {}).get("models") or []
    return table(head, rows) + "\n\nNetworks (SHA-256): " + ", ".join(f"{m['file']} `{m['sha256'][:12]}`" for m in models)


def focus():
    runs = [run["pairs"] for path in sorted(reports.glob("focus_*")) if (run := read(path / "report.json"))]
    deviations = sorted({pair["focus_deviation"] for run in runs for pair in run if pair["focus_deviation"] is not None})
    rows = []
    for deviation in deviations:
        near = [[pair for pair in run if pair["focus_deviation"] == deviation] for run in runs]
        rows.append([f"{deviation:.0f}", str(len(near)), *by_organelle(near)])
    return table(["planes from focus", "seeds", *HEAD], rows)


def real():
    report = read(reports / "real" / "report.json")
    rows = []
    for pair in sorted(report["pairs"] if report else [], key=lambda p: (p["modality"] or "", p["prediction"], p["organelle"])):
        cells = [f"{pair[key]:.3f}" if pair[key] is not None else "-" for key in ("pcc", "ssim", "mae")]
        rows.append([pathlib.Path(pair["truth"]).stem, pair["organelle"], *cells])
    return table(["right quarter", "organelle", "PCC", "SSIM", "MAE"], rows)


TABLES = {
    "dic_actin": dic_actin,
    "strategies": lambda: comparison(("separate", "separate"), ("unified", "unified"), ("unified dynamic", "dynamic")),
    "pix2pix": lambda: comparison(("separate UNet++", "separate"), ("separate pix2pix", "pix2pix")),
    "sharpness": sharpness,
    "missing_labels": lambda: comparison(("skipped (adaptive loss)", "unified"), ("taken as zero", "zero")),
    "masked_l1": lambda: comparison(("masked L1", "unified"), ("plain L1", "plain_l1")),
    "sampling": lambda: comparison(("balanced", "unified"), ("not balanced", "unbalanced")),
    "normalisation": lambda: comparison(("percentile input, percentile labels", "unified"), ("z-score input", "input_zscore"),
                                        ("input not normalised", "input_none"), ("neither normalised (paper)", "paper_scaling")),
    "fine_tuning": lambda: comparison(("unified", "unified"), ("fine-tuned per modality", "fine_tuned"),
                                      ("separate from the start", "separate")),
    "presets": presets,
    "focus": focus,
    "real": real,
}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    global reports
    reports = pathlib.Path(sys.argv[1]) / "reports"
    page = pathlib.Path(sys.argv[2])
    text = page.read_text()
    for name, make in TABLES.items():
        text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m, made=make: f"{m[1]}{made()}\n{m[2]}", text, flags=re.S)
    page.write_text(text)


if __name__ == "__main__":
    main()
