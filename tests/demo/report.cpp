// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/report.h"

#include "demo/morning.h"

#include <QString>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace brewline::demo {

namespace {

struct Column {
    const char *title;
    int width; ///< characters
    bool rightAligned = false;
};

constexpr auto columns = std::to_array<Column>({
    {"No", 3, true},
    {"Visitor", 8},
    {"Drink", 11},
    {"Options", 19},
    {"Barista", 8},
    {"Heard", 5, true},
    {"End", 10},
    {"States, at seconds after the first scan", 0},
});

using Row = std::array<std::string, columns.size()>;

std::string padded(const std::string &text, const Column &column)
{
    const auto characters = int(QString::fromStdString(text).size());
    const std::string space(std::size_t(std::max(0, column.width - characters)), ' ');
    return column.rightAligned ? space + text : text + space;
}

std::string line(const Row &row)
{
    std::string text = " ";
    for (std::size_t i = 0; i < columns.size(); ++i)
        text += (i == 0 ? "" : "  ") + padded(row[i], columns[i]);
    text.erase(text.find_last_not_of(' ') + 1);
    return text + '\n';
}

std::string head()
{
    Row titles;
    std::size_t length = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        titles[i] = columns[i].title;
        length += std::max(std::size_t(columns[i].width), titles[i].size()) + 2;
    }
    std::string rule;
    for (std::size_t i = 0; i < length; ++i)
        rule += "─";
    return line(titles) + rule + '\n';
}

std::string seconds(Milliseconds time)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f", double(time.count()) / 1000);
    return text.data();
}

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

/// Everybody who had the order in hands, in turn.
std::string hands(const Story &story)
{
    std::vector<std::string> names;
    for (const HeardChange &change : story) {
        const std::string &name = change.order.barista;
        if (!name.empty() && (names.empty() || names.back() != name))
            names.push_back(name);
    }
    return joined(names);
}

std::string states(const Story &story, Timestamp begin)
{
    std::vector<std::string> steps;
    for (const HeardChange &change : story)
        steps.push_back(change.order.state + ' ' + seconds(change.time - begin));
    return joined(steps);
}

const Story *storyOf(const Visitor &visitor)
{
    const auto &stories = visitor.listener().stories();
    return stories.empty() ? nullptr : &stories.begin()->second;
}

Timestamp firstScan(const Morning &morning)
{
    std::optional<Timestamp> first;
    for (const auto &visitor : morning.visitors()) {
        if (const Story *story = storyOf(*visitor); story && (!first || story->front().time < *first))
            first = story->front().time;
    }
    return first.value_or(Timestamp());
}

Row rowOf(const Visitor &visitor, Timestamp begin)
{
    const Story *story = storyOf(visitor);
    if (!story)
        return {"-", visitor.part().name, "-", "", "", "0", "no order", ""};
    const OrderView &order = story->back().order;
    return {order.number ? std::to_string(*order.number) : "-",
            visitor.part().name,
            order.itemName.empty() ? "-" : order.itemName,
            joined(order.options),
            hands(*story),
            std::to_string(visitor.listener().messages()),
            order.state,
            states(*story, begin)};
}

std::string remark(const Visitor &visitor)
{
    const std::string_view text = describe(visitor.part().twist);
    return text.empty() ? std::string() : "      └ " + std::string(text) + '\n';
}

} // namespace

std::string table(const Morning &morning)
{
    const Timestamp begin = firstScan(morning);
    std::string text = head();
    for (const auto &visitor : morning.visitors())
        text += line(rowOf(*visitor, begin)) + remark(*visitor);
    return text;
}

std::string summary(const Morning &morning, Milliseconds duration)
{
    int changes = 0;
    for (const OrderView &order : morning.snapshot())
        changes += int(order.sequence);
    int visitorsHeard = 0;
    for (const auto &visitor : morning.visitors())
        visitorsHeard += visitor->listener().messages();
    std::string cups;
    std::string heard;
    for (const auto &barista : morning.baristas()) {
        const Listener &listener = barista->listener();
        cups += (cups.empty() ? "" : ", ") + listener.account().name + ' ' + std::to_string(barista->cupsMade());
        heard += ", " + listener.account().name + ' ' + std::to_string(listener.messages());
    }
    return std::to_string(morning.visitors().size()) + " visitors, " + std::to_string(morning.snapshot().size()) +
           " orders, cups made: " + cups + "; " + std::to_string(changes) + " changes, heard by the visitors " +
           std::to_string(visitorsHeard) + heard + ", TV " + std::to_string(morning.display().messages()) + "; " +
           seconds(duration) + " s.\n";
}

} // namespace brewline::demo
