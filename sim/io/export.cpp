#include "sim/core/error.hpp"
#include "sim/io/detail/files.hpp"
#include "sim/io/detail/out_file.hpp"
#include "sim/io/detail/results_reader.hpp"

#include <algorithm>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace throng::io {
namespace {

struct ArchiveRow {
  std::int64_t id, frame;
  double x, y, z;
};

std::vector<h5::Field> archive_fields() {
  return {{"id", offsetof(ArchiveRow, id), h5::Type::i64},
          {"frame", offsetof(ArchiveRow, frame), h5::Type::i64},
          {"x", offsetof(ArchiveRow, x), h5::Type::f64},
          {"y", offsetof(ArchiveRow, y), h5::Type::f64},
          {"z", offsetof(ArchiveRow, z), h5::Type::f64}};
}

/// Rows of one level, by id, then frame.
std::vector<ArchiveRow> rows_of_level(const Hdf5Source::Impl& from, LevelId level) {
  std::vector<ArchiveRow> out;
  std::vector<detail::TrajectoryRow> block;
  for (const detail::FrameRow& frame : from.frames) {
    from.read_rows(frame.begin, frame.end, block);
    for (const detail::TrajectoryRow& row : block)
      if (row.level == static_cast<std::int16_t>(level)) out.push_back({row.id, row.frame, row.x, row.y, row.z});
  }
  std::sort(out.begin(), out.end(),
            [](const ArchiveRow& a, const ArchiveRow& b) { return a.id != b.id ? a.id < b.id : a.frame < b.frame; });
  return out;
}

void write_archive(const h5::Place& root, const RunHeader& header, LevelId level, const std::vector<ArchiveRow>& rows) {
  const h5::Handle stored = h5::compound(archive_fields(), sizeof(ArchiveRow), true),
                   memory = h5::compound(archive_fields(), sizeof(ArchiveRow), false);
  const hsize_t n = rows.size();
  const h5::Handle space(H5Screate_simple(1, &n, nullptr), H5Sclose);
  const h5::Handle dataset(
      H5Dcreate2(root.id, "trajectory", stored.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
  if (!dataset || (n > 0 && H5Dwrite(dataset.get(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()) < 0))
    h5::fail_write(root, "trajectory");
  const h5::Place at{dataset.get(), root.file, "/trajectory"};
  h5::set(at, "fps", 1.0 / header.frame_interval);
  h5::set(at, "id", std::string("unique identifier of the pedestrian"));
  h5::set(at, "frame", std::string("frame number"));
  h5::set(at, "x", std::string("x-coordinate of the pedestrian in metres, site frame"));
  h5::set(at, "y", std::string("y-coordinate of the pedestrian in metres, site frame"));
  h5::set(at, "z", std::string("height of the ground below the pedestrian in metres"));
  h5::set(root, "file_version", std::string("1.0.0"));
  h5::set(root, "source", "Throng " + header.program_version + " (simulation)");
  h5::set(root, "experiment_title", header.scenario_name);
  h5::set(root, "run_name", header.scenario_name + ", level " + std::to_string(static_cast<int>(level)));
  h5::set(root, "date", header.created.substr(0, std::min<std::size_t>(10, header.created.size())));
  h5::set(root, "time", header.created.size() > 11 ? header.created.substr(11) : std::string());
  h5::set(root, "wkt_geometry", detail::level_wkt(header, level));
  h5::set(root, "producer", std::string("Throng"));
  h5::set(root, "producer_version", header.program_version);
  h5::set(root, "created", header.created);
  h5::set(root, "seed", header.seed);
  h5::set(root, "model", header.model);
  h5::set(root, "calibration_profile", header.profile);
  h5::set(root, "dt", header.time_step);
  h5::set(root, "crs", header.frame.crs);
  h5::set(root, "origin", std::vector<double>{header.frame.origin_x, header.frame.origin_y});
  h5::set(root, "site_hash", header.site_hash);
}

}  // namespace

void export_pedpy(const std::filesystem::path& results, LevelId level, const std::filesystem::path& out) {
  const h5::Lock lock;
  const Hdf5Source::Impl from(results, true);
  if (std::none_of(from.header.levels.begin(), from.header.levels.end(), [&](const Level& l) { return l.id == level; }))
    throw InputError(Fault{results.string(), "has no such level", std::to_string(static_cast<int>(level)),
                           std::to_string(from.header.levels.size()) + " levels", 0, 0});
  const std::vector<ArchiveRow> rows = rows_of_level(from, level);
  const std::filesystem::path temporary = detail::temporary_of(out);
  try {
    detail::OutFile file(temporary);
    write_archive(file.root(), from.header, level, rows);
    file.close();
    detail::File(temporary, O_RDWR).sync();
    detail::rename_durably(temporary, out);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

void export_text(const std::filesystem::path& results, const std::filesystem::path& out) {
  const Hdf5Source::Impl from(results, true);
  const bool commas = out.extension() == ".csv";
  const std::filesystem::path temporary = detail::temporary_of(out);
  try {
    detail::File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    char line[192];
    std::snprintf(line, sizeof line, "# framerate: %.17g\n", 1.0 / from.header.frame_interval);
    std::string text = std::string(line) + "# unit: m\n" + (commas ? "id,frame,x,y,z\n" : "# id frame x y z\n");
    std::vector<detail::TrajectoryRow> block;
    const char* format = commas ? "%lld,%lld,%.4f,%.4f,%.4f\n" : "%lld %lld %.4f %.4f %.4f\n";
    for (const detail::FrameRow& frame : from.frames) {
      from.read_rows(frame.begin, frame.end, block);
      for (const detail::TrajectoryRow& row : block) {
        std::snprintf(line, sizeof line, format, static_cast<long long>(row.id), static_cast<long long>(row.frame),
                      row.x, row.y, row.z);
        text += line;
      }
      if (text.size() < (1u << 20)) continue;
      file.write(text.data(), text.size());
      text.clear();
    }
    file.write(text.data(), text.size());
    file.sync();
    file.close();
    detail::rename_durably(temporary, out);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace throng::io
