// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "e2e/backendprocess.h"
#include "e2e/httpclient.h"

#include <QTemporaryDir>

#include <memory>
#include <string>

namespace brewline::e2e {

/// Somebody, or a device, with the token that lets them in.
struct Person {
    std::string id;
    std::string token;
};

/// Limits of an event file; the names are those of its keys.
struct EventLimits {
    int maxOrdersInQueue = 1000;
    int drinksPerCode = 10;
    int codeSeconds = 3600;
    int customerTimeoutSeconds = 300;
    int baristaTimeoutSeconds = 900;
    int pickupTimeoutSeconds = 600;
};

/// The text of an event file with an espresso, and a latte that may have oat milk.
QByteArray eventFile(const QByteArray &id, const EventLimits &limits);

/// A backend on a folder of its own with the event "ABC", and the people of that event.
class Booth {
public:
    explicit Booth(const EventLimits &limits = {});

    /// Adds another event; to be called before the backend starts.
    void addEvent(const QByteArray &id, const EventLimits &limits);
    /// Starts the backend and opens the bar of each event.
    [[nodiscard]] bool open();

    BackendProcess &backend() { return m_backend; }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

    /// A client of the backend as it serves now.
    [[nodiscard]] std::unique_ptr<HttpClient> as(const Person &person) const;
    [[nodiscard]] Person organiser() const;
    /// Empty when it failed.
    [[nodiscard]] Person pair(const std::string &role, const std::string &device, const std::string &event = "ABC");
    [[nodiscard]] Person guest(const std::string &name, const std::string &event = "ABC");
    /// The code that a display of \a event shows.
    [[nodiscard]] std::string code(const std::string &event = "ABC");

    /// An order of \a guest as its scan left it.
    [[nodiscard]] boost::json::object scan(const Person &guest);
    /// The same after the drink was chosen.
    [[nodiscard]] boost::json::object submit(const Person &guest);
    [[nodiscard]] Answer change(const Person &person, const std::string &order, const std::string &action);
    [[nodiscard]] boost::json::object look(const std::string &order);

private:
    QTemporaryDir m_folder;
    BackendProcess m_backend;
    QList<QByteArray> m_events;
    std::map<std::string, Person> m_displays;
};

} // namespace brewline::e2e
