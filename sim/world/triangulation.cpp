#include "sim/world/detail/triangulation.hpp"

#include <utility>

#include <CGAL/Constrained_Delaunay_triangulation_2.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Triangulation_face_base_with_info_2.h>
#include <CGAL/Triangulation_vertex_base_with_info_2.h>

namespace throng::detail {
namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using VertexBase = CGAL::Triangulation_vertex_base_with_info_2<std::int32_t, Kernel>;
using FaceBase = CGAL::Triangulation_face_base_with_info_2<std::int32_t, Kernel,
                                                           CGAL::Constrained_triangulation_face_base_2<Kernel>>;
using Structure = CGAL::Triangulation_data_structure_2<VertexBase, FaceBase>;
using Cdt = CGAL::Constrained_Delaunay_triangulation_2<Kernel, Structure,
                                                       CGAL::No_constraint_intersection_requiring_constructions_tag>;

}  // namespace

Triangulated triangulate(const std::vector<Vec2>& point, const std::vector<std::int32_t>& used,
                         const std::vector<std::array<std::int32_t, 2>>& edge) {
  Triangulated out;
  Cdt cdt;
  std::vector<std::pair<Kernel::Point_2, std::int32_t>> points;
  points.reserve(used.size());
  for (const std::int32_t v : used) {
    const Vec2 p = point[static_cast<std::size_t>(v)];
    points.emplace_back(Kernel::Point_2(p.x, p.y), v);
  }
  cdt.insert(points.begin(), points.end());
  std::vector<Cdt::Vertex_handle> handle(point.size());
  for (auto v = cdt.finite_vertices_begin(); v != cdt.finite_vertices_end(); ++v)
    handle[static_cast<std::size_t>(v->info())] = v;
  for (const auto& [u, v] : edge) {
    try {
      cdt.insert_constraint(handle[static_cast<std::size_t>(u)], handle[static_cast<std::size_t>(v)]);
    } catch (const Cdt::Intersection_of_constraints_exception&) {
      out.rejected.push_back({u, v});
    }
  }
  if (cdt.dimension() < 2) return out;
  for (auto f = cdt.all_faces_begin(); f != cdt.all_faces_end(); ++f) f->info() = -1;
  std::int32_t n = 0;
  for (auto f = cdt.finite_faces_begin(); f != cdt.finite_faces_end(); ++f) f->info() = n++;
  for (auto f = cdt.finite_faces_begin(); f != cdt.finite_faces_end(); ++f) {
    out.triangle.push_back({f->vertex(0)->info(), f->vertex(1)->info(), f->vertex(2)->info()});
    // CGAL numbers a neighbour by the vertex opposite to it.
    out.neighbour.push_back({f->neighbor(2)->info(), f->neighbor(0)->info(), f->neighbor(1)->info()});
  }
  return out;
}

}  // namespace throng::detail
