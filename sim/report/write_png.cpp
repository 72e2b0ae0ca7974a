#include "sim/core/error.hpp"
#include "sim/report/report.hpp"

#include <cmath>
#include <memory>
#include <system_error>

#include <librsvg/rsvg.h>

namespace throng::report {
namespace {

struct Unref {
  void operator()(RsvgHandle* handle) const { g_object_unref(handle); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};

/// Takes what librsvg has to say about a failure.
class Failure {
 public:
  ~Failure() {
    if (error_ != nullptr) g_error_free(error_);
  }
  GError** slot() { return &error_; }
  std::string text() const { return error_ != nullptr ? error_->message : "unknown"; }

 private:
  GError* error_ = nullptr;
};

}  // namespace

void write_png(const std::filesystem::path& path, const Picture& picture, double scale) {
  Failure failure;
  const auto* bytes = reinterpret_cast<const guint8*>(picture.svg.data());
  const std::unique_ptr<GInputStream, void (*)(GInputStream*)> stream(
      g_memory_input_stream_new_from_data(bytes, static_cast<gssize>(picture.svg.size()), nullptr),
      [](GInputStream* s) { g_object_unref(s); });
  // Maps of whole cities exceed the default limit on text length of the XML parser.
  const std::unique_ptr<RsvgHandle, Unref> handle(
      rsvg_handle_new_from_stream_sync(stream.get(), nullptr, RSVG_HANDLE_FLAG_UNLIMITED, nullptr, failure.slot()));
  if (!handle) throw IoError("cannot draw " + picture.name + ": " + failure.text());
  const int width = static_cast<int>(std::ceil(picture.width * scale));
  const int height = static_cast<int>(std::ceil(picture.height * scale));
  const std::unique_ptr<cairo_surface_t, Unref> surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height));
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
    throw IoError("picture " + picture.name + " is too large to draw");
  const std::unique_ptr<cairo_t, Unref> context(cairo_create(surface.get()));
  const RsvgRectangle page{0.0, 0.0, static_cast<double>(width), static_cast<double>(height)};
  if (rsvg_handle_render_document(handle.get(), context.get(), &page, failure.slot()) == 0)
    throw IoError("cannot draw " + picture.name + ": " + failure.text());
  const std::filesystem::path temporary = path.string() + ".part";
  const cairo_status_t written = cairo_surface_write_to_png(surface.get(), temporary.c_str());
  std::error_code problem;
  if (written == CAIRO_STATUS_SUCCESS) std::filesystem::rename(temporary, path, problem);
  if (written == CAIRO_STATUS_SUCCESS && !problem) return;
  const std::string why = problem ? problem.message() : cairo_status_to_string(written);
  std::filesystem::remove(temporary, problem);
  throw IoError("cannot write " + path.string() + ": " + why);
}

}  // namespace throng::report
