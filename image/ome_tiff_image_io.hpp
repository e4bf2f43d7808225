// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/plane_source.hpp"
#include "image/read_options.hpp"

#include <itkImageIOBase.h>
#include <itkObjectFactoryBase.h>

#include <memory>
#include <string>

namespace lmc::image {

/// TIFF and OME-TIFF for ITK's readers and writers. Axes x, y and, where there are several planes,
/// z or z, t; spacing in micrometres (1 where the pixel size is unknown); grey values of the file's
/// own type. Reads stream by planes. Writes uint16 and float as OME-TIFF, replacing an existing
/// file.
class OmeTiffImageIO : public itk::ImageIOBase {
public:
  ITK_DISALLOW_COPY_AND_MOVE(OmeTiffImageIO);
  using Self = OmeTiffImageIO;
  using Superclass = itk::ImageIOBase;
  using Pointer = itk::SmartPointer<Self>;
  itkNewMacro(Self);
  itkTypeMacro(OmeTiffImageIO, itk::ImageIOBase);

  /// Channel, limits and colour rule of the next read.
  void set_options(ReadOptions options) { options_ = std::move(options); }

  bool SupportsDimension(unsigned long dimensions) override;
  bool CanStreamRead() override { return true; }
  bool CanReadFile(const char* file_name) override;
  /// @throws Error E301 to E309
  void ReadImageInformation() override;
  void Read(void* buffer) override;
  [[nodiscard]] itk::ImageIORegion GenerateStreamableReadRegionFromRequestedRegion(
      const itk::ImageIORegion& requested) const override;

  bool CanWriteFile(const char* file_name) override;
  void WriteImageInformation() override {}
  /// @throws Error output_unwritable, output_failed; itk::ExceptionObject for other pixel types
  void Write(const void* buffer) override;

protected:
  OmeTiffImageIO();
  ~OmeTiffImageIO() override;

private:
  ReadOptions options_;
  std::unique_ptr<PlaneSource> source_;
};

/// Makes ITK's readers and writers use OmeTiffImageIO for TIFF files and its own MetaImage, NRRD,
/// PNG and NIfTI classes; ITK's TIFF class is never registered. May be called more than once.
void register_image_formats();

} // namespace lmc::image
