// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/staging.h"

#include "core/random.h"
#include "core/secret.h"
#include "demo/wait.h"

#include <boost/json/object.hpp>

namespace brewline::demo {

using namespace Qt::StringLiterals;
namespace json = boost::json;

namespace {

Result<json::object> objectOf(Result<json::value> answer)
{
    if (!answer)
        return tl::unexpected(answer.error());
    if (!answer->is_object())
        return failure(ErrorCode::Unreachable, "The backend's answer is no JSON object.");
    return std::move(answer->get_object());
}

std::string textAt(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<Account> accountOf(Result<json::value> answer)
{
    const auto session = objectOf(std::move(answer));
    if (!session)
        return tl::unexpected(session.error());
    const json::value *user = session->if_contains("user");
    const json::object *person = user ? user->if_object() : nullptr;
    Account account;
    account.token = QByteArray::fromStdString(textAt(*session, "token"));
    if (person) {
        account.id = UserId(textAt(*person, "id"));
        account.name = textAt(*person, "name");
    }
    if (account.token.isEmpty() || account.id.isEmpty())
        return failure(ErrorCode::Unreachable, "The backend's answer holds no token or no user.");
    return account;
}

} // namespace

mqtt::ConnectOptions mqttOptions(const Address &address, const Account &account)
{
    const std::string suffix = toHex(SystemRandom().bytes<8>());
    return {address.http.host().toStdString(), address.mqttPort, account.id.text() + '-' + suffix, account.id.text(),
            account.token.toStdString()};
}

Staging::Staging(const QUrl &server, EventId event, const QByteArray &organiserToken, const StopSignals &signals)
    : m_event(std::move(event))
    , m_signals(signals)
    , m_organiser(server)
    , m_anybody(server)
    , m_server(server)
{
    m_organiser.setToken(organiserToken);
}

QString Staging::eventPath(const QString &rest) const
{
    return u"/v1/events/"_s + QString::fromStdString(m_event.text()) + rest;
}

Result<Account> Staging::pair(Role role, const std::string &device)
{
    const auto pairing = objectOf(await(m_signals, [&](auto done) {
        m_organiser.post(eventPath(u"/pairings"_s), json::object{{"role", toText(role)}}, done);
    }));
    if (!pairing)
        return tl::unexpected(pairing.error());
    const std::string code = textAt(*pairing, "code");
    return accountOf(await(m_signals, [&](auto done) {
        m_anybody.post(u"/v1/auth/pair"_s, json::object{{"code", code}, {"device", device}}, done);
    }));
}

Result<Account> Staging::guest(const std::string &name)
{
    return accountOf(await(m_signals, [&](auto done) {
        m_anybody.post(u"/v1/auth/guest"_s, json::object{{"event", m_event.text()}, {"name", name}}, done);
    }));
}

Result<void> Staging::open()
{
    const auto event = await(m_signals, [&](auto done) {
        m_organiser.put(eventPath(u"/state"_s), json::object{{"open", true}}, done);
    });
    if (!event)
        return tl::unexpected(event.error());
    return {};
}

Result<json::object> Staging::code(const Account &display)
{
    client::RestClient screen(m_server);
    screen.setToken(display.token);
    return objectOf(await(m_signals, [&](auto done) { screen.get(eventPath(u"/code"_s), done); }));
}

} // namespace brewline::demo
