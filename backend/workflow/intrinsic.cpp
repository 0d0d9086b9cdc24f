// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflow/intrinsic.h"

#include "workflow/pathparser.h"

#include <boost/json/parse.hpp>

#include <cctype>

namespace brewline::workflow {

namespace json = boost::json;

namespace {

/// As deep as the service allows calls to be nested.
constexpr int deepestNesting = 10;

class IntrinsicParser {
public:
    explicit IntrinsicParser(std::string_view text)
        : m_text(text)
    {
    }

    tl::expected<Intrinsic, std::string> parseAll()
    {
        auto call = parseCall();
        skipSpaces();
        if (call && m_position != m_text.size())
            return wrong("text after the call");
        return call;
    }

private:
    [[nodiscard]] char peek() const { return m_position < m_text.size() ? m_text[m_position] : '\0'; }

    bool take(char c)
    {
        skipSpaces();
        if (peek() != c)
            return false;
        ++m_position;
        return true;
    }

    void skipSpaces()
    {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n')
            ++m_position;
    }

    [[nodiscard]] tl::unexpected<std::string> wrong(std::string_view what) const
    {
        return tl::unexpected(std::string(what) + " at character " + std::to_string(m_position + 1));
    }

    std::string_view takeWord()
    {
        const std::size_t start = m_position;
        while (std::isalnum(static_cast<unsigned char>(peek())) || peek() == '.' || peek() == '-' || peek() == '+' ||
               peek() == '_')
            ++m_position;
        return m_text.substr(start, m_position - start);
    }

    tl::expected<Intrinsic, std::string> parseCall()
    {
        skipSpaces();
        const std::string_view name = takeWord();
        const IntrinsicFunction *function = IntrinsicFunction::find(name);
        if (!function)
            return wrong("unknown function \"" + std::string(name) + "\"");
        if (!take('('))
            return wrong("( is missing");
        if (++m_depth > deepestNesting)
            return wrong("calls are nested too deeply");
        std::vector<Intrinsic::Argument> arguments;
        if (!take(')')) {
            do {
                auto argument = parseArgument();
                if (!argument)
                    return tl::unexpected(std::move(argument.error()));
                arguments.push_back(std::move(*argument));
            } while (take(','));
            if (!take(')'))
                return wrong(") is missing");
        }
        --m_depth;
        if (arguments.size() < function->fewest || arguments.size() > function->most)
            return wrong("wrong number of arguments of " + std::string(name));
        return Intrinsic(*function, std::move(arguments));
    }

    tl::expected<Intrinsic::Argument, std::string> parseArgument()
    {
        skipSpaces();
        if (peek() == '\'')
            return parseString();
        if (peek() == '$') {
            PathParser parser(m_text.substr(m_position));
            auto path = parser.parsePath();
            if (!path)
                return tl::unexpected(std::move(path.error()));
            m_position += parser.position();
            return std::move(*path);
        }
        if (m_text.substr(m_position).starts_with("States.")) {
            auto call = parseCall();
            if (!call)
                return tl::unexpected(std::move(call.error()));
            return std::move(*call);
        }
        return parseLiteral();
    }

    /// Escapes of quote and backslash are undone here, those of braces by States.Format, which alone gives them
    /// meaning.
    tl::expected<Intrinsic::Argument, std::string> parseString()
    {
        ++m_position;
        std::string text;
        for (; m_position < m_text.size() && peek() != '\''; ++m_position) {
            if (peek() == '\\' && m_position + 1 < m_text.size()) {
                const char next = m_text[m_position + 1];
                if (next == '\'' || next == '\\')
                    ++m_position;
            }
            text += peek();
        }
        if (!take('\''))
            return wrong("a quote is not closed");
        return json::value(text);
    }

    tl::expected<Intrinsic::Argument, std::string> parseLiteral()
    {
        const std::string_view word = takeWord();
        boost::system::error_code error;
        json::value literal = json::parse(word, error);
        if (error || !literal.is_primitive() || literal.is_string())
            return wrong("an argument is neither a literal, a path nor a call");
        return literal;
    }

    std::string_view m_text;
    std::size_t m_position = 0;
    int m_depth = 0;
};

} // namespace

tl::expected<Intrinsic, std::string> Intrinsic::parse(std::string_view text)
{
    return IntrinsicParser(text).parseAll();
}

Intrinsic::Intrinsic(const IntrinsicFunction &function, std::vector<Argument> arguments)
    : m_function(&function)
    , m_arguments(std::move(arguments))
{
}

Outcome<json::value> Intrinsic::evaluate(const json::value &data, Scope &scope) const
{
    std::vector<json::value> values;
    values.reserve(m_arguments.size());
    for (const Argument &argument : m_arguments) {
        if (const auto *literal = std::get_if<json::value>(&argument)) {
            values.push_back(*literal);
            continue;
        }
        const auto *path = std::get_if<Path>(&argument);
        auto value = path ? path->get(data, scope) : std::get<Intrinsic>(argument).evaluate(data, scope);
        if (!value)
            return value;
        values.push_back(std::move(*value));
    }
    auto result = m_function->call(values, scope.supplier());
    if (!result)
        result.error().cause = std::string(m_function->name) + ": " + result.error().cause;
    return result;
}

} // namespace brewline::workflow
