// SPDX-License-Identifier: Apache-2.0
#include "simulation/specimen.hpp"

#include "simulation/cell.hpp"
#include "simulation/organelles.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/std.h>

#include <algorithm>

namespace lmc::simulation {

namespace {

// Best focus lies near the underside of the nucleus, where the lamella's mitochondria and fibres
// are.
constexpr double focus_share = 0.25;
// Standard deviation of the refractive index within nucleus and cytoplasm: the granularity that
// tomographic phase microscopy sees.
constexpr double chromatin_index_deviation = 0.0035;
constexpr double cytoplasm_index_deviation = 0.002;

// Upper end of the topmost layer.
constexpr double above_all_um = 1000;

/// Noise with grains of this size, mean 0, standard deviation 1.
at::Tensor grain(std::int64_t side, double sigma_pixels, Random& random) {
  const at::Tensor white = at::empty({side, side}, at::kFloat);
  auto* const values = white.data_ptr<float>();
  for (std::int64_t i = 0; i < side * side; ++i) {
    values[i] = static_cast<float>(random.normal());
  }
  const at::Tensor smooth = blurred(white, sigma_pixels);
  return (smooth - smooth.mean()) / at::std(smooth);
}

/// Part of what reaches from `bottom` to `bottom + thickness` that lies between `low` and `high`.
at::Tensor part_within(const at::Tensor& thickness, double bottom, double low, double high) {
  const double from = std::max(bottom, low);
  return at::clamp(thickness + bottom, from, std::max(high, from)) - from;
}

/// The whole field's maps as tensors.
struct Maps {
  at::Tensor height;
  at::Tensor nucleus;
  at::Tensor nucleoli;
  at::Tensor chromatin; ///< texture
  at::Tensor granules;  ///< texture of the cytoplasm
};

/// One layer's thicknesses, micrometres.
struct Slab {
  at::Tensor cytoplasm;
  at::Tensor nucleus;
  at::Tensor nucleoli;
  at::Tensor mitochondria;
  at::Tensor tubulin;
  at::Tensor actin;
  at::Tensor vesicles;
};

Slab cut(const Maps& maps, const OrganelleMaps& organelles, std::size_t layer,
         double thickness_um) {
  const double low = thickness_um * static_cast<double>(layer);
  const double high = layer + 1 == layer_count ? above_all_um : low + thickness_um;
  const at::Tensor nucleus = part_within(maps.nucleus, nucleus_bottom_um, low, high);
  // The nucleoli sit in the middle layer, within what there is of the nucleus.
  const bool middle = layer == layer_count / 2;
  const at::Tensor nucleoli = middle ? maps.nucleoli.minimum(nucleus) : maps.nucleoli * 0;
  return {.cytoplasm = part_within(maps.height, 0, low, high) - nucleus,
          .nucleus = nucleus,
          .nucleoli = nucleoli,
          .mitochondria = organelles.mitochondria[layer].tensor(),
          .tubulin = organelles.tubulin[layer].tensor(),
          .actin = organelles.actin[layer].tensor(),
          .vesicles = organelles.vesicles[layer].tensor()};
}

/// Sum over the constituents: thickness times the difference of the refractive index to what it
/// displaces.
at::Tensor optical_path(const Slab& slab, const Maps& maps, const CellSettings& s) {
  const at::Tensor cytoplasm =
      (maps.granules * cytoplasm_index_deviation + (s.cytoplasm_index - s.medium_index)) *
      slab.cytoplasm;
  const at::Tensor nucleus = (maps.chromatin * (chromatin_index_deviation * s.chromatin) +
                              (s.nucleus_index - s.medium_index)) *
                             slab.nucleus;
  return cytoplasm + nucleus + slab.nucleoli * (s.nucleolus_index - s.nucleus_index) +
         slab.mitochondria * (s.mitochondria_index - s.cytoplasm_index) +
         slab.tubulin * (s.tubulin_index - s.cytoplasm_index) +
         slab.actin * (s.actin_index - s.cytoplasm_index) +
         slab.vesicles * (s.vesicle_index - s.cytoplasm_index);
}

/// Labels light up their structure, and the cytoplasm faintly (unbound dye, autofluorescence).
void add_density(const Slab& slab, const Maps& maps, const CellSettings& s, Specimen& specimen) {
  const auto add = [&](Organelle organelle, const at::Tensor& density) {
    specimen.density.at(channel_of(organelle)).push_back(density);
  };
  const at::Tensor diffuse = slab.cytoplasm / s.height_um;
  add(Organelle::mitochondria, slab.mitochondria / mitochondrion_um + diffuse * 0.06);
  // DNA is sparse in nucleoli.
  const at::Tensor chromatin = (maps.chromatin * (0.3 * s.chromatin) + 1).clamp_min(0.1);
  const at::Tensor dna = (slab.nucleus - slab.nucleoli * 0.7) * chromatin / s.height_um;
  add(Organelle::nucleus, dna * 1.4 + diffuse * 0.01);
  add(Organelle::tubulin, slab.tubulin / (2 * microtubule_um) + diffuse * 0.15);
  add(Organelle::actin, slab.actin / actin_um + diffuse * 0.15);
}

} // namespace

Specimen grow_specimen(const CellSettings& settings, std::int64_t side, double pixel_um,
                       Random& random) {
  const double extent_um = static_cast<double>(side) * pixel_um;
  const std::vector<Cell> cells = place_cells(extent_um, settings, random);
  const CellMap map = map_cells(cells, settings, side, pixel_um);
  const OrganelleMaps organelles = draw_organelles(cells, map, settings, random);
  // Blurred by half an optical resolution, so that no outline is a step.
  const double soft = 0.1 / pixel_um;
  const Maps maps{.height = blurred(map.height.tensor(), soft).clamp_min(0),
                  .nucleus = blurred(map.nucleus.tensor(), soft).clamp_min(0),
                  .nucleoli = blurred(organelles.nucleoli.tensor(), soft).clamp_min(0),
                  .chromatin =
                      (grain(side, 0.35 / pixel_um, random) + grain(side, 0.9 / pixel_um, random)) *
                      0.7,
                  .granules = grain(side, 0.2 / pixel_um, random)};
  const double thickness_um = settings.height_um / layer_count;
  Specimen specimen;
  for (std::size_t i = 0; i < layer_count; ++i) {
    const Slab slab = cut(maps, organelles, i, thickness_um);
    const double middle_um = thickness_um * (static_cast<double>(i) + 0.5);
    specimen.layers.push_back({.height_um = middle_um - focus_share * settings.height_um,
                               .path_um = optical_path(slab, maps, settings),
                               .absorption = {}});
    add_density(slab, maps, settings, specimen);
  }
  return specimen;
}

} // namespace lmc::simulation
