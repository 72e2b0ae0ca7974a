#pragma once
#include "sim/io/detail/scenario_keys.hpp"

#include <functional>
#include <limits>
#include <string>
#include <vector>

/// The parts of the one table of keys; scenario_sections.cpp puts them together.
namespace throng::io::detail {

inline constexpr double unset = std::numeric_limits<double>::quiet_NaN();

const Section<Share>& share_keys();
const Section<ArrivalPulse>& pulse_keys();
const Section<ArrivalPulse>& departure_keys();
const Section<PopulationClass>& population_keys();
const Section<SourceDemand>& source_keys();
const Section<JourneyDemand>& journey_keys();

/// "id", ["id", ...] or [{id = "id", weight = 1.0}, ...].
void read_shares(ReadContext& context, const Node& node, const std::string& path, std::vector<Share>& out);
void read_texts(ReadContext& context, const Node& node, const std::string& path, std::vector<std::string>& out);

template <class T, class Access>
Key<T> shares(const char* name, Access access, const char* fallback, const char* doc) {
  KeyInfo info{KeyInfo::Type::shares, name, "", limits::weight, fallback, doc, {}, false, &share_keys()};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
            read_shares(context, node, path, std::invoke(access, out));
          }};
}

template <class T, class Access>
Key<T> texts(const char* name, Access access, const char* fallback, const char* doc) {
  return custom<T>(KeyInfo::Type::texts, name, "", {}, fallback, doc,
                   [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
                     read_texts(context, node, path, std::invoke(access, out));
                   });
}

}  // namespace throng::io::detail
