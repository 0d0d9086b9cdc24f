// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/problem.h"

#include <QTest>

#include <boost/json/parse.hpp>

#include <algorithm>

using namespace brewline;
using namespace brewline::http;

namespace {

std::string headerOf(const Response &response, const std::string &name)
{
    const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                    [&](const auto &header) { return header.first == name; });
    return found == response.headers.end() ? std::string() : found->second;
}

} // namespace

class tst_Problem : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyErrorHasAStatusAndATitle()
    {
        for (int i = 0; i <= static_cast<int>(ErrorCode::Unreachable); ++i) {
            const ProblemKind kind = problemKind(static_cast<ErrorCode>(i));
            QVERIFY(kind.status >= 400 && kind.status < 600);
            QVERIFY(!kind.title.empty());
        }
    }

    void aProblemCarriesTheMembersOfRfc9457()
    {
        const Response response = problem({ErrorCode::InvalidField, "The name is \"too\" long.", "/name"});
        QCOMPARE(response.status, 422);
        QCOMPARE(response.contentType, std::string("application/problem+json"));
        const auto body = boost::json::parse(response.body).as_object();
        QVERIFY(body.at("type") == "urn:brewline:problem:invalid-field");
        QVERIFY(body.at("title") == "A value is not valid");
        QVERIFY(body.at("status") == 422);
        QVERIFY(body.at("detail") == "The name is \"too\" long.");
        QVERIFY(body.at("pointer") == "/name");
    }

    void aProblemWithoutAFieldHasNoPointer()
    {
        const Response response = problem({ErrorCode::NotFound, "No such order."});
        QVERIFY(!boost::json::parse(response.body).as_object().contains("pointer"));
    }

    void furtherMembersAreAddedAndReplaceNone()
    {
        const Response response =
            problem({ErrorCode::OrderAlreadyOpen, "One is open."}, {{"order", "0199"}, {"status", 200}});
        const auto body = boost::json::parse(response.body).as_object();
        QVERIFY(body.at("order") == "0199");
        QVERIFY(body.at("status") == 409);
    }

    void aMissingTokenNamesTheScheme()
    {
        QCOMPARE(headerOf(problem({ErrorCode::Unauthenticated, {}}), "WWW-Authenticate"), std::string("Bearer"));
        QCOMPARE(headerOf(problem({ErrorCode::TokenExpired, {}}), "WWW-Authenticate"), std::string("Bearer"));
        QCOMPARE(headerOf(problem({ErrorCode::Forbidden, {}}), "WWW-Authenticate"), std::string());
    }

    void whatPassesByItselfSaysWhenToTryAgain()
    {
        QCOMPARE(headerOf(problem({ErrorCode::TooManyRequests, {}}, {}, Seconds(7)), "Retry-After"), std::string("7"));
        QCOMPARE(headerOf(problem({ErrorCode::Busy, {}}), "Retry-After"), std::string("1"));
        QCOMPARE(headerOf(problem({ErrorCode::NotFound, {}}), "Retry-After"), std::string());
    }
};

QTEST_GUILESS_MAIN(tst_Problem)
#include "tst_problem.moc"
