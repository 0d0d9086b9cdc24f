// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/framescope.h"

#include <numeric>

namespace brewline::workflow {

namespace json = boost::json;

FrameScope::FrameScope(const Execution &execution, const Frame &frame, Supplier &supplier)
    : m_execution(execution)
    , m_frame(frame)
    , m_supplier(supplier)
{
}

void FrameScope::setToken(const std::string &token)
{
    m_task = json::object{{"Token", token}};
}

void FrameScope::setItem(std::uint32_t index, const json::value &item)
{
    m_index = index;
    m_item = &item;
}

const json::value *FrameScope::contextMember(std::string_view name)
{
    if (name == "State")
        return state();
    if (name == "Task")
        return m_task ? &*m_task : nullptr;
    if (name == "Map")
        return map();
    return m_execution.context.if_contains(name);
}

const json::value &FrameScope::context()
{
    if (!m_context) {
        json::object all = m_execution.context;
        for (const std::string_view name : {"State", "Task", "Map"}) {
            if (const json::value *member = contextMember(name))
                all.insert_or_assign(name, *member);
        }
        m_context = std::move(all);
    }
    return *m_context;
}

const json::value *FrameScope::state()
{
    if (!m_state) {
        const auto retries = std::accumulate(m_frame.retries.begin(), m_frame.retries.end(), std::uint32_t(0));
        m_state = json::object{
            {"EnteredTime", toRfc3339(m_frame.enteredAt)}, {"Name", m_frame.state}, {"RetryCount", retries}};
    }
    return &*m_state;
}

const json::value *FrameScope::map()
{
    if (!m_item)
        findItem();
    if (!m_item)
        return nullptr;
    if (!m_map)
        m_map = json::object{{"Item", json::object{{"Index", m_index}, {"Value", *m_item}}}};
    return &*m_map;
}

void FrameScope::findItem()
{
    for (const Frame *frame = &m_frame; frame && frame->parent != 0;) {
        const Frame *parent = m_execution.find(frame->parent);
        if (parent && parent->join && frame->index < parent->join->items.size()) {
            setItem(frame->index, parent->join->items[frame->index]);
            return;
        }
        frame = parent;
    }
}

const json::value *FrameScope::variable(std::string_view name) const
{
    for (const Frame *frame = &m_frame; frame; frame = m_execution.find(frame->parent)) {
        if (const json::value *value = frame->variables.if_contains(name))
            return value;
    }
    return nullptr;
}

} // namespace brewline::workflow
