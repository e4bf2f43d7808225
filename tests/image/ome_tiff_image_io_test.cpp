// SPDX-License-Identifier: Apache-2.0
#include "image/ome_tiff_image_io.hpp"

#include "common/error.hpp"
#include "image/input_image.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <itkImage.h>
#include <itkImageFileReader.h>
#include <itkImageFileWriter.h>
#include <itkImageIOFactory.h>

#include <algorithm>
#include <string>

using namespace lmc::image;
using namespace lmc::test;

namespace {

using Image = itk::Image<std::uint16_t, 2>;
using Stack = itk::Image<std::uint16_t, 3>;

template <class T> typename T::Pointer read(const std::filesystem::path& path) {
  register_image_formats();
  const auto reader = itk::ImageFileReader<T>::New();
  reader->SetFileName(path.string());
  reader->Update();
  return reader->GetOutput();
}

} // namespace

CATCH_TEST_CASE("ITK reads TIFF through this class, x first, in micrometres") {
  const TemporaryFolder folder;
  const auto path = folder.file(
      "a.tiff",
      tiff_of(
          {{.width = 4,
            .height = 3,
            .description = R"(<OME><Image><Pixels DimensionOrder="XYZCT" Type="uint16" SizeX="4")"
                           R"( SizeY="3" SizeZ="1" SizeC="1" SizeT="1" PhysicalSizeX="0.1" )"
                           R"(PhysicalSizeY="0.2"/></Image></OME>)"}}));
  const Image::Pointer image = read<Image>(path);
  CATCH_CHECK(image->GetLargestPossibleRegion().GetSize()[0] == 4);
  CATCH_CHECK(image->GetSpacing()[0] == 0.1);
  CATCH_CHECK(image->GetSpacing()[1] == 0.2);
  CATCH_CHECK(image->GetPixel({3, 2}) == 11);
  const auto io =
      itk::ImageIOFactory::CreateImageIO(path.c_str(), itk::ImageIOFactory::FileModeEnum::ReadMode);
  CATCH_CHECK(std::string{io->GetNameOfClass()} == "OmeTiffImageIO");
}

CATCH_TEST_CASE("fault 10: a tiled uint16 image keeps its values through ITK") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "tiled.ome.tiff";
  const auto image = Image::New();
  image->SetRegions(Image::SizeType{300, 270});
  image->Allocate();
  std::uint16_t next = 0;
  std::generate_n(image->GetBufferPointer(), 300 * 270, [&] { return next += 257; });
  register_image_formats();
  const auto writer = itk::ImageFileWriter<Image>::New();
  writer->SetInput(image);
  writer->SetFileName(path.string());
  writer->Update();
  const Image::Pointer back = read<Image>(path);
  CATCH_CHECK(std::equal(image->GetBufferPointer(), image->GetBufferPointer() + 300 * 270,
                         back->GetBufferPointer()));
  CATCH_CHECK(read_transmitted_light(path).pixels.pixels()[300 * 270 - 1] == next);
}

CATCH_TEST_CASE("Planes of a stack are z, and can be read one by one") {
  const TemporaryFolder folder;
  const auto path =
      folder.file("a.tiff", tiff_of({{}, {.values = std::vector<std::uint64_t>(12, 9)}}));
  const Stack::Pointer stack = read<Stack>(path);
  CATCH_CHECK(stack->GetLargestPossibleRegion().GetSize()[2] == 2);
  CATCH_CHECK(stack->GetPixel({1, 0, 0}) == 1);
  CATCH_CHECK(stack->GetPixel({1, 0, 1}) == 9);
}

CATCH_TEST_CASE("Other pixel types are not written, other files not claimed") {
  const TemporaryFolder folder;
  const auto io = OmeTiffImageIO::New();
  CATCH_CHECK(io->CanWriteFile("a.TIFF"));
  CATCH_CHECK_FALSE(io->CanWriteFile("a.png"));
  CATCH_CHECK_FALSE(io->CanReadFile(folder.file("a.tiff", "no TIFF").c_str()));
  CATCH_CHECK_FALSE(io->CanReadFile((folder.path() / "absent.tiff").c_str()));
  using Bytes = itk::Image<unsigned char, 2>;
  const auto image = Bytes::New();
  image->SetRegions(Bytes::SizeType{2, 2});
  image->Allocate(true);
  register_image_formats();
  const auto writer = itk::ImageFileWriter<Bytes>::New();
  writer->SetInput(image);
  writer->SetFileName((folder.path() / "b.tiff").string());
  CATCH_CHECK_THROWS_AS(writer->Update(), itk::ExceptionObject);
}
