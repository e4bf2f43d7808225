// SPDX-License-Identifier: Apache-2.0
#include "model/import/pickle.hpp"

#include "model/import/byte_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lmc::model {

namespace {

// A network of 1,000 tensors takes about 30,000 values; optimizer states a few times as many.
constexpr std::size_t max_values = std::size_t{1} << 20U;
constexpr std::size_t max_stream = std::size_t{64} << 20U;

/// The pickle machine: a stack, marks on it and a memo.
class Machine {
public:
  explicit Machine(std::span<const std::byte> stream) : in_{stream} {}

  PickleDocument run() {
    while (step(static_cast<unsigned char>(in_.take(1)[0]))) {
    }
    document_.root = pop();
    document_.size = in_.position();
    return std::move(document_);
  }

private:
  template <typename T> PickleValue* make(T content) {
    if (document_.values.size() >= max_values) {
      throw std::invalid_argument{fmt::format("the pickle holds more than {} values", max_values)};
    }
    return &document_.values.emplace_back(PickleValue{std::move(content)});
  }

  template <typename T> void push(T content) { stack_.push_back(make(std::move(content))); }

  PickleValue* pop() {
    if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) {
      throw std::invalid_argument{"the pickle takes more values than it has put"};
    }
    PickleValue* value = stack_.back();
    stack_.pop_back();
    return value;
  }

  PickleValue& top() {
    PickleValue* value = pop();
    stack_.push_back(value);
    return *value;
  }

  std::vector<PickleRef> pop_to_mark() {
    if (marks_.empty()) {
      throw std::invalid_argument{"the pickle has no mark where it needs one"};
    }
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<PickleRef> values{first, stack_.end()};
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return values;
  }

  void push_tuple(std::size_t count) {
    std::vector<PickleRef> items(count);
    for (std::size_t i = count; i-- > 0;) {
      items[i] = pop();
    }
    push(PickleSequence{std::move(items)});
  }

  void append(const std::vector<PickleRef>& values) {
    // Appending to what an unknown class made has no meaning here.
    if (auto* list = std::get_if<PickleSequence>(&top().content)) {
      list->items.insert(list->items.end(), values.begin(), values.end());
    }
  }

  void set_items(const std::vector<PickleRef>& values) {
    if (values.size() % 2 != 0) {
      throw std::invalid_argument{"the pickle sets a key without a value"};
    }
    if (auto* dict = std::get_if<PickleDict>(&top().content)) {
      for (std::size_t i = 0; i < values.size(); i += 2) {
        dict->items.emplace_back(values[i], values[i + 1]);
      }
    }
  }

  void push_dict(const std::vector<PickleRef>& values) {
    push(PickleDict{});
    set_items(values);
  }

  void call() {
    const PickleRef arguments = pop();
    const PickleRef callable = pop();
    const auto* global = callable->as<PickleGlobal>();
    const auto* list = arguments->as<PickleSequence>();
    const bool ordered_dict = global != nullptr && global->full_name() == "collections.OrderedDict";
    if (ordered_dict && list != nullptr && list->items.empty()) {
      push(PickleDict{});
    } else {
      push(PickleCall{.callable = callable, .arguments = arguments});
    }
  }

  void memoize(std::uint64_t key) {
    if (memo_.size() >= max_values) {
      throw std::invalid_argument{
          fmt::format("the pickle remembers more than {} values", max_values)};
    }
    memo_[key] = &top();
  }

  void recall(std::uint64_t key) {
    const auto value = memo_.find(key);
    if (value == memo_.end()) {
      throw std::invalid_argument{"the pickle refers to a value that it has not put"};
    }
    repeat(value->second);
  }

  void repeat(PickleValue* value) {
    if (stack_.size() >= max_values) {
      throw std::invalid_argument{fmt::format("the pickle stacks more than {} values", max_values)};
    }
    stack_.push_back(value);
  }

  void push_long(std::uint64_t size) {
    const std::string_view bytes = in_.take(size);
    if (bytes.size() > sizeof(std::int64_t)) {
      push(PickleOther{});
      return;
    }
    // Little-endian two's complement of any length.
    std::int64_t value = !bytes.empty() && (bytes.back() & 0x80) != 0 ? -1 : 0;
    std::memcpy(&value, bytes.data(), bytes.size());
    push(value);
  }

  void push_text(std::uint64_t size) { push(std::string{in_.take(size)}); }

  void push_bytes(std::uint64_t size) {
    in_.take(size);
    push(PickleOther{});
  }

  void push_global() {
    std::string module{in_.line()};
    push(PickleGlobal{.module = std::move(module), .name = std::string{in_.line()}});
  }

  void push_stack_global() {
    const auto* name = pop()->as<std::string>();
    const auto* module = pop()->as<std::string>();
    if (name == nullptr || module == nullptr) {
      throw std::invalid_argument{"the pickle names a class by something else than text"};
    }
    push(PickleGlobal{.module = *module, .name = *name});
  }

  /// One instruction. @return false at the end
  bool step(unsigned char code) {
    return control(code) || number(code) || text(code) || container(code) || object(code) ||
           finish(code);
  }

  static bool finish(unsigned char code) {
    if (code == '.') {
      return false;
    }
    throw std::invalid_argument{fmt::format(
        "the pickle has an instruction 0x{:02x} that is not read (protocols 2 to 5 are)", code)};
  }

  bool control(unsigned char code) {
    switch (code) {
    case 0x80: // PROTO
      in_.take(1);
      return true;
    case 0x95: // FRAME
      in_.take(8);
      return true;
    case '(':
      marks_.push_back(stack_.size());
      return true;
    case '0':
      pop();
      return true;
    case '1':
      pop_to_mark();
      return true;
    case '2':
      repeat(&top());
      return true;
    case 'q':
      memoize(in_.number<std::uint8_t>());
      return true;
    case 'r':
      memoize(in_.number<std::uint32_t>());
      return true;
    case 0x94: // MEMOIZE
      memoize(memo_.size());
      return true;
    case 'h':
      recall(in_.number<std::uint8_t>());
      return true;
    case 'j':
      recall(in_.number<std::uint32_t>());
      return true;
    default:
      return false;
    }
  }

  bool number(unsigned char code) {
    switch (code) {
    case 'N':
      push(std::monostate{});
      return true;
    case 0x88: // NEWTRUE
      push(true);
      return true;
    case 0x89: // NEWFALSE
      push(false);
      return true;
    case 'J':
      push(std::int64_t{in_.number<std::int32_t>()});
      return true;
    case 'K':
      push(std::int64_t{in_.number<std::uint8_t>()});
      return true;
    case 'M':
      push(std::int64_t{in_.number<std::uint16_t>()});
      return true;
    case 0x8a: // LONG1
      push_long(in_.number<std::uint8_t>());
      return true;
    case 0x8b: // LONG4
      push_long(in_.number<std::uint32_t>());
      return true;
    case 'G': // big-endian
      push(std::bit_cast<double>(__builtin_bswap64(in_.number<std::uint64_t>())));
      return true;
    default:
      return false;
    }
  }

  bool text(unsigned char code) {
    switch (code) {
    case 'X':
    case 'T':
      push_text(in_.number<std::uint32_t>());
      return true;
    case 0x8c: // SHORT_BINUNICODE
    case 'U':
      push_text(in_.number<std::uint8_t>());
      return true;
    case 0x8d: // BINUNICODE8
      push_text(in_.number<std::uint64_t>());
      return true;
    case 'B':
      push_bytes(in_.number<std::uint32_t>());
      return true;
    case 'C':
      push_bytes(in_.number<std::uint8_t>());
      return true;
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
      push_bytes(in_.number<std::uint64_t>());
      return true;
    default:
      return false;
    }
  }

  bool container(unsigned char code) {
    switch (code) {
    case ']':
    case ')':
    case 0x8f: // EMPTY_SET
      push(PickleSequence{});
      return true;
    case '}':
      push(PickleDict{});
      return true;
    case 'l':
    case 't':
    case 0x91: // FROZENSET
      push(PickleSequence{pop_to_mark()});
      return true;
    case 'd':
      push_dict(pop_to_mark());
      return true;
    case 0x85: // TUPLE1
    case 0x86: // TUPLE2
    case 0x87: // TUPLE3
      push_tuple(code - 0x84U);
      return true;
    case 'a':
      append({pop()});
      return true;
    case 'e':
    case 0x90: // ADDITEMS
      append(pop_to_mark());
      return true;
    case 's': {
      const PickleRef value = pop();
      set_items({pop(), value});
      return true;
    }
    case 'u':
      set_items(pop_to_mark());
      return true;
    default:
      return false;
    }
  }

  bool object(unsigned char code) {
    switch (code) {
    case 'c':
      push_global();
      return true;
    case 0x93: // STACK_GLOBAL
      push_stack_global();
      return true;
    case 'R':
    case 0x81: // NEWOBJ
      call();
      return true;
    case 0x92: // NEWOBJ_EX: keyword arguments are dropped
      pop();
      call();
      return true;
    case 'b': // BUILD: an object's attributes, such as a state dict's `_metadata`
      pop();
      top();
      return true;
    case 'Q': {
      const PickleRef id = pop();
      push(PicklePersistent{id});
      return true;
    }
    default:
      return false;
    }
  }

  ByteCursor in_;
  PickleDocument document_;
  std::vector<PickleValue*> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, PickleValue*> memo_;
};

} // namespace

PickleDocument read_pickle(std::span<const std::byte> stream) {
  return Machine{stream.first(std::min(stream.size(), max_stream))}.run();
}

} // namespace lmc::model
