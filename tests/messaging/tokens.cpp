// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/tokens.h"

#include "broker-auth/json.h"

#include <chrono>
#include <cstdlib>

namespace brewline::test {

namespace {

json_t *list(const std::vector<std::string> &texts)
{
    json_t *array = json_array();
    for (const std::string &text : texts)
        json_array_append_new(array, json_string(text.c_str()));
    return array;
}

brokerauth::Key keyOf(unsigned char first)
{
    brokerauth::Key key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<unsigned char>(first + i * 7);
    return key;
}

} // namespace

brokerauth::Key testKey()
{
    return keyOf(0); // begins with a zero byte: keys are bytes, not text
}

brokerauth::Key foreignKey()
{
    return keyOf(1);
}

std::int64_t nowInSeconds()
{
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string makeToken(const TokenRecipe &recipe)
{
    const brokerauth::Json claims(json_object());
    json_object_set_new(claims.get(), "sub", json_string(recipe.sub.c_str()));
    json_object_set_new(claims.get(), "role", json_string("customer"));
    json_object_set_new(claims.get(), "event", json_string("ABC"));
    json_object_set_new(claims.get(), "exp", json_integer(recipe.exp));
    json_object_set_new(claims.get(), "acl",
                        json_pack("{s:o, s:o}", "pub", list(recipe.publish), "sub", list(recipe.subscribe)));
    const brokerauth::Json extra(json_loads(recipe.claims.c_str(), 0, nullptr));
    json_object_update(claims.get(), extra.get());

    jwt_t *jwt = nullptr;
    jwt_new(&jwt);
    char *text = json_dumps(claims.get(), JSON_COMPACT);
    jwt_add_grants_json(jwt, text);
    std::free(text);
    const bool isSigned = recipe.algorithm != JWT_ALG_NONE;
    jwt_set_alg(jwt, recipe.algorithm, isSigned ? recipe.key.data() : nullptr,
                isSigned ? static_cast<int>(recipe.key.size()) : 0);
    char *encoded = jwt_encode_str(jwt);
    std::string token = encoded ? encoded : "";
    std::free(encoded);
    jwt_free(jwt);
    return token;
}

} // namespace brewline::test
