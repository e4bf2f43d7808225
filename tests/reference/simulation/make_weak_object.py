#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes weak_object.json with waveorder's transfer function of a thin phase object in bright field.

    pip install waveorder==3.0.2
    make_weak_object.py weak_object.json
"""

import json
import sys

from waveorder.models.isotropic_thin_3d import calculate_transfer_function

# Frequencies four times as fine as the test's, so that the rim of the source, which waveorder draws
# on the frequency grid, is fine against what is compared.
SIDE, FINER, PIXEL = 128, 4, 0.1
OPTICS = {"wavelength_um": 0.55, "immersion_index": 1.337, "objective_na": 0.8, "condenser_na": 0.4}
FOCUS = [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]
# Steps of the test's frequency grid, 1 / (128 * 0.1 um), along x and along the diagonal.
STEPS = [[0, k] for k in range(2, 29, 2)] + [[k, k] for k in range(2, 20, 2)]


def main():
    _, phase = calculate_transfer_function(
        (SIDE * FINER, SIDE * FINER), PIXEL, FOCUS, OPTICS["wavelength_um"], OPTICS["immersion_index"],
        OPTICS["condenser_na"], OPTICS["objective_na"])
    imaginary = float(phase.imag.abs().max())
    if imaginary > 1e-3:
        sys.exit(f"a symmetric source must give a real transfer function, imaginary part {imaginary}")
    values = [[float(plane[FINER * y, FINER * x].real) for y, x in STEPS] for plane in phase]
    record = {
        "source": "waveorder 3.0.2, models.isotropic_thin_3d.calculate_transfer_function",
        "side": SIDE, "pixel_um": PIXEL, **OPTICS, "focus_um": FOCUS, "frequency_steps": STEPS,
        "phase_transfer": values}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
