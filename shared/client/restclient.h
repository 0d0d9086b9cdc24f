// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <boost/json/value.hpp>

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <functional>

class QNetworkReply;

namespace brewline::client {

/// Talks to the backend's API. Lives in a thread with an event loop; nothing blocks. Callbacks come from that event
/// loop, each exactly once, but none after the client was destroyed.
class RestClient : public QObject {
    Q_OBJECT
public:
    /// The JSON of a 2xx answer (null when it has no body), or the problem that the backend named. Unreachable when
    /// there was no answer at all.
    using Done = std::function<void(Result<boost::json::value>)>;

    explicit RestClient(QUrl server, QObject *parent = nullptr);
    ~RestClient() override;

    /// The bearer token of the calls from now on; empty for none.
    void setToken(const QByteArray &token);
    /// How long a call may take before it counts as Unreachable; 10 s unless set.
    void setTimeout(std::chrono::milliseconds timeout);

    void get(const QString &path, Done done);
    /// \a idempotencyKey makes it safe to send the same request again after a lost answer; empty for none.
    void post(const QString &path, const boost::json::value &body, Done done, const QByteArray &idempotencyKey = {});
    void put(const QString &path, const boost::json::value &body, Done done);
    void patch(const QString &path, const boost::json::value &body, Done done);

private:
    void send(const QByteArray &verb, const QString &path, const boost::json::value *body, Done done,
              const QByteArray &idempotencyKey = {});
    static Result<boost::json::value> answerOf(QNetworkReply &reply);

    QUrl m_server;
    QByteArray m_token;
    QNetworkAccessManager m_network;
};

} // namespace brewline::client
