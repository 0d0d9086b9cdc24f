// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/restclient.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <QNetworkReply>
#include <QNetworkRequest>

namespace brewline::client {

namespace json = boost::json;

namespace {

constexpr std::string_view problemPrefix = "urn:brewline:problem:";

std::string textOf(const json::object &object, std::string_view name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

Error problemOf(int status, const json::value &body)
{
    Error error{ErrorCode::Internal, "The backend answered with status " + std::to_string(status) + '.'};
    const json::object *problem = body.if_object();
    if (!problem)
        return error;
    const std::string type = textOf(*problem, "type");
    if (type.starts_with(problemPrefix)) {
        if (const auto code = errorCodeFromSlug(std::string_view(type).substr(problemPrefix.size())))
            error.code = *code;
    }
    if (const std::string detail = textOf(*problem, "detail"); !detail.empty())
        error.detail = detail;
    error.pointer = textOf(*problem, "pointer");
    error.state = textOf(*problem, "state");
    return error;
}

} // namespace

RestClient::RestClient(QUrl server, QObject *parent)
    : QObject(parent)
    , m_server(std::move(server))
{
    setTimeout(std::chrono::seconds(10));
}

RestClient::~RestClient() = default;

void RestClient::setToken(const QByteArray &token)
{
    m_token = token;
}

void RestClient::setTimeout(std::chrono::milliseconds timeout)
{
    m_network.setTransferTimeout(int(timeout.count()));
}

void RestClient::get(const QString &path, Done done)
{
    send("GET", path, nullptr, std::move(done));
}

void RestClient::post(const QString &path, const json::value &body, Done done, const QByteArray &idempotencyKey)
{
    send("POST", path, &body, std::move(done), idempotencyKey);
}

void RestClient::put(const QString &path, const json::value &body, Done done)
{
    send("PUT", path, &body, std::move(done));
}

void RestClient::patch(const QString &path, const json::value &body, Done done)
{
    send("PATCH", path, &body, std::move(done));
}

void RestClient::send(const QByteArray &verb, const QString &path, const json::value *body, Done done,
                      const QByteArray &idempotencyKey)
{
    QNetworkRequest request(m_server.resolved(QUrl(path)));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    if (!m_token.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + m_token);
    if (!idempotencyKey.isEmpty())
        request.setRawHeader("Idempotency-Key", idempotencyKey);
    QByteArray bytes;
    if (body && !body->is_null()) {
        request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
        bytes = QByteArray::fromStdString(json::serialize(*body));
    }
    QNetworkReply *reply = m_network.sendCustomRequest(request, verb, bytes);
    connect(reply, &QNetworkReply::finished, this, [reply, done = std::move(done)] {
        reply->deleteLater();
        done(answerOf(*reply));
    });
}

Result<json::value> RestClient::answerOf(QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0) {
        return failure(ErrorCode::Unreachable,
                       "The backend cannot be reached: " + reply.errorString().toStdString() + '.');
    }
    const bool brokeOff = status < 300 && reply.error() != QNetworkReply::NoError;
    if (brokeOff) {
        return failure(ErrorCode::Unreachable,
                       "The backend's answer broke off: " + reply.errorString().toStdString() + '.');
    }
    const QByteArray bytes = reply.readAll();
    json::error_code broken;
    json::value body = bytes.isEmpty() ? json::value() : json::parse({bytes.data(), std::size_t(bytes.size())}, broken);
    if (status >= 300)
        return tl::unexpected(problemOf(status, body));
    if (broken)
        return failure(ErrorCode::Unreachable, "The answer is not JSON; is there a Brewline backend at this address?");
    return body;
}

} // namespace brewline::client
