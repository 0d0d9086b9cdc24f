// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "service/datafolder.h"
#include "service/options.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace brewline::service {

/// The whole backend, put together: the only place that chooses implementations. Lives in the main thread.
///
/// Order of life: open() takes the folder and reads what is configured; start() lets it serve and ends in ready() or
/// failed(); stop() answers what is under way, publishes what is left and ends in stopped().
class Backend : public QObject {
    Q_OBJECT
public:
    /// InvalidConfiguration or StorageUnavailable with a sentence that tells how to mend it.
    static Result<std::unique_ptr<Backend>> open(const Options &options);
    ~Backend() override;

    void start();
    void stop();

Q_SIGNALS:
    /// It serves; \a line is the JSON that tells where.
    void ready(const QByteArray &line);
    /// It cannot serve; \a sentence says why.
    void failed(const QString &sentence);
    void stopped();

private:
    struct Parts;

    Backend(Options options, DataFolder folder);
    Result<void> assemble();
    void recover();
    void startBroker();
    void brokerIsReady(const std::string &host, std::uint16_t port);
    void serve();
    Result<void> listen();
    void probeStore(std::function<void(bool)> done);
    void writeOrganiserToken(std::function<void(Result<void>)> done);
    void announce();
    void finishStop();
    [[nodiscard]] QString publicUrl(std::uint16_t port) const;

    /// Runs \a function in the main thread, unless the backend is gone by then.
    template<typename Function>
    void later(Function function)
    {
        QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
    }

    Options m_options;
    DataFolder m_folder;
    SystemClock m_clock;
    SystemRandom m_random;
    std::unique_ptr<Parts> m_parts;
    QTimer m_tokenRenewal;
    std::uint16_t m_httpPort = 0;
    std::uint16_t m_mqttPort = 0;
    bool m_announced = false;
    bool m_stopping = false;
};

} // namespace brewline::service
