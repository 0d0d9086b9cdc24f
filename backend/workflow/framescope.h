// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflow/execution.h"
#include "workflow/scope.h"

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace brewline::workflow {

/// What a state sees that runs in a frame. Lives for one evaluation: it must not outlive a change of the frames.
class FrameScope final : public Scope {
public:
    FrameScope(const Execution &execution, const Frame &frame, Supplier &supplier);

    /// For `$$.Task.Token`.
    void setToken(const std::string &token);
    /// For `$$.Map.Item` of an iteration that has no frame yet. \a item must outlive the scope.
    void setItem(std::uint32_t index, const boost::json::value &item);

    const boost::json::value *contextMember(std::string_view name) override;
    const boost::json::value &context() override;
    [[nodiscard]] const boost::json::value *variable(std::string_view name) const override;
    Supplier &supplier() override { return m_supplier; }

private:
    const boost::json::value *state();
    const boost::json::value *map();
    void findItem();

    const Execution &m_execution;
    const Frame &m_frame;
    Supplier &m_supplier;
    std::uint32_t m_index = 0;
    const boost::json::value *m_item = nullptr;
    std::optional<boost::json::value> m_state;
    std::optional<boost::json::value> m_task;
    std::optional<boost::json::value> m_map;
    std::optional<boost::json::value> m_context;
};

} // namespace brewline::workflow
