#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/record/record.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/site_geometry.hpp"
#include "sim/world/world.hpp"

/// Bytes to the plain types and back; nothing else in `sim` touches files.
namespace throng::io {

/// Read and validate a TOML scenario by itself; all faults at once, each with line and column.
/// @throws InputError, IoError.
Scenario read_scenario(const std::filesystem::path&);
Scenario parse_scenario(const std::string& text, const std::string& file_for_messages);
/// JSON Schema (2020-12) of the scenario, for editors; and its reference page, from the table that the reader uses.
std::string scenario_json_schema();
std::string scenario_reference_markdown();

/// Site file: geometry (base and event apart), compiled world, import notes. Written to a temporary, then renamed.
struct SiteFile {
  SiteGeometry geometry;   ///< enough to redo the event
  WorldData world;
  std::string report_json; ///< import report, verbatim
  std::string hash;        ///< of the file's content, hex
};
void write_site(const std::filesystem::path&, const SiteFile&);
SiteFile read_site(const std::filesystem::path&);
/// The world part only: what `throng run` needs.
WorldData read_world(const std::filesystem::path&, std::string* hash = nullptr, std::string* report_json = nullptr);

/// Results: writes with its own thread through a bounded queue; a temporary until end() has been called.
class Hdf5Sink final : public RunSink {
 public:
  explicit Hdf5Sink(std::filesystem::path path);
  ~Hdf5Sink() override;
  void begin(const RunHeader&) override;
  void frame(const Frame&) override;
  void grid(const GridFrame&) override;
  void zones(const std::vector<ZoneSample>&) override;
  void lines(const std::vector<LineSample>&) override;
  void exits(const std::vector<ExitSample>&) override;
  void ledger(const LedgerSample&) override;
  void event(const Event&) override;
  void end(const RunResults&) override;  ///< @throws IoError when the disk failed; the temporary is kept and named
 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Random access to a result file.
class Hdf5Source {
 public:
  explicit Hdf5Source(const std::filesystem::path&);  ///< checks the trailer before the library opens the file
  ~Hdf5Source();
  const RunHeader& header() const;
  std::size_t n_frames() const;
  Frame frame(std::size_t number) const;
  std::size_t n_grid_frames() const;
  GridFrame grid_frame(std::size_t number) const;
  RunResults results() const;  ///< all but frames
 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

enum class FileKind : std::uint8_t { site, results, scenario, other };
FileKind kind_of(const std::filesystem::path&);
/// The trailer that ends our HDF5 files: 8 bytes "THRONGH5", u64 length, u64 XXH3. Appends it / checks it.
void seal(const std::filesystem::path&);
void check_seal(const std::filesystem::path&);  ///< @throws InputError: not ours, truncated, or changed
/// Repair a temporary left by a crash or a full disk: keeps whole frames, writes the trailer.
void recover(const std::filesystem::path& temporary, const std::filesystem::path& out);
/// One level of a result as a plain archive file (PedPy).
void export_pedpy(const std::filesystem::path& results, LevelId level, const std::filesystem::path& out);

/// Text written to a temporary, then renamed. @throws IoError
void write_text(const std::filesystem::path&, const std::string&);
std::string read_text(const std::filesystem::path&);

}  // namespace throng::io
