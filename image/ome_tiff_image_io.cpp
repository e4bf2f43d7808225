// SPDX-License-Identifier: Apache-2.0
#include "image/ome_tiff_image_io.hpp"

#include "common/error.hpp"
#include "common/text.hpp"
#include "image/file_kind.hpp"
#include "image/itk_types.hpp"
#include "image/tiff_writer.hpp"

#include <itkCreateObjectFunction.h>
#include <itkMetaImageIOFactory.h>
#include <itkNiftiImageIOFactory.h>
#include <itkNrrdImageIOFactory.h>
#include <itkPNGImageIOFactory.h>
#include <itkVersion.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <span>
#include <utility>

namespace lmc::image {
namespace {

/// Index and size of a region along x, y, z, t; missing axes are 0 and 1.
struct Box {
  std::array<std::size_t, 4> index{};
  std::array<std::size_t, 4> size{1, 1, 1, 1};
};

Box box_of(const itk::ImageIORegion& region) {
  Box box;
  for (unsigned i = 0; i < std::min(region.GetImageDimension(), 4U); ++i) {
    box.index[i] = static_cast<std::size_t>(region.GetIndex(i));
    box.size[i] = region.GetSize(i);
  }
  return box;
}

/// Appends the box's part of a plane to the buffer.
std::byte* copy_rows(const RawPlane& plane, const Box& box, std::byte* target) {
  const std::size_t pixel = size_of(plane.type);
  const std::size_t line = box.size[0] * pixel;
  for (std::size_t row = 0; row < box.size[1]; ++row) {
    const std::size_t from = (box.index[1] + row) * plane.width + box.index[0];
    std::memcpy(target, plane.bytes.data() + from * pixel, line);
    target += line;
  }
  return target;
}

class OmeTiffImageIOFactory : public itk::ObjectFactoryBase {
public:
  ITK_DISALLOW_COPY_AND_MOVE(OmeTiffImageIOFactory);
  using Self = OmeTiffImageIOFactory;
  using Superclass = itk::ObjectFactoryBase;
  using Pointer = itk::SmartPointer<Self>;
  itkFactorylessNewMacro(Self);
  itkTypeMacro(OmeTiffImageIOFactory, itk::ObjectFactoryBase);

  [[nodiscard]] const char* GetITKSourceVersion() const override { return ITK_SOURCE_VERSION; }
  [[nodiscard]] const char* GetDescription() const override { return "OME-TIFF ImageIO"; }

protected:
  OmeTiffImageIOFactory() {
    RegisterOverride("itkImageIOBase", "OmeTiffImageIO", "OME-TIFF ImageIO", true,
                     itk::CreateObjectFunction<OmeTiffImageIO>::New());
  }
  ~OmeTiffImageIOFactory() override = default;
};

template <class T>
void write_planes(OmeTiffWriter& writer, const void* buffer,
                  const OmeTiffDescription& description) {
  const std::size_t pixels = description.height * description.width;
  for (std::size_t plane = 0; plane < description.z_planes * description.t_planes; ++plane) {
    writer.write_plane(std::span{static_cast<const T*>(buffer) + plane * pixels, pixels});
  }
}

} // namespace

OmeTiffImageIO::OmeTiffImageIO() {
  for (const char* extension : {".ome.tiff", ".ome.tif", ".tiff", ".tif"}) {
    AddSupportedReadExtension(extension);
    AddSupportedWriteExtension(extension);
  }
}

OmeTiffImageIO::~OmeTiffImageIO() = default;

bool OmeTiffImageIO::SupportsDimension(unsigned long dimensions) {
  return dimensions >= 2 && dimensions <= 4;
}

bool OmeTiffImageIO::CanReadFile(const char* file_name) {
  try {
    return file_kind_of(file_name).format == FileFormat::tiff;
  } catch (const Error&) {
    return false; // ITK asks every format before it says that none can
  }
}

void OmeTiffImageIO::ReadImageInformation() {
  source_ = open_tiff_planes(GetFileName(), options_);
  const StackInfo& info = source_->info();
  const bool times = info.t_planes > 1;
  SetNumberOfDimensions(times ? 4 : info.z_planes > 1 ? 3 : 2);
  const std::array<std::size_t, 4> sizes{info.width, info.height, info.z_planes, info.t_planes};
  for (unsigned i = 0; i < GetNumberOfDimensions(); ++i) {
    SetDimensions(i, sizes[i]);
    SetSpacing(i, 1);
    SetOrigin(i, 0);
  }
  if (info.pixel_um) {
    SetSpacing(0, info.pixel_um->x_um);
    SetSpacing(1, info.pixel_um->y_um);
  }
  SetNumberOfComponents(1);
  SetPixelType(itk::IOPixelEnum::SCALAR);
  SetComponentType(component_of(info.type));
}

itk::ImageIORegion OmeTiffImageIO::GenerateStreamableReadRegionFromRequestedRegion(
    const itk::ImageIORegion& requested) const {
  // Whole planes: a plane is decoded at a time in any case.
  itk::ImageIORegion region{requested};
  for (unsigned i = 0; i < 2; ++i) {
    region.SetIndex(i, 0);
    region.SetSize(i, GetDimensions(i));
  }
  return region;
}

void OmeTiffImageIO::Read(void* buffer) {
  if (!source_) {
    ReadImageInformation();
  }
  const Box box = box_of(GetIORegion());
  auto* target = static_cast<std::byte*>(buffer);
  for (std::size_t t = 0; t < box.size[3]; ++t) {
    for (std::size_t z = 0; z < box.size[2]; ++z) {
      target = copy_rows(source_->read_grey(box.index[3] + t, box.index[2] + z), box, target);
    }
  }
}

bool OmeTiffImageIO::CanWriteFile(const char* file_name) {
  const std::string name = lower_case(file_name);
  return name.ends_with(".tif") || name.ends_with(".tiff");
}

void OmeTiffImageIO::Write(const void* buffer) {
  const Box box = box_of(GetIORegion());
  const bool is_float = GetComponentType() == itk::IOComponentEnum::FLOAT;
  if (GetNumberOfComponents() != 1 ||
      (!is_float && GetComponentType() != itk::IOComponentEnum::USHORT)) {
    itkExceptionMacro("OME-TIFF is written of one uint16 or float value per pixel, not of "
                      << GetNumberOfComponents() << " "
                      << GetComponentTypeAsString(GetComponentType()));
  }
  OmeTiffDescription description;
  description.width = box.size[0];
  description.height = box.size[1];
  description.z_planes = box.size[2];
  description.t_planes = box.size[3];
  description.type = is_float ? PixelType::float32 : PixelType::uint16;
  description.pixel_um = PixelSize{GetSpacing(0), GetSpacing(1)};
  description.input.image_name = std::filesystem::path{GetFileName()}.stem().string();
  OmeTiffWriter writer{GetFileName(), description};
  if (is_float) {
    write_planes<float>(writer, buffer, description);
  } else {
    write_planes<std::uint16_t>(writer, buffer, description);
  }
  writer.commit(Existing::replace);
}

void register_image_formats() {
  static std::once_flag registered;
  std::call_once(registered, [] {
    itk::ObjectFactoryBase::RegisterFactory(
        OmeTiffImageIOFactory::New(), itk::ObjectFactoryEnums::InsertionPosition::INSERT_AT_FRONT);
    itk::MetaImageIOFactory::RegisterOneFactory();
    itk::NrrdImageIOFactory::RegisterOneFactory();
    itk::PNGImageIOFactory::RegisterOneFactory();
    itk::NiftiImageIOFactory::RegisterOneFactory();
  });
}

} // namespace lmc::image
