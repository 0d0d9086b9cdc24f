// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The intrinsic functions that work on texts, JSON and numbers.
#include "workflow/intrinsicfunctions.h"

#include "workflow/advance.h"
#include "workflow/jsonvalue.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QString>

#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace brewline::workflow::intrinsics {

namespace json = boost::json;

namespace {

/// As much as the service lets Base64 and hash functions take.
constexpr std::size_t longestText = 10'000;

auto wrong(std::string cause)
{
    return problem(errors::intrinsicFailure, std::move(cause));
}

QByteArray bytesOf(const json::string &text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

json::value textOf(const QByteArray &bytes)
{
    return json::string(std::string_view(bytes.constData(), std::size_t(bytes.size())));
}

/// States.Format writes structures as the reference service does, which is not JSON: {a=1, b=[x, y]}.
void write(const json::value &value, std::string &to)
{
    if (const json::string *string = value.if_string()) {
        to += std::string_view(*string);
    } else if (const json::array *array = value.if_array()) {
        std::string_view separator = "[";
        for (const json::value &element : *array) {
            to += separator;
            write(element, to);
            separator = ", ";
        }
        to += array->empty() ? "[]" : "]";
    } else if (const json::object *object = value.if_object()) {
        std::string_view separator = "{";
        for (const json::key_value_pair &member : *object) {
            to.append(separator).append(member.key()).append("=");
            write(member.value(), to);
            separator = ", ";
        }
        to += object->empty() ? "{}" : "}";
    } else if (value.is_double()) {
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), value.get_double()).ptr;
        const std::string_view number(text.data(), std::size_t(end - text.data()));
        to += number;
        if (number.find_first_of(".en") == std::string_view::npos)
            to += ".0";
    } else {
        to += json::serialize(value);
    }
}

/// Half of a unit goes up, also for negative numbers: 2.5 is 3, -2.5 is -2.
std::optional<std::int64_t> rounded(const json::value &value)
{
    if (const auto whole = wholeNumber(value))
        return whole;
    if (!value.is_double() || std::abs(value.get_double()) > 9.0e18)
        return std::nullopt;
    return std::int64_t(std::floor(value.get_double() + 0.5));
}

json::object mergedDeeply(json::object left, const json::object &right)
{
    for (const json::key_value_pair &member : right) {
        json::value *known = left.if_contains(member.key());
        if (known && known->is_object() && member.value().is_object())
            *known = mergedDeeply(std::move(known->get_object()), member.value().get_object());
        else
            left.insert_or_assign(member.key(), member.value());
    }
    return left;
}

} // namespace

Value base64Encode(Arguments arguments, Supplier &)
{
    const json::string *text = arguments[0].if_string();
    if (!text || text->size() > longestText)
        return wrong("The argument must be a string of at most 10,000 characters.");
    return textOf(bytesOf(*text).toBase64());
}

Value base64Decode(Arguments arguments, Supplier &)
{
    const json::string *text = arguments[0].if_string();
    if (!text || text->size() > longestText)
        return wrong("The argument must be a string of at most 10,000 characters.");
    const auto decoded = QByteArray::fromBase64Encoding(bytesOf(*text), QByteArray::Base64Encoding |
                                                                            QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return wrong("The argument is not in Base64.");
    // Bytes that are no UTF-8 become U+FFFD: a JSON text holds nothing else.
    return textOf(QString::fromUtf8(decoded.decoded).toUtf8());
}

Value hash(Arguments arguments, Supplier &)
{
    struct Algorithm {
        std::string_view name;
        QCryptographicHash::Algorithm algorithm;
    };
    static constexpr auto algorithms = std::to_array<Algorithm>({
        {"MD5", QCryptographicHash::Md5},
        {"SHA-1", QCryptographicHash::Sha1},
        {"SHA-256", QCryptographicHash::Sha256},
        {"SHA-384", QCryptographicHash::Sha384},
        {"SHA-512", QCryptographicHash::Sha512},
    });
    const json::string *name = arguments[1].if_string();
    const std::string text =
        arguments[0].is_string() ? std::string(arguments[0].get_string()) : json::serialize(arguments[0]);
    if (!name || text.size() > longestText)
        return wrong("The arguments must be data of at most 10,000 characters and the name of an algorithm.");
    for (const Algorithm &known : algorithms) {
        if (known.name == std::string_view(*name)) {
            const auto bytes = QByteArray::fromRawData(text.data(), qsizetype(text.size()));
            return textOf(QCryptographicHash::hash(bytes, known.algorithm).toHex());
        }
    }
    return wrong("The algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512.");
}

Value format(Arguments arguments, Supplier &)
{
    const json::string *pattern = arguments[0].if_string();
    if (!pattern)
        return wrong("The first argument is no string.");
    std::string text;
    std::size_t next = 1;
    for (std::size_t i = 0; i < pattern->size(); ++i) {
        const char c = (*pattern)[i];
        const char following = i + 1 < pattern->size() ? (*pattern)[i + 1] : '\0';
        if (c == '\\' && (following == '{' || following == '}')) {
            text += following;
            ++i;
        } else if (c == '{' && following == '}') {
            if (next == arguments.size())
                return wrong("There are more places {} than arguments.");
            write(arguments[next++], text);
            ++i;
        } else {
            text += c;
        }
    }
    if (next != arguments.size())
        return wrong("There are fewer places {} than arguments.");
    return json::value(text);
}

Value stringSplit(Arguments arguments, Supplier &)
{
    const json::string *text = arguments[0].if_string();
    const json::string *separators = arguments[1].if_string();
    if (!text || !separators)
        return wrong("The arguments must be strings.");
    json::array parts;
    std::string_view rest = *text;
    while (!rest.empty()) {
        const std::size_t end = rest.find_first_of(std::string_view(*separators));
        // Separators next to each other have no empty part between them.
        if (end != 0)
            parts.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return parts;
}

Value stringToJson(Arguments arguments, Supplier &)
{
    const json::string *text = arguments[0].if_string();
    if (!text)
        return wrong("The argument is no string.");
    if (text->find_first_not_of(" \t\r\n") == json::string::npos)
        return json::value();
    boost::system::error_code error;
    json::value parsed = parseDeep(*text, error);
    if (error)
        return wrong("The argument is no JSON.");
    return parsed;
}

Value jsonToString(Arguments arguments, Supplier &)
{
    return json::value(json::serialize(arguments[0]));
}

Value jsonMerge(Arguments arguments, Supplier &)
{
    const json::object *left = arguments[0].if_object();
    const json::object *right = arguments[1].if_object();
    if (!left || !right || !arguments[2].is_bool())
        return wrong("The arguments must be two objects and a boolean.");
    if (arguments[2].get_bool())
        return mergedDeeply(*left, *right);
    json::object merged = *left;
    for (const json::key_value_pair &member : *right)
        merged.insert_or_assign(member.key(), member.value());
    return merged;
}

Value mathAdd(Arguments arguments, Supplier &)
{
    const auto left = rounded(arguments[0]);
    const auto right = rounded(arguments[1]);
    std::int64_t sum = 0;
    if (!left || !right || __builtin_add_overflow(*left, *right, &sum))
        return wrong("The arguments must be numbers with a sum that is in range.");
    return sum;
}

Value mathRandom(Arguments arguments, Supplier &supplier)
{
    const auto first = rounded(arguments[0]);
    const auto end = rounded(arguments[1]);
    if (!first || !end || *first >= *end || (arguments.size() == 3 && !arguments[2].is_number()))
        return wrong("The arguments must be numbers, the first smaller than the second.");
    // With a seed the value is a function of it, so that equal seeds give equal values.
    double fraction = supplier.random();
    if (arguments.size() == 3) {
        auto bits = std::uint64_t(rounded(arguments[2]).value_or(0)) + 0x9e3779b97f4a7c15ULL;
        bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
        bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
        fraction = double((bits ^ (bits >> 31)) >> 11) * 0x1.0p-53;
    }
    const double width = double(*end) - double(*first);
    if (width > 0x1.0p53)
        return wrong("The numbers are too far apart.");
    return std::min(*first + std::int64_t(fraction * width), *end - 1);
}

Value uuid(Arguments, Supplier &supplier)
{
    return json::value(supplier.uuid());
}

} // namespace brewline::workflow::intrinsics
