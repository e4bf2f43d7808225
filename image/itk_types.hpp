// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/pixel_type.hpp"

#include <itkImageIOBase.h>

#include <optional>

namespace lmc::image {

/// The type of an ITK image's components; nothing for what is no plain number.
[[nodiscard]] std::optional<PixelType> pixel_type_of(const itk::ImageIOBase& io);

/// ITK's name of a type. float16 has none: it is read as float32.
[[nodiscard]] itk::IOComponentEnum component_of(PixelType type);

} // namespace lmc::image
