#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests workflows/experiments: check_experiments.py LMC    Needs tifffile (requirements.txt)."""

import array
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

import tifffile

WORKFLOW = pathlib.Path(__file__).parents[2] / "workflows" / "experiments"
sys.path.insert(0, str(WORKFLOW))
import images  # noqa: E402
import sharpness  # noqa: E402
import tables  # noqa: E402

LMC = ""


def complete(*arguments):
    """The configuration as the program understands it."""
    text = subprocess.run([sys.executable, WORKFLOW / "configure.py", *arguments], check=True, capture_output=True).stdout
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(text)
        file.flush()
        return json.loads(subprocess.run([LMC, "train", file.name, "--print-config"], check=True, capture_output=True).stdout)


class Configurations(unittest.TestCase):
    def test_the_program_takes_every_one_and_each_differs_from_the_base(self):
        base = complete("unified", "1")
        for name in json.loads((WORKFLOW / "experiments.json").read_text()):
            if name not in ("base", "unified"):
                self.assertNotEqual(complete(name, "1", "BF"), base, name)

    def test_seed_modality_and_length(self):
        configuration = complete("fine_tuned", "7", "DIC", "3")
        self.assertEqual((configuration["seed"], configuration["modality"]), (7, "DIC"))
        self.assertEqual(configuration["optimiser"]["steps_per_epoch"], 3 * complete("fine_tuned", "7", "DIC")["optimiser"]["steps_per_epoch"])
        self.assertEqual(configuration["initial_weights"], "runs/unified_7/last.safetensors")

    def test_ablations_change_what_they_say(self):
        self.assertEqual(complete("zero", "1")["data"]["missing_labels"], "zero")
        self.assertFalse(complete("unbalanced", "1")["data"]["balanced"])
        self.assertEqual(complete("plain_l1", "1")["loss"]["l1_mask"], "none")


class Images(unittest.TestCase):
    ramp = (5, 3, array.array("H", [7000 * i % 65536 for i in range(15)]))

    def test_tiff_comes_back(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "x.tiff"
            images.write_tiff(path, images.cropped(self.ramp, 3))
            width, height, values = images.read_plane(path)
            self.assertEqual((width, height), (2, 3))
            self.assertEqual(list(values), [self.ramp[2][i] for i in (3, 4, 8, 9, 13, 14)])

    def test_sample_cases_as_tifffile_reads_them(self):
        cases = sorted((WORKFLOW.parents[1] / "test_inputs").glob("*/images/*/*.tiff"))
        self.assertTrue(cases)
        for path in cases:
            width, height, values = images.read_plane(path)
            self.assertEqual(tifffile.imread(path).tolist(), [list(values[y * width:(y + 1) * width]) for y in range(height)], path)

    def test_png_filters(self):
        width, height, values = self.ramp
        lines = [values[y * width:(y + 1) * width] for y in range(height)]
        raw = [b"".join(struct.pack(">H", v) for v in line) for line in lines]
        left = bytes((a - b) & 255 for a, b in zip(raw[1], b"\0\0" + raw[1]))
        above = bytes((a - b) & 255 for a, b in zip(raw[2], raw[1]))
        packed = zlib.compress(b"\0" + raw[0] + b"\1" + left + b"\2" + above)
        chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 0, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b"")]
        data = b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + k + d + b"\0" * 4 for k, d in chunks)
        self.assertEqual(images.read_png(data), self.ramp)

    def test_lzw_of_the_tiff_specification(self):
        codes = [256, 7, 258, 8, 8, 258, 6, 6, 257]  # the specification's example: 7 7 7 8 8 7 7 6 6
        bits = "".join(f"{code:09b}" for code in codes)
        packed = bytes(int(bits[i:i + 8].ljust(8, "0"), 2) for i in range(0, len(bits), 8))
        self.assertEqual(images.lzw(packed), bytes([7, 7, 7, 8, 8, 7, 7, 6, 6]))

    def test_a_sharper_image_is_sharper(self):
        side = 32
        fine = array.array("H", [1000 * (x // 2 % 2) for _ in range(side) for x in range(side)])
        coarse = array.array("H", [1000 * (x // 8 % 2) for _ in range(side) for x in range(side)])
        with tempfile.TemporaryDirectory() as folder:
            found = []
            for values in (fine, coarse, array.array("H", bytes(2 * side * side))):
                images.write_tiff(pathlib.Path(folder) / "x.tiff", (side, side, values))
                found.append(sharpness.sharpness(pathlib.Path(folder) / "x.tiff"))
        self.assertAlmostEqual(found[0], 0.5)
        self.assertAlmostEqual(found[1], 0.1)
        self.assertIsNone(found[2])


class Tables(unittest.TestCase):
    def test_mean_of_seeds_and_half_of_their_range(self):
        with tempfile.TemporaryDirectory() as folder:
            for seed, pcc in ((1, 0.2), (2, 0.4)):
                pairs = [{"organelle": o, "modality": m, "pcc": pcc, "ssim": 0.5} for o in tables.ORGANELLES for m in tables.MODALITIES]
                report = pathlib.Path(folder) / "reports" / f"unified_{seed}"
                report.mkdir(parents=True)
                (report / "report.json").write_text(json.dumps({"pairs": pairs}))
            tables.reports = pathlib.Path(folder) / "reports"
            self.assertIn("| skipped | 2 | 0.300 ± 0.100 |", tables.comparison(("skipped", "unified"), ("zero", "zero")))
            self.assertIn("| zero | not run yet | - |", tables.comparison(("skipped", "unified"), ("zero", "zero")))


if __name__ == "__main__":
    LMC = sys.argv.pop(1)
    unittest.main()
