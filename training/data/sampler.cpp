// SPDX-License-Identifier: Apache-2.0
#include "training/data/sampler.hpp"

#include "common/random.hpp"

#include <numeric>
#include <utility>

namespace lmc::training {

namespace {

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  return splitmix64(splitmix64(a) ^ b);
}

} // namespace

Sampler::Sampler(const std::vector<Field>& fields, bool balanced, std::uint64_t seed)
    : seed_{seed}, lists_(balanced ? organelle_count : 1) {
  for (std::size_t f = 0; f < fields.size(); ++f) {
    const Field& field = fields[f];
    planes_ += field.planes.size() * field.repeat;
    for (std::size_t list = 0; list < lists_.size(); ++list) {
      if (balanced && !field.labels[all_organelles.at(list)]) {
        continue;
      }
      for (std::size_t p = 0; p < field.planes.size() * field.repeat; ++p) {
        lists_[list].planes.push_back(
            {static_cast<std::uint32_t>(f), static_cast<std::uint32_t>(p % field.planes.size())});
      }
    }
  }
  std::erase_if(lists_, [](const List& list) { return list.planes.empty(); });
  for (std::size_t list = 0; list < lists_.size(); ++list) {
    shuffle(list, 0);
  }
}

void Sampler::shuffle(std::size_t list, std::uint64_t pass) {
  List& shuffled = lists_[list];
  shuffled.pass = pass;
  shuffled.order.resize(shuffled.planes.size());
  std::iota(shuffled.order.begin(), shuffled.order.end(), 0U);
  const std::uint64_t key = mixed(mixed(seed_, list), pass);
  for (std::size_t i = shuffled.order.size(); i > 1; --i) {
    std::swap(shuffled.order[i - 1], shuffled.order[mixed(key, i) % i]);
  }
}

Draw Sampler::draw(std::uint64_t place, std::uint64_t attempt) {
  const std::lock_guard lock{mutex_};
  const std::size_t list = place % lists_.size();
  const std::uint64_t number = place / lists_.size();
  const std::size_t size = lists_[list].planes.size();
  if (lists_[list].pass != number / size) {
    shuffle(list, number / size);
  }
  const std::uint64_t key = mixed(mixed(seed_ + 1, place), attempt);
  const std::size_t position =
      attempt == 0 ? lists_[list].order[number % size] : mixed(key, 0) % size;
  const Member& plane = lists_[list].planes[position];
  return {.field = plane.field, .plane = plane.plane, .key = key};
}

} // namespace lmc::training
