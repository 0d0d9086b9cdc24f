// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/path.h"

#include "workflow/pathparser.h"
#include "workflow/pathselection.h"

#include <algorithm>

namespace brewline::workflow {

namespace json = boost::json;

bool PathSegment::isDefinite() const
{
    if (descends)
        return false;
    return (kind == Kind::Members && names.size() == 1) || (kind == Kind::Indices && indices.size() == 1) ||
           kind == Kind::Function;
}

tl::expected<Path, std::string> Path::parse(std::string_view text)
{
    PathParser parser(text);
    auto path = parser.parsePath();
    if (path && path->root() == Root::Current)
        return tl::unexpected(std::string("a path begins with $"));
    if (path && !parser.atEnd())
        return tl::unexpected("it is malformed at character " + std::to_string(parser.position() + 1));
    return path;
}

Path::Path(std::string text, Root root, std::string variable, std::vector<PathSegment> segments)
    : m_text(std::move(text))
    , m_root(root)
    , m_variable(std::move(variable))
    , m_segments(std::move(segments))
    , m_isDefinite(std::ranges::all_of(m_segments, &PathSegment::isDefinite))
    , m_hasFunction(std::ranges::any_of(
          m_segments, [](const PathSegment &segment) { return segment.kind == PathSegment::Kind::Function; }))
{
}

bool Path::isReference() const
{
    return m_isDefinite && !m_hasFunction && std::ranges::all_of(m_segments, [](const PathSegment &segment) {
               return segment.indices.empty() || segment.indices.front() >= 0;
           });
}

const json::value *Path::base(const json::value &data, Scope &scope, const json::value *current,
                              std::size_t &firstSegment) const
{
    firstSegment = 0;
    switch (m_root) {
    case Root::Data:
        return &data;
    case Root::Current:
        return current;
    case Root::Variable:
        return scope.variable(m_variable);
    case Root::Context:
        if (m_segments.empty() || m_segments.front().kind != PathSegment::Kind::Members ||
            !m_segments.front().isDefinite())
            return &scope.context();
        firstSegment = 1;
        return scope.contextMember(m_segments.front().names.front());
    }
    return nullptr;
}

const json::value *Path::find(const json::value &data, Scope &scope, const json::value *current) const
{
    std::size_t i = 0;
    const json::value *node = base(data, scope, current, i);
    for (; node && i < m_segments.size(); ++i)
        node = PathSelection::step(*node, m_segments[i]);
    return node;
}

Outcome<const json::value *> Path::resolve(const json::value &data, Scope &scope, json::value &storage) const
{
    if (m_isDefinite && !m_hasFunction) {
        if (const json::value *node = find(data, scope))
            return node;
    }
    auto value = get(data, scope);
    if (!value)
        return tl::unexpected(std::move(value.error()));
    storage = std::move(*value);
    return &storage;
}

Outcome<json::value> Path::get(const json::value &data, Scope &scope, const json::value *current) const
{
    if (m_isDefinite && !m_hasFunction) {
        if (const json::value *node = find(data, scope, current))
            return *node;
        return problem(errors::runtime, "The path " + m_text + " names nothing.");
    }
    std::size_t firstSegment = 0;
    const json::value *root = base(data, scope, current, firstSegment);
    if (root) {
        PathSelection selection(*root, data, scope);
        if (selection.select(std::span(m_segments).subspan(firstSegment)))
            return selection.take(m_isDefinite);
    }
    return problem(errors::runtime, "The path " + m_text + " names nothing.");
}

} // namespace brewline::workflow
