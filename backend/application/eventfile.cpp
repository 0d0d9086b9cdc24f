// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "application/eventfile.h"

#include <toml++/toml.h>

#include <QTimeZone>

#include <set>
#include <string>

namespace brewline::application {

namespace {

std::string quoted(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

/// Reads one table strictly: wrong types, values out of range and unknown keys are errors; the first one is kept.
class TableReader {
public:
    TableReader(const toml::table &table, std::string_view fileName, std::optional<Error> &error)
        : m_table(table)
        , m_fileName(fileName)
        , m_error(error)
    {
    }

    void refuse(const toml::node *node, const std::string &detail)
    {
        if (m_error)
            return;
        const auto &source = node ? node->source() : m_table.source();
        m_error = Error{ErrorCode::InvalidConfiguration,
                        std::string(m_fileName) + ':' + std::to_string(source.begin.line) + ": " + detail};
    }

    std::string text(std::string_view key, std::string fallback, bool required = false)
    {
        const toml::node *node = take(key, required);
        if (!node)
            return fallback;
        if (!node->is_string()) {
            refuse(node, quoted(key) + " must be a text.");
            return fallback;
        }
        if (required && node->as_string()->get().empty())
            refuse(node, quoted(key) + " must not be empty.");
        return node->as_string()->get();
    }

    std::string id(std::string_view key)
    {
        take(key, true);
        std::string value = text(key, {});
        if (!m_error && !domain::isEventId(value))
            refuse(m_table.get(key), quoted(key) + " must have 1 to 32 of A-Z, a-z, 0-9, - and _.");
        return value;
    }

    std::optional<std::int64_t> number(std::string_view key, std::int64_t minimum, std::int64_t maximum)
    {
        const toml::node *node = take(key, false);
        if (!node)
            return std::nullopt;
        if (!node->is_integer() || node->as_integer()->get() < minimum || node->as_integer()->get() > maximum) {
            refuse(node, quoted(key) + " must be a whole number from " + std::to_string(minimum) + " to " +
                             std::to_string(maximum) + '.');
            return std::nullopt;
        }
        return node->as_integer()->get();
    }

    bool boolean(std::string_view key, bool fallback)
    {
        const toml::node *node = take(key, false);
        if (!node)
            return fallback;
        if (!node->is_boolean()) {
            refuse(node, quoted(key) + " must be true or false.");
            return fallback;
        }
        return node->as_boolean()->get();
    }

    std::vector<std::string> texts(std::string_view key)
    {
        std::vector<std::string> list;
        forEach(key, "a list of texts", [&](const toml::node &node) {
            if (!node.is_string())
                refuse(&node, "Each entry of " + quoted(key) + " must be a text.");
            else
                list.push_back(node.as_string()->get());
        });
        return list;
    }

    domain::Translations translations(std::string_view key)
    {
        domain::Translations result;
        const toml::node *node = take(key, false);
        if (!node)
            return result;
        if (!node->is_table()) {
            refuse(node, quoted(key) + " must be a table of language = text.");
            return result;
        }
        for (const auto &[language, value] : *node->as_table()) {
            if (!value.is_string())
                refuse(&value, "The text of language " + quoted(language.str()) + " must be a text.");
            else
                result[std::string(language.str())] = value.as_string()->get();
        }
        return result;
    }

    template<typename Read>
    void forEachTable(std::string_view key, Read read)
    {
        forEach(key, "a list of tables", [&](const toml::node &node) {
            if (!node.is_table()) {
                refuse(&node, "Each entry of " + quoted(key) + " must be a table.");
                return;
            }
            TableReader reader(*node.as_table(), m_fileName, m_error);
            read(reader);
            reader.finish();
        });
    }

    template<typename Read>
    void table(std::string_view key, Read read)
    {
        const toml::node *node = take(key, false);
        if (!node)
            return;
        if (!node->is_table()) {
            refuse(node, quoted(key) + " must be a table.");
            return;
        }
        TableReader reader(*node->as_table(), m_fileName, m_error);
        read(reader);
        reader.finish();
    }

    void finish()
    {
        for (const auto &[key, node] : m_table) {
            if (!m_taken.contains(std::string(key.str())))
                refuse(&node, "There is no setting " + quoted(key.str()) + " here.");
        }
    }

    const toml::node *node(std::string_view key) const { return m_table.get(key); }

private:
    const toml::node *take(std::string_view key, bool required)
    {
        m_taken.emplace(key);
        const toml::node *node = m_table.get(key);
        if (!node && required)
            refuse(nullptr, "The setting " + quoted(key) + " is missing.");
        return node;
    }

    template<typename Read>
    void forEach(std::string_view key, std::string_view kind, Read read)
    {
        const toml::node *node = take(key, false);
        if (!node)
            return;
        if (!node->is_array()) {
            refuse(node, quoted(key) + " must be " + std::string(kind) + '.');
            return;
        }
        for (const toml::node &entry : *node->as_array())
            read(entry);
    }

    const toml::table &m_table;
    std::string_view m_fileName;
    std::optional<Error> &m_error;
    std::set<std::string, std::less<>> m_taken;
};

void readLimits(TableReader &reader, domain::Limits &limits)
{
    const auto seconds = [&](std::string_view key, Seconds &value, std::int64_t minimum) {
        value = Seconds(reader.number(key, minimum, 86'400).value_or(value.count()));
    };
    const auto count = [&](std::string_view key, int &value, std::int64_t minimum) {
        value = int(reader.number(key, minimum, 1'000'000).value_or(value));
    };
    count("maxOrdersInQueue", limits.maxOrdersInQueue, 1);
    count("maxOrdersPerUser", limits.maxOrdersPerUser, 0);
    count("drinksPerCode", limits.drinksPerCode, 1);
    seconds("codeSeconds", limits.codePeriod, 10);
    seconds("codeGraceSeconds", limits.codeGrace, 0);
    seconds("customerTimeoutSeconds", limits.customerTimeout, 1);
    seconds("baristaTimeoutSeconds", limits.baristaTimeout, 1);
    seconds("pickupTimeoutSeconds", limits.pickupTimeout, 1);
}

domain::OptionGroup readOptionGroup(TableReader &reader, std::set<std::string> &choiceIds)
{
    domain::OptionGroup group;
    group.id = reader.id("id");
    group.name = reader.text("name", {}, true);
    group.names = reader.translations("names");
    group.required = reader.boolean("required", false);
    group.max = int(reader.number("max", 1, 20).value_or(1));
    reader.forEachTable("choices", [&](TableReader &choiceReader) {
        domain::Choice choice;
        choice.id = choiceReader.id("id");
        choice.name = choiceReader.text("name", {}, true);
        choice.names = choiceReader.translations("names");
        if (!choiceIds.insert(choice.id).second)
            choiceReader.refuse(choiceReader.node("id"),
                                "The option " + quoted(choice.id) + " is there twice for this item.");
        group.choices.push_back(std::move(choice));
    });
    if (group.choices.empty())
        reader.refuse(reader.node("choices"), "The option group " + quoted(group.id) + " needs \"choices\".");
    return group;
}

domain::MenuItem readMenuItem(TableReader &reader)
{
    domain::MenuItem item;
    item.id = reader.id("id");
    item.name = reader.text("name", {}, true);
    item.names = reader.translations("names");
    item.description = reader.text("description", {});
    item.allergens = reader.texts("allergens");
    item.icon = reader.text("icon", item.id);
    item.available = reader.boolean("available", true);
    item.stock = reader.number("stock", 0, 1'000'000);
    std::set<std::string> choiceIds;
    std::set<std::string> groupIds;
    reader.forEachTable("options", [&](TableReader &groupReader) {
        domain::OptionGroup group = readOptionGroup(groupReader, choiceIds);
        if (!groupIds.insert(group.id).second)
            groupReader.refuse(groupReader.node("id"),
                               "The option group " + quoted(group.id) + " is there twice for this item.");
        item.optionGroups.push_back(std::move(group));
    });
    return item;
}

domain::NamesOnBoard readNamesOnBoard(TableReader &reader)
{
    const std::string text = reader.text("namesOnBoard", "none");
    if (text == "name")
        return domain::NamesOnBoard::Name;
    if (text == "initial")
        return domain::NamesOnBoard::Initial;
    if (text != "none")
        reader.refuse(reader.node("namesOnBoard"), "\"namesOnBoard\" must be none, initial or name.");
    return domain::NamesOnBoard::None;
}

std::string readTimezone(TableReader &reader, std::string fallback)
{
    std::string zone = reader.text("timezone", std::move(fallback));
    if (!QTimeZone::isTimeZoneIdAvailable(QByteArray::fromStdString(zone)))
        reader.refuse(reader.node("timezone"), "\"timezone\" must be an IANA name such as \"Europe/Copenhagen\".");
    return zone;
}

domain::Event readEvent(TableReader &reader)
{
    domain::Event event;
    event.id = EventId(reader.id("id"));
    event.name = reader.text("name", {}, true);
    event.language = reader.text("language", event.language);
    event.timezone = readTimezone(reader, event.timezone);
    event.guestsAllowed = reader.boolean("guests", true);
    event.namesOnBoard = readNamesOnBoard(reader);
    reader.table("limits", [&](TableReader &limits) { readLimits(limits, event.limits); });
    reader.forEachTable("menu", [&](TableReader &itemReader) {
        domain::MenuItem item = readMenuItem(itemReader);
        if (event.menu.find(item.id))
            itemReader.refuse(itemReader.node("id"), "The menu item " + quoted(item.id) + " is there twice.");
        event.menu.items.push_back(std::move(item));
    });
    if (event.menu.items.empty())
        reader.refuse(nullptr, "The event needs at least one [[menu]] item.");
    return event;
}

} // namespace

Result<domain::Event> readEventFile(std::string_view text, std::string_view fileName)
{
    toml::table table;
    try {
        table = toml::parse(text, fileName);
    } catch (const toml::parse_error &problem) {
        return failure(ErrorCode::InvalidConfiguration, std::string(fileName) + ':' +
                                                            std::to_string(problem.source().begin.line) + ": " +
                                                            std::string(problem.description()));
    }
    std::optional<Error> error;
    TableReader reader(table, fileName, error);
    domain::Event event = readEvent(reader);
    reader.finish();
    if (error)
        return tl::unexpected(*error);
    return event;
}

} // namespace brewline::application
